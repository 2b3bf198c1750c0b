package landfall

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/landfall-go/landfall/store"
)

// module is a module that runs.
type module struct {
	spec   *moduleSpec
	host   *Host
	log    store.Log
	logger *slog.Logger

	tail        *tail
	cache       *cache
	turns       turns // of external systems
	policies    []*policy
	projections []*projection
	relays      []*relay
	receiver    *receiver
	inboxes     inboxes
	timers      *timers
	members     *members // nil unless the store is shared

	stopListening func()
	headMoved     chan struct{}
	snapshots     chan store.Write
	writing       sync.WaitGroup
}

func openModule(ctx context.Context, h *Host, spec *moduleSpec) (*module, error) {
	m := &module{
		spec: spec, host: h, logger: h.config.Logger.With("module", spec.name),
		cache: newCache(h.config.CacheSize), snapshots: make(chan store.Write, 256),
		headMoved: make(chan struct{}, 1),
	}
	if h.shared {
		m.members = newMembers(m)
	}
	m.timers = &timers{m: m, waiter: newWaiter()}
	var err error
	if m.log, err = h.config.Store.Log(ctx, spec.name); err != nil {
		return nil, err
	}
	head, err := m.log.Head(ctx)
	if err != nil {
		return nil, err
	}
	m.tail = newTail(head)
	if err := m.openConsumers(ctx); err != nil {
		return nil, err
	}
	m.stopListening = m.log.Listen(m.heard)
	if head, err = m.log.Head(ctx); err != nil {
		m.stopListening()
		return nil, err
	}
	m.tail.catchUp(head) // with what others wrote before this host listened
	m.writing.Go(m.writeSnapshots)
	return m, nil
}

func (m *module) openConsumers(ctx context.Context) error {
	for _, spec := range m.spec.policies {
		p := newPolicy(m, spec)
		if err := p.consumer.open(ctx); err != nil {
			return err
		}
		m.policies = append(m.policies, p)
	}
	for _, spec := range m.spec.projections {
		p := newProjection(m, spec)
		if err := p.open(ctx); err != nil {
			return err
		}
		m.projections = append(m.projections, p)
	}
	if err := m.openRelays(ctx); err != nil {
		return err
	}
	m.receiver = newReceiver(m)
	if err := m.receiver.consumer.open(ctx); err != nil {
		return err
	}
	for _, c := range m.consumers() {
		m.tail.join(c.waiter)
	}
	m.members.know(m)
	return nil
}

// heard takes up what was appended: it completes the events that this process
// made and hands them to those who follow the log.
func (m *module) heard(records []store.Record) {
	if len(records) == 0 { // another process has appended
		select {
		case m.headMoved <- struct{}{}:
		default:
		}
		return
	}
	for i := range records {
		e, err := m.take(&records[i])
		if err != nil { // those who follow read it from the store, and find out
			m.tail.skip(records[i].Position)
			continue
		}
		m.tail.push(e)
	}
	m.tail.rouse()
}

// take returns the event of a new record: the one that this host appended, or
// for another host's a reading of its own.
func (m *module) take(r *store.Record) (*Recorded, error) {
	e, ok := r.Value.(*Recorded)
	if !ok || e.kind.module != m.spec {
		return m.read(r, nil)
	}
	e.Position, e.Version = r.Position, r.Version
	return e, nil
}

// followHead moves the tail on when other processes have appended.
func (m *module) followHead(ctx context.Context) {
	for {
		head, err := m.log.Head(ctx)
		if err == nil {
			m.tail.catchUp(head)
			m.tail.rouse()
		}
		timer := time.NewTimer(time.Second) // should a word of it get lost
		select {
		case <-m.headMoved:
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		timer.Stop()
	}
}

// consumers returns the policies and then the projections, in the order of the
// wiring, and what carries messages from and to other modules.
func (m *module) consumers() []*consumer {
	all := make([]*consumer, 0, len(m.policies)+len(m.projections)+len(m.relays)+1)
	for _, p := range m.policies {
		all = append(all, p.consumer)
	}
	for _, p := range m.projections {
		all = append(all, p.active.Load().consumer)
	}
	for _, r := range m.relays {
		all = append(all, r.consumer)
	}
	all = append(all, m.receiver.consumer)
	return all
}

func (m *module) policy(name string) *policy {
	for _, p := range m.policies {
		if p.spec.name == name {
			return p
		}
	}
	return nil
}

func (m *module) rebuildOutdated(ctx context.Context) error {
	for _, p := range m.projections {
		if p.outdated.Load() {
			if err := p.rebuildNow(ctx, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// settle takes the consumer to the end of its log, and waits for what is being
// tried again. It says whether there was anything to do.
func (c *consumer) settle(ctx context.Context) (bool, error) {
	moved := false
	for {
		did, err := c.settleStep(ctx)
		moved = moved || did
		if errors.Is(err, errReplaced) { // by a rebuild; the next round settles that
			return true, nil
		}
		if err != nil || !did {
			return moved, err
		}
	}
}

// settleStep goes to the end of the log, or waits for what is tried again.
func (c *consumer) settleStep(ctx context.Context) (bool, error) {
	if c.replaced.Load() {
		return true, errReplaced
	}
	if head := c.m.tail.head.Load(); c.position.Load() < head {
		return true, c.waitFor(ctx, head)
	}
	next, retrying, err := c.nextRetry(ctx)
	if !retrying || err != nil {
		return false, err
	}
	if err := sleep(ctx, max(time.Millisecond, time.Until(next))); err != nil {
		return true, err
	}
	if c.m.host.started.Load() {
		return true, nil
	}
	_, err = c.step(ctx, batchSize)
	return true, err
}

func (m *module) close() error {
	var errs []error
	for _, c := range m.consumers() {
		if slices.ContainsFunc(errs, unavailable) {
			break // nor can the others be saved; what was passed is passed again
		}
		err := c.close(context.Background())
		// After a conflict another host has gone on from there.
		if err != nil && !errors.Is(err, ErrClosed) && !errors.Is(err, ErrConflict) {
			errs = append(errs, err)
		}
	}
	if !slices.ContainsFunc(errs, unavailable) {
		if err := m.members.leave(context.Background()); err != nil && !errors.Is(err, ErrClosed) {
			errs = append(errs, err)
		}
	}
	m.stopListening()
	close(m.snapshots)
	m.writing.Wait()
	return errors.Join(errs...)
}
