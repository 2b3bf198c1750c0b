package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/notification"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/postgres"
	"github.com/landfall-go/landfall/store/sqlite"
	"github.com/landfall-go/landfall/transport/nats"
)

// nodeTask says what a node runs.
type nodeTask struct {
	Module string // a name that moduleOf knows
	Store  string // a file of SQLite, or the URL of PostgreSQL
	NATS   string // the URL of a server; empty for none
	Batch  bool   // events share messages
}

// Node is a host of one module in a process of its own.
type Node struct {
	host  *landfall.Host
	log   store.Log
	shown func(ctx context.Context, position uint64) error // until it is projected
	close []func() error

	mu      sync.Mutex
	seen    map[int]int64    // by the count of moves, when a watcher saw them
	reached map[uint64]int64 // by the position, when one who waited for it could read
}

// openStore opens the store that a text names.
func openStore(ctx context.Context, name string) (store.Store, error) {
	if strings.HasPrefix(name, "postgres:") {
		return postgres.Open(ctx, name)
	}
	return sqlite.Open(ctx, name)
}

func startNode(ctx context.Context, t nodeTask) (n *Node, err error) {
	n = &Node{seen: map[int]int64{}, reached: map[uint64]int64{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.stop())
		}
	}()
	module, projection, err := moduleOf(t.Module)
	if err != nil {
		return n, err
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	config := landfall.Config{Modules: []landfall.Module{module}, Logger: logger}
	if t.Module == marsRover { // which sends to it
		config.Modules = append(config.Modules, notification.Module(notification.Console{Out: silent{}}))
	}
	if config.Store, err = openStore(ctx, t.Store); err != nil {
		return n, err
	}
	n.close = append(n.close, config.Store.Close)
	if t.NATS != "" {
		options := []nats.Option{nats.WithLogger(logger)}
		if t.Batch {
			options = append(options, nats.WithEventBatches())
		}
		road, err := nats.Connect(ctx, t.NATS, options...)
		if err != nil {
			return n, err
		}
		config.Transport = road
		n.close = append(n.close, road.Close)
	}
	if n.host, err = landfall.Open(ctx, config); err != nil {
		return n, err
	}
	n.close = append(n.close, n.host.Close)
	if n.log, err = config.Store.Log(ctx, moduleName(t.Module)); err != nil {
		return n, err
	}
	n.host.Start()
	return n, n.show(ctx, projection)
}

func moduleName(task string) string {
	switch task {
	case mapping:
		return "Map"
	case logging:
		return "Logbook"
	}
	return "Rover"
}

// show finds the projection's view.
func (n *Node) show(ctx context.Context, projection string) error {
	switch projection {
	case "Places":
		v, err := landfall.ViewOf[Place](n.host, projection)
		n.shown = v.WaitFor
		if err == nil {
			go watch(ctx, n, v, func(p Place) int { return p.Moves })
		}
		return err
	case "Entries":
		v, err := landfall.ViewOf[Entry](n.host, projection)
		n.shown = v.WaitFor
		if err == nil {
			go watch(ctx, n, v, func(e Entry) int { return e.Moves })
		}
		return err
	}
	n.shown = func(context.Context, uint64) error { return nil }
	return nil
}

// watched is the rover whose single moves are watched.
const watched = "rover-watched"

// watch notes when each move of the watched rover could be read.
func watch[D any](ctx context.Context, n *Node, v landfall.View[D], moves func(D) int) {
	for change, err := range v.Watch(ctx, watched) {
		if err != nil {
			return // the host is closed
		}
		now := time.Now().UnixNano()
		n.mu.Lock()
		n.seen[moves(change.Document)] = now
		n.mu.Unlock()
	}
}

func (n *Node) stop() (err error) {
	for i := range n.close {
		err = errors.Join(err, n.close[len(n.close)-1-i]())
	}
	return err
}

