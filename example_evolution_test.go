package landfall_test

import (
	"context"
	"fmt"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	Shelve struct{ Room, Shelf int }

	// BookPlaced and BookMoved are events of last year's program.
	BookPlaced struct{ Place string } // such as "3-17"
	BookMoved  struct{ Room, Shelf int }

	// BookShelved is what this year's program calls both.
	BookShelved struct{ Room, Shelf int }
)

type OldPlace struct{}

func (OldPlace) Shelve(c Shelve) ([]landfall.Event, error) {
	return []landfall.Event{BookPlaced{fmt.Sprintf("%d-%d", c.Room, c.Shelf)}, BookMoved(c)}, nil
}
func (*OldPlace) Apply(landfall.Event) {}

type Place struct{ Room, Shelf int }

func (p Place) Shelve(c Shelve) ([]landfall.Event, error) {
	return []landfall.Event{BookShelved(c)}, nil
}

func (p *Place) Apply(event landfall.Event) {
	if e, ok := event.(BookShelved); ok {
		p.Room, p.Shelf = e.Room, e.Shelf
	}
}

// roomAndShelf reads a place as it was written last year.
func roomAndShelf(old BookPlaced) BookShelved {
	var e BookShelved
	_, _ = fmt.Sscanf(old.Place, "%d-%d", &e.Room, &e.Shelf)
	return e
}

// Events outlive the code that wrote them. Renamed reads an event's older name,
// Upcast an older shape, and Named keeps the stored name when the Go type gets
// another.
func ExampleUpcast() {
	ctx := context.Background()
	store := memory.New()
	lastYear := landfall.NewModule("Shelving",
		landfall.Handle(OldPlace.Shelve, landfall.Emits(BookPlaced{}, BookMoved{})),
		landfall.Named[OldPlace]("Place"),
	)
	host, err := landfall.Open(ctx, landfall.Config{Store: store, Modules: []landfall.Module{lastYear}})
	check(err)
	_, err = host.Dispatch(ctx, landfall.To("Dune", Shelve{Room: 3, Shelf: 17}))
	check(err)
	check(host.Close())

	thisYear := landfall.NewModule("Shelving",
		landfall.Handle(Place.Shelve, landfall.Emits(BookShelved{})),
		landfall.Upcast("BookPlaced", roomAndShelf),
		landfall.Renamed[BookShelved]("BookMoved"),
	)
	host, err = landfall.Open(ctx, landfall.Config{Store: store, Modules: []landfall.Module{thisYear}})
	check(err)
	defer host.Close()
	places, err := landfall.RepositoryOf[Place](host)
	check(err)
	for e, err := range places.History(ctx, "Dune") {
		check(err)
		fmt.Printf("%s %+v\n", e.Type, e.Event)
	}

	// Output:
	// BookShelved {Room:3 Shelf:17}
	// BookShelved {Room:3 Shelf:17}
}
