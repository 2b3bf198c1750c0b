package landfall_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/inprocess"
)

// The tests of what crosses modules use a second module, Audit, which hears
// what the bank publishes and has types of its own for it.

// PaidIn is the bank's Deposited, as the audit sees it.
type PaidIn struct{ Amount int }

type (
	Check   struct{ Amount int }
	Checked struct{ Amount int }
)

type File struct{ Sum int }

func (f File) Check(c Check) ([]landfall.Event, error) {
	if c.Amount == 13 {
		return nil, landfall.Reject("nobody checks 13")
	}
	return []landfall.Event{Checked(c)}, nil
}

func (f *File) Apply(e landfall.Event) {
	if c, ok := e.(Checked); ok {
		f.Sum += c.Amount
	}
}

// Dossier shows what was heard of an account.
type Dossier struct {
	From  string
	Heard []int
}

func (d *Dossier) PaidIn(e PaidIn, m landfall.Metadata) {
	d.From = m.From
	d.Heard = append(d.Heard, e.Amount)
}

// audit is the module Audit with more parts, if any.
func audit(more ...landfall.Part) landfall.Module {
	return landfall.NewModule("Audit", append([]landfall.Part{
		landfall.Named[PaidIn]("Deposited"),
		landfall.HearsFrom("Bank", PaidIn{}),
		landfall.Handle(File.Check, landfall.Emits(Checked{})),
		landfall.When("CheckPolicy", func(e PaidIn, _ landfall.Metadata) []landfall.Command {
			return []landfall.Command{Check(e)}
		}, landfall.Sends(Check{})),
		landfall.Project("Dossiers", landfall.On((*Dossier).PaidIn)),
	}, more...)...)
}

// openBank is the bank that publishes its deposits.
func openBank(more ...landfall.Part) landfall.Module {
	return bank(append(more, landfall.Publishes(Deposited{}))...)
}

// TestAnEventIsHeardOnceAndInOrder by another module of the host, under its own
// id, and only what is published. (Promise 6.)
func TestAnEventIsHeardOnceAndInOrder(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		h := open(t, db, openBank(), audit())
		first := do(t, h, "a", Deposit{1}).Events[0]
		for i := range 5 {
			do(t, h, account(i%2), Deposit{i + 2})
			do(t, h, account(i%2), Withdraw{1})
		}
		settle(t, h)
		want := map[string]Dossier{"a": {"Bank", []int{1}}, "account-0": {"Bank", []int{2, 4, 6}}, "account-1": {"Bank", []int{3, 5}}}
		if d := cmp.Diff(want, documents[Dossier](t, h, "Dossiers")); d != "" {
			t.Errorf("dossiers (-want +got)\n%s", d)
		}
		if n := count(t, db, "Audit", "Checked"); n != 6 {
			t.Errorf("%d were checked, want 6", n)
		}
		got, err := h.Consequences(ctx, first.ID)
		if err != nil || len(got.Led) != 1 || got.Led[0].Module != "Audit" || got.Led[0].Type != "Checked" || got.Led[0].Trigger != first.ID || got.Led[0].Correlation != first.Correlation {
			t.Errorf("%+v, %v", got, err)
		}
		before := allRecords(t, db, "Audit")
		shut(t, h)
		db.reopen(t)
		h = open(t, db, openBank(), audit())
		settle(t, h)
		if d := cmp.Diff(len(before), len(allRecords(t, db, "Audit"))); d != "" {
			t.Errorf("records after a restart (-want +got)\n%s", d)
		}
	})
}

// process is a host of its own, with its own store and its own way to the bus.
type process struct {
	*landfall.Host
	store store.Store
	road  transport.Transport
}

func start(t testing.TB, bus *inprocess.Bus, s store.Store, modules ...landfall.Module) *process {
	t.Helper()
	return startWith(t, bus.Connect(), landfall.Config{Store: s, Modules: modules})
}

func startWith(t testing.TB, road transport.Transport, config landfall.Config) *process {
	t.Helper()
	config.Transport = road
	p := &process{openWith(t, config), config.Store, road}
	p.Start()
	t.Cleanup(p.stop)
	return p
}

func (p *process) stop() {
	_ = p.Close()
	_ = p.road.Close()
}

// eventually waits, in virtual time, until the condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for range 600 {
		synctest.Wait()
		if holds() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("after a minute: not %s", what)
}

