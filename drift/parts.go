package drift

import (
	"cmp"
	"go/types"
	"slices"
	"time"
)

func (w *moduleBuilder) handle(p *partValue) {
	if len(p.types) < 2 {
		w.cannot(Unread{w.wired(p), "the types of landfall.Handle"})
		return
	}
	a, ok := types.Unalias(p.types[0]).(*types.Named)
	if !ok {
		w.cannot(Unread{w.wired(p), typeName(p.types[0]) + " is no aggregate with a name"})
		return
	}
	w.aggregate(a)
	w.command(p, p.types[1], a.Obj().Name(), false, p.args[0], p.args[1])
}

func (w *moduleBuilder) aggregate(a *types.Named) {
	for _, other := range w.m.Aggregates {
		if other.GoName == a.Obj().Name() {
			return
		}
	}
	w.live(a.Obj().Pkg())
	w.m.Aggregates = append(w.m.Aggregates, &Aggregate{
		GoName: a.Obj().Name(), Package: a.Obj().Pkg().Path(), State: w.fieldsOf(a),
		Name:  cmp.Or(w.m.names[typeKey(a)], a.Obj().Name()),
		Place: w.place(a.Obj().Pos(), len(a.Obj().Name())), typ: a,
	})
}

func (w *moduleBuilder) perform(p *partValue) {
	system, ok := textOf(p.args[0])
	if !ok || len(p.types) < 1 {
		w.cannot(w.unread(p.args[0], "the system's name"))
		return
	}
	if !slices.ContainsFunc(w.m.Systems, func(s *System) bool { return s.Name == system }) {
		w.m.Systems = append(w.m.Systems, &System{system, w.wired(p)})
	}
	w.command(p, p.types[0], system, true, p.args[1], p.args[2])
}

func (w *moduleBuilder) command(p *partValue, t types.Type, handler string, external bool, decide, options value) {
	r, ok := w.ref(t, w.wired(p))
	if !ok {
		w.cannot(Unread{w.wired(p), typeName(t) + " is no command: a struct with a name"})
		return
	}
	c := &Command{
		Message: w.message(r), Handler: handler, External: external, Wired: w.wired(p),
	}
	w.later = append(w.later, func() { c.Builds = w.builds(decide, "Event") })
	unread := w.failed
	w.options(options, "landfall."+p.call, func(o *partValue) {
		if o.call == "Emits" {
			c.Emits = append(c.Emits, w.refs(o.args[0], "the events of "+r.GoName)...)
			c.insert = w.place(o.last, 0)
		}
	})
	c.partial = w.failed > unread
	w.m.Commands = append(w.m.Commands, c)
	for _, e := range c.Emits {
		w.event(e)
	}
}

func (w *moduleBuilder) event(r Ref) {
	for _, e := range w.m.Events {
		if e.Package == r.Package && e.GoName == r.GoName {
			return
		}
	}
	w.m.Events = append(w.m.Events, &Event{w.message(r)})
}

func (w *moduleBuilder) when(p *partValue) {
	name, ok := textOf(p.args[0])
	if !ok || len(p.types) < 1 {
		w.cannot(w.unread(p.args[0], "the policy's name"))
		return
	}
	hears, ok := w.ref(p.types[0], w.wired(p))
	if !ok {
		w.cannot(Unread{w.wired(p), typeName(p.types[0]) + " is no event: a struct with a name"})
		return
	}
	hears.Place = w.place(p.args[1].pos(), widthOf(p.args[1]))
	y := &Policy{Name: name, Wired: w.wired(p), Hears: hears, end: w.place(p.last, 0)}
	w.later = append(w.later, func() { y.Builds = w.builds(p.args[1], "Command") })
	unread := w.failed
	w.options(p.args[2], "policy "+name, func(o *partValue) { w.policyOption(y, o) })
	y.partial = w.failed > unread
	w.m.Policies = append(w.m.Policies, y)
}

