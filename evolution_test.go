package landfall_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

// PaidIn is a shape of Deposited from the days of cents and text.
type (
	PaidInV1 struct{ Cents string }
	PaidInV2 struct{ Cents int }
)

func centsAsNumber(old PaidInV1) PaidInV2 {
	var cents int
	_, _ = fmt.Sscan(old.Cents, &cents)
	return PaidInV2{cents}
}

func wholeUnits(old PaidInV2) Deposited { return Deposited{old.Cents / 100} }

// modern is the bank as it reads all that older programs have written.
func modern(more ...landfall.Part) landfall.Module {
	return bank(append([]landfall.Part{
		landfall.Renamed[Deposited]("MoneyCameIn"),
		landfall.Upcast("PaidIn", centsAsNumber),
		landfall.Upcast("PaidIn.2", wholeUnits),
		landfall.Retired("TellerSmiled"),
		statements(), thanks(),
	}, more...)...)
}

// TestOldEventsAreRead by whoever reads events: the aggregate, policies,
// projections, rebuilds, history and causes.
func TestOldEventsAreRead(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		now := time.Now()
		write(t, db, "Bank", "Account/a", "MoneyCameIn", `{"Amount":1}`, now)
		write(t, db, "Bank", "Account/a", "PaidIn", `{"Cents":"200"}`, now)
		write(t, db, "Bank", "Account/a", "TellerSmiled", `{"not":"read at all`, now)
		upcast := write(t, db, "Bank", "Account/a", "PaidIn.2", `{"Cents":300}`, now)
		write(t, db, "Bank", "Account/a", "Deposited", `{"Amount":4}`, now)
		h := open(t, db, modern())
		for range 2 {
			settle(t, h)
			want := map[string]Statement{"a": {Balance: 10, Moves: 4, Steps: []int{1, 2, 3, 4}}}
			if d := cmp.Diff(want, documents[Statement](t, h, "Statements")); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
			if err := h.Rebuild(ctx, "Statements", nil); err != nil {
				t.Fatal(err)
			}
		}
		sameAmounts(t, "thanks", thanked(t, db, "a"), 1, 2, 3, 4)
		if a := load(t, h, "a"); a.Balance != 10 {
			t.Errorf("balance %d, want 10", a.Balance)
		}
		if e, err := h.Event(ctx, upcast.ID); err != nil || e.Type != "Deposited" || e.Event != (Deposited{3}) {
			t.Errorf("%+v, %v", e, err)
		}
		var types []string
		for e, err := range history(t, h, "a") {
			if err != nil {
				t.Fatal(err)
			}
			types = append(types, fmt.Sprintf("%s %v", e.Type, e.Event))
		}
		want := []string{
			"Deposited {1}", "Deposited {2}", "TellerSmiled <nil>", "Deposited {3}", "Deposited {4}",
			"Thanked {1}", "Thanked {2}", "Thanked {3}", "Thanked {4}",
		}
		if d := cmp.Diff(want, types); d != "" {
			t.Errorf("the history (-want +got)\n%s", d)
		}
	})
}

// TestANameOfItsOwn is what an event is stored under, whatever its type is
// called, so that the type can be renamed freely.
func TestANameOfItsOwn(t *testing.T) {
	s := memory.New()
	h := open(t, s, bank(landfall.Named[Deposited]("bank.deposited.v1"), statements()))
	do(t, h, "a", Deposit{5})
	settle(t, h)
	if d := cmp.Diff([]string{"bank.deposited.v1"}, kinds(t, s, "Bank")); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if documents[Statement](t, h, "Statements")["a"].Balance != 5 {
		t.Error("it is not read again")
	}
}

// TestARenamedAggregateKeepsItsHistory under the name that it had.
func TestARenamedAggregateKeepsItsHistory(t *testing.T) {
	s := memory.New()
	h := open(t, s, bank())
	do(t, h, "a", Deposit{7})
	shut(t, h)
	h = open(t, s, landfall.NewModule("Bank",
		landfall.Named[wideAccount]("Account"),
		landfall.Handle(func(a wideAccount, c Deposit) ([]landfall.Event, error) {
			return nil, landfall.Reject("there are %d deposits", a.Deposits)
		}, landfall.Emits(Deposited{}))))
	if _, err := h.Dispatch(ctx, landfall.To("a", Deposit{1})); err == nil || !strings.Contains(err.Error(), "there are 1 deposits") {
		t.Errorf("got %v", err)
	}
}

