package landfall_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// outcome is what became of a command.
type outcome struct {
	landfall.Result
	err error
}

// crowded has the first message held up in the store until all the others wait for
// the same aggregate, and returns what became of each, in their order. Commits are
// counted in writes.
func crowded(t *testing.T, tap *tapped, h *landfall.Host, messages ...landfall.Message) []outcome {
	t.Helper()
	hold := make(chan struct{})
	var once sync.Once
	tap.append = func(store.Append) error {
		once.Do(func() { <-hold })
		return nil
	}
	out := make([]outcome, len(messages))
	var callers sync.WaitGroup
	for i, m := range messages {
		callers.Go(func() { out[i].Result, out[i].err = h.Dispatch(ctx, m) })
		synctest.Wait() // so that they come in their order
	}
	close(hold)
	callers.Wait()
	return out
}

func deposits(amounts ...int) (all []landfall.Message) {
	for _, a := range amounts {
		all = append(all, landfall.To("joint", Deposit{a}))
	}
	return all
}

// TestCommandsThatWaitShareAWrite has commands wait for an aggregate: they are
// answered in their order, and stored with one write.
func TestCommandsThatWaitShareAWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var writes []int
		tap := &tapped{Store: memory.New(), commit: func(c store.Changes) error {
			writes = append(writes, len(c.Appends))
			return nil
		}}
		h := open(t, tap, bank())
		defer shut(t, h)
		out := crowded(t, tap, h, deposits(1, 2, 3, 4, 5, 6, 7, 8)...)
		for i, o := range out {
			if o.err != nil || o.Repeated || len(o.Events) != 1 || o.Events[0].Version != uint64(i+1) || o.Events[0].Event != (Deposited{i + 1}) {
				t.Errorf("command %d: %+v, %v", i, o.Result, o.err)
			}
		}
		if len(writes) != 1 || writes[0] != 7 {
			t.Errorf("appends of the commits: %v, want one commit with the seven who waited", writes)
		}
		balanceIs(t, h, 36, 8)
	})
}

// TestACrowdOfAllKinds mixes commands that are rejected, that lead to nothing and
// that are repeats among those that wait: each is answered as if it had come alone.
func TestACrowdOfAllKinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tap := &tapped{Store: memory.New()}
		h := open(t, tap, bank())
		defer shut(t, h)
		known := landfall.Message{To: "joint", Command: Deposit{100}, ID: newID()}
		first := send(t, h, known)
		twice := landfall.Message{To: "joint", Command: Withdraw{10}, ID: newID()}
		out := crowded(t, tap, h,
			landfall.To("joint", Deposit{1}),
			landfall.To("joint", Withdraw{60}),
			landfall.To("joint", Withdraw{60}), // more than there is by then
			landfall.To("joint", Withdraw{0}),
			twice,
			known,
			twice,
			landfall.To("joint", Deposit{5}),
		)
		for i, want := range []struct {
			rejected, repeated bool
			events             int
		}{{events: 1}, {events: 1}, {rejected: true}, {}, {events: 1}, {repeated: true, events: 1}, {repeated: true, events: 1}, {events: 1}} {
			o := out[i]
			if errors.Is(o.err, landfall.ErrRejected) != want.rejected || o.err != nil && !want.rejected || o.Repeated != want.repeated || len(o.Events) != want.events {
				t.Errorf("command %d: %+v, %v; want %+v", i, o.Result, o.err, want)
			}
		}
		if out[5].Events[0].ID != first.Events[0].ID {
			t.Error("the repeat has another result than the first")
		}
		balanceIs(t, h, 36, 5)
	})
}

