package landfall

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/transport"
)

// heardDocuments keep how far a module has heard each topic.
const heardDocuments = "heard"

// inbox writes what comes from one topic into the log of the module that hears
// it: once, in order, and together with the number that it stands at. The road
// may lose, double and reorder; the inbox asks the sender for what is missing.
type inbox struct {
	m     *module
	topic transport.Topic

	mu     sync.Mutex
	opened bool
	fence  []byte
	last   uint64
	filled time.Time // when the sender was last asked
}

type heardDocument struct {
	Number uint64 `json:"number"`
}

// inboxes are those of a module, made when they are needed: which modules send
// commands is not known before they do.
type inboxes struct {
	mu  sync.Mutex
	all map[transport.Topic]*inbox
}

func (m *module) inbox(topic transport.Topic) *inbox {
	m.inboxes.mu.Lock()
	defer m.inboxes.mu.Unlock()
	if m.inboxes.all == nil {
		m.inboxes.all = map[transport.Topic]*inbox{}
	}
	b := m.inboxes.all[topic]
	if b == nil {
		b = &inbox{m: m, topic: topic}
		m.inboxes.all[topic] = b
	}
	return b
}

// known returns the inboxes of all topics that were ever heard or that the wiring
// names, in their order.
func (m *module) known(ctx context.Context) ([]*inbox, error) {
	var topics []transport.Topic
	for _, source := range m.spec.sources {
		topics = append(topics, transport.Topic{From: source})
	}
	docs, err := m.log.List(ctx, heardDocuments, store.Query{Limit: store.MaxList})
	if err != nil {
		return nil, err
	}
	for _, doc := range docs {
		if from, ok := bytes.CutSuffix([]byte(doc.Key), []byte(">"+m.spec.name)); ok {
			topics = append(topics, transport.Topic{From: string(from), To: m.spec.name})
		}
	}
	all := make([]*inbox, len(topics))
	for i, topic := range topics {
		all[i] = m.inbox(topic)
	}
	return all, nil
}

// take writes messages into the log. After nil they are there, or were before.
func (b *inbox) take(ctx context.Context, d transport.Delivery) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.open(ctx); err != nil {
		return err
	}
	messages := d.Messages
	byNumber := func(x, y transport.Message) int {
		switch {
		case x.Number < y.Number:
			return -1
		case x.Number > y.Number:
			return 1
		}
		return 0
	}
	if !slices.IsSortedFunc(messages, byNumber) {
		messages = slices.Clone(messages)
		slices.SortStableFunc(messages, byNumber)
	}
	for len(messages) > 0 {
		if messages[0].After > b.last { // some are missing
			if err := b.fill(ctx, messages[0].After); err != nil {
				return err
			}
		}
		n, err := b.write(ctx, messages)
		if err != nil {
			return err
		}
		messages = messages[n:]
	}
	if d.Head > b.last {
		return b.fill(ctx, d.Head)
	}
	return nil
}

// open reads where the inbox stands.
func (b *inbox) open(ctx context.Context) error {
	if b.opened {
		return nil
	}
	doc, err := b.m.log.Get(ctx, heardDocuments, b.topic.String())
	switch {
	case errors.Is(err, store.ErrNotFound):
		b.fence, b.last = nil, 0
	case err != nil:
		return err
	default:
		var heard heardDocument
		if err := json.Unmarshal(doc.Data, &heard); err != nil {
			return fmt.Errorf("how far %s was heard: %w: %w", b.topic, store.ErrCorrupt, err)
		}
		b.fence, b.last = doc.Data, heard.Number
	}
	b.opened = true
	return nil
}

// write stores the messages at the beginning that follow each other, and returns
// how many those were.
func (b *inbox) write(ctx context.Context, messages []transport.Message) (int, error) {
	for {
		appends, upto, n := b.next(messages)
		if upto == b.last {
			return n, nil
		}
		err := b.commit(ctx, appends, upto)
		switch {
		case errors.Is(err, store.ErrConflict): // another instance was first
			b.opened = false
			if err := b.open(ctx); err != nil {
				return 0, err
			}
		case errors.Is(err, store.ErrDuplicate): // it went on without its number
			return n, b.writeEach(ctx, appends, upto)
		default:
			return n, err
		}
	}
}

