package landfall_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// TestEveryInstanceKnowsDeadLetters, and takes a retry of them, whoever runs
// the consumer; and comes to rest.
func TestEveryInstanceKnowsDeadLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var jammed atomic.Bool
		policy := landfall.When("JamPolicy", func(e Deposited, m landfall.Metadata) []landfall.Command {
			if jammed.Load() {
				panic("jammed")
			}
			return []landfall.Command{Thank{e.Amount}}
		}, landfall.Sends(Thank{}))
		s := memory.New()
		one, other := startInstance(t, s, policy), startInstance(t, s, policy)
		time.Sleep(time.Second)
		for n, by := range []*instance{one, other} {
			jammed.Store(true)
			do(t, one.Host, "a", Deposit{1})
			for _, i := range []*instance{one, other} {
				within, cancel := context.WithTimeout(ctx, 5*time.Minute)
				if err := i.Settle(within); err != nil {
					t.Errorf("with a dead letter: %v", err)
				}
				cancel()
				if letters := i.DeadLetters(); len(letters) != 1 {
					t.Errorf("%d dead letters, want 1", len(letters))
				}
			}
			jammed.Store(false)
			if err := by.Retry(ctx, by.DeadLetters()[0]); err != nil {
				t.Fatal(err)
			}
			eventually(t, "it was answered", func() bool { return count(t, s, "Bank", "Thanked") == n+1 })
			for _, i := range []*instance{one, other} {
				settle(t, i.Host)
				if letters := i.DeadLetters(); len(letters) != 0 {
					t.Errorf("after a retry: %+v", letters)
				}
			}
		}
	})
}

// TestWhoWaitsHearsOfAnotherInstance that has become the one to run a projection
// in the meantime.
func TestWhoWaitsHearsOfAnotherInstance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		one := startInstance(t, s, manyParts()...)
		first := do(t, one.Host, "a", Deposit{1})
		var waited atomic.Int32
		for n := range 8 {
			v := view[Statement](t, one.Host, fmt.Sprintf("Statements%d", n))
			go func() {
				if v.WaitFor(ctx, first.Position()+2) == nil { // the next event, and the policy's answer to the first
					waited.Add(1)
				}
			}()
		}
		time.Sleep(time.Second)
		other := startInstance(t, s, manyParts()...)
		time.Sleep(10 * time.Second)
		do(t, other.Host, "a", Deposit{2})
		eventually(t, "all have heard", func() bool { return waited.Load() == 8 })
	})
}

// TestCloseGivesUpOnADatabaseThatIsGone after the first attempt, and says so.
func TestCloseGivesUpOnADatabaseThatIsGone(t *testing.T) {
	var gone atomic.Bool
	var attempts atomic.Int32
	s := &tapped{Store: memory.New(), commit: func(store.Changes) error {
		if !gone.Load() {
			return nil
		}
		attempts.Add(1)
		return store.ErrUnavailable
	}}
	h := open(t, s, bank(landfall.Publishes(Withdrawn{}), landfall.Project("Withdrawals", landfall.On((*Statement).Withdrawn))))
	do(t, h, "a", Deposit{1}) // which nobody hears, so that all pass it without storing where they stand
	settle(t, h)
	gone.Store(true)
	if err := h.Close(); !errors.Is(err, store.ErrUnavailable) || attempts.Load() != 1 {
		t.Errorf("%d attempts, %v", attempts.Load(), err)
	}
}
