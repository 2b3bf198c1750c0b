package transporttest

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/landfall-go/landfall/transport"
)

func testContextEnded(t *testing.T, r Road) {
	conn := connect(t, r)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, called := conn.Call(ctx, "Rover", "echo", nil)
	for what, err := range map[string]error{
		"publish":  conn.Publish(ctx, rover, messages(1, 1)),
		"announce": conn.Announce(ctx, rover, 1),
		"call":     called,
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s with a cancelled context: %v", what, err)
		}
	}
}

// testStop: what a subscription had in hand when it was stopped goes to the next;
// commands do, while of events the road may forget those before one that was taken.
func testStop(t *testing.T, r Road) {
	conn := connect(t, r)
	taking := make(chan struct{}, 1)
	var ended atomic.Bool
	stop := subscribe(t, conn, commands, "Map", func(ctx context.Context, d transport.Delivery) error {
		taking <- struct{}{}
		<-ctx.Done()
		time.Sleep(10 * time.Millisecond)
		ended.Store(true)
		return ctx.Err()
	})
	want := messages(1, 5)
	publishUntil(t, conn, commands, want...)
	<-taking
	stop()
	if !ended.Load() {
		t.Error("stop did not wait for the take that ran")
	}
	stop()
	h := newHeard()
	subscribe(t, conn, commands, "Map", h.take)
	h.until(t, "what was not taken", func() bool { return len(h.messages(commands)) == len(want) })
}

func testClose(t *testing.T, r Road) {
	conn, other := connect(t, r), connect(t, r)
	h := newHeard()
	stop := subscribe(t, conn, rover, "Map", h.take)
	stopAnswer := answer(t, conn, "Rover", "echo", func(_ context.Context, request []byte) []byte { return request })
	publish(t, other, rover, messages(1, 1)...)
	h.until(t, "message", func() bool { return len(h.messages(rover)) == 1 })
	for range 2 {
		if err := conn.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	count := len(h.deliveries())
	publish(t, other, rover, messages(2, 3)...)
	stop()
	stopAnswer()
	_, subscribed := conn.Subscribe(rover, "Map", h.take)
	_, answered := conn.Answer("Rover", "echo", func(context.Context, []byte) []byte { return nil })
	_, called := conn.Call(context.Background(), "Rover", "echo", nil)
	for what, err := range map[string]error{
		"publish":   conn.Publish(context.Background(), rover, messages(4, 4)),
		"announce":  conn.Announce(context.Background(), rover, 4),
		"subscribe": subscribed, "answer": answered, "call": called,
	} {
		if !errors.Is(err, transport.ErrClosed) {
			t.Errorf("%s after close: %v", what, err)
		}
	}
	if got := len(h.deliveries()); got != count {
		t.Errorf("%d deliveries came after close", got-count)
	}
}

func testInvalid(t *testing.T, r Road) {
	conn := connect(t, r)
	ctx := patient(t)
	for _, name := range []string{"", "1Rover", "Ro ver", "Ro.ver", "*", ">", "Rövér", "Rover\n", "_Rover", "Ro-ver", strings.Repeat("R", 64)} {
		from, to := transport.Topic{From: name}, transport.Topic{From: "Rover", To: name}
		_, subscribed := conn.Subscribe(from, "Map", newHeard().take)
		_, answered := conn.Answer(name, "echo", func(context.Context, []byte) []byte { return nil })
		_, called := conn.Call(ctx, name, "echo", nil)
		invalid(t, "publish from "+name, conn.Publish(ctx, from, messages(1, 1)))
		invalid(t, "announce from "+name, conn.Announce(ctx, from, 1))
		invalid(t, "subscribe to "+name, subscribed)
		invalid(t, "answer for "+name, answered)
		invalid(t, "call "+name, called)
		if name != "" {
			_, subscribed = conn.Subscribe(to, "Map", newHeard().take)
			invalid(t, "publish to "+name, conn.Publish(ctx, to, messages(1, 1)))
			invalid(t, "subscribe as "+name, subscribed)
		}
	}
	long := strings.Repeat("n", 64)
	for _, name := range []string{"", long} {
		_, subscribed := conn.Subscribe(rover, name, newHeard().take)
		_, answered := conn.Answer("Rover", name, func(context.Context, []byte) []byte { return nil })
		_, called := conn.Call(ctx, "Rover", name, nil)
		invalid(t, "subscribe as "+name, subscribed)
		invalid(t, "answer "+name, answered)
		invalid(t, "call "+name, called)
	}
	_, subscribed := conn.Subscribe(rover, "Map", nil)
	invalid(t, "subscribe without a function", subscribed)
	_, answered := conn.Answer("Rover", "echo", nil)
	invalid(t, "answer without a function", answered)
	for what, change := range map[string]func(*transport.Message){
		"number zero":     func(m *transport.Message) { m.Number, m.After = 0, 0 },
		"after itself":    func(m *transport.Message) { m.After = m.Number },
		"no type":         func(m *transport.Message) { m.Type = "" },
		"a type too long": func(m *transport.Message) { m.Type = strings.Repeat("t", 201) },
	} {
		all := messages(1, 3)
		change(&all[2])
		invalid(t, "publish with "+what, conn.Publish(ctx, rover, all))
	}
	h := newHeard()
	subscribe(t, conn, rover, "Map", h.take)
	want := messages(1, 1)
	publish(t, conn, rover, want...)
	h.want(t, rover, want) // and so nothing of what was refused
}

func invalid(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, transport.ErrInvalid) {
		t.Errorf("%s: %v", what, err)
	}
}

// testLose: a road that has lost all goes on, for those who were there and for
// those who come.
func testLose(t *testing.T, r Road) {
	sender, receiver := connect(t, r), connect(t, r)
	events, orders := newHeard(), newHeard()
	subscribe(t, receiver, rover, "Notification", events.take)
	subscribe(t, receiver, transport.Topic{To: "Notification"}, "Notification", orders.take)
	first := messages(1, 3)
	publish(t, sender, rover, first...)
	publishUntil(t, sender, commands, first...)
	events.want(t, rover, first)
	orders.want(t, commands, first)
	r.Lose(t)
	second := messages(4, 6)
	publishUntil(t, sender, rover, second...)
	publishUntil(t, sender, commands, second...)
	both := append(first, second...)
	events.want(t, rover, both)
	orders.want(t, commands, both)
	later := newHeard()
	subscribe(t, connect(t, r), rover, "Map", later.take)
	later.want(t, rover, second)
}

// testRestart: connections outlive a road that goes away and comes back.
func testRestart(t *testing.T, r Road) {
	sender, receiver := connect(t, r), connect(t, r)
	h := newHeard()
	subscribe(t, receiver, rover, "Map", h.take)
	answer(t, receiver, "Map", "echo", func(_ context.Context, request []byte) []byte { return request })
	callUntil(t, sender, "Map", "echo", nil)
	want := messages(1, 20)
	publish(t, sender, rover, want[:10]...)
	h.until(t, "the first", func() bool { return len(h.messages(rover)) == 10 })
	r.Restart(t)
	publishUntil(t, sender, rover, want[10:]...)
	h.want(t, rover, want)
	if got := callUntil(t, sender, "Map", "echo", []byte("x")); string(got) != "x" {
		t.Errorf("after a restart the answer is %q", got)
	}
}
