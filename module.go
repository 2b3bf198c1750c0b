package landfall

import (
	"context"
	"encoding/json"
	"reflect"
	"time"
)

// Module is a part of the system with a language, a log and a team of its own
// (a bounded context). Modules share nothing but messages.
type Module struct {
	name  string
	parts []Part
}

// NewModule wires a module from its parts, one for each sticky note that
// decides, answers or shows something. The name is an identifier. Nothing is
// checked here: [Open] and [Describe] report all mistakes at once.
func NewModule(name string, parts ...Part) Module {
	return Module{name: name, parts: parts}
}

// Name returns the module's name.
func (m Module) Name() string { return m.name }

// Part is one line of a module's wiring: [Handle], [Perform], [When],
// [Project], [ProjectInto], [Publishes], [HearsFrom], [Named], [Renamed],
// [Retired] or [Upcast].
type Part struct {
	wire  func(*wiring)
	names bool // wired before the others
}

// Option says more about a part: [Emits], [Sends], [SendsTo], [After],
// [Unless], [Hears], [Timeout].
type Option struct {
	name  string
	apply func(*settings)
}

type settings struct {
	emits   []Event
	hears   []Event
	unless  []Event
	sends   []destination
	after   time.Duration
	timeout time.Duration
}

type destination struct {
	module  string // empty for the own module
	command Command
}

// Emits declares the events that a handler may lead to. A handler that returns
// any other is refused, and nothing is stored.
func Emits(events ...Event) Option {
	return Option{"Emits", func(s *settings) { s.emits = append(s.emits, events...) }}
}

// Sends declares the commands of its own module that a policy may send.
func Sends(commands ...Command) Option {
	return Option{"Sends", func(s *settings) {
		for _, c := range commands {
			s.sends = append(s.sends, destination{command: c})
		}
	}}
}

// SendsTo declares the commands that a policy may send to another module. The
// types are the sender's own; they travel as JSON under their names, so that
// neither module imports the other.
func SendsTo(module string, commands ...Command) Option {
	return Option{"SendsTo", func(s *settings) {
		for _, c := range commands {
			s.sends = append(s.sends, destination{module: module, command: c})
		}
	}}
}

// After delays a policy's commands until the time has passed since the event.
// They survive a restart; what became due in the meantime is sent then.
func After(d time.Duration) Option {
	return Option{"After", func(s *settings) { s.after = d }}
}

// Unless withdraws the commands that a policy holds back by [After] when one
// of these events happens to the same aggregate before their time.
func Unless(events ...Event) Option {
	return Option{"Unless", func(s *settings) { s.unless = append(s.unless, events...) }}
}

// Hears declares the events that a projection with tables of its own is given.
func Hears(events ...Event) Option {
	return Option{"Hears", func(s *settings) { s.hears = append(s.hears, events...) }}
}

// Timeout bounds one attempt of an external system. Without it an attempt may
// take thirty seconds.
func Timeout(d time.Duration) Option {
	return Option{"Timeout", func(s *settings) { s.timeout = d }}
}

// Publishes says which of its events leave the module, so that other modules
// may hear them. The others stay its own business.
//
// What is published is a promise to others: its name and its fields are part of
// the module's language, and fields may be added, but not taken away.
func Publishes(events ...Event) Part {
	return Part{wire: func(w *wiring) { w.publishes(events) }}
}

// HearsFrom says that the module hears events of another one. The types are the
// hearer's own, named as the other module publishes them ([Named] gives
// another name), with those fields that the hearer cares for: they travel as
// JSON, so that neither module imports the other. Policies and projections may
// then hear them like events of the module.
//
// All that the other module publishes is recorded in the log of this one, once
// and in the other's order, from its first event on, however late the module
// joins. Policies and projections answer from there. [Metadata].From says where
// an event was heard.
func HearsFrom(module string, events ...Event) Part {
	return Part{wire: func(w *wiring) { w.hearsFrom(module, events) }}
}

