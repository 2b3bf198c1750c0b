package drift

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// heard returns what a message is among the events that the module hears of
// others, or nil.
func (m *Module) heard(r Ref) *Heard {
	for _, h := range m.Heard {
		if h.key() == r.key() {
			return h
		}
	}
	return nil
}

// ref mentions what is heard where it is declared.
func (h *Heard) ref() Ref {
	return Ref{GoName: h.GoName, Package: h.Package, Name: h.Name, Place: h.Wired, typ: h.typ}
}

// heardElement returns the element of the storm that an event of another module
// stands for: one of those expected, even when the code names another module for
// it, or another of that module.
func (c *comparison) heardElement(h *Heard, r Ref, expected []*model.Element) *model.Element {
	x := c.moduleNamed(h.Module)
	if x != nil {
		if e := c.foreignElement(r, ownOf(x, expected)); e != nil {
			return e
		}
	}
	if e := c.foreignElement(r, expected); e != nil && (x == nil || c.foreignElement(r, x.Of(ast.Event)) == nil) {
		return e
	}
	if x != nil {
		return c.foreignElement(r, x.Of(ast.Event))
	}
	return nil
}

// published compares what leaves a module.
func (c *comparison) published(s *model.Module, m *Module) {
	var known []*model.Element
	for _, r := range m.Publishes {
		e := c.elementOf(m, ast.Event, r, s.Publishes)
		known = append(known, e)
		switch {
		case slices.Contains(s.Publishes, e):
		case e == nil && c.byKey[thingKey{m, ast.Event, r.key()}] != nil: // the storm has no such event at all
		default:
			c.publishesMore(s, e, r)
		}
	}
	for _, e := range s.Publishes {
		if slices.Contains(known, e) || !c.both(e) || len(m.Unread) > 0 {
			continue
		}
		t := c.pairs[e]
		at := cmp.Or(m.publish, m.Place)
		d := c.report(NotPublished, e.ID(), publishedAt(e), at, "module %s publishes %s in the storm, but not in the code", ast.Quote(s.Name), ast.Quote(e.Name))
		if m.publish.IsValid() {
			d.mend(declareMessage(m.publish, m, t, "landfall.Publishes"))
		} else {
			part := "landfall.Publishes(" + t.name + "{})"
			d.mend(Mend{Message: "in the code, wire " + part, Edits: insertPart(m, part)})
		}
		d.mend(Mend{Message: "or do not publish it in the storm"})
	}
}

func (c *comparison) publishesMore(s *model.Module, e *model.Element, r Ref) {
	id, at, name := "event:"+ast.Quote(s.Name)+"."+ast.Quote(r.GoName), s.At(), r.GoName
	if e != nil {
		id, at, name = e.ID(), e.At(), e.Name
	}
	c.report(PublishesMore, id, at, r.Place, "module %s publishes %s in the code, but not in the storm", ast.Quote(s.Name), ast.Quote(name)).
		mend(publishToo(s, name)).mend(Mend{Message: "or take " + r.GoName + "{} out of its landfall.Publishes, unless somebody hears it already"})
}

// publishedAt returns where the storm says that an event is published.
func publishedAt(e *model.Element) ast.Place {
	for _, x := range e.Mentions {
		if x.Role == model.Published {
			return x.Full
		}
	}
	return e.At()
}

// publishToo lets a module of the storm publish one more event.
func publishToo(s *model.Module, name string) Mend {
	m := Mend{Message: "in the storm, publish it: publishes " + ast.Quote(name)}
	last := ast.Place{}
	for _, e := range s.Publishes {
		if at := publishedAt(e); at != e.At() && (last.File == "" || at.File == last.File && at.End.Offset > last.End.Offset) {
			last = at
		}
	}
	switch {
	case last.IsValid():
		m.Edits = insertAt(after(last), ", "+ast.Quote(name))
	case len(s.Bodies) > 0:
		body := s.Bodies[0]
		body.Start.Offset++ // behind the opening brace
		m.Edits = insertAt(body, "\n  publishes "+ast.Quote(name)+"\n")
	}
	return m
}

// listener is a policy or a projection that hears an event of another module,
// and where the storm says so.
type listener struct {
	event, by *model.Element
	at        ast.Place
}

// heardFrom compares what a module hears of others.
func (c *comparison) heardFrom(s *model.Module, m *Module) {
	expected := c.listeners(s)
	var events []*model.Element
	for _, l := range expected {
		events = append(events, l.event)
	}
	got := map[*model.Element]*Heard{}
	for _, h := range m.Heard {
		e := c.heardElement(h, h.ref(), events)
		if e == nil || !slices.Contains(events, e) {
			c.heardForNobody(s, m, h, e)
			continue
		}
		got[e], c.heard[h] = h, e
		c.heardAs(s, h, e)
		c.history(e, &thing{kind: ast.Event, name: h.GoName, stable: h.Name, key: h.key(), place: h.Place, wired: h.Wired, module: m, former: h.Formerly})
	}
	for _, l := range expected {
		switch h := got[l.event]; {
		case h == nil && len(m.Unread) == 0:
			c.notHeard(m, l)
		case h != nil && c.moduleNamed(h.Module) != l.event.Module:
			c.report(OtherSource, l.by.ID(), l.at, h.Wired, "%s hears %s of module %s in the storm, but of module %s in the code",
				named(l.by), ast.Quote(l.event.Name), ast.Quote(l.event.Module.Name), h.Module).touches(l.event).
				mend(Mend{Message: "in the code, wire " + hearing(c.codeName(l.event.Module), h.GoName)}).
				mend(Mend{Message: "or let it hear " + h.Module + "." + ast.Quote(l.event.Name) + " in the storm"})
		}
	}
}

