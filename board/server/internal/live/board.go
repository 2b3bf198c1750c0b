// Package live runs one board: its commands go through the runtime, and what comes
// of them goes to all who look at it.
package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/exchange"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/store"
)

// The names of things in a board's store.
const (
	module    = "Session"
	aggregate = "Board"
	only      = "board" // the id of the one board in its store
	stream    = aggregate + "/" + only
)

const (
	// tickEvery is how often browsers are told what is new.
	tickEvery = 30 * time.Millisecond
	// gather is how long a tick after a pause waits for more.
	gather = 2 * time.Millisecond
	// recent and recentBytes are how many operations are kept as they were written, and
	// how many bytes of them.
	recent      = 2048
	recentBytes = 16 << 20
	// farBehind is how many operations a browser is sent before it rather fetches
	// the state.
	farBehind = 5000
	// commandTime bounds how long a command may take.
	commandTime = 15 * time.Second
)

// Config says what a board runs on.
type Config struct {
	// Store is the board's own; the board closes it.
	Store store.Store
	// Name is that of a board that is new.
	Name string
	// Shared says that other processes may run the same board.
	Shared bool
	// Signals carry cursors between servers; nil says that there are none.
	Signals Signals
	// Landing keeps the text of the storm in step; nil says that nobody does.
	Landing Landing
	Logger  *slog.Logger
}

// Board is one board while it is open. It is safe for concurrent use.
type Board struct {
	config Config
	host   *landfall.Host
	log    store.Log
	logger *slog.Logger

	ctx    context.Context
	cancel context.CancelFunc
	done   sync.WaitGroup
	stop   func() // the listening
	name   string // of this server, among those that run the board

	stopSignals func()

	inbox   inbox         // records that were heard of
	wake    chan struct{} // there may be something to do
	stepper *stepper      // nil without Landing

	mu        sync.Mutex
	wall      *session.Wall
	seq       uint64 // of the last operation on the wall
	sent      uint64 // of the last operation that browsers were told
	changed   int64  // when it was made, in milliseconds
	ring      []*op  // the last operations, in order
	ringBytes int
	concealed map[uint64]*op // all operations with private parts
	fresh     []*op          // operations that browsers are still to be told
	seats     map[*Seat]struct{}
	present   presence
	phases    []exchange.PhaseAt
	since     since             // what changed after text and wall were in step
	landed    map[string]string // the text of each file as it is known to be on the disk
	problems  []byte            // the last frame of problems
	image     image             // the state as it was last written
	last      time.Time
	left      time.Time // when the last browser left
}

// Open opens a board, and begins it when it is new.
func Open(ctx context.Context, c Config) (*Board, error) {
	b := &Board{
		config: c, logger: c.Logger, wall: session.NewWall(), name: store.NewCommandID(time.Now()).String(), wake: make(chan struct{}, 1),
		concealed: map[uint64]*op{}, landed: map[string]string{}, seats: map[*Seat]struct{}{}, left: time.Now(),
	}
	b.present.init()
	b.ctx, b.cancel = context.WithCancel(context.Background())
	if err := b.open(ctx); err != nil {
		b.cancel()
		if b.host != nil {
			err = errors.Join(err, b.host.Close())
		}
		return nil, errors.Join(fmt.Errorf("open the board: %w", err), c.Store.Close())
	}
	b.done.Go(b.run)
	if b.stepper != nil {
		b.done.Go(b.stepper.run)
	}
	return b, nil
}

func (b *Board) open(ctx context.Context) error {
	var err error
	if b.log, err = b.config.Store.Log(ctx, module); err != nil {
		return err
	}
	const snapshots = 20_000 // writing a large wall down takes some hundredths of a second, in which nobody else is answered
	b.host, err = landfall.Open(ctx, landfall.Config{
		Store: b.config.Store, Modules: []landfall.Module{session.Module()}, Logger: b.logger,
		CacheSize: 16, SnapshotEvery: snapshots,
	})
	if err != nil {
		return err
	}
	b.host.Start()
	b.stop = b.log.Listen(b.hear)
	if err := b.catchUp(ctx); err != nil {
		b.stop()
		return err
	}
	if b.seq == 0 {
		if _, err := b.give(ctx, landfall.ID{}, "", session.OpenBoard{Name: b.config.Name, At: int(time.Now().UnixMilli())}); err != nil && !errors.Is(err, landfall.ErrRejected) {
			b.stop()
			return err
		}
		if err := b.catchUp(ctx); err != nil {
			b.stop()
			return err
		}
	}
	b.mu.Lock()
	b.fresh, b.sent = nil, b.seq // nobody is there yet
	b.mu.Unlock()
	if b.config.Signals != nil {
		if err := b.join(); err != nil {
			b.stop()
			return err
		}
	}
	if b.config.Landing != nil {
		if err := b.recall(ctx); err != nil {
			b.stop()
			return err
		}
		b.stepper = newStepper(b)
	}
	return nil
}

// give dispatches a command in the name of somebody; "" is the server itself.
func (b *Board) give(ctx context.Context, id landfall.ID, by string, c landfall.Command) (landfall.Result, error) {
	return b.host.Dispatch(ctx, landfall.Message{To: only, Command: c, ID: id, Actor: by})
}

// Close tells all browsers goodbye, ends the work and releases the store.
func (b *Board) Close(reason wire.ByeReason, message string) error {
	b.mu.Lock()
	for s := range b.seats {
		s.line.Bye(reason, message)
	}
	b.mu.Unlock()
	b.cancel()
	b.done.Wait()
	b.stop()
	if b.config.Signals != nil {
		b.leave()
	}
	return errors.Join(b.host.Close(), b.config.Store.Close())
}

// Idle returns since when nobody has been on the board, or zero while somebody is.
func (b *Board) Idle() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.seats) > 0 {
		return time.Time{}
	}
	return b.left
}

// Wall returns the wall and the number of its last operation. The wall is the
// caller's own.
func (b *Board) Wall() (*session.Wall, uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wall.Clone(), b.seq
}

// What doubles the work that there is with a wall.
const (
	manyNotes = 2000
	muchText  = 200_000 // bytes
)

// Scale says how much more work there is with the board than with a small one: at
// least 1.
func (b *Board) Scale() float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	text := 0
	for _, f := range b.wall.Files {
		text += len(f.Text)
	}
	return 1 + float64(len(b.wall.Notes))/manyNotes + float64(text)/muchText
}

// Phases returns which phase of the session began when.
func (b *Board) Phases() []exchange.PhaseAt {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.phases)
}

// OnDisk returns the text of each file as it is known to be on the disk.
func (b *Board) OnDisk() map[string]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.landed)
}

// Glance returns what a list of boards shows: the name, how many notes there are
// for all to see, and when something was last changed.
func (b *Board) Glance() (name string, notes int, changed int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.wall.Board != nil {
		name = b.wall.Board.Name
	}
	for _, n := range b.wall.Notes {
		if !n.Private {
			notes++
		}
	}
	return name, notes, b.changed
}
