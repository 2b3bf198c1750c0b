package landfall

import (
	"slices"
	"sync"
	"sync/atomic"
)

// tail keeps the last events of a log, decoded, so that those who follow the
// log read it from memory. Who falls behind further reads the store.
//
// Readers take no lock, so that they never hold up who appends: a reader looks
// again, when it is done, whether what it read was still there.
type tail struct {
	ring  []atomic.Pointer[Recorded]
	first atomic.Uint64 // position of the oldest event kept
	head  atomic.Uint64 // position of the newest event

	mu      sync.Mutex // for those who write
	waiting atomic.Pointer[[]*waiter]
}

// tailSize is how many events are kept, a power of two: enough for a consumer to
// be held up for some tens of milliseconds at full speed.
const tailSize = 64 << 10

// waiter is somebody who sleeps until the log grows.
type waiter struct {
	asleep atomic.Bool
	wake   chan struct{}
}

func newWaiter() *waiter { return &waiter{wake: make(chan struct{}, 1)} }

// rouse wakes the sleeper, now or when it next lies down.
func (w *waiter) rouse() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func newTail(head uint64) *tail {
	t := &tail{ring: make([]atomic.Pointer[Recorded], tailSize)}
	t.first.Store(head + 1)
	t.head.Store(head)
	t.waiting.Store(&[]*waiter{})
	return t
}

// push adds the newest event. Those who sleep hear of it by rouse.
func (t *tail) push(e *Recorded) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch position, first := e.Position, t.first.Load(); {
	case position <= t.head.Load(): // the head was seen before the event
		return
	case position != t.head.Load()+1: // somebody else wrote in between
		t.first.Store(position)
	case position-first >= tailSize: // before its place is taken
		t.first.Store(position - tailSize + 1)
	}
	t.ring[e.Position%tailSize].Store(e)
	t.head.Store(e.Position)
}

// skip moves over an event that only the store can tell of.
func (t *tail) skip(position uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if position <= t.head.Load() {
		return
	}
	t.first.Store(position + 1)
	t.head.Store(position)
}

// catchUp moves over events that were appended before anybody listened.
func (t *tail) catchUp(head uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if head > t.head.Load() {
		t.first.Store(head + 1)
		t.head.Store(head)
	}
}

// rouse wakes those who sleep.
func (t *tail) rouse() {
	for _, w := range *t.waiting.Load() {
		if w.asleep.Load() {
			w.rouse()
		}
	}
}

func (t *tail) join(w *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	waiting := append(slices.Clone(*t.waiting.Load()), w)
	t.waiting.Store(&waiting)
}

func (t *tail) leave(w *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	waiting := slices.DeleteFunc(slices.Clone(*t.waiting.Load()), func(other *waiter) bool { return other == w })
	t.waiting.Store(&waiting)
}

// read appends up to max events after the position; false says that the tail
// does not reach back that far.
func (t *tail) read(after uint64, max int, into []*Recorded) ([]*Recorded, bool) {
	head, start := t.head.Load(), len(into)
	for p := after + 1; p <= head && len(into)-start < max; p++ {
		into = append(into, t.ring[p%tailSize].Load())
	}
	if t.first.Load() > after+1 {
		return into[:start], false
	}
	return into, true
}
