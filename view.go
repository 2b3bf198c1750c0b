package landfall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/landfall-go/landfall/store"
)

// View reads the documents of a projection. It is safe for concurrent use.
//
// A view shows what the projection has taken up so far, which is a moment
// behind the log; [View.WaitFor] waits for a position.
type View[D any] struct {
	source viewSource
	host   *Host
	name   string
}

// viewSource is a projection here, or in another process.
type viewSource interface {
	get(ctx context.Context, key string) (store.Document, error)
	list(ctx context.Context, q store.Query) ([]store.Document, error)
	waitFor(ctx context.Context, position uint64) error
}

// ViewOf returns the view of a projection that [Project] wired with documents
// of type D. The name is the projection's, with its module ("Rover.Obstacles")
// where several modules have one of that name. A name or a type that does not
// fit is ErrInvalid.
//
// The view of a module of Config.Elsewhere asks that module each time; its
// errors may be ErrUnavailable too, and Watch is not to be had.
func ViewOf[D any](h *Host, name string) (View[D], error) {
	source, spec, err := h.viewSource(name)
	if err != nil {
		return View[D]{}, err
	}
	if spec.doc == nil {
		return View[D]{}, fmt.Errorf("projection %s has tables of its own, and no documents: %w", name, ErrInvalid)
	}
	if spec.doc != reflect.TypeFor[D]() {
		return View[D]{}, fmt.Errorf("projection %s has documents of type %v, not %v: %w", name, spec.doc, reflect.TypeFor[D](), ErrInvalid)
	}
	return View[D]{source, h, spec.name}, nil
}

// viewSource finds a projection here or elsewhere.
func (h *Host) viewSource(name string) (viewSource, *projectionSpec, error) {
	module, short, qualified := strings.Cut(name, ".")
	for _, o := range h.elsewhere {
		for _, p := range o.spec.projections {
			if qualified && o.spec.name == module && p.name == short || !qualified && p.name == name {
				return &elsewhereView{o, p}, p, nil
			}
		}
	}
	p, err := h.projection(name)
	if err != nil {
		return nil, nil, err
	}
	return p, p.spec, nil
}

// Keyed is a document with its key.
type Keyed[D any] struct {
	Key string
	// Document is the zero value when Removed.
	Document D
	// Removed is set by Watch for a document that is no longer there.
	Removed bool
}

// Get returns the document under the key, or ErrNotFound.
func (v View[D]) Get(ctx context.Context, key string) (D, error) {
	var d D
	doc, err := v.source.get(ctx, key)
	if err != nil {
		return d, err
	}
	return d, v.decode(doc, &d)
}

func (p *projection) get(ctx context.Context, key string) (store.Document, error) {
	for {
		g := p.active.Load()
		doc, err := p.m.log.Get(ctx, g.collection, key)
		if p.active.Load() != g {
			continue // a rebuild has swapped generations in between
		}
		if err != nil {
			return doc, fmt.Errorf("%s %q: %w", p.spec.name, key, err)
		}
		return doc, nil
	}
}

func (v View[D]) decode(doc store.Document, d *D) error {
	if err := json.Unmarshal(doc.Data, d); err != nil {
		return fmt.Errorf("document %q of projection %s does not fit %T; rebuild the projection: %w", doc.Key, v.name, *d, err)
	}
	return nil
}

// List returns up to limit documents whose keys start with the prefix and come
// after the given key, in the byte order of their keys. For the next page, pass
// the last key; a page that is not full is the last. A limit outside of 1 to
// 10,000 is ErrInvalid.
func (v View[D]) List(ctx context.Context, prefix, after string, limit int) ([]Keyed[D], error) {
	docs, err := v.source.list(ctx, store.Query{Prefix: prefix, After: after, Limit: limit})
	if err != nil {
		return nil, err
	}
	page := make([]Keyed[D], len(docs))
	for i, doc := range docs {
		page[i].Key = doc.Key
		if err := v.decode(doc, &page[i].Document); err != nil {
			return nil, err
		}
	}
	return page, nil
}

func (p *projection) list(ctx context.Context, q store.Query) ([]store.Document, error) {
	for {
		g := p.active.Load()
		docs, err := p.m.log.List(ctx, g.collection, q)
		if p.active.Load() != g {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.spec.name, err)
		}
		return docs, nil
	}
}

