package landfall

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/transport"
)

const (
	eventRelay   = "relay of events"
	commandRelay = "relay to " // and the module
	// carryBatch is how many messages are handed over at once.
	carryBatch = 1000
	// resendScan bounds how many records one answer to a receiver looks at, and
	// resendBytes how much it carries.
	resendScan  = 20_000
	resendBytes = 1 << 20
	// Announcements come the more rarely the longer nothing was sent.
	firstAnnouncement = time.Second
	lastAnnouncement  = 30 * time.Second
)

// relay follows the log and hands on what leaves the module: the events that it
// publishes, or its commands to one other module. The log is the outbox: the
// relay keeps nothing but its position.
type relay struct {
	m        *module
	topic    transport.Topic
	consumer *consumer
}

func newRelay(m *module, topic transport.Topic) *relay {
	r := &relay{m: m, topic: topic}
	name, kinds := eventRelay, []*eventSpec(nil)
	if topic.To != "" {
		name = commandRelay + topic.To
		kinds = append(kinds, m.spec.sentTo[topic.To])
	} else {
		for _, e := range m.spec.events {
			if m.spec.published[e] {
				kinds = append(kinds, e)
			}
		}
	}
	r.consumer = newConsumer(m, name, "relay", kinds, r)
	r.consumer.raw = true
	return r
}

// relays are those that the wiring asks for, and those of commands that an
// earlier version of the module may have left in the log.
func (m *module) openRelays(ctx context.Context) error {
	var topics []transport.Topic
	if len(m.spec.published) > 0 {
		topics = append(topics, transport.Topic{From: m.spec.name})
	}
	for _, to := range m.spec.destinations {
		topics = append(topics, transport.Topic{From: m.spec.name, To: to})
	}
	docs, err := m.log.List(ctx, positions, store.Query{Prefix: commandRelay, Limit: store.MaxList})
	if err != nil {
		return err
	}
	for _, doc := range docs {
		to := strings.TrimPrefix(doc.Key, commandRelay)
		if !slices.Contains(m.spec.destinations, to) && m.spec.sentTo[to] != nil {
			topics = append(topics, transport.Topic{From: m.spec.name, To: to})
		}
	}
	for _, topic := range topics {
		r := newRelay(m, topic)
		if err := r.consumer.open(ctx); err != nil {
			return err
		}
		m.relays = append(m.relays, r)
	}
	return nil
}

// work hands the messages over. They are on the road, or in the other module's
// log, before the relay's position moves on.
func (r *relay) work(ctx context.Context, events []*Recorded) (answer, error) {
	messages, err := r.m.messages(r.topic, r.consumer.last.Load(), events)
	if err != nil || len(messages) == 0 {
		return answer{}, err
	}
	for batch := range slices.Chunk(messages, carryBatch) {
		if err := r.m.host.carry(ctx, r.topic, batch); err != nil {
			return answer{}, err
		}
	}
	return answer{last: messages[len(messages)-1].Number}, nil
}

func (r *relay) done(*answer, bool) {}

// messages returns what goes on the road for the events, each with the number of
// the one before.
func (m *module) messages(topic transport.Topic, last uint64, events []*Recorded) ([]transport.Message, error) {
	messages := make([]transport.Message, 0, len(events))
	for _, e := range events {
		msg, goes, err := m.message(topic, e)
		if err != nil {
			return nil, fmt.Errorf("%s at position %d: %w", e.Type, e.Position, err)
		}
		if goes {
			msg.After, last = last, msg.Number
			messages = append(messages, msg)
		}
	}
	return messages, nil
}

// announce tells receivers from time to time how far the topic has come, so that
// one who missed the last messages finds out, also when they were sent before a
// restart.
func (r *relay) announce(ctx context.Context) {
	wait, told := firstAnnouncement, uint64(0)
	for sleep(ctx, wait) == nil {
		head := r.consumer.last.Load()
		if head == 0 {
			continue
		}
		if wait *= 2; head != told {
			wait = firstAnnouncement
		}
		wait, told = min(wait, lastAnnouncement), head
		// One that gets lost is made up for by the next.
		_ = r.m.host.config.Transport.Announce(ctx, r.topic, head)
	}
}

// resend is a request for messages that a receiver has missed.
type resend struct {
	Topic transport.Topic `json:"topic"`
	After uint64          `json:"after"`
	// ID is that of the message with the number After, and Record that of the
	// record in this place, as an answer told it. The receiver knows one of
	// them, or none.
	ID     ID `json:"id,omitzero"`
	Record ID `json:"record,omitzero"`
}

// resent is a part of the messages, in order. The receiver has everything up to
// Upto when it has taken them; when that is what it had before, there are no
// more.
type resent struct {
	Messages []transport.Message `json:"messages,omitempty"`
	Upto     uint64              `json:"upto"`
	// Record is the id of the record at Upto, by which the receiver can ask later
	// whether the log is still the same.
	Record ID `json:"record,omitzero"`
	// Anew says that the message that the receiver heard last is not in this
	// log, which then is not the one that it has heard: it asks again from the
	// beginning.
	Anew bool `json:"anew,omitempty"`
}

// resend reads messages from the log once more.
func (m *module) resend(ctx context.Context, r resend) (resent, error) {
	var (
		page []store.Record
		err  error
		size int
		c    = newRelay(m, r.Topic).consumer
	)
	answer, last := resent{Upto: r.After}, r.After
	if same, err := m.isAt(ctx, r); err != nil || !same {
		answer.Anew = err == nil
		return answer, err
	}
	for scanned := 0; scanned < resendScan && size < resendBytes; scanned += len(page) {
		if page, err = m.log.Read(ctx, answer.Upto, carryBatch, page[:0]); err != nil || len(page) == 0 {
			return answer, err
		}
		for i := range page {
			e, _ := c.readRaw(&page[i])
			messages, err := m.messages(r.Topic, last, []*Recorded{e})
			if err != nil {
				return answer, err
			}
			for _, msg := range messages {
				size += len(msg.Data) + 256
				last = msg.Number
			}
			answer.Messages = append(answer.Messages, messages...)
			answer.Upto, answer.Record = page[i].Position, page[i].ID
			if size >= resendBytes {
				break
			}
		}
	}
	return answer, nil
}

// isAt says whether the log is the one that the receiver has heard: it reaches as
// far, and has in that place what the receiver knows to be there.
func (m *module) isAt(ctx context.Context, r resend) (bool, error) {
	if r.After == 0 {
		return true, nil
	}
	page, err := m.log.Read(ctx, r.After-1, 1, nil)
	if err != nil || len(page) == 0 {
		return false, err
	}
	want := r.Record
	if r.ID != (ID{}) {
		if want = r.ID; r.Topic.To != "" {
			want = onTheWay("sent", r.ID)
		}
	}
	return want == ID{} || page[0].ID == want, nil
}

// readRaw reads a record for a relay: what today's code cannot read goes out as
// it is, because a gap would hold up everything behind it.
func (c *consumer) readRaw(r *store.Record) (*Recorded, error) {
	e, err := c.m.read(r, c.wanted)
	if err != nil {
		e.Event = json.RawMessage(r.Data)
	}
	return e, err
}
