package landfall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/landfall-go/landfall/store"
)

// Collections of documents that consumers keep.
const (
	positions = "consumers"
	parkings  = "parked"
)

const (
	// batchSize is how many events are taken at once. The more there are, the
	// fewer times a document that many of them change is written.
	batchSize = 4096
	// A consumer under load waits between two batches, so that it is woken once
	// for many events and not for each: a policy a little, because others wait
	// for its answer; a projection the longer the more there was to do, because
	// then more of its documents change several times before they are written.
	policyLull  = 200 * time.Microsecond
	leastLull   = 500 * time.Microsecond
	lullAnEvent = 200 * time.Microsecond
	mostLull    = 20 * time.Millisecond
	// floodSize is how many events at once are a flood, which a consumer must
	// not let run ahead of the tail.
	floodSize = 1024
	// maxParked bounds how many streams are held back before the consumer
	// stops: then it is not the events that are wrong.
	maxParked = 10_000
	// positionLag is how many events that a consumer does not listen to may
	// pass before it stores where it stands.
	positionLag = 10_000
	// lazyFor is how long after a commit of a projection the next may wait for
	// an append to ride with. What comes later finds nothing to ride with.
	lazyFor = 10 * time.Millisecond
	// sharedLag is the same in time, where other instances may wait for it.
	sharedLag = 50 * time.Millisecond
)

// consumer follows a log: it takes events in order, has its worker answer
// them, and commits the answer together with its position. A stream whose event
// could not be answered is parked: its later events wait, all others go on.
type consumer struct {
	m      *module
	name   string
	kind   string
	wants  []bool // by the index of the event
	raw    bool   // takes what cannot be read as it is
	worker worker
	waiter *waiter

	position atomic.Uint64
	replaced atomic.Bool // by another generation; set under mu

	mu     sync.Mutex // held for a step
	fence  []byte     // the position document as stored; nil when there is none
	stored uint64
	turn   uint64        // counts commits, so that each has another position document
	last   atomic.Uint64 // of a relay: the last message on the road

	storedAt time.Time
	parked   map[string]*parking
	parkedAt time.Time // when they were read
	// parkedMu is held besides mu to change parked, so that dead letters can be
	// looked at while a step waits for something outside.
	parkedMu sync.Mutex
	page     []store.Record
	batch    []*Recorded
	waiting  atomic.Int32 // callers in waitFor

	progressMu sync.Mutex
	progress   chan struct{} // closed when the position moves
}

// worker answers events: a policy by sending commands, a projection by folding.
type worker interface {
	// work answers the events. An error is one of the store or the context,
	// after which the same events come again; what is wrong with an event is
	// told in answer.failed.
	work(ctx context.Context, events []*Recorded) (answer, error)
	// done is called when the answer was committed, or could not be.
	done(a *answer, committed bool)
}

type answer struct {
	writes  []store.Write
	appends []store.Append // commands to other modules
	of      []uint64       // the positions of the events that they answer
	last    uint64         // of a relay: the last message on the road
	do      func(ctx context.Context, tx any) error
	failed  map[string]failure // by stream; its later events were not answered
	keys    []string           // of the documents that changed
}

type failure struct {
	event *Recorded
	err   error
}

func (a *answer) fail(e *Recorded, err error) {
	if a.failed == nil {
		a.failed = map[string]failure{}
	}
	if _, already := a.failed[e.stream]; !already {
		a.failed[e.stream] = failure{e, err}
	}
}

type positionDocument struct {
	Position uint64 `json:"position"`
	// Last is the position of the last message that a relay has put on the
	// road.
	Last uint64 `json:"last,omitempty"`
	// Turn is another one with each commit: who has not seen the last is fenced
	// off also when the position has not moved.
	Turn uint64 `json:"turn"`
}

func newConsumer(m *module, name, kind string, events []*eventSpec, w worker) *consumer {
	c := &consumer{
		m: m, name: name, kind: kind, worker: w, waiter: newWaiter(),
		wants: make([]bool, len(m.spec.events)), parked: map[string]*parking{}, progress: make(chan struct{}),
	}
	for _, e := range events {
		c.wants[e.index] = true
	}
	return c
}

