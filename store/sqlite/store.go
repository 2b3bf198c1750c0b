package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/gofrs/flock"
	"zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// Store is a store.Store in one SQLite file. It is safe for concurrent use.
type Store struct {
	path    string
	options options
	lock    *flock.Flock
	writer  *writer
	readers *readers
	damaged atomic.Bool

	mu   sync.Mutex
	logs map[string]*log

	backups sync.Mutex // held while one is made
	closing sync.Once
}

var _ store.Store = (*Store)(nil)

// Open opens the database in the file, which it creates when it is new; the
// folder must exist. The file is this process's alone until Close.
//
// It returns store.ErrInUse when the file is open already, here or in another
// process; store.ErrInvalid when it is not a database, is another program's,
// or was written by a newer program; store.ErrCorrupt when it is damaged;
// store.ErrFull when there is no room. None of these changes the file.
func Open(ctx context.Context, path string, opts ...Option) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, options: defaults(), logs: map[string]*log{}}
	for _, o := range opts {
		o(&s.options)
	}
	if s.lock, err = lockFile(path); err != nil {
		return nil, err
	}
	if err := s.start(); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), s.lock.Unlock())
	}
	return s, nil
}

func (s *Store) start() error {
	if err := prepareFile(s.path); err != nil {
		return s.explain(err)
	}
	c, err := s.connect(sqlite.OpenReadWrite)
	if err == nil {
		err = migrate(c)
		if err != nil {
			err = errors.Join(err, c.Close())
		}
	}
	if err != nil {
		return s.explain(err)
	}
	s.writer = newWriter(s, c)
	s.readers = newReaders(s, s.options.readers)
	return nil
}

// explain classifies what SQLite said and leaves the rest as it is.
func (s *Store) explain(err error) error {
	if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultError {
		return err
	}
	return s.classify(err)
}

// Log implements store.Store.
func (s *Store) Log(ctx context.Context, module string) (store.Log, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := contract.Module(module); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if l, ok := s.logs[module]; ok {
		return l, s.writer.open()
	}
	l := newLog(s, module)
	if err := s.writer.do(ctx, &task{log: l, setup: l.setup}); err != nil {
		return nil, err
	}
	s.logs[module] = l
	return l, nil
}

// Close implements store.Store. It moves everything from the write-ahead log
// into the file.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		s.writer.close()
		err = errors.Join(s.saveHeads(), s.readers.close())
		err = errors.Join(err, s.writer.conn.Close())
		err = errors.Join(err, s.lock.Unlock())
	})
	return err
}

// saveHeads notes where the logs end, for the next one to hold them against.
func (s *Store) saveHeads() error {
	if s.damaged.Load() {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.logs {
		err := s.classify(l.saveHead(s.writer.conn))
		if errors.Is(err, store.ErrFull) {
			return nil // what was noted before still holds
		}
		if err != nil {
			return err
		}
	}
	return nil
}
