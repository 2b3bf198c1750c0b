package memory

import (
	"context"
	"fmt"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// Commit implements store.Log. The tx of c.Do is nil, and what Do reads from
// the log does not show the writes and the appends yet. Do must not call Commit
// or Append.
func (l *log) Commit(ctx context.Context, c store.Changes) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := contract.Changes(&c); err != nil {
		return err
	}
	d := &l.documents
	d.commits.Lock()
	defer d.commits.Unlock()
	if l.closed.Load() {
		return store.ErrClosed
	}
	if err := d.check(c.Expect); err != nil {
		return err
	}
	if len(c.Appends) > 0 {
		return l.commitAppends(ctx, &c)
	}
	if c.Do != nil {
		if err := c.Do(ctx, nil); err != nil {
			return err
		}
	}
	d.apply(c.Writes, nil)
	return nil
}

// claims are what a commit is about to append, checked and not yet stored. They
// are kept from commit to commit, so that a commit need not allocate.
type claims struct {
	commands index     // to the number of the append, counted from one
	streams  []*stream // of each append
	records  []store.Record
}

// commitAppends checks all that may fail, then stores it all. The caller holds
// documents.commits.
func (l *log) commitAppends(ctx context.Context, c *store.Changes) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.unclaim(c.Appends)
	for i := range c.Appends {
		if err := l.claim(&c.Appends[i]); err != nil {
			return err
		}
	}
	if c.Do != nil {
		if err := l.doReserved(ctx, c.Do); err != nil {
			return err
		}
	}
	head := l.storeAll(c.Appends)
	l.documents.apply(c.Writes, func() { l.head.Store(head) })
	l.tellAll(c.Appends)
	return nil
}

// claim checks an append as if those that were claimed before were stored.
func (l *log) claim(a *store.Append) error {
	command := a.Records[0].Command()
	if first := l.commands.find(command); first != 0 {
		return duplicate(command, first)
	}
	if earlier := l.claims.commands.find(command); earlier != 0 {
		return fmt.Errorf("%w: command %s, by append %d of the same commit", store.ErrDuplicate, command, earlier)
	}
	s, err := l.stream(a.Stream, a.Expected)
	if err != nil {
		return err
	}
	s.claimed += uint32(len(a.Records))
	l.claims.streams = append(l.claims.streams, s)
	l.claims.commands.put(command, uint64(len(l.claims.streams)))
	return nil
}

// unclaim forgets the claims, stored or not, and the streams that nothing was
// stored in.
func (l *log) unclaim(appends []store.Append) {
	for i, s := range l.claims.streams {
		s.claimed = 0
		if len(s.positions) == 0 {
			delete(l.streams, appends[i].Stream)
		}
	}
	clear(l.claims.streams)
	l.claims.streams = l.claims.streams[:0]
	l.claims.commands.reset()
}

// doReserved runs Changes.Do with mu free, so that it may read, while nobody
// else appends. The caller holds mu, and holds it again afterwards, even when do
// panics.
func (l *log) doReserved(ctx context.Context, do func(context.Context, any) error) error {
	l.reserved = true
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.reserved = false
		l.unreserved.Broadcast()
	}()
	return do(ctx, nil)
}

// storeAll stores what was claimed, and returns the head that comes of it.
func (l *log) storeAll(appends []store.Append) uint64 {
	head := l.head.Load()
	for i := range appends {
		a, s := &appends[i], l.claims.streams[i]
		at := store.Appended{First: head + 1, Version: uint64(len(s.positions)) + 1}
		l.store(s, a, at)
		l.commands.put(a.Records[0].Command(), at.First)
		head += uint64(len(a.Records))
	}
	return head
}

// tellAll tells of all appends at once.
func (l *log) tellAll(appends []store.Append) {
	if len(appends) == 1 {
		l.tell(appends[0].Records)
		return
	}
	records := l.claims.records[:0]
	for i := range appends {
		records = append(records, appends[i].Records...)
	}
	l.tell(records)
	clear(records)
	l.claims.records = records[:0]
}
