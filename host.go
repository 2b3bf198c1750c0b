package landfall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/transport"
)

// Config says what a host runs, and how. Store and Modules are needed, but for a
// host that only asks modules Elsewhere; the zero value of everything else is a
// sensible default.
type Config struct {
	// Store keeps the modules' logs. The host does not close it.
	Store store.Store
	// Modules are those that run here.
	Modules []Module
	// Transport is the road to modules in other processes. The host does not
	// close it. Nil says that there are none: then the modules here talk to each
	// other only.
	Transport transport.Transport
	// Elsewhere are modules that run in other processes and are known here, so
	// that Dispatch, ViewOf and RepositoryOf reach them as if they ran here.
	Elsewhere []Module
	// Logger gets what an operator should know. Nil means slog.Default.
	Logger *slog.Logger
	// Hooks see what happens, for logs, traces and metrics.
	Hooks Hooks
	// Retry is for policies and projections that fail.
	Retry Retry
	// CacheSize bounds the aggregates whose state is kept in memory, for each
	// module; zero means 16,384.
	CacheSize int
	// SnapshotEvery is after how many events a snapshot of an aggregate is
	// stored, and so bounds how many are read to load it; zero means 100.
	SnapshotEvery int
}

// Host runs modules on a store. It is safe for concurrent use.
//
// [Open] makes one. Without [Host.Start] nothing happens in the background:
// policies answer and projections move when [Host.Settle] or a WaitFor says so,
// in an order that is always the same, which suits tests and command lines.
type Host struct {
	config   Config
	modules  []*module
	byName   map[string]*module
	handlers map[reflect.Type]target

	elsewhere []*elsewhere
	shared    bool     // other processes may run the same modules on the store
	stops     []func() // end what the transport calls

	started  atomic.Bool
	callers  *gate // inside Dispatch and the like, so that Close can wait
	stopping chan struct{}
	ctx      context.Context
	cancel   context.CancelFunc
	mu       sync.Mutex // for closed, and for adding to running
	closed   bool
	running  sync.WaitGroup
}

type target struct {
	module    *module // or
	elsewhere *elsewhere
	handler   *handlerSpec
}

// Open checks the wiring of the modules, all of it at once, and opens their
// logs. It returns ErrWiring with every mistake, or an error of the store.
func Open(ctx context.Context, config Config) (*Host, error) {
	if config.Store == nil && len(config.Modules) > 0 {
		return nil, fmt.Errorf("Config.Store is nil; give it one, such as memory.New(): %w", ErrInvalid)
	}
	if config.Transport == nil && len(config.Elsewhere) > 0 {
		return nil, fmt.Errorf("Config.Elsewhere has modules, and Config.Transport is nil; it is the road to them: %w", ErrInvalid)
	}
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	if config.CacheSize <= 0 {
		config.CacheSize = 16 << 10
	}
	if config.SnapshotEvery <= 0 {
		config.SnapshotEvery = 100
	}
	config.Retry = config.Retry.withDefaults()
	specs, err := compileAll(config.Modules, config.Elsewhere, config.Transport != nil)
	if err != nil {
		return nil, err
	}
	here := specs[:len(config.Modules)]
	h := &Host{config: config, byName: map[string]*module{}, handlers: map[reflect.Type]target{}, callers: newGate(), stopping: make(chan struct{})}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	if sharer, ok := config.Store.(store.Sharer); ok {
		h.shared = sharer.Shared()
	}
	h.knowElsewhere(specs[len(config.Modules):])
	for _, spec := range here {
		m, err := openModule(ctx, h, spec)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open module %s: %w", spec.name, err), h.Close())
		}
		h.modules = append(h.modules, m)
		h.byName[spec.name] = m
		for _, handler := range spec.handlers {
			h.handlers[handler.commandType] = target{module: m, handler: handler}
		}
	}
	return h, nil
}

