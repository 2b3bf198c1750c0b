package landfall_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

// Lend and Return are commands: what somebody decides to have done.
type (
	Lend   struct{ Reader string }
	Return struct{}
)

// BookLent and BookReturned are events: what has happened.
type (
	BookLent     struct{ Reader string }
	BookReturned struct{ Reader string }
)

// Book is the aggregate that guards the rule: one reader at a time.
type Book struct{ LentTo string }

func (b Book) Lend(c Lend) ([]landfall.Event, error) {
	if b.LentTo != "" {
		return nil, landfall.Reject("%s has the book", b.LentTo)
	}
	return []landfall.Event{BookLent(c)}, nil
}

func (b Book) Return(Return) ([]landfall.Event, error) {
	if b.LentTo == "" {
		return nil, landfall.Reject("nobody has the book")
	}
	return []landfall.Event{BookReturned{b.LentTo}}, nil
}

func (b *Book) Apply(event landfall.Event) {
	switch e := event.(type) {
	case BookLent:
		b.LentTo = e.Reader
	case BookReturned:
		b.LentTo = ""
	}
}

// A first program: a library lends a book. It keeps its log in memory;
// with store/sqlite in place of store/memory it keeps it in a file.
func Example() {
	ctx := context.Background()
	library := landfall.NewModule("Library",
		landfall.Handle(Book.Lend, landfall.Emits(BookLent{})),
		landfall.Handle(Book.Return, landfall.Emits(BookReturned{})),
	)
	host, err := landfall.Open(ctx, landfall.Config{
		Store:   memory.New(),
		Modules: []landfall.Module{library},
	})
	check(err)
	defer host.Close()

	result, err := host.Dispatch(ctx, landfall.To("Dune", Lend{Reader: "Ann"}))
	check(err)
	fmt.Printf("%s %+v\n", result.Events[0].Type, result.Events[0].Event)

	_, err = host.Dispatch(ctx, landfall.To("Dune", Lend{Reader: "Bob"}))
	fmt.Println(errors.Is(err, landfall.ErrRejected), err)

	// Output:
	// BookLent {Reader:Ann}
	// true Lend on Book/Dune: Ann has the book
}

// check ends an example that goes wrong.
func check(err error) {
	if err != nil {
		panic(err)
	}
}
