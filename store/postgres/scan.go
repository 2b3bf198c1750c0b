package postgres

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/landfall-go/landfall/store"
)

// scanner turns rows in PostgreSQL's binary form into records.
type scanner struct {
	log     *log
	records []store.Record
	chunk   []byte // what the bytes of records are copied into
	actor   string // the last one: most are the same
	missing missing
}

// missing are the places of records whose stream or type has no known name yet.
type missing struct {
	streams, types []place
}

type place struct {
	record int
	id     int64
}

// chunkSize is how many bytes of records are allocated at a time.
const chunkSize = 64 << 10

var binaryRows = pgx.QueryResultFormats{pgx.BinaryFormatCode}

// scan runs the query.
func (s *scanner) scan(ctx context.Context, c *pgx.Conn, expected int, sql string, args []any) error {
	rows, err := c.Query(ctx, sql, append([]any{binaryRows}, args...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if len(s.records) == cap(s.records) && expected > 0 {
			grown := make([]store.Record, len(s.records), len(s.records)+max(expected, len(s.records)))
			copy(grown, s.records)
			s.records = grown
		}
		if err := s.row(rows.RawValues()); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return s.name(ctx, c)
}

// row reads one row of eventColumns.
func (s *scanner) row(v [][]byte) error {
	if len(v) != 12 || len(v[0]) != 8 || len(v[1]) != 8 || len(v[2]) != 8 || len(v[3]) != 8 || len(v[4]) != 4 || len(v[5]) != 2 || len(v[6]) != 16 {
		return fmt.Errorf("postgres: not a record: %x", v)
	}
	command := uuid.UUID(v[6])
	r := store.Record{
		Position: binary.BigEndian.Uint64(v[0]),
		Version:  binary.BigEndian.Uint64(v[2]),
		Time:     time.Unix(0, int64(binary.BigEndian.Uint64(v[3]))).UTC(),
		ID:       store.EventID(command, int(binary.BigEndian.Uint16(v[5]))),
	}
	r.Correlation = command
	if v[7] != nil {
		r.Trigger = uuid.UUID(v[7])
	}
	if v[8] != nil {
		r.Correlation = uuid.UUID(v[8])
	}
	if v[9] != nil {
		if string(v[9]) != s.actor {
			s.actor = string(v[9])
		}
		r.Actor = s.actor
	}
	r.Metadata, r.Data = s.copy(v[10]), s.copy(v[11])
	n := len(s.records)
	stream, kind := int64(binary.BigEndian.Uint64(v[1])), int64(binary.BigEndian.Uint32(v[4]))
	var ok bool
	if r.Stream, ok = s.log.streams.get(stream); !ok {
		s.missing.streams = append(s.missing.streams, place{record: n, id: stream})
	}
	if r.Type, ok = s.log.types.get(kind); !ok {
		s.missing.types = append(s.missing.types, place{record: n, id: kind})
	}
	s.records = append(s.records, r)
	return nil
}

// copy copies bytes of a row, which are the connection's, into a chunk.
func (s *scanner) copy(b []byte) []byte {
	if b == nil {
		return nil
	}
	if len(b) > chunkSize/4 {
		return append(make([]byte, 0, len(b)), b...)
	}
	if cap(s.chunk)-len(s.chunk) < len(b) {
		// The first record of a few must not cost a whole chunk.
		s.chunk = make([]byte, 0, min(chunkSize, max(512, 2*cap(s.chunk), len(b))))
	}
	n := len(s.chunk)
	s.chunk = append(s.chunk, b...)
	return s.chunk[n:len(s.chunk):len(s.chunk)]
}

// name looks up the names that were not known.
func (s *scanner) name(ctx context.Context, c *pgx.Conn) error {
	err := s.log.streams.fill(ctx, c, s.log.sql.streamNames, s.missing.streams, func(i int, text string) { s.records[i].Stream = text })
	if err != nil {
		return err
	}
	return s.log.types.fill(ctx, c, s.log.sql.typeNames, s.missing.types, func(i int, text string) { s.records[i].Type = text })
}

// texts are names by their ids, which never change. It is safe for concurrent
// use.
type texts struct {
	mu    sync.RWMutex
	known map[int64]string
}

// cachedTexts bounds what is remembered. More are forgotten at once.
const cachedTexts = 100_000

func newTexts() *texts { return &texts{known: map[int64]string{}} }

func (t *texts) get(id int64) (string, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	text, ok := t.known[id]
	return text, ok
}

// fill finds the names of ids and sets them.
func (t *texts) fill(ctx context.Context, c *pgx.Conn, sql string, places []place, set func(record int, text string)) error {
	if len(places) == 0 {
		return nil
	}
	found := make(map[int64]string, len(places))
	var ids []int64
	for _, p := range places {
		if _, ok := found[p.id]; !ok {
			found[p.id] = ""
			ids = append(ids, p.id)
		}
	}
	rows, err := c.Query(ctx, sql, ids)
	if err != nil {
		return err
	}
	var id int64
	var text string
	if _, err := pgx.ForEachRow(rows, []any{&id, &text}, func() error {
		found[id] = text
		return nil
	}); err != nil {
		return err
	}
	for _, p := range places {
		if found[p.id] == "" {
			return corrupt(fmt.Sprintf("there is no name with number %d", p.id))
		}
		set(p.record, found[p.id])
	}
	t.add(found)
	return nil
}

func (t *texts) add(found map[int64]string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) > cachedTexts {
		clear(t.known)
	}
	for id, text := range found {
		t.known[id] = text
	}
}
