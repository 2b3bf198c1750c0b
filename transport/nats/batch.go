package nats

import (
	"encoding/json"
	"errors"

	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall/transport"
)

// Bounds of a batch. The one in bytes keeps several of them within a
// delivery; the server's largest message bounds it too.
const (
	batchedMessages = 128
	batchedBytes    = 256 << 10
)

const batchType = "application/cloudevents-batch+json"

// batchHeader tells the batched mode: the payload is an array of CloudEvents.
var batchHeader = natsio.Header{HeaderContentType: {batchType}}

// encoder makes messages of a topic, each of which is used before the next is
// made.
type encoder struct {
	names   Names
	topic   transport.Topic
	batches bool // whether there may be any
	most    int  // bytes of a batch
	msg     natsio.Msg
	payload []byte
	event   string // that the subject is for
}

// encode returns the first of the messages, with those that may follow it in a
// batch, and how many those are: what is on its way anyhow goes as one message, for
// nothing is waited. Commands are always batched, since only modules read them.
func (e *encoder) encode(messages []transport.Message) (*natsio.Msg, int) {
	m := &messages[0]
	var ok bool
	if e.payload, ok = e.names.appendStructured(append(e.payload[:0], '['), e.topic, m); !ok {
		return e.names.encodeBinary(e.topic, m), 1
	}
	if e.msg.Subject == "" || e.event != m.Type {
		e.msg.Subject, e.event = e.names.subject(e.topic, m.Type), m.Type
	}
	n := 1
	if e.batches {
		n += e.follow(messages[0].Type, messages[1:min(len(messages), batchedMessages)])
	}
	if n == 1 {
		e.msg.Header, e.msg.Data = structuredHeader, e.payload[1:]
		return &e.msg, 1
	}
	e.payload = append(e.payload, ']')
	e.msg.Header, e.msg.Data = batchHeader, e.payload
	return &e.msg, n
}

// follow appends what there is room for in the batch, and returns how many those
// are. Events of another type have another subject.
func (e *encoder) follow(event string, messages []transport.Message) int {
	for n := range messages {
		if e.topic.To == "" && messages[n].Type != event {
			return n
		}
		longer, ok := e.names.appendStructured(append(e.payload, ','), e.topic, &messages[n])
		if !ok || len(longer) >= e.most {
			return n
		}
		e.payload = longer
	}
	return len(messages)
}

var errNoBatch = errors.New("it is no batch of CloudEvents")

// decodeBatch appends the messages of a batch, all or none. It keeps the payload.
func decodeBatch(all []transport.Message, payload []byte) ([]transport.Message, error) {
	if scanned, ok := scanBatch(all, payload); ok {
		return scanned, nil
	}
	var events []json.RawMessage
	if err := json.Unmarshal(payload, &events); err != nil {
		return all, err
	}
	if len(events) == 0 {
		return all, errNoBatch
	}
	decoded := all
	for _, event := range events {
		m, err := decodeStructured(event)
		if err != nil {
			return all, err
		}
		decoded = append(decoded, m)
	}
	return decoded, nil
}

// scanBatch reads what encode has written, as scanStructured does.
func scanBatch(all []transport.Message, payload []byte) ([]transport.Message, bool) {
	s := scanner{rest: payload}
	s.expect("[")
	for !s.failed {
		m := s.event()
		m.Data = s.last()
		if s.failed || !json.Valid(m.Data) {
			return nil, false
		}
		all = append(all, m)
		if s.skip("]") {
			return all, len(s.rest) == 0
		}
		s.expect(",")
	}
	return nil, false
}

// last reads the last value of an object, up to the object's end and over it.
func (s *scanner) last() []byte {
	depth, quoted := 0, false
	for i := 0; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{', c == '[':
			depth++
		case c == '}' && depth == 0:
			value := s.rest[:i:i]
			s.rest = s.rest[i+1:]
			return value
		case c == '}', c == ']':
			depth--
		}
	}
	s.failed = true
	return nil
}
