package landfall_test

import (
	"context"
	"fmt"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	PrintCard   struct{ Name string }
	CardPrinted struct{ Name string }
)

// CardPrinter is what the library has, and what can be replaced in a test.
type CardPrinter struct{ printed map[landfall.ID]bool }

// Print is called at least once for a command, with the same id each time.
func (p CardPrinter) Print(_ context.Context, c PrintCard, id landfall.ID) ([]landfall.Event, error) {
	if !p.printed[id] {
		fmt.Println("printing a card for", c.Name)
		p.printed[id] = true
	}
	return []landfall.Event{CardPrinted(c)}, nil
}

// An external system performs a command: it does something outside, and says
// what happened as events.
func ExamplePerform() {
	ctx := context.Background()
	printer := CardPrinter{printed: map[landfall.ID]bool{}}
	host, err := landfall.Open(ctx, landfall.Config{
		Store: memory.New(),
		Modules: []landfall.Module{landfall.NewModule("Cards",
			landfall.Perform("CardPrinter", printer.Print, landfall.Emits(CardPrinted{})),
		)},
	})
	check(err)
	defer host.Close()

	result, err := host.Dispatch(ctx, landfall.To("Ann", PrintCard{Name: "Ann"}))
	check(err)
	fmt.Println(result.Events[0].Type)

	// Output:
	// printing a card for Ann
	// CardPrinted
}
