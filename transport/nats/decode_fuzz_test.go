package nats

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall/transport"
)

// FuzzEncode: what is encoded is decoded to the same.
func FuzzEncode(f *testing.F) {
	f.Add(uint64(2), uint64(1), "ObstacleFound", "MarsRover", "curiosity", "Houston", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", int64(1), []byte("{}"), []byte("0123456789abcdef"))
	f.Add(uint64(2), uint64(1), "%", "\r\n", "\x00", `"`, "tracestate", "", int64(-1), []byte(nil), []byte(""))
	f.Fuzz(func(t *testing.T, number, after uint64, event, kind, aggregate, actor, key, value string, at int64, data, id []byte) {
		m := transport.Message{Number: number, After: after, Type: event, Kind: kind, Aggregate: aggregate, Actor: actor, Time: time.Unix(0, at).UTC(), Data: data}
		copy(m.ID[:], id)
		copy(m.Correlation[:], id)
		m.Trigger = uuid.NewSHA1(m.ID, data)
		if valid := string([]rune(key)) == key && string([]rune(value)) == value; valid {
			m.Metadata = map[string]string{key: value}
		}
		topic := transport.Topic{From: "Rover"}
		var names Names
		msg, _ := (&encoder{names: names, topic: topic}).encode([]transport.Message{m})
		gotTopic, got, err := names.decode(nil, msg.Subject, msg.Header, msg.Data)
		if err != nil || gotTopic != topic || !reflect.DeepEqual(got, []transport.Message{m}) {
			t.Errorf("%+v\nbecomes %q %q\nand then %+v of %s, %v", m, msg.Header, msg.Data, got, gotTopic, err)
		}
		topic.To = "Notification"
		both := []transport.Message{m, m}
		msg, n := (&encoder{names: names, topic: topic, most: batchedBytes}).encode(both)
		gotTopic, got, err = names.decode(nil, msg.Subject, msg.Header, msg.Data)
		if err != nil || gotTopic != topic || !reflect.DeepEqual(got, both[:n]) {
			t.Errorf("%+v\ntwice becomes %q %q\nand then %+v of %s, %v", m, msg.Header, msg.Data, got, gotTopic, err)
		}
		if _, err := decodeStructured(msg.Data); n == 2 && err == nil {
			t.Errorf("%s\nis taken by a version that knows no batches", msg.Data)
		}
	})
}

// FuzzDecode: no headers make it panic.
func FuzzDecode(f *testing.F) {
	f.Add("landfall.Rover.events.X", "1", "0", "0195a4f0-0000-7000-8000-000000000001", "X", "{}", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	f.Add("landfall.Rover", "", "", "", "%", "[", "00-")
	f.Fuzz(func(t *testing.T, subject, number, after, id, event, metadata, parent string) {
		header := natsio.Header{
			HeaderSpecVersion: {specVersion}, HeaderNumber: {number}, HeaderAfter: {after}, HeaderID: {id}, HeaderType: {event},
			HeaderMetadata: {metadata}, HeaderTraceParent: {parent}, HeaderKind: nil,
		}
		topic, _, err := Names{}.decode(nil, subject, header, nil)
		if err == nil && topic == (transport.Topic{}) {
			t.Errorf("a message of no topic on %q", subject)
		}
	})
}

// FuzzDecodeStructured: what the scanner takes is what a decoder of JSON makes of
// it, and nothing makes it panic.
func FuzzDecodeStructured(f *testing.F) {
	m := transport.Message{Number: 2, After: 1, ID: uuid.New(), Correlation: uuid.New(), Type: "X", Aggregate: "1", Data: []byte(`{}`)}
	payload, _ := Names{}.appendStructured(nil, transport.Topic{From: "Rover"}, &m)
	f.Add(payload)
	f.Add([]byte(`{"specversion":"1.0","id":"urn:uuid:0195a4f0-0000-7000-8000-000000000001","source":"","type":"","landfallnumber":"01","landfallafter":"0","data":1}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		got, ok := scanStructured(payload)
		if !ok {
			_, _ = decodeStructured(payload)
			return
		}
		var s structured
		if err := json.Unmarshal(payload, &s); err != nil {
			t.Fatalf("%s is taken, and is no event: %v", payload, err)
		}
		want := transport.Message{
			Number: s.Number, After: s.After, ID: s.ID, Type: s.Type, Kind: s.Kind, Aggregate: s.Subject, Time: s.Time.UTC(),
			Trigger: s.Trigger, Correlation: s.Correlation, Actor: s.Actor, Data: bytes.TrimSpace(s.Data),
		}
		got.Data = bytes.TrimSpace(got.Data)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s\nis taken for %+v\nand not %+v", payload, got, want)
		}
	})
}

// FuzzDecodeBatch: what the scanner takes is what a decoder of JSON makes of it,
// nothing makes it panic, and a version that knows no batches refuses it, so that
// it sees a gap and asks for what is missing.
func FuzzDecodeBatch(f *testing.F) {
	m := transport.Message{Number: 2, After: 1, ID: uuid.New(), Correlation: uuid.New(), Type: "X", Aggregate: "1", Data: []byte(`{"a":["}]\\\"",{}]}`)}
	msg, _ := (&encoder{topic: transport.Topic{From: "Rover", To: "Map"}, most: batchedBytes}).encode([]transport.Message{m, m, m})
	f.Add(slices.Clone(msg.Data))
	f.Add([]byte(`[{"specversion":"1.0","id":"0195a4f0-0000-7000-8000-000000000001","source":"","type":"","landfallnumber":"01","landfallafter":"0","data": 1 } ] `))
	f.Fuzz(func(t *testing.T, payload []byte) {
		got, ok := scanBatch(nil, payload)
		if !ok {
			got, err := decodeBatch(make([]transport.Message, 1), payload)
			if err != nil && len(got) != 1 || err == nil && len(got) < 2 {
				t.Errorf("%s becomes %+v, %v", payload, got, err)
			}
			return
		}
		if _, err := decodeStructured(payload); err == nil {
			t.Errorf("%s is an event, too", payload)
		}
		var events []json.RawMessage
		if err := json.Unmarshal(payload, &events); err != nil {
			t.Fatalf("%s is taken, and is no batch: %v", payload, err)
		}
		if len(events) != len(got) {
			t.Fatalf("%s has %d events, and is taken for %d", payload, len(events), len(got))
		}
		for i, event := range events {
			want, err := decodeStructured(event)
			want.Data, got[i].Data = bytes.TrimSpace(want.Data), bytes.TrimSpace(got[i].Data)
			if err != nil || !reflect.DeepEqual(got[i], want) {
				t.Errorf("%s\nis taken for %+v\nand not %+v, %v", event, got[i], want, err)
			}
		}
	})
}
