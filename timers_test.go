package landfall_test

import (
	"context"
	"errors"
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

const month = 30 * 24 * time.Hour

// monthly thanks thirty days after a deposit, unless money was withdrawn.
func monthly() landfall.Part {
	return thanks(landfall.After(month), landfall.Unless(Withdrawn{}))
}

// TestATimerFiresWhenItIsDue, not before, and once.
func TestATimerFiresWhenItIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		h := open(t, s, bank(monthly()))
		defer shut(t, h)
		h.Start()
		first := send(t, h, landfall.Message{To: "a", Command: Deposit{1}, Actor: "Ann", Metadata: map[string]string{"k": "v"}})
		time.Sleep(24 * time.Hour)
		do(t, h, "a", Deposit{2})
		time.Sleep(29*24*time.Hour - time.Second)
		sameAmounts(t, "a second before", thanked(t, s, "a"))
		time.Sleep(2 * time.Second)
		sameAmounts(t, "after thirty days", thanked(t, s, "a"), 1)
		time.Sleep(24 * time.Hour)
		sameAmounts(t, "a day later", thanked(t, s, "a"), 1, 2)
		time.Sleep(60 * 24 * time.Hour)
		sameAmounts(t, "two months later", thanked(t, s, "a"), 1, 2)
		e := records(t, s, "Bank")[2]
		if e.Trigger != first.Events[0].ID || e.Correlation != first.Command || e.Actor != "Ann" || string(e.Metadata) != `{"k":"v"}` {
			t.Errorf("the event lost its origin: %+v", e)
		}
		if e.Command() != store.DerivedCommandID("Bank.ThankPolicy", first.Events[0].ID, 0) {
			t.Errorf("the id of the command is %s", e.Command())
		}
	})
}

// TestUnlessWithdrawsATimer, for the same aggregate only, whatever the ids look
// like.
func TestUnlessWithdrawsATimer(t *testing.T) {
	for _, settled := range []bool{true, false} { // or all in one batch
		t.Run(fmt.Sprintf("settled=%v", settled), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := memory.New()
				h := open(t, s, bank(monthly()))
				defer shut(t, h)
				pause := func() {
					if settled {
						settle(t, h)
					}
				}
				for _, id := range []landfall.AggregateID{"a", "a/b", "ab", "b", "a/"} {
					do(t, h, id, Deposit{10})
					pause()
				}
				do(t, h, "a", Withdraw{1})
				pause()
				do(t, h, "a", Deposit{20}) // a new one is not withdrawn
				settle(t, h)
				time.Sleep(month + time.Second)
				settle(t, h)
				sameAmounts(t, "a", thanked(t, s, "a"), 20)
				for _, id := range []landfall.AggregateID{"a/b", "ab", "b", "a/"} {
					sameAmounts(t, string(id), thanked(t, s, id), 10)
				}
			})
		})
	}
}

// TestATimerOutlivesARestart: what became due in the meantime is sent then.
func TestATimerOutlivesARestart(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		past := time.Now().Add(-month)
		write(t, db, "Bank", "Account/due", "Deposited", `{"Amount":1}`, past.Add(-time.Hour))
		write(t, db, "Bank", "Account/young", "Deposited", `{"Amount":1}`, past.Add(time.Hour))
		write(t, db, "Bank", "Account/withdrawn", "Deposited", `{"Amount":1}`, past.Add(-time.Hour))
		write(t, db, "Bank", "Account/withdrawn", "Withdrawn", `{"Amount":1}`, past)
		for range 3 {
			h := open(t, db, bank(monthly()))
			settle(t, h)
			sameAmounts(t, "due", thanked(t, db, "due"), 1)
			sameAmounts(t, "young", thanked(t, db, "young"))
			sameAmounts(t, "withdrawn", thanked(t, db, "withdrawn"))
			shut(t, h)
			db.reopen(t)
		}
	})
}

// TestATimerThatWasSetFiresAfterARestart, by a host that never saw the event.
func TestATimerThatWasSetFiresAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		h := open(t, s, bank(monthly()))
		for n := range 3 {
			do(t, h, account(n), Deposit{n + 1})
		}
		settle(t, h)
		shut(t, h)
		time.Sleep(2 * month)
		h = open(t, s, bank(monthly()))
		defer shut(t, h)
		do(t, h, account(1), Withdraw{1}) // too late: it was due a month ago
		h.Start()
		settle(t, h)
		sameAmounts(t, "0", thanked(t, s, account(0)), 1)
		sameAmounts(t, "1", thanked(t, s, account(1)), 2)
		sameAmounts(t, "2", thanked(t, s, account(2)), 3)
	})
}

