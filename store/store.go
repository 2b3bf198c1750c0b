package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
)

// Errors that every driver returns, wrapped with its own detail. Test for them
// with errors.Is.
var (
	// ErrConflict says that the expectation of a write did not hold: another
	// writer was first. Nothing of the write was stored. Read again, decide
	// again, write again.
	ErrConflict = errors.New("another writer was first")
	// ErrDuplicate says that the command of an append has been stored before.
	// Nothing was stored now; Log.ByCommand returns what was stored then.
	ErrDuplicate = errors.New("the command has already taken effect")
	// ErrNotFound says that there is no document under the key.
	ErrNotFound = errors.New("not found")
	// ErrInUse says that another process holds the database.
	ErrInUse = errors.New("the database is in use by another process")
	// ErrCorrupt says that what was read is not what was written. Nothing is
	// written to such a database; restore it from a backup.
	ErrCorrupt = errors.New("the database is damaged")
	// ErrFull says that the disk has no room. Nothing of the write was stored,
	// all that was acknowledged before is kept, and the write may be repeated
	// once there is room.
	ErrFull = errors.New("the disk is full")
	// ErrUnavailable says that the database cannot be reached, or does not
	// answer in time. Nothing that was acknowledged is lost. Try again later:
	// where a write may have been stored all the same, the error says so, and
	// writing it again (with the same ids and expectations) does it once.
	ErrUnavailable = errors.New("the database cannot be reached")
	// ErrClosed says that the store was closed.
	ErrClosed = errors.New("the store is closed")
	// ErrInvalid says that the arguments of a call break its contract.
	ErrInvalid = errors.New("invalid argument")
)

// Store is a database of one driver. It is safe for concurrent use.
type Store interface {
	// Log opens the log of a module and creates it when it is new. Opening it
	// again returns the same log. A module's name is an identifier: a letter,
	// then letters, digits and underscores, at most 63 bytes; any other is
	// ErrInvalid.
	Log(ctx context.Context, module string) (Log, error)
	// Close ends the writes that were accepted, then releases the database.
	// Calls after it return ErrClosed; a second Close returns nil.
	Close() error
}

// Sharer is a store that several processes may have open at once. Each of them
// is then one instance of the modules that it runs.
type Sharer interface {
	// Shared says that this is so.
	Shared() bool
}

// Log is the log of one module with its documents. It is safe for concurrent
// use.
//
// A context ends the waiting of its caller. Once a write was accepted its
// outcome is reported even when the context has ended, because a caller must
// not be left in doubt about what was stored.
type Log interface {
	// Append stores records at the end of one stream, all of them or none, and
	// returns once they are durable.
	//
	// It returns ErrConflict when the stream's version is not a.Expected,
	// ErrDuplicate when a.Records[0].ID's command was appended before,
	// ErrInvalid, ErrFull, ErrCorrupt or ErrClosed. ErrDuplicate goes before
	// ErrConflict when both hold.
	Append(ctx context.Context, a Append) (Appended, error)

	// Commit applies changes to documents, and appends what belongs to them, all
	// of it or nothing.
	//
	// It returns ErrConflict when an expectation of c.Expect does not hold, the
	// errors of Append for one of c.Appends, the error of c.Do, ErrInvalid,
	// ErrFull, ErrCorrupt or ErrClosed.
	Commit(ctx context.Context, c Changes) error

	// Read returns up to max records with a position greater than after, in
	// the order of their positions, appended to into. A position becomes
	// visible only when every smaller one is: no reader can skip a record.
	// An empty answer means that the end was reached. No later call changes
	// the bytes of a record; the caller must not change them either, for the
	// store may share them.
	Read(ctx context.Context, after uint64, max int, into []Record) ([]Record, error)

	// ReadStream returns up to max records of a stream with a version greater
	// than after, in the order of their versions, appended to into. A stream
	// that does not exist has no records.
	ReadStream(ctx context.Context, stream string, after uint64, max int, into []Record) ([]Record, error)

	// ByCommand returns the records that the command led to, in their order,
	// or none.
	ByCommand(ctx context.Context, command uuid.UUID) ([]Record, error)

	// ByTrigger returns the records of the commands that were sent in answer
	// to the event, in the order of their positions, or none.
	ByTrigger(ctx context.Context, event uuid.UUID) ([]Record, error)

	// Head returns the position of the last record, zero for an empty log.
	Head(ctx context.Context) (uint64, error)

	// Listen calls fn after every durable append and before that Append
	// returns, with the records in the order of their positions and with the
	// Value that each was appended with. Calls are made one at a time, and no
	// record comes before one with a smaller position. A driver that shares its log with other processes
	// may call fn without records, which says no more than that the head has
	// moved. fn must not block, must not call the log, and must not keep the
	// slice. The returned function ends the calls.
	Listen(fn func([]Record)) (stop func())

	// Get returns the document under the key, or ErrNotFound.
	Get(ctx context.Context, collection, key string) (Document, error)

	// List returns documents of a collection in the byte order of their keys.
	List(ctx context.Context, collection string, q Query) ([]Document, error)
}

