package landfall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
	"sync/atomic"

	"github.com/landfall-go/landfall/store"
)

const (
	projectionDocuments = "projections"
	// cachedDocuments bounds the documents that a projection keeps decoded.
	cachedDocuments = 8192
)

// projection is a view with its active generation, and at times with a second
// one that is being built beside it.
type projection struct {
	m    *module
	spec *projectionSpec

	active   atomic.Pointer[generation]
	rebuild  sync.Mutex  // one at a time
	outdated atomic.Bool // the stored shape is another; rebuild when work starts
	renewing atomic.Bool // that goes on, on a shared store

	watchMu  sync.Mutex
	watchers map[*watcher]struct{}
}

// projectionState is the document that says which generation is read.
type projectionState struct {
	Generation int    `json:"generation"`
	Shape      string `json:"shape"`
}

// generation is one build of a projection.
type generation struct {
	p          *projection
	number     int
	collection string
	consumer   *consumer
	docs       map[string]*document
	dirty      []*document
	// fresh says that nothing of this generation is stored that is not in
	// docs, so a document that is not there need not be looked for.
	fresh bool
}

type document struct {
	key     string
	value   any // nil: removed
	changed bool
}

func newProjection(m *module, spec *projectionSpec) *projection {
	return &projection{m: m, spec: spec, watchers: map[*watcher]struct{}{}}
}

func (p *projection) generation(number int) *generation {
	g := &generation{
		p: p, number: number,
		collection: fmt.Sprintf("view/%s@%d", p.spec.name, number),
		docs:       map[string]*document{},
	}
	g.consumer = newConsumer(p.m, fmt.Sprintf("%s@%d", p.spec.name, number), "projection", p.spec.events, g)
	return g
}

// open finds the active generation, or makes the first.
func (p *projection) open(ctx context.Context) error {
	state := projectionState{Generation: 1, Shape: p.spec.shape}
	doc, err := p.m.log.Get(ctx, projectionDocuments, p.spec.name)
	switch {
	case errors.Is(err, store.ErrNotFound):
		if err := p.create(ctx, p.generation(1), nil); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		if err := json.Unmarshal(doc.Data, &state); err != nil {
			return fmt.Errorf("projection %s: %w: %w", p.spec.name, store.ErrCorrupt, err)
		}
	}
	g := p.generation(state.Generation)
	if err := g.consumer.open(ctx); err != nil {
		return err
	}
	g.fresh = g.consumer.position.Load() == 0
	p.outdated.Store(state.Shape != p.spec.shape)
	p.m.members.need(g.consumer.name, p.ability(state.Shape))
	p.active.Store(g)
	return nil
}

// ability is what an instance must know to work on the projection in a shape.
func (p *projection) ability(shape string) string {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(shape)) // never fails
	return fmt.Sprintf("%s %016x", p.spec.name, hash.Sum64())
}

// create makes a generation's tables. With no state given it also becomes the
// active one.
func (p *projection) create(ctx context.Context, g *generation, writes []store.Write) error {
	if writes == nil {
		writes = []store.Write{p.activation(g.number)}
	}
	changes := store.Changes{Writes: writes}
	if p.spec.tables != nil {
		changes.Do = func(ctx context.Context, tx any) error { return p.spec.tables.Create(ctx, tx, g.number) }
	}
	return p.m.log.Commit(ctx, changes)
}

func (p *projection) activation(number int) store.Write {
	data, _ := json.Marshal(projectionState{Generation: number, Shape: p.spec.shape}) // plain data always encodes
	return store.Write{Collection: projectionDocuments, Key: p.spec.name, Data: data}
}

