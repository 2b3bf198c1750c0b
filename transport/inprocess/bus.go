package inprocess

import (
	"maps"
	"slices"
	"sync"

	"github.com/landfall-go/landfall/transport"
)

// What a bus keeps of each topic unless an option says otherwise.
const (
	defaultMessages = 100_000
	defaultBytes    = 64 << 20
)

// Bus joins hosts of one process. It is safe for concurrent use. The zero Bus is
// not usable; New makes one.
type Bus struct {
	maxMessages int
	maxBytes    int

	mu            sync.Mutex
	topics        map[transport.Topic]*line
	groups        map[groupKey]*group
	subscriptions map[*subscription]struct{}
	answers       map[answerKey]*answerers
}

// Option changes what New makes.
type Option func(*Bus)

// WithKept has the bus keep at most so many messages and bytes of each topic,
// instead of 100,000 and 64 MB. The oldest are forgotten first, whoever has not
// had them yet: the ends ask for them again.
func WithKept(messages, bytes int) Option {
	return func(b *Bus) { b.maxMessages, b.maxBytes = max(messages, 1), max(bytes, 1) }
}

// New returns a bus that nobody is connected to.
func New(options ...Option) *Bus {
	b := &Bus{
		maxMessages:   defaultMessages,
		maxBytes:      defaultBytes,
		topics:        make(map[transport.Topic]*line),
		groups:        make(map[groupKey]*group),
		subscriptions: make(map[*subscription]struct{}),
		answers:       make(map[answerKey]*answerers),
	}
	for _, option := range options {
		option(b)
	}
	return b
}

// Lose forgets all messages and the places of all subscriptions, as a road that
// has lost its disk. Subscriptions go on with what is published next.
func (b *Bus) Lose() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.topics {
		l.first += uint64(len(l.kept))
		l.kept, l.bytes = nil, 0
	}
	for _, g := range b.groups {
		clear(g.places)
	}
}

// line is what is kept of a topic. A message's place is first plus its index.
type line struct {
	topic transport.Topic
	first uint64
	kept  []transport.Message
	bytes int
	// grown is closed, and replaced, when there is more to deliver.
	grown chan struct{}
}

func (b *Bus) line(topic transport.Topic) *line {
	l := b.topics[topic]
	if l != nil {
		return l
	}
	l = &line{topic: topic, grown: make(chan struct{})}
	b.topics[topic] = l
	for s := range b.subscriptions {
		if s.wants(topic) {
			s.follow(l)
		}
	}
	return l
}

func (l *line) wake() {
	close(l.grown)
	l.grown = make(chan struct{})
}

// add appends copies, and forgets the oldest beyond the bounds.
func (b *Bus) add(l *line, messages []transport.Message) {
	for i := range messages {
		m := clone(messages[i])
		l.kept = append(l.kept, m)
		l.bytes += size(&m)
	}
	drop := 0
	for len(l.kept)-drop > b.maxMessages || l.bytes > b.maxBytes && drop < len(l.kept) {
		l.bytes -= size(&l.kept[drop])
		l.kept[drop] = transport.Message{}
		drop++
	}
	l.kept = l.kept[drop:]
	l.first += uint64(drop)
	l.wake()
}

// groupKey names what shares messages: all subscriptions to a topic under a name.
type groupKey struct {
	topic transport.Topic
	name  string
}

// group remembers what its subscriptions have had, also while there are none.
type group struct {
	places map[transport.Topic]*place
}

// place is how far a group is on a line.
type place struct {
	next uint64
	// again are spans that a subscription could not take, oldest first.
	again []span
}

// span is the places from up to but without to.
type span struct{ from, to uint64 }

func (g *group) place(topic transport.Topic) *place {
	p := g.places[topic]
	if p == nil {
		p = &place{}
		g.places[topic] = p
	}
	return p
}

// pull gives the next span of the line to a subscription; it is empty if there
// is nothing.
func (g *group) pull(l *line) span {
	p := g.place(l.topic)
	for len(p.again) > 0 {
		s := l.cut(p.again[0])
		if s.to < p.again[0].to {
			p.again[0].from = s.to
		} else {
			p.again = p.again[1:]
		}
		if s.from < s.to {
			return s
		}
	}
	s := l.cut(span{p.next, l.first + uint64(len(l.kept))})
	p.next = max(p.next, s.to)
	return s
}

// giveBack has the span delivered again, before what is new.
func (g *group) giveBack(l *line, s span) {
	p := g.place(l.topic)
	if s.from >= p.next {
		return // the bus has lost everything meanwhile
	}
	i, _ := slices.BinarySearchFunc(p.again, s.from, func(have span, from uint64) int { return int(have.from) - int(from) })
	p.again = slices.Insert(p.again, i, s)
}

// cut bounds a span by what is kept and by what one delivery may hold.
func (l *line) cut(s span) span {
	s.from = max(s.from, l.first)
	s.to = min(s.to, l.first+uint64(len(l.kept)))
	if s.from >= s.to {
		return span{s.from, s.from}
	}
	bytes := 0
	for at := s.from; at < s.to; at++ {
		bytes += size(&l.kept[at-l.first])
		if at > s.from && (at-s.from >= batchMessages || bytes > batchBytes) {
			s.to = at
		}
	}
	return s
}

// copies returns what a span holds, for a receiver to keep.
func (l *line) copies(s span) []transport.Message {
	messages := make([]transport.Message, 0, s.to-s.from)
	for at := s.from; at < s.to; at++ {
		messages = append(messages, clone(l.kept[at-l.first]))
	}
	return messages
}

// clone separates a message from the one who has it, as a network would.
func clone(m transport.Message) transport.Message {
	m.Time = m.Time.UTC()
	m.Metadata = maps.Clone(m.Metadata)
	m.Data = slices.Clone(m.Data)
	return m
}

// size is about what a message holds in memory.
func size(m *transport.Message) int {
	n := 160 + len(m.Type) + len(m.Kind) + len(m.Aggregate) + len(m.Actor) + len(m.Data)
	for k, v := range m.Metadata {
		n += 32 + len(k) + len(v)
	}
	return n
}
