package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// position turns a position or version into what PostgreSQL counts with.
func position(n uint64) int64 { return int64(min(n, math.MaxInt64-store.MaxRecords)) }

// Read implements store.Log.
func (l *log) Read(ctx context.Context, after uint64, max int, into []store.Record) ([]store.Record, error) {
	if err := contract.Page(max); err != nil {
		return into, err
	}
	n := len(into)
	into, err := l.records(ctx, into, max, l.sql.read, position(after), int64(max))
	if err != nil {
		return into[:n], err
	}
	for i := n; i < len(into); i++ {
		if want := after + uint64(i-n) + 1; into[i].Position != want {
			return into[:n], corrupt(fmt.Sprintf("module %s: after position %d comes %d", l.module, want-1, into[i].Position))
		}
	}
	return into, nil
}

// ReadStream implements store.Log.
func (l *log) ReadStream(ctx context.Context, stream string, after uint64, max int, into []store.Record) ([]store.Record, error) {
	if err := errors.Join(contract.Name("stream", stream), contract.Page(max)); err != nil {
		return into, err
	}
	n := len(into)
	into, err := l.records(ctx, into, max, l.sql.readStream, stream, position(after), int64(max))
	if err != nil {
		return into[:n], err
	}
	for i := n; i < len(into); i++ {
		if want := after + uint64(i-n) + 1; into[i].Version != want {
			return into[:n], corrupt(fmt.Sprintf("module %s, stream %q: after version %d comes %d", l.module, stream, want-1, into[i].Version))
		}
	}
	return into, nil
}

// usualCommand is the number of records that a command rarely leads to more of.
const usualCommand = 16

// ByCommand implements store.Log.
func (l *log) ByCommand(ctx context.Context, command uuid.UUID) ([]store.Record, error) {
	records, err := l.records(ctx, nil, usualCommand, l.sql.readCommand, command, int64(usualCommand))
	if err == nil && len(records) == usualCommand {
		records, err = l.records(ctx, nil, store.MaxRecords, l.sql.readCommand, command, int64(store.MaxRecords))
	}
	return records, err
}

// ByTrigger implements store.Log.
func (l *log) ByTrigger(ctx context.Context, event uuid.UUID) ([]store.Record, error) {
	return l.records(ctx, nil, usualCommand, l.sql.readTrigger, event)
}

// Head implements store.Log.
func (l *log) Head(ctx context.Context) (uint64, error) {
	var head int64
	err := l.read(ctx, func(ctx context.Context, c *pgx.Conn) error {
		err := c.QueryRow(ctx, l.sql.head).Scan(&head)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return uint64(head), err
}

// read runs a function that reads.
func (l *log) read(ctx context.Context, fn func(context.Context, *pgx.Conn) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if l.store.closed.Load() {
		return store.ErrClosed
	}
	return l.store.try(ctx, l.store.readers, fn)
}

// records appends what a query gives to into. About so many are expected.
func (l *log) records(ctx context.Context, into []store.Record, expected int, sql string, args ...any) ([]store.Record, error) {
	n := len(into)
	err := l.read(ctx, func(ctx context.Context, c *pgx.Conn) error {
		s := scanner{log: l, records: into[:n]}
		err := s.scan(ctx, c, min(expected, mostExpected), sql, args)
		into = s.records
		return err
	})
	if err != nil {
		return into[:n], err
	}
	return into, nil
}

// mostExpected bounds what is made room for before it has come.
const mostExpected = 1000
