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
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// TestRacingWriters lets two hosts on one store, each with many callers, take
// from one account. The rule that it guards must hold, and nothing that was
// acknowledged may be missing or doubled. (Promise 1.)
func TestRacingWriters(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		hosts := []*landfall.Host{open(t, db, bank()), open(t, db, bank())}
		do(t, hosts[0], "joint", Deposit{100})
		var taken notebook
		var callers sync.WaitGroup
		for i := range 40 {
			callers.Go(func() {
				r, err := hosts[i%2].Dispatch(ctx, landfall.To("joint", Withdraw{10}))
				switch {
				case err == nil:
					taken.note(r.Events[0].ID.String())
				case !errors.Is(err, landfall.ErrRejected) && !errors.Is(err, landfall.ErrConflict):
					t.Error(err)
				}
			})
		}
		callers.Wait()
		if n := len(taken.all()); n != 10 {
			t.Errorf("%d callers took 10 from a balance of 100", n)
		}
		stored := map[string]int{}
		for i, r := range records(t, db, "Bank") {
			if r.Version != uint64(i)+1 {
				t.Errorf("event %d has version %d", i+1, r.Version)
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

// TestRacingWritersOfManyAccounts has every deposit succeed in the end.
func TestRacingWritersOfManyAccounts(t *testing.T) {
	db := inMemory(t)
	hosts := []*landfall.Host{open(t, db, bank()), open(t, db, bank())}
	var callers sync.WaitGroup
	for i := range 200 {
		callers.Go(func() {
			for {
				_, err := hosts[i%2].Dispatch(ctx, landfall.To(account(i%5), Deposit{1}))
				if err == nil {
					return
				}
				if !errors.Is(err, landfall.ErrConflict) {
					t.Error(err)
					return
				}
			}
		})
	}
	callers.Wait()
	for _, h := range hosts {
		repository, err := landfall.RepositoryOf[Account](h)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5 {
			if a, err := repository.Load(ctx, account(i)); err != nil || a.Version != 40 || a.State.Balance != 40 {
				t.Errorf("%+v, %v", a, err)
			}
		}
	}
}

func TestConflictsAreRetriedAndThenReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conflicts, attempts := 5, 0
		tap := &tapped{Store: memory.New(), append: func(store.Append) error {
			if attempts++; attempts <= conflicts {
				return store.ErrConflict
			}
			return nil
		}}
		h := open(t, tap, bank())
		defer shut(t, h)
		do(t, h, "a", Deposit{1})
		if attempts != 6 {
			t.Errorf("%d attempts, want 6", attempts)
		}
		conflicts, attempts = 1000, 0
		_, err := h.Dispatch(ctx, landfall.To("a", Deposit{1}))
		if !errors.Is(err, landfall.ErrConflict) {
			t.Errorf("got %v, want ErrConflict", err)
		}
		if attempts < 2 || attempts > 100 {
			t.Errorf("%d attempts, which is not a bound", attempts)
		}
		if n := len(records(t, tap, "Bank")); n != 1 {
			t.Errorf("%d events, want the first alone", n)
		}
	})
}

// TestARepeatReturnsTheFirstResult repeats commands under their Key and under
// their ID, also when they would be answered otherwise by now. (Promise 3.)
func TestARepeatReturnsTheFirstResult(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		for name, message := range map[string]landfall.Message{
			"key": {To: "k", Command: Withdraw{60}, Key: "order 7"},
			"id":  {To: "i", Command: Withdraw{60}, ID: newID()},
		} {
			h := open(t, db, bank())
			do(t, h, message.To, Deposit{100})
			first := send(t, h, message)
			if first.Repeated || len(first.Events) != 1 {
				t.Errorf("%s: first: %+v", name, first)
			}
			again := send(t, h, message) // a second 60 would be rejected
			sameResult(t, name, first, again)
			shut(t, h)
			db.reopen(t)
			h = open(t, db, bank())
			sameResult(t, name+" after a restart", first, send(t, h, message))
			if a := load(t, h, message.To); a.Balance != 40 {
				t.Errorf("%s: balance %d, want 40", name, a.Balance)
			}
			shut(t, h)
		}
	})
}

func sameResult(t *testing.T, what string, first, again landfall.Result) {
	t.Helper()
	if !again.Repeated || again.Command != first.Command {
		t.Errorf("%s: repeated %v, command %s, want %s", what, again.Repeated, again.Command, first.Command)
	}
	if d := cmp.Diff(first.Events, again.Events, comparing); d != "" {
		t.Errorf("%s: (-first +again)\n%s", what, d)
	}
}

