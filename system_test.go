package landfall_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// TestTheOutsideIsCalledAgainUnderTheSameID when its outcome was not recorded,
// and not when it was. (Promise 3.)
func TestTheOutsideIsCalledAgainUnderTheSameID(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		var calls notebook
		lost := true
		tap := &tapped{Store: db, append: func(a store.Append) error {
			if lost {
				return errKilled // after the letter was posted
			}
			return nil
		}}
		m := mail(func(_ context.Context, c Post, id landfall.ID) error {
			calls.note(c.Text + " " + id.String())
			return nil
		})
		letter := landfall.Message{To: "ann", Command: Post{"dear"}, Key: "letter 1"}
		h := open(t, tap, m)
		if _, err := h.Dispatch(ctx, letter); !errors.Is(err, errKilled) {
			t.Errorf("got %v", err)
		}
		shut(t, h)
		db.reopen(t)
		tap.Store, lost = db, false
		h = open(t, tap, m)
		first := send(t, h, letter)
		again := send(t, h, letter)
		sameResult(t, "the repeat", first, again)
		got := calls.all()
		want := "dear " + store.KeyedCommandID("letter 1").String()
		if d := cmp.Diff([]string{want, want}, got); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		if n := len(records(t, db, "Mail")); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
	})
}

// TestAnAttemptIsBoundedInTime.
func TestAnAttemptIsBoundedInTime(t *testing.T) {
	for name, test := range map[string]struct {
		options []landfall.Option
		want    time.Duration
	}{"default": {nil, 30 * time.Second}, "own": {[]landfall.Option{landfall.Timeout(2 * time.Second)}, 2 * time.Second}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := memory.New()
				h := open(t, s, mail(func(ctx context.Context, c Post, _ landfall.ID) error {
					<-ctx.Done()
					return ctx.Err()
				}, test.options...))
				defer shut(t, h)
				start := time.Now()
				_, err := h.Dispatch(ctx, landfall.To("ann", Post{}))
				if took := time.Since(start); took != test.want {
					t.Errorf("it took %v, want %v", took, test.want)
				}
				if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), fmt.Sprintf("Post by Letterbox: context deadline exceeded (it took longer than %v", test.want)) {
					t.Errorf("got %v", err)
				}
				if n := len(records(t, s, "Mail")); n != 0 {
					t.Errorf("%d events", n)
				}
			})
		})
	}
}

// TestWhatTheOutsideAnswers: rejections are final, errors are not, and a panic
// is an error.
func TestWhatTheOutsideAnswers(t *testing.T) {
	s := memory.New()
	h := open(t, s, mail(func(_ context.Context, c Post, _ landfall.ID) error {
		switch c.Text {
		case "reject":
			return landfall.Reject("no stamps")
		case "panic":
			panic("paper jam")
		default:
			return errors.New("out of order")
		}
	}))
	for text, want := range map[string]string{
		"reject": "Post by Letterbox: no stamps",
		"panic":  "Post by Letterbox: Letterbox panicked: paper jam",
		"error":  "Post by Letterbox: out of order",
	} {
		_, err := h.Dispatch(ctx, landfall.To("ann", Post{text}))
		if err == nil || err.Error() != want || errors.Is(err, landfall.ErrRejected) != (text == "reject") {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
	if n := len(records(t, s, "Mail")); n != 0 {
		t.Errorf("%d events", n)
	}
}

// TestCommandsAboutOneThingArePerformedInTurn, those about others at once.
func TestCommandsAboutOneThingArePerformedInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most, other atomic.Int32
		h := open(t, memory.New(), mail(func(_ context.Context, c Post, _ landfall.ID) error {
			if c.Text == "other" {
				other.Store(now.Load())
				return nil
			}
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Second)
			now.Add(-1)
			return nil
		}))
		defer shut(t, h)
		start := time.Now()
		var callers sync.WaitGroup
		for range 10 {
			callers.Go(func() { do(t, h, "ann", Post{"dear"}) })
		}
		time.Sleep(time.Second / 2)
		do(t, h, "bob", Post{"other"})
		callers.Wait()
		if most.Load() != 1 || time.Since(start) != 10*time.Second {
			t.Errorf("%d at once, in %v", most.Load(), time.Since(start))
		}
		if other.Load() != 1 {
			t.Error("a letter to somebody else had to wait")
		}
	})
}

// TestWaitingForATurnEndsWithTheContext.
func TestWaitingForATurnEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		h := open(t, s, mail(func(context.Context, Post, landfall.ID) error {
			time.Sleep(20 * time.Second)
			return nil
		}))
		defer shut(t, h)
		start := time.Now()
		go do(t, h, "ann", Post{"dear"})
		synctest.Wait()
		within, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if _, err := h.Dispatch(within, landfall.To("ann", Post{"dear"})); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("it waited %v, want a second", waited)
		}
		do(t, h, "ann", Post{"again"})
		got := records(t, s, "Mail")
		if len(got) != 2 || got[0].Time.Sub(start) != 20*time.Second || got[1].Time.Sub(start) != 40*time.Second {
			t.Errorf("events are recorded when they happened: %+v", got)
		}
	})
}

// TestAnOutcomeIsRecordedOnce when two hosts perform the same command: both
// call the outside, and both return the one outcome.
func TestAnOutcomeIsRecordedOnce(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		var calls atomic.Int32
		both := make(chan struct{})
		m := mail(func(context.Context, Post, landfall.ID) error {
			if calls.Add(1) == 2 {
				close(both)
			}
			<-both
			return nil
		})
		var firsts atomic.Int32
		var callers sync.WaitGroup
		for _, h := range []*landfall.Host{open(t, db, m), open(t, db, m)} {
			callers.Go(func() {
				r, err := h.Dispatch(ctx, landfall.Message{To: "ann", Command: Post{"dear"}, Key: "k"})
				if err != nil || len(r.Events) != 1 {
					t.Errorf("%+v, %v", r, err)
				}
				if !r.Repeated {
					firsts.Add(1)
				}
			})
		}
		callers.Wait()
		if n := len(records(t, db, "Mail")); n != 1 || firsts.Load() != 1 {
			t.Errorf("%d events, %d firsts, want 1 and 1", n, firsts.Load())
		}
	})
}

// TestAnOutcomeIsRecordedWhenTheCallerHasGone, because it has happened.
func TestAnOutcomeIsRecordedWhenTheCallerHasGone(t *testing.T) {
	s := memory.New()
	leaving, leave := context.WithCancel(ctx)
	h := open(t, s, mail(func(context.Context, Post, landfall.ID) error {
		leave()
		return nil
	}))
	if _, err := h.Dispatch(leaving, landfall.To("ann", Post{"dear"})); err != nil {
		t.Error(err)
	}
	if n := len(records(t, s, "Mail")); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}

// TestASystemMayDispatchFurther: it is outside of the module.
func TestASystemMayDispatchFurther(t *testing.T) {
	var h *landfall.Host
	s := memory.New()
	h = open(t, s, bank(), mail(func(ctx context.Context, c Post, id landfall.ID) error {
		_, err := h.Dispatch(ctx, landfall.Message{To: "fees", Command: Deposit{1}, Key: id.String()})
		return err
	}))
	do(t, h, "ann", Post{"dear"})
	if n := len(records(t, s, "Bank")); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}
