package sqlite

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall/store"
)

// scanner reads the rows of a statement into records. It remembers the texts of
// the row before, which are often those of the next.
type scanner struct {
	log     *log
	conn    *sqlite.Conn
	stmt    *sqlite.Stmt
	bytes   slab
	scratch []byte

	streamID, typeID        int64
	stream, kind, lastActor string
}

// usualRow is what a row's bytes are guessed at before any was read.
const usualRow = 320

// scan appends the rows of a bound statement to into, while they are wanted.
// The expected number of rows may be zero.
func (l *log) scan(c *sqlite.Conn, stmt *sqlite.Stmt, expected int, into []store.Record, while func(*store.Record) bool) ([]store.Record, error) {
	defer stmt.Reset()
	s := scanner{log: l, conn: c, stmt: stmt}
	s.bytes.expect(expected, int(l.rowBytes.Load()))
	from := len(into)
	into = slices.Grow(into, expected)
	for {
		more, err := stmt.Step()
		if err != nil {
			return into, err
		}
		n := len(into)
		if !more {
			if n > from {
				l.rowBytes.Store(int64(s.bytes.used/(n-from) + 1))
			}
			return into, nil
		}
		into = append(into, store.Record{})
		if err := s.row(&into[n]); err != nil {
			return into[:n], err
		}
		if while != nil && !while(&into[n]) {
			into[n] = store.Record{}
			return into[:n], nil
		}
	}
}

// row reads one row and makes sure that it is what was written.
func (s *scanner) row(r *store.Record) error {
	stream, kind, sum, ok := s.fields(r)
	if ok {
		if err := s.names(stream, kind); err != nil {
			return err
		}
		r.Stream, r.Type = s.stream, s.kind
		var want uint32
		want, s.scratch = checksum(s.scratch, r)
		ok = want == sum
	}
	if !ok {
		position := s.stmt.ColumnInt64(positionColumn)
		return s.log.store.corrupt(fmt.Sprintf("module %s, position %d: the checksum is wrong", s.log.module, position))
	}
	return nil
}

// names finds the texts of a row's numbers.
func (s *scanner) names(stream, kind int64) (err error) {
	if stream != s.streamID {
		if s.stream, err = s.log.streamNames.text(s.conn, s.log.sql.streamName, stream); err != nil {
			return err
		}
		s.streamID = stream
	}
	if kind != s.typeID {
		if s.kind, err = s.log.typeNames.text(s.conn, s.log.sql.typeName, kind); err != nil {
			return err
		}
		s.typeID = kind
	}
	return nil
}

// fields reads all but the names. It returns their numbers and the checksum,
// and false for a row that bindRecord cannot have written.
func (s *scanner) fields(r *store.Record) (stream, kind int64, sum uint32, ok bool) {
	stmt := s.stmt
	var command uuid.UUID
	number := stmt.ColumnInt64(numberColumn)
	if stmt.ColumnLen(commandColumn) != len(command) || stmt.ColumnBytes(commandColumn, command[:]) != len(command) ||
		number < 0 || number >= store.MaxRecords || store.CommandOf(command) != command {
		return 0, 0, 0, false
	}
	r.Position = uint64(stmt.ColumnInt64(positionColumn))
	r.Version = uint64(stmt.ColumnInt64(versionColumn))
	r.ID = store.EventID(command, int(number))
	r.Time = time.Unix(0, stmt.ColumnInt64(timeColumn)).UTC()
	stmt.ColumnBytes(triggerColumn, r.Trigger[:])
	if stmt.ColumnBytes(correlationColumn, r.Correlation[:]) == 0 && stmt.ColumnIsNull(correlationColumn) {
		r.Correlation = command
	}
	r.Actor = s.actor()
	if n := stmt.ColumnLen(metadataColumn); n > 0 {
		r.Metadata = s.bytes.read(stmt, metadataColumn, n)
	}
	r.Data = s.bytes.read(stmt, dataColumn, stmt.ColumnLen(dataColumn))
	check := stmt.ColumnInt64(checksumColumn)
	return stmt.ColumnInt64(streamColumn), stmt.ColumnInt64(typeColumn), uint32(check), check >= 0 && check <= math.MaxUint32
}

// actor reads the actor, without an allocation when it is that of the row
// before.
func (s *scanner) actor() string {
	n := s.stmt.ColumnLen(actorColumn)
	if n == 0 {
		return ""
	}
	s.scratch = slices.Grow(s.scratch[:0], n)[:n]
	s.stmt.ColumnBytes(actorColumn, s.scratch)
	if string(s.scratch) != s.lastActor {
		s.lastActor = string(s.scratch)
	}
	return s.lastActor
}

// slab holds the bytes of a page's rows, one allocation for many.
type slab struct {
	free []byte
	size int
	used int
}

const (
	firstSlab = 4 << 10
	lastSlab  = 512 << 10
)

// expect sizes the first allocation for n rows.
func (s *slab) expect(n, rowSize int) {
	// Of a read without end, the end may be near.
	const many = 4096
	s.size = min(max(firstSlab, min(n, many)*rowSize), lastSlab) / 4
}

// read copies a column of n bytes. No later call changes them.
func (s *slab) read(stmt *sqlite.Stmt, column, n int) []byte {
	if n == 0 {
		return []byte{}
	}
	if n > len(s.free) {
		s.size = min(max(firstSlab, 4*s.size), lastSlab)
		s.free = make([]byte, max(s.size, n))
	}
	b := s.free[:n:n]
	s.free = s.free[n:]
	s.used += n
	stmt.ColumnBytes(column, b)
	return b
}
