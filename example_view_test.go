package landfall_test

import (
	"context"
	"fmt"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	StartLoan   struct{ Reader string }
	LoanStarted struct{ Reader string }
	EndLoan     struct{}
	LoanEnded   struct{ Reader string }
)

type Loan struct{ Reader string }

func (l Loan) Start(c StartLoan) ([]landfall.Event, error) {
	return []landfall.Event{LoanStarted(c)}, nil
}

func (l Loan) End(EndLoan) ([]landfall.Event, error) {
	return []landfall.Event{LoanEnded(l)}, nil
}

func (l *Loan) Apply(event landfall.Event) {
	if e, ok := event.(LoanStarted); ok {
		l.Reader = e.Reader
	}
}

// Shelf is a document: how many books a reader has, under the reader's name.
type Shelf struct{ Books int }

func (s *Shelf) Started(LoanStarted, landfall.Metadata) { s.Books++ }
func (s *Shelf) Ended(LoanEnded, landfall.Metadata)     { s.Books-- }

func borrower(e LoanStarted, _ landfall.Metadata) string { return e.Reader }
func returner(e LoanEnded, _ landfall.Metadata) string   { return e.Reader }

var lending = landfall.NewModule("Lending",
	landfall.Handle(Loan.Start, landfall.Emits(LoanStarted{})),
	landfall.Handle(Loan.End, landfall.Emits(LoanEnded{})),
	landfall.Project("Shelves",
		landfall.OnKey(borrower, (*Shelf).Started),
		landfall.OnKey(returner, (*Shelf).Ended)),
)

// A projection shows what has happened as documents. A view reads one or many;
// WaitFor waits until it shows what was just written.
func ExampleViewOf() {
	ctx := context.Background()
	host, err := landfall.Open(ctx, landfall.Config{Store: memory.New(), Modules: []landfall.Module{lending}})
	check(err)
	defer host.Close()
	host.Start()

	var last landfall.Result
	for loan, reader := range map[landfall.AggregateID]string{"loan-1": "Ann", "loan-2": "Bob", "loan-3": "Ann"} {
		last, err = host.Dispatch(ctx, landfall.To(loan, StartLoan{Reader: reader}))
		check(err)
	}

	shelves, err := landfall.ViewOf[Shelf](host, "Shelves")
	check(err)
	check(shelves.WaitFor(ctx, last.Position()))
	ann, err := shelves.Get(ctx, "Ann")
	check(err)
	fmt.Println("Ann has", ann.Books)
	for shelf, err := range shelves.All(ctx, "") {
		check(err)
		fmt.Println(shelf.Key, shelf.Document.Books)
	}

	// Output:
	// Ann has 2
	// Ann 2
	// Bob 1
}

// Watch yields documents as they change.
func ExampleView_Watch() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	host, err := landfall.Open(ctx, landfall.Config{Store: memory.New(), Modules: []landfall.Module{lending}})
	check(err)
	defer host.Close()
	host.Start()
	shelves, err := landfall.ViewOf[Shelf](host, "Shelves")
	check(err)

	changes := shelves.Watch(ctx, "Ann") // from now on
	_, err = host.Dispatch(ctx, landfall.To("loan-1", StartLoan{Reader: "Ann"}))
	check(err)
	for shelf, err := range changes {
		if err != nil {
			fmt.Println("the watch ends:", err)
			return
		}
		fmt.Println(shelf.Key, shelf.Document.Books)
		stop()
	}

	// Output:
	// Ann 1
	// the watch ends: context canceled
}
