package landfall_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	Acquire     struct{ Copies int }
	CopiesAdded struct{ Copies int }
)

type Holding struct{ Copies int }

func (h Holding) Acquire(c Acquire) ([]landfall.Event, error) {
	return []landfall.Event{CopiesAdded(c)}, nil
}

func (h *Holding) Apply(event landfall.Event) {
	if e, ok := event.(CopiesAdded); ok {
		h.Copies += e.Copies
	}
}

// A repository loads and saves an aggregate itself, here to import what an
// older system knew. Save expects the version that was loaded.
func ExampleRepositoryOf() {
	ctx := context.Background()
	host, err := landfall.Open(ctx, landfall.Config{
		Store: memory.New(),
		Modules: []landfall.Module{landfall.NewModule("Holdings",
			landfall.Handle(Holding.Acquire, landfall.Emits(CopiesAdded{})),
		)},
	})
	check(err)
	defer host.Close()
	holdings, err := landfall.RepositoryOf[Holding](host)
	check(err)

	dune, err := holdings.Load(ctx, "Dune")
	check(err)
	_, err = holdings.Save(ctx, dune.ID, dune.Version, CopiesAdded{2}, CopiesAdded{3})
	check(err)
	_, err = holdings.Save(ctx, dune.ID, dune.Version, CopiesAdded{1})
	fmt.Println("a second import is in conflict:", errors.Is(err, landfall.ErrConflict))

	dune, err = holdings.Load(ctx, "Dune")
	check(err)
	fmt.Printf("version %d, %d copies\n", dune.Version, dune.State.Copies)

	// Output:
	// a second import is in conflict: true
	// version 2, 5 copies
}
