package landfall_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// TestPoliciesAnswerInTheOrderOfTheWiring: the same commands always lead to the
// same log.
func TestPoliciesAnswerInTheOrderOfTheWiring(t *testing.T) {
	run := func() []string {
		s := memory.New()
		bonus := landfall.When("BonusPolicy", func(e Thanked, _ landfall.Metadata) []landfall.Command {
			return []landfall.Command{Withdraw{e.For}, landfall.To("bonus", Withdraw{0})}
		}, landfall.Sends(Withdraw{}))
		again := landfall.When("AgainPolicy", func(e Deposited, _ landfall.Metadata) []landfall.Command {
			return []landfall.Command{Thank{-e.Amount}, Thank{-10 * e.Amount}}
		}, landfall.Sends(Thank{}))
		h := open(t, s, bank(thanks(), bonus, again))
		do(t, h, "a", Deposit{1})
		do(t, h, "b", Deposit{2})
		settle(t, h)
		var log []string
		for _, r := range records(t, s, "Bank") {
			log = append(log, fmt.Sprintf("%s %s%s", r.Stream, r.Type, r.Data))
		}
		return log
	}
	want := []string{
		`Account/a Deposited{"Amount":1}`, `Account/b Deposited{"Amount":2}`,
		`Account/a Thanked{"For":1}`, `Account/b Thanked{"For":2}`,
		`Account/a Withdrawn{"Amount":1}`, `Account/b Withdrawn{"Amount":2}`,
		`Account/a Thanked{"For":-1}`, `Account/a Thanked{"For":-10}`, `Account/b Thanked{"For":-2}`, `Account/b Thanked{"For":-20}`,
		`Account/a Withdrawn{"Amount":-1}`, `Account/a Withdrawn{"Amount":-10}`, `Account/b Withdrawn{"Amount":-2}`, `Account/b Withdrawn{"Amount":-20}`,
	}
	for range 3 {
		if d := cmp.Diff(want, run()); d != "" {
			t.Fatalf("(-want +got)\n%s", d)
		}
	}
}

// TestAPolicyKeepsTheOrderOfEachAggregate, also when it answers many at once.
func TestAPolicyKeepsTheOrderOfEachAggregate(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		h := open(t, db, bank(thanks()))
		h.Start()
		var callers sync.WaitGroup
		for a := range 20 {
			callers.Go(func() {
				for n := range 20 {
					do(t, h, account(a), Deposit{n + 1})
				}
			})
		}
		callers.Wait()
		settle(t, h)
		for a := range 20 {
			var want, got []int
			for n := range 20 {
				want = append(want, n+1)
			}
			for e, err := range history(t, h, account(a)) {
				if err != nil {
					t.Fatal(err)
				}
				if e, ok := e.Event.(Thanked); ok {
					got = append(got, e.For)
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: (-want +got)\n%s", account(a), d)
			}
		}
	})
}

func history(t testing.TB, h *landfall.Host, id landfall.AggregateID) func(func(landfall.Recorded, error) bool) {
	t.Helper()
	repository, err := landfall.RepositoryOf[Account](h)
	if err != nil {
		t.Fatal(err)
	}
	return repository.History(ctx, id)
}

// errKilled is what a store says that was killed.
var errKilled = errors.New("killed")

// mortal is a store that dies at its n-th write, before it takes effect or
// after that, when the caller does not hear of it.
func mortal(s store.Store, n int, before bool) *tapped {
	var mu sync.Mutex
	var dead bool
	strike := func(early bool) error {
		mu.Lock()
		defer mu.Unlock()
		if dead {
			return errKilled
		}
		if early == before {
			if n--; n < 0 {
				dead = true
				return errKilled
			}
		}
		return nil
	}
	return &tapped{
		Store:     s,
		append:    func(store.Append) error { return strike(true) },
		appended:  func(store.Append) error { return strike(false) },
		commit:    func(store.Changes) error { return strike(true) },
		committed: func(store.Changes) error { return strike(false) },
	}
}

