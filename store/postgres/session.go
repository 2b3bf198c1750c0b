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

// session is what the database knows of this writer: a row in the module's
// table of writers. It is how a write whose connection broke is asked for.
type session struct {
	writer, epoch int64 // writer is zero when it has no row yet
	round         int64
	doubt         bool // what became of the last round is not known
}

// errUnknown is returned for a write that may have been stored.
var errUnknown = errors.New("the connection broke during the write, which may have been stored: make the same write again, with the same ids and expectations")

// send has the group written and returns the outcome. A write whose connection
// breaks is asked for and, when it was not stored, made again.
func (w *writer) send(g *group) ([]int64, error) {
	s := w.log.store
	deadline := time.Now().Add(s.options.retry)
	w.session.round++
	if err := w.encode(g, w.known.plan(g)); err != nil {
		return nil, err
	}
	var b backoff
	sent := false // in a try whose answer did not come
	for {
		outcome, err := w.attempt(g, &sent)
		if err == nil {
			return w.learn(g, outcome), nil
		}
		w.known.forget()
		switch {
		case errors.Is(err, errNotKnown):
			w.known.miss()
			if err := w.encode(g, false); err != nil {
				return nil, err
			}
			continue
		case codeOf(err) == codeFenced:
			w.session = session{round: w.session.round}
		case !lost(err) && !refused(err):
			return nil, classified(err)
		case lost(err):
			s.writers.Reset() // the others are as dead
		}
		if !b.wait(context.Background(), deadline) {
			if w.session.doubt && sent {
				return nil, fmt.Errorf("%w: %w: %w", store.ErrUnavailable, errUnknown, err)
			}
			return nil, fmt.Errorf("%w: nothing was stored: %w", store.ErrUnavailable, err)
		}
	}
}

// encode makes the arguments of the group's call.
func (w *writer) encode(g *group, isKnown bool) error {
	w.isKnown = isKnown
	if isKnown {
		w.arguments.encodeKnown(g, &w.known)
	} else {
		w.arguments.encode(g)
	}
	if n := w.arguments.size(isKnown); n > maxMessage {
		w.known.forget()
		return fmt.Errorf("%w: a write of %d bytes: PostgreSQL takes at most %d", store.ErrInvalid, n, maxMessage)
	}
	return nil
}

// learn completes the outcome of a write whose outcome was known before, and
// notes what any other tells.
func (w *writer) learn(g *group, outcome []int64) []int64 {
	if len(outcome) == 0 {
		return w.known.outcome(g)
	}
	w.known.learn(g, outcome, w.arguments.streamIndex, w.arguments.typeIndex)
	return outcome
}

// maxMessage is what a message to the server may have, with room for the rest.
const maxMessage = 1<<30 - 1<<20

// attempt makes the group's write once. It first asks for a round that is in
// doubt. When that is this one, which was stored, its outcome is the answer.
func (w *writer) attempt(g *group, sent *bool) (outcome []int64, err error) {
	s := w.log.store
	ctx, cancel := context.WithTimeout(context.Background(), s.options.statement+grace)
	defer cancel()
	c, err := s.writers.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer c.Release()
	if w.session.doubt {
		if outcome, stored, err := w.ask(ctx, c); err != nil || stored {
			return outcome, err
		}
		*sent = false
	}
	if err := w.register(ctx, c.Conn()); err != nil {
		return nil, err
	}
	outcome, err = w.call(ctx, c.Conn(), g)
	if err != nil && lost(err) {
		w.session.doubt, *sent = true, true
	}
	return outcome, err
}

// errNotKnown says that the log is not as the writer thought; nothing was
// stored.
var errNotKnown = errors.New("others have written")

// call is the one round trip of a group. The outcome of a group that was
// stored as planned is empty.
func (w *writer) call(ctx context.Context, c *pgx.Conn, g *group) ([]int64, error) {
	l := w.log
	name, sql, values := l.writeName, l.sql.write, [][]byte(nil)
	if w.isKnown {
		name, sql, values = l.knownName, l.sql.writeKnown, w.arguments.listKnown(&w.session, &w.known, g)
	} else {
		values = w.arguments.list(&w.session, g)
	}
	if _, err := c.Prepare(ctx, name, sql); err != nil {
		return nil, err
	}
	result := c.PgConn().ExecPrepared(ctx, name, values, binaryFormat, binaryFormat).Read()
	switch {
	case result.Err != nil:
		return nil, result.Err
	case len(result.Rows) != 1 || len(result.Rows[0]) != 1 || len(result.Rows[0][0]) == 0:
		return nil, errors.New("postgres: the function " + name + " returned nothing")
	case !w.isKnown:
		return decodeInt8s(result.Rows[0][0])
	case result.Rows[0][0][0] == 0:
		return nil, errNotKnown
	}
	return nil, nil
}

var binaryFormat = []int16{1}

// register makes the writer's row when there is none.
func (w *writer) register(ctx context.Context, c *pgx.Conn) error {
	if w.session.writer != 0 {
		return nil
	}
	var id int64
	if err := c.QueryRow(ctx, w.log.sql.register).Scan(&id); err != nil {
		return err
	}
	w.session.writer, w.session.epoch = id, 0
	return nil
}

// ask finds out what became of the last round, and sees to it that nothing of
// it is stored from now on: a server may still work for a connection that is
// broken. It returns the outcome of the round when it was this one and was
// stored.
func (w *writer) ask(ctx context.Context, c *pgxpool.Conn) (outcome []int64, stored bool, err error) {
	var epoch, round int64
	err = c.QueryRow(ctx, w.log.sql.ask, w.session.writer).Scan(&epoch, &round, &outcome)
	if errors.Is(err, pgx.ErrNoRows) {
		// Its row is gone, and with it whatever could still be stored under it.
		w.session = session{round: w.session.round}
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	w.session.epoch, w.session.doubt = epoch, false
	if round != w.session.round {
		return nil, false, nil
	}
	return outcome, true, nil
}

// unregister removes the writer's row.
func (w *writer) unregister(ctx context.Context) error {
	if w.session.writer == 0 {
		return nil
	}
	return w.log.store.once(ctx, w.log.store.writers, func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, w.log.sql.unregister, w.session.writer)
		return err
	})
}
