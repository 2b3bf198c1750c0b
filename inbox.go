package landfall

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

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
	lastID ID // of the message with the last number; zero when that is not known
	record ID // of the sender's record in the last place, where it is no message's
}

type heardDocument struct {
	Number uint64 `json:"number"`
	ID     ID     `json:"id,omitzero"`
	Record ID     `json:"record,omitzero"`
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
	byNumber := func(x, y transport.Message) int { return cmp.Compare(x.Number, y.Number) }
	if !slices.IsSortedFunc(messages, byNumber) {
		messages = slices.Clone(messages)
		slices.SortStableFunc(messages, byNumber)
	}
	for len(messages) > 0 {
		if messages[0].After > b.last { // some are missing
			err := b.fill(ctx, messages[0].After)
			if errors.Is(err, errNotThere) {
				b.m.logger.Error("a message from another module is not in that module's log, and was left out", "topic", b.topic.String(), "number", messages[0].Number, "id", messages[0].ID, "error", err)
				messages = messages[1:]
				continue
			}
			if err != nil {
				return err
			}
		}
		n, err := b.write(ctx, messages)
		if errors.Is(err, errCountsAnew) {
			n, err = 1, b.hearAnew(ctx, &messages[0])
		}
		if err != nil {
			return err
		}
		messages = messages[n:]
	}
	if d.Head > b.last {
		if err := b.fill(ctx, d.Head); !errors.Is(err, errNotThere) {
			return err
		}
	}
	return nil
}

// errNotThere says that a sender does not have what it has sent: its log was
// restored from an older backup.
var errNotThere = errors.New("the log ends before them")

// errCountsAnew says that a number comes again with another message.
var errCountsAnew = errors.New("the sender counts its messages anew")

// open reads where the inbox stands.
func (b *inbox) open(ctx context.Context) error {
	if b.opened {
		return nil
	}
	doc, err := b.m.log.Get(ctx, heardDocuments, b.topic.String())
	switch {
	case errors.Is(err, store.ErrNotFound):
		b.fence, b.last, b.lastID, b.record = nil, 0, ID{}, ID{}
	case err != nil:
		return err
	default:
		var heard heardDocument
		if err := json.Unmarshal(doc.Data, &heard); err != nil {
			return fmt.Errorf("how far %s was heard: %w: %w", b.topic, store.ErrCorrupt, err)
		}
		b.fence, b.last, b.lastID, b.record = doc.Data, heard.Number, heard.ID, heard.Record
	}
	b.opened = true
	return nil
}

// part is what one commit of an inbox takes.
type part struct {
	appends []store.Append
	taken   int // messages
	upto    uint64
	id      ID // as the inbox's lastID
	record  ID // as the inbox's
}

// write stores the messages at the beginning that follow each other, and returns
// how many those were.
func (b *inbox) write(ctx context.Context, messages []transport.Message) (int, error) {
	for {
		p, err := b.next(ctx, messages)
		if err != nil || p.upto == b.last && len(p.appends) == 0 {
			return p.taken, err
		}
		err = b.commit(ctx, p)
		switch {
		case errors.Is(err, store.ErrConflict): // another instance was first
			if err := b.open(ctx); err != nil {
				return 0, err
			}
		case errors.Is(err, store.ErrDuplicate): // it went on without its number
			return p.taken, b.writeMissing(ctx, p)
		default:
			return p.taken, err
		}
	}
}

// next returns what to do with the messages up to the first gap. When the first
// of them has the number of another one, it returns errCountsAnew.
func (b *inbox) next(ctx context.Context, messages []transport.Message) (part, error) {
	p := part{upto: b.last, id: b.lastID, record: b.record}
	for i := range messages {
		msg := &messages[i]
		if msg.After > p.upto || len(p.appends) == carryBatch {
			break
		}
		if msg.Number <= p.upto {
			old, err := b.has(ctx, msg)
			if err != nil {
				return p, err
			}
			if old || len(p.appends) > 0 && msg.Number > b.last {
				p.taken++
				continue // it was here before
			}
			if i == 0 {
				return p, errCountsAnew
			}
			break
		}
		p.taken++
		p.upto, p.id, p.record = msg.Number, msg.ID, ID{}
		a, err := b.acceptable(msg)
		if err != nil {
			b.m.logger.Error("a message from another module is no message and was left out", "topic", b.topic.String(), "number", msg.Number, "type", msg.Type, "id", msg.ID, "error", err)
			continue
		}
		p.appends = append(p.appends, a)
	}
	return p, nil
}

