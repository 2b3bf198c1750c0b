package landfall_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	Enter          struct{}
	VisitorEntered struct{}
)

type Door struct{}

func (Door) Enter(Enter) ([]landfall.Event, error) { return []landfall.Event{VisitorEntered{}}, nil }
func (*Door) Apply(landfall.Event)                 {}

type Visitors struct{ Today int }

func (v *Visitors) Entered(VisitorEntered, landfall.Metadata) { v.Today++ }

// A projection is built anew from the log, beside the one in use, and the two
// are swapped when it is complete. A projection whose documents have another
// shape, or that hears other events, is rebuilt by itself.
func ExampleHost_Rebuild() {
	ctx := context.Background()
	host, err := landfall.Open(ctx, landfall.Config{
		Store:  memory.New(),
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Modules: []landfall.Module{landfall.NewModule("Doors",
			landfall.Handle(Door.Enter, landfall.Emits(VisitorEntered{})),
			landfall.Project("Visitors", landfall.On((*Visitors).Entered)),
		)},
	})
	check(err)
	defer host.Close()
	for range 3 {
		_, err := host.Dispatch(ctx, landfall.To("main entrance", Enter{}))
		check(err)
	}

	err = host.Rebuild(ctx, "Visitors", func(p landfall.Progress) {
		fmt.Printf("%s: %d of %d\n", p.Projection, p.Done, p.Total)
	})
	check(err)
	visitors, err := landfall.ViewOf[Visitors](host, "Visitors")
	check(err)
	door, err := visitors.Get(ctx, "main entrance")
	check(err)
	fmt.Println("today:", door.Today)

	// Output:
	// Doors.Visitors: 3 of 3
	// today: 3
}