// work folds events into documents, or hands them to the projection's tables.
func (g *generation) work(ctx context.Context, events []*Recorded) (a answer, err error) {
	if around := g.p.m.host.config.Hooks.Around; around != nil {
		var done func(error)
		ctx, done = around(ctx, Operation{Kind: OpProject, Module: g.p.m.spec.name, Name: g.p.spec.name, Events: len(events)})
		defer func() { done(err) }()
	}
	if g.p.spec.tables != nil {
		if len(events) > 0 {
			given := make([]Recorded, len(events))
			for i, e := range events {
				given[i] = *e
			}
			a.do = func(ctx context.Context, tx any) error {
				return g.p.spec.tables.Apply(ctx, tx, g.number, given)
			}
		}
		return a, nil
	}
	for !g.foldAll(ctx, events, &a, &err) {
		g.forget() // a failed fold may have left a document half changed
	}
	if err != nil {
		return a, err
	}
	return a, g.encode(&a)
}

// foldAll folds the events of streams that have not failed; false says that
// one failed now, so that all must be folded again without it.
func (g *generation) foldAll(ctx context.Context, events []*Recorded, a *answer, err *error) bool {
	for _, e := range events {
		if f, failed := a.failed[e.stream]; failed && e.Position >= f.event.Position {
			continue
		}
		var infrastructure error
		if ferr := g.foldOne(ctx, e, &infrastructure); infrastructure != nil {
			*err = infrastructure
			return true
		} else if ferr != nil {
			a.fail(e, ferr)
			return false
		}
	}
	return true
}

func (g *generation) foldOne(ctx context.Context, e *Recorded, infrastructure *error) (err error) {
	defer guard(&err, g.p.spec.label)
	f := g.p.spec.folds[e.kind]
	key := f.key(e)
	if f.fold == nil {
		g.change(&document{key: key})
		return nil
	}
	doc, err := g.document(ctx, key)
	if errors.Is(err, ErrInvalid) {
		return err // no document may have this key
	}
	if err != nil {
		*infrastructure = err
		return nil
	}
	f.fold(doc.value, e)
	g.touch(doc)
	return nil
}

// document returns the document under the key, a new one when there is none.
func (g *generation) document(ctx context.Context, key string) (*document, error) {
	doc := g.docs[key]
	if doc != nil && doc.value != nil {
		return doc, nil
	}
	if doc == nil && !g.fresh {
		stored, err := g.p.m.log.Get(ctx, g.collection, key)
		if err == nil {
			doc = &document{key: key}
			if doc.value, err = g.p.spec.codec.decode(stored.Data); err != nil {
				return nil, fmt.Errorf("document %s of %s: %w: %w", key, g.p.spec.name, store.ErrCorrupt, err)
			}
			g.docs[key] = doc
			return doc, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	if doc == nil {
		doc = &document{key: key}
		g.docs[key] = doc
	}
	doc.value = g.p.spec.codec.create()
	return doc, nil
}

// change replaces the document under the key.
func (g *generation) change(doc *document) {
	if old := g.docs[doc.key]; old != nil {
		old.value = doc.value
		doc = old
	} else {
		g.docs[doc.key] = doc
	}
	g.touch(doc)
}

func (g *generation) touch(doc *document) {
	if !doc.changed {
		doc.changed = true
		g.dirty = append(g.dirty, doc)
	}
}

func (g *generation) encode(a *answer) error {
	a.writes = make([]store.Write, 0, len(g.dirty)+2)
	for _, doc := range g.dirty {
		w := store.Write{Collection: g.collection, Key: doc.key}
		if doc.value != nil {
			var err error
			if w.Data, err = encodeJSON(doc.value); err != nil {
				return &brokenError{fmt.Errorf("encode document %s of %s: %w", doc.key, g.p.spec.name, err)}
			}
		}
		a.writes = append(a.writes, w)
		a.keys = append(a.keys, doc.key)
	}
	return nil
}

func (g *generation) forget() {
	clear(g.docs)
	g.dirty = g.dirty[:0]
	g.fresh = false
}

func (g *generation) done(a *answer, committed bool) {
	if !committed {
		g.forget()
		return
	}
	for _, doc := range g.dirty {
		doc.changed = false
	}
	g.dirty = g.dirty[:0]
	if len(g.docs) > cachedDocuments {
		clear(g.docs)
		g.fresh = false
	}
	if len(a.keys) > 0 && g.p.active.Load() == g {
		g.p.tell(a.keys)
	}
}
