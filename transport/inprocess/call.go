package inprocess

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/landfall-go/landfall/transport"
)

// concurrentAnswers is how many calls one Answer works on at a time; further
// ones wait.
const concurrentAnswers = 64

type answerKey struct{ module, operation string }

// answerers are those who answer the same calls, in turn.
type answerers struct {
	all  []*answerer
	turn int
}

// answerer is one Answer of one connection.
type answerer struct {
	conn   *conn
	key    answerKey
	answer func(context.Context, []byte) []byte
	slots  chan struct{}

	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// Answer implements transport.Transport.
func (c *conn) Answer(module, operation string, answer func(context.Context, []byte) []byte) (func(), error) {
	if err := transport.CheckCall(module, operation, nil); err != nil {
		return nil, err
	}
	if answer == nil {
		return nil, fmt.Errorf("%w: no function answers %s of %s", transport.ErrInvalid, operation, module)
	}
	c.bus.mu.Lock()
	defer c.bus.mu.Unlock()
	if c.closed {
		return nil, transport.ErrClosed
	}
	a := &answerer{conn: c, key: answerKey{module, operation}, answer: answer, slots: make(chan struct{}, concurrentAnswers)}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	if c.bus.answers[a.key] == nil {
		c.bus.answers[a.key] = &answerers{}
	}
	c.bus.answers[a.key].all = append(c.bus.answers[a.key].all, a)
	c.answers[a] = struct{}{}
	return a.stop, nil
}

// stop ends the answering and waits for what runs.
func (a *answerer) stop() {
	b := a.conn.bus
	b.mu.Lock()
	delete(a.conn.answers, a)
	if same := b.answers[a.key]; same != nil {
		same.all = slices.DeleteFunc(same.all, func(other *answerer) bool { return other == a })
		if len(same.all) == 0 {
			delete(b.answers, a.key)
		}
	}
	b.mu.Unlock()
	a.cancel()
	a.running.Wait()
}

func (c *conn) Call(ctx context.Context, module, operation string, request []byte) ([]byte, error) {
	if err := transport.CheckCall(module, operation, request); err != nil {
		return nil, err
	}
	for {
		a, err := c.pick(ctx, answerKey{module, operation})
		if err != nil {
			return nil, err
		}
		answer, ok, err := a.run(ctx, request)
		a.running.Done()
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", operation, module, err)
		}
		if ok {
			return answer, nil
		}
	}
}

// pick returns whose turn it is, and counts the call as running there.
func (c *conn) pick(ctx context.Context, key answerKey) (*answerer, error) {
	var a *answerer
	err := c.locked(ctx, func() {
		if same := c.bus.answers[key]; same != nil {
			same.turn = (same.turn + 1) % len(same.all)
			a = same.all[same.turn]
			a.running.Add(1)
		}
	})
	if err == nil && a == nil {
		err = fmt.Errorf("%w: nobody answers %s of %s", transport.ErrUnavailable, key.operation, key.module)
	}
	return a, err
}

// run has the request answered. It returns false if the answerer stopped before
// it began. The caller goes on when its context ends, whatever the answer does.
func (a *answerer) run(ctx context.Context, request []byte) ([]byte, bool, error) {
	select {
	case a.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, false, ctx.Err()
	case <-a.ctx.Done():
		return nil, false, nil
	}
	answered := make(chan []byte, 1)
	within, cancel := context.WithCancel(a.ctx)
	a.running.Go(func() {
		defer cancel()
		defer func() { <-a.slots }()
		answered <- a.answer(within, slices.Clone(request))
	})
	select {
	case answer := <-answered:
		if len(answer) > transport.MaxCall {
			return nil, false, fmt.Errorf("%w: the answer has %d bytes; %d is the most", transport.ErrInvalid, len(answer), transport.MaxCall)
		}
		return slices.Clone(answer), true, nil
	case <-ctx.Done():
		cancel()
		return nil, false, ctx.Err()
	}
}