// next returns the appends for the messages up to the first gap, the number
// that the inbox stands at after them, and how many messages that is.
func (b *inbox) next(messages []transport.Message) (appends []store.Append, upto uint64, n int) {
	upto = b.last
	for i := range messages {
		msg := &messages[i]
		if msg.After > upto || len(appends) == carryBatch {
			break
		}
		n++
		if msg.Number <= upto {
			continue // it was here before
		}
		upto = msg.Number
		a, err := b.acceptable(msg)
		if err != nil {
			b.m.logger.Error("a message from another module is no message and was left out", "topic", b.topic.String(), "number", msg.Number, "type", msg.Type, "id", msg.ID, "error", err)
			continue
		}
		appends = append(appends, a)
	}
	return appends, upto, n
}

// acceptable refuses what no module sends, and what would be no record.
func (b *inbox) acceptable(msg *transport.Message) (store.Append, error) {
	if err := AggregateID(msg.Aggregate).check(); err != nil {
		return store.Append{}, err
	}
	if msg.ID == (ID{}) || msg.Type == "" || len(msg.Type) > store.MaxName/2 || len(msg.Actor) > store.MaxName || len(msg.Data) > store.MaxData {
		return store.Append{}, fmt.Errorf("its id, type, actor or data is missing or too long: %w", ErrInvalid)
	}
	if !json.Valid(msg.Data) {
		return store.Append{}, fmt.Errorf("its data is not JSON: %w", ErrInvalid)
	}
	a, err := received(b.topic, msg)
	if err == nil && len(a.Stream) > store.MaxName {
		err = fmt.Errorf("the name of its stream has %d bytes, %d are allowed: %w", len(a.Stream), store.MaxName, ErrInvalid)
	}
	return a, err
}

func (b *inbox) commit(ctx context.Context, appends []store.Append, upto uint64) error {
	fence, err := json.Marshal(heardDocument{upto})
	if err != nil {
		return err
	}
	key := b.topic.String()
	err = b.m.log.Commit(ctx, store.Changes{
		Expect:  []store.Expectation{{Collection: heardDocuments, Key: key, Data: b.fence}},
		Appends: appends,
		Writes:  []store.Write{{Collection: heardDocuments, Key: key, Data: fence}},
	})
	if err == nil {
		b.fence, b.last = fence, upto
	} else if !errors.Is(err, store.ErrDuplicate) {
		b.opened = false // what was stored is to be seen there
	}
	return err
}

// writeEach leaves out what is in the log already.
func (b *inbox) writeEach(ctx context.Context, appends []store.Append, upto uint64) error {
	missing := appends[:0]
	for _, a := range appends {
		there, err := b.m.log.ByCommand(ctx, a.Records[0].Command())
		if err != nil {
			return err
		}
		if len(there) == 0 {
			missing = append(missing, a)
		}
	}
	return b.commit(ctx, missing, upto)
}

// fill asks the sender for what comes after the last message, until the inbox
// stands at the number.
func (b *inbox) fill(ctx context.Context, upto uint64) error {
	for b.last < upto {
		again, err := b.ask(ctx)
		if err != nil {
			return fmt.Errorf("messages %d to %d of %s are missing, and %s did not send them again: %w", b.last+1, upto, b.topic, b.topic.From, err)
		}
		if again.Upto <= b.last {
			return fmt.Errorf("messages %d to %d of %s are missing, and %s does not have them: its log ends before; was it restored from an older backup? %w",
				b.last+1, upto, b.topic, b.topic.From, ErrNotFound)
		}
		if err := b.accept(ctx, again); err != nil {
			return err
		}
	}
	return nil
}

// catchUp asks the sender for everything that there is.
func (b *inbox) catchUp(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.open(ctx); err != nil {
		return err
	}
	for {
		again, err := b.ask(ctx)
		if err != nil || again.Upto <= b.last {
			return err
		}
		if err := b.accept(ctx, again); err != nil {
			return err
		}
	}
}

func (b *inbox) accept(ctx context.Context, again resent) error {
	for messages := again.Messages; len(messages) > 0; {
		n, err := b.write(ctx, messages)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("%s sent message %d of %s again, but not %d: %w", b.topic.From, messages[0].Number, b.topic, messages[0].After, ErrInvalid)
		}
		messages = messages[n:]
	}
	if again.Upto > b.last { // what lies between is not for us
		return b.commit(ctx, nil, again.Upto)
	}
	return nil
}

// ask has the sender send again what comes after the last message.
func (b *inbox) ask(ctx context.Context) (resent, error) {
	request := resend{Topic: b.topic, After: b.last}
	if source := b.m.host.byName[b.topic.From]; source != nil {
		return source.resend(ctx, request)
	}
	return call[resend, resent](ctx, b.m.host, b.topic.From, callResend, request)
}
