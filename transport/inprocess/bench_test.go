package inprocess_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/inprocess"
)

// BenchmarkDeliver is one operation a message from Publish to take, in batches of
// 100.
func BenchmarkDeliver(b *testing.B) {
	bus := inprocess.New(inprocess.WithKept(1_000, 1<<20))
	sender, receiver := bus.Connect(), bus.Connect()
	defer receiver.Close()
	defer sender.Close()
	topic := transport.Topic{From: "Rover"}
	batch := make([]transport.Message, 100)
	for i := range batch {
		n := uint64(i + 1)
		batch[i] = transport.Message{Number: n, After: n - 1, ID: uuid.New(), Type: "ObstacleFound", Kind: "MarsRover", Aggregate: "curiosity", Data: []byte(`{"at":{"x":1,"y":2}}`)}
	}
	came := make(chan int, 1000)
	if _, err := receiver.Subscribe(topic, "Map", func(_ context.Context, d transport.Delivery) error {
		came <- len(d.Messages)
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for done := 0; b.Loop(); done++ {
		if done%len(batch) != 0 {
			continue
		}
		if err := sender.Publish(b.Context(), topic, batch); err != nil {
			b.Fatal(err)
		}
		for got := 0; got < len(batch); {
			got += <-came
		}
	}
}

func BenchmarkCall(b *testing.B) {
	bus := inprocess.New()
	caller, callee := bus.Connect(), bus.Connect()
	defer callee.Close()
	defer caller.Close()
	if _, err := callee.Answer("Rover", "echo", func(_ context.Context, request []byte) []byte { return request }); err != nil {
		b.Fatal(err)
	}
	request := make([]byte, 100)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := caller.Call(b.Context(), "Rover", "echo", request); err != nil {
			b.Fatal(err)
		}
	}
}
