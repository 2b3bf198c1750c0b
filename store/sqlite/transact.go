package sqlite

import (
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall/store"
)

// commit does all writes of a group in one transaction. When that fails for a
// reason that may be one member's, each is tried alone.
func (w *writer) commit(g *group) {
	err := w.transact(g)
	if err == nil {
		return
	}
	alone := len(g.tasks) > 1 && mayBeOnes(err)
	for _, t := range g.tasks {
		t.err = err
		if !alone || t.done {
			continue
		}
		if err := w.transact(&group{leader: g.leader, tasks: []*task{t}, full: true}); err != nil {
			t.err = err
		}
	}
}

// mayBeOnes tells whether the failure of a transaction can be the fault of one
// of its writes.
func mayBeOnes(err error) bool {
	if errors.Is(err, store.ErrFull) || errors.Is(err, errTransactionEnded) {
		return true
	}
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultError, sqlite.ResultNoMem, sqlite.ResultTooBig, sqlite.ResultConstraint, sqlite.ResultMismatch, sqlite.ResultInterrupt:
		return !errors.Is(err, store.ErrCorrupt)
	}
	return false
}

// transact does the writes in one transaction. A write that fails by its own
// terms keeps its error and changes nothing; an error that is returned undoes
// all.
func (w *writer) transact(g *group) error {
	err := w.tryTransact(g)
	if err != nil {
		w.rollback(g)
		return w.store.classify(err)
	}
	w.publish(g)
	return nil
}

func (w *writer) tryTransact(g *group) error {
	if w.store.damaged.Load() {
		return corruptError(w.store.path, "damage was found when it was read")
	}
	if err := w.setSync(g); err != nil {
		return err
	}
	err := w.begin(g, false)
	if errors.Is(err, errAnew) {
		w.rollback(g)
		err = w.begin(g, true)
	}
	if err != nil {
		return err
	}
	return run(w.conn, "COMMIT")
}

// errAnew says that a commit that cannot be has left traces in the transaction.
var errAnew = errors.New("the transaction is begun anew")

// begin begins a transaction and does all writes of the group. With savepoints,
// commits that fail by their own terms are undone alone. Without, which costs
// much less and is right nearly always, it returns errAnew then, unless a
// Changes.Do has been run, which cannot be run again: from there on there are
// savepoints.
func (w *writer) begin(g *group, savepoints bool) error {
	if err := run(w.conn, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for i := 0; i < len(g.tasks) || w.more(g); i++ {
		t := g.tasks[i]
		t.err = nil
		savepoints = savepoints || t.changes != nil && t.changes.Do != nil
		if err := w.apply(g.leader, t, savepoints); err != nil {
			return err
		}
	}
	return nil
}

// setSync has a transaction of lazy writes alone done without waiting for the
// disk. No other may join it then.
func (w *writer) setSync(g *group) error {
	if w.store.options.relaxed {
		return nil
	}
	fast := true
	for _, t := range g.tasks {
		fast = fast && t.isLazy()
	}
	g.full = g.full || fast
	if fast == w.fast {
		return nil
	}
	// SQLite reads this setting when the statement is prepared.
	sql := "PRAGMA synchronous = FULL"
	if fast {
		sql = "PRAGMA synchronous = NORMAL"
	}
	if err := transient(w.conn, sql); err != nil {
		return err
	}
	w.fast = fast
	return nil
}

func (w *writer) apply(self, t *task, savepoints bool) error {
	switch {
	case t.append != nil:
		return t.log.append(w.conn, t, t.append)
	case t.changes != nil:
		return w.change(self, t, savepoints)
	}
	return t.setup(w.conn)
}

// rollback undoes the transaction, and what the logs remember of it.
func (w *writer) rollback(g *group) {
	if !w.conn.AutocommitEnabled() {
		// It can fail only when SQLite has rolled back by itself.
		_ = run(w.conn, "ROLLBACK")
	}
	for _, t := range g.tasks {
		t.log.forget()
	}
}

// publish shows readers and listeners what was committed.
func (w *writer) publish(g *group) {
	for _, t := range g.tasks {
		t.log.publish()
	}
}

var errTransactionEnded = errors.New("Changes.Do ended the transaction, which is the store's")

// doChanges runs Changes.Do in the goroutine of its caller, so that a panic or a
// Goexit in it is the caller's own.
func (w *writer) doChanges(self, t *task) (err error) {
	t.done = true
	if t == self {
		err = t.changes.Do(t.ctx, w.conn)
	} else {
		t.turn = make(chan error, 1)
		t.wake <- doIt
		err = <-t.turn
	}
	w.conn.SetInterrupt(nil)
	return err
}

// takeTurn runs the Changes.Do of a waiting task for the leader.
func (w *writer) takeTurn(t *task) {
	returned := false
	defer func() {
		if !returned {
			t.turn <- errors.New("Changes.Do panicked")
		}
	}()
	err := t.changes.Do(t.ctx, w.conn)
	returned = true
	t.turn <- err
}

// change applies the changes of a commit. The error is the transaction's; that
// of the commit is in the task.
func (w *writer) change(self, t *task, savepoints bool) error {
	c := t.changes
	for i := range c.Expect {
		ok, err := t.log.holds(w.conn, &c.Expect[i])
		if err != nil {
			return err
		}
		if !ok {
			t.err = fmt.Errorf("%w: document %q of %q is not what was expected", store.ErrConflict, c.Expect[i].Key, c.Expect[i].Collection)
			return nil
		}
	}
	if c.Do == nil && len(c.Appends) == 0 {
		return t.log.write(w.conn, c.Writes)
	}
	if savepoints {
		return w.changeOrUndo(self, t)
	}
	if err := w.tryChange(self, t); err != nil || t.err == nil {
		return err
	}
	return errAnew
}

// changeOrUndo applies changes that may fail by their own terms, and undoes
// them, and nothing else of the transaction, when they do.
func (w *writer) changeOrUndo(self, t *task) error {
	before := t.log.mark()
	if err := run(w.conn, "SAVEPOINT landfall_commit"); err != nil {
		return err
	}
	if err := w.tryChange(self, t); err != nil {
		return err
	}
	if t.err != nil {
		t.log.forgetChanges(t.changes, before)
		if err := run(w.conn, "ROLLBACK TO landfall_commit"); err != nil {
			return err
		}
	}
	return run(w.conn, "RELEASE landfall_commit")
}

// tryChange applies changes until one fails. The error is the transaction's;
// that of the commit is in the task.
func (w *writer) tryChange(self, t *task) error {
	c := t.changes
	for i := range c.Appends {
		if err := t.log.append(w.conn, t, &c.Appends[i]); err != nil || t.err != nil {
			return err
		}
	}
	if err := t.log.write(w.conn, c.Writes); err != nil || c.Do == nil {
		return err
	}
	t.err = w.doChanges(self, t)
	if w.conn.AutocommitEnabled() {
		return errors.Join(errTransactionEnded, t.err)
	}
	return nil
}
