package nats_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

const batched = "application/cloudevents-batch+json"

var toNotification = transport.Topic{From: "Rover", To: "Notification"}

func commands(first, last uint64) []transport.Message {
	var all []transport.Message
	for n := first; n <= last; n++ {
		m := message(n)
		m.Kind = ""
		all = append(all, m)
	}
	return all
}

// listen returns what goes over a subject, as NATS sees it.
func listen(t *testing.T, url, subject string) func() *natsio.Msg {
	t.Helper()
	conn := raw(t, url).Conn()
	heard, err := conn.SubscribeSync(subject)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	return func() *natsio.Msg {
		t.Helper()
		m, err := heard.NextMsg(5 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
}

// form says what a message of NATS has: "1" for a command alone, "[1 2]" for a
// batch, with the numbers in it, and "binary".
func form(t *testing.T, m *natsio.Msg) string {
	t.Helper()
	type event struct {
		Number string `json:"landfallnumber"`
	}
	switch m.Header.Get("content-type") {
	case "application/cloudevents+json":
		var one event
		if err := json.Unmarshal(m.Data, &one); err != nil {
			t.Fatalf("%.200s: %v", m.Data, err)
		}
		return one.Number
	case batched:
		var several []event
		if err := json.Unmarshal(m.Data, &several); err != nil {
			t.Fatalf("%.200s: %v", m.Data, err)
		}
		if len(several) < 2 || len(m.Header) != 1 {
			t.Errorf("a batch of %d with headers %v", len(several), m.Header)
		}
		return fmt.Sprintf("[%s-%s]", several[0].Number, several[len(several)-1].Number)
	}
	return "binary"
}

// events are those of a rover, of which each tenth is of another type.
func events(first, last uint64) []transport.Message {
	var all []transport.Message
	for n := first; n <= last; n++ {
		m := message(n)
		if n%10 == 0 {
			m.Type = "MarsRoverTurnedOff"
		}
		all = append(all, m)
	}
	return all
}

// TestBatches: commands that are published together share messages, within
// bounds, and so do events of one type where that is wanted; one alone is a
// message.
func TestBatches(t *testing.T) {
	large := func(all []transport.Message, size int, which ...int) []transport.Message {
		for _, i := range which {
			all[i].Data = []byte(`"` + strings.Repeat("d", size) + `"`)
		}
		return all
	}
	binary := commands(1, 5)
	binary[2].Data = []byte("no JSON")
	inBatches := []nats.Option{nats.WithEventBatches()}
	for name, test := range map[string]struct {
		topic      transport.Topic
		maxPayload int
		options    []nats.Option
		messages   []transport.Message
		want       []string
	}{
		"alone":             {toNotification, 0, nil, commands(1, 1), []string{"1"}},
		"two":               {toNotification, 0, nil, commands(1, 2), []string{"[1-2]"}},
		"many":              {toNotification, 0, nil, commands(1, 300), []string{"[1-128]", "[129-256]", "[257-300]"}},
		"one too many":      {toNotification, 0, nil, commands(1, 129), []string{"[1-128]", "129"}},
		"large":             {toNotification, 0, nil, large(commands(1, 5), 100_000, 0, 1, 2, 3, 4), []string{"[1-2]", "[3-4]", "5"}},
		"very large":        {toNotification, 0, nil, large(commands(1, 5), 500_000, 2), []string{"[1-2]", "3", "[4-5]"}},
		"not JSON":          {toNotification, 0, nil, binary, []string{"[1-2]", "binary", "[4-5]"}},
		"too large":         {toNotification, 4 << 10, nil, large(commands(1, 5), 5000, 2), []string{"[1-2]", "[4-5]"}},
		"a modest server":   {toNotification, 4 << 10, nil, large(commands(1, 4), 1500, 0, 1, 2, 3), []string{"1", "2", "3", "4"}},
		"a modest server 2": {toNotification, 8 << 10, nil, large(commands(1, 4), 1500, 0, 1, 2, 3), []string{"[1-3]", "4"}},
		"events":            {rover, 0, nil, events(1, 3), []string{"1", "2", "3"}},
		"events in batches": {rover, 0, inBatches, events(1, 200), []string{"[1-9]", "10", "[11-19]", "20", "[21-29]"}},
		"an event alone":    {rover, 0, inBatches, events(1, 1), []string{"1"}},
		"one of each type":  {rover, 0, inBatches, events(9, 11), []string{"9", "10", "11"}},
		"large events":      {rover, 0, inBatches, large(events(1, 5), 100_000, 0, 1, 2, 3, 4), []string{"[1-2]", "[3-4]", "5"}},
		"too large events":  {rover, 4 << 10, inBatches, large(events(1, 5), 5000, 2), []string{"[1-2]", "[4-5]"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, embedded.Options{MaxPayload: test.maxPayload})
			conn := connect(t, server.URL(), test.options...)
			var got numbers
			stop, err := conn.Subscribe(test.topic, "Notification", got.take)
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			// The receiver of commands makes their stream.
			before := test.messages[0]
			before.Number, before.After = 1, 0
			until(t, func() error { return conn.Publish(t.Context(), test.topic, []transport.Message{before}) })
			got.want(t, 1)
			next := listen(t, server.URL(), "landfall.*.*.>")
			if err := conn.Publish(t.Context(), test.topic, test.messages); err != nil {
				t.Fatal(err)
			}
			for _, want := range test.want {
				m := next()
				for strings.Contains(m.Subject, "heads") {
					m = next()
				}
				if got := form(t, m); got != want {
					t.Errorf("%s was published, want %s", got, want)
				}
			}
		})
	}
}

// TestBatchesFromElsewhere: what doubles, delays and reorders batches does so to
// the whole of each, and a program of another language may write one its own way.
func TestBatchesFromElsewhere(t *testing.T) {
	server := start(t, embedded.Options{})
	conn := connect(t, server.URL())
	var got numbers
	if _, err := conn.Subscribe(transport.Topic{To: "Notification"}, "Notification", got.take); err != nil {
		t.Fatal(err)
	}
	until(t, func() error { return conn.Publish(t.Context(), toNotification, commands(1, 1)) })
	got.want(t, 1)
	next := listen(t, server.URL(), "landfall.Notification.commands.Rover")
	if err := conn.Publish(t.Context(), toNotification, commands(2, 4)); err != nil {
		t.Fatal(err)
	}
	first := next()
	js := raw(t, server.URL())
	event := func(n int) string {
		return fmt.Sprintf(`{"data": {"x": [1, "]}"]}, "landfallnumber":"%d", "landfallafter":"%d", "type":"X", "source":"/", "id":"0195a4f0-0000-7000-8000-0000000000%02d", "specversion":"1.0"}`, n, n-1, n)
	}
	batch := func(header, payload string) *natsio.Msg {
		return &natsio.Msg{Subject: first.Subject, Header: natsio.Header{"content-type": {header}}, Data: []byte(payload)}
	}
	for _, m := range []*natsio.Msg{
		batch(batched, ` [`+event(7)+` , `+event(8)+` ] `),
		batch(batched+"; charset=utf-8", `[`+event(5)+`,`+event(6)+`]`),
		{Subject: first.Subject, Header: first.Header, Data: first.Data},
		// What is no batch is left out, all of it.
		batch(batched, ``), batch(batched, `[]`), batch(batched, `null`), batch(batched, event(90)), batch(batched, `[`+event(91)+`,{}]`),
		batch(batched, `[`+event(92)+`,]`), batch(batched, `[`+event(93)+`]]`), batch(batched, `[`+event(94)+`,`+event(0)+`]`), batch("application/cloudevents+json", `[`+event(95)+`]`),
		batch(batched, `[`+event(9)+`]`),
	} {
		if _, err := js.PublishMsg(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	got.want(t, 9)
	got.mu.Lock()
	defer got.mu.Unlock()
	if want := []uint64{1, 2, 3, 4, 7, 8, 5, 6, 2, 3, 4, 9}; !slices.Equal(got.all, want) {
		t.Errorf("%v came, want %v", got.all, want)
	}
}

// TestABatchIsTakenAsAWhole: it comes again, in order, until all of it was taken,
// and one call of take has no more than its bounds.
func TestABatchIsTakenAsAWhole(t *testing.T) {
	server := start(t, embedded.Options{})
	conn := connect(t, server.URL())
	var got numbers
	var calls atomic.Int64
	var mu sync.Mutex
	var sizes []int
	if _, err := conn.Subscribe(toNotification, "Notification", func(ctx context.Context, d transport.Delivery) error {
		mu.Lock()
		sizes = append(sizes, len(d.Messages))
		mu.Unlock()
		if n := calls.Add(1); n > 1 && n <= 4 {
			return errors.New("disk full")
		}
		return got.take(ctx, d)
	}); err != nil {
		t.Fatal(err)
	}
	until(t, func() error { return conn.Publish(t.Context(), toNotification, commands(1, 1)) })
	got.want(t, 1)
	if err := conn.Publish(t.Context(), toNotification, commands(2, 2000)); err != nil {
		t.Fatal(err)
	}
	got.want(t, 2000)
	got.mu.Lock()
	defer got.mu.Unlock()
	if len(got.all) != 2000 || !slices.IsSorted(got.all) {
		t.Errorf("%d messages came, sorted: %t", len(got.all), slices.IsSorted(got.all))
	}
	mu.Lock()
	defer mu.Unlock()
	if most := slices.Max(sizes); most > 500 {
		t.Errorf("a delivery has %d messages", most)
	}
}