// TestModulesInTwoProcesses: events one way and commands the other, and whoever
// is not there gets it later.
func TestModulesInTwoProcesses(t *testing.T) {
	for _, late := range []bool{false, true} {
		t.Run(fmt.Sprintf("late=%v", late), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bus := inprocess.New()
				thank := landfall.When("ThankPolicy", func(e Checked, _ landfall.Metadata) []landfall.Command {
					return []landfall.Command{Thank{e.Amount}}
				}, landfall.SendsTo("Bank", Thank{}))
				here, there := memory.New(), memory.New()
				b := start(t, bus, here, openBank(statements()))
				if !late {
					start(t, bus, there, audit(thank))
				}
				for i := range 100 {
					do(t, b.Host, account(i%3), Deposit{i + 1})
				}
				if late {
					time.Sleep(time.Hour)
					bus.Lose()
					start(t, bus, there, audit(thank))
				}
				eventually(t, "thanked for everything", func() bool { return count(t, here, "Bank", "Thanked") == 99 })
				if got := count(t, there, "Audit", "Checked"); got != 99 {
					t.Errorf("%d were checked, want 99: nobody checks 13", got)
				}
				inTurn(t, here, there)
				if d := cmp.Diff(amounts(t, there, "Audit", "@Bank.Deposited"), amounts(t, here, "Bank", "Deposited")); d != "" {
					t.Errorf("heard in another order than it happened (-heard +happened)\n%s", d)
				}
			})
		})
	}
}

// amounts returns the data of a log's records of one type, in order.
func amounts(t testing.TB, s store.Store, module, kind string) (all []string) {
	t.Helper()
	for _, r := range allRecords(t, s, module) {
		if r.Type == kind {
			all = append(all, string(r.Data))
		}
	}
	return all
}

// TestCommandsAreSentInTheOrderOfTheirEvents, however many aggregates a policy
// answers at once.
func TestCommandsAreSentInTheOrderOfTheirEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		h := open(t, s, bank(landfall.When("LetterPolicy", func(e Deposited, m landfall.Metadata) []landfall.Command {
			return []landfall.Command{Post{fmt.Sprint(e.Amount)}}
		}, landfall.SendsTo("Mail", Post{}))), mail(func(context.Context, Post, landfall.ID) error { return nil }))
		defer shut(t, h)
		var want []string
		for i := range 200 {
			do(t, h, account(i), Deposit{i + 1})
			want = append(want, fmt.Sprintf(`{"Text":"%d"}`, i+1))
		}
		h.Start()
		settle(t, h)
		if d := cmp.Diff(want, amounts(t, s, "Mail", "<Post")); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
	})
}

// inTurn checks that what one module sent is in the other's log once and in
// the same order.
func inTurn(t testing.TB, bank, audit store.Store) {
	t.Helper()
	for _, way := range []struct {
		from, to         store.Store
		sender, receiver string
		sent, received   string
	}{
		{bank, audit, "Bank", "Audit", "Deposited", "@Bank.Deposited"},
		{audit, bank, "Audit", "Bank", ">Bank.Thank", "<Thank"},
	} {
		var sent, received []string
		for _, r := range allRecords(t, way.from, way.sender) {
			if r.Type == way.sent {
				sent = append(sent, r.Stream[strings.Index(r.Stream, "/"):]+string(r.Data))
			}
		}
		for _, r := range allRecords(t, way.to, way.receiver) {
			if r.Type == way.received {
				received = append(received, r.Stream[strings.Index(r.Stream, "/"):]+string(r.Data))
			}
		}
		if d := cmp.Diff(sent, received); d != "" {
			t.Errorf("%s to %s (-sent +received)\n%s", way.sender, way.receiver, d)
		}
	}
}

// TestWhatTheRoadLosesIsSentAgain, also when nothing comes after it that would
// show the gap.
func TestWhatTheRoadLosesIsSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		here, there := memory.New(), memory.New()
		leaky := &lossy{Transport: bus.Connect()}
		b := startWith(t, leaky, landfall.Config{Store: here, Modules: []landfall.Module{openBank()}})
		start(t, bus, there, audit())
		do(t, b.Host, "a", Deposit{1})
		eventually(t, "the first was checked", func() bool { return count(t, there, "Audit", "Checked") == 1 })
		leaky.loses.Store(true)
		do(t, b.Host, "a", Deposit{2})
		do(t, b.Host, "b", Deposit{3})
		time.Sleep(100 * time.Millisecond)
		leaky.loses.Store(false)
		eventually(t, "all were checked", func() bool { return count(t, there, "Audit", "Checked") == 3 })
		if leaky.lost.Load() != 2 {
			t.Errorf("%d messages were lost, want 2", leaky.lost.Load())
		}
	})
}

// lossy is a road that takes messages and loses them, while it says so.
type lossy struct {
	transport.Transport
	loses atomic.Bool
	lost  atomic.Int32
}

