package memory

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// log is the log of one module. Readers of records take no lock: they load
// the head, and everything up to the head stays as it is.
type log struct {
	head   atomic.Uint64
	rows   rows
	arena  arena
	names  names // of streams
	types  names
	actors names
	closed atomic.Bool

	// mu guards the fields below, and is held while one appends.
	mu       sync.Mutex
	streams  map[string]*stream
	commands index
	triggers map[uuid.UUID][]uint64 // to the positions of all records

	// While the Changes.Do of a commit with appends runs, mu is free for those
	// who read, and those who append wait for unreserved.
	reserved   bool
	unreserved *sync.Cond
	claims     claims

	// told guards the listeners. It is taken after mu.
	told      sync.Mutex
	listeners []*listener

	documents documents
}

// stream is one stream: the record of version v is at positions[v-1].
type stream struct {
	name      uint32 // zero while nothing is in it
	claimed   uint32 // records that the commit at work is about to add
	positions []uint64
	room      [3]uint64 // where a short stream's positions lie
}

type listener struct{ fn func([]store.Record) }

func newLog() *log {
	l := &log{
		streams:   map[string]*stream{},
		commands:  newIndex(),
		triggers:  map[uuid.UUID][]uint64{},
		documents: newDocuments(),
	}
	l.unreserved = sync.NewCond(&l.mu)
	l.claims.commands = newIndex()
	l.rows.chunks.Store(&[]*chunk{})
	l.arena.blocks.Store(&[][]byte{})
	for _, n := range []*names{&l.names, &l.types, &l.actors} {
		n.ids = map[string]uint32{}
		n.texts.Store(&[]string{""})
	}
	return l
}

// Append implements store.Log.
func (l *log) Append(ctx context.Context, a store.Append) (store.Appended, error) {
	if err := ctx.Err(); err != nil {
		return store.Appended{}, err
	}
	command, err := contract.Append(&a)
	if err != nil {
		return store.Appended{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.reserved {
		l.unreserved.Wait()
	}
	if l.closed.Load() {
		return store.Appended{}, store.ErrClosed
	}
	if first := l.commands.find(command); first != 0 {
		return store.Appended{}, duplicate(command, first)
	}
	s, err := l.stream(a.Stream, a.Expected)
	if err != nil {
		return store.Appended{}, err
	}
	at := store.Appended{First: l.head.Load() + 1, Version: uint64(len(s.positions)) + 1}
	l.store(s, &a, at)
	l.commands.put(command, at.First)
	l.head.Store(at.First + uint64(len(a.Records)) - 1)
	l.tell(a.Records)
	return at, nil
}

func duplicate(command uuid.UUID, position uint64) error {
	return fmt.Errorf("%w: command %s, at position %d", store.ErrDuplicate, command, position)
}

// stream returns the stream, new if need be, when it stands at the expected
// version. A new one is empty, which is as good as none to those who read.
func (l *log) stream(name string, expected uint64) (*stream, error) {
	s, ok := l.streams[name]
	var version uint64
	if ok {
		version = uint64(len(s.positions)) + uint64(s.claimed)
	}
	if expected != version && expected != store.AnyVersion {
		return nil, fmt.Errorf("%w: stream %q is at version %d, not %d", store.ErrConflict, name, version, expected)
	}
	if !ok {
		s = new(stream)
		s.positions = s.room[:0]
		l.streams[name] = s
	}
	return s, nil
}

// store writes the rows past the head, where no reader looks yet, and completes
// the records.
func (l *log) store(s *stream, a *store.Append, at store.Appended) {
	if s.name == 0 {
		s.name = l.names.id(a.Stream)
	}
	for i := range a.Records {
		r := &a.Records[i]
		r.Stream, r.Position, r.Version = a.Stream, at.First+uint64(i), at.Version+uint64(i)
		r.Time = r.Time.UTC()
		*l.rows.next(r.Position) = row{
			id:          r.ID,
			trigger:     r.Trigger,
			correlation: r.Correlation,
			time:        r.Time.UnixNano(),
			version:     r.Version,
			bytes:       l.arena.put(r.Metadata, r.Data),
			metadata:    uint32(len(r.Metadata)),
			data:        uint32(len(r.Data)),
			stream:      s.name,
			kind:        l.types.id(r.Type),
			actor:       l.actors.id(r.Actor),
		}
		s.positions = append(s.positions, r.Position)
		if r.Trigger != uuid.Nil {
			l.triggers[r.Trigger] = append(l.triggers[r.Trigger], r.Position)
		}
	}
}

// tell calls the listeners. The caller holds mu, which keeps the order.
func (l *log) tell(records []store.Record) {
	l.told.Lock()
	defer l.told.Unlock()
	for _, listener := range l.listeners {
		listener.fn(records)
	}
}

// Listen implements store.Log. Once stop has returned, fn is not called again.
func (l *log) Listen(fn func([]store.Record)) (stop func()) {
	self := &listener{fn: fn}
	l.told.Lock()
	defer l.told.Unlock()
	l.listeners = append(l.listeners, self)
	return func() {
		l.told.Lock()
		defer l.told.Unlock()
		l.listeners = slices.DeleteFunc(l.listeners, func(o *listener) bool { return o == self })
	}
}

// close ends the log. A write that has begun ends first.
func (l *log) close() {
	l.documents.commits.Lock()
	defer l.documents.commits.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed.Store(true)
}

// open returns why a call cannot be accepted.
func (l *log) open(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if l.closed.Load() {
		return store.ErrClosed
	}
	return nil
}
