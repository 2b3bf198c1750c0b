package inprocess_test

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/inprocess"
)

// Two hosts of one process talk by a bus.
func Example() {
	ctx := context.Background()
	bus := inprocess.New()
	rover, notification := bus.Connect(), bus.Connect()
	defer rover.Close()
	defer notification.Close()

	topic := transport.Topic{From: "Rover"}
	err := rover.Publish(ctx, topic, []transport.Message{{
		Number: 1, ID: uuid.New(), Type: "ObstacleFound", Kind: "MarsRover", Aggregate: "curiosity", Data: []byte(`{"at":{"x":1,"y":2}}`),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}

	heard := make(chan transport.Message)
	stop, err := notification.Subscribe(topic, "Notification", func(_ context.Context, d transport.Delivery) error {
		for _, m := range d.Messages {
			heard <- m
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	m := <-heard
	fmt.Println(m.Number, m.Type, m.Aggregate, string(m.Data))
	// Output: 1 ObstacleFound curiosity {"at":{"x":1,"y":2}}
}
