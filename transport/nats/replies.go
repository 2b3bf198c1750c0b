package nats

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall/transport"
)

// Headers of calls.
const (
	headerStep   = "Landfall-Step"   // what the message is in a call
	headerSize   = "Landfall-Size"   // bytes of the whole request or answer
	headerOffset = "Landfall-Offset" // where the bytes asked for begin
)

// Steps of a call. A request or an answer that is not in the message of its step
// is fetched in pieces by who gets it.
const (
	stepRequest = "request"
	stepAnswer  = "answer"
	stepTooLong = "toolong" // the answer is larger than a call may be
	stepBusy    = "busy"    // the instance cannot take the call
	stepWorking = "working" // the instance is at it
	stepFetch   = "fetch"
	stepPiece   = "piece"
	stepEnd     = "end" // the caller needs nothing more
)

const (
	inline   = 128 << 10 // what a request carries itself
	overhead = 4 << 10   // what headers of a message may take
	ahead    = 4         // pieces that are asked for before they come
	silence  = 5 * time.Second
)

// replies gives each call, and each Publish, an address of its own on one
// subscription.
type replies struct {
	t       *Transport
	prefix  string
	mu      sync.Mutex
	opened  uint64
	waiting map[string]*end
}

func newReplies(t *Transport) (*replies, error) {
	r := &replies{t: t, prefix: t.conn.NewInbox() + ".", waiting: make(map[string]*end)}
	_, err := t.conn.Subscribe(r.prefix+"*", r.arrived)
	return r, err
}

// end is one end of a call.
type end struct {
	r       *replies
	address string
	in      chan *natsio.Msg
	take    func(*natsio.Msg) // instead of in
}

func (r *replies) open() *end { return r.add(&end{r: r, in: make(chan *natsio.Msg, 16)}) }

func (r *replies) add(e *end) *end {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.opened++
	e.address = r.prefix + strconv.FormatUint(r.opened, 36)
	r.waiting[e.address] = e
	return e
}

func (e *end) close() {
	e.r.mu.Lock()
	defer e.r.mu.Unlock()
	delete(e.r.waiting, e.address)
}

// arrived passes a message to its call. Who writes to a call that has ended is
// told so.
func (r *replies) arrived(m *natsio.Msg) {
	r.mu.Lock()
	e := r.waiting[m.Subject]
	r.mu.Unlock()
	if e == nil {
		if m.Reply != "" {
			_ = r.t.conn.PublishMsg(step(m.Reply, stepEnd, ""))
		}
		return
	}
	if e.take != nil {
		e.take(m)
		return
	}
	select {
	case e.in <- m:
	default: // more than was asked for
	}
}

// step makes a message of a call.
func step(to, what, reply string) *natsio.Msg {
	return &natsio.Msg{Subject: to, Reply: reply, Header: natsio.Header{headerStep: {what}}}
}

func stepOf(m *natsio.Msg) string { return m.Header.Get(headerStep) }

func numberOf(m *natsio.Msg, name string) int {
	n, err := strconv.Atoi(m.Header.Get(name))
	if err != nil {
		return -1
	}
	return n
}

// piece is how much of a request or an answer one message carries.
func (t *Transport) piece() int { return max(int(t.conn.MaxPayload())-overhead, overhead) }

// carry sends what is whole as a step, in the message if it is at most so long.
func (t *Transport) carry(m *natsio.Msg, whole []byte, most int) error {
	m.Header.Set(headerSize, strconv.Itoa(len(whole)))
	if len(whole) <= min(most, t.piece()) {
		m.Data = whole
	}
	return t.conn.PublishMsg(m)
}

// serve answers a fetch of the other end.
func (t *Transport) serve(m *natsio.Msg, whole []byte) error {
	from := numberOf(m, headerOffset)
	if from < 0 || from >= len(whole) || m.Reply == "" {
		return nil
	}
	piece := step(m.Reply, stepPiece, "")
	piece.Header.Set(headerOffset, strconv.Itoa(from))
	piece.Data = whole[from:min(from+t.piece(), len(whole))]
	return t.conn.PublishMsg(piece)
}

// fetch gets what the other end, at peer, has in whole.
func (t *Transport) fetch(ctx context.Context, e *end, peer string, size int, lost <-chan struct{}) ([]byte, error) {
	if size > transport.MaxCall || size < 0 {
		return nil, fmt.Errorf("%w: %d bytes are said to come; %d is the most", transport.ErrInvalid, size, transport.MaxCall)
	}
	whole := make([]byte, 0, size)
	quiet := time.NewTimer(silence)
	defer quiet.Stop()
	for asked := 0; len(whole) < size; {
		for ; asked < size && asked < len(whole)+ahead*t.piece(); asked += t.piece() {
			ask := step(peer, stepFetch, e.address)
			ask.Header.Set(headerOffset, strconv.Itoa(asked))
			if err := t.conn.PublishMsg(ask); err != nil {
				return nil, err
			}
		}
		m, err := e.next(ctx, quiet, lost)
		if err != nil {
			return nil, err
		}
		switch {
		case stepOf(m) == stepEnd || noResponders(m):
			return nil, errGone
		case stepOf(m) == stepPiece && numberOf(m, headerOffset) == len(whole) && len(whole)+len(m.Data) <= size:
			whole = append(whole, m.Data...)
		}
	}
	return whole, nil
}

// next waits for the next message to an end of a call, which also ends with the
// silence of the other.
func (e *end) next(ctx context.Context, quiet *time.Timer, lost <-chan struct{}) (*natsio.Msg, error) {
	select {
	case m := <-e.in:
		quiet.Reset(silence)
		return m, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-lost:
		return nil, natsio.ErrDisconnected
	case <-quiet.C:
		return nil, errSilent
	case <-e.r.t.ended:
		return nil, transport.ErrClosed
	}
}

func noResponders(m *natsio.Msg) bool {
	return len(m.Data) == 0 && m.Header.Get("Status") == "503"
}
