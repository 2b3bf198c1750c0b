package landfall_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
	"github.com/landfall-go/landfall/transport/inprocess"
)

// copied returns a store with the first records of a module's log, as a backup
// has them; its documents are made anew.
func copied(t testing.TB, from store.Store, module string, first int) store.Store {
	t.Helper()
	to := memory.New()
	log, err := to.Log(ctx, module)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range allRecords(t, from, module)[:first] {
		if _, err := log.Append(ctx, store.Append{Stream: r.Stream, Expected: store.AnyVersion, Records: []store.Record{r}}); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// TestASourceRestoredFromAnOlderBackup counts under numbers again that its
// receiver has had. What it says then is heard all the same, whether the road
// carries it or loses it.
func TestASourceRestoredFromAnOlderBackup(t *testing.T) {
	for _, lost := range []bool{false, true} {
		t.Run(map[bool]string{false: "carried", true: "lost"}[lost], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bus := inprocess.New()
				here, there := memory.New(), memory.New()
				b := start(t, bus, here, openBank())
				start(t, bus, there, audit())
				for i := range 5 {
					do(t, b.Host, "a", Deposit{i + 1})
				}
				eventually(t, "all were checked", func() bool { return count(t, there, "Audit", "Checked") == 5 })
				b.stop()
				here = copied(t, here, "Bank", 3).(*memory.Store)
				leaky := &lossy{Transport: bus.Connect()}
				leaky.loses.Store(lost)
				b = startWith(t, leaky, landfall.Config{Store: here, Modules: []landfall.Module{openBank()}})
				for i := range 4 {
					do(t, b.Host, "a", Deposit{i + 21})
				}
				if lost {
					eventually(t, "all got lost", func() bool { return leaky.lost.Load() == 7 })
				}
				leaky.loses.Store(false)
				eventually(t, "the new ones were checked", func() bool { return count(t, there, "Audit", "Checked") == 9 })
				var heard []string
				for _, r := range allRecords(t, there, "Audit") {
					if r.Type == "@Bank.Deposited" {
						heard = append(heard, string(r.Data))
					}
				}
				want := []string{`{"Amount":1}`, `{"Amount":2}`, `{"Amount":3}`, `{"Amount":4}`, `{"Amount":5}`, `{"Amount":21}`, `{"Amount":22}`, `{"Amount":23}`, `{"Amount":24}`}
				if d := cmp.Diff(want, heard); d != "" {
					t.Errorf("heard (-want +got)\n%s", d)
				}
			})
		})
	}
}

// TestAReceiverRestoredFromAnOlderBackup hears again what it has lost, once.
func TestAReceiverRestoredFromAnOlderBackup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		here, there := memory.New(), memory.New()
		b := start(t, bus, here, openBank())
		a := start(t, bus, there, audit())
		for i := range 5 {
			do(t, b.Host, "a", Deposit{i + 1})
		}
		eventually(t, "all were checked", func() bool { return count(t, there, "Audit", "Checked") == 5 })
		a.stop()
		there = copied(t, there, "Audit", 4).(*memory.Store)
		start(t, bus, there, audit())
		eventually(t, "all were checked again", func() bool { return count(t, there, "Audit", "Checked") == 5 })
		if n := len(allRecords(t, there, "Audit")); n != 10 {
			t.Errorf("%d records, want 5 that were heard and 5 that were checked", n)
		}
	})
}

// TestASourceRestoredOfWhichOneIsLost: the first message under a number that came
// before is lost, and the next one shows that the log is another.
func TestASourceRestoredOfWhichOneIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		here, there := memory.New(), memory.New()
		b := start(t, bus, here, openBank())
		start(t, bus, there, audit())
		for i := range 5 {
			do(t, b.Host, "a", Deposit{i + 1})
		}
		eventually(t, "all were checked", func() bool { return count(t, there, "Audit", "Checked") == 5 })
		b.stop()
		leaky := &lossy{Transport: bus.Connect()}
		leaky.loses.Store(true)
		b = startWith(t, leaky, landfall.Config{Store: copied(t, here, "Bank", 3), Modules: []landfall.Module{openBank()}})
		do(t, b.Host, "a", Deposit{21})
		eventually(t, "it got lost", func() bool { return leaky.lost.Load() == 4 })
		leaky.loses.Store(false)
		do(t, b.Host, "a", Deposit{22})
		eventually(t, "both were checked", func() bool { return count(t, there, "Audit", "Checked") == 7 })
	})
}

// TestWhatWasOnTheRoadBeforeARestore is heard when it comes before the receiver
// has asked, and else left out. Either way it holds nothing up.
func TestWhatWasOnTheRoadBeforeARestore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		here, there := memory.New(), memory.New()
		b := start(t, bus, here, openBank())
		a := start(t, bus, there, audit())
		do(t, b.Host, "a", Deposit{1})
		eventually(t, "the first was checked", func() bool { return count(t, there, "Audit", "Checked") == 1 })
		a.stop()
		for i := range 3 {
			do(t, b.Host, "a", Deposit{i + 2}) // the bus keeps them
		}
		time.Sleep(time.Second)
		b.stop()
		b = start(t, bus, copied(t, here, "Bank", 1), openBank())
		do(t, b.Host, "a", Deposit{21})
		do(t, b.Host, "a", Deposit{22})
		time.Sleep(time.Second)
		start(t, bus, there, audit())
		do(t, b.Host, "a", Deposit{23})
		time.Sleep(time.Minute)
		heard := map[string]int{}
		for _, r := range allRecords(t, there, "Audit") {
			if r.Type == "@Bank.Deposited" {
				heard[string(r.Data)]++
			}
		}
		want := map[string]int{`{"Amount":1}`: 1, `{"Amount":21}`: 1, `{"Amount":22}`: 1, `{"Amount":23}`: 1}
		if len(heard) > len(want) {
			for _, old := range []string{`{"Amount":2}`, `{"Amount":3}`, `{"Amount":4}`} {
				want[old] = 1
			}
		}
		if d := cmp.Diff(want, heard); d != "" {
			t.Errorf("heard (-want +got)\n%s", d)
		}
	})
}

// TestASourceRestoredWhileAReceiverIsDown: its log has grown past what was heard
// before anybody looks, and the last thing that the receiver knows of it was not
// for this receiver.
func TestASourceRestoredWhileAReceiverIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		here, there := memory.New(), memory.New()
		b := start(t, bus, here, openBank())
		a := start(t, bus, there, audit())
		for i := range 5 {
			do(t, b.Host, "a", Deposit{i + 1})
		}
		do(t, b.Host, "a", Withdraw{1}) // is not published
		eventually(t, "all were checked", func() bool { return count(t, there, "Audit", "Checked") == 5 })
		a.stop()
		a = start(t, bus, there, audit())
		time.Sleep(time.Second) // it asks what it has missed
		a.stop()
		b.stop()
		b = start(t, bus, copied(t, here, "Bank", 3), openBank())
		for i := range 6 {
			do(t, b.Host, "a", Deposit{i + 21})
		}
		time.Sleep(time.Second)
		bus.Lose()
		start(t, bus, there, audit())
		eventually(t, "the new ones were checked", func() bool { return count(t, there, "Audit", "Checked") == 11 })
	})
}