// Aggregate is what guards a rule: its events say what it is, and its decisions
// say what may happen to it. The state type is a struct that JSON can carry
// (for snapshots); its pointer has Apply, and its decisions are methods
// of the value:
//
//	func (r *MarsRover) Apply(e landfall.Event)
//	func (r MarsRover) Move(c Move) ([]landfall.Event, error)
//
// Its id and version are kept by the runtime; [Repository] shows them.
type Aggregate interface {
	// Apply changes the state to what it is after the event. It never
	// refuses, does no I/O, and ignores events that it does not know.
	Apply(Event)
}

// Handle wires the decision of an aggregate on a command, as a method
// expression: Handle(MarsRover.Move, Emits(MarsRoverMoved{}, ObstacleFound{})).
//
// A decision is pure: it sees the state and the command, and returns the events
// that happen, or an error, and then nothing happens. It must change neither,
// because it may be asked again when another writer was first. Refuse with
// [Reject].
func Handle[A, C any, P interface {
	*A
	Aggregate
}](decide func(A, C) ([]Event, error), options ...Option) Part {
	spec := &handlerSpec{
		commandType: reflect.TypeFor[C](),
		decide: func(state any, c Command) ([]Event, error) {
			return decide(*(state.(*A)), c.(C))
		},
	}
	kind := &aggregateSpec{
		goType:   reflect.TypeFor[A](),
		newState: func() any { return new(A) },
		apply:    func(state any, e Event) { P(state.(*A)).Apply(e) },
		copyOf:   func(state any) any { return *(state.(*A)) },
	}
	return Part{wire: func(w *wiring) {
		spec, kind := *spec, *kind // a module may be wired more than once
		w.handle(&spec, &kind, options)
	}}
}

// Perform wires an external system that a command is handed to: a printer, a
// mail server, another company's API. The function does the work and returns
// what happened as events, which become part of the module's log under the
// system's name and the id that the message was addressed to.
//
// It is called at least once for a command; the id is the same each time, and
// serves as idempotency key to the outside. The context ends with [Timeout]. An
// error says that it may be tried again; [Reject] says that it is final. What
// the outside answered is better told as an event than as an error.
func Perform[C any](system string, perform func(ctx context.Context, c C, id ID) ([]Event, error), options ...Option) Part {
	spec := &handlerSpec{
		commandType: reflect.TypeFor[C](),
		perform: func(ctx context.Context, c Command, id ID) ([]Event, error) {
			return perform(ctx, c.(C), id)
		},
	}
	return Part{wire: func(w *wiring) {
		spec := *spec
		w.perform(system, &spec, options)
	}}
}

// When wires a policy: whenever the event happens, these commands are sent.
// They go to the aggregate that the event happened to, unless the policy
// returns a [Message] with another address ([To]).
//
// A policy is a pure function of the event. Each command has an id that follows
// from policy, event and place, so that a crash between event and command
// neither loses nor doubles it. A command that is rejected is logged and done
// with; any other error is retried with growing pauses, then becomes a
// [DeadLetter], which holds back the later events of the same aggregate for
// this policy, and nothing else.
func When[E any](name string, policy func(E, Metadata) []Command, options ...Option) Part {
	spec := &policySpec{
		name:      name,
		eventType: reflect.TypeFor[E](),
		answer: func(e *Recorded) []Command {
			return policy(e.Event.(E), e.Metadata)
		},
	}
	return Part{wire: func(w *wiring) {
		spec := *spec
		w.policy(&spec, options)
	}}
}

// Fold is how a projection takes up one kind of event: [On], [OnKey] or
// [Removes].
type Fold struct {
	event    reflect.Type
	document reflect.Type // nil for Removes
	key      func(*Recorded) string
	fold     func(doc any, e *Recorded)
	codec    *documentCodec
}

type documentCodec struct {
	create func() any
	decode func([]byte) (any, error)
}

// On folds an event into the document of the aggregate that it happened to:
//
//	landfall.On((*Obstacles).Found) // func (o *Obstacles) Found(e ObstacleFound, m landfall.Metadata)
//
// The document starts as the zero value of D, and is kept as JSON.
func On[D, E any](fold func(*D, E, Metadata)) Fold {
	return OnKey(func(_ E, m Metadata) string { return string(m.Aggregate) }, fold)
}

