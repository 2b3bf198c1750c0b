package sqlite

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall/store"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum covers all of a record, with the names that its numbers stand for.
// The scratch is reused and returned.
func checksum(scratch []byte, r *store.Record) (uint32, []byte) {
	b := scratch[:0]
	b = binary.LittleEndian.AppendUint64(b, r.Position)
	b = binary.LittleEndian.AppendUint64(b, r.Version)
	b = binary.LittleEndian.AppendUint64(b, uint64(r.Time.UnixNano()))
	b = append(b, r.ID[:]...)
	b = append(b, r.Trigger[:]...)
	b = append(b, r.Correlation[:]...)
	b = appendText(b, r.Stream)
	b = appendText(b, r.Type)
	b = appendText(b, r.Actor)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(r.Metadata)))
	sum := crc32.Update(0, castagnoli, b)
	sum = crc32.Update(sum, castagnoli, r.Metadata)
	return crc32.Update(sum, castagnoli, r.Data), b
}

// documentChecksum covers a document with its address.
func documentChecksum(scratch []byte, collection, key string, data []byte) (uint32, []byte) {
	b := appendText(appendText(scratch[:0], collection), key)
	return crc32.Update(crc32.Update(0, castagnoli, b), castagnoli, data), b
}

func appendText(b []byte, s string) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}

// The parameters of insertEvent and, counted from zero, the columns of read.
const (
	positionColumn = iota
	streamColumn
	versionColumn
	commandColumn
	numberColumn
	typeColumn
	timeColumn
	triggerColumn
	correlationColumn
	actorColumn
	metadataColumn
	dataColumn
	checksumColumn
)

// bindRecord sets the parameters of insertEvent.
func bindRecord(stmt *sqlite.Stmt, r *store.Record, stream, kind int64, sum uint32) {
	command := r.Command()
	stmt.BindInt64(1+positionColumn, int64(r.Position))
	stmt.BindInt64(1+streamColumn, stream)
	stmt.BindInt64(1+versionColumn, int64(r.Version))
	stmt.BindBytes(1+commandColumn, command[:])
	stmt.BindInt64(1+numberColumn, int64(store.IndexOf(r.ID)))
	stmt.BindInt64(1+typeColumn, kind)
	stmt.BindInt64(1+timeColumn, r.Time.UnixNano())
	if r.Trigger == uuid.Nil {
		stmt.BindNull(1 + triggerColumn)
	} else {
		stmt.BindBytes(1+triggerColumn, r.Trigger[:])
	}
	switch r.Correlation {
	case command:
		stmt.BindNull(1 + correlationColumn)
	case uuid.Nil:
		stmt.BindBytes(1+correlationColumn, nil)
	default:
		stmt.BindBytes(1+correlationColumn, r.Correlation[:])
	}
	if r.Actor == "" {
		stmt.BindNull(1 + actorColumn)
	} else {
		stmt.BindText(1+actorColumn, r.Actor)
	}
	if len(r.Metadata) == 0 {
		stmt.BindNull(1 + metadataColumn)
	} else {
		stmt.BindBytes(1+metadataColumn, r.Metadata)
	}
	stmt.BindBytes(1+dataColumn, r.Data)
	stmt.BindInt64(1+checksumColumn, int64(sum))
}

// scanRecord reads all but the names from a row of read. It returns the
// numbers of the names and the checksum, and false for a row that bindRecord
// cannot have written.
func scanRecord(stmt *sqlite.Stmt, r *store.Record, slab *slab) (stream, kind int64, sum uint32, ok bool) {
	var command uuid.UUID
	number := stmt.ColumnInt64(numberColumn)
	ok = stmt.ColumnBytes(commandColumn, command[:]) == len(command) && stmt.ColumnLen(commandColumn) == len(command) &&
		number >= 0 && number < store.MaxRecords && store.CommandOf(command) == command
	if !ok {
		return 0, 0, 0, false
	}
	r.Position = uint64(stmt.ColumnInt64(positionColumn))
	r.Version = uint64(stmt.ColumnInt64(versionColumn))
	r.ID = store.EventID(command, int(number))
	r.Time = time.Unix(0, stmt.ColumnInt64(timeColumn)).UTC()
	scanID(stmt, triggerColumn, &r.Trigger)
	if scanID(stmt, correlationColumn, &r.Correlation) == 0 && stmt.ColumnIsNull(correlationColumn) {
		r.Correlation = command
	}
	if !stmt.ColumnIsNull(actorColumn) {
		r.Actor = stmt.ColumnText(actorColumn)
	}
	if n := stmt.ColumnLen(metadataColumn); n > 0 {
		r.Metadata = slab.read(stmt, metadataColumn, n)
	}
	r.Data = slab.read(stmt, dataColumn, stmt.ColumnLen(dataColumn))
	check := stmt.ColumnInt64(checksumColumn)
	return stmt.ColumnInt64(streamColumn), stmt.ColumnInt64(typeColumn), uint32(check), check >= 0 && check <= math.MaxUint32
}

func scanID(stmt *sqlite.Stmt, column int, id *uuid.UUID) int {
	return stmt.ColumnBytes(column, id[:])
}

// slab holds the bytes of a page's rows, one allocation for many.
type slab struct {
	free []byte
	size int
}

const (
	firstSlab = 4 << 10
	lastSlab  = 512 << 10
)

// read copies a column of n bytes. No later call changes them.
func (s *slab) read(stmt *sqlite.Stmt, column, n int) []byte {
	if n == 0 {
		return []byte{}
	}
	if n > len(s.free) {
		s.grow(n)
	}
	b := s.free[:n:n]
	s.free = s.free[n:]
	stmt.ColumnBytes(column, b)
	return b
}

func (s *slab) grow(n int) {
	s.size = min(max(firstSlab, 4*s.size), lastSlab)
	s.free = make([]byte, max(s.size, n))
}

// expect sizes the first allocation for a page of n rows.
func (s *slab) expect(n, rowSize int) { s.size = min(max(firstSlab, n*rowSize), lastSlab) / 4 }
