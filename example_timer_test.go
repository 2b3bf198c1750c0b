package landfall_test

import (
	"context"
	"fmt"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	Borrow    struct{}
	Borrowed  struct{}
	GiveBack  struct{}
	GivenBack struct{}
	Remind    struct{}
	Reminded  struct{}
)

type Borrowing struct{}

func (Borrowing) Borrow(Borrow) ([]landfall.Event, error) { return []landfall.Event{Borrowed{}}, nil }
func (Borrowing) GiveBack(GiveBack) ([]landfall.Event, error) {
	return []landfall.Event{GivenBack{}}, nil
}
func (Borrowing) Remind(Remind) ([]landfall.Event, error) { return []landfall.Event{Reminded{}}, nil }
func (*Borrowing) Apply(landfall.Event)                   {}

// RemindReader asks for the book back.
func RemindReader(Borrowed, landfall.Metadata) []landfall.Command {
	return []landfall.Command{Remind{}}
}

// A policy may let time pass: remind the reader thirty days after a book was
// borrowed, unless it is given back. What waits is stored, and survives a
// restart. In this example a day is short.
func ExampleAfter() {
	const day = 5 * time.Millisecond
	ctx := context.Background()
	host, err := landfall.Open(ctx, landfall.Config{
		Store: memory.New(),
		Modules: []landfall.Module{landfall.NewModule("Reminders",
			landfall.Handle(Borrowing.Borrow, landfall.Emits(Borrowed{})),
			landfall.Handle(Borrowing.GiveBack, landfall.Emits(GivenBack{})),
			landfall.Handle(Borrowing.Remind, landfall.Emits(Reminded{})),
			landfall.When("ReminderPolicy", RemindReader, landfall.Sends(Remind{}),
				landfall.After(30*day), landfall.Unless(GivenBack{})),
		)},
		Hooks: landfall.Hooks{Events: func(_ context.Context, events []landfall.Recorded) {
			for _, e := range events {
				fmt.Println(e.Aggregate, e.Type)
			}
		}},
	})
	check(err)
	defer host.Close()

	for _, message := range []landfall.Message{
		landfall.To("Dune", Borrow{}),
		landfall.To("Emma", Borrow{}),
		landfall.To("Emma", GiveBack{}),
	} {
		_, err := host.Dispatch(ctx, message)
		check(err)
	}
	time.Sleep(31 * day)
	check(host.Settle(ctx))

	// Output:
	// Dune Borrowed
	// Emma Borrowed
	// Emma GivenBack
	// Dune Reminded
}