// open reads where the consumer stands.
func (c *consumer) open(ctx context.Context) error {
	doc, err := c.m.log.Get(ctx, positions, c.name)
	switch {
	case errors.Is(err, store.ErrNotFound):
		c.fence, c.stored, c.turn = nil, 0, 0
		c.last.Store(0)
	case err != nil:
		return err
	default:
		var at positionDocument
		if err := json.Unmarshal(doc.Data, &at); err != nil {
			return fmt.Errorf("position of %s: %w: %w", c.name, store.ErrCorrupt, err)
		}
		c.fence, c.stored, c.turn = doc.Data, at.Position, at.Turn
		c.last.Store(at.Last)
	}
	c.position.Store(c.stored)
	return c.openParked(ctx)
}

// step takes one batch and returns how many events it moved on by.
func (c *consumer) step(ctx context.Context, max int) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.replaced.Load() {
		return 0, errReplaced
	}
	if err := c.retryParked(ctx); err != nil {
		return 0, err
	}
	if len(c.parked) >= maxParked {
		return 0, fmt.Errorf("%d aggregates are held back by events that could not be answered, the first by %s; mend that, then retry or skip the dead letters", len(c.parked), c.anyParked())
	}
	return c.advance(ctx, max)
}

func (c *consumer) advance(ctx context.Context, max int) (int, error) {
	a := answer{}
	batch, err := c.fetch(ctx, max, &a)
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	last := batch[len(batch)-1].Position
	wanted := c.filter(batch, &a)
	n := len(batch)
	clear(batch[len(wanted):])
	defer clear(wanted) // they are not to stay in memory until the next come
	if len(wanted) == 0 && len(a.failed) == 0 {
		return n, c.pass(ctx, last)
	}
	return n, c.take(ctx, wanted, last, &a)
}

// fetch returns the next events, those that nobody wants without their data.
func (c *consumer) fetch(ctx context.Context, max int, a *answer) ([]*Recorded, error) {
	after := c.position.Load()
	batch, ok := c.m.tail.read(after, max, c.batch[:0])
	if ok {
		c.batch, c.page = batch, nil // the store is not read again soon
		return batch, nil
	}
	var err error
	if c.page, err = c.m.log.Read(ctx, after, max, c.page[:0]); err != nil {
		return nil, err
	}
	for i := range c.page {
		e, err := c.readRaw(&c.page[i])
		if err != nil && !c.raw {
			a.fail(e, err)
		}
		batch = append(batch, e)
	}
	clear(c.page)
	c.batch = batch
	return batch, nil
}

// filter keeps, in place, the events to be answered now.
func (c *consumer) filter(batch []*Recorded, a *answer) []*Recorded {
	kept := batch[:0]
	for _, e := range batch {
		if !c.wanted(e) {
			continue
		}
		if len(c.parked)+len(a.failed) == 0 {
			kept = append(kept, e)
			continue
		}
		if _, held := c.parked[e.stream]; held {
			delete(a.failed, e.stream)
			continue
		}
		if f, failed := a.failed[e.stream]; failed && e.Position >= f.event.Position {
			continue
		}
		kept = append(kept, e)
	}
	return kept
}

// wanted says whether events of the type are to be read: those that the worker
// hears, and those that the code does not know, which must not be passed over
// in silence.
func (c *consumer) wanted(e *Recorded) bool {
	if e.kind == nil && c.raw {
		return false
	}
	if e.kind == nil { // what others publish may be new to us
		return classOf(e.Type) == ownEvent && !c.m.spec.retired[e.Type]
	}
	return c.wants[e.kind.index]
}

// pass moves over events that mean nothing to this consumer. Its position is
// stored now and then only: who starts earlier passes them again.
func (c *consumer) pass(ctx context.Context, last uint64) error {
	if last-c.stored >= positionLag || c.m.members != nil && time.Since(c.storedAt) > sharedLag {
		return c.commit(ctx, last, &answer{})
	}
	c.moved(last)
	return nil
}

// tellOthers stores the position before the consumer sleeps, where another
// instance may wait for it.
func (c *consumer) tellOthers(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at := c.position.Load(); at > c.stored && !c.replaced.Load() {
		// What is not stored now is stored with the next answer.
		_ = c.commit(ctx, at, &answer{})
	}
}

