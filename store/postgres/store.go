package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// Store is a store.Store in a PostgreSQL database. It is safe for concurrent
// use, and so is the database for several processes.
type Store struct {
	options  options
	single   *pgx.ConnConfig // of a connection beside the pools
	writers  *pgxpool.Pool
	readers  *pgxpool.Pool
	follower *follower
	closed   atomic.Bool

	mu      sync.Mutex
	logs    map[string]*log
	opening map[string]chan struct{} // closed when the log is open, or could not be

	closing sync.Once
}

var (
	_ store.Store  = (*Store)(nil)
	_ store.Sharer = (*Store)(nil)
)

// Open connects to the database of the URL
// (postgres://user:password@host:5432/database, or PostgreSQL's keyword=value
// form). What the URL leaves out comes from the environment variables that psql
// reads (PGHOST, PGPASSWORD, …).
//
// It returns store.ErrInvalid when the URL is wrong, the database does not
// exist or is not UTF8, the server is too old or does not let the user in; and
// store.ErrUnavailable when the server cannot be reached within the time of
// RetryFor.
func Open(ctx context.Context, url string, opts ...Option) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &Store{options: defaults(), logs: map[string]*log{}, opening: map[string]chan struct{}{}}
	for _, o := range opts {
		o(&s.options)
	}
	s.follower = newFollower(s)
	if err := s.connect(ctx, url); err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	return s, nil
}

// Shared returns true: other processes may use the database.
func (s *Store) Shared() bool { return true }

// Log implements store.Store. It makes the module's tables when they are
// missing, and brings those of an older version up to this one's, unless
// NoMigrate was given. It returns store.ErrInvalid when the tables are of a
// newer version or the role lacks a privilege.
func (s *Store) Log(ctx context.Context, module string) (store.Log, error) {
	if err := contract.Module(module); err != nil {
		return nil, err
	}
	for {
		s.mu.Lock()
		l, known := s.logs[module]
		opening, others := s.opening[module]
		if !known && !others {
			s.opening[module] = make(chan struct{})
		}
		s.mu.Unlock()
		switch {
		case ctx.Err() != nil && (known || others):
			return nil, ctx.Err()
		case s.closed.Load() && (known || others):
			return nil, store.ErrClosed
		case known:
			return l, nil
		case !others:
			return s.open(ctx, module)
		}
		select {
		case <-opening:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// open opens a log while others who want it wait.
func (s *Store) open(ctx context.Context, module string) (store.Log, error) {
	l := newLog(s, module)
	err := ctx.Err()
	if err == nil && s.closed.Load() {
		err = store.ErrClosed
	}
	if err == nil {
		err = l.migrate(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.opening[module])
	delete(s.opening, module)
	if err != nil {
		return nil, err
	}
	s.logs[module] = l
	return l, nil
}

// all returns the logs that are open.
func (s *Store) all() []*log {
	s.mu.Lock()
	defer s.mu.Unlock()
	logs := make([]*log, 0, len(s.logs))
	for _, l := range s.logs {
		logs = append(logs, l)
	}
	return logs
}

// Close implements store.Store.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		s.closed.Store(true)
		s.follower.stop()
		for _, l := range s.all() {
			l.writer.close()
			l.stopNotifying()
			// A row that stays does no harm: one who leaves later removes it.
			if err2 := l.writer.unregister(context.Background()); err2 != nil && !lost(err2) {
				err = errors.Join(err, classify(err2))
			}
		}
		s.writers.Close()
		s.readers.Close()
	})
	return err
}
