package hosting

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
	"github.com/landfall-go/landfall/store/postgres"
	"github.com/landfall-go/landfall/store/sqlite"
)

// closeTime bounds how long Run waits for what is under way.
const closeTime = 20 * time.Second

// System is the modules of a process with what they run on. It is safe for
// concurrent use.
type System struct {
	// Host runs the modules, and reaches those that run elsewhere.
	Host *landfall.Host

	logger *slog.Logger
	here   []landfall.Module
	place  place
	store  store.Store // nil when no module runs here
	broker *broker     // nil when there is none
	health *health     // nil when nobody asked for it
	closed func() error
}

// Open opens the store and the broker, and the modules on them. All modules of
// the application are given; those that Options.Modules does not name run in
// other processes. Nothing works in the background before [System.Run] or
// [System.Start].
//
// A mistake in the options is an [OptionError]; mistakes in the wiring are
// landfall.ErrWiring. A broker that cannot be reached is no error: it is tried
// again until it is there.
func Open(ctx context.Context, o Options, modules ...landfall.Module) (*System, error) {
	if err := o.environment(); err != nil {
		return nil, err
	}
	here, elsewhere, err := o.sort(modules)
	if err != nil {
		return nil, err
	}
	at, err := o.place()
	if err != nil {
		return nil, err
	}
	way, err := o.road(ctx, at, here)
	if err != nil {
		return nil, err
	}
	s := o.system()
	s.here, s.place = here, at
	if o.Health != "" {
		if s.health, err = s.listen(ctx, o.Health); err != nil {
			return nil, err
		}
	}
	opened, err := at.open(ctx)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.store = opened
	return s.open(ctx, o.Config, way, elsewhere)
}

// Connect opens a system in which no module runs: its Host gives commands to the
// modules in other processes, and asks them. It needs Options.NATS; the fields
// that are about modules and their store are not looked at.
func Connect(ctx context.Context, o Options, modules ...landfall.Module) (*System, error) {
	switch o.NATS {
	case "":
		return nil, mistake("--nats", "", "the URL of the running system's NATS server is missing, such as nats://%s", defaultAddr)
	case Embedded:
		return nil, mistake("--nats", Embedded, "a running system has started its own; name that one's URL, such as nats://%s", defaultAddr)
	}
	way, err := o.road(ctx, place{}, nil)
	if err != nil {
		return nil, err
	}
	return o.system().open(ctx, o.Config, way, modules)
}

func (o *Options) system() *System {
	s := &System{logger: cmp.Or(o.Config.Logger, slog.Default())}
	s.closed = sync.OnceValue(s.release)
	return s
}

// open opens what comes after the store.
func (s *System) open(ctx context.Context, config landfall.Config, way *road, elsewhere []landfall.Module) (*System, error) {
	config.Logger, config.Store, config.Modules, config.Elsewhere = s.logger, s.store, s.here, elsewhere
	config.Transport = nil
	var err error
	if way != nil {
		if s.broker, err = way.open(ctx, s.logger); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		config.Transport = s.broker.transport
	}
	if s.Host, err = landfall.Open(ctx, config); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (p place) open(ctx context.Context) (store.Store, error) {
	switch p.driver {
	case inMemory:
		return memory.New(), nil
	case onPostgres:
		return postgres.Open(ctx, p.where)
	}
	return sqlite.Open(ctx, p.where)
}

// NATS returns the URL under which other processes reach the broker, or "" when
// there is none.
func (s *System) NATS() string {
	if s.broker == nil {
		return ""
	}
	return s.broker.url
}

// Health returns the address of the HTTP endpoint, or "" when there is none.
func (s *System) Health() string {
	if s.health == nil {
		return ""
	}
	return s.health.address
}

// Start lets the modules work in the background until [System.Close], and logs
// what runs here.
func (s *System) Start() {
	for _, d := range s.Host.DeadLetters() {
		s.logger.Warn("a dead letter waits for an operator", "module", d.Module, "consumer", d.Consumer,
			"event", d.Type, "aggregate", string(d.Aggregate), "position", d.Position, "error", d.Error)
	}
	s.Host.Start()
	attrs := []any{"modules", namesOf(s.here), "store", s.place.shown()}
	if s.broker != nil {
		attrs = append(attrs, "nats", redacted(s.broker.url))
	}
	if s.health != nil {
		s.health.started.Store(true)
		attrs = append(attrs, "health", s.health.address)
	}
	s.logger.Info("ready", attrs...)
}

// Run starts the modules, waits until the context ends, as by a signal, and
// closes the system. What is under way has twenty seconds to end; what is not
// answered then is answered after the next start.
//
// It returns nil after an orderly end. A program that gets an error should exit
// with another code than zero.
func (s *System) Run(ctx context.Context) error {
	s.Start()
	<-ctx.Done()
	s.logger.Info("stopping", "because", context.Cause(ctx).Error())
	ended := make(chan error, 1)
	go func() { ended <- s.Close() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(closeTime):
		return fmt.Errorf("the modules did not end within %v; what they had not answered is answered after the next start", closeTime)
	}
}

// Close ends the modules in order, then releases the broker and the store. A
// second Close returns what the first did.
func (s *System) Close() error { return s.closed() }

func (s *System) release() error {
	var errs []error
	if s.health != nil {
		errs = append(errs, s.health.close())
	}
	if s.Host != nil {
		errs = append(errs, s.Host.Close())
	}
	if s.broker != nil {
		errs = append(errs, s.broker.close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(errs...)
}
