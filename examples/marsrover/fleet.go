package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/notification"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
)

// callers is how many rovers of a fleet are driven at once.
const callers = 256

// fleet is many rovers with random commands. The same seed gives the same
// commands.
type fleet struct {
	rovers, length int
	seed           uint64
	world          rover.World
}

func newFleet(rovers, length int, seed uint64) fleet {
	random := rand.New(rand.NewPCG(seed, 0))
	f := fleet{rovers: rovers, length: length, seed: seed, world: rover.World{Width: 20, Height: 20}}
	for range 10 {
		f.world.Obstacles = append(f.world.Obstacles, rover.Point{X: random.IntN(20), Y: random.IntN(20)})
	}
	return f
}

// orders returns the commands for the rover of a number, the start first.
func (f fleet) orders(number int) []landfall.Command {
	random := rand.New(rand.NewPCG(f.seed, uint64(number)+1))
	start := rover.StartMarsRover{World: f.world}
	for refused := true; refused; {
		start.Point = rover.Point{X: random.IntN(f.world.Width), Y: random.IntN(f.world.Height)}
		start.Direction = []rover.Direction{rover.N, rover.E, rover.S, rover.W}[random.IntN(4)]
		_, err := rover.MarsRover{}.Start(start)
		refused = err != nil
	}
	commands := []landfall.Command{start}
	for range f.length {
		commands = append(commands, []landfall.Command{rover.TurnRight{}, rover.TurnLeft{}, rover.Move{}, rover.Move{}}[random.IntN(4)])
	}
	return commands
}

// tally counts what happens to a fleet. It is safe for concurrent use.
type tally struct {
	driven, moving                atomic.Int64 // rovers that are through, and those of them without an obstacle
	commands, events              atomic.Int64
	started, found, off, notified atomic.Int64

	mu      sync.Mutex
	stopped []landfall.AggregateID // rovers that have found an obstacle
}

func (t *tally) hear(e landfall.Recorded) {
	t.events.Add(1)
	switch e.Event.(type) {
	case rover.MarsRoverStarted:
		t.started.Add(1)
	case rover.ObstacleFound:
		t.found.Add(1)
		t.mu.Lock()
		defer t.mu.Unlock()
		t.stopped = append(t.stopped, e.Aggregate)
	case rover.MarsRoverTurnedOff:
		t.off.Add(1)
	case notification.ObstacleNotified:
		t.notified.Add(1)
	}
}

// summary is what is said of a fleet in the end.
type summary struct {
	Rovers        int64            `json:"rovers"`
	Commands      int64            `json:"commands"`
	Events        int64            `json:"events"`
	Statuses      map[string]int64 `json:"statuses"`
	Found         int64            `json:"obstaclesFound"`
	Notified      int64            `json:"obstaclesNotified"`
	TurnedOff     int64            `json:"roversTurnedOff"`
	Messages      int              `json:"messages"`
	Elsewhere     bool             `json:"consoleElsewhere,omitempty"` // so nobody here knows of messages
	Driving       float64          `json:"secondsDriving"`
	Seconds       float64          `json:"seconds"`
	CommandsASec  int64            `json:"commandsPerSecond"`
	EventsASecond int64            `json:"eventsPerSecond"`
	PeakMemory    uint64           `json:"peakMemoryBytes"`
}

func (m *Main) fleet() *cobra.Command {
	var w where
	var asJSON bool
	var rovers, length int
	var seed uint64
	c := &cobra.Command{
		Use:   "fleet",
		Short: "Drive many rovers with random commands",
		Long: `Fleet starts many rovers on a grid of 20 x 20 with obstacles and drives them at the
same time, while policies and projections work in the background. The same seed
gives the same commands. Progress goes to the standard error; the messages of
the console are counted, not printed.

With --nats the fleet is driven in a system that runs, such as one of "marsrover
serve", whose console prints the messages.`,
		Example: `  marsrover fleet --rovers 10000 --length 50 --db fleet.db
  marsrover fleet --seed 7 --json
  marsrover fleet --nats nats://127.0.0.1:4222`,
		Args: arguments(),
		RunE: func(c *cobra.Command, _ []string) error {
			if rovers < 1 {
				return &badInput{fmt.Errorf("--rovers %d: a fleet has at least one rover", rovers)}
			}
			if length < 0 {
				return &badInput{fmt.Errorf("--length %d: a rover gets no fewer than 0 commands", length)}
			}
			s, err := m.create(c.Context(), &w)
			if err != nil {
				return err
			}
			return s.end(m.driveFleet(c.Context(), s, newFleet(rovers, length, seed), asJSON))
		},
	}
	c.Flags().IntVar(&rovers, "rovers", 1000, "how many rovers")
	c.Flags().IntVar(&length, "length", 50, "how many commands for each, beside its start")
	c.Flags().Uint64Var(&seed, "seed", 1, "of the random commands")
	w.addFlags(c.Flags())
	jsonFlag(c.Flags(), &asJSON)
	return c
}