// TestAnUnreadableEventIsAClearError that names the event, wherever it is met,
// and is never passed over.
func TestAnUnreadableEventIsAClearError(t *testing.T) {
	for name, test := range map[string]struct{ kind, data, text string }{
		"unknown name": {
			"MoneyVanished", `{}`,
			`module Bank knows no event "MoneyVanished"; if it was renamed, wire landfall.Renamed[NewName]("MoneyVanished"); if it means nothing any more, landfall.Retired("MoneyVanished")`,
		},
		"another shape": {"Deposited", `{"Amount":"five"}`, "cannot unmarshal string into Go struct field Deposited.Amount of type int"},
		"not JSON":      {"Deposited", `{"Amount"`, "unexpected end of JSON input"},
		"old shape":     {"PaidIn", `{"Cents":200}`, "cannot unmarshal number into Go struct field PaidInV1.Cents of type string"},
	} {
		t.Run(name, func(t *testing.T) {
			onEachStore(t, func(t *testing.T, db *database) {
				h := open(t, db, modern())
				do(t, h, "bad", Deposit{1})
				settle(t, h)
				shut(t, h)
				r := write(t, db, "Bank", "Account/bad", test.kind, test.data, time.Now())
				unreadable(t, db, fmt.Sprintf("the event cannot be read: %s %s, version 3 of Account/bad, at position 3 of module Bank: ", test.kind, r.ID), test.text)
			})
		})
	}
}

func unreadable(t *testing.T, db *database, place, reason string) {
	t.Helper()
	h := open(t, db, modern())
	says := func(what string, text string) {
		t.Helper()
		if !strings.Contains(text, place) || !strings.Contains(text, reason) {
			t.Errorf("%s says %q, want %q and %q", what, text, place, reason)
		}
	}
	_, err := h.Dispatch(ctx, landfall.To("bad", Deposit{1}))
	if !errors.Is(err, landfall.ErrUnreadable) {
		t.Fatalf("Dispatch: %v, want ErrUnreadable", err)
	}
	says("Dispatch", err.Error())
	for _, err := range history(t, h, "bad") {
		if err != nil {
			says("History", err.Error())
		}
	}
	do(t, h, "good", Deposit{1})
	settle(t, h) // at once: another attempt would not help
	letters := h.DeadLetters()
	var consumers []string
	for _, d := range letters {
		consumers = append(consumers, d.Consumer)
		says(d.Consumer, d.Error)
		if d.Position != 3 || d.Attempts != 1 || d.Aggregate != "bad" {
			t.Errorf("%+v", d)
		}
	}
	if d := cmp.Diff([]string{"ThankPolicy", "Statements@1"}, consumers); d != "" {
		t.Errorf("who noticed (-want +got)\n%s", d)
	}
	if n := documents[Statement](t, h, "Statements")["good"].Balance; n != 1 {
		t.Errorf("the good account shows %d", n)
	}
	sameAmounts(t, "the good account", thanked(t, db, "good"), 1)
	if err := h.Rebuild(ctx, "Statements", nil); err != nil {
		t.Fatal(err)
	}
	if s := documents[Statement](t, h, "Statements"); s["good"].Balance != 1 || s["bad"].Balance != 1 {
		t.Errorf("rebuilt: %+v", s)
	}
}

// TestAnEventThatCanBeReadAgainIsAnswered after the code was mended.
func TestAnEventThatCanBeReadAgainIsAnswered(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		write(t, db, "Bank", "Account/a", "MoneyCameIn", `{"Amount":1}`, time.Now())
		write(t, db, "Bank", "Account/a", "Deposited", `{"Amount":2}`, time.Now())
		h := open(t, db, bank(statements(), thanks())) // somebody forgot Renamed
		settle(t, h)
		if n := len(h.DeadLetters()); n != 2 {
			t.Fatalf("%d dead letters, want 2", n)
		}
		sameAmounts(t, "held back", thanked(t, db, "a"))
		shut(t, h)
		db.reopen(t)
		h = open(t, db, modern())
		for _, d := range h.DeadLetters() {
			if err := h.Retry(ctx, d); err != nil {
				t.Fatal(err)
			}
		}
		settle(t, h)
		sameAmounts(t, "answered in order", thanked(t, db, "a"), 1, 2)
		if d := cmp.Diff([]int{1, 2}, documents[Statement](t, h, "Statements")["a"].Steps); d != "" {
			t.Error(d)
		}
	})
}

// TestAnUnheardUnknownEventHoldsAQuietPolicyToo: nobody can know whether it
// would have meant something.
func TestAnUnheardUnknownEventIsNotPassedOver(t *testing.T) {
	s := memory.New()
	write(t, s, "Bank", "Account/a", "MoneyVanished", `{}`, time.Now())
	h := open(t, s, bank(landfall.When("QuietPolicy", silent[Withdrawn], landfall.Sends(Thank{}))))
	settle(t, h)
	if n := len(h.DeadLetters()); n != 1 {
		t.Errorf("%d dead letters, want 1", n)
	}
}

// TestRetiredEventsOfAnotherShape do not stop a snapshot or a policy.
func TestRetiredEventsMeanNothing(t *testing.T) {
	s := memory.New()
	for range 5 {
		write(t, s, "Bank", "Account/a", "TellerSmiled", `broken`, time.Now())
	}
	h := openWith(t, landfall.Config{Store: s, Modules: []landfall.Module{modern()}, SnapshotEvery: 2})
	r := do(t, h, "a", Deposit{1})
	if r.Events[0].Version != 6 {
		t.Errorf("%+v", r.Events[0])
	}
	settle(t, h)
	if letters := h.DeadLetters(); len(letters) != 0 {
		t.Errorf("%+v", letters)
	}
}