// TestATimerAsksItsPolicyFirst: the event that withdraws it has happened in time,
// and the policy is only slow to hear of it.
func TestATimerAsksItsPolicyFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		h := open(t, s, bank(monthly()))
		do(t, h, "a", Deposit{1})
		settle(t, h)
		do(t, h, "a", Withdraw{1})
		shut(t, h)
		time.Sleep(2 * month)
		slow := landfall.Hooks{Around: func(ctx context.Context, op landfall.Operation) (context.Context, func(error)) {
			if op.Kind == landfall.OpPolicy {
				time.Sleep(time.Minute)
			}
			return ctx, func(error) {}
		}}
		h = openWith(t, landfall.Config{Store: s, Modules: []landfall.Module{bank(monthly())}, Logger: quiet, Hooks: slow})
		defer shut(t, h)
		h.Start()
		time.Sleep(time.Hour)
		sameAmounts(t, "a", thanked(t, s, "a"))
	})
}

// TestATimerIsSentOnceThroughAKill: its command is sent, and the store dies
// before the timer is deleted.
func TestATimerIsSentOnceThroughAKill(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		write(t, db, "Bank", "Account/a", "Deposited", `{"Amount":1}`, time.Now().Add(-2*month))
		kills := 0
		tap := &tapped{Store: db, commit: func(c store.Changes) error {
			if touches(c, "timers") && len(c.Expect) > 0 && c.Expect[0].Collection == "timers" && kills < 3 {
				kills++
				return errKilled
			}
			return nil
		}}
		for range 3 {
			h := open(t, tap, bank(monthly()))
			if err := h.Settle(ctx); !errors.Is(err, errKilled) {
				t.Errorf("got %v", err)
			}
			_ = h.Close()
			db.reopen(t)
			tap.Store = db
		}
		h := open(t, tap, bank(monthly()))
		settle(t, h)
		if kills != 3 {
			t.Errorf("killed %d times", kills)
		}
		sameAmounts(t, "a", thanked(t, db, "a"), 1)
	})
}

// TestATimerForAnotherModuleIsTriedAgain until it is taken.
func TestATimerForAnotherModuleIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		var tries atomic.Int32
		letter := landfall.When("LetterPolicy", func(e Deposited, m landfall.Metadata) []landfall.Command {
			return []landfall.Command{landfall.To("box", Post{fmt.Sprint(e.Amount)})}
		}, landfall.SendsTo("Mail", Post{}), landfall.After(time.Hour))
		h := open(t, s, bank(letter), mail(func(context.Context, Post, landfall.ID) error {
			if tries.Add(1) < 4 {
				return errors.New("jammed")
			}
			return nil
		}))
		defer shut(t, h)
		h.Start()
		do(t, h, "a", Deposit{7})
		time.Sleep(time.Hour + time.Minute)
		if d := cmp.Diff([]string{"Posted"}, kinds(t, s, "Mail")); d != "" || tries.Load() != 4 {
			t.Errorf("%d tries (-want +got)\n%s", tries.Load(), d)
		}
	})
}

// TestARejectedTimerIsDone.
func TestARejectedTimerIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		asked := 0
		fee := landfall.When("FeePolicy", func(e Deposited, m landfall.Metadata) []landfall.Command {
			return []landfall.Command{Withdraw{100}}
		}, landfall.Sends(Withdraw{}), landfall.After(time.Hour))
		hooks := landfall.Hooks{Command: func(_ context.Context, m landfall.Message) {
			if _, ok := m.Command.(Withdraw); ok {
				asked++
			}
		}}
		h := openWith(t, landfall.Config{Store: s, Modules: []landfall.Module{bank(fee)}, Hooks: hooks, Logger: quiet})
		do(t, h, "a", Deposit{1})
		for range 5 {
			settle(t, h)
			time.Sleep(time.Hour)
		}
		shut(t, h)
		if asked != 1 {
			t.Errorf("the command was sent %d times", asked)
		}
	})
}

// TestATimersCommandMayBeRenamed while it waits.
func TestATimersCommandMayBeRenamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		old := landfall.NewModule("Bank",
			landfall.Handle(Account.Deposit, landfall.Emits(Deposited{})),
			landfall.Handle(Account.Thank, landfall.Emits(Thanked{})),
			landfall.Named[Thank]("SayThanks"),
			monthlyWithoutUnless(),
		)
		h := open(t, s, old)
		do(t, h, "a", Deposit{1})
		settle(t, h)
		shut(t, h)
		time.Sleep(2 * month)
		h = open(t, s, bank(monthly(), landfall.Renamed[Thank]("SayThanks")))
		defer shut(t, h)
		settle(t, h)
		sameAmounts(t, "a", thanked(t, s, "a"), 1)
	})
}

func monthlyWithoutUnless() landfall.Part { return thanks(landfall.After(month)) }