// take has the events answered and commits the answer with the position. When
// an answer breaks the transaction, the events are taken one by one to find
// the one that does.
func (c *consumer) take(ctx context.Context, events []*Recorded, last uint64, unread *answer) error {
	a, err := c.worker.work(ctx, events)
	if err == nil {
		for _, f := range unread.failed {
			a.fail(f.event, f.err)
		}
		err = c.commit(ctx, last, &a)
	}
	c.worker.done(&a, err == nil)
	var broken *brokenError
	switch {
	case err == nil || !errors.As(err, &broken):
		return err
	case len(events) == 1:
		alone := answer{}
		alone.fail(events[0], broken.err)
		for _, f := range unread.failed {
			alone.fail(f.event, f.err)
		}
		return c.commit(ctx, last, &alone)
	}
	return c.takeEach(ctx, events, last, unread)
}

func (c *consumer) takeEach(ctx context.Context, events []*Recorded, last uint64, unread *answer) error {
	// What could not be read is parked before the position moves over it.
	if err := c.commit(ctx, c.position.Load(), unread); err != nil {
		return err
	}
	for _, e := range events {
		if c.parked[e.stream] != nil {
			continue
		}
		if err := c.take(ctx, []*Recorded{e}, e.Position, &answer{}); err != nil {
			return err
		}
	}
	return c.commit(ctx, last, &answer{})
}

// brokenError says that the answer cannot be committed because of what it is:
// an error of a worker's own part of the transaction, or of a document that
// cannot be stored. One of the events is to blame.
type brokenError struct{ err error }

// Error returns what is wrong with the answer.
func (b *brokenError) Error() string { return b.err.Error() }

// Unwrap returns the cause.
func (b *brokenError) Unwrap() error { return b.err }

// commit stores the answer and the position in one transaction, provided that
// the position is still the one that this consumer stored last.
func (c *consumer) commit(ctx context.Context, last uint64, a *answer) error {
	at := positionDocument{Position: last, Last: max(c.last.Load(), a.last), Turn: c.turn + 1}
	fence, err := json.Marshal(at)
	if err != nil {
		return err
	}
	changes := store.Changes{
		Expect:  []store.Expectation{{Collection: positions, Key: c.name, Data: c.fence}},
		Appends: a.appends,
		Writes:  append(a.writes, store.Write{Collection: positions, Key: c.name, Data: fence}),
		// Somebody who waits gets it at once, and so do those who watch when
		// little happens. What goes to another module must be on the disk before
		// it is on the road.
		Lazy: c.waiting.Load() == 0 && len(a.appends) == 0 && (c.kind != "projection" || time.Since(c.storedAt) < lazyFor),
	}
	parked := make([]*parking, 0, len(a.failed))
	for _, f := range a.failed {
		p := c.park(f)
		parked = append(parked, p)
		changes.Writes = append(changes.Writes, p.write())
	}
	if a.do != nil {
		changes.Do = func(ctx context.Context, tx any) (err error) {
			defer func() {
				if err != nil {
					err = &brokenError{err}
				}
			}()
			defer guard(&err, c.name)
			return a.do(ctx, tx)
		}
	}
	err = c.m.log.Commit(ctx, changes)
	if errors.Is(err, store.ErrDuplicate) { // some were sent before, under another position
		if changes.Appends, err = c.m.notSent(ctx, changes.Appends); err == nil {
			err = c.m.log.Commit(ctx, changes)
		}
	}
	switch {
	case errors.Is(err, ErrConflict):
		c.worker.done(a, false) // what it keeps in memory is behind now
		return errors.Join(c.open(ctx), fmt.Errorf("%s was moved on by another instance: %w", c.name, err))
	case errors.Is(err, ErrInvalid):
		return &brokenError{err}
	case err != nil:
		return err
	}
	c.fence, c.stored, c.turn = fence, last, at.Turn
	c.last.Store(at.Last)
	c.storedAt = time.Now()
	for _, p := range parked {
		c.hold(p)
	}
	c.moved(last)
	return nil
}

// errReplaced says that another generation of the projection is in use now.
var errReplaced = errors.New("the consumer was replaced")

func (c *consumer) moved(position uint64) {
	c.position.Store(position)
	if c.waiting.Load() > 0 {
		c.tellWaiting()
	}
}

func (c *consumer) tellWaiting() {
	c.progressMu.Lock()
	close(c.progress)
	c.progress = make(chan struct{})
	c.progressMu.Unlock()
}

// close stores the position, which may be ahead of the stored one.
func (c *consumer) close(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.replaced.Load() {
		return nil
	}
	if at := c.position.Load(); at > c.stored {
		return c.commit(ctx, at, &answer{})
	}
	return nil
}
