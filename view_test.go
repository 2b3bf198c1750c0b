package landfall_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

func TestGetAndList(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		h := open(t, db, bank(statements()))
		for _, id := range []landfall.AggregateID{"b/2", "a/1", "b/1", "b/3", "c", "b"} {
			do(t, h, id, Deposit{1})
		}
		settle(t, h)
		v := view[Statement](t, h, "Statements")
		if d, err := v.Get(ctx, "b/2"); err != nil || d.Balance != 1 {
			t.Errorf("%+v, %v", d, err)
		}
		if _, err := v.Get(ctx, "nobody"); !errors.Is(err, landfall.ErrNotFound) || !strings.Contains(err.Error(), `Statements "nobody"`) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
		keys := func(prefix, after string, limit int) string {
			page, err := v.List(ctx, prefix, after, limit)
			if err != nil {
				return err.Error()
			}
			var keys []string
			for _, d := range page {
				if d.Document.Balance != 1 || d.Removed {
					t.Errorf("%+v", d)
				}
				keys = append(keys, d.Key)
			}
			return strings.Join(keys, " ")
		}
		for _, test := range []struct {
			prefix, after string
			limit         int
			want          string
		}{
			{"", "", 100, "a/1 b b/1 b/2 b/3 c"},
			{"", "", 2, "a/1 b"},
			{"", "b", 2, "b/1 b/2"},
			{"", "b/2", 2, "b/3 c"},
			{"", "c", 2, ""},
			{"b/", "", 2, "b/1 b/2"},
			{"b/", "b/2", 2, "b/3"},
			{"b/", "a", 1, "b/1"},
			{"z", "", 1, ""},
		} {
			if got := keys(test.prefix, test.after, test.limit); got != test.want {
				t.Errorf("List(%q, %q, %d) has %q, want %q", test.prefix, test.after, test.limit, got, test.want)
			}
		}
		for _, limit := range []int{0, -1, 10_001} {
			if _, err := v.List(ctx, "", "", limit); !errors.Is(err, landfall.ErrInvalid) {
				t.Errorf("limit %d: %v, want ErrInvalid", limit, err)
			}
		}
	})
}

// TestAllGoesThroughManyPages, and stops when it is told.
func TestAllGoesThroughManyPages(t *testing.T) {
	h := open(t, memory.New(), bank(statements()))
	const n = 1203
	for i := range n {
		do(t, h, landfall.AggregateID(fmt.Sprintf("k-%05d", i)), Deposit{i + 1})
	}
	settle(t, h)
	v := view[Statement](t, h, "Statements")
	i := 0
	for d, err := range v.All(ctx, "k-") {
		if err != nil || d.Key != fmt.Sprintf("k-%05d", i) || d.Document.Balance != i+1 {
			t.Fatalf("document %d is %+v, %v", i, d, err)
		}
		i++
	}
	if i != n {
		t.Errorf("%d documents, want %d", i, n)
	}
	i = 0
	for range v.All(ctx, "k-0000") {
		if i++; i == 3 {
			break
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	for _, err := range v.All(cancelled, "") {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
}

// TestWaitForReadsWhatWasWritten, with and without background work.
func TestWaitForReadsWhatWasWritten(t *testing.T) {
	for _, started := range []bool{false, true} {
		onEachStore(t, func(t *testing.T, db *database) {
			h := open(t, db, bank(statements(), thanks()))
			if started {
				h.Start()
			}
			v := view[Statement](t, h, "Statements")
			for n := range 50 {
				r := do(t, h, "a", Deposit{1})
				if err := v.WaitFor(ctx, r.Position()); err != nil {
					t.Fatal(err)
				}
				if d, err := v.Get(ctx, "a"); err != nil || d.Balance != n+1 {
					t.Fatalf("after deposit %d: %+v, %v", n+1, d, err)
				}
			}
		})
	}
}

func TestWaitForMoreThanThereIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, memory.New(), bank(statements()))
		defer shut(t, h)
		v := view[Statement](t, h, "Statements")
		if err := v.WaitFor(ctx, 0); err != nil {
			t.Error(err)
		}
		if err := v.WaitFor(ctx, 1); !errors.Is(err, landfall.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
		h.Start() // somebody may write it yet
		within, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := v.WaitFor(within, 1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the context's error", err)
		}
		go func() {
			time.Sleep(time.Second)
			do(t, h, "a", Deposit{1})
		}()
		if err := v.WaitFor(ctx, 1); err != nil {
			t.Error(err)
		}
	})
}

// TestWaitForEndsWithTheHost.
func TestWaitForEndsWithTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, memory.New(), bank(statements()))
		h.Start()
		v := view[Statement](t, h, "Statements")
		done := make(chan error)
		go func() { done <- v.WaitFor(ctx, 1) }()
		synctest.Wait()
		shut(t, h)
		if err := <-done; !errors.Is(err, landfall.ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	})
}

// watching gathers what a watcher yields.
type watching struct {
	notebook
	done chan error
}

func watch(ctx context.Context, v landfall.View[Statement], prefix string, each func()) *watching {
	w := &watching{done: make(chan error, 1)}
	changes := v.Watch(ctx, prefix)
	go func() {
		for d, err := range changes {
			if err != nil {
				w.done <- err
				return
			}
			if d.Removed {
				w.note(d.Key + " removed")
			} else {
				w.note(fmt.Sprint(d.Key, " ", d.Document.Balance))
			}
			each()
		}
		w.done <- nil
	}()
	return w
}

func TestWatchYieldsChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		closing := landfall.Project("Statements",
			landfall.On((*Statement).Deposited),
			landfall.Removes(func(_ Withdrawn, m landfall.Metadata) string { return string(m.Aggregate) }))
		h := open(t, memory.New(), bank(closing))
		defer shut(t, h)
		h.Start()
		do(t, h, "a1", Deposit{1}) // before
		settle(t, h)
		v := view[Statement](t, h, "Statements")
		watched, cancel := context.WithCancel(ctx)
		w := watch(watched, v, "a", func() {})
		for _, step := range []struct {
			id landfall.AggregateID
			c  landfall.Command
		}{{"a1", Deposit{2}}, {"b1", Deposit{3}}, {"a2", Deposit{4}}, {"a1", Withdraw{1}}, {"a1", Deposit{5}}} {
			do(t, h, step.id, step.c)
			time.Sleep(time.Second)
		}
		want := []string{"a1 3", "a2 4", "a1 removed", "a1 5"}
		if d := cmp.Diff(want, w.all()); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		cancel()
		if err := <-w.done; !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	})
}

// TestASlowWatcherSeesFewerSteps, and the last of them.
func TestASlowWatcherSeesFewerSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, memory.New(), bank(statements()))
		defer shut(t, h)
		h.Start()
		watched, cancel := context.WithCancel(ctx)
		w := watch(watched, view[Statement](t, h, "Statements"), "", func() { time.Sleep(time.Minute) })
		for range 1000 {
			do(t, h, "a", Deposit{1})
			time.Sleep(time.Second)
		}
		time.Sleep(time.Hour)
		got := w.all()
		if len(got) > 1000/60+2 || got[len(got)-1] != "a 1000" {
			t.Errorf("%d steps, the last is %q", len(got), got[len(got)-1])
		}
		cancel()
		<-w.done
	})
}

// TestWatchMissesNothing between the call and the first step, with many
// watchers and writers at once.
func TestWatchMissesNothing(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		h := open(t, db, bank(statements()))
		h.Start()
		v := view[Statement](t, h, "Statements")
		watched, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		var watchers sync.WaitGroup
		for range 4 {
			changes := v.Watch(watched, "") // from now on
			watchers.Go(func() {
				full := map[string]bool{}
				for d, err := range changes {
					if err != nil {
						t.Errorf("after %v: %v", full, err)
						return
					}
					if d.Document.Balance == 25 {
						full[d.Key] = true
					}
					if len(full) == 4 {
						return
					}
				}
			})
		}
		var writers sync.WaitGroup
		for a := range 4 {
			writers.Go(func() {
				for range 25 {
					do(t, h, account(a), Deposit{1})
				}
			})
		}
		writers.Wait()
		watchers.Wait()
	})
}

func TestWatchEndsWithTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, memory.New(), bank(statements()))
		h.Start()
		w := watch(ctx, view[Statement](t, h, "Statements"), "", func() {})
		synctest.Wait()
		shut(t, h)
		if err := <-w.done; !errors.Is(err, landfall.ErrClosed) {
			t.Errorf("it ended with %v", err)
		}
	})
}

// TestWatchAfterARebuildShowsAll.
func TestWatchAfterARebuildShowsAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, memory.New(), bank(statements()))
		defer shut(t, h)
		h.Start()
		do(t, h, "a", Deposit{1})
		do(t, h, "b", Deposit{2})
		settle(t, h)
		watched, cancel := context.WithCancel(ctx)
		w := watch(watched, view[Statement](t, h, "Statements"), "", func() {})
		if err := h.Rebuild(ctx, "Statements", nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if d := cmp.Diff([]string{"a 1", "b 2"}, w.all()); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		cancel()
		<-w.done
	})
}

func TestViewOfChecksNameAndType(t *testing.T) {
	other := landfall.NewModule("Other",
		landfall.Handle(nothing[otherAccount, Post], landfall.Emits(Posted{})),
		landfall.Project("Statements", landfall.On(still[Statement, Posted])),
		landfall.ProjectInto("Own", noTables{}, landfall.Hears(Posted{})))
	h := open(t, memory.New(), bank(statements(), customers()), other)
	if _, err := landfall.ViewOf[Statement](h, "Bank.Statements"); err != nil {
		t.Error(err)
	}
	if _, err := landfall.ViewOf[Customer](h, "Customers"); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{
		"Statements":      "several modules have a projection Statements; put the module's name and a dot before it",
		"Nothing":         "there is no projection Nothing",
		"Bank.Nothing":    "there is no projection Bank.Nothing",
		"Mail.Statements": "there is no projection Mail.Statements",
		"Customers":       "projection Customers has documents of type landfall_test.Customer, not landfall_test.Statement",
		"Own":             "projection Own has tables of its own, and no documents",
	} {
		_, err := landfall.ViewOf[Statement](h, name)
		if !errors.Is(err, landfall.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
	if d := cmp.Diff([]string{"Bank.Statements", "Bank.Customers", "Other.Statements", "Other.Own"}, h.Projections()); d != "" {
		t.Error(d)
	}
}

// TestAWatcherThatIsFarBehindIsShownAll: what it gathers is bounded. (Promise 7.)
func TestAWatcherThatIsFarBehindIsShownAll(t *testing.T) {
	h := open(t, memory.New(), bank(tally()))
	watched, cancel := context.WithCancel(ctx)
	defer cancel()
	changes := view[Tally](t, h, "Tally").Watch(watched, "")
	const n = 10_500
	for i := range n {
		do(t, h, account(i), Deposit{1})
	}
	settle(t, h)
	seen := map[string]bool{}
	for d, err := range changes {
		if err != nil {
			t.Fatal(err)
		}
		if seen[d.Key] = true; len(seen) == n {
			return
		}
	}
}
