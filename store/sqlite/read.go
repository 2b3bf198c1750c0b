package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// readers are the connections that read. They do not wait for the writer, nor
// it for them.
type readers struct {
	store *Store
	// free holds as many as may be; a nil one has yet to be opened.
	free   chan *sqlite.Conn
	closed chan struct{}
}

func newReaders(s *Store, n int) *readers {
	r := &readers{store: s, free: make(chan *sqlite.Conn, n), closed: make(chan struct{})}
	for range n {
		r.free <- nil
	}
	return r
}

// with calls fn with a connection of its own.
func (r *readers) with(ctx context.Context, fn func(*sqlite.Conn) error) error {
	c, err := r.take(ctx)
	if err != nil {
		return err
	}
	defer func() { r.free <- c }()
	if c == nil {
		if c, err = r.store.connect(sqlite.OpenReadOnly); err != nil {
			c = nil
			return r.store.classify(err)
		}
	}
	err = fn(c)
	if err == nil || errors.Is(err, store.ErrNotFound) {
		return err
	}
	return r.store.classify(err)
}

func (r *readers) take(ctx context.Context) (*sqlite.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-r.closed:
		return nil, store.ErrClosed
	default:
	}
	select {
	case c := <-r.free:
		return c, nil
	case <-r.closed:
		return nil, store.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// close waits for those who read, then closes all connections.
func (r *readers) close() error {
	close(r.closed)
	var errs []error
	for range cap(r.free) {
		if c := <-r.free; c != nil {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}

// Read implements store.Log.
func (l *log) Read(ctx context.Context, after uint64, max int, into []store.Record) ([]store.Record, error) {
	if err := contract.Page(max); err != nil {
		return into, err
	}
	head := l.head.Load()
	if after >= head {
		return into, l.store.accept(ctx)
	}
	start := len(into)
	err := l.store.readers.with(ctx, func(c *sqlite.Conn) error {
		stmt, err := c.Prepare(l.sql.read)
		if err != nil {
			return err
		}
		stmt.BindInt64(1, int64(after))
		stmt.BindInt64(2, int64(max))
		into, err = l.scan(c, stmt, min(max, int(head-after)), into, nil)
		return err
	})
	if err == nil {
		err = l.whole(into[start:], after, min(head-after, uint64(max)))
	}
	if err != nil {
		return into[:start], err
	}
	return into, nil
}

// whole makes sure that no position is missing: damage can hide a row.
func (l *log) whole(page []store.Record, after, atLeast uint64) error {
	for i := range page {
		if want := after + 1 + uint64(i); page[i].Position != want {
			return l.store.corrupt(fmt.Sprintf("module %s: position %d is missing", l.module, want))
		}
	}
	if n := uint64(len(page)); n < atLeast {
		return l.store.corrupt(fmt.Sprintf("module %s: position %d is missing", l.module, after+n+1))
	}
	return nil
}

// ReadStream implements store.Log.
func (l *log) ReadStream(ctx context.Context, stream string, after uint64, max int, into []store.Record) ([]store.Record, error) {
	if err := contract.Page(max); err != nil {
		return into, err
	}
	if err := contract.Name("stream", stream); err != nil {
		return into, err
	}
	start := len(into)
	err := l.store.readers.with(ctx, func(c *sqlite.Conn) error {
		id, err := l.streamNames.id(c, l.sql.findStream, stream)
		if err != nil || id == 0 {
			return err
		}
		stmt, err := c.Prepare(l.sql.readStream)
		if err != nil {
			return err
		}
		stmt.BindInt64(1, id)
		stmt.BindInt64(2, int64(after))
		stmt.BindInt64(3, int64(max))
		into, err = l.scan(c, stmt, 0, into, nil)
		return err
	})
	for i := start; i < len(into) && err == nil; i++ {
		if want := after + 1 + uint64(i-start); into[i].Version != want || into[i].Stream != stream {
			err = l.store.corrupt(fmt.Sprintf("module %s, stream %q: version %d is missing", l.module, stream, want))
		}
	}
	if err != nil {
		return into[:start], err
	}
	return into, nil
}

// ByCommand implements store.Log.
func (l *log) ByCommand(ctx context.Context, command uuid.UUID) ([]store.Record, error) {
	var records []store.Record
	err := l.store.readers.with(ctx, func(c *sqlite.Conn) error {
		first, err := l.findCommand(c, command)
		if err != nil || first == 0 {
			return err
		}
		stmt, err := c.Prepare(l.sql.read)
		if err != nil {
			return err
		}
		stmt.BindInt64(1, first-1)
		stmt.BindInt64(2, store.MaxRecords)
		records, err = l.scan(c, stmt, 1, nil, func(r *store.Record) bool { return r.Command() == command })
		return err
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// ByTrigger implements store.Log.
func (l *log) ByTrigger(ctx context.Context, event uuid.UUID) ([]store.Record, error) {
	if event == uuid.Nil {
		return nil, l.store.accept(ctx)
	}
	var records []store.Record
	err := l.store.readers.with(ctx, func(c *sqlite.Conn) error {
		stmt, err := c.Prepare(l.sql.readTrigger)
		if err != nil {
			return err
		}
		stmt.BindBytes(1, event[:])
		records, err = l.scan(c, stmt, 0, nil, nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// Head implements store.Log.
func (l *log) Head(ctx context.Context) (uint64, error) {
	if err := l.store.accept(ctx); err != nil {
		return 0, err
	}
	return l.head.Load(), nil
}

// accept returns why a call cannot be accepted.
func (s *Store) accept(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.readers.closed:
		return store.ErrClosed
	default:
		return nil
	}
}
