package memory

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// record returns the record at a position that exists.
func (l *log) record(position uint64) store.Record {
	r := l.rows.at(position)
	record := store.Record{
		Position:    position,
		Stream:      l.names.text(r.stream),
		Version:     r.version,
		ID:          r.id,
		Type:        l.types.text(r.kind),
		Time:        time.Unix(0, r.time).UTC(),
		Trigger:     r.trigger,
		Correlation: r.correlation,
		Actor:       l.actors.text(r.actor),
		Data:        l.arena.get(r.bytes+span(r.metadata), r.data),
	}
	if r.metadata > 0 {
		record.Metadata = l.arena.get(r.bytes, r.metadata)
	}
	return record
}

// Read implements store.Log.
func (l *log) Read(ctx context.Context, after uint64, max int, into []store.Record) ([]store.Record, error) {
	if err := l.open(ctx); err != nil {
		return into, err
	}
	if err := contract.Page(max); err != nil {
		return into, err
	}
	head := l.head.Load()
	if after >= head {
		return into, nil
	}
	n := min(head-after, uint64(max))
	into = slices.Grow(into, int(n))
	for i := range n {
		into = append(into, l.record(after+1+i))
	}
	return into, nil
}

// ReadStream implements store.Log.
func (l *log) ReadStream(ctx context.Context, name string, after uint64, max int, into []store.Record) ([]store.Record, error) {
	if err := l.open(ctx); err != nil {
		return into, err
	}
	if err := contract.Page(max); err != nil {
		return into, err
	}
	if err := contract.Name("stream", name); err != nil {
		return into, err
	}
	return l.pick(into, l.versions(name, after, max)), nil
}

// versions returns the positions of a stream's versions. They are safe to read
// without the lock, because a stream only grows.
func (l *log) versions(name string, after uint64, max int) []uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok := l.streams[name]
	if !ok || after >= uint64(len(s.positions)) {
		return nil
	}
	positions := s.positions[after:]
	return positions[:min(len(positions), max)]
}

// pick appends the records at the positions to into.
func (l *log) pick(into []store.Record, positions []uint64) []store.Record {
	into = slices.Grow(into, len(positions))
	for _, position := range positions {
		into = append(into, l.record(position))
	}
	return into
}

// ByCommand implements store.Log.
func (l *log) ByCommand(ctx context.Context, command uuid.UUID) ([]store.Record, error) {
	if err := l.open(ctx); err != nil {
		return nil, err
	}
	l.mu.Lock()
	first := l.commands.find(command)
	head := l.head.Load()
	l.mu.Unlock()
	if first == 0 {
		return nil, nil
	}
	var records []store.Record
	for p := first; p <= head && l.rows.at(p).command() == command; p++ {
		records = append(records, l.record(p))
	}
	return records, nil
}

// ByTrigger implements store.Log.
func (l *log) ByTrigger(ctx context.Context, event uuid.UUID) ([]store.Record, error) {
	if err := l.open(ctx); err != nil {
		return nil, err
	}
	l.mu.Lock()
	positions := l.triggers[event]
	l.mu.Unlock()
	return l.pick(nil, positions), nil
}

// Head implements store.Log.
func (l *log) Head(ctx context.Context) (uint64, error) {
	if err := l.open(ctx); err != nil {
		return 0, err
	}
	return l.head.Load(), nil
}
