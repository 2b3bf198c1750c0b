package postgres_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/landfall-go/landfall/internal/postgrescluster"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/postgres"
)

// Two processes, here two stores, share the log of a module.
func Example() {
	ctx := context.Background()
	server, err := postgrescluster.Start(ctx, postgrescluster.Options{}) // yours is there already
	if err != nil {
		log.Fatal(err)
	}
	defer server.Stop()

	first, err := postgres.Open(ctx, server.URL("postgres"))
	if err != nil {
		log.Fatal(err)
	}
	defer first.Close()
	second, err := postgres.Open(ctx, server.URL("postgres"))
	if err != nil {
		log.Fatal(err)
	}
	defer second.Close()

	rover, err := first.Log(ctx, "Rover")
	if err != nil {
		log.Fatal(err)
	}
	command := store.KeyedCommandID("land the first rover")
	landing := store.Append{Stream: "MarsRover-1", Expected: 0, Records: []store.Record{{
		ID: store.EventID(command, 0), Type: "MarsRoverLanded", Time: time.Now(), Correlation: command, Data: []byte(`{"at":{"x":0,"y":0}}`),
	}}}
	at, err := rover.Append(ctx, landing)
	fmt.Println("stored at", at.First, err)

	same, err := second.Log(ctx, "Rover")
	if err != nil {
		log.Fatal(err)
	}
	records, err := same.Read(ctx, 0, 10, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range records {
		fmt.Println(r.Position, r.Stream, r.Type, string(r.Data))
	}
	_, err = same.Append(ctx, landing)
	fmt.Println(err)
	// Output:
	// stored at 1 <nil>
	// 1 MarsRover-1 MarsRoverLanded {"at":{"x":0,"y":0}}
	// the command has already taken effect: command 00000000-0000-8653-aa25-667ebdb2b000, at position 1
}
