package sqlite

import (
	"bytes"
	"fmt"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall/store"
)

// append does an append of the task. The error is the transaction's; that of the
// append is in the task.
func (l *log) append(c *sqlite.Conn, t *task, a *store.Append) error {
	s, err := l.stream(c, a.Stream)
	if err != nil {
		return err
	}
	if a.Expected != s.version && a.Expected != store.AnyVersion {
		return l.refuse(c, t, a, s.version)
	}
	if s.id == 0 {
		if s.id, err = add(c, l.sql.addStream, a.Stream); err != nil {
			return err
		}
	}
	first := len(l.pending)
	l.pending = append(l.pending, a.Records...)
	records := l.pending[first:]
	for i := range records {
		r := &records[i]
		r.Position, r.Stream, r.Version = l.tail+1+uint64(i), a.Stream, s.version+1+uint64(i)
		r.Time = r.Time.UTC()
		err := l.insertRecord(c, r, s.id)
		if i == 0 && sqlite.ErrCode(err) == sqlite.ResultConstraintUnique {
			clear(records)
			l.pending = l.pending[:first]
			return l.refuse(c, t, a, s.version)
		}
		if err != nil {
			return err
		}
	}
	t.appended = store.Appended{First: l.tail + 1, Version: s.version + 1}
	l.tail += uint64(len(records))
	s.version += uint64(len(records))
	return nil
}

func (l *log) insertRecord(c *sqlite.Conn, r *store.Record, stream int64) error {
	kind, err := l.intern(c, l.types, l.sql.findType, l.sql.addType, r.Type)
	if err != nil {
		return err
	}
	var sum uint32
	sum, l.scratch = checksum(l.scratch, r)
	bindRecord(l.insert, r, stream, kind, sum)
	return step(l.insert)
}

// refuse finds out why an append cannot be: its command may have been stored
// already, and that goes before a conflict.
func (l *log) refuse(c *sqlite.Conn, t *task, a *store.Append, version uint64) error {
	command := a.Records[0].Command()
	position, err := l.findCommand(c, command)
	if err != nil {
		return err
	}
	if position != 0 {
		t.err = fmt.Errorf("%w: command %s, at position %d", store.ErrDuplicate, command, position)
		return nil
	}
	if a.Expected == version || a.Expected == store.AnyVersion {
		return l.store.corrupt(fmt.Sprintf("module %s, stream %q: there is a version after the last one", l.module, a.Stream))
	}
	t.err = fmt.Errorf("%w: stream %q is at version %d, not %d", store.ErrConflict, a.Stream, version, a.Expected)
	return nil
}

// findCommand returns the position of the command's first record, or zero.
func (l *log) findCommand(c *sqlite.Conn, command uuid.UUID) (int64, error) {
	stmt, err := c.Prepare(l.sql.findCommand)
	if err != nil {
		return 0, err
	}
	defer stmt.Reset()
	stmt.BindBytes(1, command[:])
	if found, err := stmt.Step(); err != nil || !found {
		return 0, err
	}
	return stmt.ColumnInt64(0), nil
}

// stream returns what is known of the stream, in the current transaction.
func (l *log) stream(c *sqlite.Conn, name string) (*stream, error) {
	if s, ok := l.streams.Get(name); ok {
		return s, nil
	}
	find, err := c.Prepare(l.sql.findStream)
	if err != nil {
		return nil, err
	}
	s := &stream{}
	if s.id, err = lookup(find, name); err != nil {
		return nil, err
	}
	if s.id != 0 {
		if s.version, err = l.version(c, s.id); err != nil {
			return nil, err
		}
	}
	l.streams.Add(name, s)
	return s, nil
}

func (l *log) version(c *sqlite.Conn, stream int64) (uint64, error) {
	stmt, err := c.Prepare(l.sql.version)
	if err != nil {
		return 0, err
	}
	defer stmt.Reset()
	stmt.BindInt64(1, stream)
	if found, err := stmt.Step(); err != nil || !found {
		return 0, err
	}
	return uint64(stmt.ColumnInt64(0)), nil
}

// intern returns the id of a text, new if need be.
func (l *log) intern(c *sqlite.Conn, known *simplelru.LRU[string, int64], findQuery, addQuery, text string) (int64, error) {
	if id, ok := known.Get(text); ok {
		return id, nil
	}
	find, err := c.Prepare(findQuery)
	if err != nil {
		return 0, err
	}
	id, err := lookup(find, text)
	if err == nil && id == 0 {
		id, err = add(c, addQuery, text)
	}
	if err != nil {
		return 0, err
	}
	known.Add(text, id)
	return id, nil
}

func add(c *sqlite.Conn, query, text string) (int64, error) {
	stmt, err := c.Prepare(query)
	if err != nil {
		return 0, err
	}
	stmt.BindText(1, text)
	if err := step(stmt); err != nil {
		return 0, err
	}
	return c.LastInsertRowID(), nil
}

// write puts and deletes documents.
func (l *log) write(c *sqlite.Conn, writes []store.Write) error {
	for i := range writes {
		w := &writes[i]
		collection, err := l.intern(c, l.collections, l.sql.findCollection, l.sql.addCollection, w.Collection)
		if err != nil {
			return err
		}
		query := l.sql.putDocument
		if w.Data == nil {
			query = l.sql.deleteDocument
		}
		stmt, err := c.Prepare(query)
		if err != nil {
			return err
		}
		stmt.BindInt64(1, collection)
		stmt.BindText(2, w.Key)
		if w.Data != nil {
			var sum uint32
			sum, l.scratch = documentChecksum(l.scratch, w.Collection, w.Key, w.Data)
			stmt.BindBytes(3, w.Data)
			stmt.BindInt64(4, int64(sum))
		}
		if err := step(stmt); err != nil {
			return err
		}
	}
	return nil
}

// holds tells whether an expectation holds in the current transaction.
func (l *log) holds(c *sqlite.Conn, e *store.Expectation) (bool, error) {
	find, err := c.Prepare(l.sql.findCollection)
	if err != nil {
		return false, err
	}
	collection, err := lookup(find, e.Collection)
	if err != nil || collection == 0 {
		return e.Data == nil, err
	}
	data, err := l.document(c, collection, e.Collection, e.Key)
	return (data == nil) == (e.Data == nil) && bytes.Equal(data, e.Data), err
}

// document returns the data under a key, nil when there is none.
func (l *log) document(c *sqlite.Conn, collection int64, name, key string) ([]byte, error) {
	stmt, err := c.Prepare(l.sql.getDocument)
	if err != nil {
		return nil, err
	}
	defer stmt.Reset()
	stmt.BindInt64(1, collection)
	stmt.BindText(2, key)
	if found, err := stmt.Step(); err != nil || !found {
		return nil, err
	}
	data := make([]byte, stmt.ColumnLen(0))
	stmt.ColumnBytes(0, data)
	return data, l.checkDocument(name, key, data, stmt.ColumnInt64(1))
}

func (l *log) checkDocument(collection, key string, data []byte, sum int64) error {
	if want, _ := documentChecksum(nil, collection, key, data); int64(want) != sum {
		return l.store.corrupt(fmt.Sprintf("module %s, document %q of %q: the checksum is wrong", l.module, key, collection))
	}
	return nil
}