func (w *moduleBuilder) policyOption(y *Policy, o *partValue) {
	what := "the commands of policy " + y.Name
	switch o.call {
	case "Sends":
		for _, r := range w.refs(o.args[0], what) {
			y.Sends = append(y.Sends, Sent{Ref: r})
		}
		y.insert = w.place(o.last, 0)
	case "SendsTo":
		module, ok := textOf(o.args[0])
		if !ok {
			w.cannot(w.unread(o.args[0], "the module that policy "+y.Name+" sends to"))
			return
		}
		for _, r := range w.refs(o.args[1], what) {
			y.Sends = append(y.Sends, Sent{Ref: r, Module: module})
			w.sent(module, r)
		}
	case "After":
		d, ok := intOf(o.args[0])
		if !ok {
			w.cannot(w.unread(o.args[0], "the delay of policy "+y.Name))
		}
		y.After, y.afterAt = time.Duration(d), w.place(o.args[0].pos(), int(o.last-o.args[0].pos()))
	case "Unless":
		y.Unless = append(y.Unless, w.refs(o.args[0], "the events that stop policy "+y.Name)...)
	}
}

// sent notes a command to another module.
func (w *moduleBuilder) sent(module string, r Ref) {
	m := w.foreign(r)
	w.m.sent[module+"."+r.key()] = &m
}

// foreign returns a message of another module. Its type is the module's own, so
// it says nothing about where the module lives.
func (w *moduleBuilder) foreign(r Ref) Message {
	homes := w.m.homes
	m := w.message(r)
	w.m.homes = homes
	return m
}

func (w *moduleBuilder) publishes(p *partValue) {
	w.m.Publishes = append(w.m.Publishes, w.refs(p.args[0], "the events that module "+w.m.Name+" publishes")...)
	w.m.publish = w.place(p.last, 0)
}

func (w *moduleBuilder) hearsFrom(p *partValue) {
	module, ok := textOf(p.args[0])
	if !ok {
		w.cannot(w.unread(p.args[0], "the module that module "+w.m.Name+" hears from"))
		return
	}
	for _, r := range w.refs(p.args[1], "the events that module "+w.m.Name+" hears from "+module) {
		w.m.Heard = append(w.m.Heard, &Heard{Message: w.foreign(r), Module: module, Wired: r.Place, insert: w.place(p.last, 0), typ: r.typ})
	}
}

func (w *moduleBuilder) project(p *partValue) {
	name, ok := textOf(p.args[0])
	if !ok {
		w.cannot(w.unread(p.args[0], "the projection's name"))
		return
	}
	r := &Projection{Name: name, Wired: w.wired(p), insert: w.place(p.last, 0)}
	w.m.Projections = append(w.m.Projections, r)
	for _, v := range items(p.args[1]) {
		fold, ok := v.(*partValue)
		if !ok || len(fold.types) == 0 {
			r.partial = true
			w.cannot(w.unread(v, "a fold of projection "+name))
			continue
		}
		w.fold(r, fold)
	}
}

func (w *moduleBuilder) fold(r *Projection, p *partValue) {
	e := p.types[len(p.types)-1]
	heard, ok := w.ref(e, w.wired(p))
	if !ok {
		w.cannot(Unread{w.wired(p), typeName(e) + " is no event: a struct with a name"})
		return
	}
	r.Hears = append(r.Hears, heard)
	if doc, ok := types.Unalias(p.types[0]).(*types.Named); ok && p.call != "Removes" {
		r.Document, r.Fields = doc.Obj().Name(), w.fieldsOf(doc)
		r.At = w.place(doc.Obj().Pos(), len(r.Document))
	}
}

func (w *moduleBuilder) projectInto(p *partValue) {
	name, ok := textOf(p.args[0])
	if !ok {
		w.cannot(w.unread(p.args[0], "the projection's name"))
		return
	}
	r, unread := &Projection{Name: name, Wired: w.wired(p)}, w.failed
	w.options(p.args[2], "projection "+name, func(o *partValue) {
		if o.call == "Hears" {
			r.Hears = append(r.Hears, w.refs(o.args[0], "the events of projection "+name)...)
			r.insert = w.place(o.last, 0)
		}
	})
	r.partial = w.failed > unread
	w.m.Projections = append(w.m.Projections, r)
}
