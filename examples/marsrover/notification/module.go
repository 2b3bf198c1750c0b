// Package notification is the module Notification: it tells people what they
// should know.
package notification

import (
	"context"
	"fmt"
	"io"

	"github.com/landfall-go/landfall"
)

// Module wires the notification with the console that it prints on.
func Module(console Console) landfall.Module {
	return landfall.NewModule("Notification",
		landfall.Perform("Console", console.Notify, landfall.Emits(ObstacleNotified{})),
	)
}

// NotifyObstacle asks to tell people of an obstacle.
type NotifyObstacle struct {
	Message string `json:"message"`
}

// ObstacleNotified says that people were told.
type ObstacleNotified struct {
	Message string `json:"message"`
}

// Console is the external system that prints.
type Console struct {
	Out io.Writer
}

// Notify prints the message. After a crash it may be printed again; the event
// is recorded once.
func (c Console) Notify(_ context.Context, n NotifyObstacle, _ landfall.ID) ([]landfall.Event, error) {
	if _, err := fmt.Fprintln(c.Out, n.Message); err != nil {
		return nil, err
	}
	return []landfall.Event{ObstacleNotified(n)}, nil
}