func (l *lossy) Publish(ctx context.Context, topic transport.Topic, messages []transport.Message) error {
	if l.loses.Load() {
		l.lost.Add(int32(len(messages)))
		return nil
	}
	return l.Transport.Publish(ctx, topic, messages)
}

// TestDispatchElsewhere: the result, the rejection and the repeat are those of
// the module that ran it.
func TestDispatchElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		s := memory.New()
		start(t, bus, s, openBank(statements()))
		client := startWith(t, bus.Connect(), landfall.Config{Elsewhere: []landfall.Module{bank(statements())}})
		got := send(t, client.Host, landfall.Message{To: "a", Command: Deposit{5}, Key: "k", Actor: "ann", Metadata: map[string]string{"lang": "en"}})
		e := got.Events[0]
		if len(got.Events) != 1 || e.Event != (Deposited{5}) || e.Actor != "ann" || e.Extra["lang"] != "en" || e.Version != 1 || e.Position != 1 || got.Command != store.KeyedCommandID("k") || got.Repeated {
			t.Errorf("%+v", got)
		}
		if again := send(t, client.Host, landfall.Message{To: "a", Command: Deposit{5}, Key: "k"}); !again.Repeated || again.Events[0].ID != e.ID {
			t.Errorf("the repeat: %+v", again)
		}
		_, err := client.Dispatch(ctx, landfall.To("a", Withdraw{100}))
		var rejection *landfall.Rejection
		if !errors.Is(err, landfall.ErrRejected) || !errors.As(err, &rejection) || rejection.Reason != "the balance is 5" {
			t.Errorf("the rejection: %v", err)
		}
		if _, err := client.Dispatch(ctx, landfall.To("", Deposit{1})); !errors.Is(err, landfall.ErrInvalid) {
			t.Errorf("without an address: %v", err)
		}
		v := view[Statement](t, client.Host, "Bank.Statements")
		if err := v.WaitFor(ctx, got.Position()); err != nil {
			t.Error(err)
		}
		if d, err := v.Get(ctx, "a"); err != nil || d.Balance != 5 {
			t.Errorf("%+v, %v", d, err)
		}
		if _, err := v.Get(ctx, "b"); !errors.Is(err, landfall.ErrNotFound) {
			t.Errorf("a document that is not there: %v", err)
		}
		if d := cmp.Diff(map[string]Statement{"a": {5, 1, []int{5}}}, documents[Statement](t, client.Host, "Statements")); d != "" {
			t.Errorf("all (-want +got)\n%s", d)
		}
		repository, err := landfall.RepositoryOf[Account](client.Host)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := repository.Load(ctx, "a"); err != nil || a.State.Balance != 5 || a.Version != 1 {
			t.Errorf("%+v, %v", a, err)
		}
		for _, err := range v.Watch(ctx, "") {
			if !errors.Is(err, landfall.ErrInvalid) {
				t.Errorf("watching from elsewhere: %v", err)
			}
		}
	})
}

// TestNobodyAnswers is said, and not waited for without end.
func TestNobodyAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := startWith(t, inprocess.New().Connect(), landfall.Config{Elsewhere: []landfall.Module{bank(statements())}})
		if _, err := client.Dispatch(ctx, landfall.To("a", Deposit{1})); !errors.Is(err, landfall.ErrUnavailable) {
			t.Errorf("got %v", err)
		}
		if _, err := view[Statement](t, client.Host, "Statements").Get(ctx, "a"); !errors.Is(err, landfall.ErrUnavailable) {
			t.Errorf("got %v", err)
		}
	})
}

