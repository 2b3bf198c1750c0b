package landfall_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
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

// folded folds the statements from the log itself, without the runtime.
func folded(t testing.TB, s store.Store) map[string]Statement {
	t.Helper()
	all := map[string]Statement{}
	for _, r := range records(t, s, "Bank") {
		_, id, _ := strings.Cut(r.Stream, "/")
		var e struct{ Amount int }
		if err := json.Unmarshal(r.Data, &e); err != nil {
			t.Fatal(err)
		}
		statement := all[id]
		switch r.Type {
		case "Deposited":
			statement.move(e.Amount)
		case "Withdrawn":
			statement.move(-e.Amount)
		default:
			continue
		}
		all[id] = statement
	}
	return all
}

func sameStatements(t testing.TB, s store.Store, h *landfall.Host) {
	t.Helper()
	if d := cmp.Diff(folded(t, s), documents[Statement](t, h, "Statements")); d != "" {
		t.Errorf("the view is not a fold of the log (-fold +view)\n%s", d)
	}
}

// TestAViewIsAFoldOfTheLog, whatever happens, and whenever the projection is
// settled, rebuilt or restarted. (Promise 4.)
func TestAViewIsAFoldOfTheLog(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := memory.New()
		h := open(t, s, bank(statements()))
		check := func(err error) {
			if err != nil && !errors.Is(err, landfall.ErrRejected) {
				r.Fatal(err)
			}
		}
		ids := rapid.SampledFrom([]landfall.AggregateID{"a", "b", "c/d"})
		r.Repeat(map[string]func(*rapid.T){
			"deposit": func(r *rapid.T) {
				_, err := h.Dispatch(ctx, landfall.To(ids.Draw(r, "account"), Deposit{rapid.IntRange(-1, 5).Draw(r, "amount")}))
				check(err)
			},
			"withdraw": func(r *rapid.T) {
				_, err := h.Dispatch(ctx, landfall.To(ids.Draw(r, "account"), Withdraw{rapid.IntRange(0, 5).Draw(r, "amount")}))
				check(err)
			},
			"settle":  func(*rapid.T) { check(h.Settle(ctx)) },
			"rebuild": func(*rapid.T) { check(h.Rebuild(ctx, "Statements", nil)) },
			"start":   func(*rapid.T) { h.Start() },
			"restart": func(*rapid.T) {
				check(h.Close())
				h = open(t, s, bank(statements()))
			},
		})
		check(h.Settle(ctx))
		if d := cmp.Diff(folded(t, s), documents[Statement](t, h, "Statements")); d != "" {
			r.Fatalf("the view is not a fold of the log (-fold +view)\n%s", d)
		}
		check(h.Close())
	})
}

// TestADocumentAndItsPositionAreOneCommit: no commit has the one without the
// other, and one that fails leaves both as they were. (Promise 4.)
func TestADocumentAndItsPositionAreOneCommit(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		fail, commits := false, 0
		tap := &tapped{Store: db, commit: func(c store.Changes) error {
			for _, w := range c.Writes {
				if strings.HasPrefix(w.Collection, "view/") && !touches(c, "consumers") {
					t.Errorf("%s %s is written without the position", w.Collection, w.Key)
				}
			}
			if touches(c, "view/Statements@1") {
				commits++
			}
			if fail {
				return errKilled
			}
			return nil
		}}
		h := open(t, tap, bank(statements()))
		do(t, h, "a", Deposit{1})
		settle(t, h)
		fail = true
		do(t, h, "a", Deposit{2})
		for range 3 { // the same events come again; nothing may be taken twice
			if err := h.Settle(ctx); !errors.Is(err, errKilled) {
				t.Errorf("got %v", err)
			}
			if s := documents[Statement](t, h, "Statements")["a"]; s.Balance != 1 {
				t.Errorf("a commit that failed shows: %+v", s)
			}
		}
		fail = false
		settle(t, h)
		sameStatements(t, db, h)
		if commits != 5 {
			t.Errorf("%d commits, want 5", commits)
		}
	})
}

