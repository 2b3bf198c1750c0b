package landfall_test

import (
	"context"
	"fmt"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	ChargeFine  struct{ Cents int }
	FineCharged struct{ Cents int }
)

type Reader struct{ Owes int }

func (r Reader) Charge(c ChargeFine) ([]landfall.Event, error) {
	return []landfall.Event{FineCharged(c)}, nil
}

func (r *Reader) Apply(event landfall.Event) {
	if e, ok := event.(FineCharged); ok {
		r.Owes += e.Cents
	}
}

// A sender that does not know whether its command arrived sends it again under
// the same key. It takes effect once; a repeat returns the first result.
func ExampleMessage_key() {
	ctx := context.Background()
	host, err := landfall.Open(ctx, landfall.Config{
		Store: memory.New(),
		Modules: []landfall.Module{landfall.NewModule("Fines",
			landfall.Handle(Reader.Charge, landfall.Emits(FineCharged{})),
		)},
	})
	check(err)
	defer host.Close()

	fine := landfall.Message{To: "Ann", Command: ChargeFine{Cents: 250}, Key: "Dune, returned in May"}
	for range 3 {
		result, err := host.Dispatch(ctx, fine)
		check(err)
		fmt.Println("repeated:", result.Repeated, result.Events[0].Event)
	}
	readers, err := landfall.RepositoryOf[Reader](host)
	check(err)
	ann, err := readers.Load(ctx, "Ann")
	check(err)
	fmt.Println("Ann owes", ann.State.Owes)

	// Output:
	// repeated: false {250}
	// repeated: true {250}
	// repeated: true {250}
	// Ann owes 250
}
