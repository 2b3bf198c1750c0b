package nats

import (
	"sync"
	"time"

	"github.com/landfall-go/landfall/transport"
)

// heads are announcements to be delivered. As long as messages of a topic come,
// the announced one may be among those on their way: its receiver is not to ask
// the sender for what comes by itself. If it is lost, the next message shows the
// gap, or there is no next one.
type heads struct {
	mu   sync.Mutex
	head map[transport.Topic]head
	came chan struct{}
}

type head struct {
	number uint64
	since  time.Time // when it was announced first, or a message of its topic was taken
}

func newHeads() *heads {
	return &heads{head: make(map[transport.Topic]head), came: make(chan struct{}, 1)}
}

// set notes what was announced. Zero only wakes the subscription.
func (h *heads) set(topic transport.Topic, number uint64) {
	h.mu.Lock()
	if number > 0 {
		since := h.head[topic].since
		if since.IsZero() {
			since = time.Now()
		}
		h.head[topic] = head{number, since}
	}
	h.mu.Unlock()
	select {
	case h.came <- struct{}{}:
	default:
	}
}

// restore notes what could not be delivered, unless there is something newer.
func (h *heads) restore(topic transport.Topic, number uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, newer := h.head[topic]; !newer {
		h.head[topic] = head{number, time.Now()}
	}
}

// moved notes that messages of a topic were taken.
func (h *heads) moved(topic transport.Topic) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if old, ok := h.head[topic]; ok {
		h.head[topic] = head{old.number, time.Now()}
	}
}

// beyond says whether a head is beyond what has been taken.
func (h *heads) beyond(taken map[transport.Topic]uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for topic, head := range h.head {
		if head.number > taken[topic] {
			return true
		}
	}
	return false
}

// all removes and returns all heads.
func (h *heads) all() map[transport.Topic]uint64 { return h.remove(0) }

// late removes and returns those whose topic has not moved for long.
func (h *heads) late() map[transport.Topic]uint64 { return h.remove(latest) }

func (h *heads) remove(after time.Duration) map[transport.Topic]uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out map[transport.Topic]uint64
	for topic, head := range h.head {
		if time.Since(head.since) < after {
			continue
		}
		if out == nil {
			out = make(map[transport.Topic]uint64)
		}
		out[topic] = head.number
		delete(h.head, topic)
	}
	return out
}
