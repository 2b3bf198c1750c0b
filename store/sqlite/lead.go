package sqlite

import (
	"errors"
	"runtime"
	"time"
)

// groupLimit bounds a transaction, in durable writes.
const groupLimit = 1024

// lead commits one group, the leader's own task among it, and passes the lead
// on.
func (w *writer) lead(self *task) {
	if !self.isLazy() {
		w.gather()
	}
	group := w.take()
	began := time.Now()
	returned := false
	defer func() {
		if !returned {
			// The leader's own Changes.Do panicked or ended the goroutine.
			// The others must not suffer.
			w.rollback(group)
			w.commit(nil, abandon(group, self))
		}
		w.finish(self, group, began)
	}()
	w.commit(self, group)
	returned = true
}

// take accepts the writes of the next transaction.
func (w *writer) take() []*task {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(len(w.queue), groupLimit)
	group := w.lazy
	if len(group) == 0 && n == len(w.queue) {
		group, w.queue = w.queue, make([]*task, 0, n)
	} else {
		group = append(group, w.queue[:n]...)
		w.queue = append(make([]*task, 0, n), w.queue[n:]...)
	}
	w.queued.Store(int32(len(w.queue)))
	if len(w.lazy) > 0 {
		w.lazy, w.due = nil, false
		w.timer.Stop()
	}
	for _, t := range group {
		t.accepted = true
	}
	return group
}

// finish names the next leader and wakes all of the group.
func (w *writer) finish(self *task, group []*task, began time.Time) {
	durable := 0
	for _, t := range group {
		if !t.isLazy() {
			durable++
		}
	}
	ended := time.Now()
	w.mu.Lock()
	if durable > 0 {
		w.lastSize, w.lastTook, w.lastEnded = durable+len(w.queue), ended.Sub(began), ended
	}
	next := w.next()
	if next == nil {
		w.busy = false
		w.idle.Broadcast()
	}
	w.mu.Unlock()
	for _, t := range group {
		if t != self {
			t.wake <- finished
		}
	}
	if next != nil {
		next.wake <- lead
	}
}

// next accepts the task whose caller leads next, if anything is to be done.
func (w *writer) next() *task {
	var t *task
	switch {
	case len(w.queue) > 0:
		t = w.queue[0]
	case len(w.lazy) > 0 && (w.due || w.closed):
		t = w.lazy[0]
	default:
		return nil
	}
	t.accepted = true
	return t
}

// gather waits a little for those who were woken just now to come back with
// their next write. Without it, the first of 64 to come back would commit with
// the three who are there, and the others would wait a commit longer.
//
// It ends when as many wait as there were last time, or when nobody came for a
// sixteenth of the time that the last commit took, or after a quarter of it. A
// single caller never waits.
func (w *writer) gather() {
	w.mu.Lock()
	want, took, since := w.lastSize, w.lastTook, w.lastEnded
	w.mu.Unlock()
	want = min(want, groupLimit)
	took = min(took, maxGather)
	came, at := int(w.queued.Load()), time.Now()
	if came >= want || at.Sub(since) > took/4 {
		return
	}
	began := at
	for {
		runtime.Gosched()
		now := time.Now()
		if n := int(w.queued.Load()); n != came {
			came, at = n, now
		}
		if came >= want || now.Sub(at) > took/16 || now.Sub(began) > took/4 {
			return
		}
	}
}

// maxGather is the greatest commit time that gather reckons with.
const maxGather = 4 * time.Millisecond

// close ends what was accepted and refuses what comes.
func (w *writer) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.timer.Stop()
	if !w.busy {
		if t := w.next(); t != nil {
			w.busy = true
			t.wake <- lead
		}
	}
	for w.busy {
		w.idle.Wait()
	}
}

// abandon returns the writes of a group whose leader left, but for those that
// cannot be begun anew.
func abandon(group []*task, leader *task) []*task {
	rest := make([]*task, 0, len(group))
	for _, t := range group {
		switch {
		case t == leader:
		case t.done:
			t.err = errors.New("the function of another commit in the same transaction panicked: repeat this one")
		default:
			rest = append(rest, t)
		}
	}
	return rest
}