// Record is an event as the log keeps it.
type Record struct {
	// Position is the place in the log, counted from one. The log assigns it.
	Position uint64
	// Stream names the aggregate that the event belongs to.
	Stream string
	// Version is the place in the stream, counted from one. The log assigns it.
	Version uint64
	// ID identifies the event. It is EventID of the command that led to it.
	ID uuid.UUID
	// Type is the event's stable type name.
	Type string
	// Time is when the event was recorded, in UTC, to the nanosecond, within
	// the years 1678 to 2261.
	Time time.Time
	// Trigger is the event that made a policy send the command; it is zero for
	// a command that came from outside.
	Trigger uuid.UUID
	// Correlation is the first command of the chain that this event is part of.
	Correlation uuid.UUID
	// Actor says who issued the first command; it may be empty.
	Actor string
	// Metadata is a JSON object of text values, or nil. Empty is read as nil.
	Metadata []byte
	// Data is the event as JSON.
	Data []byte

	// Value is never stored. It travels from Append to Listen, so that those
	// who hear of a new record need not decode it again.
	Value any
}

// Command returns the id of the command that led to the event: its direct
// cause.
func (r *Record) Command() uuid.UUID { return CommandOf(r.ID) }

// AnyVersion as the expected version of an append waives the check.
const AnyVersion = ^uint64(0)

// Append is the write of one decision.
type Append struct {
	// Stream gets the records.
	Stream string
	// Expected is the version that the stream must stand at, zero for a new
	// stream, or AnyVersion.
	Expected uint64
	// Records are at least one and at most MaxRecords, the ID of number i
	// being EventID(command, i). Their Stream, Position and Version are
	// ignored, and may be set by the log. The log may keep their bytes, which the caller must not change
	// afterwards; the slice is the caller's again once Append has returned.
	Records []Record
}

// Appended says where records were stored.
type Appended struct {
	// First is the position of the first record; the others follow without a
	// gap.
	First uint64
	// Version is the version of the first record; the others follow without a
	// gap.
	Version uint64
}

// Document is a value under a key.
type Document struct {
	Key  string
	Data []byte
}

// Query selects documents.
type Query struct {
	// Prefix selects the keys that start with it; empty selects all.
	Prefix string
	// After selects the keys that come after it in byte order; empty selects
	// all.
	After string
	// Limit bounds the answer; it must be between 1 and MaxList.
	Limit int
}

// Write puts or deletes one document.
type Write struct {
	Collection string
	Key        string
	// Data is the new value; nil deletes. The log may keep the bytes.
	Data []byte
}

// Expectation is a document's value that a commit rests on.
type Expectation struct {
	Collection string
	Key        string
	// Data is the value that must be found; nil says that there must be none.
	Data []byte
}

// Changes are the writes of one commit.
type Changes struct {
	// Expect is checked first, in the same transaction as the writes. This is
	// how a consumer's position fences it.
	Expect []Expectation
	// Appends are records that belong to the same transaction: all of them are
	// stored together with the writes, or nothing is. They get their positions
	// in their order, one stream may have several, and each is checked as by
	// Log.Append: an expectation that does not hold is ErrConflict for the whole
	// commit, a command that was stored before ErrDuplicate. Listeners hear of
	// them as of any other record. A commit with appends is never lazy.
	Appends []Append
	// Writes are applied in order.
	Writes []Write
	// Do, when set, runs after the writes in the store's own transaction. The
	// driver says what tx is: *sqlite.Conn for store/sqlite, nil for
	// store/memory. An error undoes this commit, and this commit only. Do runs
	// once, in the goroutine that called Commit; it may read the log, and must
	// not write to it.
	Do func(ctx context.Context, tx any) error
	// Lazy says that these changes follow from the log and could be made again
	// from it: the driver may delay them for a few milliseconds to let them
	// ride with the next append, and they may be lost (in the order they were
	// made, the last first) by a loss of power. Commit still returns only when
	// readers can see them.
	Lazy bool
}

// Limits that every driver keeps; what breaks them is ErrInvalid. Names are
// UTF-8 without NUL, and none but an actor's may be empty.
const (
	// MaxRecords is the greatest number of records in an append, and in all
	// appends of a commit together.
	MaxRecords = 4095
	// MaxList is the greatest Limit of a query.
	MaxList = 10_000
	// MaxName is the greatest length in bytes of a stream's name, a type name,
	// an actor, a collection and a key.
	MaxName = 512
	// MaxData is the greatest length in bytes of a record's or a document's
	// data.
	MaxData = 16 << 20
)
