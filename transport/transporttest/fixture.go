package transporttest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/landfall-go/landfall/transport"
)

// patience is how long the suite waits for what must come.
const patience = time.Minute

var rover = transport.Topic{From: "Rover"}

// connect returns a connection that ends with the test.
func connect(t *testing.T, r Road) transport.Transport {
	t.Helper()
	conn := r.Connect(t)
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return conn
}

// patient returns a context that ends when the suite's patience does.
func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// message returns message number n of a topic whose numbers have no gaps.
func message(n uint64) transport.Message {
	return transport.Message{
		Number: n, After: n - 1,
		ID: uuid.Must(uuid.NewV7()), Type: "ObstacleFound", Kind: "MarsRover", Aggregate: fmt.Sprintf("rover-%d", n%7),
		Time:        time.Date(2026, 3, 1, 12, 0, 0, int(n), time.UTC),
		Correlation: uuid.Must(uuid.NewV7()),
		Data:        fmt.Appendf(nil, `{"at":%d}`, n),
	}
}

// messages returns messages from first to last.
func messages(first, last uint64) []transport.Message {
	var all []transport.Message
	for n := first; n <= last; n++ {
		all = append(all, message(n))
	}
	return all
}

func publish(t *testing.T, conn transport.Transport, topic transport.Topic, all ...transport.Message) {
	t.Helper()
	if err := conn.Publish(patient(t), topic, all); err != nil {
		t.Fatalf("publish to %s: %v", topic, err)
	}
}

// publishUntil publishes again while the road is not available. Until it is, only
// the first message is tried: of several that are published when the road comes
// back, the later ones may go out and the first not, which then comes after them.
func publishUntil(t *testing.T, conn transport.Transport, topic transport.Topic, all ...transport.Message) {
	t.Helper()
	ctx := patient(t)
	for {
		err := conn.Publish(ctx, topic, all[:1])
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("publish to %s: %v", topic, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	if len(all) > 1 {
		publish(t, conn, topic, all[1:]...)
	}
}

func subscribe(t *testing.T, conn transport.Transport, topic transport.Topic, name string, take func(context.Context, transport.Delivery) error) (stop func()) {
	t.Helper()
	stop, err := conn.Subscribe(topic, name, take)
	if err != nil {
		t.Fatalf("subscribe %s to %s: %v", name, topic, err)
	}
	return stop
}

func answer(t *testing.T, conn transport.Transport, module, operation string, do func(context.Context, []byte) []byte) (stop func()) {
	t.Helper()
	stop, err := conn.Answer(module, operation, do)
	if err != nil {
		t.Fatalf("answer %s of %s: %v", operation, module, err)
	}
	return stop
}

// callUntil calls again while nobody is available, as an answerer may have
// begun a moment ago.
func callUntil(t *testing.T, conn transport.Transport, module, operation string, request []byte) []byte {
	t.Helper()
	ctx := patient(t)
	for {
		got, err := conn.Call(ctx, module, operation, request)
		if err == nil {
			return got
		}
		if ctx.Err() != nil {
			t.Fatalf("call %s of %s with %d bytes: %v", operation, module, len(request), err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// heard collects what a subscription is given.
type heard struct {
	mu    sync.Mutex
	all   []transport.Delivery
	grown chan struct{}
}

func newHeard() *heard { return &heard{grown: make(chan struct{}, 1)} }

func (h *heard) take(_ context.Context, d transport.Delivery) error {
	h.mu.Lock()
	h.all = append(h.all, d)
	h.mu.Unlock()
	select {
	case h.grown <- struct{}{}:
	default:
	}
	return nil
}

// deliveries returns what came up to now.
func (h *heard) deliveries() []transport.Delivery {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.all)
}

// messages returns the messages of a topic up to now, each number once, in the
// order in which they came first.
func (h *heard) messages(topic transport.Topic) []transport.Message {
	var all []transport.Message
	seen := make(map[uint64]bool)
	for _, d := range h.deliveries() {
		for _, m := range d.Messages {
			if d.Topic == topic && !seen[m.Number] {
				seen[m.Number] = true
				all = append(all, m)
			}
		}
	}
	return all
}

// until waits for something to be true of what came.
func (h *heard) until(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for !is() {
		select {
		case <-h.grown:
		case <-deadline:
			t.Fatalf("%s did not come; %s", what, h.summary())
		}
	}
}

// want waits for as many messages of the topic, and compares them.
func (h *heard) want(t *testing.T, topic transport.Topic, want []transport.Message) {
	t.Helper()
	h.until(t, fmt.Sprintf("%d messages of %s", len(want), topic), func() bool { return len(h.messages(topic)) >= len(want) })
	same(t, "messages of "+topic.String(), h.messages(topic), want)
}

func (h *heard) summary() string {
	all := h.deliveries()
	count := 0
	for _, d := range all {
		count += len(d.Messages)
	}
	return fmt.Sprintf("%d deliveries with %d messages came", len(all), count)
}

// same compares messages, of which only the first that differs is shown. No
// metadata and empty metadata are one thing, as are no data and empty data.
func same(t *testing.T, what string, got, want []transport.Message) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: got %d, want %d", what, len(got), len(want))
		return
	}
	for i, m := range want {
		if equal(m, got[i]) {
			continue
		}
		diff := cmp.Diff(m, got[i], cmpopts.EquateEmpty())
		t.Errorf("%s: number %d of them (-want +got):\n%.4000s", what, i, diff)
		return
	}
}

// equal is cmp.Equal of messages, which takes long for much data.
func equal(a, b transport.Message) bool {
	data, metadata := bytes.Equal(a.Data, b.Data), maps.Equal(a.Metadata, b.Metadata)
	times := a.Time.Equal(b.Time)
	a.Data, a.Metadata, a.Time, b.Data, b.Metadata, b.Time = nil, nil, time.Time{}, nil, nil, time.Time{}
	return data && metadata && times && reflect.DeepEqual(a, b)
}

// eventually waits for a condition that nobody tells.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not happen", what)
		}
	}
}
