package bench

import (
	"context"
	"encoding/json"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	raw "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/sqlite"
)

func openFile(b *testing.B, path string) *sqlite.Store {
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

// concurrently runs do b.N times on as many goroutines as there are callers.
// Each call gets the caller's number and a count of its own.
func concurrently(b *testing.B, callers int, do func(caller, i int) error) {
	var group sync.WaitGroup
	var failed atomic.Pointer[error]
	for caller := range callers {
		group.Go(func() {
			for i := caller; i < b.N && failed.Load() == nil; i += callers {
				if err := do(caller, i); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		b.Fatal(*err)
	}
}

func rate(b *testing.B, n int, unit string) {
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), unit)
}

// Driver is a module of the rover's decisions alone: nothing follows from them.
func Driver() landfall.Module {
	return landfall.NewModule("Rover",
		landfall.Handle(rover.MarsRover.Start, landfall.Emits(rover.MarsRoverStarted{})),
		landfall.Handle(rover.MarsRover.Move, landfall.Emits(rover.MarsRoverMoved{}, rover.ObstacleFound{})),
	)
}

// Durable is the runtime on SQLite, synchronous=FULL: so many callers drive a
// rover each.
func Durable(callers int, modules ...landfall.Module) func(*testing.B) {
	return func(b *testing.B) {
		ctx := context.Background()
		h := openModules(b, openFile(b, filepath.Join(b.TempDir(), "durable.db")), modules...)
		ids := rovers(b, h, callers)
		if err := h.Settle(ctx); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		b.ResetTimer()
		concurrently(b, callers, func(caller, _ int) error {
			_, err := h.Dispatch(ctx, landfall.To(ids[caller], rover.Move{}))
			return err
		})
		b.StopTimer()
		rate(b, b.N, "commands/s")
	}
}

// rawFile makes a file with the tables of a module and opens it with the
// driver alone, set as store/sqlite sets it.
func rawFile(b *testing.B, path string) *raw.Conn {
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := s.Log(context.Background(), "Rover"); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	c, err := raw.OpenConn(path, raw.OpenReadWrite)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	for _, pragma := range []string{"journal_mode = WAL", "synchronous = FULL", "cache_size = -65536", "temp_store = MEMORY"} {
		if err := sqlitex.ExecuteTransient(c, "PRAGMA "+pragma, nil); err != nil {
			b.Fatal(err)
		}
	}
	return c
}

// RawAppend is the raw limit of appends: the driver alone inserts the same rows
// into the same table, so many a transaction.
func RawAppend(perTransaction int) func(*testing.B) {
	return func(b *testing.B) {
		c := rawFile(b, filepath.Join(b.TempDir(), "raw.db"))
		insert := c.Prep(`INSERT INTO "Rover_events" (position, stream, version, command, number, type, time, data, checksum)
			VALUES (?,?,?,?,0,1,?,?,0)`)
		data := []byte(`{"point":{"x":12,"y":34},"direction":"N"}`)
		b.ResetTimer()
		for i := 0; i < b.N; {
			end, err := sqlitex.ImmediateTransaction(c)
			if err != nil {
				b.Fatal(err)
			}
			for j := 0; j < perTransaction && i < b.N; j++ {
				if err := insertRaw(insert, i, perTransaction, data); err != nil {
					b.Fatal(err)
				}
				i++
			}
			end(&err)
			if err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		rate(b, b.N, "events/s")
	}
}

func insertRaw(insert *raw.Stmt, i, streams int, data []byte) error {
	now := time.Now()
	command := store.NewCommandID(now)
	insert.BindInt64(1, int64(i+1))
	insert.BindInt64(2, int64(i%streams+1))
	insert.BindInt64(3, int64(i/streams+1))
	insert.BindBytes(4, command[:])
	insert.BindInt64(5, now.UnixNano())
	insert.BindBytes(6, data)
	if _, err := insert.Step(); err != nil {
		return err
	}
	return insert.Reset()
}

// Chain is the whole chain on SQLite: a rover is started and finds an obstacle,
// two policies answer, two commands, their events, and all projections. It
// counts events, four a rover.
func Chain(b *testing.B) {
	ctx := context.Background()
	h := open(b, openFile(b, filepath.Join(b.TempDir(), "chain.db")))
	ids := make([]landfall.AggregateID, b.N)
	b.ResetTimer()
	concurrently(b, 64, func(_, i int) error {
		ids[i] = newRover(b, h, rover.Point{X: 0, Y: 1})
		_, err := h.Dispatch(ctx, landfall.To(ids[i], rover.Move{}))
		return err
	})
	if err := h.Settle(ctx); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	rate(b, 4*b.N, "events/s")
	repository, err := landfall.RepositoryOf[rover.MarsRover](h)
	if err != nil {
		b.Fatal(err)
	}
	last, err := repository.Load(ctx, ids[b.N-1])
	if err != nil || last.State.Status != rover.TurnedOff {
		b.Fatalf("the last rover is %v, not turned off (%v)", last.State.Status, err)
	}
}

// History is a file with a long log: rovers that were driven side by side, each
// over so many squares.
type History struct {
	Path   string
	Events int
}

// MakeHistory writes a log of at least so many events.
func MakeHistory(folder string, events int) (History, error) {
	const length, side = 50, 64
	h := History{Path: filepath.Join(folder, "history.db")}
	ctx := context.Background()
	s, err := sqlite.Open(ctx, h.Path)
	if err != nil {
		return h, err
	}
	defer s.Close()
	log, err := s.Log(ctx, "Rover")
	if err != nil {
		return h, err
	}
	for h.Events < events {
		if err := driveMany(ctx, log, side, length); err != nil {
			return h, err
		}
		h.Events += side * length
	}
	return h, nil
}

func driveMany(ctx context.Context, log store.Log, side, length int) error {
	var group sync.WaitGroup
	errs := make([]error, side)
	for i := range side {
		group.Go(func() { errs[i] = driveOne(ctx, log, length) })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func driveOne(ctx context.Context, log store.Log, length int) error {
	stream := "MarsRover/" + string(landfall.NewAggregateID())
	for version := range length {
		name, event := "MarsRoverMoved", any(rover.MarsRoverMoved{Point: rover.Point{X: version, Y: 7}, Direction: rover.E})
		if version == 0 {
			name, event = "MarsRoverStarted", rover.MarsRoverStarted{Direction: rover.E, World: rover.World{Width: 100, Height: 100}}
		}
		data, err := json.Marshal(event)
		if err != nil {
			return err
		}
		now := time.Now()
		command := store.NewCommandID(now)
		record := store.Record{ID: store.EventID(command, 0), Type: name, Time: now, Correlation: command, Data: data}
		if _, err := log.Append(ctx, store.Append{Stream: stream, Expected: uint64(version), Records: []store.Record{record}}); err != nil {
			return err
		}
	}
	return nil
}

// RawRead is the raw limit of a rebuild: the driver alone reads the rows in
// order, and encoding/json decodes each.
func RawRead(h History) func(*testing.B) {
	return func(b *testing.B) {
		c, err := raw.OpenConn(h.Path, raw.OpenReadOnly)
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		b.ResetTimer()
		for range b.N {
			if n, err := readRaw(c); err != nil || n != h.Events {
				b.Fatal(n, err)
			}
		}
		b.StopTimer()
		rate(b, b.N*h.Events, "events/s")
	}
}

func readRaw(c *raw.Conn) (n int, err error) {
	read := c.Prep(`SELECT position, stream, version, command, number, type, time, trigger, correlation, actor, metadata, data, checksum
		FROM "Rover_events" ORDER BY position`)
	var data [4096]byte
	var command uuid.UUID
	for {
		row, err := read.Step()
		if err != nil || !row {
			return n, err
		}
		for column := range 3 {
			_ = read.ColumnInt64(column)
		}
		read.ColumnBytes(3, command[:])
		size := read.ColumnBytes(11, data[:])
		var e rover.MarsRoverMoved
		if err := json.Unmarshal(data[:size], &e); err != nil {
			return n, err
		}
		n++
	}
}

// Rebuild builds the path of all rovers anew.
func Rebuild(h History) func(*testing.B) {
	return func(b *testing.B) {
		host := open(b, openFile(b, h.Path))
		ctx := context.Background()
		if err := host.Settle(ctx); err != nil {
			b.Fatal(err)
		}
		b.ResetTimer()
		for range b.N {
			if err := host.Rebuild(ctx, "MarsRoverPath", nil); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		rate(b, b.N*h.Events, "events/s")
	}
}

// Aged drives one rover with so many events behind it.
func Aged(events int) func(*testing.B) {
	return func(b *testing.B) {
		ctx := context.Background()
		s := openFile(b, filepath.Join(b.TempDir(), "aged.db"))
		h := open(b, s)
		id := newRover(b, h)
		repository, err := landfall.RepositoryOf[rover.MarsRover](h)
		if err != nil {
			b.Fatal(err)
		}
		for version := 1; version < events; {
			n := min(events-version, 1000)
			moves := make([]landfall.Event, n)
			for i := range moves {
				moves[i] = rover.MarsRoverMoved{Point: rover.Point{X: i}, Direction: rover.N}
			}
			if _, err := repository.Save(ctx, id, uint64(version), moves...); err != nil {
				b.Fatal(err)
			}
			version += n
		}
		if _, err := h.Dispatch(ctx, landfall.To(id, rover.Move{})); err != nil {
			b.Fatal(err)
		}
		if err := h.Settle(ctx); err != nil {
			b.Fatal(err)
		}
		b.ResetTimer()
		for range b.N {
			if _, err := h.Dispatch(ctx, landfall.To(id, rover.Move{})); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		rate(b, b.N, "commands/s")
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/command")
	}
}
