package postgres

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/landfall-go/landfall/store"
)

// doTx is the transaction that Changes.Do gets.
type doTx = pgx.Tx

// writer gathers the writes of concurrent callers to one log into groups, one
// after the other.
//
// There is no goroutine of its own. A caller who finds nobody at work leads:
// it takes all who wait, writes for them, wakes them, and names the first of
// those who came meanwhile as the next leader. A single caller thus never waits
// for another goroutine.
type writer struct {
	log    *log
	waits  sync.Pool    // of chan signal
	queued atomic.Int32 // the length of queue, for a look without the lock

	mu     sync.Mutex
	queue  []*task
	busy   bool // somebody leads
	closed bool
	idle   *sync.Cond // signalled when nobody leads any more

	// What the last group was like, for comes. Changed under mu by the leader.
	lastSize  int
	lastTook  time.Duration
	lastEnded time.Time

	// The leader's own.
	arguments arguments
	isKnown   bool // the arguments are those of write_known
	known     known
	session   session
	pending   []store.Record
}

func newWriter(l *log) *writer {
	w := &writer{log: l}
	w.waits.New = func() any { return make(chan signal, 1) }
	w.idle = sync.NewCond(&w.mu)
	return w
}

// do has the write done and returns its outcome.
func (w *writer) do(ctx context.Context, t *task) error {
	t.wake = w.waits.Get().(chan signal)
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return store.ErrClosed
	}
	w.queue = append(w.queue, t)
	w.queued.Store(int32(len(w.queue)))
	leads := !w.busy
	if leads {
		w.busy, t.accepted = true, true
	}
	w.mu.Unlock()
	if leads {
		w.lead(t)
	} else if err := w.wait(ctx, t); err != nil {
		return err
	}
	w.waits.Put(t.wake)
	return t.err
}

// wait waits until the task is done, and leads when it is told to. It returns
// an error only when the context ended before the task was accepted.
func (w *writer) wait(ctx context.Context, t *task) error {
	ended := ctx.Done()
	for {
		select {
		case s := <-t.wake:
			if s == lead {
				w.lead(t)
			}
			return nil
		case <-ended:
			if w.withdraw(t) {
				return ctx.Err()
			}
			ended = nil
		}
	}
}

// withdraw takes a task back that has not been accepted.
func (w *writer) withdraw(t *task) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t.accepted {
		return false
	}
	w.queue = slices.DeleteFunc(w.queue, func(o *task) bool { return o == t })
	w.queued.Store(int32(len(w.queue)))
	return true
}

// lead does one group, which begins with the leader's own task, and passes the
// lead on, even when the task's Changes.Do panics or ends the goroutine.
func (w *writer) lead(self *task) {
	g := &group{began: time.Now()}
	defer func() { w.finish(self, g) }()
	w.gather(g)
	w.write(g)
}

// gather takes what waits into the group, and what is about to come.
//
// Those who were woken by the last group need a moment to come back with their
// next write. A group that did not wait for them would leave most of 64 callers
// to the next one. The wait ends when there are as many as last time, when
// nobody came for a sixteenth of the time that the last group took, or after a
// quarter of it altogether. A single caller never waits.
func (w *writer) gather(g *group) {
	w.mu.Lock()
	wanted, took, fresh := w.lastSize, min(w.lastTook, maxGather), time.Since(w.lastEnded)
	w.mu.Unlock()
	if fresh < took/4 {
		began := time.Now()
		came, at := w.queued.Load(), began
		for int(came) < wanted {
			runtime.Gosched()
			now := time.Now()
			if n := w.queued.Load(); n != came {
				came, at = n, now
			}
			if now.Sub(at) > took/16 || now.Sub(began) > took/4 {
				break
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for n < len(w.queue) && g.takes(w.queue[n]) {
		w.queue[n].accepted = true
		n++
	}
	w.queue = slices.Delete(w.queue, 0, n)
	w.queued.Store(int32(len(w.queue)))
}

// maxGather is the greatest time of a group that gather reckons with.
const maxGather = 4 * time.Millisecond

// finish names the next leader and wakes all of the group.
func (w *writer) finish(self *task, g *group) {
	ended := time.Now()
	w.mu.Lock()
	w.lastSize, w.lastTook, w.lastEnded = len(g.tasks)+len(w.queue), ended.Sub(g.began), ended
	var next *task
	if len(w.queue) > 0 {
		next = w.queue[0]
		next.accepted = true
	} else {
		w.busy = false
		w.idle.Broadcast()
	}
	w.mu.Unlock()
	for _, t := range g.tasks {
		if t != self {
			t.wake <- finished
		}
	}
	if next != nil {
		next.wake <- lead
	}
}

// close ends what was accepted and what waits, and refuses what comes.
func (w *writer) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for w.busy {
		w.idle.Wait()
	}
}

// write writes the group and tells the listeners.
func (w *writer) write(g *group) {
	if g.tasks[0].do != nil {
		w.writeWithDo(g)
	} else if outcome, err := w.send(g); err != nil {
		g.fail(err)
	} else if err := g.apply(outcome); err != nil {
		g.fail(err)
	}
	w.publish(g)
}

func (g *group) fail(err error) {
	for _, t := range g.tasks {
		t.err = err
	}
}

// publish shows the records that were stored to the listeners.
func (w *writer) publish(g *group) {
	w.pending = g.stored(w.pending[:0])
	if len(w.pending) > 0 {
		w.log.tell(w.pending)
		clear(w.pending)
	}
}
