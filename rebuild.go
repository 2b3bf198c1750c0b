package landfall

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/landfall-go/landfall/store"
)

// Progress says how far a rebuild has come.
type Progress struct {
	// Projection is its name, with its module.
	Projection string
	// Done and Total count the events of the log; Total grows with it.
	Done, Total uint64
}

// rebuildBatch is how many events are read and written at once.
const rebuildBatch = 2048

// Rebuild builds a projection anew from the log, beside the one in use, and
// then swaps them: readers see the old one until the new one is complete. It
// calls report, when that is not nil, after each batch. A rebuild that is
// interrupted leaves the old one in use; the next one starts over.
//
// The name is as for [ViewOf]. Rebuilds of one projection go one after the
// other; commands and other projections go on meanwhile.
func (h *Host) Rebuild(ctx context.Context, name string, report func(Progress)) error {
	p, err := h.projection(name)
	if err != nil {
		return err
	}
	err = h.work(ctx, func(ctx context.Context) error { return p.rebuildNow(ctx, report) })
	if err != nil {
		return fmt.Errorf("rebuild %s: %w", name, err)
	}
	return nil
}

func (p *projection) rebuildNow(ctx context.Context, report func(Progress)) error {
	p.rebuild.Lock()
	defer p.rebuild.Unlock()
	old := p.active.Load()
	g := p.generation(old.number + 1)
	if err := p.discard(ctx, g); err != nil { // what an interrupted rebuild left
		return err
	}
	if err := p.create(ctx, g, []store.Write{}); err != nil {
		return err
	}
	g.fresh = true
	if err := p.follow(ctx, g, report); err != nil {
		return err
	}
	if err := p.swap(ctx, old, g); err != nil {
		return err
	}
	p.m.logger.Info("projection rebuilt", "projection", p.spec.name, "generation", g.number, "position", g.consumer.position.Load())
	return p.discard(ctx, old)
}

// follow takes a generation to the end of the log. Reading, decoding, and
// folding with writing go on at the same time, a batch apart.
func (p *projection) follow(ctx context.Context, g *generation, report func(Progress)) error {
	ctx, cancel := context.WithCancel(ctx)
	batches := p.m.decodeAhead(ctx, g.consumer, p.m.readAhead(ctx, g.consumer.position.Load()))
	defer func() {
		cancel()
		for range batches { // let those ahead end
		}
	}()
	for b := range batches {
		if b.err != nil {
			return b.err
		}
		if err := g.consumer.takeBatch(ctx, b); err != nil {
			return err
		}
		if report != nil {
			report(Progress{
				Projection: p.m.spec.name + "." + p.spec.name,
				Done:       g.consumer.position.Load(), Total: max(p.m.tail.head.Load(), g.consumer.position.Load()),
			})
		}
	}
	return ctx.Err()
}

// page is what was read of the log at once.
type page struct {
	records []store.Record
	err     error
}

func (m *module) readAhead(ctx context.Context, after uint64) <-chan page {
	out := make(chan page, 1)
	go func() {
		defer close(out)
		for {
			var p page
			p.records, p.err = m.log.Read(ctx, after, rebuildBatch, make([]store.Record, 0, rebuildBatch))
			if p.err == nil && len(p.records) == 0 || !offer(ctx, out, p) || p.err != nil {
				return
			}
			after = p.records[len(p.records)-1].Position
		}
	}()
	return out
}

// batch is what is ready for a consumer.
type batch struct {
	events []*Recorded
	unread answer
	last   uint64
	err    error
}

func (m *module) decodeAhead(ctx context.Context, c *consumer, pages <-chan page) <-chan batch {
	out := make(chan batch, 1)
	go func() {
		defer func() {
			close(out)
			for range pages { // let the reader end
			}
		}()
		for p := range pages {
			b := batch{err: p.err}
			for i := range p.records {
				b.add(m, c, &p.records[i])
			}
			if !offer(ctx, out, b) {
				return
			}
		}
	}()
	return out
}

// offer sends unless the context ends first.
func offer[T any](ctx context.Context, out chan<- T, value T) bool {
	select {
	case out <- value:
		return true
	case <-ctx.Done():
		return false
	}
}

func (b *batch) add(m *module, c *consumer, r *store.Record) {
	b.last = r.Position
	if kind := m.spec.today(r.Type); kind != nil && !c.wants[kind.index] {
		return
	}
	e, err := m.read(r, c.wanted)
	if err != nil {
		b.unread.fail(e, err)
	}
	b.events = append(b.events, e)
}

// takeBatch answers what a reader prepared.
func (c *consumer) takeBatch(ctx context.Context, b batch) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.take(ctx, c.filter(b.events, &b.unread), b.last, &b.unread)
}

