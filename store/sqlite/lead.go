package sqlite

import (
	"errors"
	"runtime"
	"slices"
	"time"
)

// group is what one transaction does.
type group struct {
	leader  *task
	tasks   []*task
	began   time.Time
	durable int           // tasks that are not lazy
	full    bool          // takes no more
	waited  time.Duration // for others to come
}

// groupLimit bounds a transaction, in writes. It takes no more from there.
const groupLimit = 1024

// lead commits one group, the leader's own task among it, and passes the lead
// on.
func (w *writer) lead(self *task) {
	g := &group{leader: self, began: time.Now()}
	w.take(g)
	returned := false
	defer func() {
		if !returned {
			// The leader's own Changes.Do panicked or ended the goroutine.
			// The others must not suffer.
			w.rollback(g)
			w.commit(&group{tasks: abandon(g), full: true})
		}
		w.finish(g)
	}()
	w.commit(g)
	returned = true
}

// take accepts what waits into the group.
func (w *writer) take(g *group) {
	w.mu.Lock()
	defer w.mu.Unlock()
	from := len(g.tasks)
	n := min(len(w.queue), groupLimit)
	g.durable += n
	g.tasks = append(append(g.tasks, w.lazy...), w.queue[:n]...)
	w.queue = slices.Delete(w.queue, 0, n)
	w.queued.Store(int32(len(w.queue)))
	if len(w.lazy) > 0 {
		w.lazy, w.due = slices.Delete(w.lazy, 0, len(w.lazy)), false
		w.timer.Stop()
	}
	for _, t := range g.tasks[from:] {
		t.accepted = true
	}
}

// more takes those who came while the transaction was at work, and tells
// whether there were any. They need not have waited for the next one.
func (w *writer) more(g *group) bool {
	n := len(g.tasks)
	if g.full || n >= groupLimit || !w.comes(g) {
		return false
	}
	w.take(g)
	return len(g.tasks) > n
}

// comes tells whether somebody waits, or comes soon. Those who were woken by the
// last commit need a moment to come back with their next write. A transaction
// that did not wait for them would leave most of 64 callers to the next one, and
// the disk would be waited for twice.
//
// It ends when there are as many as last time, when nobody came for a sixteenth
// of the time that the last commit took, or after a quarter of it altogether. A
// single caller never waits.
func (w *writer) comes(g *group) bool {
	took := min(w.lastTook, maxGather)
	if w.queued.Load() > 0 {
		return true
	}
	if g.durable >= w.lastSize || g.began.Sub(w.lastEnded) > took/4 {
		return false
	}
	began := time.Now()
	waited := time.Duration(0)
	defer func() { g.waited += waited }()
	for waited < took/16 && g.waited+waited < took/4 {
		runtime.Gosched()
		waited = time.Since(began)
		if w.queued.Load() > 0 {
			return true
		}
	}
	return false
}

// finish names the next leader and wakes all of the group.
func (w *writer) finish(g *group) {
	ended := time.Now()
	w.mu.Lock()
	if g.durable > 0 {
		w.lastSize, w.lastTook, w.lastEnded = g.durable+len(w.queue), ended.Sub(g.began), ended
	}
	next := w.next()
	if next == nil {
		w.busy = false
		w.idle.Broadcast()
	}
	w.mu.Unlock()
	for _, t := range g.tasks {
		if t != g.leader {
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

// maxGather is the greatest commit time that comes reckons with.
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
func abandon(g *group) []*task {
	rest := make([]*task, 0, len(g.tasks))
	for _, t := range g.tasks {
		switch {
		case t == g.leader:
		case t.done:
			t.err = errors.New("the function of another commit in the same transaction panicked: repeat this one")
		default:
			rest = append(rest, t)
		}
	}
	return rest
}
