package landfall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"github.com/landfall-go/landfall/store"
)

// maxConflicts bounds how often a command is decided anew because another
// writer was first.
const maxConflicts = 16

// envelope is a message on its way through a module, with its ids settled.
type envelope struct {
	Message
	handler  *handlerSpec
	fresh    bool // the id was made here, so the command cannot be a repeat
	now      time.Time
	metadata []byte
}

func (e *envelope) seal(m *Message, h *handlerSpec) error {
	e.Message, e.handler, e.now = *m, h, time.Now()
	if err := m.To.check(); err != nil {
		return err
	}
	if len(m.Actor) > store.MaxName {
		return fmt.Errorf("the actor's name has %d bytes, %d are allowed: %w", len(m.Actor), store.MaxName, ErrInvalid)
	}
	switch {
	case m.Key != "":
		e.ID = store.KeyedCommandID(m.Key)
	case m.ID == ID{}:
		e.ID, e.fresh = store.NewCommandID(e.now), true
	default:
		e.ID = store.CommandOf(m.ID)
	}
	if m.Correlation == (ID{}) {
		e.Correlation = e.ID
	}
	if len(m.Metadata) > 0 {
		var err error
		if e.metadata, err = json.Marshal(m.Metadata); err != nil {
			return fmt.Errorf("the message's metadata: %w", err)
		}
	}
	return nil
}

// dispatch has one command answered.
func (m *module) dispatch(ctx context.Context, msg *Message, h *handlerSpec) (result Result, err error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	var e envelope
	if err := e.seal(msg, h); err != nil {
		return Result{}, fmt.Errorf("%s: %w", h.name, err)
	}
	if around := m.host.config.Hooks.Around; around != nil {
		var done func(error)
		ctx, done = around(ctx, Operation{Kind: OpDispatch, Module: m.spec.name, Name: h.name, Aggregate: e.To, ID: e.ID})
		defer func() { done(err) }()
	}
	if on := m.host.config.Hooks.Command; on != nil {
		on(ctx, e.Message)
	}
	if h.system != nil {
		result, err = m.perform(ctx, &e)
	} else {
		result, err = m.decide(ctx, &e)
	}
	if err != nil {
		return result, err
	}
	if on := m.host.config.Hooks.Events; on != nil && !result.Repeated && len(result.Events) > 0 {
		on(ctx, result.Events)
	}
	return result, nil
}

// decide asks the aggregate, and asks again when another writer was first.
func (m *module) decide(ctx context.Context, e *envelope) (Result, error) {
	h := e.handler
	for attempt := 1; ; attempt++ {
		result, err := m.decideOnce(ctx, e)
		switch {
		case err == nil:
			return result, nil
		case errors.Is(err, store.ErrDuplicate):
			return m.firstResult(ctx, e)
		case errors.Is(err, ErrConflict) && attempt < maxConflicts:
			if err := pause(ctx, attempt); err != nil {
				return Result{}, err
			}
		default:
			return Result{}, fmt.Errorf("%s on %s%s: %w", h.name, h.aggregate.prefix, e.To, err)
		}
	}
}

// decideOnce asks the aggregate while nobody else here can, or has it asked by who
// can.
func (m *module) decideOnce(ctx context.Context, e *envelope) (Result, error) {
	entry := m.cache.use(e.handler.aggregate.prefix, e.To)
	defer entry.users.Add(-1)
	alone := m.host.shared // see happen
	if !entry.line.take() {
		c := newCaller(ctx, e)
		c.alone = alone
		if entry.line.wait(c); c.done {
			return c.result, nil
		}
		alone, e.fresh = c.alone, c.e.fresh
	}
	defer entry.line.pass()
	if !alone {
		if others := entry.line.others(); len(others) > 0 {
			c := newCaller(ctx, e)
			if m.decideTogether(entry, slices.Insert(others, 0, c)); c.done {
				return c.result, nil
			}
			e.fresh = c.e.fresh
		}
	}
	return m.decideAlone(ctx, e, entry)
}