// chained is a bank whose deposits lead to thanks, and the thanks to letters of
// another module.
func chained() []landfall.Module {
	letter := landfall.When("LetterPolicy", func(e Thanked, m landfall.Metadata) []landfall.Command {
		return []landfall.Command{Post{fmt.Sprint(e.For)}}
	}, landfall.SendsTo("Mail", Post{}))
	return []landfall.Module{
		bank(thanks(), letter, statements()),
		mail(func(context.Context, Post, landfall.ID) error { return nil }),
	}
}

// TestAKillNeitherLosesNorDoublesCommands kills the store at any of its writes,
// again and again, and counts consequences at the end. (Promises 3 and 4.)
func TestAKillNeitherLosesNorDoublesCommands(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := memory.New()
		acknowledged := map[string]bool{}
		for round := range rapid.IntRange(1, 6).Draw(r, "rounds") {
			tap := mortal(s, rapid.IntRange(0, 25).Draw(r, "writes"), rapid.Bool().Draw(r, "before"))
			live(t, tap, round, rapid.IntRange(1, 6).Draw(r, "commands"), rapid.Bool().Draw(r, "started"), acknowledged)
		}
		h, err := landfall.Open(ctx, landfall.Config{Store: s, Modules: chained(), Logger: quiet})
		if err != nil {
			r.Fatal(err)
		}
		defer h.Close()
		if err := h.Settle(ctx); err != nil {
			r.Fatal(err)
		}
		holds(t, r, h, s, acknowledged)
	})
}

// TestAKillOnEachStore does the same on all stores, with fewer kills.
func TestAKillOnEachStore(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		random := rand.New(rand.NewPCG(1, 2))
		acknowledged := map[string]bool{}
		for round := range 8 {
			live(t, mortal(db, random.IntN(25), random.IntN(2) == 0), round, 5, random.IntN(2) == 0, acknowledged)
			db.reopen(t)
		}
		h := open(t, db, chained()...)
		settle(t, h)
		holds(t, t, h, db, acknowledged)
	})
}

// live runs a host until its store is killed, or all is done.
func live(t *testing.T, s store.Store, round, commands int, started bool, acknowledged map[string]bool) {
	h, err := landfall.Open(ctx, landfall.Config{Store: s, Modules: chained(), Logger: quiet, Retry: landfall.Retry{First: time.Millisecond, Most: time.Millisecond}})
	if err != nil {
		return // killed before it was open
	}
	defer func() { _ = h.Close() }() // the store may be dead
	if started {
		h.Start()
	}
	for n := range commands {
		key := fmt.Sprintf("%d/%d", round, n)
		result, err := h.Dispatch(ctx, landfall.Message{To: account(n % 3), Command: Deposit{n + 1}, Key: key})
		if err != nil {
			break
		}
		acknowledged[result.Events[0].ID.String()] = true
	}
	settling, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if started {
		settling, cancel = context.WithTimeout(ctx, 3*time.Millisecond)
		defer cancel()
	}
	_ = h.Settle(settling)
}

// holds checks what must be true of the logs, wherever the kills fell.
func holds(t *testing.T, fail interface{ Errorf(string, ...any) }, h *landfall.Host, s store.Store, acknowledged map[string]bool) {
	t.Helper()
	led := map[string]int{}
	for _, module := range []string{"Bank", "Mail"} {
		for _, r := range records(t, s, module) {
			led[r.Trigger.String()]++
		}
	}
	for _, r := range records(t, s, "Bank") {
		delete(acknowledged, r.ID.String())
		if n := led[r.ID.String()]; n != 1 {
			fail.Errorf("%s %s at %d has %d consequences, want 1", r.Stream, r.Type, r.Position, n)
		}
	}
	if len(acknowledged) > 0 {
		fail.Errorf("acknowledged events are lost: %v", acknowledged)
	}
	if letters := h.DeadLetters(); len(letters) > 0 {
		fail.Errorf("dead letters: %+v", letters)
	}
	if d := cmp.Diff(folded(t, s), documents[Statement](t, h, "Statements")); d != "" {
		fail.Errorf("the view is not a fold of the log (-fold +view)\n%s", d)
	}
}

