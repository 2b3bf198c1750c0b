package transport

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
)

// Errors that every driver returns, wrapped with its own detail.
var (
	// ErrUnavailable says that the road, or whoever should answer, is not there
	// now. The same may be tried again later.
	ErrUnavailable = errors.New("not available")
	// ErrClosed says that the transport was closed.
	ErrClosed = errors.New("the transport is closed")
	// ErrInvalid says that the arguments of a call break its contract.
	ErrInvalid = errors.New("invalid argument")
)

// Topic is one numbered line of messages. CheckModule says how modules may be
// named.
type Topic struct {
	// From is the module that the messages come from.
	From string `json:"from"`
	// To is the module that they are for, when they are commands. It is empty
	// for the events that From publishes, which are for whoever listens.
	To string `json:"to,omitempty"`
}

// String returns "Rover" for its events, and "Rover>Notification" for the commands
// from one to the other.
func (t Topic) String() string {
	if t.To == "" {
		return t.From
	}
	return t.From + ">" + t.To
}

// Message is an event or a command on the road.
type Message struct {
	// Number is the message's place in its topic. Numbers grow, and may leave
	// places out: After is the number of the message before this one, zero for
	// the first. A receiver that stands at After may take this one next.
	Number uint64 `json:"number"`
	After  uint64 `json:"after"`
	// ID is the event's or the command's own; it is the same however often the
	// message is sent.
	ID uuid.UUID `json:"id"`
	// Type is the stable name of the event or command.
	Type string `json:"type"`
	// Kind is the kind of aggregate that an event happened to. It is empty for
	// a command.
	Kind string `json:"kind,omitempty"`
	// Aggregate is the id of the aggregate that an event happened to, or that a
	// command is for.
	Aggregate string `json:"aggregate"`
	// Time is when the event was recorded or the command sent, in UTC.
	Time time.Time `json:"time"`
	// Trigger is the event that a policy answered with the command, or the
	// trigger of the event's command; zero when somebody outside issued it.
	Trigger uuid.UUID `json:"trigger,omitzero"`
	// Correlation is the first command of the chain.
	Correlation uuid.UUID `json:"correlation"`
	// Actor issued the first command; it may be empty.
	Actor string `json:"actor,omitempty"`
	// Metadata is the free metadata of the chain, among it "traceparent" and
	// "tracestate" of W3C Trace Context. It may be nil.
	Metadata map[string]string `json:"metadata,omitempty"`
	// Data is the event or command as JSON.
	Data json.RawMessage `json:"data"`
}

// Delivery is what a subscriber gets at once.
type Delivery struct {
	// Topic is the one line that all of it belongs to.
	Topic Topic
	// Messages are in the order in which they came, which need not be that of
	// their numbers; some may be missing, others may have come before.
	Messages []Message
	// Head, when it is not zero, is the number of the last message that the
	// sender has published, as it announced it.
	Head uint64
}

// Transport is the road, as one process uses it. It is safe for concurrent use.
//
// A module may run in several processes (instances), which are one receiver: a
// message needs to reach one of them.
type Transport interface {
	// Publish puts messages of one topic on the road, in order. It returns nil
	// once the road has taken them all: they will reach those who subscribe, even
	// if this process ends now and if the receivers are not there yet, as long as
	// the road itself keeps what it took. After an error some may be on their
	// way. It returns ErrUnavailable, ErrInvalid, ErrClosed or the context's error.
	//
	// A message that is too large for the road is left out, and the next one
	// shows the gap; the receiver then asks for it by a call, which carries any size.
	Publish(ctx context.Context, topic Topic, messages []Message) error

	// Announce tells those who subscribe now the number of the last message of
	// the topic, so that a receiver finds out that it has missed the last ones.
	// Announcements may be lost.
	Announce(ctx context.Context, topic Topic, head uint64) error

	// Subscribe has take called with what is published to the topic. With an
	// empty topic.From, these are the commands to topic.To from all modules. All
	// subscriptions under one name share the messages among them.
	//
	// Calls of take are made one at a time for each topic, and hold up the
	// delivery (within bounds, on the road or at the sender), so that a slow
	// receiver needs no memory. After an error of take its messages are delivered
	// again, after a pause; after nil the road may forget them, and of events those
	// with lower numbers, too, also when another subscription under the name has
	// them in hand. The context of take ends with the subscription.
	//
	// Subscribe returns at once, also when the road is not there yet, and goes on
	// by itself after a lost connection or a loss of everything that the road had
	// kept. It returns ErrInvalid or ErrClosed. Stop waits for a running take,
	// which therefore must not call it.
	Subscribe(topic Topic, name string, take func(context.Context, Delivery) error) (stop func(), err error)

	// Call asks an instance of the module, and returns its answer. Requests and
	// answers may have any size up to 64 MB. It returns ErrUnavailable when nobody
	// answers such calls, ErrInvalid, ErrClosed, or the context's error.
	Call(ctx context.Context, module, operation string, request []byte) ([]byte, error)

	// Answer has the calls to the module answered here. Calls of answer are made
	// concurrently, up to a bound; their context ends when the caller has given
	// up, as far as the road can know that, or with stop, which waits for them.
	// It returns ErrInvalid or ErrClosed. Neither take nor answer may call Close,
	// which waits for them too.
	Answer(module, operation string, answer func(ctx context.Context, request []byte) []byte) (stop func(), err error)

	// Close ends all subscriptions and answers, and releases the road. A second
	// Close returns nil.
	Close() error
}
