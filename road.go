package landfall

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/landfall-go/landfall/transport"
)

// carry hands messages over to whom they are for: to modules of this host
// directly, to all others by the transport.
func (h *Host) carry(ctx context.Context, topic transport.Topic, messages []transport.Message) error {
	delivery := transport.Delivery{Topic: topic, Messages: messages}
	for _, m := range h.modules {
		if !h.direct() || !m.hears(topic) {
			continue
		}
		if err := m.inbox(topic).take(ctx, delivery); err != nil {
			return fmt.Errorf("hand %s over: %w", topic, err)
		}
		if topic.To != "" {
			return nil
		}
	}
	if h.config.Transport != nil {
		return h.config.Transport.Publish(ctx, topic, messages)
	}
	if topic.To != "" {
		return fmt.Errorf("module %s does not run here, and Config.Transport is nil: %w", topic.To, ErrUnavailable)
	}
	return nil
}

// direct says whether modules of this host hand over without the transport. On
// a store that several hosts share, the instance that hears a topic may be in
// another one.
func (h *Host) direct() bool { return h.config.Transport == nil || !h.shared }

// hears says whether the module is to record the messages of a topic.
func (m *module) hears(topic transport.Topic) bool {
	if topic.To != "" {
		return topic.To == m.spec.name
	}
	return slices.Contains(m.spec.sources, topic.From)
}

// join connects the modules to the transport. The caller stops what it returns.
func (h *Host) join() {
	for _, m := range h.modules {
		stops, err := m.answerAll()
		h.stops = append(h.stops, stops...)
		if err != nil {
			m.logger.Error("the module cannot be asked by other processes", "error", err)
		}
		for _, topic := range m.topics() {
			h.background(func(ctx context.Context) { m.follow(ctx, topic) })
		}
		for _, r := range m.relays {
			h.background(r.announce)
		}
	}
}

// topics returns what the module subscribes to: what other modules publish and
// it hears, and the commands from all modules.
func (m *module) topics() []transport.Topic {
	topics := []transport.Topic{{To: m.spec.name}}
	for _, source := range m.spec.sources {
		if m.host.byName[source] == nil || m.host.shared {
			topics = append(topics, transport.Topic{From: source})
		}
	}
	return topics
}

// inboxName is the name of the work of following a topic.
func inboxName(topic transport.Topic) string { return "inbox " + topic.String() }

// follow listens to a topic for as long as it is this instance's to do so.
func (m *module) follow(ctx context.Context, topic transport.Topic) {
	name := inboxName(topic)
	for ctx.Err() == nil {
		if !m.members.await(ctx, name) {
			return
		}
		if err := m.listen(ctx, topic, name); err != nil && ctx.Err() == nil {
			m.logger.Error("the module cannot listen to a topic, and tries again", "topic", topic.String(), "error", err)
			_ = sleep(ctx, time.Second) // the loop sees the end of the context
		}
	}
}

// listen subscribes until another instance takes over.
func (m *module) listen(ctx context.Context, topic transport.Topic, name string) error {
	m.forgetInboxes(topic)
	troubled := &trouble{}
	stop, err := m.host.config.Transport.Subscribe(topic, m.spec.name, func(ctx context.Context, d transport.Delivery) error {
		if !m.members.owns(name) {
			return fmt.Errorf("another instance listens to %s now: %w", topic, ErrUnavailable)
		}
		err := m.inbox(d.Topic).take(ctx, d)
		if troubled.changed(err) && ctx.Err() == nil {
			m.logger.Warn("messages cannot be taken, and are tried again", "topic", d.Topic.String(), "error", err)
		}
		return err
	})
	if err != nil {
		return err
	}
	defer stop()
	listening, cancel := context.WithCancel(ctx)
	var catching sync.WaitGroup
	catching.Go(func() { m.catchUp(listening, topic) })
	defer catching.Wait()
	defer cancel()
	m.members.lost(ctx, name)
	return nil
}

// catchUp asks the senders for what was missed while nobody here listened.
func (m *module) catchUp(ctx context.Context, topic transport.Topic) {
	wait := 50 * time.Millisecond
	for ; ctx.Err() == nil; wait = min(2*wait, 5*time.Second) {
		all, err := m.known(ctx)
		for _, b := range all {
			if b.topic.To == topic.To && (topic.From == "" || topic.From == b.topic.From) {
				err = errors.Join(err, b.catchUp(ctx))
			}
		}
		if err == nil || sleep(ctx, wait) != nil {
			return
		}
		if !errors.Is(err, ErrUnavailable) && !errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			m.logger.Warn("what a module has missed could not be asked for, and is asked for again", "topic", topic.String(), "error", err)
		}
	}
}

// forgetInboxes has inboxes look again where they stand, because another
// instance may have gone on.
func (m *module) forgetInboxes(topic transport.Topic) {
	m.inboxes.mu.Lock()
	defer m.inboxes.mu.Unlock()
	for t, b := range m.inboxes.all {
		if t.To == topic.To && (topic.From == "" || t.From == topic.From) {
			b.mu.Lock()
			b.opened = false
			b.mu.Unlock()
		}
	}
}

// trouble tells new errors from those that go on.
type trouble struct {
	mu   sync.Mutex
	last string
}

// changed says whether this is an error, and another one than the last.
func (t *trouble) changed(err error) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := ""
	if err != nil {
		text = err.Error()
	}
	changed := text != "" && text != t.last
	t.last = text
	return changed
}
