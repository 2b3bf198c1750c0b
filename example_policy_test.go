package landfall_test

import (
	"context"
	"fmt"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	ReportDamage struct{ Title string }
	CopyDamaged  struct{ Title string }
	OrderCopy    struct{}
	CopyOrdered  struct{}
)

// Copy is one copy of a book; Title is the book that the library orders.
type (
	Copy  struct{}
	Title struct{ Ordered int }
)

func (Copy) ReportDamage(c ReportDamage) ([]landfall.Event, error) {
	return []landfall.Event{CopyDamaged(c)}, nil
}

func (*Copy) Apply(landfall.Event) {}

func (t Title) Order(OrderCopy) ([]landfall.Event, error) {
	if t.Ordered == 2 {
		return nil, landfall.Reject("two copies are on their way")
	}
	return []landfall.Event{CopyOrdered{}}, nil
}

func (t *Title) Apply(landfall.Event) { t.Ordered++ }

// ReplaceDamagedCopy is a policy: whenever a copy is damaged, another one of
// its title is ordered.
func ReplaceDamagedCopy(e CopyDamaged, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{landfall.To(landfall.AggregateID(e.Title), OrderCopy{})}
}

// A policy answers an event with commands. It answers every event, and what its
// commands lead to happens once, also through a crash. Without Host.Start it
// works when Settle says so.
func ExampleWhen() {
	ctx := context.Background()
	host, err := landfall.Open(ctx, landfall.Config{
		Store: memory.New(),
		Modules: []landfall.Module{landfall.NewModule("Stock",
			landfall.Handle(Copy.ReportDamage, landfall.Emits(CopyDamaged{})),
			landfall.Handle(Title.Order, landfall.Emits(CopyOrdered{})),
			landfall.When("ReplacePolicy", ReplaceDamagedCopy, landfall.Sends(OrderCopy{})),
		)},
	})
	check(err)
	defer host.Close()

	_, err = host.Dispatch(ctx, landfall.To("copy-17", ReportDamage{Title: "Dune"}))
	check(err)
	check(host.Settle(ctx))

	titles, err := landfall.RepositoryOf[Title](host)
	check(err)
	dune, err := titles.Load(ctx, "Dune")
	check(err)
	fmt.Println("ordered:", dune.State.Ordered)

	// Output:
	// ordered: 1
}
