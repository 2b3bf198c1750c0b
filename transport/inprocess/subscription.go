package inprocess

import (
	"context"
	"sync"
	"time"

	"github.com/landfall-go/landfall/transport"
)

// What one delivery holds at most, and how long a failed one waits.
const (
	batchMessages = 500
	batchBytes    = 1 << 20
	firstPause    = 50 * time.Millisecond
	lastPause     = 2 * time.Second
)

// subscription delivers to one take, with a goroutine for each topic.
type subscription struct {
	bus   *Bus
	conn  *conn
	topic transport.Topic
	group *group
	take  func(context.Context, transport.Delivery) error

	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
	// stopped, under the bus's lock, says that no goroutine is to be started.
	stopped bool
	// heads, under the bus's lock, are announcements to be delivered.
	heads map[transport.Topic]uint64
}

func (c *conn) Subscribe(topic transport.Topic, name string, take func(context.Context, transport.Delivery) error) (func(), error) {
	if err := transport.CheckSubscribe(topic, name, take != nil); err != nil {
		return nil, err
	}
	b := c.bus
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.closed {
		return nil, transport.ErrClosed
	}
	s := &subscription{bus: b, conn: c, topic: topic, take: take, heads: make(map[transport.Topic]uint64)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	key := groupKey{topic: topic, name: name}
	if b.groups[key] == nil {
		b.groups[key] = &group{places: make(map[transport.Topic]*place)}
	}
	s.group = b.groups[key]
	b.subscriptions[s] = struct{}{}
	c.subscriptions[s] = struct{}{}
	if topic.From != "" {
		s.follow(b.lineWithout(s))
		return s.stop, nil
	}
	for have, l := range b.topics {
		if s.wants(have) {
			s.follow(l)
		}
	}
	return s.stop, nil
}

// lineWithout returns the line of the subscription's topic without having the
// bus follow it for s, which its caller does.
func (b *Bus) lineWithout(s *subscription) *line {
	delete(b.subscriptions, s)
	l := b.line(s.topic)
	b.subscriptions[s] = struct{}{}
	return l
}

func (s *subscription) wants(topic transport.Topic) bool {
	return topic.To == s.topic.To && (s.topic.From == "" || topic.From == s.topic.From)
}

// follow starts the delivery of a line, under the bus's lock.
func (s *subscription) follow(l *line) {
	if s.stopped {
		return
	}
	s.running.Go(func() { s.deliver(l) })
}

// stop ends the subscription and waits for a running take.
func (s *subscription) stop() {
	s.bus.mu.Lock()
	s.stopped = true
	delete(s.bus.subscriptions, s)
	delete(s.conn.subscriptions, s)
	s.bus.mu.Unlock()
	s.cancel()
	s.running.Wait()
}

// deliver is the goroutine of one topic.
func (s *subscription) deliver(l *line) {
	pause := firstPause
	for {
		delivery, at, ok := s.next(l)
		if !ok {
			return
		}
		err := s.take(s.ctx, delivery)
		if err == nil {
			pause = firstPause
			continue
		}
		s.failed(l, at, delivery.Head)
		select {
		case <-s.ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = min(2*pause, lastPause)
	}
}

// next waits for something to deliver. It returns false when the subscription
// has ended.
func (s *subscription) next(l *line) (transport.Delivery, span, bool) {
	for {
		s.bus.mu.Lock()
		if s.stopped {
			s.bus.mu.Unlock()
			return transport.Delivery{}, span{}, false
		}
		at := s.group.pull(l)
		d := transport.Delivery{Topic: l.topic, Messages: l.copies(at)}
		// An announcement waits for the messages before it.
		if at.to == l.first+uint64(len(l.kept)) {
			d.Head = s.heads[l.topic]
			delete(s.heads, l.topic)
		}
		grown := l.grown
		s.bus.mu.Unlock()
		if len(d.Messages) > 0 || d.Head > 0 {
			return d, at, true
		}
		select {
		case <-s.ctx.Done():
		case <-grown:
		}
	}
}

// failed gives back what could not be taken.
func (s *subscription) failed(l *line, at span, head uint64) {
	s.bus.mu.Lock()
	defer s.bus.mu.Unlock()
	if at.from < at.to {
		s.group.giveBack(l, at)
	}
	if head > s.heads[l.topic] {
		s.heads[l.topic] = head
	}
	l.wake()
}
