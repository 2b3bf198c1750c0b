package transporttest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/transport"
)

var commands = transport.Topic{From: "Rover", To: "Notification"}

// ofBoth has a test done with events, then with commands, which a road may carry
// in another way.
func ofBoth(test func(t *testing.T, r Road, topic transport.Topic)) func(t *testing.T, r Road) {
	return func(t *testing.T, r Road) {
		t.Run("events", func(t *testing.T) { test(t, r, rover) })
		t.Run("commands", func(t *testing.T) { test(t, r, commands) })
	}
}

func testPublish(t *testing.T, r Road, topic transport.Topic) {
	sender, receiver := connect(t, r), connect(t, r)
	h := newHeard()
	subscribe(t, receiver, topic, "Map", h.take)
	want := messages(1, 3000)
	publish(t, sender, topic)
	publishUntil(t, sender, topic, want[0])
	publish(t, sender, topic, want[1:50]...)
	publish(t, sender, topic, want[50:]...)
	h.want(t, topic, want)
}

func testFields(t *testing.T, r Road, topic transport.Topic) {
	conn := connect(t, r)
	id := func() uuid.UUID { return uuid.Must(uuid.NewV7()) }
	full := transport.Message{
		Number: 1 << 60, After: 7, ID: id(), Type: "ObstacleFound", Kind: "MarsRover", Aggregate: "curiosity",
		Time: time.Date(2026, 3, 1, 12, 30, 15, 123456789, time.UTC), Trigger: id(), Correlation: id(), Actor: "Houston",
		Metadata: map[string]string{"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate": "vendor=1", "tenant": "jpl"},
		Data:     []byte(`{"at":{"x":1,"y":2}}`),
	}
	var want []transport.Message
	for _, change := range []func(*transport.Message){
		func(*transport.Message) {},
		func(m *transport.Message) { *m = transport.Message{Number: 1, Type: "x"} },
		func(m *transport.Message) { m.Time = time.Time{} },
		func(m *transport.Message) { m.Time = time.Unix(0, 1).UTC() },
		func(m *transport.Message) { m.Type = "Obstacle found, ünïcode. 障害物 > * 🚀" },
		func(m *transport.Message) { m.Type = strings.Repeat("t", 200) },
		func(m *transport.Message) { m.Kind, m.Aggregate, m.Actor = "", "", "" },
		func(m *transport.Message) { m.Aggregate = `a "b" % c/d é` + "\r\n\t\x00 " },
		func(m *transport.Message) { m.Actor = "  Grüße, 火星 🚀 " },
		func(m *transport.Message) { m.Metadata = nil },
		func(m *transport.Message) {
			m.Metadata = map[string]string{"": "", "ключ": "значение\n", "a b": `"`}
		},
		func(m *transport.Message) { m.Metadata = map[string]string{"traceparent": "not a trace parent"} },
		func(m *transport.Message) { m.Metadata = map[string]string{"traceparent": ""} },
		func(m *transport.Message) { m.Metadata = map[string]string{"tracestate": "alone=1"} },
		func(m *transport.Message) { m.Correlation, m.Trigger = uuid.Nil, uuid.Nil },
		func(m *transport.Message) { m.Data = nil },
		func(m *transport.Message) { m.Data = []byte{0, 1, 0xff, '\r', '\n'} },
		func(m *transport.Message) { m.Data = []byte(strings.Repeat("d", 200_000)) },
		func(m *transport.Message) { m.After = m.Number - 1 },
	} {
		m := full
		m.ID = id()
		change(&m)
		m.Number += uint64(len(want))
		want = append(want, m)
	}
	h := newHeard()
	subscribe(t, conn, topic, "Map", h.take)
	publishUntil(t, conn, topic, want...)
	h.want(t, topic, want)
	for _, d := range h.deliveries() {
		for _, m := range d.Messages {
			if m.Time.Location() != time.UTC {
				t.Errorf("time of message %d is in %s", m.Number, m.Time.Location())
			}
		}
	}
}

