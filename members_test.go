package landfall_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// shared is a store that several hosts have open, as processes have a database
// server.
type shared struct{ *tapped }

func (shared) Shared() bool { return true }

// instance is one of several hosts of a module, with its own way to the store.
type instance struct {
	*landfall.Host
	projects notebook
	answers  notebook
	dead     atomic.Bool
	pause    atomic.Pointer[chan struct{}] // what every commit waits for
}

func startInstance(t testing.TB, s store.Store, parts ...landfall.Part) *instance {
	t.Helper()
	i := &instance{}
	tap := &tapped{Store: s}
	tap.append = func(store.Append) error { return i.killed() }
	tap.commit = func(store.Changes) error { return i.reach() }
	around := func(ctx context.Context, op landfall.Operation) (context.Context, func(error)) {
		switch op.Kind {
		case landfall.OpProject:
			i.projects.note(op.Name)
		case landfall.OpPolicy:
			i.answers.note(op.Name)
		}
		return ctx, func(error) {}
	}
	i.Host = openWith(t, landfall.Config{Store: shared{tap}, Modules: []landfall.Module{bank(parts...)}, Hooks: landfall.Hooks{Around: around}})
	i.Start()
	return i
}

// die cuts the instance off from the store, as a kill or a partition does.
func (i *instance) die() { i.dead.Store(true) }

// reach is the way of commits to the store.
func (i *instance) reach() error {
	if paused := i.pause.Load(); paused != nil {
		<-*paused
	}
	return i.killed()
}

func (i *instance) killed() error {
	if i.dead.Load() {
		return errKilled
	}
	return nil
}

// manyParts are projections and policies enough for several instances.
func manyParts() (parts []landfall.Part) {
	for n := range 8 {
		parts = append(parts, landfall.Project(fmt.Sprintf("Statements%d", n), landfall.On((*Statement).Deposited), landfall.On((*Statement).Withdrawn)))
	}
	return append(parts, thanks())
}

// TestInstancesShareTheWork, each consumer being one instance's, and another
// takes over within seconds when one dies.
func TestInstancesShareTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		one, two := startInstance(t, s, manyParts()...), startInstance(t, s, manyParts()...)
		defer one.Close()
		defer two.Close()
		time.Sleep(10 * time.Second)
		for n := range 50 {
			do(t, one.Host, account(n%5), Deposit{n + 1})
			do(t, two.Host, account(n%5), Deposit{n + 1})
		}
		settle(t, one.Host)
		time.Sleep(time.Second)
		for n := range 8 {
			name := fmt.Sprintf("Statements%d", n)
			mine, other := holdsName(one.projects.all(), name), holdsName(two.projects.all(), name)
			if mine == other {
				t.Errorf("%s: folded by one %v, by the other %v", name, mine, other)
			}
		}
		if got := count(t, s, "Bank", "Thanked"); got != 100 {
			t.Errorf("thanked %d times, want 100", got)
		}
		one.die()
		died := time.Now()
		var last uint64
		for n := range 20 {
			last = do(t, two.Host, account(n%5), Deposit{n + 1}).Position()
		}
		for n := range 8 {
			v := view[Statement](t, two.Host, fmt.Sprintf("Statements%d", n))
			if err := v.WaitFor(ctx, last); err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(died); took > 5*time.Second {
			t.Errorf("it took %v until the other had taken over", took)
		}
		eventually(t, "all is thanked for", func() bool { return count(t, s, "Bank", "Thanked") == 120 })
		for n := range 8 {
			if d := cmp.Diff(folded(t, s), documents[Statement](t, two.Host, fmt.Sprintf("Statements%d", n))); d != "" {
				t.Errorf("Statements%d is not a fold of the log (-fold +view)\n%s", n, d)
			}
		}
	})
}

func holdsName(lines []string, name string) bool {
	for _, line := range lines {
		if line == name {
			return true
		}
	}
	return false
}

// TestOneInstanceWakesUpAfterItsLease has moved: what it does then has no effect.
func TestOneInstanceWakesUpAfterItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		one := startInstance(t, s, statements(), thanks())
		defer one.Close()
		time.Sleep(10 * time.Second)
		paused := make(chan struct{})
		one.pause.Store(&paused)
		do(t, one.Host, "a", Deposit{1})
		time.Sleep(time.Second)
		two := startInstance(t, s, statements(), thanks())
		defer two.Close()
		time.Sleep(10 * time.Second)
		do(t, two.Host, "a", Deposit{2})
		if err := view[Statement](t, two.Host, "Statements").WaitFor(ctx, 2); err != nil {
			t.Fatal(err)
		}
		close(paused)
		do(t, two.Host, "a", Deposit{3})
		time.Sleep(20 * time.Second)
		if got := count(t, s, "Bank", "Thanked"); got != 3 {
			t.Errorf("thanked %d times, want 3", got)
		}
		if d := cmp.Diff(folded(t, s), documents[Statement](t, one.Host, "Statements")); d != "" {
			t.Errorf("the view is not a fold of the log (-fold +view)\n%s", d)
		}
	})
}

// TestARebuildOfOneInstanceIsSeenByAll.
func TestARebuildOfOneInstanceIsSeenByAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		one, two := startInstance(t, s, statements()), startInstance(t, s, statements())
		defer one.Close()
		defer two.Close()
		do(t, one.Host, "a", Deposit{1})
		time.Sleep(10 * time.Second)
		if err := one.Rebuild(ctx, "Statements", nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		result := do(t, two.Host, "a", Deposit{2})
		for name, h := range map[string]*landfall.Host{"one": one.Host, "two": two.Host} {
			v := view[Statement](t, h, "Statements")
			if err := v.WaitFor(ctx, result.Position()); err != nil {
				t.Fatal(err)
			}
			if d, err := v.Get(ctx, "a"); err != nil || d.Balance != 3 {
				t.Errorf("%s sees %+v, %v", name, d, err)
			}
			if g, err := h.Generation("Statements"); g != 2 || err != nil {
				t.Errorf("%s is at generation %d, %v", name, g, err)
			}
		}
	})
}

// TestWatchingWhatAnotherInstanceRuns: a watcher sees changes wherever they are
// folded.
func TestWatchingWhatAnotherInstanceRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		one, two := startInstance(t, s, manyParts()...), startInstance(t, s, manyParts()...)
		defer one.Close()
		defer two.Close()
		time.Sleep(10 * time.Second)
		watching, stop := context.WithCancel(ctx)
		var seen [2]notebook
		for n := range 8 {
			for i, h := range []*landfall.Host{one.Host, two.Host} {
				changes := view[Statement](t, h, fmt.Sprintf("Statements%d", n)).Watch(watching, "account-")
				go func() {
					for change, err := range changes {
						if err == nil {
							seen[i].note(fmt.Sprintf("%d %s %d", n, change.Key, change.Document.Balance))
						}
					}
				}()
			}
		}
		time.Sleep(time.Second)
		do(t, one.Host, account(1), Deposit{5})
		time.Sleep(time.Second)
		do(t, two.Host, account(2), Deposit{7})
		time.Sleep(time.Second)
		for i := range seen {
			for n := range 8 {
				for _, want := range []string{fmt.Sprintf("%d account-1 5", n), fmt.Sprintf("%d account-2 7", n)} {
					if !holdsName(seen[i].all(), want) {
						t.Errorf("instance %d did not see %q", i, want)
					}
				}
			}
			if got := len(seen[i].all()); got > 16 {
				t.Errorf("instance %d saw %d changes, want 16: each once", i, got)
			}
		}
		stop()
	})
}