// TestACommandToAnotherModuleIsTheSendersOwn: the types meet by name and JSON.
func TestACommandToAnotherModuleIsTheSendersOwn(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		type Post struct{ Text, Unknown string }
		policy := landfall.When("LetterPolicy", func(e Deposited, m landfall.Metadata) []landfall.Command {
			return []landfall.Command{landfall.Message{To: "b", Command: Post{"hello", "?"}, Actor: "the bank"}}
		}, landfall.SendsTo("Mail", Post{}))
		var ids []landfall.ID
		h := open(t, db, bank(policy), mail(func(_ context.Context, _ receivedPost, id landfall.ID) error {
			ids = append(ids, id)
			return nil
		}))
		deposited := do(t, h, "a", Deposit{1}).Events[0]
		settle(t, h)
		got := records(t, db, "Mail")
		if len(got) != 1 || string(got[0].Data) != `{"Text":"hello"}` || got[0].Stream != "Letterbox/b" || got[0].Actor != "the bank" {
			t.Errorf("%+v", got)
		}
		want := store.DerivedCommandID("Bank.LetterPolicy", deposited.ID, 0)
		if len(ids) != 1 || ids[0] != want || got[0].Command() != want {
			t.Errorf("the id of the command is %v, want %s", ids, want)
		}
	})
}

// receivedPost is the Post of the module Mail, where another type hides it.
type receivedPost = Post

// TestARejectedCommandOfAPolicyIsAnswered: it is logged, and the policy goes on.
func TestARejectedCommandOfAPolicyIsAnswered(t *testing.T) {
	greedy := landfall.When("GreedyPolicy", func(e Deposited, _ landfall.Metadata) []landfall.Command {
		return []landfall.Command{Withdraw{e.Amount * 2}, Thank{e.Amount}}
	}, landfall.Sends(Withdraw{}, Thank{}))
	var log bytes.Buffer
	s := memory.New()
	h := openWith(t, landfall.Config{Store: s, Modules: []landfall.Module{bank(greedy)}, Logger: textLogger(&log)})
	do(t, h, "a", Deposit{5})
	settle(t, h)
	if d := cmp.Diff([]string{"Deposited", "Thanked"}, kinds(t, s, "Bank")); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if letters := h.DeadLetters(); len(letters) != 0 {
		t.Errorf("%+v", letters)
	}
	for _, want := range []string{"a policy's command was rejected", "policy=GreedyPolicy", "command=Withdraw", "the balance is 5"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, log.String())
		}
	}
}

// TestAnUndeclaredCommandIsADeadLetter, and nothing of it is sent.
func TestAnUndeclaredCommandIsADeadLetter(t *testing.T) {
	wild := landfall.When("WildPolicy", func(e Deposited, _ landfall.Metadata) []landfall.Command {
		return []landfall.Command{Withdraw{1}}
	}, landfall.Sends(Thank{}))
	s := memory.New()
	h := openWith(t, landfall.Config{Store: s, Modules: []landfall.Module{bank(wild)}, Logger: quiet, Retry: landfall.Retry{Attempts: 1}})
	do(t, h, "a", Deposit{5})
	settle(t, h)
	letters := h.DeadLetters()
	if len(letters) != 1 || !strings.Contains(letters[0].Error, "policy WildPolicy returned landfall_test.Withdraw, which it does not declare; add it to landfall.Sends") {
		t.Errorf("%+v", letters)
	}
	if n := len(records(t, s, "Bank")); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}

// TestPositionsOfQuietPoliciesAreKept: a policy that hears nothing of a long
// log does not read it again after a restart.
func TestPositionsOfQuietPoliciesAreKept(t *testing.T) {
	s := memory.New()
	quietly := landfall.When("QuietPolicy", func(Withdrawn, landfall.Metadata) []landfall.Command { return nil }, landfall.Sends(Thank{}))
	h := open(t, s, bank(quietly))
	for range 100 {
		do(t, h, "a", Deposit{1})
	}
	settle(t, h)
	shut(t, h)
	reads := 0
	h = open(t, &tapped{Store: s, read: func() { reads++ }}, bank(quietly))
	settle(t, h)
	if reads != 0 {
		t.Errorf("the log was read %d times", reads)
	}
}
