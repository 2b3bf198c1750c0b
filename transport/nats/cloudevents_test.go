package nats_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

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
	want := map[string]string{
		"ce-specversion": "1.0", "ce-id": "0195a4f0-0000-7000-8000-000000000001", "ce-source": "/landfall/Rover", "ce-type": "Obstacle%20found",
		"ce-subject": "curiosity%20%C3%A9", "ce-time": "2026-03-01T12:30:15.123456789Z", "ce-datacontenttype": "application/json",
		"ce-traceparent":    "00-0195a4f0000070008000000000000003-8000000000000001-00",
		"ce-landfallnumber": "12", "ce-landfallafter": "9", "ce-landfallkind": "MarsRover",
		"ce-landfalltrigger": "0195a4f0-0000-7000-8000-000000000002", "ce-landfallcorrelation": "0195a4f0-0000-7000-8000-000000000003",
		"ce-landfallactor": "Houston", "ce-landfallmetadata": "{%22tenant%22:%22jpl%22}",
		"Nats-Msg-Id": "12-0195a4f0-0000-7000-8000-000000000001",
	}
	headers := make(map[string]string)
	for name, values := range got.Header {
		headers[name] = strings.Join(values, "|")
	}
	if !maps.Equal(headers, want) {
		t.Errorf("headers %q\nwant %q", headers, want)
	}
	if got.Subject != "landfall.Rover.events.Obstacle%20found" || string(got.Data) != string(m.Data) {
		t.Errorf("on %s came %s", got.Subject, got.Data)
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
		for _, broken := range broken(got.Header) {
			rt.Error(broken)
		}
		if unescape(got.Header["ce-type"][0]) != m.Type || m.Aggregate != "" && unescape(got.Header["ce-subject"][0]) != m.Aggregate {
			rt.Errorf("%q is not type %q of subject %q", got.Header, m.Type, m.Aggregate)
		}
	})
}

var (
	attribute  = regexp.MustCompile(`^ce-[a-z0-9]{1,20}$`)
	value      = regexp.MustCompile(`^(?:[!#$&-~]|%[0-9A-F]{2})+$`)
	traceState = regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`)
)

// broken lists what in headers is against the rules.
func broken(header natsio.Header) (all []string) {
	for name, values := range header {
		if name == "Nats-Msg-Id" {
			continue
		}
		if !attribute.MatchString(name) {
			all = append(all, "no attribute may be named "+name)
		}
		if len(values) != 1 || !value.MatchString(values[0]) {
			all = append(all, "no value may be "+strings.Join(values, "|"))
		}
	}
	for _, name := range []string{"ce-specversion", "ce-id", "ce-source", "ce-type"} {
		if len(header[name]) == 0 {
			all = append(all, name+" is required")
		}
	}
	if _, err := url.Parse(header.Get("ce-source")); err != nil {
		all = append(all, err.Error())
	}
	if _, err := time.Parse(time.RFC3339, header.Get("ce-time")); err != nil {
		all = append(all, err.Error())
	}
	if parent := header.Get("ce-traceparent"); !traceState.MatchString(parent) {
		all = append(all, "no traceparent is "+parent)
	}
	if metadata := header.Get("ce-landfallmetadata"); metadata != "" && !json.Valid([]byte(unescape(metadata))) {
		all = append(all, "no JSON is "+metadata)
	}
	slices.Sort(all)
	return all
}

func unescape(s string) string {
	text, err := url.PathUnescape(s)
	if err != nil {
		return err.Error()
	}
	return text
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
	for _, header := range []natsio.Header{
		nil,
		{"ce-landfallnumber": {"x"}, "ce-landfallafter": {"0"}},
		{"ce-landfallnumber": {"0"}, "ce-landfallafter": {"0"}, "ce-type": {"X"}},
		{"ce-landfallnumber": {"2"}, "ce-landfallafter": {"2"}, "ce-type": {"X"}},
		{"ce-landfallnumber": {"2"}, "ce-landfallafter": {"1"}},
		{"ce-landfallnumber": {"1"}, "ce-landfallafter": {"0"}, "ce-id": {"1"}},
		{"ce-landfallnumber": {"1"}, "ce-landfallafter": {"0"}, "ce-type": {"%zz"}},
		{"ce-landfallnumber": {"1"}, "ce-landfallafter": {"0"}, "ce-time": {"yesterday"}},
		{"ce-landfallnumber": {"1"}, "ce-landfallafter": {"0"}, "ce-landfallmetadata": {"[]"}},
	} {
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