// heardAs compares the name under which an event is heard with that of its own
// module.
func (c *comparison) heardAs(s *model.Module, h *Heard, e *model.Element) {
	if t := c.pairs[e]; t != nil && h.Name == t.stable || t == nil && (h.Name == e.Name || h.Name == e.GoName()) {
		return
	}
	published := e.Name
	if t := c.pairs[e]; t != nil {
		published = t.stable
	}
	mend := fmt.Sprintf("in the code, wire landfall.Named[%s](%q)", h.GoName, published)
	if h.GoName == published {
		mend = fmt.Sprintf("in the code, remove landfall.Named[%s](%q)", h.GoName, h.Name)
	}
	c.report(HeardAs, e.ID(), e.At(), h.Wired, "module %s hears %s under the name %s, but it is published as %s",
		ast.Quote(s.Name), named(e), ast.Quote(h.Name), ast.Quote(published)).mend(Mend{Message: mend})
}

// listeners returns the events of other modules that a module hears in the
// storm, each once. What the code does not have of it is reported there.
func (c *comparison) listeners(s *model.Module) []listener {
	var out []listener
	add := func(by, event *model.Element, role model.Role) {
		if event.Module == s || event.Module.IsFree() || !comesTo(by, event) || c.facts.undecided(event) != "" || !c.both(by) ||
			slices.ContainsFunc(out, func(l listener) bool { return l.event == event }) {
			return
		}
		out = append(out, listener{event, by, mentionIn(event, by.Place, role)})
	}
	for _, e := range s.Elements {
		switch e.Kind {
		case ast.Policy:
			for on := range e.Policy.On.All() {
				add(e, on, model.Trigger)
			}
			for _, stop := range e.Policy.Unless {
				if stops(e, stop) {
					add(e, stop, model.Exception)
				}
			}
		case ast.Projection:
			for _, on := range e.View.UpdatedBy {
				add(e, on, model.Update)
			}
		}
	}
	return out
}

// notHeard reports an event of another module that the code does not declare to
// hear, unless nothing there hears it at all: that is reported already.
func (c *comparison) notHeard(m *Module, l listener) {
	mentioned := func(r Ref) bool { return c.foreignElement(r, []*model.Element{l.event}) != nil && m.heard(r) == nil }
	own := func(r Ref) bool { return c.byKey[thingKey{m, ast.Event, r.key()}] != nil }
	i := slices.IndexFunc(m.hearing(), func(r Ref) bool { return mentioned(r) && !own(r) })
	if i < 0 {
		return
	}
	r := m.hearing()[i]
	d := c.report(NotHeard, l.by.ID(), l.at, r.Place, "%s hears %s of module %s, but no landfall.HearsFrom declares that",
		named(l.by), ast.Quote(l.event.Name), ast.Quote(l.event.Module.Name)).touches(l.event)
	for _, h := range m.Heard {
		if c.moduleNamed(h.Module) == l.event.Module {
			option := fmt.Sprintf("landfall.HearsFrom(%q, …)", h.Module)
			d.mend(declareMessage(h.insert, m, &thing{name: r.GoName, key: r.key()}, option))
			return
		}
	}
	part := hearing(c.codeName(l.event.Module), r.GoName)
	d.mend(Mend{Message: "in the code, wire " + part, Edits: insertPart(m, part)})
}

// codeName returns the name that a module of the storm has in the code.
func (c *comparison) codeName(s *model.Module) string {
	if m := c.modules[s]; m != nil {
		return m.Name
	}
	return s.Name
}

func hearing(module, goName string) string {
	return fmt.Sprintf("landfall.HearsFrom(%q, %s{})", module, goName)
}

// hearing returns the events that the policies and projections of a module hear.
func (m *Module) hearing() []Ref {
	var out []Ref
	for _, p := range m.Policies {
		out = append(append(out, p.Hears), p.Unless...)
	}
	for _, p := range m.Projections {
		out = append(out, p.Hears...)
	}
	return out
}

// heardForNobody reports an event of another module that nothing hears in the
// storm, unless who hears it in the code is reported already.
func (c *comparison) heardForNobody(s *model.Module, m *Module, h *Heard, e *model.Element) {
	hears := func(r Ref) bool { return r.key() == h.key() }
	for _, p := range m.Policies {
		if hears(p.Hears) || slices.ContainsFunc(p.Unless, hears) {
			return
		}
	}
	for _, p := range m.Projections {
		if e != nil && slices.ContainsFunc(p.Hears, hears) {
			return
		}
	}
	id, at := "module:"+ast.Quote(s.Name), s.At()
	if e != nil {
		id, at = e.ID(), e.At()
	}
	d := c.report(HeardForNobody, id, at, h.Wired, "module %s hears %s of module %s in the code, but nothing in it does in the storm",
		ast.Quote(s.Name), h.GoName, h.Module)
	d.mend(Mend{Message: fmt.Sprintf("in the storm, let a policy or a projection of %s hear %s.%s", ast.Quote(s.Name), ast.Quote(h.Module), h.GoName)}).
		mend(Mend{Message: "or take it out of landfall.HearsFrom"})
}
