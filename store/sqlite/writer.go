package sqlite

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall/store"
)

// writer gathers the writes of concurrent callers into transactions.
//
// There is no goroutine of its own. A caller who finds nobody at work leads:
// it takes all who wait, commits for them, wakes them, and names the first of
// those who came meanwhile as the next leader. A single caller thus never waits
// for another goroutine.
type writer struct {
	store  *Store
	conn   *sqlite.Conn
	waits  sync.Pool    // of chan signal
	queued atomic.Int32 // the length of queue and lazy, for a look without the lock

	mu     sync.Mutex
	queue  []*task // durable writes that wait
	lazy   []*task // lazy writes that wait
	timer  *time.Timer
	due    bool // the lazy ones have waited long enough
	busy   bool // somebody leads
	closed bool
	idle   *sync.Cond // signalled when nobody leads any more

	// What the last durable transaction was like, for comes. The leader's own,
	// but for lastEnded.
	lastSize  int
	lastTook  time.Duration
	lastEnded time.Time

	fast bool // synchronous is NORMAL at the moment; the leader's own
}

// task is one write that waits for its turn, then for its outcome.
type task struct {
	log     *log
	append  *store.Append
	changes *store.Changes
	setup   func(*sqlite.Conn) error

	ctx      context.Context // that of Changes.Do
	wake     chan signal
	accepted bool

	appended store.Appended
	err      error
	done     bool       // Changes.Do has been run
	turn     chan error // it reports here to the leader
}

func (t *task) isLazy() bool {
	return t.changes != nil && t.changes.Lazy && len(t.changes.Appends) == 0
}

// signal is what the leader tells a waiting task.
type signal uint8

const (
	finished signal = iota
	lead            // be the next leader
	doIt            // run your Changes.Do
)

func newWriter(s *Store, c *sqlite.Conn) *writer {
	w := &writer{store: s, conn: c}
	w.waits.New = func() any { return make(chan signal, 1) }
	w.idle = sync.NewCond(&w.mu)
	w.timer = time.AfterFunc(time.Hour, w.flushLazy)
	w.timer.Stop()
	return w
}

// open returns why no write can be accepted.
func (w *writer) open() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.refuse()
}

func (w *writer) refuse() error {
	if w.closed {
		return store.ErrClosed
	}
	if w.store.damaged.Load() {
		return corruptError(w.store.path, "damage was found when it was read")
	}
	return nil
}

// do has the write done and returns its outcome.
func (w *writer) do(ctx context.Context, t *task) error {
	t.ctx = ctx
	t.wake = w.waits.Get().(chan signal)
	w.mu.Lock()
	if err := w.refuse(); err != nil {
		w.mu.Unlock()
		return err
	}
	leads := w.enqueue(t)
	w.mu.Unlock()
	if leads {
		w.lead(t)
	} else if err := w.wait(ctx, t); err != nil {
		return err
	}
	w.waits.Put(t.wake)
	return t.err
}

// enqueue adds the task and tells whether its caller must lead.
func (w *writer) enqueue(t *task) bool {
	w.queued.Add(1)
	if t.isLazy() && w.mayWait() {
		w.lazy = append(w.lazy, t)
		if len(w.lazy) == 1 {
			w.timer.Reset(w.store.options.lazyDelay)
		}
		return false
	}
	if t.isLazy() {
		w.lazy = append(w.lazy, t)
		w.due = true
	} else {
		w.queue = append(w.queue, t)
	}
	if w.busy {
		return false
	}
	w.busy = true
	t.accepted = true
	return true
}

// mayWait tells whether an append is likely to come soon, for a lazy write to
// ride with: one is at work or ended just now.
func (w *writer) mayWait() bool {
	delay := w.store.options.lazyDelay
	return delay > 0 && !w.due && (w.busy || time.Since(w.lastEnded) < delay)
}

// flushLazy commits the lazy writes that no append took along.
func (w *writer) flushLazy() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.lazy) == 0 {
		return
	}
	w.due = true
	if !w.busy {
		w.busy = true
		w.next().wake <- lead
	}
}

// wait waits until the task is done, and leads when it is told to. It returns
// an error only when the context ended before the task was accepted.
func (w *writer) wait(ctx context.Context, t *task) error {
	ended := ctx.Done()
	for {
		select {
		case s := <-t.wake:
			switch s {
			case lead:
				w.lead(t)
				return nil
			case doIt:
				w.takeTurn(t)
			case finished:
				return nil
			}
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
	isIt := func(o *task) bool { return o == t }
	w.queue = slices.DeleteFunc(w.queue, isIt)
	w.lazy = slices.DeleteFunc(w.lazy, isIt)
	w.queued.Add(-1)
	return true
}