// decideAlone asks the aggregate for one command.
func (m *module) decideAlone(ctx context.Context, e *envelope, entry *cached) (Result, error) {
	if err := m.load(ctx, e.handler.aggregate, entry); err != nil {
		return Result{}, err
	}
	events, err := e.handler.ask(entry.state, e.Command)
	if err != nil || len(events) == 0 {
		return m.nothing(ctx, e, entry, err)
	}
	recorded, err := e.prepare(entry, events)
	if err != nil {
		return Result{}, err
	}
	if err := m.happen(ctx, e, entry, events); err != nil {
		return Result{}, err
	}
	m.snapshot(e.handler.aggregate, entry)
	return Result{Command: e.ID, Events: recorded}, nil
}

// happen stores the events and applies them to the state. They are applied first,
// so that none is stored that Apply cannot take. On a store that others write to
// as well they are stored first: who comes second still has a state that the log
// agrees with, and reads no more than what the other wrote.
func (m *module) happen(ctx context.Context, e *envelope, entry *cached, events []Event) error {
	a := e.handler.aggregate
	if !m.host.shared {
		if err := applyAll(a, entry, events); err != nil {
			entry.forget()
			return err
		}
	}
	if err := m.append(ctx, e, entry, entry.version); err != nil {
		if entry.behind = m.host.shared && errors.Is(err, ErrConflict); !entry.behind {
			entry.forget()
		}
		return err
	}
	if m.host.shared {
		if err := applyAll(a, entry, events); err != nil {
			entry.forget() // it is stored all the same; who loads it next is told
			m.logger.Error("an event was stored that cannot be applied", "stream", entry.stream, "error", err)
			return nil
		}
	}
	entry.version += uint64(len(events))
	return nil
}

// nothing returns the answer of a decision that leads to no event, once it is
// sure that the decision was asked about the present.
func (m *module) nothing(ctx context.Context, e *envelope, entry *cached, decided error) (Result, error) {
	if !e.fresh { // it may have been answered before the state was what it is now
		if first, err := m.firstResult(ctx, e); err != nil || first.Repeated {
			return first, err
		}
	}
	newer, err := m.log.ReadStream(ctx, entry.stream, entry.version, 1, nil)
	if err != nil {
		return Result{}, err
	}
	if len(newer) > 0 { // another process wrote: the state in memory is old
		entry.behind = true
		return Result{}, fmt.Errorf("the aggregate has gone on to version %d: %w", newer[0].Version, ErrConflict)
	}
	return Result{Command: e.ID}, decided
}

func (h *handlerSpec) ask(state any, c Command) (events []Event, err error) {
	defer guard(&err, h.label)
	return h.decide(state, c)
}

func applyAll(a *aggregateSpec, entry *cached, events []Event) (err error) {
	defer guard(&err, a.label)
	for _, event := range events {
		a.apply(entry.state, event)
	}
	return nil
}

// prepare turns events into records. The records lie in the entry, to be used
// again; what they carry as Value is the result.
func (e *envelope) prepare(entry *cached, events []Event) ([]Recorded, error) {
	if len(events) > store.MaxRecords {
		return nil, fmt.Errorf("%d events, at most %d may follow from one command: %w", len(events), store.MaxRecords, ErrInvalid)
	}
	enc := encoders.Get().(*encoder)
	defer encoders.Put(enc)
	now := e.timeFor(entry)
	recorded := make([]Recorded, len(events))
	entry.records = entry.records[:0]
	for i, event := range events {
		spec := e.handler.declared(event)
		if spec == nil {
			return nil, fmt.Errorf("the handler of %s returned %T, which it does not declare; add it to landfall.Emits: %w", e.handler.name, event, ErrInvalid)
		}
		data, err := enc.encode(event)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", spec.name, err)
		}
		r := &recorded[i]
		r.Event, r.stream, r.kind = event, entry.stream, spec
		r.ID, r.Aggregate, r.Type, r.Time = store.EventID(e.ID, i), e.To, spec.name, now
		r.Trigger, r.Correlation, r.Actor, r.Extra = e.Trigger, e.Correlation, e.Actor, e.Metadata
		entry.records = append(entry.records, store.Record{
			ID: r.ID, Type: spec.name, Time: now, Trigger: e.Trigger,
			Correlation: e.Correlation, Actor: e.Actor, Metadata: e.metadata, Data: data,
			Value: r,
		})
	}
	return recorded, nil
}

