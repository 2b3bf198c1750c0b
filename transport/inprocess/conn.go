package inprocess

import (
	"context"
	"fmt"

	"github.com/landfall-go/landfall/transport"
)

// conn is one host's connection to the bus.
type conn struct {
	bus *Bus
	// What follows is under the bus's lock.
	closed        bool
	subscriptions map[*subscription]struct{}
	answers       map[*answerer]struct{}
}

// Connect returns a transport for one host. Hosts with a connection each talk to
// one another as if they were processes. It needs no Close before the program
// ends.
func (b *Bus) Connect() transport.Transport {
	return &conn{bus: b, subscriptions: make(map[*subscription]struct{}), answers: make(map[*answerer]struct{})}
}

func (c *conn) Publish(ctx context.Context, topic transport.Topic, messages []transport.Message) error {
	if err := transport.CheckPublish(topic, messages); err != nil {
		return err
	}
	return c.locked(ctx, func() {
		if len(messages) > 0 {
			c.bus.add(c.bus.line(topic), messages)
		}
	})
}

func (c *conn) Announce(ctx context.Context, topic transport.Topic, head uint64) error {
	if err := transport.CheckTopic(topic); err != nil {
		return err
	}
	return c.locked(ctx, func() {
		l := c.bus.line(topic)
		for s := range c.bus.subscriptions {
			if s.wants(topic) {
				s.heads[topic] = head
			}
		}
		l.wake()
	})
}

// locked does something to the bus unless the connection or the context ended.
func (c *conn) locked(ctx context.Context, do func()) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("in-process transport: %w", err)
	}
	c.bus.mu.Lock()
	defer c.bus.mu.Unlock()
	if c.closed {
		return transport.ErrClosed
	}
	do()
	return nil
}

func (c *conn) Close() error {
	c.bus.mu.Lock()
	c.closed = true
	var stops []func()
	for s := range c.subscriptions {
		stops = append(stops, s.stop)
	}
	for a := range c.answers {
		stops = append(stops, a.stop)
	}
	c.bus.mu.Unlock()
	for _, stop := range stops {
		stop()
	}
	return nil
}
