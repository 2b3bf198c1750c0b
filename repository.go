package landfall

import (
	"context"
	"fmt"
	"iter"
	"reflect"

	"github.com/landfall-go/landfall/store"
)

// Repository loads and saves the aggregates of one kind, for programs that do
// more than dispatch commands: to look at a state, to import history, to decide
// outside of a handler. It is safe for concurrent use.
type Repository[A any] struct {
	m         *module // or
	elsewhere *elsewhere
	kind      *aggregateSpec
}

// Loaded is an aggregate as the log tells it.
type Loaded[A any] struct {
	ID AggregateID
	// Version counts its events; zero says that nothing has happened to it.
	Version uint64
	State   A
}

// RepositoryOf returns the repository of an aggregate that one of the host's
// modules handles commands with; otherwise ErrInvalid. Of a module of
// Config.Elsewhere it can only Load; the others are ErrInvalid then.
func RepositoryOf[A any](h *Host) (Repository[A], error) {
	for _, m := range h.modules {
		for _, a := range m.spec.aggregates {
			if a.goType == reflect.TypeFor[A]() {
				return Repository[A]{m: m, kind: a}, nil
			}
		}
	}
	for _, o := range h.elsewhere {
		for _, a := range o.spec.aggregates {
			if a.goType == reflect.TypeFor[A]() {
				return Repository[A]{elsewhere: o, kind: a}, nil
			}
		}
	}
	return Repository[A]{}, fmt.Errorf("no module handles commands with the aggregate %v: %w", reflect.TypeFor[A](), ErrInvalid)
}

// Load reads an aggregate from the log. The state is the caller's own.
func (r Repository[A]) Load(ctx context.Context, id AggregateID) (Loaded[A], error) {
	if err := id.check(); err != nil {
		return Loaded[A]{}, err
	}
	var (
		state   any
		version uint64
		err     error
	)
	if r.elsewhere != nil {
		state, version, err = r.elsewhere.load(ctx, r.kind, id)
	} else {
		state, version, _, err = r.m.replay(ctx, r.kind, r.kind.prefix+string(id))
	}
	if err != nil {
		return Loaded[A]{}, err
	}
	return Loaded[A]{ID: id, Version: version, State: r.kind.copyOf(state).(A)}, nil
}

// Save appends events to the aggregate, provided that it stands at the version
// that they were decided at; otherwise it returns ErrConflict, and nothing is
// stored. The events must be among those that the aggregate's handlers declare.
func (r Repository[A]) Save(ctx context.Context, id AggregateID, version uint64, events ...Event) (Result, error) {
	if r.m == nil {
		return Result{}, r.notHere()
	}
	h := r.all()
	var e envelope
	if err := e.seal(&Message{To: id}, h); err != nil || len(events) == 0 {
		return Result{}, err
	}
	if err := r.m.host.callers.enter(); err != nil {
		return Result{}, err
	}
	defer r.m.host.callers.leave()
	entry := r.m.cache.acquire(r.kind.prefix, id)
	defer r.m.cache.release(entry)
	recorded, err := e.prepare(entry, events)
	if err != nil {
		return Result{}, err
	}
	entry.forget() // the cached state is read anew when it is needed
	if err := r.m.append(ctx, &e, entry, version); err != nil {
		return Result{}, fmt.Errorf("save %s at version %d: %w", entry.stream, version, err)
	}
	if on := r.m.host.config.Hooks.Events; on != nil {
		on(ctx, recorded)
	}
	return Result{Command: e.ID, Events: recorded}, nil
}

// all is a handler that may lead to any event of the aggregate.
func (r Repository[A]) all() *handlerSpec {
	all := &handlerSpec{name: "Save", aggregate: r.kind}
	for _, h := range r.m.spec.handlers {
		if h.aggregate == r.kind {
			all.emits = append(all.emits, h.emits...)
		}
	}
	return all
}

// History goes through the events of an aggregate in order.
func (r Repository[A]) History(ctx context.Context, id AggregateID) iter.Seq2[Recorded, error] {
	return func(yield func(Recorded, error) bool) {
		if r.m == nil {
			yield(Recorded{}, r.notHere())
			return
		}
		var page []store.Record
		for version := uint64(0); ; {
			var err error
			if page, err = r.m.log.ReadStream(ctx, r.kind.prefix+string(id), version, loadPage, page[:0]); err != nil {
				yield(Recorded{}, err)
				return
			}
			for i := range page {
				e, err := r.m.read(&page[i], nil)
				if !yield(*e, err) || err != nil {
					return
				}
				version = page[i].Version
			}
			if len(page) < loadPage {
				return
			}
		}
	}
}

func (r Repository[A]) notHere() error {
	return fmt.Errorf("%s belongs to module %s, which runs in another process; only Load reaches it: %w", r.kind.name, r.elsewhere.spec.name, ErrInvalid)
}
