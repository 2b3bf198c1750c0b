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
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// TestAnOutageIsRiddenOut: what fails a few times is answered once, in order.
func TestAnOutageIsRiddenOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		var ids notebook
		until := time.Now().Add(time.Second)
		letter := landfall.When("LetterPolicy", func(e Deposited, m landfall.Metadata) []landfall.Command {
			return []landfall.Command{landfall.To("box", Post{fmt.Sprint(e.Amount)})}
		}, landfall.SendsTo("Mail", Post{}))
		h := open(t, s, bank(letter), mail(func(_ context.Context, c Post, id landfall.ID) error {
			ids.note(c.Text + " " + id.String())
			if time.Now().Before(until) {
				return errors.New("the letterbox is jammed")
			}
			return nil
		}))
		defer shut(t, h)
		h.Start()
		do(t, h, "a", Deposit{1})
		do(t, h, "a", Deposit{2})
		settle(t, h)
		var texts []string
		for _, r := range records(t, s, "Mail") {
			texts = append(texts, string(r.Data))
		}
		if d := cmp.Diff([]string{`{"Text":"1"}`, `{"Text":"2"}`}, texts); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		tries := map[string]int{}
		for _, id := range ids.all() {
			tries[id]++
		}
		if len(tries) != 2 {
			t.Errorf("the attempts had these ids, want one for each command: %v", tries)
		}
		if letters := h.DeadLetters(); len(letters) != 0 {
			t.Errorf("%+v", letters)
		}
	})
}

// TestEveryEventIsAnsweredOnceOrSkipped: whatever fails, is retried, skipped
// and restarted in whatever order, each account is thanked for what was not
// skipped, once and in order.
func TestEveryEventIsAnsweredOnceOrSkipped(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := memory.New()
		p := &moody{}
		config := landfall.Config{Store: s, Modules: []landfall.Module{bank(p.part())}, Logger: quiet, Retry: landfall.Retry{Attempts: 1}}
		h := openWith(t, config)
		deposits, skipped := map[landfall.AggregateID]int{}, map[string]bool{}
		ids := rapid.SampledFrom([]landfall.AggregateID{"a", "b", "c"})
		check := func(err error) {
			if err != nil {
				r.Fatal(err)
			}
		}
		some := func(r *rapid.T) landfall.DeadLetter {
			letters := h.DeadLetters()
			if len(letters) == 0 {
				r.Skip("no dead letter")
			}
			return letters[rapid.IntRange(0, len(letters)-1).Draw(r, "letter")]
		}
		r.Repeat(map[string]func(*rapid.T){
			"deposit": func(r *rapid.T) {
				id := ids.Draw(r, "account")
				deposits[id]++
				_, err := h.Dispatch(ctx, landfall.To(id, Deposit{deposits[id]}))
				check(err)
			},
			"break": func(r *rapid.T) {
				id := ids.Draw(r, "account")
				p.set(fmt.Sprintf("%s %d", id, deposits[id]+rapid.IntRange(0, 2).Draw(r, "ahead")))
			},
			"mend":   func(*rapid.T) { p.set() },
			"settle": func(*rapid.T) { check(h.Settle(ctx)) },
			"retry":  func(r *rapid.T) { check(h.Retry(ctx, some(r))) },
			"skip": func(r *rapid.T) {
				d := some(r)
				e, err := h.Event(ctx, d.Event)
				check(err)
				skipped[fmt.Sprintf("%s %d", d.Aggregate, e.Event.(Deposited).Amount)] = true
				check(h.Skip(ctx, d))
			},
			"restart": func(*rapid.T) {
				check(h.Close())
				h = openWith(t, config)
			},
		})
		p.set()
		for check(h.Settle(ctx)); len(h.DeadLetters()) > 0; check(h.Settle(ctx)) {
			check(h.Retry(ctx, h.DeadLetters()[0]))
		}
		for id, n := range deposits {
			var want []int
			for amount := 1; amount <= n; amount++ {
				if !skipped[fmt.Sprintf("%s %d", id, amount)] {
					want = append(want, amount)
				}
			}
			if d := cmp.Diff(want, thanked(t, s, id)); d != "" {
				r.Fatalf("%s (-want +got)\n%s", id, d)
			}
		}
		check(h.Close())
	})
}

// TestAFullDiskIsNoEventsFault: the policy waits for room, and parks nothing.
func TestAFullDiskIsNoEventsFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		var mu sync.Mutex
		full := false
		tap := &tapped{Store: s, append: func(a store.Append) error {
			mu.Lock()
			defer mu.Unlock()
			if full && a.Records[0].Type == "Thanked" {
				return store.ErrFull
			}
			return nil
		}}
		set := func(v bool) { mu.Lock(); full = v; mu.Unlock() }
		h := open(t, tap, bank(thanks()))
		defer shut(t, h)
		h.Start()
		set(true)
		for n := range 3 {
			do(t, h, "a", Deposit{n + 1})
		}
		time.Sleep(time.Minute)
		if letters := h.DeadLetters(); len(letters) != 0 {
			t.Errorf("dead letters: %+v", letters)
		}
		set(false)
		time.Sleep(time.Minute)
		sameAmounts(t, "when there is room", thanked(t, s, "a"), 1, 2, 3)
	})
}

// TestTheLogSaysWhatWaits: an operator reads of each failed attempt.
func TestTheLogSaysWhatWaits(t *testing.T) {
	var log strings.Builder
	p := &moody{}
	p.set("bad")
	h := openWith(t, landfall.Config{
		Store: memory.New(), Modules: []landfall.Module{bank(p.part())}, Logger: textLogger(&log),
		Retry: landfall.Retry{Attempts: 2, First: time.Millisecond},
	})
	do(t, h, "bad", Deposit{1})
	settle(t, h)
	for _, want := range []string{
		"event could not be answered, and is tried again", "attempt=1",
		"event is a dead letter; later events of its aggregate wait here until it is retried or skipped", "attempt=2",
		"module=Bank", "policy=MoodyPolicy", "event=Deposited", "aggregate=bad",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, log.String())
		}
	}
}