// testAnyMessage sends what rapid makes up.
func testAnyMessage(t *testing.T, r Road) {
	conn := connect(t, r)
	h := newHeard()
	subscribe(t, conn, rover, "Map", h.take)
	var number uint64
	var want []transport.Message
	text := rapid.String()
	rapid.Check(t, func(rt *rapid.T) {
		after := number
		number += rapid.Uint64Range(1, 1000).Draw(rt, "step")
		m := transport.Message{
			Number: number, After: after, ID: uuid.Must(uuid.NewV7()),
			Type: rapid.StringN(1, 40, 200).Draw(rt, "type"), Kind: text.Draw(rt, "kind"), Aggregate: text.Draw(rt, "aggregate"), Actor: text.Draw(rt, "actor"),
			Time:     time.Unix(rapid.Int64Range(0, 1<<34).Draw(rt, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(rt, "nanoseconds")).UTC(),
			Metadata: rapid.MapOfN(text, text, 0, 4).Draw(rt, "metadata"),
			Data:     rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(rt, "data"),
		}
		if err := conn.Publish(patient(t), rover, []transport.Message{m}); err != nil {
			rt.Fatal(err)
		}
		want = append(want, m)
	})
	h.want(t, rover, want)
}

func testCommands(t *testing.T, r Road) {
	a, b, receiver := connect(t, r), connect(t, r), connect(t, r)
	fromRover, fromBase := transport.Topic{From: "Rover", To: "Notification"}, transport.Topic{From: "Base", To: "Notification"}
	h := newHeard()
	subscribe(t, receiver, transport.Topic{To: "Notification"}, "Notification", h.take)
	toRover, toBase := messages(1, 600), messages(1, 600)
	publishUntil(t, a, fromRover, toRover[:1]...) // the receiver may be about to begin
	var sending sync.WaitGroup
	sending.Go(func() { publish(t, a, fromRover, toRover[1:]...) })
	sending.Go(func() { publish(t, b, fromBase, toBase...) })
	sending.Go(func() { publishUntil(t, b, transport.Topic{From: "Notification"}, messages(1, 1)...) })
	sending.Wait()
	h.want(t, fromRover, toRover)
	h.want(t, fromBase, toBase)
	for _, d := range h.deliveries() {
		if d.Topic != fromRover && d.Topic != fromBase {
			t.Errorf("the commands to Notification include %s", d.Topic)
		}
	}
}

func testCommandsOfOne(t *testing.T, r Road) {
	conn := connect(t, r)
	fromRover, fromBase := transport.Topic{From: "Rover", To: "Notification"}, transport.Topic{From: "Base", To: "Notification"}
	h := newHeard()
	subscribe(t, conn, fromRover, "Notification", h.take)
	want := messages(1, 3)
	publishUntil(t, conn, fromRover, want[0])
	publishUntil(t, conn, fromBase, messages(1, 3)...)
	publish(t, conn, fromRover, want[1:]...)
	h.want(t, fromRover, want)
	if other := h.messages(fromBase); len(other) > 0 {
		t.Errorf("a subscription to %s got %d messages of %s", fromRover, len(other), fromBase)
	}
}

func testSubscribeFirst(t *testing.T, r Road) {
	receiver := connect(t, r)
	h := newHeard()
	subscribe(t, receiver, rover, "Map", h.take)
	time.Sleep(20 * time.Millisecond) // the subscription finds nobody there
	sender := connect(t, r)
	want := messages(1, 10)
	publish(t, sender, rover, want...)
	h.want(t, rover, want)
}

func testSubscribeLater(t *testing.T, r Road) {
	sender := r.Connect(t)
	want := messages(1, 1200)
	publish(t, sender, rover, want...)
	if err := sender.Close(); err != nil {
		t.Fatal(err)
	}
	h := newHeard()
	subscribe(t, connect(t, r), rover, "Map", h.take)
	h.want(t, rover, want)
}

func testGoOn(t *testing.T, r Road) {
	sender := connect(t, r)
	want := messages(1, 20)
	publish(t, sender, rover, want[:10]...)
	receiver, first := connect(t, r), newHeard()
	stop := subscribe(t, receiver, rover, "Map", first.take)
	first.want(t, rover, want[:10])
	stop()
	publish(t, sender, rover, want[10:]...)
	second := newHeard()
	subscribe(t, connect(t, r), rover, "Map", second.take)
	second.want(t, rover, want[10:])
}

func testAnnounce(t *testing.T, r Road) {
	sender, receiver := connect(t, r), connect(t, r)
	for _, topics := range [][2]transport.Topic{{rover, rover}, {commands, {To: "Notification"}}} {
		h := newHeard()
		subscribe(t, receiver, topics[1], "Notification", h.take)
		announced := func() bool {
			all := h.deliveries()
			return len(all) > 0 && all[len(all)-1].Topic == topics[0] && all[len(all)-1].Head == 42
		}
		eventually(t, "announcement of "+topics[0].String(), func() bool {
			if err := sender.Announce(patient(t), topics[0], 42); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Millisecond) // one may be lost while the subscription begins
			return announced()
		})
	}
}