// TestAFoldThatWasInterruptedIsNotKept: the store fails between two documents
// of a batch, and the first of them is folded again later, from what is stored.
func TestAFoldThatWasInterruptedIsNotKept(t *testing.T) {
	s := memory.New()
	h := open(t, s, bank(statements()))
	do(t, h, "a", Deposit{1})
	do(t, h, "b", Deposit{1})
	settle(t, h)
	shut(t, h)
	gets := 0
	h = open(t, &tapped{Store: s, get: func(collection string) error {
		if strings.HasPrefix(collection, "view/") {
			if gets++; gets%2 == 0 {
				return errKilled
			}
		}
		return nil
	}}, bank(statements()))
	do(t, h, "a", Deposit{2})
	do(t, h, "b", Deposit{2})
	for n := 0; h.Settle(ctx) != nil && n < 3; n++ {
	}
	shut(t, h)
	h = open(t, s, bank(statements()))
	settle(t, h)
	sameStatements(t, s, h)
}

// customers shows, for each customer, how many accounts are in use; an account
// that is emptied goes.
type Customer struct{ Deposits map[string]int }

func owner(m landfall.Metadata) string {
	name, _, _ := strings.Cut(string(m.Aggregate), "-")
	return name
}

func customers() landfall.Part {
	return landfall.Project("Customers",
		landfall.OnKey(func(_ Deposited, m landfall.Metadata) string { return owner(m) },
			func(c *Customer, e Deposited, m landfall.Metadata) {
				if c.Deposits == nil {
					c.Deposits = map[string]int{}
				}
				c.Deposits[string(m.Aggregate)] += e.Amount
			}),
		landfall.Removes(func(_ Withdrawn, m landfall.Metadata) string { return owner(m) }))
}

// TestKeysAndRemoval: a document may gather several aggregates, go, and come
// back, in one batch or in several, in memory or from the store.
func TestKeysAndRemoval(t *testing.T) {
	for _, how := range []string{"one batch", "settled", "restarted"} {
		t.Run(how, func(t *testing.T) {
			onEachStore(t, func(t *testing.T, db *database) {
				h := open(t, db, bank(customers()))
				pause := func() {
					if how != "one batch" {
						settle(t, h)
					}
					if how == "restarted" {
						shut(t, h)
						db.reopen(t)
						h = open(t, db, bank(customers()))
					}
				}
				for _, step := range []struct {
					id landfall.AggregateID
					c  landfall.Command
				}{
					{"ann-1", Deposit{1}}, {"ann-2", Deposit{2}}, {"bob-1", Deposit{3}}, {"cid-1", Deposit{4}},
					{"ann-1", Withdraw{1}}, {"ann-2", Deposit{5}},
					{"bob-1", Withdraw{3}}, {"dan-1", Deposit{6}},
				} {
					do(t, h, step.id, step.c)
					pause()
				}
				settle(t, h)
				want := map[string]Customer{
					"ann": {map[string]int{"ann-2": 5}}, "cid": {map[string]int{"cid-1": 4}}, "dan": {map[string]int{"dan-1": 6}},
				}
				if d := cmp.Diff(want, documents[Customer](t, h, "Customers")); d != "" {
					t.Errorf("(-want +got)\n%s", d)
				}
			})
		})
	}
}

// Fussy is a document that cannot take up every event.
type Fussy struct {
	Sum   float64
	Calls int
}

// TestAPoisonFoldStopsItsOwnStreamOnly, in whatever way it fails: a panic, a
// key that no document may have, a value that JSON cannot carry. (Promise 5.)
func TestAPoisonFoldStopsItsOwnStreamOnly(t *testing.T) {
	for how, amount := range map[string]int{"panic": 13, "empty key": 14, "long key": 15, "not a number": 16} {
		t.Run(how, func(t *testing.T) {
			onEachStore(t, func(t *testing.T, db *database) { poisonFold(t, db, amount) })
		})
	}
}

