package landfall_test

import (
	"context"
	"fmt"
	"log"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
	"github.com/landfall-go/landfall/transport/inprocess"
)

// The lending desk publishes one of its events, and knows nothing of who hears
// it.
type (
	LendOut struct{ Reader string }
	LentOut struct{ Reader string }
	Desk    struct{}
)

func (Desk) Lend(c LendOut) ([]landfall.Event, error) { return []landfall.Event{LentOut(c)}, nil }
func (*Desk) Apply(landfall.Event)                    {}

// Statistics hears it, with a type of its own: in a package of its own it would
// have the same name, and need no landfall.Named.
type (
	Lending  struct{ Reader string }
	Lendings struct{ Readers []string }
)

func (l *Lendings) Add(e Lending, _ landfall.Metadata) { l.Readers = append(l.Readers, e.Reader) }

func desk() landfall.Module {
	return landfall.NewModule("Desk",
		landfall.Handle(Desk.Lend, landfall.Emits(LentOut{})),
		landfall.Publishes(LentOut{}),
	)
}

func statistics() landfall.Module {
	return landfall.NewModule("Statistics",
		landfall.Named[Lending]("LentOut"),
		landfall.HearsFrom("Desk", Lending{}),
		landfall.Project("Lendings", landfall.On((*Lendings).Add)),
	)
}

// Two modules in two hosts, as in two processes: each has a store of its own, and
// they talk over a transport.
func ExampleHearsFrom() {
	ctx := context.Background()
	bus := inprocess.New()
	one, err := landfall.Open(ctx, landfall.Config{
		Store: memory.New(), Transport: bus.Connect(), Modules: []landfall.Module{desk()},
		Elsewhere: []landfall.Module{statistics()},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer one.Close()
	one.Start()
	if _, err := one.Dispatch(ctx, landfall.To("dune", LendOut{"Ann"})); err != nil {
		log.Fatal(err)
	}

	// The other one starts later, and hears what it has missed.
	two, err := landfall.Open(ctx, landfall.Config{
		Store: memory.New(), Transport: bus.Connect(), Modules: []landfall.Module{statistics()},
		Elsewhere: []landfall.Module{desk()},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer two.Close()
	lendings, err := landfall.ViewOf[Lendings](two, "Lendings")
	if err != nil {
		log.Fatal(err)
	}
	changes := lendings.Watch(ctx, "")
	two.Start()
	if _, err := two.Dispatch(ctx, landfall.To("dune", LendOut{"Bob"})); err != nil { // a command to the desk, elsewhere
		log.Fatal(err)
	}
	for change, err := range changes {
		if err != nil {
			log.Fatal(err)
		}
		if len(change.Document.Readers) == 2 {
			fmt.Println(change.Key, change.Document.Readers)
			break
		}
	}
	// Output: dune [Ann Bob]
}
