package landfalltest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/landfall-go/landfall"
)

// A library lends books. It is wired as it should be; the wrong ones below
// break one rule each.

type (
	Acquire   struct{ Title string }
	Lend      struct{ Member string }
	Return    struct{}
	Remind    struct{ Member string }
	SendBill  struct{ Member string }
	Announce  struct{ Text string }
	Acquired  struct{ Title string }
	Lent      struct{ Member string }
	Returned  struct{ Member string }
	Reminded  struct{ Member string }
	Announced struct{ Text string }
)

type Book struct {
	Title  string
	Member string
	Loans  int
}

func (b Book) Acquire(c Acquire) ([]landfall.Event, error) {
	return []landfall.Event{Acquired(c)}, nil
}

func (b Book) Lend(c Lend) ([]landfall.Event, error) {
	switch b.Member {
	case "":
		return []landfall.Event{Lent(c)}, nil
	case c.Member:
		return nil, nil
	default:
		return nil, landfall.Reject("%s has the book", b.Member)
	}
}

func (b Book) Return(Return) ([]landfall.Event, error) {
	return []landfall.Event{Returned{b.Member}}, nil
}

func (b Book) Remind(c Remind) ([]landfall.Event, error) {
	return []landfall.Event{Reminded(c)}, nil
}

func (b *Book) Apply(event landfall.Event) {
	switch e := event.(type) {
	case Acquired:
		b.Title = e.Title
	case Lent:
		b.Member = e.Member
		b.Loans++
	case Returned:
		b.Member = ""
	}
}

type Shelf struct {
	Title   string
	Readers []string
}

func (s *Shelf) Acquired(e Acquired, _ landfall.Metadata) { s.Title = e.Title }
func (s *Shelf) Lent(e Lent, _ landfall.Metadata)         { s.Readers = append(s.Readers, e.Member) }

type Desk struct{ Books []string }

func (d *Desk) Lent(_ Lent, m landfall.Metadata) { d.Books = append(d.Books, string(m.Aggregate)) }

func member(e Lent, _ landfall.Metadata) string         { return e.Member }
func memberBack(e Returned, _ landfall.Metadata) string { return e.Member }

func library() landfall.Module {
	return landfall.NewModule("Library",
		landfall.Handle(Book.Acquire, landfall.Emits(Acquired{})),
		landfall.Handle(Book.Lend, landfall.Emits(Lent{})),
		landfall.Handle(Book.Return, landfall.Emits(Returned{})),
		landfall.Handle(Book.Remind, landfall.Emits(Reminded{})),
		landfall.Perform("Board", func(_ context.Context, c Announce, _ landfall.ID) ([]landfall.Event, error) {
			if c.Text == "" {
				return nil, errors.New("the board is off")
			}
			return []landfall.Event{Announced(c)}, nil
		}, landfall.Emits(Announced{})),

		landfall.When("ReminderPolicy", func(e Lent, m landfall.Metadata) []landfall.Command {
			return []landfall.Command{Remind(e)}
		}, landfall.Sends(Remind{}), landfall.After(30*24*time.Hour), landfall.Unless(Returned{})),
		landfall.When("BillingPolicy", func(e Reminded, m landfall.Metadata) []landfall.Command {
			return []landfall.Command{landfall.To(landfall.AggregateID(e.Member), SendBill(e))}
		}, landfall.SendsTo("Billing", SendBill{})),
		landfall.When("AnnouncePolicy", func(e Reminded, m landfall.Metadata) []landfall.Command {
			return []landfall.Command{Announce{e.Member + " is late"}}
		}, landfall.Sends(Announce{})),

		landfall.Project("Shelves", landfall.On((*Shelf).Acquired), landfall.On((*Shelf).Lent)),
		landfall.Project("Desks", landfall.OnKey(member, (*Desk).Lent), landfall.Removes(memberBack)),
	)
}

// Ledger breaks what a decision and an Apply must keep.
type Ledger struct {
	Entries map[string]int
	Names   []string `json:"-"`
}

type (
	Clock    struct{}
	Scribble struct{}
	Smuggle  struct{}
	Crash    struct{}
	Fail     struct{}
	Forget   struct{}
	Recall   struct{}
	Rename   struct{ Names []string }

	Ticked    struct{ At int64 }
	Scribbled struct{ N int }
	Crashed   struct{}
	Forgot    struct{ Name string }
	Secret    struct {
		Word string `json:"-"`
	}
)

func (l Ledger) Clock(Clock) ([]landfall.Event, error) {
	return []landfall.Event{Ticked{rand.Int64()}}, nil
}

func (l Ledger) Scribble(Scribble) ([]landfall.Event, error) {
	l.Entries["decided"]++
	return []landfall.Event{Scribbled{7}}, nil
}

func (l Ledger) Smuggle(Smuggle) ([]landfall.Event, error) {
	return []landfall.Event{Crashed{}}, nil
}

func (l Ledger) Crash(Crash) ([]landfall.Event, error) { panic("no ink") }

func (l Ledger) Fail(Fail) ([]landfall.Event, error) { return nil, fmt.Errorf("no paper") }

func (l Ledger) Forget(Forget) ([]landfall.Event, error) {
	return []landfall.Event{Secret{"rose"}, Forgot{"Ann"}}, nil
}

func (l Ledger) Recall(Recall) ([]landfall.Event, error) {
	return []landfall.Event{Forgot{"Bob"}}, nil
}

func (l Ledger) Rename(c Rename) ([]landfall.Event, error) {
	c.Names[0] = "changed"
	return nil, nil
}

func (l *Ledger) Apply(event landfall.Event) {
	switch e := event.(type) {
	case Scribbled:
		l.Entries = map[string]int{"scribbled": e.N}
	case Forgot:
		l.Names = append(l.Names, e.Name)
	case Crashed:
		panic("cannot apply")
	}
}

type Note struct {
	Kept string
	Lost string `json:"-"`
}

func ledger() landfall.Module {
	random := func(Scribbled, landfall.Metadata) []landfall.Command {
		return []landfall.Command{Rename{[]string{fmt.Sprint(rand.Int64())}}}
	}
	undeclared := func(Scribbled, landfall.Metadata) []landfall.Command {
		return []landfall.Command{Clock{}}
	}
	return landfall.NewModule("Ledger",
		landfall.Handle(Ledger.Clock, landfall.Emits(Ticked{})),
		landfall.Handle(Ledger.Scribble, landfall.Emits(Scribbled{})),
		landfall.Handle(Ledger.Smuggle, landfall.Emits(Scribbled{})),
		landfall.Handle(Ledger.Crash, landfall.Emits(Crashed{})),
		landfall.Handle(Ledger.Fail, landfall.Emits(Crashed{})),
		landfall.Handle(Ledger.Forget, landfall.Emits(Forgot{}, Secret{})),
		landfall.Handle(Ledger.Recall, landfall.Emits(Forgot{})),
		landfall.Handle(Ledger.Rename, landfall.Emits(Forgot{})),
		landfall.When("Random", random, landfall.Sends(Rename{})),
		landfall.When("Undeclared", undeclared, landfall.Sends(Crash{})),
		landfall.When("Broken", func(Scribbled, landfall.Metadata) []landfall.Command { panic("no idea") }, landfall.Sends(Fail{})),
		landfall.Project("Notes", landfall.On(func(n *Note, e Scribbled, m landfall.Metadata) {
			n.Kept, n.Lost = n.Kept+n.Lost+"k", "l"
		})),
		landfall.Project("MoreNotes", landfall.On(func(n *Note, e Forgot, m landfall.Metadata) { panic("no room") })),
	)
}
