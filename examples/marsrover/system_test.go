package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/notification"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/store/memory"
)

// TestAnObstacleIsAnswered follows the chain of an obstacle, and walks it back to
// the command that began it.
func TestAnObstacleIsAnswered(t *testing.T) {
	ctx := t.Context()
	var told []string
	var off landfall.Recorded
	host, err := landfall.Open(ctx, landfall.Config{
		Store:   memory.New(),
		Modules: []landfall.Module{rover.Module(), notification.Module(notification.Console{Out: &bytes.Buffer{}})},
		Hooks: landfall.Hooks{
			Command: func(_ context.Context, m landfall.Message) { told = append(told, tell(m.Command)) },
			Events: func(_ context.Context, events []landfall.Recorded) {
				for _, e := range events {
					told, off = append(told, tell(e.Event)), e
				}
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	d := landfall.NewDispatcher(host)
	world := rover.World{Width: 3, Height: 3, Obstacles: []rover.Point{{X: 0, Y: 1}}}
	d.Submit(
		landfall.Message{To: "7", Command: rover.StartMarsRover{Direction: rover.N, World: world}},
		landfall.Message{To: "7", Command: rover.Move{}, Actor: "Ada"},
		landfall.Message{To: "7", Command: rover.Move{}},
	)
	report, err := d.Run(ctx, rover.ObstacleFound{})
	if err != nil || report.Left != 1 || report.StoppedBy == nil {
		t.Fatalf("%+v, %v", report, err)
	}
	want := []string{
		"StartMarsRover{point: 0:0, direction: N, world: 3x3 with obstacles at 0:1}",
		"MarsRoverStarted{point: 0:0, direction: N, world: 3x3 with obstacles at 0:1}",
		"Move{}", "ObstacleFound{coordinate: 0:1}",
		"TurnOff{}", "MarsRoverTurnedOff{}",
		`NotifyObstacle{message: "Rover 7 hit obstacle"}`, `ObstacleNotified{message: "Rover 7 hit obstacle"}`,
	}
	if !slices.Equal(told, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
	causes, err := host.Causes(ctx, off.ID)
	if err != nil || len(causes) != 2 || causes[1].ID != report.StoppedBy.ID || off.Actor != "Ada" {
		t.Errorf("the rover was turned off by %+v for %q, %v", causes, off.Actor, err)
	}
}

// TestAQuestionAnswersWhatWasLeft asks for a database whose last process died
// before its policies and projections had a turn.
func TestAQuestionAnswersWhatWasLeft(t *testing.T) {
	db := filepath.Join(t.TempDir(), "rovers.db")
	s, host, err := running(db, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	world := rover.World{Width: 3, Height: 3, Obstacles: []rover.Point{{X: 0, Y: 1}}}
	for _, id := range []landfall.AggregateID{"1", "2", "3", "4", "5", "6", "7"} {
		for _, c := range []landfall.Command{rover.StartMarsRover{Direction: rover.N, World: world}, rover.Move{}} {
			if _, err := host.Dispatch(t.Context(), landfall.To(id, c)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(host.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := call(t, "show", "7", "--json", "--db", db)
	if code != exitDone || stdout != `{"id":"7","coordinate":"O:0:0:N","status":"TURNED_OFF","path":["0:0:N"],"obstacles":["0:1"]}`+"\n" {
		t.Errorf("exit code %d: %s", code, stdout)
	}
	told := "Rover 1 hit obstacle\nRover 2 hit obstacle\nRover 3 hit obstacle\nRover 4 hit obstacle\nRover 5 hit obstacle\n… and 2 notifications more\n"
	if stderr != told {
		t.Errorf("it tells people %q", stderr)
	}
	if _, _, stderr := call(t, "show", "7", "--db", db); stderr != "" {
		t.Errorf("the next one tells %q again", stderr)
	}
}

// TestASignalStopsAFleet stops the real program in the middle of its work.
func TestASignalStopsAFleet(t *testing.T) {
	db := filepath.Join(t.TempDir(), "fleet.db")
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childTask+"=fleet", childDatabase+"="+db)
	stderr, err := c.StderrPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var last string
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if last = lines.Text(); strings.HasPrefix(last, "rovers:") {
			_ = c.Process.Signal(syscall.SIGTERM)
			for lines.Scan() {
				last = lines.Text()
			}
		}
	}
	var ended *exec.ExitError
	if err := c.Wait(); !errors.As(err, &ended) || ended.ExitCode() != exitFailed {
		t.Errorf("the fleet ended with %v", err)
	}
	if !strings.Contains(last, "terminated") || !strings.Contains(last, "are kept") {
		t.Errorf("it says %q", last)
	}
	if _, err := os.Stat(db + "-wal"); err == nil {
		t.Error("it did not close its database")
	}
	if rovers := want(t, "rovers", "--db", db); len(strings.Fields(rovers)) < 50 {
		t.Errorf("%d rovers are kept", len(strings.Fields(rovers)))
	}
}