// timeFor returns the time of the events: that of the command, or later when it
// had to wait for another, so that times follow the order of the versions.
func (e *envelope) timeFor(entry *cached) time.Time {
	if e.now.Before(entry.last) {
		e.now = time.Now()
	}
	entry.last = e.now
	return e.now.UTC().Round(0)
}

// declared finds the event among those that the handler may lead to.
func (h *handlerSpec) declared(e Event) *eventSpec {
	t := reflect.TypeOf(e)
	for _, spec := range h.emits {
		if spec.goType == t {
			return spec
		}
	}
	return nil
}

func (m *module) append(ctx context.Context, e *envelope, entry *cached, expected uint64) (err error) {
	if around := m.host.config.Hooks.Around; around != nil {
		var done func(error)
		ctx, done = around(ctx, Operation{Kind: OpAppend, Module: m.spec.name, Name: e.handler.name, Aggregate: e.To, ID: e.ID, Events: len(entry.records)})
		defer func() { done(err) }()
	}
	_, err = m.log.Append(ctx, store.Append{Stream: entry.stream, Expected: expected, Records: entry.records})
	if len(entry.records) > 8 { // a few may stay until the next command
		entry.records = nil
	}
	return err
}

// firstResult returns what the command led to when it was first answered;
// Repeated is false when it was not.
func (m *module) firstResult(ctx context.Context, e *envelope) (Result, error) {
	records, err := m.log.ByCommand(ctx, e.ID)
	if err != nil || len(records) == 0 {
		return Result{Command: e.ID}, err
	}
	result := Result{Command: e.ID, Repeated: true}
	for i := range records {
		r, err := m.read(&records[i], nil)
		if err != nil {
			return Result{}, err
		}
		result.Events = append(result.Events, *r)
	}
	return result, nil
}

// perform hands a command to the outside. Commands about the same thing are
// performed one after the other, so that a repeat sees what the first led to.
func (m *module) perform(ctx context.Context, e *envelope) (Result, error) {
	h := e.handler
	stream := h.system.prefix + string(e.To)
	done, err := m.turns.take(ctx, stream)
	if err != nil {
		return Result{}, fmt.Errorf("%s by %s: %w", h.name, h.system.name, err)
	}
	defer done()
	if !e.fresh {
		if first, err := m.firstResult(ctx, e); err != nil || first.Repeated {
			return first, err
		}
	}
	events, err := m.callOutside(ctx, e)
	e.now = time.Now()
	var recorded []Recorded
	if err == nil && len(events) > 0 {
		// What happened outside is to be stored even if the caller is gone.
		recorded, err = m.outcome(context.WithoutCancel(ctx), e, stream, events)
	}
	switch {
	case errors.Is(err, store.ErrDuplicate): // another host was first
		return m.firstResult(ctx, e)
	case err != nil:
		return Result{}, fmt.Errorf("%s by %s: %w", h.name, h.system.name, err)
	}
	return Result{Command: e.ID, Events: recorded}, nil
}

// outcome stores what happened outside.
func (m *module) outcome(ctx context.Context, e *envelope, stream string, events []Event) ([]Recorded, error) {
	entry := &cached{stream: stream}
	recorded, err := e.prepare(entry, events)
	if err != nil {
		return nil, err
	}
	return recorded, m.append(ctx, e, entry, store.AnyVersion)
}

func (m *module) callOutside(ctx context.Context, e *envelope) (events []Event, err error) {
	if around := m.host.config.Hooks.Around; around != nil {
		var done func(error)
		ctx, done = around(ctx, Operation{Kind: OpPerform, Module: m.spec.name, Name: e.handler.name, Aggregate: e.To, ID: e.ID})
		defer func() { done(err) }()
	}
	ctx, cancel := context.WithTimeoutCause(ctx, e.handler.timeout,
		fmt.Errorf("it took longer than %v: %w", e.handler.timeout, context.DeadlineExceeded))
	defer cancel()
	defer guard(&err, e.handler.system.name)
	events, err = e.handler.perform(ctx, e.Command, e.ID)
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("%w (%w)", err, context.Cause(ctx))
	}
	return events, err
}

// pause waits before another attempt: twice as long each time, and a random
// part of that, so that two who collided do not collide again.
func pause(ctx context.Context, attempt int) error {
	wait := time.Millisecond << min(attempt-1, 7)
	return sleep(ctx, time.Duration(rand.Int64N(int64(wait))))
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
