package landfall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/landfall-go/landfall/store"
)

// policyLanes is how many aggregates a policy answers at once.
const policyLanes = 64

// policy sends commands in answer to events.
type policy struct {
	m        *module
	spec     *policySpec
	unless   map[*eventSpec]bool
	consumer *consumer
}

func newPolicy(m *module, spec *policySpec) *policy {
	p := &policy{m: m, spec: spec, unless: map[*eventSpec]bool{}}
	for _, e := range spec.unless {
		p.unless[e] = true
	}
	p.consumer = newConsumer(m, spec.name, "policy", append([]*eventSpec{spec.event}, spec.unless...), p)
	return p
}

// work answers the events of different aggregates at once, and those of one
// aggregate in order.
func (p *policy) work(ctx context.Context, events []*Recorded) (answer, error) {
	return p.m.inLanes(ctx, events, policyLanes, p.answerEvent)
}

// inLanes has events answered, those of one stream one after the other, those of
// different ones at once, as many as there may be lanes.
func (m *module) inLanes(ctx context.Context, events []*Recorded, most int, one func(context.Context, *Recorded, *answer) error) (answer, error) {
	if !m.host.started.Load() || len(events) == 1 {
		return inLane(ctx, events, one)
	}
	lanes := m.lanes(events, most)
	var (
		group   sync.WaitGroup
		answers = make([]answer, len(lanes))
		errs    = make([]error, len(lanes))
	)
	for i := range lanes {
		group.Go(func() { answers[i], errs[i] = inLane(ctx, lanes[i], one) })
	}
	group.Wait()
	var all answer
	for i := range answers {
		all.writes = append(all.writes, answers[i].writes...)
		all.appends = append(all.appends, answers[i].appends...)
		all.of = append(all.of, answers[i].of...)
		for _, f := range answers[i].failed {
			all.fail(f.event, f.err)
		}
	}
	sort.Stable(&all)
	return all, errors.Join(errs...)
}

// lanes divides events so that those of one stream stay together, in order.
func (m *module) lanes(events []*Recorded, most int) (lanes [][]*Recorded) {
	places := make([]int, most) // in lanes, from one
	for _, e := range events {
		place := &places[m.cache.lane(e.stream)%uint64(most)]
		if *place == 0 {
			lanes = append(lanes, nil)
			*place = len(lanes)
		}
		lanes[*place-1] = append(lanes[*place-1], e)
	}
	return lanes
}

// Commands to other modules are sent in the order of the events that they
// answer: sort.Interface.

// Len returns the number of commands.
func (a *answer) Len() int { return len(a.appends) }

// Less says whether a command answers an earlier event.
func (a *answer) Less(i, j int) bool { return a.of[i] < a.of[j] }

// Swap changes the places of two commands.
func (a *answer) Swap(i, j int) {
	a.appends[i], a.appends[j] = a.appends[j], a.appends[i]
	a.of[i], a.of[j] = a.of[j], a.of[i]
}

// inLane answers events one after the other.
func inLane(ctx context.Context, events []*Recorded, one func(context.Context, *Recorded, *answer) error) (answer, error) {
	var a answer
	for _, e := range events {
		if _, failed := a.failed[e.stream]; failed {
			continue
		}
		sent := len(a.appends)
		err := one(ctx, e, &a)
		for len(a.of) < len(a.appends) {
			a.of = append(a.of, e.Position)
		}
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return answer{}, ctx.Err()
		case errors.Is(err, store.ErrFull), errors.Is(err, store.ErrClosed), errors.Is(err, store.ErrCorrupt), unavailable(err):
			return answer{}, err // it is not the event's fault
		default:
			a.appends, a.of = a.appends[:sent], a.of[:sent] // all of an answer is sent, or nothing
			a.fail(e, err)
		}
	}
	return a, nil
}

func (p *policy) done(*answer, bool) {
	if p.spec.after > 0 {
		p.m.timers.waiter.rouse()
	}
}

