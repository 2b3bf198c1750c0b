package main

import (
	"bufio"
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"os"
	"sync"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/notification"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/store/sqlite"
)

// The test binary is started again as a child that is to be killed. It gets its
// task and its database in the environment.
const (
	childTask     = "MARSROVER_TEST_TASK"
	childDatabase = "MARSROVER_TEST_DB"
)

// What a child tells its parent, a line each. It is written with one system
// call, so that it is either told or not when the child is killed.
const (
	toldReady   = "ready"   // the modules run
	toldAck     = "ack"     // rover, sequence number, event, position, version
	toldPrinted = "printed" // the console's message
	toldError   = "error"
)

func child(task string) int {
	parent = os.Stdout
	var err error
	switch db := os.Getenv(childDatabase); task {
	case "drive":
		err = driveUntilKilled(db)
	case "recover":
		err = recoverAlone(db)
	case "fleet":
		os.Args = []string{"marsrover", "fleet", "--rovers", "600", "--length", "40", "--db", db}
		main()
	case "fill":
		err = fillDisk(db)
	default:
		err = fmt.Errorf("unknown task %q", task)
	}
	if err != nil {
		say("%s %v", toldError, err)
		return 1
	}
	return 0
}

var (
	saying sync.Mutex
	parent io.Writer = io.Discard // stdout in a child
)

func say(format string, args ...any) {
	saying.Lock()
	defer saying.Unlock()
	fmt.Fprintf(parent, format+"\n", args...)
}

// sayer is a console whose messages the parent hears.
type sayer struct{}

func (sayer) Write(message []byte) (int, error) {
	say("%s %s", toldPrinted, message[:len(message)-1])
	return len(message), nil
}

// running opens the two modules on a database.
func running(db string, console io.Writer) (*sqlite.Store, *landfall.Host, error) {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	host, err := landfall.Open(ctx, landfall.Config{
		Store: s, Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Modules: []landfall.Module{rover.Module(), notification.Module(notification.Console{Out: console})},
		// Small, so that rovers are read from the log and from snapshots, too.
		CacheSize: 128, SnapshotEvery: 8,
	})
	return s, host, err
}

// recoverAlone answers what is left, as every later process does.
func recoverAlone(db string) error {
	_, host, err := running(db, sayer{})
	if err != nil {
		return err
	}
	say(toldReady)
	return host.Settle(context.Background())
}

const (
	slots   = 200 // rovers that are driven at the same time
	drivers = 50  // goroutines that drive them
)

// slot is a place for one rover after the other.
type slot struct {
	number     int
	generation int // of the rover
	next       int // sequence number of its next command; zero is the start
}

func (s *slot) rover() string { return fmt.Sprintf("rover-%03d.%d", s.number, s.generation) }

// acknowledged moves on by a command, to another rover after an obstacle.
func (s *slot) acknowledged(event string) {
	s.next++
	if event == "ObstacleFound" {
		s.generation, s.next = s.generation+1, 0
	}
}

// key is under which the sender knows a command, so that it can be sent again.
func key(rover string, sequence int) string { return fmt.Sprintf("%s/%d", rover, sequence) }

// field is the world of all rovers.
var field = rover.World{Width: 8, Height: 8, Obstacles: []rover.Point{{X: 1, Y: 6}, {X: 3, Y: 3}, {X: 6, Y: 0}, {X: 6, Y: 5}}}

// order is the command of a rover under a sequence number: chance, but the same
// whenever it is asked for.
func order(id string, sequence int) landfall.Command {
	h := fnv.New64a()
	fmt.Fprint(h, key(id, sequence))
	chance := h.Sum64() >> 7
	if sequence == 0 {
		return rover.StartMarsRover{Point: rover.Point{X: int(chance % 8), Y: 1}, Direction: rover.Direction("NESW"[chance>>8%4:][:1]), World: field}
	}
	return []landfall.Command{rover.TurnRight{}, rover.TurnLeft{}, rover.Move{}, rover.Move{}, rover.Move{}}[chance%5]
}

// driveUntilKilled drives the rovers that the parent names, in many goroutines
// and with policies and projections at work, and tells of every command that
// was acknowledged.
func driveUntilKilled(db string) error {
	plan, err := readPlan(os.Stdin)
	if err != nil {
		return err
	}
	_, host, err := running(db, sayer{})
	if err != nil {
		return err
	}
	host.Start()
	say(toldReady)
	failed := make(chan error)
	for d := range drivers {
		go func() {
			for {
				for i := d; i < len(plan); i += drivers {
					if err := driveSlot(host, &plan[i]); err != nil {
						failed <- err
						return
					}
				}
			}
		}()
	}
	return <-failed
}

func driveSlot(host *landfall.Host, s *slot) error {
	id := s.rover()
	result, err := host.Dispatch(context.Background(), landfall.Message{
		To: landfall.AggregateID(id), Command: order(id, s.next), Key: key(id, s.next),
	})
	if err != nil {
		return fmt.Errorf("%s: %w", key(id, s.next), err)
	}
	e := result.Events[0]
	say("%s %s %d %s %d %d", toldAck, id, s.next, e.Type, e.Position, e.Version)
	s.acknowledged(e.Type)
	return nil
}

func writePlan(w io.Writer, plan []slot) error {
	for _, s := range plan {
		if _, err := fmt.Fprintln(w, s.number, s.generation, s.next); err != nil {
			return err
		}
	}
	return nil
}

func readPlan(r io.Reader) ([]slot, error) {
	var plan []slot
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		var s slot
		if _, err := fmt.Sscan(lines.Text(), &s.number, &s.generation, &s.next); err != nil {
			return nil, err
		}
		plan = append(plan, s)
	}
	return plan, lines.Err()
}
