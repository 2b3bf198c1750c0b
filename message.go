package landfall

import (
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
)

// Command is what somebody decides to have done: a struct named in the
// imperative (Move, TurnOff). Exactly one handler answers it. Its fields are
// its data; whom it is for is said by the [Message] that carries it.
type Command any

// Event is what has happened: a struct named in the past tense
// (MarsRoverMoved). It is kept as JSON under its type's name; see [Renamed] and
// [Upcast] for what may change later.
type Event any

// ID identifies a command, an event or a chain of them. Ids sort by the time
// at which they were made, to the millisecond.
type ID = uuid.UUID

// AggregateID identifies an aggregate among those of its kind. Any text will do
// that is not empty, has at most 256 bytes and no control characters.
type AggregateID string

// NewAggregateID returns a new id, a UUIDv7: ids sort by the time at which they
// were made. It is safe for concurrent use.
func NewAggregateID() AggregateID {
	return AggregateID(uuid.Must(uuid.NewV7()).String())
}

const maxAggregateID = 256

func (id AggregateID) check() error {
	if id.plain() {
		return nil
	}
	switch {
	case id == "":
		return fmt.Errorf("the message has no aggregate id; address it with landfall.To: %w", ErrInvalid)
	case len(id) > maxAggregateID:
		return fmt.Errorf("the aggregate id has %d bytes, %d are allowed: %w", len(id), maxAggregateID, ErrInvalid)
	case !utf8.ValidString(string(id)):
		return fmt.Errorf("the aggregate id %q is not UTF-8: %w", string(id), ErrInvalid)
	}
	for i, r := range id {
		if unicode.IsControl(r) {
			return fmt.Errorf("the aggregate id %q has a control character at byte %d: %w", string(id), i, ErrInvalid)
		}
	}
	return nil
}

// plain says quickly that an id is fine, as nearly all are.
func (id AggregateID) plain() bool {
	for i := range len(id) {
		if c := id[i]; c < ' ' || c > '~' {
			return false
		}
	}
	return 0 < len(id) && len(id) <= maxAggregateID
}

// Message is a command on its way: to whom, from whom, and under which id.
// [To] makes one; the other fields are optional.
type Message struct {
	// To is the aggregate that the command is for. For a command to an
	// external system it says what the command is about; commands with the
	// same To are performed one after the other.
	To AggregateID
	// Command is the command itself.
	Command Command

	// Key makes the command idempotent under a name that the sender chooses
	// (an order number, a request's Idempotency-Key): of the messages with
	// the same Key one takes effect, and the others return its result.
	Key string
	// ID does the same as Key for a sender that has a command id already. Its
	// last twelve bits are cleared. Zero, without a Key, is a new id.
	ID ID

	// Actor says who issued the command. Events that follow from it carry the
	// name on, through policies too.
	Actor string
	// Metadata is carried by all events that follow.
	Metadata map[string]string

	// Trigger is the event that a policy answers with this command, and
	// Correlation the first command of the chain. The runtime sets both for
	// what policies send; a program that relays messages may set them.
	Trigger     ID
	Correlation ID
}

// To addresses a command to an aggregate.
func To(id AggregateID, c Command) Message { return Message{To: id, Command: c} }

// Metadata is what the log knows of an event beside its data.
type Metadata struct {
	// ID is the event's own id.
	ID ID
	// Aggregate is the id of the aggregate that the event happened to.
	Aggregate AggregateID
	// Version counts the events of the aggregate, from one.
	Version uint64
	// Position counts the events of the module, from one.
	Position uint64
	// Type is the stable name of the event.
	Type string
	// From is the module that the event was heard from; it is empty for events
	// of the module itself.
	From string
	// Time is when the event was recorded: UTC, to the nanosecond.
	Time time.Time
	// Trigger is the event that made a policy send the command, or zero.
	Trigger ID
	// Correlation is the first command of the chain.
	Correlation ID
	// Actor issued the first command; it may be empty.
	Actor string
	// Extra is the free metadata of the first command.
	Extra map[string]string
}

// Command returns the id of the command that led to the event: its causation.
func (m Metadata) Command() ID { return store.CommandOf(m.ID) }

// Recorded is an event that has happened, with its metadata.
type Recorded struct {
	Metadata
	Event Event

	stream  string
	kind    *eventSpec // nil when the code does not know the event
	command ID         // of a command on its way
	raw     []byte     // of what is published and was read: the data as stored
}

// Result is what a command led to.
type Result struct {
	// Command is the id of the command.
	Command ID
	// Events are those that the command itself led to, in order; not those of
	// the policies that answered. They may be none.
	Events []Recorded
	// Repeated says that the command had taken effect before, and that Events
	// are those of that time.
	Repeated bool
}

// Position returns the position of the last event, or zero; View.WaitFor takes
// it.
func (r Result) Position() uint64 {
	if len(r.Events) == 0 {
		return 0
	}
	return r.Events[len(r.Events)-1].Position
}