// TestACommandOfAnotherModuleThatFailsHoldsBackItsOwnAggregate at the receiver,
// and nobody else, until it is retried there.
func TestACommandOfAnotherModuleThatFailsHoldsBackItsOwnAggregate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		here, there := memory.New(), memory.New()
		policy := landfall.When("LetterPolicy", func(e Deposited, m landfall.Metadata) []landfall.Command {
			return []landfall.Command{Post{fmt.Sprintf("%s %d", m.Aggregate, e.Amount)}}
		}, landfall.SendsTo("Mail", Post{}))
		var jammed atomic.Bool
		jammed.Store(true)
		b := start(t, bus, here, bank(policy))
		m := start(t, bus, there, mail(func(_ context.Context, c Post, _ landfall.ID) error {
			if jammed.Load() && c.Text == "a 2" {
				return errors.New("jammed")
			}
			return nil
		}))
		for i := range 4 {
			do(t, b.Host, "a", Deposit{i + 1})
			do(t, b.Host, "b", Deposit{i + 1})
		}
		posted := func() (all []string) {
			for _, r := range records(t, there, "Mail") {
				all = append(all, strings.Trim(string(r.Data), `{}"`))
			}
			return all
		}
		eventually(t, "the others were posted", func() bool { return len(posted()) == 5 && len(m.DeadLetters()) == 1 })
		letter := m.DeadLetters()[0]
		if letter.Module != "Mail" || letter.Aggregate != "a" || letter.Type != "Post" || letter.Attempts != 6 {
			t.Errorf("%+v", letter)
		}
		if len(b.DeadLetters()) != 0 {
			t.Errorf("the sender has dead letters: %+v", b.DeadLetters())
		}
		jammed.Store(false)
		operator := startWith(t, bus.Connect(), landfall.Config{Elsewhere: []landfall.Module{mail(nil)}})
		letters, err := operator.DeadLettersElsewhere(ctx)
		if d := cmp.Diff(m.DeadLetters(), letters, cmp.AllowUnexported(landfall.DeadLetter{})); err != nil || d != "" {
			t.Errorf("seen from elsewhere: %v (-there +here)\n%s", err, d)
		}
		if err := operator.Retry(ctx, letters[0]); err != nil {
			t.Fatal(err)
		}
		eventually(t, "all were posted", func() bool { return len(posted()) == 8 })
		for _, name := range []string{"a", "b"} {
			var own []string
			for _, line := range posted() {
				if strings.Contains(line, name+" ") {
					own = append(own, line[len(line)-1:])
				}
			}
			if d := cmp.Diff([]string{"1", "2", "3", "4"}, own); d != "" {
				t.Errorf("%s (-want +got)\n%s", name, d)
			}
		}
	})
}

// TestWhatOthersPublishMayBeNew: a receiver passes over what it does not know,
// and finds it in its log when it has learned about it.
func TestWhatOthersPublishMayBeNew(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		h := open(t, db, bank(landfall.Publishes(Deposited{}, Withdrawn{})), audit())
		do(t, h, "a", Deposit{5})
		do(t, h, "a", Withdraw{2})
		settle(t, h)
		if letters := h.DeadLetters(); len(letters) > 0 {
			t.Errorf("dead letters: %+v", letters)
		}
		shut(t, h)
		type PaidOut struct{ Amount int }
		wiser := landfall.Project("Outgoings", landfall.On(func(d *Dossier, e PaidOut, m landfall.Metadata) { d.Heard = append(d.Heard, e.Amount) }))
		h = open(t, db, bank(landfall.Publishes(Deposited{}, Withdrawn{})),
			audit(landfall.Named[PaidOut]("Withdrawn"), landfall.HearsFrom("Bank", PaidOut{}), wiser))
		settle(t, h)
		if d := cmp.Diff(map[string]Dossier{"a": {Heard: []int{2}}}, documents[Dossier](t, h, "Outgoings")); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
	})
}

// TestOldAndNewReaders: an event that gained a field is heard by those who know
// the field, and by those who do not.
func TestOldAndNewReaders(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		s := db
		write(t, s, "Bank", "Account/a", "Deposited", `{"Amount":1}`, time.Now())
		write(t, s, "Bank", "Account/a", "Deposited", `{"Amount":2,"Currency":"EUR"}`, time.Now())
		type Deposited struct {
			Amount   int
			Currency string
		}
		var heard []Deposited
		type Seen struct{ Currencies []string }
		newer := landfall.NewModule("Newer",
			landfall.HearsFrom("Bank", Deposited{}),
			landfall.Project("Seen", landfall.On(func(d *Seen, e Deposited, _ landfall.Metadata) {
				d.Currencies = append(d.Currencies, e.Currency)
				heard = append(heard, e)
			})))
		type raised struct{ Account }
		newBank := landfall.NewModule("Bank",
			landfall.Handle(func(a raised, c Deposit) ([]landfall.Event, error) {
				return []landfall.Event{Deposited{c.Amount, "USD"}}, nil
			}, landfall.Emits(Deposited{})), landfall.Named[raised]("Account"), landfall.Publishes(Deposited{}))
		h := open(t, s, newBank, audit(), newer)
		do(t, h, "a", Deposit{3})
		settle(t, h)
		if d := cmp.Diff(map[string]Dossier{"a": {"Bank", []int{1, 2, 3}}}, documents[Dossier](t, h, "Dossiers")); d != "" {
			t.Errorf("the old reader (-want +got)\n%s", d)
		}
		if d := cmp.Diff([]Deposited{{1, ""}, {2, "EUR"}, {3, "USD"}}, heard); d != "" {
			t.Errorf("the new reader (-want +got)\n%s", d)
		}
	})
}