func load(t testing.TB, h *landfall.Host, id landfall.AggregateID) Account {
	t.Helper()
	repository, err := landfall.RepositoryOf[Account](h)
	if err != nil {
		t.Fatal(err)
	}
	a, err := repository.Load(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return a.State
}

// TestConcurrentRepeats sends one command from many callers at once, through
// two hosts.
func TestConcurrentRepeats(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		hosts := []*landfall.Host{open(t, db, bank()), open(t, db, bank())}
		var firsts, answers notebook
		var callers sync.WaitGroup
		for i := range 32 {
			callers.Go(func() {
				r, err := hosts[i%2].Dispatch(ctx, landfall.Message{To: "a", Command: Deposit{5}, Key: "once"})
				if err != nil {
					t.Error(err)
					return
				}
				if !r.Repeated {
					firsts.note("first")
				}
				answers.note(fmt.Sprint(r.Command, r.Events[0].ID, r.Events[0].Version, r.Events[0].Time))
			})
		}
		callers.Wait()
		if n := len(firsts.all()); n != 1 {
			t.Errorf("%d were the first", n)
		}
		for _, a := range answers.all() {
			if a != answers.all()[0] {
				t.Errorf("answers differ: %s and %s", a, answers.all()[0])
			}
		}
		if n := len(records(t, db, "Bank")); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
	})
}

func TestRejection(t *testing.T) {
	h := open(t, memory.New(), bank())
	_, err := h.Dispatch(ctx, landfall.To("a", Withdraw{5}))
	var rejection *landfall.Rejection
	if !errors.As(err, &rejection) || rejection.Reason != "the balance is 0" || !errors.Is(err, landfall.ErrRejected) {
		t.Errorf("got %v, want a rejection", err)
	}
	if want := "Withdraw on Account/a: the balance is 0"; err.Error() != want {
		t.Errorf("the message is %q, want %q", err, want)
	}
	if errors.Is(err, landfall.ErrConflict) || errors.Is(err, landfall.ErrInvalid) {
		t.Error("a rejection is another error too")
	}
}

func TestADecisionThatNothingHappens(t *testing.T) {
	h := open(t, memory.New(), bank())
	r := send(t, h, landfall.Message{To: "a", Command: Withdraw{0}, Key: "k"})
	if len(r.Events) != 0 || r.Repeated || r.Position() != 0 || r.Command == (landfall.ID{}) {
		t.Errorf("%+v", r)
	}
}

