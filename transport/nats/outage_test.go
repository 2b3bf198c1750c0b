package nats_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

var rover = transport.Topic{From: "Rover"}

func message(n uint64) transport.Message {
	return transport.Message{
		Number: n, After: n - 1, ID: uuid.Must(uuid.NewV7()), Type: "ObstacleFound", Kind: "MarsRover", Aggregate: "curiosity",
		Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Correlation: uuid.Must(uuid.NewV7()), Data: []byte(`{"at":{"x":1,"y":2}}`),
	}
}

// until tries again until it works.
func until(t *testing.T, do func() error) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for err := do(); err != nil; err = do() {
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// numbers collects the numbers of messages that came.
type numbers struct {
	mu  sync.Mutex
	all []uint64
}

func (n *numbers) take(_ context.Context, d transport.Delivery) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range d.Messages {
		n.all = append(n.all, m.Number)
	}
	return nil
}

// asking is a receiver that asks its sender for what is missing, as that of the
// runtime does: the road may forget the events before one that was taken.
type asking struct {
	numbers
	asked int
}

func (a *asking) take(_ context.Context, d transport.Delivery) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, m := range d.Messages {
		for next := uint64(len(a.all)) + 1; next <= m.Number; next++ {
			if a.all = append(a.all, next); next <= m.After {
				a.asked++
			}
		}
	}
	return nil
}

// want waits until all the numbers came, and maybe others, and more than once.
func (n *numbers) want(t *testing.T, want ...uint64) {
	t.Helper()
	until(t, func() error {
		n.mu.Lock()
		defer n.mu.Unlock()
		came := make(map[uint64]bool, len(n.all))
		for _, number := range n.all {
			came[number] = true
		}
		if slices.ContainsFunc(want, func(number uint64) bool { return !came[number] }) {
			return errors.New("a message has not come")
		}
		return nil
	})
}

// TestServerComesLater: programs may start before their server.
func TestServerComesLater(t *testing.T) {
	server := start(t, embedded.Options{})
	url, port := server.URL(), server.Port()
	server.Shutdown()
	conn := connect(t, url)
	var got numbers
	if _, err := conn.Subscribe(rover, "Map", got.take); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Answer("Rover", "echo", func(_ context.Context, request []byte) []byte { return request }); err != nil {
		t.Fatal(err)
	}
	_, called := conn.Call(t.Context(), "Rover", "echo", nil)
	for what, err := range map[string]error{
		"publish": conn.Publish(t.Context(), rover, []transport.Message{message(1)}), "announce": conn.Announce(t.Context(), rover, 1), "call": called,
	} {
		if !errors.Is(err, transport.ErrUnavailable) {
			t.Errorf("%s without a server: %v", what, err)
		}
	}
	start(t, embedded.Options{Port: port})
	until(t, func() error { return conn.Publish(t.Context(), rover, []transport.Message{message(1)}) })
	got.want(t, 1)
	until(t, func() error { _, err := conn.Call(t.Context(), "Rover", "echo", nil); return err })
}

// TestStoreDeleted: a server that comes back without all that it kept is given
// its streams and consumers again.
func TestStoreDeleted(t *testing.T) {
	r := newRoad(t, embedded.Options{})
	sender, receiver := connect(t, r.url), connect(t, r.url)
	commands := transport.Topic{From: "Rover", To: "Map"}
	var events, orders numbers
	if _, err := receiver.Subscribe(rover, "Map", events.take); err != nil {
		t.Fatal(err)
	}
	if _, err := receiver.Subscribe(transport.Topic{To: "Map"}, "Map", orders.take); err != nil {
		t.Fatal(err)
	}
	publish := func(n uint64) {
		for _, topic := range []transport.Topic{rover, commands} {
			until(t, func() error { return sender.Publish(t.Context(), topic, []transport.Message{message(n)}) })
		}
	}
	publish(1)
	events.want(t, 1)
	orders.want(t, 1)
	r.server.Shutdown()
	if err := os.RemoveAll(r.options.Dir); err != nil {
		t.Fatal(err)
	}
	r.start(t)
	publish(2)
	events.want(t, 2)
	orders.want(t, 2)
}