// has says whether a message is in the log already.
func (b *inbox) has(ctx context.Context, msg *transport.Message) (bool, error) {
	if msg.ID == b.lastID {
		return true, nil
	}
	a, err := b.acceptable(msg)
	if err != nil {
		return true, nil // it would be left out again
	}
	records, err := b.m.log.ByCommand(ctx, a.Records[0].Command())
	return len(records) > 0, err
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

func (b *inbox) commit(ctx context.Context, p part) error {
	fence, err := json.Marshal(heardDocument{p.upto, p.id, p.record})
	if err != nil {
		return err
	}
	key := b.topic.String()
	err = b.m.log.Commit(ctx, store.Changes{
		Expect:  []store.Expectation{{Collection: heardDocuments, Key: key, Data: b.fence}},
		Appends: p.appends,
		Writes:  []store.Write{{Collection: heardDocuments, Key: key, Data: fence}},
	})
	if err == nil {
		b.fence, b.last, b.lastID, b.record = fence, p.upto, p.id, p.record
	} else if !errors.Is(err, store.ErrDuplicate) {
		b.opened = false // what was stored is to be seen there
	}
	return err
}

// writeMissing leaves out what is in the log already.
func (b *inbox) writeMissing(ctx context.Context, p part) error {
	missing := p.appends[:0]
	seen := map[ID]bool{}
	for _, a := range p.appends {
		command := a.Records[0].Command()
		there, err := b.m.log.ByCommand(ctx, command)
		if err != nil {
			return err
		}
		if len(there) == 0 && !seen[command] {
			missing = append(missing, a)
		}
		seen[command] = true
	}
	p.appends = missing
	return b.commit(ctx, p)
}

// fill asks the sender for what comes after the last message, until the inbox
// stands at the number.
func (b *inbox) fill(ctx context.Context, upto uint64) error {
	for b.last < upto {
		more, err := b.askFor(ctx)
		if err != nil {
			return fmt.Errorf("messages %d to %d of %s are missing, and %s did not send them again: %w", b.last+1, upto, b.topic, b.topic.From, err)
		}
		if !more {
			return fmt.Errorf("messages %d to %d of %s are missing, %s: %w", b.last+1, upto, b.topic, b.topic.From, errNotThere)
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
		if more, err := b.askFor(ctx); err != nil || !more {
			return err
		}
	}
}

// hearAnew takes what is new in a log that is not the one that was heard, as a
// message shows whose number was another one's. What came before it on the road
// may have been lost, so all is asked for. A message that the sender does not
// have was on the road from before.
func (b *inbox) hearAnew(ctx context.Context, msg *transport.Message) error {
	theirs, err := b.request(ctx, resend{Topic: b.topic, After: msg.Number, ID: msg.ID})
	switch {
	case err != nil:
		return fmt.Errorf("message %d of %s is not the one that was heard, and %s does not say which is right: %w", msg.Number, b.topic, b.topic.From, err)
	case theirs.Anew:
		b.m.logger.Error("a message from another module is not in that module's log, and was left out", "topic", b.topic.String(), "number", msg.Number, "id", msg.ID)
		return nil
	}
	b.m.logger.Error("a module counts its messages anew, as after its log was restored from an older backup; all of it is heard again, and what is new taken",
		"topic", b.topic.String(), "number", msg.Number, "heard", b.last, "id", msg.ID)
	b.last, b.lastID, b.record = 0, ID{}, ID{}
	for more := true; more; {
		if more, err = b.askFor(ctx); err != nil {
			return fmt.Errorf("hear %s anew: %w", b.topic, err)
		}
	}
	return nil
}

// askFor takes what the sender has after the last message, a part of it, and says
// whether there was any.
func (b *inbox) askFor(ctx context.Context) (more bool, err error) {
	again, err := b.ask(ctx)
	if err != nil {
		return false, err
	}
	if again.Anew {
		if b.last == 0 {
			return false, fmt.Errorf("%s says that its log is another one than at the first message: %w", b.topic.From, ErrInvalid)
		}
		b.m.logger.Error("what a module has heard is not in the other's log, which may have been restored from an older backup; all of it is heard again, and what is new taken",
			"topic", b.topic.String(), "heard", b.last)
		b.last, b.lastID, b.record = 0, ID{}, ID{}
		return true, nil
	}
	if again.Upto <= b.last {
		return false, nil
	}
	return true, b.accept(ctx, again)
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
		return b.commit(ctx, part{upto: again.Upto, record: again.Record})
	}
	return nil
}

// ask has the sender send again what comes after the last message.
func (b *inbox) ask(ctx context.Context) (resent, error) {
	return b.request(ctx, resend{Topic: b.topic, After: b.last, ID: b.lastID, Record: b.record})
}

func (b *inbox) request(ctx context.Context, request resend) (resent, error) {
	if source := b.m.host.byName[b.topic.From]; source != nil {
		return source.resend(ctx, request)
	}
	return call[resend, resent](ctx, b.m.host, b.topic.From, callResend, request)
}
