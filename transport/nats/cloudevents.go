package nats

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall/transport"
)

// Headers of a message: the attributes of a CloudEvent in the binary mode of the
// NATS protocol binding, and what JetStream reads. Those that begin with
// ce-landfall are extension attributes of ours. Values are percent-encoded as the
// binding says.
const (
	HeaderSpecVersion     = "ce-specversion"         // "1.0"
	HeaderID              = "ce-id"                  // the event's or command's id
	HeaderSource          = "ce-source"              // "/landfall/Rover": the prefix and the sender
	HeaderType            = "ce-type"                // the name of the event or command
	HeaderSubject         = "ce-subject"             // the aggregate's id; absent if empty
	HeaderTime            = "ce-time"                // RFC 3339 with nanoseconds, in UTC; absent if zero
	HeaderDataContentType = "ce-datacontenttype"     // "application/json"
	HeaderTraceParent     = "ce-traceparent"         // of the Distributed Tracing extension
	HeaderTraceState      = "ce-tracestate"          // of the Distributed Tracing extension
	HeaderNumber          = "ce-landfallnumber"      // the place in the topic, decimal
	HeaderAfter           = "ce-landfallafter"       // the place of the message before, decimal
	HeaderKind            = "ce-landfallkind"        // the kind of aggregate; absent for commands
	HeaderTrigger         = "ce-landfalltrigger"     // what a policy answered; absent if zero
	HeaderCorrelation     = "ce-landfallcorrelation" // the first command of the chain; absent if zero
	HeaderActor           = "ce-landfallactor"       // who issued it; absent if empty
	HeaderMetadata        = "ce-landfallmetadata"    // what else the chain carries, as a JSON object
	HeaderMessageID       = "Nats-Msg-Id"            // number and id, by which JetStream knows a message again
)

const (
	specVersion = "1.0"
	contentType = "application/json"
)

// encode returns the message as a CloudEvent.
func (n Names) encode(topic transport.Topic, m *transport.Message) *natsio.Msg {
	values := make([]string, 0, 20)
	header := make(natsio.Header, 20)
	set := func(name, value string) {
		values = append(values, value)
		header[name] = values[len(values)-1 : len(values) : len(values)]
	}
	text := func(name, value string) {
		if value != "" {
			set(name, escape(value))
		}
	}
	id := m.ID.String()
	set(HeaderSpecVersion, specVersion)
	set(HeaderID, id)
	set(HeaderSource, "/"+n.prefix()+"/"+topic.From)
	set(HeaderType, escape(m.Type))
	text(HeaderSubject, m.Aggregate)
	if !m.Time.IsZero() {
		set(HeaderTime, m.Time.UTC().Format(time.RFC3339Nano))
	}
	set(HeaderDataContentType, contentType)
	number := strconv.FormatUint(m.Number, 10)
	set(HeaderNumber, number)
	set(HeaderAfter, strconv.FormatUint(m.After, 10))
	text(HeaderKind, m.Kind)
	if m.Trigger != uuid.Nil {
		set(HeaderTrigger, m.Trigger.String())
	}
	if m.Correlation != uuid.Nil {
		set(HeaderCorrelation, m.Correlation.String())
	}
	text(HeaderActor, m.Actor)
	encodeMetadata(m, set)
	set(HeaderMessageID, number+"-"+id)
	return &natsio.Msg{Subject: n.subject(topic, m.Type), Header: header, Data: m.Data}
}

// encodeMetadata sets the trace and what else there is. A trace context that is
// none, or is what we would derive, stays with the rest, so that decoding gives
// back what was there.
func encodeMetadata(m *transport.Message, set func(name, value string)) {
	rest := m.Metadata
	parent, state := rest["traceparent"], rest["tracestate"]
	derived := deriveTrace(m)
	switch {
	case traceParent(parent) && parent != derived:
		set(HeaderTraceParent, parent)
		rest = maps.Clone(rest)
		delete(rest, "traceparent")
		if state != "" {
			set(HeaderTraceState, escape(state))
			delete(rest, "tracestate")
		}
	case derived != "":
		set(HeaderTraceParent, derived)
	}
	if len(rest) > 0 {
		encoded, _ := json.Marshal(rest) // strings always encode
		set(HeaderMetadata, escape(string(encoded)))
	}
}

