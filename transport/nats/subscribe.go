package nats

import (
	"context"
	"errors"
	"strconv"
	"time"

	natsio "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/landfall-go/landfall/transport"
)

// Bounds of what a subscription has in hand.
const (
	pullMessages = 500
	pullBytes    = 4 << 20
	heartbeat    = 2 * time.Second        // twice this without a sign, and the consumer is looked after
	calm         = 100 * time.Millisecond // without messages, before an announcement is delivered
	latest       = 5 * time.Second        // without messages of its topic, after which it is delivered anyhow
)

// subscription is one Subscribe.
type subscription struct {
	t     *Transport
	topic transport.Topic
	name  string
	take  func(context.Context, transport.Delivery) error
	ctx   context.Context
	heads *heads
	taken map[transport.Topic]uint64 // the highest number of each topic
}

// Subscribe implements transport.Transport. One call of take has at most 500
// messages, or 1 MB and one message.
func (t *Transport) Subscribe(topic transport.Topic, name string, take func(context.Context, transport.Delivery) error) (func(), error) {
	if err := transport.CheckSubscribe(topic, name, take != nil); err != nil {
		return nil, err
	}
	s := &subscription{t: t, topic: topic, name: name, take: take, heads: newHeads(), taken: make(map[transport.Topic]uint64)}
	ctx, cancel := context.WithCancel(context.Background())
	s.ctx = ctx
	ended := make(chan struct{})
	stop := func() {
		cancel()
		<-ended
	}
	p, err := t.add(stop)
	if err != nil {
		cancel()
		return nil, err
	}
	go func() {
		defer close(ended)
		s.run()
	}()
	return func() { t.remove(p); stop() }, nil
}

// run keeps the subscription going until it is stopped.
func (s *subscription) run() {
	sub, err := s.t.conn.Subscribe(s.t.names.HeadsSubject(s.topic), s.announced)
	if err == nil {
		defer func() { _ = sub.Unsubscribe() }()
	}
	pause := firstRetry
	for s.ctx.Err() == nil {
		online, _ := s.t.changes()
		if !s.t.conn.IsConnected() {
			s.idle(lastRetry, online)
			continue
		}
		consumer, err := s.t.consumer(s.ctx, s.topic, s.name)
		if err == nil {
			pause = firstRetry
			err = s.consume(consumer, online)
		}
		if err == nil || s.ctx.Err() != nil {
			continue
		}
		if !errors.Is(err, jetstream.ErrStreamNotFound) && s.t.conn.IsConnected() {
			s.t.logger.Warn("a subscription is being mended", "topic", s.topic.String(), "name", s.name, "error", err)
			s.t.forget(s.topic)
		}
		s.idle(pause, online)
		pause = min(2*pause, lastRetry)
	}
}

// idle waits before the next attempt: until the connection comes back, until the
// sender is heard, or for so long.
func (s *subscription) idle(pause time.Duration, online <-chan struct{}) {
	next := time.NewTimer(pause)
	defer next.Stop()
	select {
	case <-s.ctx.Done():
	case <-next.C:
	case <-online:
	case <-s.heads.came:
	}
	s.deliverHeads(s.heads.all())
}

// announced is called with what the sender announces.
func (s *subscription) announced(m *natsio.Msg) {
	topic, err := s.t.names.topic(m.Subject)
	head, parseErr := strconv.ParseUint(string(m.Data), 10, 64)
	if err == nil && parseErr == nil {
		s.heads.set(topic, head)
	}
}

// deliverHeads delivers what was announced.
func (s *subscription) deliverHeads(heads map[transport.Topic]uint64) {
	for topic, head := range heads {
		if s.ctx.Err() == nil && s.take(s.ctx, transport.Delivery{Topic: topic, Head: head}) != nil {
			s.heads.restore(topic, head)
		}
	}
}

// consume delivers what the consumer has, until the subscription is stopped or
// something is wrong with the consumer.
func (s *subscription) consume(consumer jetstream.Consumer, online <-chan struct{}) error {
	q := newQueue()
	trouble := make(chan error, 1)
	consuming, err := consumer.Consume(q.push,
		jetstream.PullMaxMessagesWithBytesLimit(pullMessages, max(pullBytes, 2*int(s.t.conn.MaxPayload()))),
		jetstream.PullHeartbeat(heartbeat),
		jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
			if errors.Is(err, jetstream.ErrConsumerLeadershipChanged) {
				return // the next pull goes to the next leader
			}
			select {
			case trouble <- err:
			default:
			}
		}))
	if err != nil {
		return err
	}
	defer s.leave(consuming, q)
	quiet := time.NewTimer(calm)
	defer quiet.Stop()
	announced := false // and the timer set for it
	for {
		select {
		case <-s.ctx.Done():
			return nil
		case <-online: // a new connection: the server may have lost the consumer
			return nil
		case err := <-trouble:
			return err
		case <-consuming.Closed():
			return jetstream.ErrConsumerNotFound
		case <-q.ready:
			q.putBack(s.deliver(q.pop()))
			quiet.Reset(calm)
			s.deliverHeads(s.heads.late())
		case <-s.heads.came:
			if !announced {
				quiet.Reset(calm)
			}
			announced = true
		case <-quiet.C:
			if announced = s.moreComes(consumer); announced {
				s.deliverHeads(s.heads.late())
				quiet.Reset(calm)
				continue
			}
			s.deliverHeads(s.heads.all())
		}
	}
}

// moreComes says whether the server has messages on their way to an announced
// head, which the receiver need not ask the sender for.
func (s *subscription) moreComes(consumer jetstream.Consumer) bool {
	if !s.heads.beyond(s.taken) {
		return false
	}
	ctx, cancel := context.WithTimeout(s.ctx, time.Second)
	defer cancel()
	info, err := consumer.Info(ctx)
	return err != nil || info.NumPending > 0 || info.NumAckPending > 0
}

// leave ends the consuming. What was on its way is delivered, as the next ones
// would overtake what is given back; a subscription that is stopped gives it back.
func (s *subscription) leave(consuming jetstream.ConsumeContext, q *queue) {
	q.end()
	if s.t.conn.IsConnected() {
		closed := consuming.Closed()
		consuming.Drain()
		select {
		case <-closed:
		case <-time.After(time.Second):
			consuming.Stop()
		}
	} else {
		consuming.Stop()
	}
	for s.ctx.Err() == nil {
		messages := q.pop()
		if len(messages) == 0 {
			break
		}
		q.putBack(s.deliver(messages))
	}
	s.giveBack(q.close())
}

// giveBack returns messages to the server, for another instance. They go back
// together and in order when no more come, since the receipt for one event stands
// for those before it; what is not given back comes again after a while.
func (s *subscription) giveBack(messages []jetstream.Msg) {
	if len(messages) == 0 || !s.t.conn.IsConnected() {
		return
	}
	last := len(messages) - 1
	for _, m := range messages[:last] {
		_ = m.Nak()
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, _ = s.t.conn.RequestWithContext(ctx, messages[last].Reply(), []byte("-NAK")) // answered when all are there
}
