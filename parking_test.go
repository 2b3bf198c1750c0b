package landfall_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// moody is a policy that thanks for deposits, and panics for the accounts and
// amounts that are said to be bad, until they are mended.
type moody struct {
	mu    sync.Mutex
	bad   map[string]bool
	asked []string
	times []time.Time
}

func (p *moody) set(bad ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bad = map[string]bool{}
	for _, b := range bad {
		p.bad[b] = true
	}
}

func (p *moody) attempts(of string) (times []time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, a := range p.asked {
		if a == of {
			times = append(times, p.times[i])
		}
	}
	return times
}

func (p *moody) part() landfall.Part {
	return landfall.When("MoodyPolicy", func(e Deposited, m landfall.Metadata) []landfall.Command {
		p.mu.Lock()
		defer p.mu.Unlock()
		what := fmt.Sprintf("%s %d", m.Aggregate, e.Amount)
		p.asked, p.times = append(p.asked, what), append(p.times, time.Now())
		if p.bad[what] || p.bad[string(m.Aggregate)] {
			panic("in a bad mood")
		}
		return []landfall.Command{Thank{e.Amount}}
	}, landfall.Sends(Thank{}))
}

// thanked returns the amounts that an account was thanked for, in order.
func thanked(t testing.TB, s store.Store, id landfall.AggregateID) []int {
	t.Helper()
	var amounts []int
	for _, r := range records(t, s, "Bank") {
		var n int
		if r.Type == "Thanked" && r.Stream == "Account/"+string(id) {
			if _, err := fmt.Sscanf(string(r.Data), `{"For":%d}`, &n); err != nil {
				t.Fatal(err)
			}
			amounts = append(amounts, n)
		}
	}
	return amounts
}

func sameAmounts(t testing.TB, what string, got []int, want ...int) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got)\n%s", what, d)
	}
}

// TestAPoisonMessageStopsItsOwnStreamOnly: retries with growing pauses, then a
// dead letter that holds back what comes later for that account, until it is
// retried. All else goes on. (Promise 5.)
func TestAPoisonMessageStopsItsOwnStreamOnly(t *testing.T) {
	for _, started := range []bool{false, true} {
		t.Run(fmt.Sprintf("started=%v", started), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { poison(t, started) })
		})
	}
}

func poison(t *testing.T, started bool) {
	s := memory.New()
	p := &moody{}
	p.set("bad 2")
	h := openWith(t, landfall.Config{Store: s, Modules: []landfall.Module{bank(p.part(), statements())}, Logger: quiet})
	defer shut(t, h)
	if started {
		h.Start()
	}
	var poisoned landfall.Recorded
	for n := range 3 {
		e := do(t, h, "bad", Deposit{n + 1}).Events[0]
		do(t, h, "good", Deposit{n + 1})
		if n == 1 {
			poisoned = e
		}
	}
	settle(t, h)

	sameAmounts(t, "the bad account so far", thanked(t, s, "bad"), 1)
	sameAmounts(t, "the good account", thanked(t, s, "good"), 1, 2, 3)
	if n := documents[Statement](t, h, "Statements")["bad"].Moves; n != 3 {
		t.Errorf("another consumer saw %d events of the bad account, want 3", n)
	}
	pauses(t, p.attempts("bad 2"), 6, 100*time.Millisecond)
	if n := len(p.attempts("bad 3")); n != 0 {
		t.Errorf("the event held back was tried %d times", n)
	}
	letters := h.DeadLetters()
	if len(letters) != 1 {
		t.Fatalf("%d dead letters, want 1: %+v", len(letters), letters)
	}
	letter := letters[0]
	if letter.Module != "Bank" || letter.Consumer != "MoodyPolicy" || letter.Aggregate != "bad" || letter.Event != poisoned.ID ||
		letter.Type != "Deposited" || letter.Position != poisoned.Position || letter.Attempts != 6 || letter.Error != "policy MoodyPolicy panicked: in a bad mood" ||
		!letter.Since.Equal(p.attempts("bad 2")[0]) {
		t.Errorf("the letter is %+v", letter)
	}

	p.set() // mended
	do(t, h, "bad", Deposit{4})
	settle(t, h)
	sameAmounts(t, "nobody has decided yet", thanked(t, s, "bad"), 1)
	if err := h.Retry(ctx, letter); err != nil {
		t.Fatal(err)
	}
	settle(t, h)
	sameAmounts(t, "after the retry", thanked(t, s, "bad"), 1, 2, 3, 4)
	do(t, h, "bad", Deposit{5})
	settle(t, h)
	sameAmounts(t, "as ever", thanked(t, s, "bad"), 1, 2, 3, 4, 5)
	if letters := h.DeadLetters(); len(letters) != 0 {
		t.Errorf("dead letters are left: %+v", letters)
	}
	for what, err := range map[string]error{"Retry": h.Retry(ctx, letter), "Skip": h.Skip(ctx, letter)} {
		if !errors.Is(err, landfall.ErrNotFound) {
			t.Errorf("%s of a letter that is gone: %v, want ErrNotFound", what, err)
		}
	}
}