// compileAll checks the modules one by one and then together. With a transport
// there may be others, of which nothing is known here.
func compileAll(here, elsewhere []Module, transport bool) ([]*moduleSpec, error) {
	var specs []*moduleSpec
	var mistakes []error
	byName := map[string]*moduleSpec{}
	for _, m := range slices.Concat(here, elsewhere) {
		spec, err := compile(m)
		if err != nil {
			mistakes = append(mistakes, err)
		}
		if byName[spec.name] != nil {
			mistakes = append(mistakes, fmt.Errorf("two modules are called %s: %w", spec.name, ErrWiring))
		}
		byName[spec.name] = spec
		specs = append(specs, spec)
	}
	if len(specs) == 0 {
		mistakes = append(mistakes, fmt.Errorf("there are no modules: %w", ErrWiring))
	}
	for _, spec := range specs[:len(here)] {
		for _, p := range spec.policies {
			mistakes = append(mistakes, checkDestinations(spec, p, byName, transport)...)
		}
		mistakes = append(mistakes, checkSources(spec, byName, transport)...)
	}
	return specs, errors.Join(append(mistakes, checkHandlers(specs)...)...)
}

func checkDestinations(spec *moduleSpec, p *policySpec, modules map[string]*moduleSpec, transport bool) (mistakes []error) {
	for _, to := range p.sends {
		if to.module == "" {
			continue
		}
		other := modules[to.module]
		if other == nil && !transport {
			mistakes = append(mistakes, fmt.Errorf("module %s: policy %s sends %s to module %s, which is not among the modules, and there is no Config.Transport: %w", spec.name, p.name, to.name, to.module, ErrWiring))
		} else if other != nil && other.commandsByName[to.name] == nil {
			mistakes = append(mistakes, fmt.Errorf("module %s: policy %s sends %s to module %s, which does not handle it: %w", spec.name, p.name, to.name, to.module, ErrWiring))
		}
	}
	return mistakes
}

// checkSources looks for events that are heard and that nobody publishes.
func checkSources(spec *moduleSpec, modules map[string]*moduleSpec, transport bool) (mistakes []error) {
	for _, source := range spec.sources {
		other := modules[source]
		if other == nil {
			if !transport {
				mistakes = append(mistakes, fmt.Errorf("module %s: it hears from module %s, which is not among the modules, and there is no Config.Transport: %w", spec.name, source, ErrWiring))
			}
			continue
		}
		for _, e := range spec.events {
			if e.class != heardEvent || e.from != source {
				continue
			}
			name := strings.TrimPrefix(e.name, heardType(source, ""))
			if published := other.eventsByName[name]; !other.published[published] {
				mistakes = append(mistakes, fmt.Errorf("module %s: it hears %s from module %s, which does not publish it; add it to landfall.Publishes there: %w", spec.name, name, source, ErrWiring))
			}
		}
	}
	return mistakes
}

func checkHandlers(specs []*moduleSpec) (mistakes []error) {
	owners := map[reflect.Type]string{}
	for _, spec := range specs {
		for _, h := range spec.handlers {
			if other, taken := owners[h.commandType]; taken && other != spec.name {
				mistakes = append(mistakes, fmt.Errorf("the command %v is handled by the modules %s and %s; give each a type of its own: %w", h.commandType, other, spec.name, ErrWiring))
			}
			owners[h.commandType] = spec.name
		}
	}
	return mistakes
}

// Dispatch has a command answered and returns what happened, once it is
// durable. Of commands to the same aggregate one is decided at a time, in the
// order in which they get there.
//
// It returns a [Rejection] (errors.Is ErrRejected) when the model refuses,
// ErrConflict when other writers were first too often, ErrInvalid when the
// message has no handler or no address or the handler breaks its declaration,
// ErrUnreadable when the aggregate's history does not fit the code, ErrClosed,
// the context's error, or one of the store. After an error nothing was stored;
// only after a lost connection or the death of the process is that unknown, and
// then the same Message.Key makes it safe to try again.
//
// A command for one of Config.Elsewhere goes over the transport and comes back
// with the same result. When the module is not there it is sent again for three
// seconds, and then the error is ErrUnavailable.
func (h *Host) Dispatch(ctx context.Context, m Message) (Result, error) {
	to, ok := h.handlers[reflect.TypeOf(m.Command)]
	if !ok {
		return Result{}, fmt.Errorf("no module handles the command %T: %w", m.Command, ErrInvalid)
	}
	if err := h.callers.enter(); err != nil {
		return Result{}, err
	}
	defer h.callers.leave()
	if to.elsewhere != nil {
		return to.elsewhere.dispatch(ctx, &m, to.handler)
	}
	return to.module.dispatch(ctx, &m, to.handler)
}

