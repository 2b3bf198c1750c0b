package nats

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall/transport"
)

// Bounds of answering.
const (
	concurrentAnswers = 64   // calls that one Answer works on at a time
	waitingAnswers    = 1024 // calls that it has, or is sent away
	largeRequests     = 4    // of those, requests beyond inline
	firstSign         = 100 * time.Millisecond
	laterSign         = time.Second
)

// answerer is one Answer.
type answerer struct {
	t       *Transport
	answer  func(context.Context, []byte) []byte
	slots   chan struct{}
	large   chan struct{}
	waiting atomic.Int64
	running sync.WaitGroup
	ctx     context.Context
	cancel  context.CancelFunc
}

// Answer implements transport.Transport. It works on 64 calls at a time, of which
// 4 may have more than 128 KB; further ones wait, and those beyond 1024 are sent
// away with ErrUnavailable.
func (t *Transport) Answer(module, operation string, answer func(context.Context, []byte) []byte) (func(), error) {
	if err := transport.CheckCall(module, operation, nil); err != nil {
		return nil, err
	}
	if answer == nil {
		return nil, fmt.Errorf("%w: no function answers %s of %s", transport.ErrInvalid, operation, module)
	}
	a := &answerer{t: t, answer: answer, slots: make(chan struct{}, concurrentAnswers), large: make(chan struct{}, largeRequests)}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	var stopping sync.Once
	var sub *natsio.Subscription
	begun := make(chan struct{})
	stop := func() {
		<-begun
		stopping.Do(func() { a.stop(sub) })
	}
	p, err := t.add(stop)
	if err != nil {
		a.cancel()
		close(begun)
		return nil, err
	}
	sub, err = t.conn.QueueSubscribe(t.names.CallsSubject(module, operation), t.names.CallsQueue(), a.arrived)
	close(begun)
	if err != nil {
		t.remove(p)
		a.cancel()
		return nil, fmt.Errorf("%w: answer %s of %s: %w", transport.ErrUnavailable, operation, module, err)
	}
	if t.conn.IsConnected() {
		_ = t.conn.FlushTimeout(time.Second) // so that a call after this finds it
	}
	return func() { t.remove(p); stop() }, nil
}

// stop takes no more calls, and waits for those that run.
func (a *answerer) stop(sub *natsio.Subscription) {
	a.cancel()
	if sub != nil {
		a.t.drain(sub)
	}
	a.running.Wait()
}

// drain ends a subscription after what has come for it already.
func (t *Transport) drain(sub *natsio.Subscription) {
	drained := make(chan struct{})
	sub.SetClosedHandler(func(string) { close(drained) })
	if !t.conn.IsConnected() || sub.Drain() != nil {
		_ = sub.Unsubscribe()
		return
	}
	select {
	case <-drained:
	case <-time.After(time.Second):
	}
}

func (a *answerer) arrived(m *natsio.Msg) {
	if a.ctx.Err() != nil || a.waiting.Load() >= waitingAnswers {
		_ = a.t.conn.PublishMsg(step(m.Reply, stepBusy, ""))
		return
	}
	a.waiting.Add(1)
	a.running.Go(func() {
		defer a.waiting.Add(-1)
		c := &conversation{answerer: a, caller: m.Reply, end: a.t.replies.open()}
		_, c.lost = a.t.changes()
		defer c.end.close()
		c.run(m)
	})
}

// conversation is a call at the end of the one who answers.
type conversation struct {
	*answerer
	caller string
	end    *end
	lost   <-chan struct{}
	// plain says that the caller is a program that knows nothing of this
	// protocol: its request is one message, and so is the answer.
	plain bool
}

func (c *conversation) run(m *natsio.Msg) {
	size := numberOf(m, headerSize)
	if c.plain = stepOf(m) == ""; c.plain {
		size = len(m.Data)
	}
	var places []chan struct{}
	if size != len(m.Data) {
		places = append(places, c.large) // first, so that small ones pass those that wait
	}
	places = append(places, c.slots)
	for _, place := range places {
		if !c.wait(place) {
			return
		}
		defer func() { <-place }()
	}
	request := m.Data
	if size != len(m.Data) {
		var err error
		if request, err = c.t.fetch(c.ctx, c.end, c.caller, size, c.lost); err != nil {
			_ = c.t.conn.PublishMsg(step(c.caller, stepBusy, ""))
			return
		}
	}
	if answer, ok := c.work(request); ok {
		c.deliver(answer)
	}
}

// wait takes a place, and says signs of life meanwhile. It returns false if the
// call has ended.
func (c *conversation) wait(place chan<- struct{}) bool {
	select {
	case place <- struct{}{}:
		return true
	default:
	}
	sign := time.NewTimer(firstSign)
	defer sign.Stop()
	for {
		select {
		case place <- struct{}{}:
			return true
		case <-c.ctx.Done():
			_ = c.t.conn.PublishMsg(step(c.caller, stepBusy, ""))
			return false
		case m := <-c.end.in:
			if stepOf(m) == stepEnd || noResponders(m) {
				return false
			}
		case <-sign.C:
			c.sign(sign)
		}
	}
}

// work has the request answered. It returns false if the caller has given up,
// for whose sake the answer's context ends.
func (c *conversation) work(request []byte) ([]byte, bool) {
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	answered := make(chan []byte, 1)
	go func() { answered <- c.answer(ctx, request) }()
	sign := time.NewTimer(firstSign)
	defer sign.Stop()
	wanted := true
	for {
		select {
		case answer := <-answered:
			return answer, wanted
		case m := <-c.end.in:
			if stepOf(m) == stepEnd || noResponders(m) {
				wanted = false
				cancel()
			}
		case <-sign.C:
			c.sign(sign)
		}
	}
}

// sign tells the caller that the call is being worked on, and where to hang up.
func (c *conversation) sign(timer *time.Timer) {
	if c.plain {
		return // it would take that for the answer
	}
	_ = c.t.conn.PublishMsg(step(c.caller, stepWorking, c.end.address)) // the next one may get through
	timer.Reset(laterSign)
}

// deliver sends the answer, or lets the caller fetch it.
func (c *conversation) deliver(answer []byte) {
	if len(answer) > transport.MaxCall || c.plain && len(answer) > c.t.piece() {
		m := step(c.caller, stepTooLong, "")
		m.Header.Set(headerSize, strconv.Itoa(len(answer)))
		_ = c.t.conn.PublishMsg(m)
		return
	}
	if err := c.t.carry(step(c.caller, stepAnswer, c.end.address), answer, c.t.piece()); err != nil || len(answer) <= c.t.piece() {
		return
	}
	quiet := time.NewTimer(silence)
	defer quiet.Stop()
	for {
		m, err := c.end.next(context.Background(), quiet, c.lost)
		if err != nil || stepOf(m) == stepEnd || noResponders(m) || stepOf(m) == stepFetch && c.t.serve(m, answer) != nil {
			return
		}
	}
}
