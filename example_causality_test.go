package landfall_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	CloseBranch     struct{}
	BranchClosed    struct{}
	MoveStock       struct{}
	StockMoved      struct{}
	UpdateCatalogue struct{}
	CatalogueFixed  struct{}
)

type Branch struct{}

func (Branch) Close(CloseBranch) ([]landfall.Event, error) {
	return []landfall.Event{BranchClosed{}}, nil
}
func (Branch) MoveStock(MoveStock) ([]landfall.Event, error) {
	return []landfall.Event{StockMoved{}}, nil
}
func (Branch) Update(UpdateCatalogue) ([]landfall.Event, error) {
	return []landfall.Event{CatalogueFixed{}}, nil
}
func (*Branch) Apply(landfall.Event) {}

func MoveWhenClosed(BranchClosed, landfall.Metadata) []landfall.Command {
	return []landfall.Command{landfall.To("Main Street", MoveStock{})}
}

func UpdateWhenMoved(StockMoved, landfall.Metadata) []landfall.Command {
	return []landfall.Command{UpdateCatalogue{}}
}

// From any event one can walk forward to all that it led to, and back to its
// first cause.
func ExampleHost_Consequences() {
	ctx := context.Background()
	host, err := landfall.Open(ctx, landfall.Config{
		Store: memory.New(),
		Modules: []landfall.Module{landfall.NewModule("Branches",
			landfall.Handle(Branch.Close, landfall.Emits(BranchClosed{})),
			landfall.Handle(Branch.MoveStock, landfall.Emits(StockMoved{})),
			landfall.Handle(Branch.Update, landfall.Emits(CatalogueFixed{})),
			landfall.When("MovePolicy", MoveWhenClosed, landfall.Sends(MoveStock{})),
			landfall.When("UpdatePolicy", UpdateWhenMoved, landfall.Sends(UpdateCatalogue{})),
		)},
	})
	check(err)
	defer host.Close()
	closed, err := host.Dispatch(ctx, landfall.Message{To: "Harbour", Command: CloseBranch{}, Actor: "the council"})
	check(err)
	check(host.Settle(ctx))

	tree, err := host.Consequences(ctx, closed.Events[0].ID)
	check(err)
	last := show(tree, 0)
	causes, err := host.Causes(ctx, last.ID)
	check(err)
	fmt.Println("at first:", causes[len(causes)-1].Type, "by", last.Actor)

	// Output:
	// BranchClosed of Harbour
	//   StockMoved of Main Street
	//     CatalogueFixed of Main Street
	// at first: BranchClosed by the council
}

// show prints a tree and returns its last event.
func show(c landfall.Consequence, depth int) landfall.Recorded {
	fmt.Printf("%s%s of %s\n", strings.Repeat("  ", depth), c.Type, c.Aggregate)
	last := c.Recorded
	for _, led := range c.Led {
		last = show(led, depth+1)
	}
	return last
}