// work does what a caller has done here and may take long, until Close.
func (h *Host) work(ctx context.Context, do func(context.Context) error) error {
	if err := h.callers.enter(); err != nil {
		return err
	}
	defer h.callers.leave()
	working, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.ctx, cancel)()
	err := do(working)
	if err != nil && ctx.Err() == nil && h.ctx.Err() != nil {
		return ErrClosed
	}
	return err
}

// deliver answers a command that comes as JSON under its name.
func (m *module) deliver(ctx context.Context, name string, data []byte, msg Message) error {
	handler := m.spec.commandsByName[name]
	if handler == nil {
		return fmt.Errorf("module %s handles no command %s: %w", m.spec.name, name, ErrInvalid)
	}
	value := reflect.New(handler.commandType)
	if err := json.Unmarshal(data, value.Interface()); err != nil {
		return fmt.Errorf("command %s for module %s: %w", name, m.spec.name, err)
	}
	msg.Command = value.Elem().Interface()
	_, err := m.dispatch(ctx, &msg, handler)
	return err
}

// Start lets policies, projections and timers work in the background until
// [Host.Close].
func (h *Host) Start() {
	if h.started.Swap(true) {
		return
	}
	for _, m := range h.modules {
		if m.members != nil {
			h.background(m.members.run)
			h.background(m.followHead)
			for _, p := range m.projections {
				h.background(p.shadow)
			}
		}
		for _, c := range m.consumers() {
			h.background(c.run)
		}
		h.background(m.timers.run)
		for _, p := range m.projections {
			if p.outdated.Load() && m.members == nil { // else see noticeRebuilds
				h.background(func(ctx context.Context) {
					if err := p.rebuildNow(ctx, nil); err != nil && ctx.Err() == nil {
						m.logger.Error("projection has changed and could not be rebuilt; the old one stays in use", "projection", p.spec.name, "error", err)
					}
				})
			}
		}
	}
	if h.config.Transport != nil {
		h.join()
	}
}

// background runs work until Close, when the host was started.
func (h *Host) background(work func(context.Context)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.started.Load() && !h.closed {
		h.running.Go(func() { work(h.ctx) })
	}
}

// Close stops the host: no new command is accepted, those under way end, the
// background work stops between two batches, and positions are saved. What was
// not answered yet is answered after the next Open. A second Close returns nil.
func (h *Host) Close() error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil
	}
	h.closed = true
	h.mu.Unlock()
	h.callers.close()
	close(h.stopping)
	h.cancel()
	h.running.Wait()
	for _, stop := range h.stops {
		stop()
	}
	h.callers.wait()
	var errs []error
	for _, m := range h.modules {
		errs = append(errs, m.close())
	}
	return errors.Join(errs...)
}

// Settle returns when everything that has happened has been answered: all
// policies and projections are at the end of their logs, due timers have been
// sent, and nothing waits for another attempt. Dead letters stay. Without
// [Host.Start] it does that work itself, part by part in the order of the
// wiring, so that the same commands always lead to the same log.
func (h *Host) Settle(ctx context.Context) error {
	return h.work(ctx, func(ctx context.Context) error {
		for {
			moved, err := h.settleOnce(ctx)
			if err != nil || !moved {
				return err
			}
		}
	})
}

