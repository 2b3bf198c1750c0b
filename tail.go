package landfall

import (
	"sync"
	"sync/atomic"
)

// tail keeps the last events of a log, decoded, so that those who follow the
// log read it from memory. Who falls behind further reads the store.
type tail struct {
	mu      sync.RWMutex
	ring    []*Recorded
	first   uint64 // position of the oldest event kept
	next    uint64 // position after the newest
	head    atomic.Uint64
	waiting []*waiter // changed only before the log is listened to, and by rebuilds
}

const tailSize = 16 << 10 // a power of two

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
	t := &tail{ring: make([]*Recorded, tailSize), first: head + 1, next: head + 1}
	t.head.Store(head)
	return t
}

// push adds the newest event. Those who sleep hear of it by rouse.
func (t *tail) push(e *Recorded) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.Position != t.next { // somebody else wrote in between
		t.first, t.next = e.Position, e.Position
	}
	t.ring[t.next%tailSize] = e
	t.next++
	if t.next-t.first > tailSize {
		t.first = t.next - tailSize
	}
	t.head.Store(t.next - 1)
}

// skip moves over an event that only the store can tell of.
func (t *tail) skip(position uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.first, t.next = position+1, position+1
	t.head.Store(position)
}

// catchUp moves over events that were appended before anybody listened.
func (t *tail) catchUp(head uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if head >= t.next {
		t.first, t.next = head+1, head+1
		t.head.Store(head)
	}
}

// rouse wakes those who sleep.
func (t *tail) rouse() {
	t.mu.RLock()
	waiting := t.waiting
	t.mu.RUnlock()
	for _, w := range waiting {
		if w.asleep.Load() {
			w.rouse()
		}
	}
}

func (t *tail) join(w *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting = append(t.waiting[:len(t.waiting):len(t.waiting)], w)
}

func (t *tail) leave(w *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var left []*waiter
	for _, other := range t.waiting {
		if other != w {
			left = append(left, other)
		}
	}
	t.waiting = left
}

// read appends up to max events after the position; false says that the tail
// does not reach back that far.
func (t *tail) read(after uint64, max int, into []*Recorded) ([]*Recorded, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if after+1 < t.first {
		return into, false
	}
	for p := after + 1; p < t.next && max > 0; p++ {
		into = append(into, t.ring[p%tailSize])
		max--
	}
	return into, true
}
