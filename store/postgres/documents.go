package postgres

import (
	"context"
	"errors"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// Get implements store.Log.
func (l *log) Get(ctx context.Context, collection, key string) (store.Document, error) {
	if err := contract.Key(collection, key); err != nil {
		return store.Document{}, err
	}
	var data []byte
	err := l.read(ctx, func(ctx context.Context, c *pgx.Conn) error {
		err := c.QueryRow(ctx, l.sql.getDocument, collection, key).Scan(&data)
		if errors.Is(err, pgx.ErrNoRows) {
			return store.ErrNotFound
		}
		return err
	})
	if err != nil {
		return store.Document{}, err
	}
	return store.Document{Key: key, Data: data}, nil
}

// List implements store.Log.
func (l *log) List(ctx context.Context, collection string, q store.Query) ([]store.Document, error) {
	if err := contract.Query(collection, q); err != nil {
		return nil, err
	}
	sql, args := l.sql.list, []any{collection, q.After, q.Prefix, int64(q.Limit)}
	if end := prefixEnd(q.Prefix); end != "" {
		sql, args = l.sql.listBelow, append(args, end)
	}
	var documents []store.Document
	err := l.read(ctx, func(ctx context.Context, c *pgx.Conn) error {
		documents = documents[:0]
		rows, err := c.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		var d store.Document
		_, err = pgx.ForEachRow(rows, []any{&d.Key, &d.Data}, func() error {
			documents = append(documents, d)
			d.Data = nil // the next one's bytes are its own
			return nil
		})
		return err
	})
	return documents, err
}

// prefixEnd returns the least text that is greater than all that start with
// the prefix, or nothing when there is none. The order of UTF-8 texts by their
// bytes is that by their code points.
func prefixEnd(prefix string) string {
	for prefix != "" {
		last, size := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-size]
		switch last {
		case utf8.MaxRune:
			continue
		case surrogateMin - 1:
			last = surrogateMax
		}
		return prefix + string(last+1)
	}
	return ""
}

// Surrogates are not characters of UTF-8.
const surrogateMin, surrogateMax = 0xd800, 0xdfff
