// Package catalog knows which boards there are, who the people are, and who was
// invited to what. It keeps documents in a store of its own, which servers may
// share.
//
// Of the tokens in invite links and cookies only hashes are kept.
package catalog

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/landfall-go/landfall/store"
)

// The collections of documents.
const (
	boards   = "boards"  // by id
	people   = "people"  // by id
	cookies  = "cookies" // by the hash of the token: a cookie
	invites  = "invites" // by board and id
	tokens   = "tokens"  // by the hash of an invite's token: its key
	newsFrom = "catalog" // the stream that says that something has changed
	attempts = 16        // at a commit
	pageSize = 1000      // of lists
	module   = "Catalog" // the log's name
)

// Catalog is safe for concurrent use, by several servers on one store as well.
type Catalog struct {
	store    store.Store
	log      store.Log
	changing sync.Mutex // held by who changes what others may change
}

// Open opens the catalog in the store, which it closes in the end.
func Open(ctx context.Context, s store.Store) (*Catalog, error) {
	log, err := s.Log(ctx, module)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the catalog of boards: %w", err), s.Close())
	}
	return &Catalog{store: s, log: log}, nil
}

// Close closes the store.
func (c *Catalog) Close() error { return c.store.Close() }

// Listen calls fn after something was taken away, here or by another server: an
// invite or a board. fn must not block. The returned function ends the calls.
func (c *Catalog) Listen(fn func()) (stop func()) {
	return c.log.Listen(func([]store.Record) { fn() })
}

// news is the record that tells other servers to look again.
func news(what string) []store.Append {
	id := store.NewCommandID(time.Now())
	return []store.Append{{Stream: newsFrom, Expected: store.AnyVersion, Records: []store.Record{{
		ID: store.EventID(id, 0), Type: what, Time: time.Now().UTC().Round(0), Correlation: id, Data: []byte("{}"),
	}}}}
}

// Board is a board as the catalog knows it.
type Board struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Path is the storm's file or folder, relative to the server's folder.
	Path     string    `json:"path"`
	Archived bool      `json:"archived,omitempty"`
	Made     time.Time `json:"made"`
	// Notes and Changed are what was known when it was last closed.
	Notes   int   `json:"notes,omitempty"`
	Changed int64 `json:"changed,omitempty"`
}

// Boards returns all boards, in the order of their ids.
func (c *Catalog) Boards(ctx context.Context) ([]Board, error) {
	return list[Board](ctx, c.log, boards, "")
}

// Board returns a board, or store.ErrNotFound.
func (c *Catalog) Board(ctx context.Context, id string) (Board, error) {
	b, _, err := get[Board](ctx, c.log, boards, id)
	return b, err
}

// Add adds a board under a new id.
func (c *Catalog) Add(ctx context.Context, b Board) error {
	return c.log.Commit(ctx, store.Changes{
		Expect: []store.Expectation{{Collection: boards, Key: b.ID}},
		Writes: []store.Write{put(boards, b.ID, b)},
	})
}

// Change changes a board by fn, and returns what it is now.
func (c *Catalog) Change(ctx context.Context, id string, fn func(*Board)) (Board, error) {
	var changed Board
	err := c.retry(func() error {
		b, old, err := get[Board](ctx, c.log, boards, id)
		if err != nil {
			return err
		}
		fn(&b)
		changed = b
		return c.log.Commit(ctx, store.Changes{
			Expect: []store.Expectation{{Collection: boards, Key: id, Data: old}},
			Writes: []store.Write{put(boards, id, b)},
		})
	})
	return changed, err
}

// Delete takes a board out, with its invites and what they gave.
func (c *Catalog) Delete(ctx context.Context, id string) error {
	return c.retry(func() error {
		all, err := list[Invite](ctx, c.log, invites, id+"/")
		if err != nil {
			return err
		}
		changes := store.Changes{Writes: []store.Write{{Collection: boards, Key: id}}, Appends: news("BoardDeleted")}
		for _, i := range all {
			changes.Writes = append(changes.Writes,
				store.Write{Collection: invites, Key: i.key()}, store.Write{Collection: tokens, Key: i.Hash})
		}
		if err := c.takeAway(ctx, &changes, func(g Grant) bool { return g.Board == id }); err != nil {
			return err
		}
		return c.log.Commit(ctx, changes)
	})
}

// takeAway adds to the changes what takes grants from people.
func (c *Catalog) takeAway(ctx context.Context, changes *store.Changes, gone func(Grant) bool) error {
	for after := ""; ; {
		docs, err := c.log.List(ctx, people, store.Query{After: after, Limit: pageSize})
		if err != nil {
			return err
		}
		for _, d := range docs {
			var p Person
			if err := json.Unmarshal(d.Data, &p); err != nil {
				return unreadable(people, d.Key, err)
			}
			if p.take(gone) {
				changes.Expect = append(changes.Expect, store.Expectation{Collection: people, Key: d.Key, Data: d.Data})
				changes.Writes = append(changes.Writes, put(people, p.ID, p))
			}
		}
		if len(docs) < pageSize {
			return nil
		}
		after = docs[len(docs)-1].Key
	}
}

// retry does something again while others are first: those who change the same
// documents here one after the other, and those on other servers after a while.
func (c *Catalog) retry(do func() error) error {
	c.changing.Lock()
	defer c.changing.Unlock()
	for attempt := 1; ; attempt++ {
		err := do()
		if !errors.Is(err, store.ErrConflict) || attempt == attempts {
			return err
		}
		time.Sleep(rand.N(time.Duration(attempt) * time.Millisecond))
	}
}

func get[T any](ctx context.Context, log store.Log, collection, key string) (T, []byte, error) {
	var v T
	d, err := log.Get(ctx, collection, key)
	if err != nil {
		return v, nil, err
	}
	if err := json.Unmarshal(d.Data, &v); err != nil {
		return v, nil, unreadable(collection, key, err)
	}
	return v, bytes.Clone(d.Data), nil
}

func list[T any](ctx context.Context, log store.Log, collection, prefix string) ([]T, error) {
	var all []T
	for after := ""; ; {
		docs, err := log.List(ctx, collection, store.Query{Prefix: prefix, After: after, Limit: pageSize})
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			var v T
			if err := json.Unmarshal(d.Data, &v); err != nil {
				return nil, unreadable(collection, d.Key, err)
			}
			all = append(all, v)
		}
		if len(docs) < pageSize {
			return all, nil
		}
		after = docs[len(docs)-1].Key
	}
}

func put(collection, key string, v any) store.Write {
	data, err := json.Marshal(v)
	if err != nil {
		panic("catalog: " + err.Error()) // our own types
	}
	return store.Write{Collection: collection, Key: key, Data: data}
}

func unreadable(collection, key string, err error) error {
	return fmt.Errorf("the catalog's document %s of %s: %w: %w", key, collection, store.ErrCorrupt, err)
}