func TestInvalidMessages(t *testing.T) {
	h := open(t, memory.New(), bank())
	for _, test := range []struct {
		message landfall.Message
		text    string
	}{
		{landfall.To("", Deposit{1}), "Deposit: the message has no aggregate id; address it with landfall.To"},
		{landfall.To(landfall.AggregateID(strings.Repeat("x", 257)), Deposit{1}), "Deposit: the aggregate id has 257 bytes, 256 are allowed"},
		{landfall.To("a\nb", Deposit{1}), `the aggregate id "a\nb" has a control character at byte 1`},
		{landfall.To("a\xff", Deposit{1}), `the aggregate id "a\xff" is not UTF-8`},
		{landfall.To("a", Post{}), "no module handles the command landfall_test.Post"},
		{landfall.To("a", &Deposit{1}), "no module handles the command *landfall_test.Deposit"},
		{landfall.To("a", nil), "no module handles the command <nil>"},
		{landfall.Message{To: "a", Command: Deposit{1}, Actor: strings.Repeat("x", 513)}, "the actor's name has 513 bytes, 512 are allowed"},
	} {
		_, err := h.Dispatch(ctx, test.message)
		if !errors.Is(err, landfall.ErrInvalid) || !strings.Contains(err.Error(), test.text) {
			t.Errorf("got %v, want ErrInvalid with %q", err, test.text)
		}
	}
	for _, id := range []landfall.AggregateID{"a", "a/b", " ", "日本", landfall.AggregateID(strings.Repeat("x", 256))} {
		if _, err := h.Dispatch(ctx, landfall.To(id, Deposit{1})); err != nil {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestACancelledContext(t *testing.T) {
	db := inMemory(t)
	h := open(t, db, bank())
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := h.Dispatch(cancelled, landfall.To("a", Deposit{1})); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if n := len(records(t, db, "Bank")); n != 0 {
		t.Errorf("%d events were stored", n)
	}
	do(t, h, "a", Deposit{1})
}

func TestAClosedHost(t *testing.T) {
	h := open(t, memory.New(), bank(statements(), thanks()))
	r := do(t, h, "a", Deposit{1})
	shut(t, h)
	shut(t, h) // a second Close returns nil
	_, err := h.Dispatch(ctx, landfall.To("a", Deposit{1}))
	for what, err := range map[string]error{
		"Dispatch": err,
		"Settle":   h.Settle(ctx),
		"WaitFor":  view[Statement](t, h, "Statements").WaitFor(ctx, r.Position()),
		"Rebuild":  h.Rebuild(ctx, "Statements", nil),
	} {
		if !errors.Is(err, landfall.ErrClosed) {
			t.Errorf("%s after Close: %v, want ErrClosed", what, err)
		}
	}
}

// TestMetadata follows a command through a policy into another module, and
// reads what the log tells of each event.
func TestMetadata(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		letter := landfall.When("LetterPolicy", func(e Thanked, m landfall.Metadata) []landfall.Command {
			return []landfall.Command{landfall.To("outbox", Post{string(m.Aggregate)})}
		}, landfall.SendsTo("Mail", Post{}))
		modules := []landfall.Module{
			bank(thanks(), letter),
			mail(func(context.Context, Post, landfall.ID) error { return nil }),
		}
		h := open(t, db, modules...)
		before := time.Now()
		first := send(t, h, landfall.Message{
			To: "a", Command: Deposit{5}, Actor: "Ann", Metadata: map[string]string{"traceparent": "00-1"},
		})
		settle(t, h)
		shut(t, h)
		db.reopen(t)
		h = open(t, db, modules...)
		chain := []landfall.Recorded{first.Events[0]}
		for _, module := range []string{"Bank", "Mail"} {
			for _, r := range records(t, db, module) {
				if e, err := h.Event(ctx, r.ID); err != nil {
					t.Error(err)
				} else if e.Type != "Deposited" {
					chain = append(chain, e)
				} else if d := cmp.Diff(first.Events[0], e, comparing); d != "" {
					t.Errorf("the event when it happened and as it is read (-then +now)\n%s", d)
				}
			}
		}
		if len(chain) != 3 {
			t.Fatalf("%d events, want 3", len(chain))
		}
		for i, e := range chain {
			if e.Correlation != first.Command || e.Actor != "Ann" || e.Extra["traceparent"] != "00-1" {
				t.Errorf("%s lost its origin: %+v", e.Type, e.Metadata)
			}
			if i > 0 && e.Trigger != chain[i-1].ID {
				t.Errorf("the trigger of %s is %s, want %s", e.Type, e.Trigger, chain[i-1].ID)
			}
			if e.Time.Before(before) || e.Time.Location() != time.UTC {
				t.Errorf("the time of %s is %v", e.Type, e.Time)
			}
		}
		if first.Events[0].Command() != first.Command || chain[0].Trigger != (landfall.ID{}) {
			t.Errorf("the first event: %+v", chain[0].Metadata)
		}
		if chain[2].Aggregate != "outbox" || chain[2].Event != (Posted{"a"}) {
			t.Errorf("the letter: %+v", chain[2])
		}
	})
}

// TestTimesAreKeptToTheNanosecond compares times that differ in their last
// digits only.
func TestTimesAreKeptToTheNanosecond(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		at := time.Date(2026, 3, 4, 5, 6, 7, 123456789, time.UTC)
		r := write(t, db, "Bank", "Account/a", "Deposited", `{"Amount":1}`, at)
		h := open(t, db, bank())
		e, err := h.Event(ctx, r.ID)
		if err != nil || !e.Time.Equal(at) {
			t.Errorf("%v, %v, want %v", e.Time, err, at)
		}
	})
}

func TestVersionsAndPositionsCountFromOne(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		h := open(t, db, bank())
		var got []uint64
		for _, id := range []landfall.AggregateID{"a", "b", "a"} {
			r := do(t, h, id, Deposit{1})
			got = append(got, r.Events[0].Version, r.Events[0].Position, r.Position())
		}
		if d := cmp.Diff([]uint64{1, 1, 1, 1, 2, 2, 2, 3, 3}, got); d != "" {
			t.Error(d)
		}
	})
}

// comparing compares what the runtime returned, without its own fields.
var comparing = cmp.Options{cmp.FilterPath(func(p cmp.Path) bool {
	f, ok := p.Last().(cmp.StructField)
	return ok && (f.Name() == "stream" || f.Name() == "kind" || f.Name() == "command" || f.Name() == "raw")
}, cmp.Ignore())}