// swap makes the new generation the active one, at a moment when it has taken
// up at least what the old one has.
func (p *projection) swap(ctx context.Context, old, g *generation) error {
	old.consumer.mu.Lock()
	defer old.consumer.mu.Unlock()
	for g.consumer.position.Load() < old.consumer.position.Load() {
		if n, err := g.consumer.step(ctx, batchSize); err != nil {
			return err
		} else if n == 0 {
			break
		}
	}
	if err := p.m.log.Commit(ctx, store.Changes{Writes: []store.Write{p.activation(g.number)}}); err != nil {
		return err
	}
	p.m.members.need(g.consumer.name, p.ability(p.spec.shape))
	p.install(old, g)
	return nil
}

// discard deletes what there is of a generation, a page at a time.
func (p *projection) discard(ctx context.Context, g *generation) error {
	g.consumer.mu.Lock()
	defer g.consumer.mu.Unlock()
	for _, c := range []struct{ collection, prefix string }{{g.collection, ""}, {parkings, g.consumer.name + "/"}} {
		for {
			docs, err := p.m.log.List(ctx, c.collection, store.Query{Prefix: c.prefix, Limit: 1000})
			if err != nil {
				return err
			}
			if len(docs) == 0 {
				break
			}
			changes := store.Changes{Lazy: true}
			for _, doc := range docs {
				changes.Writes = append(changes.Writes, store.Write{Collection: c.collection, Key: doc.Key})
			}
			if err := p.m.log.Commit(ctx, changes); err != nil {
				return err
			}
		}
	}
	changes := store.Changes{Writes: []store.Write{{Collection: positions, Key: g.consumer.name}}}
	if p.spec.tables != nil {
		changes.Do = func(ctx context.Context, tx any) error { return p.spec.tables.Drop(ctx, tx, g.number) }
	}
	return p.m.log.Commit(ctx, changes)
}

// noticeRebuilds takes up the generations that another instance has built. When
// nobody who lives knows the shape of a projection any more, one of the instances
// builds it anew in its own: during a rolling upgrade the old instances go on
// with the projections as they know them until the last of them has ended.
func (m *module) noticeRebuilds(ctx context.Context) error {
	for _, p := range m.projections {
		doc, err := m.log.Get(ctx, projectionDocuments, p.spec.name)
		if err != nil {
			return err
		}
		var state projectionState
		if err := json.Unmarshal(doc.Data, &state); err != nil {
			return fmt.Errorf("projection %s: %w: %w", p.spec.name, store.ErrCorrupt, err)
		}
		if state.Generation > p.active.Load().number {
			if err := p.adopt(ctx, state.Generation); err != nil {
				return err
			}
		}
		if g := p.active.Load(); g.number == state.Generation {
			m.members.need(g.consumer.name, p.ability(state.Shape))
		}
		p.renew(state.Shape)
	}
	return nil
}

// renew has the projection rebuilt in the shape of this code, if that is due and
// this instance's to do.
func (p *projection) renew(shape string) {
	members, work := p.m.members, "rebuild of "+p.spec.name
	members.need(work, p.ability(p.spec.shape))
	if shape == p.spec.shape || members.anyCan(p.ability(shape)) || !members.owns(work) || !p.renewing.CompareAndSwap(false, true) {
		return
	}
	p.m.host.background(func(ctx context.Context) {
		defer p.renewing.Store(false)
		if err := p.rebuildNow(ctx, nil); err != nil && ctx.Err() == nil {
			p.m.logger.Error("projection has changed and could not be rebuilt; it is tried again", "projection", p.spec.name, "error", err)
		}
	})
}

// adopt makes a generation the active one that another instance has built.
func (p *projection) adopt(ctx context.Context, number int) error {
	if !p.rebuild.TryLock() { // it is being rebuilt here too, and the last one wins
		return nil
	}
	defer p.rebuild.Unlock()
	old, g := p.active.Load(), p.generation(number)
	if err := g.consumer.open(ctx); err != nil {
		return err
	}
	old.consumer.mu.Lock()
	defer old.consumer.mu.Unlock()
	p.install(old, g)
	return nil
}

// install lets readers and the background work go over to another generation.
// The caller holds the old one.
func (p *projection) install(old, g *generation) {
	p.outdated.Store(false)
	p.m.tail.leave(old.consumer.waiter)
	p.m.tail.join(g.consumer.waiter)
	p.active.Store(g)
	old.consumer.replaced.Store(true)
	old.consumer.tellWaiting()
	old.consumer.waiter.rouse() // so that its goroutine ends
	p.m.host.background(g.consumer.run)
	p.tell(nil)
}