// TestConsumerDeleted: a subscription whose consumer somebody deleted makes it
// again.
func TestConsumerDeleted(t *testing.T) {
	r := newRoad(t, embedded.Options{})
	conn := connect(t, r.url)
	var got numbers
	if _, err := conn.Subscribe(rover, "Map", got.take); err != nil {
		t.Fatal(err)
	}
	until(t, func() error { return conn.Publish(t.Context(), rover, []transport.Message{message(1)}) })
	got.want(t, 1)
	if err := raw(t, r.url).DeleteConsumer(t.Context(), "landfall_Rover_events", "Map"); err != nil {
		t.Fatal(err)
	}
	until(t, func() error { return conn.Publish(t.Context(), rover, []transport.Message{message(2)}) })
	got.want(t, 2)
}

// TestLeaderLost: a cluster of three goes on when the leader of a stream is lost
// while messages are being published, and has all that it took.
func TestLeaderLost(t *testing.T) {
	t.Parallel()
	cluster, err := embedded.StartCluster(3, embedded.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Shutdown)
	sender, receiver := connect(t, cluster.URL(), nats.WithReplicas(3)), connect(t, cluster.URL(), nats.WithReplicas(3))
	var got asking
	if _, err := receiver.Subscribe(rover, "Map", got.take); err != nil {
		t.Fatal(err)
	}
	publish := func(from, to uint64) (all []uint64) {
		var messages []transport.Message
		for n := from; n <= to; n++ {
			messages, all = append(messages, message(n)), append(all, n)
		}
		until(t, func() error { return sender.Publish(t.Context(), rover, messages) })
		return all
	}
	want := publish(1, 100)
	got.want(t, want...)
	leader := cluster.Leader("landfall_Rover_events")
	if leader == nil {
		t.Fatal("the stream has no leader")
	}
	var losing sync.WaitGroup
	losing.Go(leader.Shutdown)
	for n := uint64(101); n <= 500; n += 100 {
		want = append(want, publish(n, n+99)...)
	}
	losing.Wait()
	if next := cluster.Leader("landfall_Rover_events"); next == leader {
		t.Error("the lost leader still leads")
	}
	got.want(t, want...)
	t.Logf("%d of %d messages were lost on their way, and asked for", got.asked, len(want))
	if has := stored(t, cluster.URL()); !slices.Equal(has, want) {
		t.Errorf("the stream has %d messages of %d that it took: %v", len(has), len(want), has)
	}
}

