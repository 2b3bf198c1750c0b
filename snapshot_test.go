package landfall_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// TestALongLivedAggregateLoadsLikeAYoungOne: of 10,000 events few are read,
// and the state is the same. (Section 5: a command on a long-lived aggregate
// costs the same.)
func TestALongLivedAggregateLoadsLikeAYoungOne(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		fillOne(t, db, 10_000)
		h := open(t, db, bank())
		do(t, h, "old", Deposit{1}) // reads it all, and leaves a snapshot
		shut(t, h)
		db.reopen(t)
		read := 0
		tap := &tapped{Store: db, readStream: func(stream string, n int) { read += n }}
		h = open(t, tap, bank())
		do(t, h, "old", Withdraw{1})
		if read > 100 {
			t.Errorf("%d events were read to load it", read)
		}
		cold := read
		for range 250 {
			do(t, h, "old", Deposit{1})
		}
		if read != cold {
			t.Errorf("%d more were read although it is in memory", read-cold)
		}
		if a := load(t, h, "old"); a.Balance != 10_250 {
			t.Errorf("balance %d, want 10250", a.Balance)
		}
		shut(t, h)
		read = 0
		h = open(t, tap, bank())
		do(t, h, "old", Deposit{1})
		if read > 100 {
			t.Errorf("after 250 more events %d were read to load it", read)
		}
	})
}

func fillOne(t testing.TB, s store.Store, n int) {
	t.Helper()
	h := open(t, s, landfall.NewModule("Bank",
		landfall.Handle(func(a Account, c Deposit) ([]landfall.Event, error) {
			events := make([]landfall.Event, c.Amount)
			for i := range events {
				events[i] = Deposited{1}
			}
			return events, nil
		}, landfall.Emits(Deposited{}))))
	for range n / 1000 {
		do(t, h, "old", Deposit{1000})
	}
	shut(t, h)
	forget(t, s)
}

