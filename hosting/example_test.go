package hosting_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/hosting"
)

// Two processes of one application, of which each runs a module, and a third
// that only gives a command. Here all three are in one process; elsewhere each
// has its options from flags and environment.
func Example() {
	ctx := context.Background()
	quiet := landfall.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
	heard := &ears{}

	// tower serve --modules Tower --store … --nats embedded --nats-addr 127.0.0.1:0
	tower, err := hosting.Open(ctx, hosting.Options{
		Modules: []string{"Tower"}, Store: "memory:", NATS: hosting.Embedded, NATSAddr: "127.0.0.1:0", Config: quiet,
	}, modules(heard)...)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer tower.Close()
	tower.Start()

	// village serve --modules Village --store … --nats nats://…
	village, err := hosting.Open(ctx, hosting.Options{
		Modules: []string{"Village"}, Store: "memory:", NATS: tower.NATS(), Config: quiet,
	}, modules(heard)...)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer village.Close()
	village.Start()

	// ring --nats nats://…
	client, err := hosting.Connect(ctx, hosting.Options{NATS: tower.NATS(), Config: quiet}, modules(heard)...)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	result, err := client.Host.Dispatch(ctx, landfall.To("St. Peter", Ring{}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %+v\n", result.Events[0].Type, result.Events[0].Event)

	// A name that is not among the modules' is refused before anything is opened.
	_, err = hosting.Open(ctx, hosting.Options{Modules: []string{"Vilage"}}, modules(heard)...)
	fmt.Println(err)
	// Output:
	// Rang: {Times:1}
	// --modules "Vilage": there is no such module; there are Tower, Village
}