// deriveTrace makes a trace context of a message that has none: the chain is the
// trace, and the message the parent. It is empty if there is nothing to make it
// of.
func deriveTrace(m *transport.Message) string {
	trace := m.Correlation
	if trace == uuid.Nil {
		trace = m.ID
	}
	var parent [8]byte
	copy(parent[:], m.ID[8:])
	if trace == uuid.Nil || parent == [8]byte{} {
		return ""
	}
	return "00-" + hex.EncodeToString(trace[:]) + "-" + hex.EncodeToString(parent[:]) + "-00"
}

// traceParent says whether s is a traceparent of W3C Trace Context, version 00.
func traceParent(s string) bool {
	if len(s) != 55 || s[:3] != "00-" || s[35] != '-' || s[52] != '-' {
		return false
	}
	for i, c := range []byte(s) {
		if i != 2 && i != 35 && i != 52 && ('0' > c || c > '9') && ('a' > c || c > 'f') {
			return false
		}
	}
	return s[3:35] != strings.Repeat("0", 32) && s[36:52] != strings.Repeat("0", 16)
}

// decode returns the topic and the message that a subject and headers say.
func (n Names) decode(subject string, header natsio.Header, data []byte) (transport.Topic, transport.Message, error) {
	r := reader{header: header}
	m := transport.Message{
		Number: r.number(HeaderNumber), After: r.number(HeaderAfter),
		ID: r.id(HeaderID), Trigger: r.id(HeaderTrigger), Correlation: r.id(HeaderCorrelation),
		Type: r.text(HeaderType), Kind: r.text(HeaderKind), Aggregate: r.text(HeaderSubject), Actor: r.text(HeaderActor),
		Time: r.time(HeaderTime), Data: data,
	}
	r.metadata(&m)
	topic, err := n.topic(subject)
	if r.err == nil {
		r.err = err
	}
	if r.err != nil {
		return topic, m, fmt.Errorf("message on %s: %w", subject, r.err)
	}
	return topic, m, nil
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

// reader reads headers and keeps the first error.
type reader struct {
	header natsio.Header
	err    error
}

func (r *reader) get(name string) string {
	if values := r.header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

func (r *reader) fail(name string, err error) {
	if r.err == nil {
		r.err = fmt.Errorf("header %s: %w", name, err)
	}
}

func (r *reader) text(name string) string {
	s := r.get(name)
	if !strings.Contains(s, "%") {
		return s
	}
	text, err := url.PathUnescape(s)
	if err != nil {
		r.fail(name, err)
	}
	return text
}

func (r *reader) number(name string) uint64 {
	n, err := strconv.ParseUint(r.get(name), 10, 64)
	if err != nil {
		r.fail(name, err)
	}
	return n
}

func (r *reader) id(name string) uuid.UUID {
	s := r.get(name)
	if s == "" {
		return uuid.Nil
	}
	id, err := uuid.Parse(s)
	if err != nil {
		r.fail(name, err)
	}
	return id
}

func (r *reader) time(name string) time.Time {
	s := r.get(name)
	if s == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		r.fail(name, err)
	}
	return at.UTC()
}

func (r *reader) metadata(m *transport.Message) {
	if encoded := r.text(HeaderMetadata); encoded != "" {
		if err := json.Unmarshal([]byte(encoded), &m.Metadata); err != nil {
			r.fail(HeaderMetadata, err)
		}
	}
	parent := r.text(HeaderTraceParent)
	if parent == "" || parent == deriveTrace(m) {
		return
	}
	if m.Metadata == nil {
		m.Metadata = make(map[string]string, 2)
	}
	m.Metadata["traceparent"] = parent
	if state := r.text(HeaderTraceState); state != "" {
		m.Metadata["tracestate"] = state
	}
}

// escape encodes a value as the binding says: what is not printable ASCII, and
// space, quote and percent, becomes "%" and two hexadecimal digits a byte.
func escape(s string) string {
	plain := true
	for i := 0; plain && i < len(s); i++ {
		plain = headerByte(s[i])
	}
	if plain {
		return s
	}
	b := make([]byte, 0, len(s)+len(s)/2)
	for i := range len(s) {
		c := s[i]
		if headerByte(c) {
			b = append(b, c)
			continue
		}
		b = append(b, '%', upperHex[c>>4], upperHex[c&15])
	}
	return string(b)
}

func headerByte(c byte) bool { return '!' <= c && c <= '~' && c != '"' && c != '%' }