// forget deletes all snapshots.
func forget(t testing.TB, s store.Store) {
	t.Helper()
	log, err := s.Log(ctx, "Bank")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := log.List(ctx, "snapshots", store.Query{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		if err := log.Commit(ctx, store.Changes{Writes: []store.Write{{Collection: "snapshots", Key: d.Key}}}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAReloadedStateEqualsAFullReplay, for any commands, snapshots of any age,
// and a cache of any size.
func TestAReloadedStateEqualsAFullReplay(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := memory.New()
		config := landfall.Config{
			Store: s, Modules: []landfall.Module{bank()}, Logger: quiet,
			SnapshotEvery: rapid.IntRange(1, 5).Draw(r, "every"), CacheSize: rapid.IntRange(1, 3).Draw(r, "cache"),
		}
		h := openWith(t, config)
		for n := range 4 {
			grow(t, h, account(n))
		}
		want := map[landfall.AggregateID]int{}
		for range rapid.IntRange(1, 60).Draw(r, "commands") {
			id := account(rapid.IntRange(0, 200).Draw(r, "account") % 4)
			switch amount := rapid.IntRange(-3, 5).Draw(r, "amount"); {
			case amount > 0:
				do(t, h, id, Deposit{amount})
				want[id] += amount
			case amount < 0:
				if _, err := h.Dispatch(ctx, landfall.To(id, Withdraw{-amount})); err == nil {
					want[id] += amount
				}
			default:
				if err := h.Close(); err != nil {
					r.Fatal(err)
				}
				h = openWith(t, config)
			}
		}
		for id, balance := range want {
			if a := load(t, h, id); a.Balance != balance {
				r.Errorf("%s has %d, want %d", id, a.Balance, balance)
			}
		}
		if err := h.Close(); err != nil {
			r.Fatal(err)
		}
		forget(t, s)
		h = openWith(t, config)
		for id, balance := range want {
			if a := load(t, h, id); a.Balance != balance {
				r.Errorf("replayed in full, %s has %d, want %d", id, a.Balance, balance)
			}
		}
		if err := h.Close(); err != nil {
			r.Fatal(err)
		}
	})
}

// grow makes an account old enough for snapshots, without changing its balance.
func grow(t testing.TB, h *landfall.Host, id landfall.AggregateID) {
	t.Helper()
	accounts, err := landfall.RepositoryOf[Account](h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := accounts.Save(ctx, id, 0, slices.Repeat([]landfall.Event{Deposited{}}, 100)...); err != nil {
		t.Fatal(err)
	}
}

// TestASnapshotOfAnotherShapeIsNotUsed: the events tell the state again.
func TestASnapshotOfAnotherShapeIsNotUsed(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		h := openWith(t, landfall.Config{Store: db, Modules: []landfall.Module{bank()}, SnapshotEvery: 2})
		grow(t, h, "a")
		for range 10 {
			do(t, h, "a", Deposit{7})
		}
		shut(t, h)
		if stored(t, db, "Bank", "snapshots") != 1 {
			t.Fatal("there is no snapshot")
		}
		db.reopen(t)
		wider := landfall.NewModule("Bank",
			landfall.Named[wideAccount]("Account"),
			landfall.Handle(func(a wideAccount, c Withdraw) ([]landfall.Event, error) {
				if a.Sum != 70 || a.Deposits != 110 {
					return nil, landfall.Reject("the state is %+v", a)
				}
				return nil, nil
			}, landfall.Emits(Withdrawn{})),
			landfall.Handle(func(a wideAccount, c Deposit) ([]landfall.Event, error) { return nil, nil }, landfall.Emits(Deposited{})))
		h = open(t, db, wider)
		do(t, h, "a", Withdraw{})
	})
}

// wideAccount is what Account became: it counts too.
type wideAccount struct{ Sum, Deposits int }

func (a *wideAccount) Apply(event landfall.Event) {
	if e, ok := event.(Deposited); ok {
		a.Sum, a.Deposits = a.Sum+e.Amount, a.Deposits+1
	}
}

// TestADamagedSnapshotIsNotUsed.
func TestADamagedSnapshotIsNotUsed(t *testing.T) {
	for _, damage := range []string{`{`, `{}`, `[]`, `{"version":110,"shape":"?","state":{}}`} {
		s := memory.New()
		h := openWith(t, landfall.Config{Store: s, Modules: []landfall.Module{bank()}, SnapshotEvery: 2})
		grow(t, h, "a")
		for range 10 {
			do(t, h, "a", Deposit{7})
		}
		shut(t, h)
		log, err := s.Log(ctx, "Bank")
		if err != nil {
			t.Fatal(err)
		}
		write := store.Write{Collection: "snapshots", Key: "Account/a", Data: []byte(damage)}
		if err := log.Commit(ctx, store.Changes{Writes: []store.Write{write}}); err != nil {
			t.Fatal(err)
		}
		h = open(t, s, bank())
		if a := load(t, h, "a"); a.Balance != 70 {
			t.Errorf("%s: balance %d, want 70", damage, a.Balance)
		}
	}
}

// TestTheCacheIsBounded: it forgets the aggregates that were used least
// recently, and reads them again when they are needed. (Promise 7.)
func TestTheCacheIsBounded(t *testing.T) {
	const size, accounts = 64, 2000
	var loads atomic.Int64
	var seen notebook
	tap := &tapped{Store: memory.New(), readStream: func(stream string, _ int) { loads.Add(1); seen.note(stream) }}
	h := openWith(t, landfall.Config{Store: tap, Modules: []landfall.Module{bank()}, CacheSize: size})
	for round := range 2 {
		for n := range accounts {
			do(t, h, account(n), Deposit{round + 1})
			do(t, h, account(n), Deposit{1}) // it is in memory now
		}
	}
	if n := loads.Load(); n < 2*accounts-2*size || n > 2*accounts {
		t.Errorf("%d loads for %d accounts in two rounds, with room for %d", n, accounts, size)
	}
	for n := range accounts {
		if a := load(t, h, account(n)); a.Balance != 5 {
			t.Fatalf("%s has %d, want 5", account(n), a.Balance)
		}
	}
	loads.Store(0)
	for range 3 {
		for n := range 8 {
			do(t, h, landfall.AggregateID(fmt.Sprint("hot", n)), Deposit{1})
		}
	}
	if n := loads.Load(); n != 8 {
		t.Errorf("%d loads of 8 accounts that fit, want 8", n)
	}
}
