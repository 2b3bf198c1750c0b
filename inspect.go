package landfall

import (
	"context"
	"reflect"
	"strings"

	"github.com/landfall-go/landfall/internal/inspect"
)

// landfalltest asks the parts of a module without a host; this is its way in.
func init() {
	inspect.Of = func(module any) (*inspect.Module, error) {
		spec, err := compile(module.(Module))
		if err != nil {
			return nil, err
		}
		return spec.inspected(), nil
	}
}

func (m *moduleSpec) inspected() *inspect.Module {
	seen := &inspect.Module{Name: m.name, Events: map[reflect.Type]string{}}
	for _, h := range m.handlers {
		seen.Handlers = append(seen.Handlers, h.inspected())
	}
	for _, e := range m.events {
		if e.goType == nil {
			continue
		}
		seen.Events[e.goType] = strings.TrimPrefix(e.name, string(heardEvent))
	}
	for _, p := range m.policies {
		seen.Policies = append(seen.Policies, p.inspected())
	}
	for _, p := range m.projections {
		seen.Projections = append(seen.Projections, p.inspected())
	}
	return seen
}

func (h *handlerSpec) inspected() *inspect.Handler {
	seen := &inspect.Handler{Name: h.name, Command: h.commandType, Emits: typesOf(h.emits), Timeout: h.timeout}
	if h.system != nil {
		seen.Owner = h.system.name
		seen.Perform = func(ctx context.Context, command any, id ID) ([]any, error) {
			events, err := h.perform(ctx, command, id)
			return plain(events), err
		}
		return seen
	}
	seen.Owner = h.aggregate.name
	seen.Aggregate = &inspect.Aggregate{
		New:   h.aggregate.newState,
		Apply: func(state, event any) { h.aggregate.apply(state, event) },
	}
	seen.Decide = func(state, command any) ([]any, error) {
		events, err := h.decide(state, command)
		return plain(events), err
	}
	return seen
}

func (p *policySpec) inspected() *inspect.Policy {
	seen := &inspect.Policy{
		Name: p.name, Event: p.event.goType, After: p.after, Unless: typesOf(p.unless),
		Answer: func(recorded any) []any { return plain(p.answer(recorded.(*Recorded))) },
	}
	for _, to := range p.sends {
		seen.Sends = append(seen.Sends, to.goType)
	}
	return seen
}

func (p *projectionSpec) inspected() *inspect.Projection {
	seen := &inspect.Projection{Name: p.name, Document: p.doc, Folds: map[reflect.Type]inspect.Fold{}}
	if p.codec == nil {
		return seen
	}
	seen.New = p.codec.create
	for e, f := range p.folds {
		fold := inspect.Fold{Key: func(recorded any) string { return f.key(recorded.(*Recorded)) }}
		if f.fold != nil {
			fold.Fold = func(document, recorded any) { f.fold(document, recorded.(*Recorded)) }
		}
		seen.Folds[e.goType] = fold
	}
	return seen
}

func typesOf(events []*eventSpec) []reflect.Type {
	var types []reflect.Type
	for _, e := range events {
		types = append(types, e.goType)
	}
	return types
}

func plain[T any](values []T) []any {
	var all []any
	for _, v := range values {
		all = append(all, v)
	}
	return all
}