// TestACrowdWhoseWriteFails has the shared write refused, or its answer lost: nobody
// is told of success before it is stored, and nothing is stored twice.
func TestACrowdWhoseWriteFails(t *testing.T) {
	for name, disturb := range map[string]func(*tapped, error){
		"refused":       func(tap *tapped, err error) { tap.commit = func(store.Changes) error { return err } },
		"stored anyhow": func(tap *tapped, err error) { tap.committed = func(store.Changes) error { return err } },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tap := &tapped{Store: memory.New()}
				h := open(t, tap, bank())
				defer shut(t, h)
				disturb(tap, store.ErrUnavailable)
				do(t, h, "joint", Deposit{100})
				out := crowded(t, tap, h, landfall.To("joint", Deposit{1}), landfall.To("joint", Withdraw{60}), landfall.To("joint", Withdraw{30}))
				for i, o := range out {
					if o.err != nil || len(o.Events) != 1 || o.Events[0].Version != uint64(i+2) {
						t.Errorf("command %d: %+v, %v", i, o.Result, o.err)
					}
				}
				balanceIs(t, h, 11, 4)
			})
		})
	}
}

// TestACrowdWithOneThatPanics has one among those who wait panic, in its decision or
// in Apply: the others do not suffer.
func TestACrowdWithOneThatPanics(t *testing.T) {
	for _, how := range []string{"panic", "apply"} {
		t.Run(how, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tap := &tapped{Store: memory.New()}
				h := open(t, tap, landfall.NewModule("Faulty", landfall.Handle(faulty.Misbehave, landfall.Emits(behaved{}, poisonous{}))))
				defer shut(t, h)
				out := crowded(t, tap, h, landfall.To("f", misbehave{"well"}), landfall.To("f", misbehave{"well"}),
					landfall.To("f", misbehave{how}), landfall.To("f", misbehave{"well"}))
				for i, o := range out {
					if panics := o.err != nil && strings.Contains(o.err.Error(), "panicked"); panics != (i == 2) || o.err != nil && i != 2 {
						t.Errorf("command %d: %+v, %v", i, o.Result, o.err)
					}
				}
				if n := len(records(t, tap, "Faulty")); n != 3 {
					t.Errorf("%d events, want 3", n)
				}
			})
		})
	}
}

// TestManyCallersOfOneAggregate races callers for one account on each store. The rule
// holds, and what was acknowledged is stored once, in the order of the versions.
func TestManyCallersOfOneAggregate(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		h := open(t, db, bank())
		do(t, h, "joint", Deposit{500})
		var callers sync.WaitGroup
		var taken notebook
		for range 16 {
			callers.Go(func() {
				for range 50 {
					r, err := h.Dispatch(ctx, landfall.To("joint", Withdraw{1}))
					switch {
					case err == nil:
						taken.note(r.Events[0].ID.String())
					case !errors.Is(err, landfall.ErrRejected):
						t.Error(err)
						return
					}
				}
			})
		}
		callers.Wait()
		if n := len(taken.all()); n != 500 {
			t.Errorf("%d withdrawals of 1 from 500 were acknowledged", n)
		}
		stored := map[string]int{}
		for i, r := range records(t, db, "Bank") {
			if r.Version != uint64(i)+1 {
				t.Fatalf("event %d has version %d", i+1, r.Version)
			}
			stored[r.ID.String()]++
		}
		for _, id := range taken.all() {
			if stored[id] != 1 {
				t.Errorf("acknowledged event %s is stored %d times", id, stored[id])
			}
		}
	})
}

// balanceIs looks at the account in memory and in the log.
func balanceIs(t *testing.T, h *landfall.Host, balance int, version uint64) {
	t.Helper()
	repository, err := landfall.RepositoryOf[Account](h)
	if err != nil {
		t.Fatal(err)
	}
	a, err := repository.Load(ctx, "joint")
	if err != nil || a.State.Balance != balance || a.Version != version {
		t.Errorf("the log says %+v, %v; want balance %d at version %d", a, err, balance, version)
	}
	if _, err := h.Dispatch(ctx, landfall.To("joint", Withdraw{balance + 1})); !errors.Is(err, landfall.ErrRejected) {
		t.Errorf("more than the balance can be withdrawn: %v", err)
	}
	if _, err := h.Dispatch(ctx, landfall.To("joint", Withdraw{balance})); err != nil {
		t.Errorf("the balance cannot be withdrawn: %v", err)
	}
}
