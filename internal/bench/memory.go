package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/notification"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// silent is a console that nobody reads.
type silent struct{}

func (silent) Write(p []byte) (int, error) { return len(p), nil }

// open starts the Mars Rover on a store.
func open(b *testing.B, s store.Store) *landfall.Host { return openModules(b, s) }

// openModules starts modules, which are the Mars Rover's when there are none.
func openModules(b *testing.B, s store.Store, modules ...landfall.Module) *landfall.Host {
	if len(modules) == 0 {
		modules = []landfall.Module{rover.Module(), notification.Module(notification.Console{Out: silent{}})}
	}
	h, err := landfall.Open(context.Background(), landfall.Config{
		Store:   s,
		Modules: modules,
		Logger:  slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	h.Start()
	b.Cleanup(func() {
		if err := h.Close(); err != nil {
			b.Error(err)
		}
	})
	return h
}

func newRover(b *testing.B, h *landfall.Host, obstacles ...rover.Point) landfall.AggregateID {
	id := landfall.NewAggregateID()
	start := rover.StartMarsRover{Direction: rover.N, World: rover.World{Width: 1000, Height: 1000, Obstacles: obstacles}}
	if _, err := h.Dispatch(context.Background(), landfall.To(id, start)); err != nil {
		b.Fatal(err)
	}
	return id
}

func rovers(b *testing.B, h *landfall.Host, n int) []landfall.AggregateID {
	ids := make([]landfall.AggregateID, n)
	for i := range ids {
		ids[i] = newRover(b, h)
	}
	return ids
}

// Memory drives a hundred rovers on one goroutine, in memory: load, decide,
// encode, append, and project the path.
func Memory(b *testing.B) {
	ctx := context.Background()
	s := memory.New()
	b.Cleanup(func() { s.Close() })
	h := open(b, s)
	ids := rovers(b, h, 100)
	path, err := landfall.ViewOf[rover.Path](h, "MarsRoverPath")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	var last landfall.Result
	for i := range b.N {
		if last, err = h.Dispatch(ctx, landfall.To(ids[i%len(ids)], rover.Move{})); err != nil {
			b.Fatal(err)
		}
	}
	if err := path.WaitFor(ctx, last.Position()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commands/s")
	if last.Events[0].Version < uint64(b.N/len(ids)) {
		b.Fatal(fmt.Sprint("not all commands took effect: ", last))
	}
}

// byHand is what Memory does, without a runtime: a map of states, a slice of
// records, a map of documents.
type byHand struct {
	states  map[landfall.AggregateID]*rover.MarsRover
	records []store.Record
	paths   map[string]*rover.Path
	buffer  bytes.Buffer
	encoder *json.Encoder
}

func (h *byHand) move(id landfall.AggregateID) error {
	state := h.states[id]
	events, err := state.Move(rover.Move{})
	if err != nil {
		return err
	}
	for _, event := range events {
		state.Apply(event)
		data, err := h.encode(event)
		if err != nil {
			return err
		}
		now := time.Now()
		command := store.NewCommandID(now)
		h.records = append(h.records, store.Record{
			Position: uint64(len(h.records) + 1), Stream: string(id), ID: store.EventID(command, 0), Type: "MarsRoverMoved",
			Time: now, Correlation: command, Data: data, Value: event,
		})
		path := h.paths[string(id)]
		if len(path.Coordinates) == 100 {
			path.Coordinates = nil
		}
		moved := event.(rover.MarsRoverMoved)
		path.Moved(moved, landfall.Metadata{})
	}
	return nil
}

func (h *byHand) encode(event landfall.Event) ([]byte, error) {
	if h.encoder == nil {
		return nil, nil
	}
	h.buffer.Reset()
	err := h.encoder.Encode(event)
	return bytes.Clone(h.buffer.Bytes()), err
}

// ByHand is the raw limit of Memory, with encoding or without.
func ByHand(encode bool) func(*testing.B) {
	return func(b *testing.B) { drive(b, encode) }
}

func drive(b *testing.B, encode bool) {
	h := byHand{states: map[landfall.AggregateID]*rover.MarsRover{}, paths: map[string]*rover.Path{}}
	if encode {
		h.encoder = json.NewEncoder(&h.buffer)
	}
	var ids []landfall.AggregateID
	for range 100 {
		id := landfall.NewAggregateID()
		ids = append(ids, id)
		h.states[id] = &rover.MarsRover{Status: rover.Started, Direction: rover.N, World: rover.World{Width: 1000, Height: 1000}}
		h.paths[string(id)] = &rover.Path{}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if err := h.move(ids[i%len(ids)]); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	rate(b, b.N, "commands/s")
}
