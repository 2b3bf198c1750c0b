package nats

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/google/uuid"
	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall/transport"
)

// Names of the attributes of a CloudEvent as headers, in the binary mode of the
// NATS protocol binding. In the structured mode, which is the usual one, they are
// members of a JSON object and have no "ce-". Those that begin with ce-landfall are
// extension attributes of ours.
const (
	HeaderContentType     = "content-type"           // "application/cloudevents+json" in the structured mode, "application/cloudevents-batch+json" in the batched one; the only header there
	HeaderSpecVersion     = "ce-specversion"         // "1.0"
	HeaderID              = "ce-id"                  // the event's or command's id
	HeaderSource          = "ce-source"              // "/landfall/Rover": the prefix and the sender
	HeaderType            = "ce-type"                // the name of the event or command
	HeaderSubject         = "ce-subject"             // the aggregate's id; absent if empty
	HeaderTime            = "ce-time"                // RFC 3339 with nanoseconds, in UTC; absent if zero
	HeaderDataContentType = "ce-datacontenttype"     // "application/json"; absent in the structured mode, which says so itself
	HeaderTraceParent     = "ce-traceparent"         // of the Distributed Tracing extension
	HeaderTraceState      = "ce-tracestate"          // of the Distributed Tracing extension
	HeaderNumber          = "ce-landfallnumber"      // the place in the topic, decimal
	HeaderAfter           = "ce-landfallafter"       // the place of the message before, decimal
	HeaderKind            = "ce-landfallkind"        // the kind of aggregate; absent for commands
	HeaderTrigger         = "ce-landfalltrigger"     // what a policy answered; absent if zero
	HeaderCorrelation     = "ce-landfallcorrelation" // the first command of the chain; absent if zero
	HeaderActor           = "ce-landfallactor"       // who issued it; absent if empty
	HeaderMetadata        = "ce-landfallmetadata"    // what else the chain carries, as a JSON object
)

const (
	specVersion = "1.0"
	contentType = "application/json"
)

// source is the ce-source of what goes over a topic.
func (n Names) source(topic transport.Topic) string { return "/" + n.prefix() + "/" + topic.From }

// decode returns the topic of a subject, and appends to all the messages that
// headers and a payload say, in any mode.
func (n Names) decode(all []transport.Message, subject string, header natsio.Header, data []byte) (transport.Topic, []transport.Message, error) {
	topic, err := n.topic(subject)
	if err != nil {
		return topic, all, fmt.Errorf("message on %s: %w", subject, err)
	}
	var m transport.Message
	switch format := header[HeaderContentType]; {
	case len(header[HeaderSpecVersion]) > 0:
		m, err = decodeBinary(header, data)
	case len(format) > 0 && strings.HasPrefix(format[0], batchType):
		if all, err = decodeBatch(all, data); err == nil {
			return topic, all, nil
		}
	default:
		m, err = decodeStructured(data)
	}
	if err != nil {
		return topic, all, fmt.Errorf("message on %s: %w", subject, err)
	}
	return topic, append(all, m), nil
}

// topic is the topic of a subject of events or commands.
func (n Names) topic(subject string) (transport.Topic, error) {
	parts := strings.Split(subject, ".")
	if len(parts) == 4 && parts[0] == n.prefix() {
		switch parts[2] {
		case "events":
			return transport.Topic{From: parts[1]}, nil
		case "commands", "heads":
			return transport.Topic{From: parts[3], To: parts[1]}, nil
		}
	}
	if len(parts) == 3 && parts[0] == n.prefix() && parts[2] == "heads" {
		return transport.Topic{From: parts[1]}, nil
	}
	return transport.Topic{}, fmt.Errorf("the subject %s is of no topic", subject)
}

// splitTrace returns the trace of a message and what else its metadata has. A
// trace context that is none, or is what we would derive, stays with the rest,
// so that decoding gives back what was there.
func splitTrace(m *transport.Message) (parent, state string, rest map[string]string) {
	rest = m.Metadata
	derived := deriveTrace(m)
	if parent = rest["traceparent"]; !traceParent(parent) || parent == string(derived[:]) {
		if derived != noTrace {
			return string(derived[:]), "", rest
		}
		return "", "", rest
	}
	rest = maps.Clone(rest)
	delete(rest, "traceparent")
	if state = rest["tracestate"]; state != "" {
		delete(rest, "tracestate")
	}
	return parent, state, rest
}

// joinMetadata is the reverse of splitTrace. Encoded is a JSON object, or empty.
func joinMetadata(m *transport.Message, parent, state, encoded string) error {
	var err error
	if encoded != "" {
		err = json.Unmarshal([]byte(encoded), &m.Metadata)
	}
	if derived := deriveTrace(m); parent == "" || parent == string(derived[:]) {
		return err
	}
	if m.Metadata == nil {
		m.Metadata = make(map[string]string, 2)
	}
	m.Metadata["traceparent"] = parent
	if state != "" {
		m.Metadata["tracestate"] = state
	}
	return err
}

// trace is a traceparent of W3C Trace Context, version 00.
type trace [55]byte

var noTrace trace

// deriveTrace makes a trace context of a message that has none: the chain is the
// trace, and the message the parent. It is zero if there is nothing to make it
// of.
func deriveTrace(m *transport.Message) (t trace) {
	of := &m.Correlation
	if *of == uuid.Nil {
		of = &m.ID
	}
	if *of == uuid.Nil || [8]byte(m.ID[8:]) == [8]byte{} {
		return noTrace
	}
	copy(t[:], "00-")
	hex.Encode(t[3:], of[:])
	t[35] = '-'
	hex.Encode(t[36:], m.ID[8:])
	copy(t[52:], "-00")
	return t
}

// traceParent says whether s is a traceparent of W3C Trace Context, version 00.
func traceParent(s string) bool {
	if len(s) != len(trace{}) || s[:3] != "00-" || s[35] != '-' || s[52] != '-' {
		return false
	}
	for i, c := range []byte(s) {
		if i != 2 && i != 35 && i != 52 && ('0' > c || c > '9') && ('a' > c || c > 'f') {
			return false
		}
	}
	return s[3:35] != strings.Repeat("0", 32) && s[36:52] != strings.Repeat("0", 16)
}