func (h *Host) settleOnce(ctx context.Context) (moved bool, err error) {
	before := h.heads()
	for _, m := range h.modules {
		if !h.started.Load() {
			if err := m.rebuildOutdated(ctx); err != nil {
				return false, err
			}
		}
		for _, c := range m.consumers() {
			did, err := c.settle(ctx)
			if err != nil {
				return false, err
			}
			moved = moved || did
		}
		if _, err := m.timers.fire(ctx); err != nil {
			return false, err
		}
	}
	return moved || h.heads() != before, nil
}

// heads adds up where the logs end; it changes with every event.
func (h *Host) heads() (sum uint64) {
	for _, m := range h.modules {
		sum += m.tail.head.Load()
	}
	return sum
}

// projection finds a projection by its name, with or without its module.
func (h *Host) projection(name string) (*projection, error) {
	module, short, qualified := strings.Cut(name, ".")
	var found []*projection
	for _, m := range h.modules {
		for _, p := range m.projections {
			if qualified && m.spec.name == module && p.spec.name == short || !qualified && p.spec.name == name {
				found = append(found, p)
			}
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("there is no projection %s: %w", name, ErrInvalid)
	case 1:
		return found[0], nil
	default:
		return nil, fmt.Errorf("several modules have a projection %s; put the module's name and a dot before it: %w", name, ErrInvalid)
	}
}

// Projections returns the names of all projections, each with its module.
func (h *Host) Projections() []string {
	var names []string
	for _, m := range h.modules {
		for _, p := range m.projections {
			names = append(names, m.spec.name+"."+p.spec.name)
		}
	}
	return names
}

// Generation returns which build of a projection is in use. For projections
// with [Tables] it says which ones to query.
func (h *Host) Generation(projection string) (int, error) {
	p, err := h.projection(projection)
	if err != nil {
		return 0, err
	}
	return p.active.Load().number, nil
}

// DeadLetters returns all dead letters, in the order of modules and consumers.
func (h *Host) DeadLetters() []DeadLetter {
	var all []DeadLetter
	for _, m := range h.modules {
		for _, c := range m.consumers() {
			all = append(all, c.deadLetters(h.ctx)...)
		}
	}
	return all
}

// DeadLettersElsewhere returns the dead letters of the modules of
// Config.Elsewhere. Retry and Skip take them too. The error joins those of the
// modules that could not be asked, ErrUnavailable among them.
func (h *Host) DeadLettersElsewhere(ctx context.Context) ([]DeadLetter, error) {
	var all []DeadLetter
	var errs []error
	for _, o := range h.elsewhere {
		letters, err := o.deadLetters(ctx)
		all = append(all, letters...)
		errs = append(errs, err)
	}
	return all, errors.Join(errs...)
}

// Retry has the event of a dead letter answered again, and then those that it
// held back. ErrNotFound says that the letter is no longer there.
func (h *Host) Retry(ctx context.Context, d DeadLetter) error { return h.reopen(ctx, d, false) }

// Skip gives the event of a dead letter up for this consumer, and has those
// that it held back answered. ErrNotFound says that the letter is no longer
// there.
func (h *Host) Skip(ctx context.Context, d DeadLetter) error { return h.reopen(ctx, d, true) }

func (h *Host) reopen(ctx context.Context, d DeadLetter, skip bool) error {
	if m := h.byName[d.Module]; m != nil {
		return h.work(ctx, func(ctx context.Context) error { return m.reopen(ctx, d, skip) })
	}
	for _, o := range h.elsewhere {
		if o.spec.name == d.Module {
			return o.reopen(ctx, d, skip)
		}
	}
	return fmt.Errorf("there is no module %s: %w", d.Module, ErrNotFound)
}

func (m *module) reopen(ctx context.Context, d DeadLetter, skip bool) error {
	for _, c := range m.consumers() {
		if c.name == d.Consumer {
			return c.reopen(ctx, d, skip)
		}
	}
	return fmt.Errorf("there is no consumer %s in module %s: %w", d.Consumer, d.Module, ErrNotFound)
}