// OnKey folds an event into the document under the key that the event names.
func OnKey[D, E any](key func(E, Metadata) string, fold func(*D, E, Metadata)) Fold {
	return Fold{
		event:    reflect.TypeFor[E](),
		document: reflect.TypeFor[D](),
		key:      func(e *Recorded) string { return key(e.Event.(E), e.Metadata) },
		fold:     func(doc any, e *Recorded) { fold(doc.(*D), e.Event.(E), e.Metadata) },
		codec: &documentCodec{
			create: func() any { return new(D) },
			decode: func(data []byte) (any, error) {
				doc := new(D)
				return doc, json.Unmarshal(data, doc)
			},
		},
	}
}

// Removes takes away the document under the key that the event names.
func Removes[E any](key func(E, Metadata) string) Fold {
	return Fold{
		event: reflect.TypeFor[E](),
		key:   func(e *Recorded) string { return key(e.Event.(E), e.Metadata) },
	}
}

// Project wires a projection as documents, each under its key, folded from
// events by typed functions and stored together with the position that they
// stand at. [ViewOf] reads them.
//
// A document is written as a whole, so keep it small: what grows without bound
// belongs under several keys.
func Project(name string, folds ...Fold) Part {
	return Part{wire: func(w *wiring) { w.project(name, folds) }}
}

// Tables is a projection that keeps its data itself, in the store's own
// transaction. The driver says what tx is: a *sqlite.Conn with store/sqlite.
//
// A generation is one build of the projection. Two exist while one is rebuilt,
// so the generation belongs into the name of whatever is created.
type Tables interface {
	// Create makes empty tables for the generation.
	Create(ctx context.Context, tx any, generation int) error
	// Apply takes up events, in order. It must not start or end a
	// transaction. After an error it is called again with the same events,
	// one by one.
	Apply(ctx context.Context, tx any, generation int, events []Recorded) error
	// Drop removes the tables of the generation; they may be missing.
	Drop(ctx context.Context, tx any, generation int) error
}

// ProjectInto wires a projection with tables of its own; [Hears] declares its
// events. [Host.Generation] says which generation to query.
func ProjectInto(name string, tables Tables, options ...Option) Part {
	return Part{wire: func(w *wiring) { w.projectInto(name, tables, options) }}
}

// Renamed says that what is now type T was stored under another name before.
// It serves for events, and for commands that wait for their time.
func Renamed[T any](from string) Part {
	return Part{wire: func(w *wiring) { w.renamed(from, reflect.TypeFor[T]()) }}
}

// Named gives an event, a command or an aggregate another stable name than its
// Go name, such as "MarsRoverMoved.2" for a new shape of the same event. A type
// that is renamed in Go keeps its history under the name it had; for an
// aggregate, which has no other alias, this is the way.
func Named[T any](name string) Part {
	return Part{names: true, wire: func(w *wiring) { w.named(name, reflect.TypeFor[T]()) }}
}

// Retired passes over events that were stored under these names and mean nothing
// any more. Without it an event of an unknown name is an error, so that a
// forgotten [Renamed] cannot lose history in silence.
func Retired(names ...string) Part {
	return Part{wire: func(w *wiring) { w.retire(names) }}
}

// Upcast reads events that were stored under the name in an old shape: they are
// decoded as From and turned into To, which is an event of the module or the
// From of another Upcast.
func Upcast[From, To any](name string, upcast func(From) To) Part {
	spec := &upcastSpec{
		name: name,
		from: reflect.TypeFor[From](),
		to:   reflect.TypeFor[To](),
		decode: func(data []byte) (any, error) {
			var old From
			err := json.Unmarshal(data, &old)
			return old, err
		},
		upcast: func(old any) any { return upcast(old.(From)) },
	}
	return Part{wire: func(w *wiring) { w.upcast(spec) }}
}
