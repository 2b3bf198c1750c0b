package nats_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// Two processes talk over a server, which is in this one.
func Example() {
	ctx := context.Background()
	server, err := embedded.Start(embedded.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Shutdown()
	rover, err := nats.Connect(ctx, server.URL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rover.Close()
	notification, err := nats.Connect(ctx, server.URL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer notification.Close()

	topic := transport.Topic{From: "Rover"}
	err = rover.Publish(ctx, topic, []transport.Message{{
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

// What the server should let the module Notification do, which hears Rover and is
// sent commands by it.
func ExampleNames_Permissions() {
	p := nats.Names{}.Permissions(nats.Traffic{Module: "Notification", HearsFrom: []string{"Rover"}, ReceivesFrom: []string{"Rover"}})
	fmt.Println("publish\n  " + strings.Join(p.Publish, "\n  "))
	fmt.Println("subscribe\n  " + strings.Join(p.Subscribe, "\n  "))
	// Output:
	// publish
	//   _INBOX.>
	//   landfall.Notification.events.*
	//   landfall.Notification.heads
	//   landfall.Rover.calls.resend
	//   $JS.API.CONSUMER.CREATE.landfall_Rover_events.Notification.landfall.Rover.events.*
	//   $JS.API.CONSUMER.INFO.landfall_Rover_events.Notification
	//   $JS.API.CONSUMER.MSG.NEXT.landfall_Rover_events.Notification
	//   $JS.ACK.landfall_Rover_events.Notification.>
	//   landfall.Rover.calls.resend
	//   $JS.API.CONSUMER.CREATE.landfall_Notification_commands.Notification.landfall.Notification.commands.*
	//   $JS.API.CONSUMER.INFO.landfall_Notification_commands.Notification
	//   $JS.API.CONSUMER.MSG.NEXT.landfall_Notification_commands.Notification
	//   $JS.ACK.landfall_Notification_commands.Notification.>
	//   $JS.API.STREAM.INFO.landfall_Notification_events
	//   $JS.API.STREAM.CREATE.landfall_Notification_events
	//   $JS.API.STREAM.UPDATE.landfall_Notification_events
	//   $JS.API.STREAM.INFO.landfall_Notification_commands
	//   $JS.API.STREAM.CREATE.landfall_Notification_commands
	//   $JS.API.STREAM.UPDATE.landfall_Notification_commands
	// subscribe
	//   _INBOX.Notification.>
	//   landfall.Notification.calls.*
	//   landfall.Rover.heads
	//   landfall.Notification.heads.*
}
