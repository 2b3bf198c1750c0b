package landfall_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// Tally counts deposits: a document that stays small, however many there are.
type Tally struct{ N, Sum int }

func (c *Tally) Deposited(e Deposited, _ landfall.Metadata) { c.N, c.Sum = c.N+1, c.Sum+e.Amount }

func tally() landfall.Part { return landfall.Project("Tally", landfall.On((*Tally).Deposited)) }

// fill writes n deposits to the log, over some accounts, without a host.
func fill(t testing.TB, s store.Store, n int) {
	t.Helper()
	log, err := s.Log(ctx, "Bank")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for i := 0; i < n; {
		a := store.Append{Stream: "Account/" + string(account(i%7)), Expected: store.AnyVersion}
		command := store.NewCommandID(now)
		for j := 0; j < 1000 && i < n; j++ {
			a.Records = append(a.Records, store.Record{ID: store.EventID(command, j), Type: "Deposited", Time: now, Correlation: command, Data: []byte(`{"Amount":1}`)})
			i++
		}
		if _, err := log.Append(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReadersSeeACompleteViewWhileItIsRebuilt, and commands go on.
func TestReadersSeeACompleteViewWhileItIsRebuilt(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		fill(t, db, 9_000)
		h := open(t, db, bank(tally()))
		h.Start()
		settle(t, h)
		v := view[Tally](t, h, "Tally")
		var stop atomic.Bool
		var others sync.WaitGroup
		written := 0
		others.Go(func() { // a writer that reads what it wrote
			for ; !stop.Load(); written++ {
				r := do(t, h, "mine", Deposit{1})
				if err := v.WaitFor(ctx, r.Position()); err != nil {
					t.Error(err)
					return
				}
				if d, err := v.Get(ctx, "mine"); err != nil || d.N != written+1 {
					t.Errorf("after deposit %d: %+v, %v", written+1, d, err)
					return
				}
			}
		})
		others.Go(func() { // a reader who never sees less than there was
			for !stop.Load() {
				sum := 0
				for d, err := range v.All(ctx, "account-") {
					if err != nil {
						t.Error(err)
						return
					}
					sum += d.Document.N
				}
				if sum != 9_000 {
					t.Errorf("the view shows %d of 9000 events", sum)
					return
				}
			}
		})
		for range 3 {
			if err := h.Rebuild(ctx, "Bank.Tally", nil); err != nil {
				t.Error(err)
			}
		}
		stop.Store(true)
		others.Wait()
		settle(t, h)
		if d := documents[Tally](t, h, "Tally")["mine"]; d.N != written {
			t.Errorf("%d deposits show, %d were made", d.N, written)
		}
		if n, _ := h.Generation("Tally"); n != 4 {
			t.Errorf("generation %d, want 4", n)
		}
		for _, collection := range []string{"view/Tally@1", "view/Tally@2", "view/Tally@3"} {
			if n := stored(t, db, "Bank", collection); n != 0 {
				t.Errorf("%d documents are left in %s", n, collection)
			}
		}
	})
}

// stored counts the documents of a collection.
func stored(t testing.TB, s store.Store, module, collection string) int {
	t.Helper()
	log, err := s.Log(ctx, module)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := log.List(ctx, collection, store.Query{Limit: store.MaxList})
	if err != nil {
		t.Fatal(err)
	}
	return len(docs)
}

func TestRebuildTellsItsProgress(t *testing.T) {
	s := memory.New()
	fill(t, s, 9_000)
	h := open(t, s, bank(tally()))
	var steps []landfall.Progress
	if err := h.Rebuild(ctx, "Tally", func(p landfall.Progress) { steps = append(steps, p) }); err != nil {
		t.Fatal(err)
	}
	if len(steps) < 2 {
		t.Errorf("%d reports, which tell little: %+v", len(steps), steps)
	}
	var last uint64
	for _, p := range steps {
		if p.Projection != "Bank.Tally" || p.Total != 9_000 || p.Done <= last {
			t.Errorf("after %d came %+v", last, p)
		}
		last = p.Done
	}
	if last != 9_000 {
		t.Errorf("it ended at %d", last)
	}
}

// TestAnInterruptedRebuildStartsOver, and the old view stays in use.
func TestAnInterruptedRebuildStartsOver(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		fill(t, db, 9_000)
		h := open(t, db, bank(tally()))
		settle(t, h)
		before := documents[Tally](t, h, "Tally")
		interrupted, cancel := context.WithCancel(ctx)
		err := h.Rebuild(interrupted, "Tally", func(landfall.Progress) { cancel() })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if n, _ := h.Generation("Tally"); n != 1 {
			t.Errorf("generation %d is in use", n)
		}
		if d := cmp.Diff(before, documents[Tally](t, h, "Tally")); d != "" {
			t.Errorf("the old view changed\n%s", d)
		}
		shut(t, h)
		db.reopen(t)
		h = open(t, db, bank(tally()))
		do(t, h, account(0), Deposit{1})
		if err := h.Rebuild(ctx, "Tally", nil); err != nil {
			t.Fatal(err)
		}
		before[string(account(0))] = Tally{before[string(account(0))].N + 1, before[string(account(0))].Sum + 1}
		if d := cmp.Diff(before, documents[Tally](t, h, "Tally")); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
	})
}

