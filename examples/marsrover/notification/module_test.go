package notification_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/notification"
	"github.com/landfall-go/landfall/landfalltest"
)

func TestTheConsolePrintsAndSaysSo(t *testing.T) {
	var printed bytes.Buffer
	landfalltest.Run(t, notification.Module(notification.Console{Out: &printed}), landfalltest.Scenario{
		Name: "a message",
		When: notification.NotifyObstacle{Message: "Rover 7 hit obstacle"},
		Then: []any{notification.ObstacleNotified{Message: "Rover 7 hit obstacle"}},
	})
	if printed.String() != "Rover 7 hit obstacle\n" {
		t.Errorf("it printed %q", printed.String())
	}
}

// broken is paper that cannot be printed on.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWhatIsNotPrintedIsNotSaidToBe(t *testing.T) {
	console := notification.Console{Out: broken{}}
	events, err := console.NotifyObstacle(context.Background(), notification.NotifyObstacle{Message: "x"}, landfall.ID{})
	if len(events) > 0 || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v, %v", events, err)
	}
	if errors.Is(err, landfall.ErrRejected) {
		t.Error("it would not be tried again")
	}
}
