package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/landfall-go/landfall/store"
)

// transaction is the tx of Changes.Do. Its end is the store's.
type transaction struct{ pgx.Tx }

var errTransactionIsOurs = errors.New("the transaction of Changes.Do is ended by the store: return an error to undo it")

// Commit returns an error: the store commits once Do has returned.
func (transaction) Commit(context.Context) error { return errTransactionIsOurs }

// Rollback returns an error: the store rolls back when Do returns an error.
func (transaction) Rollback(context.Context) error { return errTransactionIsOurs }

// writeWithDo does a commit that runs a function of its caller's, who leads.
func (w *writer) writeWithDo(g *group) {
	t := g.tasks[0]
	s := w.log.store
	deadline := time.Now().Add(s.options.retry)
	w.session.round++
	// The server looks, and what it finds is forgotten should Do undo it.
	if t.err = w.encode(g, false); t.err != nil {
		return
	}
	w.known.forget()
	var b backoff
	// An outcome that does not come, because Do panics, is one of nothing stored.
	t.err = errors.New("Changes.Do did not return")
	for {
		begun, err := w.attemptDo(g)
		if err == nil {
			return
		}
		if codeOf(err) == codeFenced {
			w.session = session{round: w.session.round}
		}
		if lost(err) {
			s.writers.Reset()
		}
		if begun || !lost(err) && !refused(err) && codeOf(err) != codeFenced || !b.wait(context.Background(), deadline) {
			t.err = classified(err)
			return
		}
	}
}

// attemptDo does it once and sets the task's outcome. The error is that of
// the attempt, which may be made again unless Do has begun.
func (w *writer) attemptDo(g *group) (begun bool, err error) {
	s := w.log.store
	// Do may take its time; what it waits for is bounded by the server.
	connecting, cancel := context.WithTimeout(context.Background(), s.options.statement+grace)
	defer cancel()
	c, err := s.writers.Acquire(connecting)
	if err != nil {
		return false, err
	}
	defer c.Release()
	if w.session.doubt {
		if _, _, err := w.ask(connecting, c); err != nil {
			return false, err
		}
	}
	if err := w.register(connecting, c.Conn()); err != nil {
		return false, err
	}
	tx, err := c.Begin(connecting)
	if err != nil {
		return false, err
	}
	committed := false
	defer func() {
		if !committed {
			w.rollback(tx)
		}
	}()
	outcome, err := w.call(connecting, c.Conn(), g)
	if err == nil {
		err = g.apply(outcome)
	}
	t := g.tasks[0]
	if err != nil || t.err != nil {
		return false, err
	}
	t.err = errors.New("Changes.Do did not return")
	if err := t.do(transaction{tx}); err != nil {
		t.err = err
		return true, nil
	}
	if err := w.commit(c, tx); err != nil {
		return true, err
	}
	committed = true
	t.err = nil
	return true, nil
}

func (w *writer) rollback(tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	_ = tx.Rollback(ctx) // it fails only with the connection, whose end rolls back too
}

// commit ends the transaction of a Do, and asks for it when the connection
// breaks.
func (w *writer) commit(c *pgxpool.Conn, tx pgx.Tx) error {
	s := w.log.store
	ctx, cancel := context.WithTimeout(context.Background(), s.options.statement+grace)
	defer cancel()
	if c.Conn().IsClosed() {
		return fmt.Errorf("%w: the connection broke before the commit; nothing was stored", store.ErrUnavailable)
	}
	err := tx.Commit(ctx)
	if errors.Is(err, pgx.ErrTxCommitRollback) {
		return errors.New("postgres: a statement of Changes.Do has failed, so that nothing was stored")
	}
	if err == nil || !lost(err) {
		return err
	}
	w.session.doubt = true
	return w.settle(err)
}

// settle finds out whether a commit whose answer did not come was stored.
func (w *writer) settle(cause error) error {
	s := w.log.store
	deadline := time.Now().Add(s.options.retry)
	s.writers.Reset()
	var b backoff
	for {
		var stored bool
		err := func() error {
			ctx, cancel := context.WithTimeout(context.Background(), s.options.statement+grace)
			defer cancel()
			c, err := s.writers.Acquire(ctx)
			if err != nil {
				return err
			}
			defer c.Release()
			_, stored, err = w.ask(ctx, c)
			return err
		}()
		switch {
		case err == nil && stored:
			return nil
		case err == nil:
			return fmt.Errorf("%w: the connection broke; nothing was stored: %w", store.ErrUnavailable, cause)
		case !b.wait(context.Background(), deadline):
			return fmt.Errorf("%w: %w: %w", store.ErrUnavailable, errUnknown, cause)
		}
	}
}