// stored returns the numbers of the messages in the stream of the rover's events,
// each once.
func stored(t *testing.T, url string) []uint64 {
	t.Helper()
	js := raw(t, url)
	var info *jetstream.StreamInfo
	var stream jetstream.Stream
	until(t, func() (err error) {
		if stream, err = js.Stream(t.Context(), "landfall_Rover_events"); err == nil {
			info, err = stream.Info(t.Context())
		}
		return err
	})
	var all []uint64
	for seq := info.State.FirstSeq; seq <= info.State.LastSeq; seq++ {
		var m *jetstream.RawStreamMsg
		until(t, func() (err error) { m, err = stream.GetMsg(t.Context(), seq); return err })
		var event struct {
			Number uint64 `json:"landfallnumber,string"`
		}
		if err := json.Unmarshal(m.Data, &event); err != nil {
			t.Fatal(err)
		}
		all = append(all, event.Number)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestProcessDies: commands that a process had in hand when it died go to another.
// Events are acknowledged with all before them, so that the other asks their sender.
func TestProcessDies(t *testing.T) {
	t.Parallel()
	server := start(t, embedded.Options{})
	conn := connect(t, server.URL(), nats.WithAckWait(time.Second))
	topic := transport.Topic{From: "Rover", To: "Notification"}
	stop, err := conn.Subscribe(topic, "Notification", func(ctx context.Context, _ transport.Delivery) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	js := raw(t, server.URL())
	var consumer jetstream.Consumer
	until(t, func() error {
		consumer, err = js.Consumer(t.Context(), "landfall_Notification_commands", nats.Names{}.Consumer(topic, "Notification"))
		return err
	})
	var want []uint64
	for n := uint64(1); n <= 20; n++ { // each alone, so that they are no batch
		want = append(want, n)
		if err := conn.Publish(t.Context(), topic, []transport.Message{message(n)}); err != nil {
			t.Fatal(err)
		}
	}
	stop() // gives all back
	batch, err := consumer.Fetch(10, jetstream.FetchMaxWait(5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	had := 0
	for range batch.Messages() {
		had++
	}
	js.Conn().Close()
	if had != 10 {
		t.Fatalf("the process that is to die has %d messages in hand", had)
	}
	var got numbers
	if _, err := conn.Subscribe(topic, "Notification", got.take); err != nil {
		t.Fatal(err)
	}
	got.want(t, want...)
}

// TestLongTake: what is being taken goes to nobody else, however long it takes.
func TestLongTake(t *testing.T) {
	t.Parallel()
	server := start(t, embedded.Options{})
	var takes atomic.Int64
	taken := make(chan struct{})
	for range 2 {
		conn := connect(t, server.URL(), nats.WithAckWait(time.Second))
		if _, err := conn.Subscribe(rover, "Map", func(ctx context.Context, _ transport.Delivery) error {
			if takes.Add(1) == 1 {
				time.Sleep(2500 * time.Millisecond) // more than twice as long as a process may be silent
				close(taken)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := connect(t, server.URL()).Publish(t.Context(), rover, []transport.Message{message(1)}); err != nil {
		t.Fatal(err)
	}
	<-taken
	if got := takes.Load(); got != 1 {
		t.Errorf("one message was taken %d times", got)
	}
}

// TestCallIsLost: a call ends at once when the connection is lost.
func TestCallIsLost(t *testing.T) {
	r := newRoad(t, embedded.Options{})
	caller, callee := connect(t, r.url), connect(t, r.url)
	begun := make(chan struct{}, 1)
	if _, err := callee.Answer("Rover", "wait", func(ctx context.Context, _ []byte) []byte {
		begun <- struct{}{}
		<-ctx.Done()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error)
	go func() {
		_, err := caller.Call(context.Background(), "Rover", "wait", nil)
		failed <- err
	}()
	<-begun
	r.server.Shutdown()
	select {
	case err := <-failed:
		if !errors.Is(err, transport.ErrUnavailable) {
			t.Errorf("a call whose connection is lost: %v", err)
		}
	case <-time.After(3 * time.Second):
		t.Error("a call does not end with its connection")
	}
}

// TestBusy: an instance sends calls away when too many wait, and answers the
// others.
func TestBusy(t *testing.T) {
	server := start(t, embedded.Options{})
	caller, callee := connect(t, server.URL()), connect(t, server.URL())
	release := make(chan struct{})
	if _, err := callee.Answer("Rover", "wait", func(context.Context, []byte) []byte {
		<-release
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var answered, away atomic.Int64
	var calling sync.WaitGroup
	for range 1200 {
		calling.Go(func() {
			switch _, err := caller.Call(context.Background(), "Rover", "wait", nil); {
			case err == nil:
				answered.Add(1)
			case errors.Is(err, transport.ErrUnavailable):
				away.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	until(t, func() error {
		if away.Load() < 1200-1024 {
			return errors.New("too few calls are sent away")
		}
		return nil
	})
	close(release)
	calling.Wait()
	if answered.Load() != 1024 {
		t.Errorf("%d calls were answered, and %d sent away", answered.Load(), away.Load())
	}
}
