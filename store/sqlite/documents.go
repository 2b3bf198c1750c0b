package sqlite

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// Get implements store.Log.
func (l *log) Get(ctx context.Context, collection, key string) (store.Document, error) {
	if err := contract.Key(collection, key); err != nil {
		return store.Document{}, err
	}
	d := store.Document{Key: key}
	err := l.store.readers.with(ctx, func(c *sqlite.Conn) error {
		id, err := l.collectionNames.id(c, l.sql.findCollection, collection)
		if err != nil {
			return err
		}
		if id != 0 {
			if d.Data, err = l.document(c, id, collection, key); err != nil {
				return err
			}
		}
		if d.Data == nil {
			return fmt.Errorf("%w: %q of %q", store.ErrNotFound, key, collection)
		}
		return nil
	})
	if err != nil {
		return store.Document{}, err
	}
	return d, nil
}

// List implements store.Log.
func (l *log) List(ctx context.Context, collection string, q store.Query) ([]store.Document, error) {
	if err := contract.Query(collection, q); err != nil {
		return nil, err
	}
	var found []store.Document
	err := l.store.readers.with(ctx, func(c *sqlite.Conn) error {
		id, err := l.collectionNames.id(c, l.sql.findCollection, collection)
		if err != nil || id == 0 {
			return err
		}
		stmt, err := c.Prepare(l.sql.listDocuments)
		if err != nil {
			return err
		}
		defer stmt.Reset()
		from, to := bounds(q)
		stmt.BindInt64(1, id)
		stmt.BindText(2, from)
		stmt.BindText(3, to)
		stmt.BindInt64(4, int64(q.Limit))
		found, err = l.scanDocuments(stmt, collection)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// bounds returns the least key of a query, and the least that comes after all
// of its keys. Keys are UTF-8 without NUL: no key lies between k and k+"\x00",
// and none begins with 0xff.
func bounds(q store.Query) (from, to string) {
	to = "\xff"
	if n := len(q.Prefix); n > 0 {
		to = q.Prefix[:n-1] + string([]byte{q.Prefix[n-1] + 1})
	}
	if q.After != "" && q.After >= q.Prefix {
		return q.After + "\x00", to
	}
	return q.Prefix, to
}

func (l *log) scanDocuments(stmt *sqlite.Stmt, collection string) ([]store.Document, error) {
	var found []store.Document
	var bytes slab
	for {
		more, err := stmt.Step()
		if err != nil || !more {
			return found, err
		}
		d := store.Document{Key: stmt.ColumnText(0)}
		d.Data = bytes.read(stmt, 1, stmt.ColumnLen(1))
		if err := l.checkDocument(collection, d.Key, d.Data, stmt.ColumnInt64(2)); err != nil {
			return nil, err
		}
		found = append(found, d)
	}
}
