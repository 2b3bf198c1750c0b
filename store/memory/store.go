// Package memory keeps a program's logs in memory: for tests, for trying out,
// and for data that may be lost. It keeps every promise of package store but
// durability.
//
// What is read shares its bytes with the store, so it must not be written to.
package memory

import (
	"context"
	"sync"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// Store is a store.Store in memory. It is safe for concurrent use.
type Store struct {
	mu     sync.Mutex
	logs   map[string]*log
	closed bool
}

var _ store.Store = (*Store)(nil)

// New returns an empty store.
func New() *Store { return &Store{logs: map[string]*log{}} }

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
	if s.closed {
		return nil, store.ErrClosed
	}
	l, ok := s.logs[module]
	if !ok {
		l = newLog()
		s.logs[module] = l
	}
	return l, nil
}

// Close implements store.Store. What the store held is lost.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, l := range s.logs {
		l.close()
	}
	s.logs = nil
	return nil
}