// All goes through all documents whose keys start with the prefix, a page at a
// time.
func (v View[D]) All(ctx context.Context, prefix string) iter.Seq2[Keyed[D], error] {
	return func(yield func(Keyed[D], error) bool) {
		const page = 500
		for after := ""; ; {
			docs, err := v.List(ctx, prefix, after, page)
			if err != nil {
				yield(Keyed[D]{}, err)
				return
			}
			for _, d := range docs {
				if !yield(d, nil) {
					return
				}
				after = d.Key
			}
			if len(docs) < page {
				return
			}
		}
	}
}

// WaitFor returns when the projection has taken up the event at the position:
// wait for Result.Position, and you read what you wrote. It does the work
// itself when the host was not started. ErrNotFound says that the log is
// shorter than that.
func (v View[D]) WaitFor(ctx context.Context, position uint64) error {
	return v.host.work(ctx, func(ctx context.Context) error { return v.source.waitFor(ctx, position) })
}

func (p *projection) waitFor(ctx context.Context, position uint64) error {
	for {
		err := p.active.Load().consumer.waitFor(ctx, position)
		if !errors.Is(err, errReplaced) {
			return err
		}
	}
}

// Watch yields documents as they change, from now on, until the context ends;
// its error is then the last thing yielded. A document that changes several
// times before it is yielded is yielded once, as it is then: a slow watcher
// sees fewer steps, and takes no memory for them. After a rebuild all documents
// are yielded.
func (v View[D]) Watch(ctx context.Context, prefix string) iter.Seq2[Keyed[D], error] {
	p, here := v.source.(*projection)
	if !here {
		return func(yield func(Keyed[D], error) bool) {
			yield(Keyed[D]{}, fmt.Errorf("%s is a projection of another process, which cannot be watched from here: %w", v.name, ErrInvalid))
		}
	}
	w := p.watch(prefix) // from now, not from the first iteration
	context.AfterFunc(ctx, func() { p.unwatch(w) })
	return func(yield func(Keyed[D], error) bool) {
		defer p.unwatch(w)
		for {
			keys, all, err := w.next(ctx, v.host.stopping)
			if err != nil {
				yield(Keyed[D]{}, err)
				return
			}
			if all {
				for d, err := range v.All(ctx, prefix) {
					if !yield(d, err) || err != nil {
						return
					}
				}
			}
			for _, key := range keys {
				d, err := v.Get(ctx, key)
				change := Keyed[D]{Key: key, Document: d}
				if errors.Is(err, ErrNotFound) {
					change.Removed, err = true, nil
				}
				if !yield(change, err) || err != nil {
					return
				}
			}
		}
	}
}

// watcher gathers the keys that changed since its owner looked last.
type watcher struct {
	prefix string
	mu     sync.Mutex
	keys   map[string]struct{}
	all    bool
	wake   chan struct{}
}

// watcherKeys bounds what a watcher gathers; beyond it, everything is shown
// again.
const watcherKeys = 10_000

func (p *projection) watch(prefix string) *watcher {
	w := &watcher{prefix: prefix, keys: map[string]struct{}{}, wake: make(chan struct{}, 1)}
	p.watchMu.Lock()
	defer p.watchMu.Unlock()
	p.watchers[w] = struct{}{}
	return w
}

func (p *projection) unwatch(w *watcher) {
	p.watchMu.Lock()
	defer p.watchMu.Unlock()
	delete(p.watchers, w)
}

// tell notes changed documents with those who watch; nil says all.
func (p *projection) tell(keys []string) {
	p.watchMu.Lock()
	defer p.watchMu.Unlock()
	for w := range p.watchers {
		w.note(keys)
	}
}

func (w *watcher) note(keys []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, key := range keys {
		if strings.HasPrefix(key, w.prefix) {
			w.keys[key] = struct{}{}
		}
	}
	if keys == nil || len(w.keys) > watcherKeys {
		w.all = true
		clear(w.keys)
	}
	if w.all || len(w.keys) > 0 {
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

func (w *watcher) next(ctx context.Context, stopping <-chan struct{}) (keys []string, all bool, err error) {
	for {
		select {
		case <-w.wake:
		case <-ctx.Done():
			return nil, false, ctx.Err()
		case <-stopping:
			return nil, false, ErrClosed
		}
		w.mu.Lock()
		for key := range w.keys {
			keys = append(keys, key)
		}
		all = w.all
		w.all = false
		clear(w.keys)
		w.mu.Unlock()
		if all || len(keys) > 0 {
			slices.Sort(keys)
			return keys, all, nil
		}
	}
}