// TestAKilledRebuild: wherever the store dies, the view is complete afterwards,
// and the next rebuild is right.
func TestAKilledRebuild(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := memory.New()
		h := open(t, s, bank(statements()))
		for n := range rapid.IntRange(1, 20).Draw(r, "deposits") {
			do(t, h, account(n%3), Deposit{n + 1})
		}
		settle(t, h)
		if err := h.Close(); err != nil {
			r.Fatal(err)
		}
		tap := mortal(s, rapid.IntRange(0, 8).Draw(r, "writes"), rapid.Bool().Draw(r, "before"))
		if h, err := landfall.Open(ctx, landfall.Config{Store: tap, Modules: []landfall.Module{bank(statements())}, Logger: quiet}); err == nil {
			_ = h.Rebuild(ctx, "Statements", nil)
			_ = h.Close()
		}
		h = open(t, s, bank(statements()))
		if d := cmp.Diff(folded(t, s), documents[Statement](t, h, "Statements")); d != "" {
			r.Fatalf("after the kill (-fold +view)\n%s", d)
		}
		do(t, h, account(1), Deposit{99})
		if err := h.Rebuild(ctx, "Statements", nil); err != nil {
			r.Fatal(err)
		}
		if d := cmp.Diff(folded(t, s), documents[Statement](t, h, "Statements")); d != "" {
			r.Fatalf("rebuilt (-fold +view)\n%s", d)
		}
		if err := h.Close(); err != nil {
			r.Fatal(err)
		}
	})
}

// TestAChangedProjectionIsRebuiltByItself: another shape of its documents, or
// another set of events.
func TestAChangedProjectionIsRebuiltByItself(t *testing.T) {
	type Wide struct{ Deposits, Withdrawals int }
	wide := landfall.Project("Tally",
		landfall.On(func(w *Wide, e Deposited, _ landfall.Metadata) { w.Deposits += e.Amount }),
		landfall.On(func(w *Wide, e Withdrawn, _ landfall.Metadata) { w.Withdrawals += e.Amount }))
	for _, started := range []bool{false, true} {
		onEachStore(t, func(t *testing.T, db *database) {
			h := open(t, db, bank(tally()))
			do(t, h, "a", Deposit{5})
			do(t, h, "a", Withdraw{2})
			settle(t, h)
			shut(t, h)
			db.reopen(t)
			h = open(t, db, bank(wide))
			if started {
				h.Start()
				for n, _ := h.Generation("Tally"); n == 1; n, _ = h.Generation("Tally") {
					time.Sleep(time.Millisecond)
				}
			}
			do(t, h, "a", Deposit{10})
			settle(t, h)
			if d := cmp.Diff(map[string]Wide{"a": {15, 2}}, documents[Wide](t, h, "Tally")); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
			shut(t, h)
			db.reopen(t)
			h = open(t, db, bank(wide))
			settle(t, h)
			if n, _ := h.Generation("Tally"); n != 2 {
				t.Errorf("it was rebuilt to generation %d, want 2", n)
			}
		})
	}
}

