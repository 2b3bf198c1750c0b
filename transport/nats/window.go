package nats

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	natsio "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/landfall-go/landfall/transport"
)

// What one Publish has on its way, not yet acknowledged.
const (
	windowMessages = 1000
	windowBytes    = 8 << 20
	headerBytes    = 1 << 10 // about what the server and the client add to one
)

// window is what one Publish has on its way. The server acknowledges each message,
// in their order and all to one address, so that they need only be counted.
type window struct {
	t     *Transport
	topic transport.Topic
	end   *end
	onWay []sent
	bytes int // of onWay

	mu    sync.Mutex
	acked int // of onWay, from the beginning
	need  int // how many of them the publisher waits for; zero when it does not wait
	err   error
	ready chan struct{} // has a value when what the publisher waits for is there
}

// sent is a message that is to be acknowledged.
type sent struct {
	number uint64
	size   int
}

func (t *Transport) openWindow(topic transport.Topic) *window {
	w := &window{t: t, topic: topic, ready: make(chan struct{}, 1)}
	w.end = t.replies.add(&end{r: t.replies, take: w.arrived})
	return w
}

func (w *window) close() { w.end.close() }

func (w *window) sent(number uint64, size int) {
	w.onWay = append(w.onWay, sent{number, size})
	w.bytes += size
}

// arrived counts an acknowledgement, or keeps the first error.
func (w *window) arrived(m *natsio.Msg) {
	err := acknowledged(m.Data, noResponders(m))
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.err != nil:
		return
	case err != nil:
		w.err = err
	default:
		w.acked++
	}
	if w.need > 0 && (err != nil || w.acked >= w.need) {
		w.need = 0
		w.ready <- struct{}{}
	}
}

// acknowledged returns nil when the server says that it has stored a message.
func acknowledged(answer []byte, nobody bool) error {
	if nobody {
		return jetstream.ErrNoStreamResponse
	}
	if rest, ok := bytes.CutPrefix(answer, []byte(`{"stream":"`)); ok && bytes.Contains(rest, []byte(`"seq":`)) && !bytes.Contains(rest, []byte(`"error"`)) {
		return nil // as nearly always
	}
	var says struct {
		Error  *jetstream.APIError `json:"error"`
		Stream string              `json:"stream"`
	}
	switch err := json.Unmarshal(answer, &says); {
	case err != nil:
		return fmt.Errorf("%w: %w", jetstream.ErrInvalidJSAck, err)
	case says.Error != nil:
		return says.Error
	case says.Stream == "":
		return jetstream.ErrInvalidJSAck
	}
	return nil
}

// room waits until there is room for a message of so many bytes. A full window is
// emptied by half, so that the publisher is not woken for each acknowledgement.
func (w *window) room(ctx context.Context, size int, lost <-chan struct{}) error {
	if len(w.onWay) < windowMessages && w.bytes+size <= windowBytes {
		return nil
	}
	n, bytes := 0, w.bytes
	for n < len(w.onWay) && (len(w.onWay)-n > windowMessages/2 || bytes+size > windowBytes/2) {
		bytes -= w.onWay[n].size
		n++
	}
	return w.await(ctx, n, lost)
}

// all waits until everything is acknowledged.
func (w *window) all(ctx context.Context, lost <-chan struct{}) error {
	return w.await(ctx, len(w.onWay), lost)
}

// await returns when the first n messages are acknowledged.
func (w *window) await(ctx context.Context, n int, lost <-chan struct{}) error {
	before, waits := w.begin(n)
	overdue := time.NewTicker(ackTimeout)
	defer overdue.Stop()
	for waits {
		select {
		case <-w.ready:
			waits = false
		case <-overdue.C:
			acked := w.progress()
			if acked == before {
				return w.failed(ctx, acked, jetstream.ErrAsyncPublishTimeout)
			}
			before = acked
		case <-ctx.Done():
			return w.failed(ctx, w.progress(), ctx.Err())
		case <-lost:
			return w.failed(ctx, w.progress(), natsio.ErrDisconnected)
		case <-w.t.ended:
			return transport.ErrClosed
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.failed(ctx, w.acked, w.err)
	}
	for _, s := range w.onWay[:n] {
		w.bytes -= s.size
	}
	w.acked -= n
	w.onWay = w.onWay[n:]
	return nil
}

// begin says how many are acknowledged, and whether to wait for more.
func (w *window) begin(n int) (acked int, waits bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil && w.acked < n {
		w.need = n
	}
	return w.acked, w.need > 0
}

func (w *window) progress() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.acked
}

// failed says which message was not acknowledged: the one after those that were.
func (w *window) failed(ctx context.Context, acked int, err error) error {
	number := w.onWay[min(acked, len(w.onWay)-1)].number
	return unavailable(ctx, fmt.Sprintf("publish message %d to %s", number, w.topic), err)
}