// Load says what a node is to do: commands from so many callers at once, spread
// over the rovers From to From+Rovers.
type Load struct {
	Callers, Commands int
	From, Rovers      int
	Random            bool // any rover each time, instead of one after the other
}

// Driven says how long it took, in seconds.
type Driven struct{ Seconds float64 }

func roverID(i int) landfall.AggregateID { return landfall.AggregateID(fmt.Sprintf("rover-%08d", i)) }

// Start starts the rovers of a load.
func (n *Node) Start(l Load, d *Driven) error {
	start := rover.StartMarsRover{Direction: rover.N, World: rover.World{Width: 1000, Height: 1000}}
	return n.timed(l.Callers, l.Rovers, d, func(i int) landfall.Message { return landfall.To(roverID(l.From+i), start) })
}

// Drive moves the rovers of a load.
func (n *Node) Drive(l Load, d *Driven) error {
	return n.timed(l.Callers, l.Commands, d, func(i int) landfall.Message {
		if l.Random {
			i = rand.IntN(l.Rovers)
		}
		return landfall.To(roverID(l.From+i%l.Rovers), rover.Move{})
	})
}

// timed dispatches so many commands, from so many callers at once.
func (n *Node) timed(callers, commands int, d *Driven, message func(i int) landfall.Message) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	var group sync.WaitGroup
	var next atomic.Int64
	begun := time.Now()
	for range callers {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < commands && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if _, err := n.host.Dispatch(ctx, message(i)); err != nil {
					cancel(err)
				}
			}
		})
	}
	group.Wait()
	d.Seconds = time.Since(begun).Seconds()
	return context.Cause(ctx)
}

// Head tells where the log ends.
func (n *Node) Head(_ Nothing, head *uint64) (err error) {
	*head, err = n.log.Head(context.Background())
	return err
}

// Await returns when the log has come to the position, and the projection too.
func (n *Node) Await(position uint64, _ *Nothing) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		head, err := n.log.Head(ctx)
		if err != nil {
			return err
		}
		if head >= position {
			return n.shown(ctx, position)
		}
		time.Sleep(time.Millisecond)
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("the log ends at %d and not at %d: %w", head, position, err)
		}
	}
}

// Shot tells when one command was sent and when it was accepted, in nanoseconds
// since 1970.
type Shot struct{ Sent, Accepted int64 }

// Shoot starts the watched rover, or moves it.
func (n *Node) Shoot(start bool, s *Shot) error {
	var command landfall.Command = rover.Move{}
	if start {
		command = rover.StartMarsRover{Direction: rover.N, World: rover.World{Width: 1000, Height: 1000}}
	}
	s.Sent = time.Now().UnixNano()
	_, err := n.host.Dispatch(context.Background(), landfall.To(watched, command))
	s.Accepted = time.Now().UnixNano()
	return err
}

// Expect has somebody wait until the projection has come to the position.
func (n *Node) Expect(position uint64, _ *Nothing) error {
	go func() {
		if n.shown(context.Background(), position) != nil {
			return // the host is closed
		}
		now := time.Now().UnixNano()
		n.mu.Lock()
		n.reached[position] = now
		n.mu.Unlock()
	}()
	return nil
}

// Reached tells when the one who waited for the position could read.
func (n *Node) Reached(position uint64, at *int64) error {
	return n.soon(fmt.Sprintf("position %d is not reached", position), func() bool { *at = n.reached[position]; return *at != 0 })
}

// Seen tells when the watcher saw so many moves of the watched rover.
func (n *Node) Seen(moves int, at *int64) error {
	return n.soon(fmt.Sprintf("move %d is not to be seen", moves), func() bool { *at = n.seen[moves]; return *at != 0 })
}

// soon waits until the condition holds, under the lock.
func (n *Node) soon(otherwise string, holds func() bool) error {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		n.mu.Lock()
		held := holds()
		n.mu.Unlock()
		if held {
			return nil
		}
	}
	return errors.New(otherwise)
}
