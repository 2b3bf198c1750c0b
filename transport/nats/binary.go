package nats

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall/transport"
)

// encodeBinary returns the message as a CloudEvent in the binary mode: attributes
// are headers, whose values are percent-encoded, and data is the payload. It is
// the form of what the structured mode cannot carry as it is: data that is no
// JSON, texts that are not UTF-8.
func (n Names) encodeBinary(topic transport.Topic, m *transport.Message) *natsio.Msg {
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
	set(HeaderSpecVersion, specVersion)
	set(HeaderID, m.ID.String())
	set(HeaderSource, n.source(topic))
	set(HeaderType, escape(m.Type))
	text(HeaderSubject, m.Aggregate)
	if !m.Time.IsZero() {
		set(HeaderTime, m.Time.UTC().Format(time.RFC3339Nano))
	}
	set(HeaderDataContentType, contentType)
	set(HeaderNumber, strconv.FormatUint(m.Number, 10))
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
	return &natsio.Msg{Subject: n.subject(topic, m.Type), Header: header, Data: m.Data}
}

// encodeMetadata sets the trace and what else there is.
func encodeMetadata(m *transport.Message, set func(name, value string)) {
	parent, state, rest := splitTrace(m)
	if parent != "" {
		set(HeaderTraceParent, parent)
	}
	if state != "" {
		set(HeaderTraceState, escape(state))
	}
	if len(rest) > 0 {
		encoded, _ := json.Marshal(rest) // strings always encode
		set(HeaderMetadata, escape(string(encoded)))
	}
}

// decodeBinary returns the message that headers say.
func decodeBinary(header natsio.Header, data []byte) (transport.Message, error) {
	r := reader{header: header}
	m := transport.Message{
		Number: r.number(HeaderNumber), After: r.number(HeaderAfter),
		ID: r.id(HeaderID), Trigger: r.id(HeaderTrigger), Correlation: r.id(HeaderCorrelation),
		Type: r.text(HeaderType), Kind: r.text(HeaderKind), Aggregate: r.text(HeaderSubject), Actor: r.text(HeaderActor),
		Time: r.time(HeaderTime), Data: data,
	}
	r.metadata(&m)
	return m, r.err
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
	if err := joinMetadata(m, r.text(HeaderTraceParent), r.text(HeaderTraceState), r.text(HeaderMetadata)); err != nil {
		r.fail(HeaderMetadata, err)
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
