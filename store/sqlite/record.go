package sqlite

import (
	"encoding/binary"
	"hash/crc32"

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
