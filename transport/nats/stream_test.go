package nats_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// TestStreams: streams and consumers are as the documentation says, and are
// brought in line if they are not.
func TestStreams(t *testing.T) {
	server := start(t, embedded.Options{})
	js := raw(t, server.URL())
	ctx := t.Context()
	if _, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: "landfall_Rover_events", Subjects: []string{"landfall.Rover.events.*"}, MaxAge: time.Minute, Metadata: map[string]string{"owner": "ops"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateConsumer(ctx, "landfall_Rover_events", jetstream.ConsumerConfig{Durable: "Map", AckPolicy: jetstream.AckExplicitPolicy, FilterSubject: "landfall.Rover.events.*"}); err != nil {
		t.Fatal(err) // as of an earlier version
	}
	conn := connect(t, server.URL())
	var got numbers
	// First the stream is updated and then the consumer made: server 2.14.4 has a
	// data race between the two.
	until(t, func() error { return conn.Publish(ctx, rover, []transport.Message{message(1)}) })
	for _, topic := range []transport.Topic{rover, {To: "Map"}} {
		if _, err := conn.Subscribe(topic, "Map", got.take); err != nil {
			t.Fatal(err)
		}
	}
	until(t, func() error {
		return conn.Publish(ctx, transport.Topic{From: "Rover", To: "Map"}, []transport.Message{message(2)})
	})
	got.want(t, 1, 2)
	for name, subject := range map[string]string{"landfall_Rover_events": "landfall.Rover.events.*", "landfall_Map_commands": "landfall.Map.commands.*"} {
		stream, err := js.Stream(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		c := stream.CachedInfo().Config
		have := fmt.Sprint(c.Subjects, c.Retention, c.Discard, c.Storage, c.MaxAge, c.MaxBytes, c.Replicas, c.Duplicates)
		if want := fmt.Sprint([]string{subject}, jetstream.LimitsPolicy, jetstream.DiscardOld, jetstream.FileStorage, time.Hour, 256<<20, 1, 2*time.Second); have != want {
			t.Errorf("%s is %s, want %s", name, have, want)
		}
		if name == "landfall_Rover_events" && c.Metadata["owner"] != "ops" {
			t.Error("what an operator said about a stream is gone")
		}
		consumer, err := stream.Consumer(ctx, "Map")
		if err != nil {
			t.Fatal(err)
		}
		of := consumer.CachedInfo().Config
		policy := jetstream.AckExplicitPolicy
		if strings.HasSuffix(name, "_events") {
			policy = jetstream.AckAllPolicy
		}
		if have, want := fmt.Sprint(of.FilterSubject, of.AckPolicy, of.MaxAckPending, of.AckWait, of.MaxDeliver), fmt.Sprint(subject, policy, 2000, 10*time.Second, -1); have != want {
			t.Errorf("the consumer of %s is %s, want %s", name, have, want)
		}
	}
}

// TestStreamNotOurs: a stream that cannot be brought in line is an error that
// names it.
func TestStreamNotOurs(t *testing.T) {
	server := start(t, embedded.Options{})
	js := raw(t, server.URL())
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "landfall_Rover_events", Subjects: []string{"landfall.Rover.events.*"}, Storage: jetstream.MemoryStorage}); err != nil {
		t.Fatal(err)
	}
	err := connect(t, server.URL()).Publish(t.Context(), rover, []transport.Message{message(1)})
	if !errors.Is(err, transport.ErrUnavailable) || !strings.Contains(fmt.Sprint(err), "landfall_Rover_events") || !strings.Contains(fmt.Sprint(err), "delete the stream") {
		t.Errorf("publish to a stream in memory: %v", err)
	}
}

// TestTooLarge: a message over the server's bound is left out, with those beside
// it delivered.
func TestTooLarge(t *testing.T) {
	server := start(t, embedded.Options{MaxPayload: 20_000})
	conn := connect(t, server.URL())
	var got numbers
	if _, err := conn.Subscribe(rover, "Map", got.take); err != nil {
		t.Fatal(err)
	}
	messages := []transport.Message{message(1), message(2), message(3)}
	messages[1].Data = []byte(strings.Repeat("x", 20_000))
	until(t, func() error { return conn.Publish(t.Context(), rover, messages) })
	got.want(t, 1, 3)
	if got.mu.Lock(); len(got.all) != 2 {
		t.Errorf("%v came", got.all)
	}
	got.mu.Unlock()
	if _, err := conn.Answer("Rover", "echo", func(_ context.Context, request []byte) []byte { return request }); err != nil {
		t.Fatal(err)
	}
	until(t, func() error {
		answer, err := conn.Call(t.Context(), "Rover", "echo", messages[1].Data)
		if err == nil && len(answer) != len(messages[1].Data) {
			t.Errorf("the answer has %d bytes", len(answer))
		}
		return err
	})
}

// TestInHand: a receiver that takes nothing has a bounded number of messages in
// hand, and the commands that one had when it ended go to the next at once.
func TestInHand(t *testing.T) {
	t.Parallel()
	server := start(t, embedded.Options{})
	conn := connect(t, server.URL())
	topic := transport.Topic{From: "Rover", To: "Notification"}
	patient := nats.WithAckWait(time.Hour) // so that what is not given back does not come
	busy := connect(t, server.URL(), patient)
	begun := make(chan struct{}, 1)
	stop, err := busy.Subscribe(topic, "Notification", func(ctx context.Context, _ transport.Delivery) error {
		select {
		case begun <- struct{}{}:
		default:
		}
		<-ctx.Done()
		return ctx.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	var want []uint64
	for n := uint64(1); n <= 3000; n++ { // each alone, so that they are no batch
		want = append(want, n)
		until(t, func() error { return conn.Publish(t.Context(), topic, []transport.Message{message(n)}) })
	}
	<-begun
	consumer, err := raw(t, server.URL()).Consumer(t.Context(), "landfall_Notification_commands", nats.Names{}.Consumer(topic, "Notification"))
	if err != nil {
		t.Fatal(err)
	}
	pending := 0
	for range 20 {
		info, err := consumer.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		pending = max(pending, info.NumAckPending)
		time.Sleep(10 * time.Millisecond)
	}
	if pending == 0 || pending > 1600 {
		t.Errorf("%d messages are in the hand of one receiver", pending)
	}
	stop()
	var got numbers
	if _, err := connect(t, server.URL(), patient).Subscribe(topic, "Notification", got.take); err != nil {
		t.Fatal(err)
	}
	got.want(t, want...)
}

// TestPrefixes: systems with prefixes of their own share a server without hearing
// one another.
func TestPrefixes(t *testing.T) {
	server := start(t, embedded.Options{})
	var mars, moon numbers
	for prefix, got := range map[string]*numbers{"mars": &mars, "moon": &moon} {
		conn := connect(t, server.URL(), nats.WithPrefix(prefix))
		if _, err := conn.Subscribe(rover, "Map", got.take); err != nil {
			t.Fatal(err)
		}
		number := uint64(len(prefix) + int(prefix[1]))
		until(t, func() error { return conn.Publish(t.Context(), rover, []transport.Message{message(number)}) })
	}
	mars.want(t, 4+'a')
	moon.want(t, 4+'o')
	if len(mars.all)+len(moon.all) != 2 {
		t.Errorf("mars had %v, moon %v", mars.all, moon.all)
	}
}