// testAnnounceAfter: a head does not overtake messages that are there, which
// would have the receiver ask for them.
func testAnnounceAfter(t *testing.T, r Road) {
	sender, receiver := connect(t, r), connect(t, r)
	h := newHeard()
	subscribe(t, receiver, rover, "Map", h.take)
	publish(t, sender, rover, messages(1, 1)...)
	h.until(t, "message", func() bool { return len(h.messages(rover)) == 1 })
	publish(t, sender, rover, messages(2, 2000)...)
	if err := sender.Announce(patient(t), rover, 2000); err != nil {
		t.Fatal(err)
	}
	h.until(t, "announcement", func() bool { return h.deliveries()[len(h.deliveries())-1].Head != 0 })
	if got := len(h.messages(rover)); got != 2000 {
		t.Errorf("the announcement came after %d of 2000 messages", got)
	}
}

func testShare(t *testing.T, r Road) {
	sender := connect(t, r)
	all := newHeard()
	var had [2]atomic.Int64
	for i := range had {
		subscribe(t, connect(t, r), rover, "Map", func(ctx context.Context, d transport.Delivery) error {
			had[i].Add(int64(len(d.Messages)))
			for had[1-i].Load() == 0 && ctx.Err() == nil {
				time.Sleep(time.Millisecond) // waits for the other to have some too
			}
			return all.take(ctx, d)
		})
	}
	const count = 4000
	for first := uint64(1); first <= count; first += 500 {
		publish(t, sender, rover, messages(first, first+499)...)
	}
	all.until(t, "all messages", func() bool { return len(all.messages(rover)) == count })
	if total := had[0].Load() + had[1].Load(); total != count {
		t.Errorf("two subscriptions under one name got %d messages together, %d were published and no take failed", total, count)
	}
}

func testOtherNames(t *testing.T, r Road) {
	sender := connect(t, r)
	want := messages(1, 100)
	var all []*heard
	for _, name := range []string{"Map", "Notification", "a name. With > * signs 🚀"} {
		h := newHeard()
		all = append(all, h)
		subscribe(t, connect(t, r), rover, name, h.take)
	}
	publish(t, sender, rover, want...)
	for _, h := range all {
		h.want(t, rover, want)
	}
}

func testTakeFails(t *testing.T, r Road, topic transport.Topic) {
	conn := connect(t, r)
	h := newHeard()
	var failures atomic.Int64
	subscribe(t, conn, topic, "Map", func(ctx context.Context, d transport.Delivery) error {
		if failures.Add(1) <= 3 {
			return errors.New("disk full")
		}
		return h.take(ctx, d)
	})
	want := messages(1, 700)
	publishUntil(t, conn, topic, want...)
	h.until(t, "all messages", func() bool { return len(h.messages(topic)) == len(want) })
	if failures.Load() < 4 {
		t.Errorf("take was called %d times", failures.Load())
	}
}

func testOneTake(t *testing.T, r Road) {
	conn := connect(t, r)
	h := newHeard()
	var running sync.Map
	subscribe(t, conn, transport.Topic{To: "Notification"}, "Notification", func(ctx context.Context, d transport.Delivery) error {
		if _, other := running.LoadOrStore(d.Topic, true); other {
			t.Errorf("two calls of take for %s run together", d.Topic)
		}
		time.Sleep(time.Millisecond)
		running.Delete(d.Topic)
		return h.take(ctx, d)
	})
	topics := []transport.Topic{{From: "Rover", To: "Notification"}, {From: "Base", To: "Notification"}}
	publishUntil(t, conn, topics[0], messages(1, 1)...)
	var sending sync.WaitGroup
	for _, topic := range topics {
		sending.Go(func() {
			for n := uint64(2); n <= 200; n++ {
				if err := conn.Publish(patient(t), topic, messages(n, n)); err != nil {
					t.Error(err)
				}
				_ = conn.Announce(patient(t), topic, n) // may be lost
			}
		})
	}
	sending.Wait()
	for _, topic := range topics {
		h.until(t, "all of "+topic.String(), func() bool { return len(h.messages(topic)) >= 199 })
	}
}

// testBounds holds a receiver up while much is published: what comes at once
// afterwards is bounded, and nothing was lost.
func testBounds(t *testing.T, r Road, topic transport.Topic) {
	sender, receiver := connect(t, r), connect(t, r)
	h, release := newHeard(), make(chan struct{})
	subscribe(t, receiver, topic, "Map", func(ctx context.Context, d transport.Delivery) error {
		select {
		case <-release:
		case <-ctx.Done():
		}
		return h.take(ctx, d)
	})
	const big = 200_000
	want := messages(1, 2500)
	for i := 2000; i < 2030; i++ {
		want[i].Data = []byte(strings.Repeat("d", big))
	}
	publishUntil(t, sender, topic, want...)
	close(release)
	h.want(t, topic, want)
	for _, d := range h.deliveries() {
		bytes := 0
		for _, m := range d.Messages {
			bytes += len(m.Data)
		}
		if len(d.Messages) > 500 || bytes > 1<<20 {
			t.Errorf("a delivery has %d messages with %d bytes", len(d.Messages), bytes)
		}
	}
}
