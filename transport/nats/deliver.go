package nats

import (
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/landfall-go/landfall/transport"
)

// Bounds of one delivery, and of how often it is tried here before another
// instance may try.
const (
	batchMessages = 500
	batchBytes    = 1 << 20
	firstPause    = 50 * time.Millisecond
	lastPause     = 2 * time.Second
	tries         = 7 // about five seconds
)

// queue hands messages from the connection to a subscription. Its bounds hold up
// the connection's side.
type queue struct {
	mu       sync.Mutex
	room     sync.Cond
	messages []jetstream.Msg
	bytes    int
	ending   bool // the last messages come
	closed   bool
	ready    chan struct{} // has a value while there are messages
}

func newQueue() *queue {
	q := &queue{ready: make(chan struct{}, 1)}
	q.room.L = &q.mu
	return q
}

// push waits for room. A closed queue gives the message back.
func (q *queue) push(m jetstream.Msg) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.closed && !q.ending && (len(q.messages) >= batchMessages || q.bytes >= batchBytes) {
		q.room.Wait()
	}
	if q.closed {
		_ = m.Nak()
		return
	}
	q.messages = append(q.messages, m)
	q.bytes += len(m.Data())
	q.tell()
}

func (q *queue) tell() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// pop returns what one delivery may hold.
func (q *queue) pop() []jetstream.Msg {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, bytes := 0, 0
	for ; n < len(q.messages) && n < batchMessages; n++ {
		bytes += len(q.messages[n].Data())
		if n > 0 && bytes > batchBytes {
			bytes -= len(q.messages[n].Data())
			break
		}
	}
	out := q.messages[:n:n]
	q.messages = append([]jetstream.Msg(nil), q.messages[n:]...)
	q.bytes -= bytes
	if len(q.messages) > 0 {
		q.tell()
	}
	q.room.Broadcast()
	return out
}

// putBack returns to the front what was popped last.
func (q *queue) putBack(messages []jetstream.Msg) {
	if len(messages) == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.messages = append(messages, q.messages...)
	for _, m := range messages {
		q.bytes += len(m.Data())
	}
}

// end makes room for what is on its way when no more is asked for.
func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ending = true
	q.room.Broadcast()
}

// close returns what is left.
func (q *queue) close() []jetstream.Msg {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.room.Broadcast()
	left := q.messages
	q.messages = nil
	return left
}

// share is what is delivered of one topic at once.
type share struct {
	delivery transport.Delivery
	messages []jetstream.Msg
	upto     []int // how many of the delivery's messages there are up to each of them
}

func (l *share) add(m jetstream.Msg, holds []transport.Message) {
	l.delivery.Messages = append(l.delivery.Messages, holds...)
	l.messages = append(l.messages, m)
	l.upto = append(l.upto, len(l.delivery.Messages))
}

// ack acknowledges what was taken. For events that is one acknowledgement for all
// that follow each other, since it stands for those before it, too.
func (l *share) ack() {
	for i, m := range l.messages {
		if l.delivery.Topic.To == "" && i+1 < len(l.messages) && l.number(i) < l.number(i+1) {
			continue
		}
		_ = m.Ack()
	}
}

// number returns that of the last message in one of NATS; 0 for one that could
// not be read.
func (l *share) number(i int) uint64 {
	if l.upto[i] == 0 {
		return 0
	}
	return l.delivery.Messages[l.upto[i]-1].Number
}

// deliver has messages taken, each topic's at once. What cannot be taken is tried
// again for a while, in order, and then given back. It returns what it had in hand
// when the subscription was stopped.
func (s *subscription) deliver(messages []jetstream.Msg) (had []jetstream.Msg) {
	left := s.split(messages)
	stopSigns := signs(messages, s.t.ackWait/3)
	defer stopSigns()
	for pause, try := firstPause, 0; ; try++ {
		left = s.attempt(left)
		if len(left) == 0 || try == tries || s.ctx.Err() != nil {
			break
		}
		select {
		case <-s.ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, lastPause)
	}
	for _, l := range left {
		if s.ctx.Err() != nil {
			had = append(had, l.messages...)
			continue
		}
		for _, m := range l.messages {
			_ = m.NakWithDelay(lastPause)
		}
	}
	return had
}

// attempt returns what could not be taken, and what comes after it in its topic.
// An acknowledgement that is lost has the message come again.
func (s *subscription) attempt(shares []*share) []*share {
	var left []*share
	for _, share := range shares {
		topic := share.delivery.Topic
		if s.ctx.Err() != nil || contains(left, topic) || len(share.delivery.Messages) > 0 && s.take(s.ctx, share.delivery) != nil {
			left = append(left, share)
			continue
		}
		share.ack()
		for i := range share.delivery.Messages {
			s.taken[topic] = max(s.taken[topic], share.delivery.Messages[i].Number)
		}
		s.heads.moved(topic)
	}
	return left
}

func contains(shares []*share, topic transport.Topic) bool {
	return slices.ContainsFunc(shares, func(s *share) bool { return s.delivery.Topic == topic })
}

// split sorts messages by topic, in their order, and opens batches, of which each
// stays in one share. What is no message of ours is thrown away.
func (s *subscription) split(messages []jetstream.Msg) []*share {
	var shares []*share
	var read []transport.Message
	last := make(map[transport.Topic]*share, 1)
	for _, m := range messages {
		topic, more, err := s.t.names.decode(read[:0], m.Subject(), m.Headers(), m.Data())
		if err == nil {
			err = transport.CheckPublish(topic, more)
		}
		if err != nil {
			s.t.logger.Error("a message cannot be read and is left out", "error", err)
			if s.topic.To != "" {
				_ = m.Term()
				continue
			}
			topic, more = s.topic, nil // to be acknowledged in its turn
		} else {
			read = more
		}
		to := last[topic]
		if to == nil || len(to.delivery.Messages)+len(more) > batchMessages {
			to = &share{delivery: transport.Delivery{Topic: topic, Messages: make([]transport.Message, 0, max(len(messages), len(more)))}}
			last[topic] = to
			shares = append(shares, to)
		}
		to.add(m, more)
	}
	return shares
}

// signs keeps the server from giving messages to another while they are being
// taken.
func signs(messages []jetstream.Msg, every time.Duration) (stop func()) {
	var mu sync.Mutex
	stopped := false
	var timer *time.Timer
	mu.Lock()
	defer mu.Unlock()
	timer = time.AfterFunc(every, func() {
		mu.Lock()
		defer mu.Unlock()
		if stopped {
			return
		}
		for _, m := range messages {
			_ = m.InProgress() // fails for those that were acknowledged
		}
		timer.Reset(every)
	})
	return func() {
		mu.Lock()
		defer mu.Unlock()
		stopped = true
		timer.Stop()
	}
}
