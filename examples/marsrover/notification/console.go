package notification

import (
	"context"
	"fmt"
	"io"

	"github.com/landfall-go/landfall"
)

// ObstacleNotified says that people were told.
type ObstacleNotified struct {
	Message string `json:"message"`
}

// Console is the external system that prints.
type Console struct {
	Out io.Writer
}

// NotifyObstacle prints the message. After a crash it may be printed again; the
// event is recorded once.
func (c Console) NotifyObstacle(_ context.Context, n NotifyObstacle, _ landfall.ID) ([]landfall.Event, error) {
	if _, err := fmt.Fprintln(c.Out, n.Message); err != nil {
		return nil, err
	}
	return []landfall.Event{ObstacleNotified(n)}, nil
}
