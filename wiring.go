package landfall

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

const defaultTimeout = 30 * time.Second

var identifier = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,62}$`)

// wiring collects the parts of a module and all mistakes in them. What needs
// the whole module to be known (who handles what a policy sends) waits in later,
// and what needs that to be settled, in last.
type wiring struct {
	spec     *moduleSpec
	mistakes []error
	later    []func()
	last     []func()
}

func compile(m Module) (*moduleSpec, error) {
	w := &wiring{spec: &moduleSpec{
		name:           m.name,
		commandsByType: map[reflect.Type]*handlerSpec{},
		commandsByName: map[string]*handlerSpec{},
		eventsByType:   map[reflect.Type]*eventSpec{},
		eventsByName:   map[string]*eventSpec{},
		upcasts:        map[string]*upcastSpec{},
		sent:           map[reflect.Type]destinationSpec{},
		names:          map[reflect.Type]string{},
		retired:        map[string]bool{},
		published:      map[*eventSpec]bool{},
		sentTo:         map[string]*eventSpec{},
	}}
	if !identifier.MatchString(m.name) {
		w.mistake("the module's name %q is not an identifier of at most 63 letters, digits and underscores", m.name)
	}
	if len(m.parts) == 0 {
		w.mistake("it has no parts")
	}
	w.wire(m.parts)
	w.spec.received = w.onItsWay(receivedCommand, "")
	for _, later := range slices.Concat(w.later, w.last) {
		later()
	}
	return w.spec, errors.Join(w.mistakes...)
}

// wire takes up the parts, those that name types before those that use the names.
func (w *wiring) wire(parts []Part) {
	for _, naming := range []bool{true, false} {
		for _, p := range parts {
			if p.wire != nil && p.names == naming {
				p.wire(w)
			}
		}
	}
	if slices.ContainsFunc(parts, func(p Part) bool { return p.wire == nil }) {
		w.mistake("an empty landfall.Part{} is among its parts")
	}
}

func (w *wiring) mistake(format string, args ...any) {
	w.mistakes = append(w.mistakes, fmt.Errorf("module %s: %s: %w", w.spec.name, fmt.Sprintf(format, args...), ErrWiring))
}

func (w *wiring) settings(part string, options []Option, allowed ...string) settings {
	var s settings
	for _, o := range options {
		if !slices.Contains(allowed, o.name) {
			w.mistake("%s: %s does not belong there; it takes %s", part, o.name, strings.Join(allowed, ", "))
			continue
		}
		o.apply(&s)
	}
	return s
}

// nameOf returns the stable name of a type and reports what makes it unfit to
// be a message.
func (w *wiring) nameOf(t reflect.Type, part string) string {
	if t == nil || t.Kind() != reflect.Struct || t.Name() == "" || strings.Contains(t.Name(), "[") {
		w.mistake("%s: %v is not a named struct", part, t)
		return fmt.Sprint(t)
	}
	if loss := lossy(t); loss != "" {
		w.mistake("%s: %s", part, loss)
	}
	if name, ok := w.spec.names[t]; ok {
		return name
	}
	return t.Name()
}

func (w *wiring) event(t reflect.Type, part string) *eventSpec {
	if e := w.spec.eventsByType[t]; e != nil {
		return e
	}
	e := &eventSpec{name: w.nameOf(t, part), goType: t, module: w.spec, class: ownEvent}
	if t == nil {
		return e
	}
	if classOf(e.name) != ownEvent {
		w.mistake("%s: the name %q begins with a sign that is kept for messages between modules", part, e.name)
	}
	if other := w.spec.eventsByName[e.name]; other != nil {
		w.mistake("%s: the events %v and %v have one name, %s; rename one, or wire landfall.Named", part, other.goType, t, e.name)
	}
	return w.add(e)
}

func (w *wiring) handle(h *handlerSpec, kind *aggregateSpec, options []Option) {
	h.aggregate = w.aggregate(kind)
	w.handler(h, kind.goType.Name(), options, "Emits")
}

func (w *wiring) aggregate(kind *aggregateSpec) *aggregateSpec {
	for _, a := range w.spec.aggregates {
		if a.goType == kind.goType {
			return a
		}
	}
	kind.name = w.nameOf(kind.goType, "aggregate")
	if strings.Contains(kind.name, "/") {
		w.mistake("aggregate %s: the name must not contain a slash, which ends it in the names of streams", kind.name)
	}
	kind.prefix = kind.name + "/"
	kind.label = kind.name + ".Apply"
	kind.shape = shapeOf(kind.goType)
	w.claimStream(kind.name)
	w.spec.aggregates = append(w.spec.aggregates, kind)
	return kind
}

// claimStream reports a second owner of a kind of stream.
func (w *wiring) claimStream(name string) {
	taken := slices.ContainsFunc(w.spec.aggregates, func(a *aggregateSpec) bool { return a.name == name }) ||
		slices.ContainsFunc(w.spec.systems, func(s *systemSpec) bool { return s.name == name })
	if taken {
		w.mistake("two aggregates or systems are called %s", name)
	}
}

func (w *wiring) perform(system string, h *handlerSpec, options []Option) {
	for _, s := range w.spec.systems {
		if s.name == system {
			h.system = s
		}
	}
	if h.system == nil {
		if !identifier.MatchString(system) {
			w.mistake("the system's name %q is not an identifier", system)
		}
		h.system = &systemSpec{name: system, prefix: system + "/"}
		w.claimStream(system)
		w.spec.systems = append(w.spec.systems, h.system)
	}
	w.handler(h, system, options, "Emits", "Timeout")
}

func (w *wiring) handler(h *handlerSpec, owner string, options []Option, allowed ...string) {
	h.name = w.nameOf(h.commandType, owner+" handles")
	part := owner + " handles " + h.name
	h.label = "the decision on " + h.name
	s := w.settings(part, options, allowed...)
	h.timeout = s.timeout
	if h.timeout == 0 {
		h.timeout = defaultTimeout
	}
	if h.timeout < 0 {
		w.mistake("%s: the timeout %v is negative", part, h.timeout)
	}
	if len(s.emits) == 0 {
		w.mistake("%s: no event is declared; say what it may lead to with landfall.Emits", part)
	}
	for _, e := range s.emits {
		h.emits = append(h.emits, w.event(reflect.TypeOf(e), part))
	}
	w.register(h, part)
}

func (w *wiring) register(h *handlerSpec, part string) {
	if other := w.spec.commandsByType[h.commandType]; other != nil {
		w.mistake("%s: the command has two handlers; exactly one may answer it", part)
		return
	}
	if other := w.spec.commandsByName[h.name]; other != nil {
		w.mistake("%s: the commands %v and %v have one name", part, other.commandType, h.commandType)
		return
	}
	w.spec.commandsByType[h.commandType] = h
	w.spec.commandsByName[h.name] = h
	w.spec.handlers = append(w.spec.handlers, h)
}

func (w *wiring) policy(p *policySpec, options []Option) {
	part := "policy " + p.name
	w.claimConsumer(p.name, part)
	s := w.settings(part, options, "Sends", "SendsTo", "After", "Unless")
	p.after = s.after
	if len(s.sends) == 0 {
		w.mistake("%s: no command is declared; say what it may send with landfall.Sends or landfall.SendsTo", part)
	}
	if p.after < 0 {
		w.mistake("%s: After(%v) is in the past", part, p.after)
	}
	if len(s.unless) > 0 && p.after == 0 {
		w.mistake("%s: Unless without After has nothing to withdraw", part)
	}
	w.spec.policies = append(w.spec.policies, p)
	w.later = append(w.later, func() {
		p.event = w.heard(p.eventType, part)
		for _, e := range s.unless {
			p.unless = append(p.unless, w.heard(reflect.TypeOf(e), part))
		}
		for _, d := range s.sends {
			p.sends = append(p.sends, w.destination(d, part))
		}
	})
}

// claimConsumer reports a second policy or projection of one name, because
// positions are kept under it.
func (w *wiring) claimConsumer(name, part string) {
	if !identifier.MatchString(name) {
		w.mistake("%s: the name is not an identifier of at most 63 letters, digits and underscores", part)
	}
	for _, p := range w.spec.policies {
		if p.name == name {
			w.mistake("%s: two policies or projections are called so", part)
		}
	}
	for _, p := range w.spec.projections {
		if p.name == name {
			w.mistake("%s: two policies or projections are called so", part)
		}
	}
}

// publishes notes events that leave the module.
func (w *wiring) publishes(events []Event) {
	if len(events) == 0 {
		w.mistake("Publishes: it names no event")
	}
	w.later = append(w.later, func() {
		for _, e := range events {
			t := reflect.TypeOf(e)
			spec := w.spec.eventsByType[t]
			switch {
			case spec == nil:
				w.mistake("Publishes: %v is emitted by nothing in the module", t)
			case spec.class != ownEvent:
				w.mistake("Publishes: %v is an event of module %s, which alone may publish it", t, spec.from)
			default:
				w.spec.published[spec] = true
			}
		}
	})
}

// hearsFrom notes events of another module.
func (w *wiring) hearsFrom(module string, events []Event) {
	part := "HearsFrom(" + module + ")"
	switch {
	case !identifier.MatchString(module):
		w.mistake("HearsFrom: the module's name %q is not an identifier", module)
	case module == w.spec.name:
		w.mistake("%s: a module need not declare that it hears its own events", part)
	case len(events) == 0:
		w.mistake("%s: it names no event", part)
	}
	if !slices.Contains(w.spec.sources, module) {
		w.spec.sources = append(w.spec.sources, module)
	}
	for _, e := range events {
		t := reflect.TypeOf(e)
		if other := w.spec.eventsByType[t]; other != nil {
			w.mistake("%s: %v is an event of the module itself, or heard from another; give it a type of its own", part, t)
			continue
		}
		name := heardType(module, w.nameOf(t, part))
		if other := w.spec.eventsByName[name]; other != nil {
			w.mistake("%s: %v and %v have one name", part, other.goType, t)
			continue
		}
		w.add(&eventSpec{name: name, goType: t, class: heardEvent, from: module})
	}
}

// add registers an event, or what is kept like one.
func (w *wiring) add(e *eventSpec) *eventSpec {
	e.module, e.index = w.spec, len(w.spec.events)
	w.spec.events = append(w.spec.events, e)
	if e.goType != nil {
		w.spec.eventsByType[e.goType] = e
		w.spec.eventsByName[e.name] = e
	}
	return e
}

// onItsWay registers the commands from or to another module.
func (w *wiring) onItsWay(class recordClass, module string) *eventSpec {
	return w.add(&eventSpec{name: string(class) + module, class: class})
}

// sendsTo registers a module that commands are sent to.
func (w *wiring) sendsTo(module string) {
	if w.spec.sentTo[module] != nil {
		return
	}
	w.spec.destinations = append(w.spec.destinations, module)
	w.spec.sentTo[module] = w.onItsWay(sentCommand, module)
}

// heard finds an event that a policy or a projection listens to.
func (w *wiring) heard(t reflect.Type, part string) *eventSpec {
	if e := w.spec.eventsByType[t]; e != nil {
		return e
	}
	w.mistake("%s: it hears %v, which nothing in the module emits; for an event of another module, wire landfall.HearsFrom", part, t)
	return &eventSpec{name: fmt.Sprint(t), goType: t}
}

func (w *wiring) destination(d destination, part string) destinationSpec {
	t := reflect.TypeOf(d.command)
	to := destinationSpec{module: d.module, name: w.nameOf(t, part), goType: t}
	if d.module == w.spec.name {
		w.mistake("%s: %s goes to the own module; declare it with landfall.Sends", part, to.name)
		return to
	}
	if d.module != "" {
		if !identifier.MatchString(d.module) {
			w.mistake("%s: the module's name %q is not an identifier", part, d.module)
		}
		w.sendsTo(d.module)
	} else {
		if to.handler = w.spec.commandsByType[t]; to.handler == nil {
			w.mistake("%s: it sends %s, which nothing in the module handles", part, to.name)
		}
	}
	w.spec.sent[t] = to
	return to
}

func (w *wiring) project(name string, folds []Fold) {
	part := "projection " + name
	w.claimConsumer(name, part)
	p := &projectionSpec{name: name, label: part, folds: map[*eventSpec]Fold{}}
	w.spec.projections = append(w.spec.projections, p)
	if len(folds) == 0 {
		w.mistake("%s: it folds no event; say how with landfall.On", part)
	}
	for _, f := range folds {
		if f.codec == nil {
			continue
		}
		if p.doc != nil && p.doc != f.document {
			w.mistake("%s: its folds have different documents, %v and %v", part, p.doc, f.document)
		}
		p.codec, p.doc = f.codec, f.document
	}
	if p.doc == nil {
		w.mistake("%s: nothing creates its documents; add landfall.On", part)
		return
	}
	if loss := lossy(p.doc); loss != "" {
		w.mistake("%s: %s", part, loss)
	}
	w.later = append(w.later, func() { w.hearFolds(p, folds, part) })
}

func (w *wiring) hearFolds(p *projectionSpec, folds []Fold, part string) {
	shape := shapeOf(p.doc)
	for _, f := range folds {
		e := w.heard(f.event, part)
		if _, twice := p.folds[e]; twice {
			w.mistake("%s: it folds %s twice", part, e.name)
		}
		p.folds[e] = f
		p.events = append(p.events, e)
		shape += " " + e.name
	}
	p.shape = shape
}

func (w *wiring) projectInto(name string, tables Tables, options []Option) {
	part := "projection " + name
	w.claimConsumer(name, part)
	s := w.settings(part, options, "Hears")
	p := &projectionSpec{name: name, label: part, tables: tables}
	w.spec.projections = append(w.spec.projections, p)
	if tables == nil {
		w.mistake("%s: its tables are nil", part)
	}
	if len(s.hears) == 0 {
		w.mistake("%s: it hears no event; declare them with landfall.Hears", part)
	}
	w.later = append(w.later, func() {
		for _, e := range s.hears {
			heard := w.heard(reflect.TypeOf(e), part)
			p.events = append(p.events, heard)
			p.shape += " " + heard.name
		}
	})
}

func (w *wiring) named(name string, t reflect.Type) {
	if name == "" || len(name) > 256 {
		w.mistake("Named[%v]: the name must have between 1 and 256 bytes", t)
		return
	}
	w.spec.names[t] = name
	w.last = append(w.last, func() {
		_, sent := w.spec.sent[t]
		aggregate := slices.ContainsFunc(w.spec.aggregates, func(a *aggregateSpec) bool { return a.goType == t })
		if w.spec.eventsByType[t] == nil && w.spec.commandsByType[t] == nil && !sent && !aggregate {
			w.mistake("Named[%v]: the type is no event, command or aggregate of the module", t)
		}
	})
}

func (w *wiring) renamed(from string, t reflect.Type) {
	w.later = append(w.later, func() {
		e, h := w.spec.eventsByType[t], w.spec.commandsByType[t]
		switch {
		case e == nil && h == nil:
			w.mistake("Renamed[%v](%q): the type is no event or command of the module", t, from)
		case e != nil && w.spec.eventsByName[from] != nil, h != nil && w.spec.commandsByName[from] != nil:
			w.mistake("Renamed[%v](%q): the name is in use", t, from)
		case e != nil && e.class == heardEvent:
			w.spec.eventsByName[heardType(e.from, from)] = e
		case e != nil:
			w.spec.eventsByName[from] = e
		default:
			w.spec.commandsByName[from] = h
		}
	})
}

func (w *wiring) retire(names []string) {
	for _, name := range names {
		w.spec.retired[name] = true
	}
	w.later = append(w.later, func() {
		for _, name := range names {
			if w.spec.eventsByName[name] != nil || w.spec.upcasts[name] != nil {
				w.mistake("Retired(%q): the event is still in use", name)
			}
		}
	})
}

func (w *wiring) upcast(u *upcastSpec) {
	if w.spec.upcasts[u.name] != nil {
		w.mistake("Upcast(%q): two upcasts read this name", u.name)
		return
	}
	w.spec.upcasts[u.name] = u
	w.later = append(w.later, func() {
		if w.spec.eventsByName[u.name] != nil {
			w.mistake("Upcast(%q): an event of today has this name; give it a new one with landfall.Named", u.name)
		}
		for seen, up := map[*upcastSpec]bool{}, u; w.spec.eventsByType[up.to] == nil; {
			seen[up] = true
			w.forks(u, up.to)
			next := w.spec.upcastFrom(up.to)
			if next == nil || seen[next] {
				w.mistake("Upcast(%q): %v is no event of the module, and no other upcast goes on from it", u.name, up.to)
				return
			}
			up = next
		}
	})
}

// forks reports several upcasts that an upcast could go on with.
func (w *wiring) forks(u *upcastSpec, from reflect.Type) {
	n := 0
	for _, other := range w.spec.upcasts {
		if other.from == from {
			n++
		}
	}
	if n > 1 {
		w.mistake("Upcast(%q): it leads to %v, which %d upcasts go on from; give each old shape a type of its own", u.name, from, n)
	}
}
