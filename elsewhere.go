package landfall

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/landfall-go/landfall/store"
)

// elsewhere is a module that this program knows by its wiring and that runs in
// another process.
type elsewhere struct {
	host *Host
	spec *moduleSpec
}

// dispatch has a command answered by a module elsewhere. The command has its id
// from here, so that it may be sent again.
func (o *elsewhere) dispatch(ctx context.Context, msg *Message, h *handlerSpec) (result Result, err error) {
	var e envelope
	if err := e.seal(msg, h); err != nil {
		return Result{}, fmt.Errorf("%s: %w", h.name, err)
	}
	if around := o.host.config.Hooks.Around; around != nil {
		var done func(error)
		ctx, done = around(ctx, Operation{Kind: OpCall, Module: o.spec.name, Name: h.name, Aggregate: e.To, ID: e.ID})
		defer func() { done(err) }()
	}
	if on := o.host.config.Hooks.Command; on != nil {
		on(ctx, e.Message)
	}
	data, err := encodeJSON(msg.Command)
	if err != nil {
		return Result{}, fmt.Errorf("encode %s: %w", h.name, err)
	}
	request := dispatchRequest{
		ID: e.ID, Type: h.name, To: e.To, Actor: e.Actor, Metadata: e.Metadata,
		Trigger: e.Trigger, Correlation: e.Correlation, Data: data,
	}
	answer, err := retryCall(ctx, func() (dispatchResult, error) {
		return call[dispatchRequest, dispatchResult](ctx, o.host, o.spec.name, callDispatch, request)
	})
	if err != nil {
		return Result{}, err
	}
	result = Result{Command: answer.Command, Repeated: answer.Repeated}
	for i := range answer.Events {
		recorded, err := o.recorded(&answer.Events[i])
		if err != nil {
			return result, err
		}
		result.Events = append(result.Events, recorded)
	}
	if on := o.host.config.Hooks.Events; on != nil && !result.Repeated && len(result.Events) > 0 {
		on(ctx, result.Events)
	}
	return result, nil
}

func (o *elsewhere) recorded(e *sentEvent) (Recorded, error) {
	r := Recorded{kind: o.spec.today(e.Type), Metadata: Metadata{
		ID: e.ID, Aggregate: e.Aggregate, Version: e.Version, Position: e.Position, Type: e.Type, Time: e.Time.UTC(),
		Trigger: e.Trigger, Correlation: e.Correlation, Actor: e.Actor, Extra: e.Metadata,
	}}
	event, err := o.spec.decodeEvent(e.Type, e.Data)
	if err != nil {
		return r, fmt.Errorf("%w: %s of module %s: %w", ErrUnreadable, e.Type, o.spec.name, err)
	}
	r.Event = event
	return r, nil
}

// elsewhereView is a projection of a module elsewhere.
type elsewhereView struct {
	*elsewhere
	projection *projectionSpec
}

func (v *elsewhereView) get(ctx context.Context, key string) (store.Document, error) {
	doc, err := ask[viewDocument](ctx, v, callGet, viewRequest{Key: key})
	return store.Document{Key: doc.Key, Data: doc.Document}, err
}

func (v *elsewhereView) list(ctx context.Context, q store.Query) ([]store.Document, error) {
	found, err := ask[[]viewDocument](ctx, v, callList, viewRequest{Prefix: q.Prefix, After: q.After, Limit: q.Limit})
	docs := make([]store.Document, len(found))
	for i, doc := range found {
		docs[i] = store.Document{Key: doc.Key, Data: doc.Document}
	}
	return docs, err
}

func (v *elsewhereView) waitFor(ctx context.Context, position uint64) error {
	_, err := ask[struct{}](ctx, v, callWait, viewRequest{Position: position})
	return err
}

func ask[Result any](ctx context.Context, v *elsewhereView, operation string, request viewRequest) (Result, error) {
	request.Projection = v.projection.name
	return retryCall(ctx, func() (Result, error) {
		return call[viewRequest, Result](ctx, v.host, v.spec.name, operation, request)
	})
}

// load asks for an aggregate of a module elsewhere.
func (o *elsewhere) load(ctx context.Context, a *aggregateSpec, id AggregateID) (state any, version uint64, err error) {
	answer, err := retryCall(ctx, func() (loadResult, error) {
		return call[loadRequest, loadResult](ctx, o.host, o.spec.name, callLoad, loadRequest{Kind: a.name, ID: id})
	})
	if err != nil {
		return nil, 0, err
	}
	state = a.newState()
	if err := json.Unmarshal(answer.State, state); err != nil {
		return nil, 0, fmt.Errorf("state of %s %s of module %s: %w: %w", a.name, id, o.spec.name, ErrUnreadable, err)
	}
	return state, answer.Version, nil
}

func (o *elsewhere) deadLetters(ctx context.Context) ([]DeadLetter, error) {
	letters, err := call[struct{}, []letter](ctx, o.host, o.spec.name, callLetters, struct{}{})
	all := make([]DeadLetter, len(letters))
	for i, l := range letters {
		all[i] = DeadLetter{
			Module: o.spec.name, Consumer: l.Consumer, Aggregate: l.Aggregate, Event: l.Event, Type: l.Type,
			Position: l.Position, Attempts: l.Attempts, Error: l.Error, Since: l.Since, stream: l.Stream,
		}
	}
	return all, err
}

func (o *elsewhere) reopen(ctx context.Context, d DeadLetter, skip bool) error {
	_, err := call[reopenRequest, struct{}](ctx, o.host, o.spec.name, callReopen,
		reopenRequest{Consumer: d.Consumer, Stream: d.stream, Event: d.Event, Skip: skip})
	return err
}

// knowElsewhere notes the modules that run in other processes.
func (h *Host) knowElsewhere(specs []*moduleSpec) {
	for _, spec := range specs {
		o := &elsewhere{host: h, spec: spec}
		h.elsewhere = append(h.elsewhere, o)
		for _, handler := range spec.handlers {
			h.handlers[handler.commandType] = target{elsewhere: o, handler: handler}
		}
	}
}