// TestANewProjectionShowsAllThatHappened before it was wired.
func TestANewProjectionShowsAllThatHappened(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		fill(t, db, 5000)
		h := open(t, db, bank(tally(), statements()))
		settle(t, h)
		sameStatements(t, db, h)
	})
}

// TestRebuildsAndSettlingAtOnce do not disturb each other.
func TestRebuildsAndSettlingAtOnce(t *testing.T) {
	s := memory.New()
	h := open(t, s, bank(statements()))
	var work sync.WaitGroup
	work.Go(func() {
		for n := range 100 {
			do(t, h, account(n%3), Deposit{n + 1})
			settle(t, h)
		}
	})
	for range 2 {
		work.Go(func() {
			for range 20 {
				if err := h.Rebuild(ctx, "Statements", nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	settle(t, h)
	sameStatements(t, s, h)
}

// TestADeadLetterIsFoundAgainByARebuild, or is gone when its cause is.
func TestADeadLetterIsFoundAgainByARebuild(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var broken atomic.Bool
		broken.Store(true)
		picky := landfall.Project("Picky", landfall.On(func(c *Tally, e Deposited, _ landfall.Metadata) {
			if broken.Load() && e.Amount == 13 {
				panic("bad luck")
			}
			c.N++
		}))
		h := open(t, memory.New(), bank(picky))
		defer shut(t, h)
		for _, amount := range []int{1, 13, 2} {
			do(t, h, "a", Deposit{amount})
			do(t, h, "b", Deposit{1})
		}
		settle(t, h)
		for _, mended := range []bool{false, true} {
			broken.Store(!mended)
			if err := h.Rebuild(ctx, "Picky", nil); err != nil {
				t.Fatal(err)
			}
			settle(t, h)
			want := map[string]Tally{"a": {N: 1}, "b": {N: 3}}
			if mended {
				want["a"] = Tally{N: 3}
			}
			if d := cmp.Diff(want, documents[Tally](t, h, "Picky")); d != "" {
				t.Errorf("mended=%v (-want +got)\n%s", mended, d)
			}
			if n := len(h.DeadLetters()); n != map[bool]int{false: 1, true: 0}[mended] {
				t.Errorf("mended=%v: %d dead letters", mended, n)
			}
		}
	})
}

func TestRebuildNeedsAProjection(t *testing.T) {
	h := open(t, memory.New(), bank(thanks()))
	if err := h.Rebuild(ctx, "ThankPolicy", nil); !errors.Is(err, landfall.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid", err)
	}
	if _, err := h.Generation("Nothing"); !errors.Is(err, landfall.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid", err)
	}
}

// TestManyDocuments goes beyond what a projection keeps in memory.
func TestManyDocuments(t *testing.T) {
	s := memory.New()
	h := open(t, s, bank(tally()))
	const n = 10_000
	for round := range 2 {
		for i := range n {
			do(t, h, account(i), Deposit{round + 1})
		}
		settle(t, h)
	}
	all := documents[Tally](t, h, "Tally")
	for i := range n {
		if d := all[string(account(i))]; d.N != 2 || d.Sum != 3 {
			t.Fatalf("%s: %+v", account(i), d)
		}
	}
	if len(all) != n {
		t.Errorf("%d documents, want %d", len(all), n)
	}
}