func (m *Main) driveFleet(ctx context.Context, s *system, f fleet, asJSON bool) error {
	var t tally
	s.trace.heard = t.hear
	s.console.to(io.Discard, all)
	begun := time.Now()
	s.host.Start()
	stopBar := m.watch(&t, f)
	err := f.drive(ctx, s.host, &t)
	stopBar()
	driving := time.Since(begun)
	if err == nil {
		err = s.settle(ctx, &t, driving)
	}
	if err != nil {
		return fmt.Errorf("%w: %s events of %s rovers are kept; the next command answers what was left",
			reason(ctx, err), humanize.Comma(t.events.Load()), humanize.Comma(t.started.Load()))
	}
	sum := t.summary(driving, time.Since(begun))
	sum.Messages, sum.Elsewhere = s.console.count(), s.remote
	if asJSON {
		return writeJSON(m.Stdout, sum)
	}
	_, err = io.WriteString(m.Stdout, sum.text())
	return err
}

// settle returns when policies and projections have answered the fleet. Of a system
// in other processes it is known that the rovers are off; how long that may take
// follows from how long they were driven.
func (s *system) settle(ctx context.Context, t *tally, driving time.Duration) error {
	if !s.remote {
		return s.host.Settle(ctx)
	}
	limit := patience + 2*driving
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("the running system has not turned all rovers off within %v", limit))
	defer cancel()
	return each(ctx, len(t.stopped), func(ctx context.Context, n int) error {
		if err := s.waitUntilOff(ctx, t.stopped[n]); err != nil {
			return err
		}
		t.off.Add(1)
		t.events.Add(1)
		return nil
	})
}

// watch shows the progress of a fleet until the returned function is called.
func (m *Main) watch(t *tally, f fleet) (stop func()) {
	bar := &progress{out: m.Stderr, bar: m.Bars, what: "rovers"}
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(barPause)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				bar.at(uint64(t.driven.Load()), uint64(f.rovers))
			case <-done:
				bar.at(uint64(t.driven.Load()), uint64(f.rovers))
				bar.stop()
				return
			}
		}
	})
	return func() { close(done); watching.Wait() }
}

// drive drives all rovers, and ends at the first error.
func (f fleet) drive(ctx context.Context, host *landfall.Host, t *tally) error {
	return each(ctx, f.rovers, func(ctx context.Context, n int) error { return f.driveOne(ctx, host, n, t) })
}

// each does something for each number below total, many at once, and ends at the
// first error.
func each(ctx context.Context, total int, do func(ctx context.Context, n int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var doing sync.WaitGroup
	for range min(callers, total) {
		doing.Go(func() {
			for n := int(next.Add(1)) - 1; n < total; n = int(next.Add(1)) - 1 {
				if err := do(ctx, n); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	doing.Wait()
	return context.Cause(ctx)
}

// driveOne drives a rover until its commands end or it finds an obstacle.
func (f fleet) driveOne(ctx context.Context, host *landfall.Host, number int, t *tally) error {
	id := landfall.NewAggregateID()
	defer t.driven.Add(1)
	orders := f.orders(number)
	for _, c := range orders {
		result, err := host.Dispatch(ctx, landfall.Message{To: id, Command: c, Actor: "Operator"})
		if err != nil {
			return err
		}
		t.commands.Add(1)
		if _, found := result.Events[0].Event.(rover.ObstacleFound); found {
			return nil
		}
	}
	if len(orders) > 1 {
		t.moving.Add(1)
	}
	return nil
}

func (t *tally) summary(driving, whole time.Duration) summary {
	s := summary{
		Rovers: t.started.Load(), Commands: t.commands.Load(), Events: t.events.Load(),
		Found: t.found.Load(), Notified: t.notified.Load(), TurnedOff: t.off.Load(),
		Driving: driving.Seconds(), Seconds: whole.Seconds(), PeakMemory: peakMemory(),
	}
	moving := t.moving.Load()
	s.Statuses = map[string]int64{
		rover.Started.String(): s.Rovers - moving - s.Found, rover.Moving.String(): moving,
		rover.ObstacleStopped.String(): s.Found - s.TurnedOff, rover.TurnedOff.String(): s.TurnedOff,
	}
	s.CommandsASec = int64(float64(s.Commands) / s.Driving)
	s.EventsASecond = int64(float64(s.Events) / s.Seconds)
	return s
}

func (s summary) text() string {
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-12s "+format+"\n", append([]any{name}, args...)...)
	}
	row("rovers", "%s", humanize.Comma(s.Rovers))
	for _, status := range []rover.Status{rover.Started, rover.Moving, rover.ObstacleStopped, rover.TurnedOff} {
		row("", "%s %s", humanize.Comma(s.Statuses[status.String()]), status)
	}
	row("commands", "%s in %.2f s, %s/s", humanize.Comma(s.Commands), s.Driving, humanize.Comma(s.CommandsASec))
	row("events", "%s in %.2f s until all was settled, %s/s", humanize.Comma(s.Events), s.Seconds, humanize.Comma(s.EventsASecond))
	notified := fmt.Sprintf("%s notified (%s messages)", humanize.Comma(s.Notified), humanize.Comma(int64(s.Messages)))
	if s.Elsewhere {
		notified = "notified elsewhere"
	}
	row("obstacles", "%s found, %s, %s rovers turned off", humanize.Comma(s.Found), notified, humanize.Comma(s.TurnedOff))
	row("peak memory", "%s", humanize.IBytes(s.PeakMemory))
	return b.String()
}
