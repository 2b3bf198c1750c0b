package nats_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	natsio "github.com/nats-io/nats.go"
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// TestForeignView reads events and commands as a program does that knows of NATS
// and CloudEvents only.
func TestForeignView(t *testing.T) {
	server := start(t, embedded.Options{})
	conn, err := natsio.Connect(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	heard, err := conn.SubscribeSync("landfall.Rover.events.>")
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	sender := connect(t, server.URL())
	m := transport.Message{
		Number: 12, After: 9, ID: uuid.MustParse("0195a4f0-0000-7000-8000-000000000001"), Type: "Obstacle found", Kind: "MarsRover", Aggregate: "curiosity é",
		Time:        time.Date(2026, 3, 1, 12, 30, 15, 123456789, time.UTC),
		Trigger:     uuid.MustParse("0195a4f0-0000-7000-8000-000000000002"),
		Correlation: uuid.MustParse("0195a4f0-0000-7000-8000-000000000003"),
		Actor:       "Houston", Metadata: map[string]string{"tenant": "jpl"}, Data: []byte(`{"at":{"x":1,"y":2}}`),
	}
	until(t, func() error { return sender.Publish(t.Context(), rover, []transport.Message{m}) })
	got, err := heard.NextMsg(5 * time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if got.Subject != "landfall.Rover.events.Obstacle%20found" || len(got.Header) != 1 || got.Header.Get("content-type") != "application/cloudevents+json" {
		t.Errorf("on %s came headers %v", got.Subject, got.Header)
	}
	want := map[string]any{
		"specversion": "1.0", "id": "0195a4f0-0000-7000-8000-000000000001", "source": "/landfall/Rover", "type": "Obstacle found",
		"subject": "curiosity é", "time": "2026-03-01T12:30:15.123456789Z",
		"traceparent":    "00-0195a4f0000070008000000000000003-8000000000000001-00",
		"landfallnumber": "12", "landfallafter": "9", "landfallkind": "MarsRover",
		"landfalltrigger": "0195a4f0-0000-7000-8000-000000000002", "landfallcorrelation": "0195a4f0-0000-7000-8000-000000000003",
		"landfallactor": "Houston", "landfallmetadata": `{"tenant":"jpl"}`,
		"data": map[string]any{"at": map[string]any{"x": 1.0, "y": 2.0}},
	}
	var event map[string]any
	if err := json.Unmarshal(got.Data, &event); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, event); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// TestCloudEvents holds what is sent against the rules of CloudEvents 1.0 and of
// its NATS binding, for messages that rapid makes up.
func TestCloudEvents(t *testing.T) {
	server := start(t, embedded.Options{})
	conn, err := natsio.Connect(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	heard, err := conn.SubscribeSync("landfall.*.events.*")
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	sender := connect(t, server.URL())
	until(t, func() error { return sender.Publish(t.Context(), rover, []transport.Message{message(1)}) })
	if _, err := heard.NextMsg(5 * time.Second); err != nil {
		t.Fatal(err)
	}
	number := uint64(1)
	text := rapid.String()
	rapid.Check(t, func(rt *rapid.T) {
		number++
		m := message(number)
		m.Type = rapid.StringN(1, 20, 100).Draw(rt, "type")
		m.Aggregate, m.Kind, m.Actor = text.Draw(rt, "aggregate"), text.Draw(rt, "kind"), text.Draw(rt, "actor")
		m.Metadata = rapid.MapOfN(rapid.OneOf(text, rapid.SampledFrom([]string{"traceparent", "tracestate"})), text, 0, 3).Draw(rt, "metadata")
		if err := sender.Publish(t.Context(), rover, []transport.Message{m}); err != nil {
			rt.Fatal(err)
		}
		got, err := heard.NextMsg(5 * time.Second)
		if err != nil {
			rt.Fatal(err)
		}
		var event map[string]any
		if err := json.Unmarshal(got.Data, &event); err != nil {
			rt.Fatal(err)
		}
		for _, broken := range broken(event) {
			rt.Error(broken)
		}
		if event["type"] != m.Type || m.Aggregate != "" && event["subject"] != m.Aggregate {
			rt.Errorf("%s is not type %q of subject %q", got.Data, m.Type, m.Aggregate)
		}
	})
}

var (
	attribute  = regexp.MustCompile(`^[a-z0-9]{1,20}$`)
	traceState = regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`)
)

// broken lists what in an event is against the rules.
func broken(event map[string]any) (all []string) {
	attributes := make(map[string]string, len(event))
	for name, value := range event {
		text, isText := value.(string)
		if !attribute.MatchString(name) {
			all = append(all, "no attribute may be named "+name)
		}
		if name != "data" && (!isText || text == "") {
			all = append(all, fmt.Sprintf("no value of %s may be %v", name, value))
		}
		attributes[name] = text
	}
	for _, name := range []string{"specversion", "id", "source", "type"} {
		if attributes[name] == "" {
			all = append(all, name+" is required")
		}
	}
	if _, err := url.Parse(attributes["source"]); err != nil {
		all = append(all, err.Error())
	}
	if _, err := time.Parse(time.RFC3339, attributes["time"]); err != nil {
		all = append(all, err.Error())
	}
	if parent := attributes["traceparent"]; !traceState.MatchString(parent) {
		all = append(all, "no traceparent is "+parent)
	}
	if metadata := attributes["landfallmetadata"]; metadata != "" && !json.Valid([]byte(metadata)) {
		all = append(all, "no JSON is "+metadata)
	}
	slices.Sort(all)
	return all
}

// TestBinaryMode: what is sent in the binary mode, as by earlier versions, is
// taken too.
func TestBinaryMode(t *testing.T) {
	server := start(t, embedded.Options{})
	conn := connect(t, server.URL())
	var mu sync.Mutex
	var got []transport.Message
	stop, err := conn.Subscribe(rover, "Map", func(_ context.Context, d transport.Delivery) error {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, d.Messages...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	first := message(1)
	until(t, func() error { return conn.Publish(t.Context(), rover, []transport.Message{first}) })
	_, err = raw(t, server.URL()).PublishMsg(t.Context(), &natsio.Msg{
		Subject: "landfall.Rover.events.Obstacle%20found",
		Header: natsio.Header{
			"ce-specversion": {"1.0"}, "ce-id": {"0195a4f0-0000-7000-8000-000000000001"}, "ce-source": {"/landfall/Rover"}, "ce-type": {"Obstacle%20found"},
			"ce-subject": {"curiosity%20%C3%A9"}, "ce-time": {"2026-03-01T12:30:15.123456789Z"}, "ce-datacontenttype": {"application/json"},
			"ce-traceparent":    {"00-0195a4f0000070008000000000000003-8000000000000001-00"},
			"ce-landfallnumber": {"2"}, "ce-landfallafter": {"1"}, "ce-landfallkind": {"MarsRover"},
			"ce-landfalltrigger": {"0195a4f0-0000-7000-8000-000000000002"}, "ce-landfallcorrelation": {"0195a4f0-0000-7000-8000-000000000003"},
			"ce-landfallactor": {"Houston"}, "ce-landfallmetadata": {"{%22tenant%22:%22jpl%22}"}, "Nats-Msg-Id": {"2-0195a4f0-0000-7000-8000-000000000001"},
		},
		Data: []byte(`{"at":{"x":1,"y":2}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	until(t, func() error {
		mu.Lock()
		defer mu.Unlock()
		if len(got) < 2 {
			return errors.New("it has not come")
		}
		return nil
	})
	want := transport.Message{
		Number: 2, After: 1, ID: uuid.MustParse("0195a4f0-0000-7000-8000-000000000001"), Type: "Obstacle found", Kind: "MarsRover", Aggregate: "curiosity é",
		Time:        time.Date(2026, 3, 1, 12, 30, 15, 123456789, time.UTC),
		Trigger:     uuid.MustParse("0195a4f0-0000-7000-8000-000000000002"),
		Correlation: uuid.MustParse("0195a4f0-0000-7000-8000-000000000003"),
		Actor:       "Houston", Metadata: map[string]string{"tenant": "jpl"}, Data: []byte(`{"at":{"x":1,"y":2}}`),
	}
	if d := cmp.Diff(want, got[1]); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// TestForeignOrder: the members of an event may be in any order, with any spaces
// and escapes.
func TestForeignOrder(t *testing.T) {
	server := start(t, embedded.Options{})
	conn := connect(t, server.URL())
	var got numbers
	if _, err := conn.Subscribe(rover, "Map", got.take); err != nil {
		t.Fatal(err)
	}
	until(t, func() error { return conn.Publish(t.Context(), rover, []transport.Message{message(1)}) })
	for _, payload := range []string{
		`{ "data": {"x": 1}, "landfallnumber": "2", "landfallafter": "1", "type": "X", "source": "/", "id": "0195a4f0-0000-7000-8000-000000000002", "specversion": "1.0" }`,
		`{"specversion":"1.0","id":"0195a4f0-0000-7000-8000-000000000003","source":"/","type":"X","landfallnumber":"3","landfallafter":"2","data":{},"other":1}`,
		`{"specversion":"1.0","id":"0195a4f0-0000-7000-8000-000000000004","source":"/","type":"\u0058","landfallnumber":"4","landfallafter":"3"}`,
	} {
		if _, err := raw(t, server.URL()).Publish(t.Context(), "landfall.Rover.events.X", []byte(payload)); err != nil {
			t.Fatal(err)
		}
	}
	got.want(t, 1, 2, 3, 4)
}

// TestForeignMessages: what somebody else puts into a stream is left out, and
// holds nothing up.
func TestForeignMessages(t *testing.T) {
	server := start(t, embedded.Options{})
	conn := connect(t, server.URL())
	var got numbers
	if _, err := conn.Subscribe(rover, "Map", got.take); err != nil {
		t.Fatal(err)
	}
	until(t, func() error { return conn.Publish(t.Context(), rover, []transport.Message{message(1)}) })
	js := raw(t, server.URL())
	for _, payload := range []string{
		``, `{}`, `[]`, `{"specversion":"1.0"}`,
		`{"specversion":"0.3","id":"0195a4f0-0000-7000-8000-000000000002","source":"/","type":"X","landfallnumber":"2","landfallafter":"1","data":{}}`,
		`{"specversion":"1.0","id":"2","source":"/","type":"X","landfallnumber":"2","landfallafter":"1","data":{}}`,
		`{"specversion":"1.0","id":"0195a4f0-0000-7000-8000-000000000002","source":"/","type":"X","landfallnumber":2,"landfallafter":"1","data":{}}`,
		`{"specversion":"1.0","id":"0195a4f0-0000-7000-8000-000000000002","source":"/","type":"X","landfallnumber":"2","landfallafter":"1","data":{}`,
		`{"specversion":"1.0","id":"0195a4f0-0000-7000-8000-000000000002","source":"/","type":"X","landfallnumber":"2","landfallafter":"1","data":}`,
		`{"specversion":"1.0","id":"0195a4f0-0000-7000-8000-000000000002","source":"/","type":"X","landfallnumber":"2","landfallafter":"1","landfallmetadata":"[]","data":{}}`,
	} {
		if _, err := js.Publish(t.Context(), "landfall.Rover.events.X", []byte(payload)); err != nil {
			t.Fatal(err)
		}
	}
	for _, header := range []natsio.Header{
		{"ce-landfallnumber": {"x"}, "ce-landfallafter": {"0"}},
		{"ce-landfallnumber": {"0"}, "ce-landfallafter": {"0"}, "ce-type": {"X"}},
		{"ce-landfallnumber": {"2"}, "ce-landfallafter": {"2"}, "ce-type": {"X"}},
		{"ce-landfallnumber": {"2"}, "ce-landfallafter": {"1"}},
		{"ce-landfallnumber": {"1"}, "ce-landfallafter": {"0"}, "ce-id": {"1"}},
		{"ce-landfallnumber": {"1"}, "ce-landfallafter": {"0"}, "ce-type": {"%zz"}},
		{"ce-landfallnumber": {"1"}, "ce-landfallafter": {"0"}, "ce-time": {"yesterday"}},
		{"ce-landfallnumber": {"1"}, "ce-landfallafter": {"0"}, "ce-landfallmetadata": {"[]"}},
	} {
		header["ce-specversion"] = []string{"1.0"}
		if _, err := js.PublishMsg(t.Context(), &natsio.Msg{Subject: "landfall.Rover.events.X", Header: header}); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Publish(t.Context(), rover, []transport.Message{message(2)}); err != nil {
		t.Fatal(err)
	}
	got.want(t, 1, 2)
	if got.mu.Lock(); len(got.all) != 2 {
		t.Errorf("%v came", got.all)
	}
	got.mu.Unlock()
}
