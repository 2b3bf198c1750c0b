package sqlite

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// log is the log of one module.
type log struct {
	store  *Store
	module string
	sql    queries
	head   atomic.Uint64 // the last position that is committed

	// What those who read know of names.
	streamNames, typeNames, collectionNames names
	rowBytes                                atomic.Int64 // of the last page, on average

	// The leader's own: what the current transaction has come to.
	row         moduleRow
	tail        uint64
	streams     *simplelru.LRU[string, *stream]
	types       *simplelru.LRU[string, int64]
	collections *simplelru.LRU[string, int64]
	pending     []store.Record
	scratch     []byte
	insert      *sqlite.Stmt

	told      sync.Mutex
	listeners []*listener
}

// stream is what the writer knows of a stream.
type stream struct {
	id      int64 // zero when there is none yet
	version uint64
}

type listener struct{ fn func([]store.Record) }

func newLog(s *Store, module string) *log {
	streams, _ := simplelru.NewLRU[string, *stream](cachedNames, nil) // fails for sizes below one
	types, _ := simplelru.NewLRU[string, int64](cachedNames, nil)
	collections, _ := simplelru.NewLRU[string, int64](cachedNames, nil)
	l := &log{
		store: s, module: module,
		streamNames: newNames(), typeNames: newNames(), collectionNames: newNames(),
		streams: streams, types: types, collections: collections,
	}
	l.rowBytes.Store(usualRow)
	return l
}

// forget brings back what was known when the last transaction was committed.
func (l *log) forget() {
	l.tail = l.head.Load()
	l.streams.Purge()
	l.types.Purge()
	l.collections.Purge()
	clear(l.pending)
	l.pending = l.pending[:0]
}

// mark is what the current transaction has come to at one moment.
type mark struct {
	tail    uint64
	pending int
}

func (l *log) mark() mark { return mark{tail: l.tail, pending: len(l.pending)} }

// forgetChanges brings back what was known at the mark, after which there have
// been these changes only.
func (l *log) forgetChanges(c *store.Changes, m mark) {
	l.tail = m.tail
	clear(l.pending[m.pending:])
	l.pending = l.pending[:m.pending]
	for i := range c.Appends {
		a := &c.Appends[i]
		l.streams.Remove(a.Stream)
		for j := range a.Records {
			l.types.Remove(a.Records[j].Type)
		}
	}
	for i := range c.Writes {
		l.collections.Remove(c.Writes[i].Collection)
	}
}

// publish shows the committed records to readers, then to listeners.
func (l *log) publish() {
	l.head.Store(l.tail)
	if len(l.pending) == 0 {
		return
	}
	l.tell(l.pending)
	clear(l.pending)
	l.pending = l.pending[:0]
}

func (l *log) tell(records []store.Record) {
	l.told.Lock()
	defer l.told.Unlock()
	for _, listener := range l.listeners {
		listener.fn(records)
	}
}

// Listen implements store.Log. Once stop has returned, fn is not called again.
func (l *log) Listen(fn func([]store.Record)) (stop func()) {
	self := &listener{fn: fn}
	l.told.Lock()
	defer l.told.Unlock()
	l.listeners = append(l.listeners, self)
	return func() {
		l.told.Lock()
		defer l.told.Unlock()
		l.listeners = slices.DeleteFunc(l.listeners, func(o *listener) bool { return o == self })
	}
}

// Append implements store.Log.
func (l *log) Append(ctx context.Context, a store.Append) (store.Appended, error) {
	if err := ctx.Err(); err != nil {
		return store.Appended{}, err
	}
	if _, err := contract.Append(&a); err != nil {
		return store.Appended{}, err
	}
	t := &task{log: l, append: &a}
	if err := l.store.writer.do(ctx, t); err != nil {
		return store.Appended{}, err
	}
	return t.appended, nil
}

// Commit implements store.Log. The tx of c.Do is the *sqlite.Conn
// (zombiezen.com/go/sqlite) that the store writes with, in its transaction,
// for tables of the caller's own. Do must not end the transaction, keep the
// connection, or write through the store.
func (l *log) Commit(ctx context.Context, c store.Changes) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := contract.Changes(&c); err != nil {
		return err
	}
	return l.store.writer.do(ctx, &task{log: l, changes: &c})
}