func poisonFold(t *testing.T, db *database, poison int) {
	var mended atomic.Bool
	project := landfall.Project("Fussy", landfall.OnKey(
		func(e Deposited, m landfall.Metadata) string {
			switch {
			case mended.Load():
			case e.Amount == 14:
				return ""
			case e.Amount == 15:
				return strings.Repeat("x", 600)
			}
			return string(m.Aggregate)
		},
		func(f *Fussy, e Deposited, m landfall.Metadata) {
			f.Calls++
			f.Sum += float64(e.Amount)
			switch {
			case mended.Load():
			case e.Amount == 13:
				panic("no room")
			case e.Amount == 16:
				f.Sum = math.NaN()
			}
		}))
	h := openWith(t, landfall.Config{
		Store: db, Modules: []landfall.Module{bank(project, statements())},
		Retry: landfall.Retry{Attempts: 2, First: time.Millisecond},
	})
	for _, amount := range []int{1, poison, 2} {
		do(t, h, "bad", Deposit{amount})
		do(t, h, "good", Deposit{1})
	}
	within, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := h.Settle(within); err != nil {
		t.Fatal(err)
	}
	want := map[string]Fussy{"bad": {1, 1}, "good": {3, 3}}
	if d := cmp.Diff(want, documents[Fussy](t, h, "Fussy")); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	letters := h.DeadLetters()
	if len(letters) != 1 || letters[0].Aggregate != "bad" || letters[0].Position != 3 || letters[0].Consumer != "Fussy@1" {
		t.Fatalf("%+v", letters)
	}
	sameStatements(t, db, h)
	mended.Store(true)
	if err := h.Retry(ctx, letters[0]); err != nil {
		t.Fatal(err)
	}
	settle(t, h)
	want["bad"] = Fussy{float64(3 + poison), 3}
	if d := cmp.Diff(want, documents[Fussy](t, h, "Fussy")); d != "" {
		t.Errorf("after it was mended (-want +got)\n%s", d)
	}
}

// TestAKillWhileHeldBackEventsAreFolded: each is folded once, wherever the store
// dies.
func TestAKillWhileHeldBackEventsAreFolded(t *testing.T) {
	for writes := range 12 {
		for _, before := range []bool{true, false} {
			s := memory.New()
			var mended atomic.Bool
			picky := landfall.Project("Statements", landfall.On(func(s *Statement, e Deposited, _ landfall.Metadata) {
				if e.Amount == 2 && !mended.Load() {
					panic("no")
				}
				s.move(e.Amount)
			}))
			config := landfall.Config{Store: s, Modules: []landfall.Module{bank(picky)}, Retry: landfall.Retry{Attempts: 1}}
			h := openWith(t, config)
			for n := range 5 {
				do(t, h, "a", Deposit{n + 1})
			}
			settle(t, h)
			shut(t, h)
			mended.Store(true)
			config.Store = mortal(s, writes, before)
			h = openWith(t, config)
			if err := h.Retry(ctx, h.DeadLetters()[0]); err == nil {
				_ = h.Settle(ctx)
			}
			_ = h.Close()
			config.Store = s
			h = openWith(t, config)
			for _, letter := range h.DeadLetters() { // the decision was not kept
				if err := h.Retry(ctx, letter); err != nil {
					t.Fatal(err)
				}
			}
			settle(t, h)
			sameStatements(t, s, h)
			shut(t, h)
		}
	}
}

// TestTwoHostsOfOneProjection do each other's work, and never twice.
func TestTwoHostsOfOneProjection(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		hosts := []*landfall.Host{open(t, db, bank(statements(), thanks())), open(t, db, bank(statements(), thanks()))}
		for n := range 60 {
			h := hosts[n%2]
			do(t, h, account(n%4), Deposit{n + 1})
			if n%3 == 0 {
				for h.Settle(ctx) != nil { // the other was first; again
				}
			}
		}
		for _, h := range hosts {
			for h.Settle(ctx) != nil {
			}
			sameStatements(t, db, h)
		}
		if n := count(t, db, "Bank", "Thanked"); n != 60 {
			t.Errorf("%d thanks, want 60", n)
		}
	})
}

// TestTwoStartedHosts answer each event once.
func TestTwoStartedHosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		hosts := []*landfall.Host{open(t, s, bank(statements(), thanks())), open(t, s, bank(statements(), thanks()))}
		for _, h := range hosts {
			defer shut(t, h)
			h.Start()
		}
		for n := range 60 {
			do(t, hosts[n%2], account(n%4), Deposit{n + 1})
		}
		time.Sleep(time.Minute)
		for _, h := range hosts {
			sameStatements(t, s, h)
			if letters := h.DeadLetters(); len(letters) != 0 {
				t.Errorf("%+v", letters)
			}
		}
		for a := range 4 {
			var want []int
			for n := range 60 {
				if n%4 == a {
					want = append(want, n+1)
				}
			}
			sameAmounts(t, fmt.Sprint(account(a)), thanked(t, s, account(a)), want...)
		}
	})
}