// pauses checks that there were n attempts, each after about twice the pause
// of the one before.
func pauses(t *testing.T, attempts []time.Time, n int, first time.Duration) {
	t.Helper()
	if len(attempts) != n {
		t.Fatalf("%d attempts, want %d", len(attempts), n)
	}
	pause := first
	for i := 1; i < n; i++ {
		if waited := attempts[i].Sub(attempts[i-1]); waited < pause/2 || waited > pause+10*time.Millisecond {
			t.Errorf("before attempt %d it waited %v, want between %v and %v", i+1, waited, pause/2, pause)
		}
		pause *= 2
	}
}

// TestSkipGivesUpOneEventAlone.
func TestSkipGivesUpOneEventAlone(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		p := &moody{}
		p.set("bad 1", "bad 3")
		config := landfall.Config{Store: db, Modules: []landfall.Module{bank(p.part())}, Retry: landfall.Retry{Attempts: 1}}
		h := openWith(t, config)
		for n := range 4 {
			do(t, h, "bad", Deposit{n + 1})
		}
		settle(t, h)
		for _, want := range []uint64{1, 3} {
			letters := h.DeadLetters()
			if len(letters) != 1 || letters[0].Position != want {
				t.Fatalf("dead letters: %+v, want one at %d", letters, want)
			}
			if err := h.Skip(ctx, letters[0]); err != nil {
				t.Fatal(err)
			}
			settle(t, h)
		}
		sameAmounts(t, "after two skips", thanked(t, db, "bad"), 2, 4)
		if letters := h.DeadLetters(); len(letters) != 0 {
			t.Errorf("%+v", letters)
		}
	})
}

// TestADeadLetterOutlivesARestart, and so does what it holds back.
func TestADeadLetterOutlivesARestart(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		p := &moody{}
		p.set("bad")
		config := landfall.Config{Modules: []landfall.Module{bank(p.part())}, Retry: landfall.Retry{Attempts: 2, First: time.Millisecond}}
		var before []landfall.DeadLetter
		for n := range 3 {
			config.Store = db
			h := openWith(t, config)
			do(t, h, "bad", Deposit{n + 1})
			do(t, h, "good", Deposit{n + 1})
			settle(t, h)
			letters := h.DeadLetters()
			if len(letters) != 1 || letters[0].Attempts != 2 || letters[0].Position != 1 {
				t.Fatalf("run %d: %+v", n, letters)
			}
			if d := cmp.Diff(before, letters, comparing); n > 0 && d != "" {
				t.Errorf("run %d: the letter changed\n%s", n, d)
			}
			before = letters
			shut(t, h)
			db.reopen(t)
		}
		config.Store = db
		h := openWith(t, config)
		p.set()
		if err := h.Retry(ctx, h.DeadLetters()[0]); err != nil {
			t.Fatal(err)
		}
		shut(t, h) // the decision too is kept
		db.reopen(t)
		config.Store = db
		h = openWith(t, config)
		settle(t, h)
		sameAmounts(t, "the bad account", thanked(t, db, "bad"), 1, 2, 3)
		sameAmounts(t, "the good account", thanked(t, db, "good"), 1, 2, 3)
	})
}

// TestAttemptsAreCountedAcrossRestarts.
func TestAttemptsAreCountedAcrossRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		p := &moody{}
		p.set("bad")
		config := landfall.Config{Store: s, Modules: []landfall.Module{bank(p.part())}, Logger: quiet, Retry: landfall.Retry{Attempts: 5, First: time.Hour, Most: time.Hour}}
		for n := range 5 {
			h := openWith(t, config)
			h.Start()
			if n == 0 {
				do(t, h, "bad", Deposit{1})
			}
			time.Sleep(61 * time.Minute)
			shut(t, h)
		}
		h := openWith(t, config)
		defer shut(t, h)
		letters := h.DeadLetters()
		if len(letters) != 1 || letters[0].Attempts != 5 || len(p.attempts("bad 1")) != 5 {
			t.Errorf("%d attempts; %+v", len(p.attempts("bad 1")), letters)
		}
	})
}

// TestARetryThatFailsIsADeadLetterAgain, after as many attempts as before.
func TestARetryThatFailsIsADeadLetterAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &moody{}
		p.set("bad")
		h := openWith(t, landfall.Config{Store: memory.New(), Modules: []landfall.Module{bank(p.part())}, Logger: quiet, Retry: landfall.Retry{Attempts: 3}})
		defer shut(t, h)
		do(t, h, "bad", Deposit{1})
		for n := range 3 {
			settle(t, h)
			letters := h.DeadLetters()
			if len(letters) != 1 || letters[0].Attempts != 3 || len(p.attempts("bad 1")) != 3*(n+1) {
				t.Fatalf("%d attempts; %+v", len(p.attempts("bad 1")), letters)
			}
			if err := h.Retry(ctx, letters[0]); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestDeadLettersOfNobody.
func TestDeadLettersOfNobody(t *testing.T) {
	h := open(t, memory.New(), bank(thanks()))
	for _, d := range []landfall.DeadLetter{{}, {Module: "Bank", Consumer: "Nobody"}, {Module: "Bank", Consumer: "ThankPolicy"}} {
		if err := h.Retry(ctx, d); !errors.Is(err, landfall.ErrNotFound) {
			t.Errorf("Retry(%+v): %v, want ErrNotFound", d, err)
		}
		if err := h.Skip(ctx, d); !errors.Is(err, landfall.ErrNotFound) {
			t.Errorf("Skip(%+v): %v, want ErrNotFound", d, err)
		}
	}
}