func (p *policy) answerEvent(ctx context.Context, e *Recorded, a *answer) (err error) {
	if around := p.m.host.config.Hooks.Around; around != nil {
		var done func(error)
		ctx, done = around(ctx, Operation{Kind: OpPolicy, Module: p.m.spec.name, Name: p.spec.name, Aggregate: e.Aggregate, ID: e.ID, Events: 1})
		defer func() { done(err) }()
	}
	if p.unless[e.kind] {
		if err := p.withdraw(ctx, e, a); err != nil {
			return err
		}
	}
	if e.kind != p.spec.event {
		return nil
	}
	commands, err := p.ask(e)
	if err != nil {
		return err
	}
	for i, c := range commands {
		msg, to, err := p.address(e, c, i)
		if err != nil {
			return err
		}
		switch {
		case p.spec.after > 0:
			err = p.schedule(e, msg, to, a)
		case to.handler == nil:
			err = p.sendAway(msg, to, a)
		default:
			err = p.send(ctx, msg, to)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *policy) ask(e *Recorded) (commands []Command, err error) {
	defer guard(&err, "policy "+p.spec.name)
	return p.spec.answer(e), nil
}

// address completes a policy's command to a message, whose id follows from the
// policy, the event and the command's place.
func (p *policy) address(e *Recorded, c Command, i int) (Message, *destinationSpec, error) {
	msg, ok := c.(Message)
	if !ok {
		msg = Message{To: e.Aggregate, Command: c}
	}
	msg.ID, msg.Key = store.DerivedCommandID(p.m.spec.name+"."+p.spec.name, e.ID, i), ""
	msg.Trigger, msg.Correlation = e.ID, e.Correlation
	if msg.Actor == "" {
		msg.Actor = e.Actor
	}
	if msg.Metadata == nil {
		msg.Metadata = e.Extra
	}
	t := reflect.TypeOf(msg.Command)
	for i := range p.spec.sends {
		if p.spec.sends[i].goType == t {
			return msg, &p.spec.sends[i], nil
		}
	}
	return msg, nil, fmt.Errorf("policy %s returned %T, which it does not declare; add it to landfall.Sends: %w", p.spec.name, msg.Command, ErrInvalid)
}

// send has the command answered before the policy's position moves on. What is
// rejected is an answer too.
func (p *policy) send(ctx context.Context, msg Message, to *destinationSpec) error {
	_, err := p.m.dispatch(ctx, &msg, to.handler)
	return p.m.settled(err, p.spec.name, to.name, msg)
}

// sendAway leaves a command to another module in the own log, in the commit of
// the policy's position. A relay takes it from there.
func (p *policy) sendAway(msg Message, to *destinationSpec, a *answer) error {
	data, err := encodeJSON(msg.Command)
	if err != nil {
		return fmt.Errorf("encode %s: %w", to.name, err)
	}
	sent, err := p.m.sent(to.module, to.name, data, &msg)
	a.appends = append(a.appends, sent)
	return err
}

// settled logs a rejection, after which there is nothing more to do.
func (m *module) settled(err error, policy, command string, msg Message) error {
	if errors.Is(err, ErrRejected) {
		m.logger.Info("a policy's command was rejected", "policy", policy, "command", command, "aggregate", msg.To, "trigger", msg.Trigger, "reason", err)
		return nil
	}
	return err
}

const (
	timerDocuments = "timers"
	timerIndex     = "timers-of/" // and the policy's name
)

// timer is a command that waits for its time, as it is stored.
type timer struct {
	Policy      string            `json:"policy"`
	Module      string            `json:"module,omitempty"` // another module
	Name        string            `json:"name"`
	Data        json.RawMessage   `json:"data"`
	To          AggregateID       `json:"to"`
	ID          ID                `json:"id"`
	Trigger     ID                `json:"trigger"`
	Correlation ID                `json:"correlation"`
	Actor       string            `json:"actor,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	Stream      string            `json:"stream"` // of the event that set it
	Due         time.Time         `json:"due"`
	Attempts    int               `json:"attempts,omitempty"`
}

func (t *timer) key() string      { return dueKey(t.Due) + "/" + t.ID.String() }
func (t *timer) index() string    { return timerIndex + t.Policy }
func (t *timer) indexKey() string { return t.Stream + "/" + t.ID.String() }

// dueKey is what the keys of timers begin with; their order is that of time.
func dueKey(at time.Time) string { return fmt.Sprintf("%020d", at.UnixNano()) }

// writes stores the timer, with an index entry to find it by its stream.
func (t *timer) writes() ([]store.Write, error) {
	data, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	return []store.Write{
		{Collection: timerDocuments, Key: t.key(), Data: data},
		{Collection: t.index(), Key: t.indexKey(), Data: []byte(t.key())},
	}, nil
}

func (t *timer) deletes() []store.Write {
	return []store.Write{
		{Collection: timerDocuments, Key: t.key()},
		{Collection: t.index(), Key: t.indexKey()},
	}
}

func (p *policy) schedule(e *Recorded, msg Message, to *destinationSpec, a *answer) error {
	data, err := json.Marshal(msg.Command)
	if err != nil {
		return err
	}
	due := e.Time.Add(p.spec.after)
	t := timer{
		Policy: p.spec.name, Module: to.module, Name: to.name, Data: data, To: msg.To, ID: msg.ID,
		Trigger: msg.Trigger, Correlation: msg.Correlation, Actor: msg.Actor, Metadata: msg.Metadata,
		Stream: e.stream, Due: due,
	}
	writes, err := t.writes()
	a.writes = append(a.writes, writes...)
	return err
}

// withdraw takes back what the policy scheduled for the aggregate, in the store
// and in the same batch.
func (p *policy) withdraw(ctx context.Context, e *Recorded, a *answer) error {
	index := timerIndex + p.spec.name
	prefix := e.stream + "/"
	pending := map[string]string{}
	for _, w := range a.writes {
		if w.Collection == index && ofStream(w.Key, prefix) {
			if w.Data == nil {
				delete(pending, w.Key)
			} else {
				pending[w.Key] = string(w.Data)
			}
		}
	}
	for after := ""; ; {
		docs, err := p.m.log.List(ctx, index, store.Query{Prefix: prefix, After: after, Limit: 1000})
		if err != nil {
			return err
		}
		for _, doc := range docs {
			if ofStream(doc.Key, prefix) {
				pending[doc.Key] = string(doc.Data)
			}
			after = doc.Key
		}
		if len(docs) < 1000 {
			break
		}
	}
	now := dueKey(e.Time)
	for key, timerKey := range pending {
		if timerKey < now {
			continue // it was due before the event, and is only late
		}
		a.writes = append(a.writes,
			store.Write{Collection: index, Key: key},
			store.Write{Collection: timerDocuments, Key: timerKey})
	}
	return nil
}

// ofStream says whether a key of the index is the prefix and an id: "a/" is
// the prefix of "a" and begins the keys of "a/b" too.
func ofStream(key, prefix string) bool {
	return strings.HasPrefix(key, prefix) && len(key) == len(prefix)+len(ID{}.String())
}
