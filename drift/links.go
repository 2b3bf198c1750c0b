package drift

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// links compares what a pair is linked with. What one side does not have at all
// is reported as missing there, and not once more for each of its links.
func (c *comparison) links(e *model.Element, t *thing) {
	switch e.Kind {
	case ast.Command:
		c.emits(e, t)
		c.handler(e, t)
	case ast.Policy:
		c.triggers(e, t)
		c.invokes(e, t)
		c.waits(e, t)
		c.stops(e, t)
	case ast.Projection:
		c.updates(e, t)
	}
}

// both reports whether an element has something on both sides.
func (c *comparison) both(e *model.Element) bool { return c.pairs[e] != nil }

// elementOf returns the element of the storm that a message in the code stands
// for: what it is paired with, or that of its name in the module or in one of
// those expected.
func (c *comparison) elementOf(m *Module, kind ast.Kind, r Ref, expected []*model.Element) *model.Element {
	if t := c.byKey[thingKey{m, kind, r.key()}]; t != nil {
		return c.backs[t]
	}
	if h := m.heard(r); h != nil && kind == ast.Event {
		return c.heardElement(h, r, expected)
	}
	return c.foreignElement(r, expected)
}

// foreignElement returns the one of the elements that a module's own type for
// another module's message stands for.
func (c *comparison) foreignElement(r Ref, expected []*model.Element) *model.Element {
	for _, e := range expected {
		names := namesOf(e)
		if slices.Contains(names, r.GoName) || slices.Contains(names[:2], r.Name) {
			return e
		}
	}
	return nil
}

func (c *comparison) emits(e *model.Element, t *thing) {
	events, lines := c.facts.leadsTo(e)
	declared := map[*model.Element]Ref{}
	for _, r := range t.command.Emits {
		if ev := c.elementOf(t.module, ast.Event, r, events); ev != nil {
			declared[ev] = r
		}
	}
	for _, ev := range events {
		if _, ok := declared[ev]; ok || !c.both(ev) || t.command.partial {
			continue
		}
		at := mentionIn(ev, lines[ev].Place, model.Emitted)
		d := c.report(LeadsToMore, e.ID(), at, t.wired, "%s leads to %s in the storm, but its wiring does not declare that event", named(e), ast.Quote(ev.Name))
		d.touches(ev, c.facts.handler(e)).mend(declareMessage(t.command.insert, t.module, c.pairs[ev], "landfall.Emits"))
		d.mend(unlink(lines[ev].Place, ev, at))
	}
	if len(events) == 0 {
		return // undecided
	}
	for _, r := range t.command.Emits {
		ev := c.elementOf(t.module, ast.Event, r, events)
		if ev == nil || lines[ev] != nil {
			continue
		}
		line := c.facts.handling[e][0]
		d := c.report(EmitsMore, e.ID(), line.Place, r.Place, "%s leads to %s in the code, but not in the storm", named(e), ast.Quote(ev.Name))
		d.touches(ev, c.facts.handler(e)).mend(link(line, ev, model.Emitted, " | ")).
			mend(Mend{Message: "or take " + r.GoName + "{} out of its landfall.Emits and of the decision"})
	}
}

func (c *comparison) handler(e *model.Element, t *thing) {
	h := c.facts.handler(e)
	if h == nil {
		at := e.At()
		if lines := c.facts.handling[e]; len(lines) > 0 {
			at = lines[0].Place
		}
		c.report(Undecided, e.ID(), at, t.wired, "%s is handled by %s in the code; the storm does not say by whom", named(e), t.command.Handler).
			mend(Mend{Message: "in the storm, add " + c.lineFor(t)})
		return
	}
	if other := c.pairs[h]; other == nil || other.name == t.command.Handler && other.module == t.module {
		return
	}
	at := mentionIn(e, c.facts.handling[e][0].Place, model.Handled)
	c.report(OtherHandler, e.ID(), at, t.wired, "%s is handled by %s in the storm, but by %s in the code", named(e), named(h), ownerWords(t.command)).
		touches(h).
		mend(Mend{Message: "in the code, make the decision a method of " + c.pairs[h].name + " and wire that; the events that happened stay with " + t.command.Handler}).
		mend(Mend{Message: "or move the line in the storm into " + ownerWords(t.command)})
}

func ownerWords(c *Command) string {
	if c.External {
		return "the system " + c.Handler
	}
	return "the aggregate " + c.Handler
}

func (c *comparison) triggers(e *model.Element, t *thing) {
	expected := slices.Collect(e.Policy.On.All())
	heard := map[*model.Element]*Policy{}
	var strange []*Policy
	for _, p := range t.policies {
		if on := c.elementOf(t.module, ast.Event, p.Hears, expected); on != nil && slices.Contains(expected, on) {
			heard[on] = p
		} else {
			strange = append(strange, p)
		}
	}
	if len(expected) == 0 {
		return
	}
	for _, on := range expected {
		if heard[on] != nil || !comesTo(e, on) || len(strange) == 0 && !c.both(on) && (c.modules[on.Module] != nil || c.facts.undecided(on) != "") {
			continue
		}
		d := c.triggerDifference(e, t, on, strange)
		d.touches(on)
		if len(strange) > 0 {
			strange = strange[1:]
		}
	}
	for _, p := range strange {
		d := c.report(OtherTrigger, e.ID(), e.At(), p.Hears.Place, "%s answers %s in the code, but not in the storm", named(e), p.Hears.GoName)
		d.mend(c.addTo(e, p.Hears.GoName, model.Trigger, " | "))
		d.mend(Mend{Message: fmt.Sprintf("or remove landfall.When(%q, …)", p.Name)})
	}
}

func (c *comparison) triggerDifference(e *model.Element, t *thing, on *model.Element, strange []*Policy) *Difference {
	at := mentionIn(on, e.Place, model.Trigger)
	if len(strange) == 0 {
		return c.report(OtherTrigger, e.ID(), at, t.wired, "%s answers %s in the storm, but not in the code", named(e), ast.Quote(on.Name)).
			mend(Mend{Message: fmt.Sprintf("in the code, wire it: landfall.When(%q, …)", gen.PolicyNames(e)[on])})
	}
	p := strange[0]
	d := c.report(OtherTrigger, e.ID(), at, p.Hears.Place, "%s answers %s in the storm, but %s in the code", named(e), ast.Quote(on.Name), p.Hears.GoName)
	d.mend(Mend{Message: "in the code, let its function take " + on.GoName()})
	return d.mend(replaceText("or let it answer "+p.Hears.GoName+" in the storm", at, ast.Quote(p.Hears.GoName)))
}

func (c *comparison) invokes(e *model.Element, t *thing) {
	expected := slices.Collect(e.Policy.Invokes.All())
	if len(expected) == 0 {
		return
	}
	partial := slices.ContainsFunc(t.policies, func(p *Policy) bool { return p.partial })
	sent := map[*model.Element]bool{}
	var strange []Sent
	for _, p := range t.policies {
		for _, s := range p.Sends {
			if to := c.sentElement(t.module, s, expected); to != nil && slices.Contains(expected, to) {
				sent[to] = true
			} else {
				strange = append(strange, s)
			}
		}
	}
	for _, to := range expected {
		if sent[to] {
			continue
		}
		at := mentionIn(to, e.Place, model.Invoked)
		if i := slices.IndexFunc(strange, func(s Sent) bool { return c.foreignElement(s.Ref, []*model.Element{to}) != nil }); i >= 0 {
			c.elsewhere(e, to, strange[i], t, at)
			strange = slices.Delete(strange, i, i+1)
			continue
		}
		if own := to.Module == e.Module; own && !c.both(to) || partial {
			continue
		}
		c.notSent(e, to, t, at)
	}
	for _, s := range strange {
		c.sentMore(e, t, s)
	}
}

// sentElement returns the element that a policy sends in the code: of its own
// module, or of the one that it names.
func (c *comparison) sentElement(m *Module, s Sent, expected []*model.Element) *model.Element {
	if s.Module == "" {
		return c.elementOf(m, ast.Command, s.Ref, ownOf(c.stormModule(m), expected))
	}
	x := c.moduleNamed(s.Module)
	if x == nil {
		return nil
	}
	if to := c.foreignElement(s.Ref, ownOf(x, expected)); to != nil {
		return to
	}
	return c.foreignElement(s.Ref, x.Of(ast.Command))
}

// moduleNamed returns the module of the storm that has a name in the code, or
// nil.
func (c *comparison) moduleNamed(name string) *model.Module {
	for _, x := range c.storm.Modules {
		if x.Name == name || gen.ModuleName(x.Name) == name || isModule(c.modules[x], name) {
			return x
		}
	}
	return nil
}

func isModule(m *Module, name string) bool { return m != nil && m.Name == name }

func (c *comparison) stormModule(m *Module) *model.Module {
	for s, x := range c.modules {
		if x == m {
			return s
		}
	}
	return c.storm.Free
}

func ownOf(m *model.Module, list []*model.Element) []*model.Element {
	var out []*model.Element
	for _, e := range list {
		if e.Module == m {
			out = append(out, e)
		}
	}
	return out
}

func (c *comparison) elsewhere(e, to *model.Element, s Sent, t *thing, at ast.Place) {
	where := s.Module
	if where == "" {
		where = t.module.Name
	}
	option := fmt.Sprintf("landfall.SendsTo(%q, %s{})", to.Module.Name, s.GoName)
	if to.Module == e.Module {
		option = "landfall.Sends(" + s.GoName + "{})"
	}
	c.report(OtherModule, e.ID(), at, s.Place, "%s sends %s to module %s in the storm, but to module %s in the code",
		named(e), ast.Quote(to.Name), ast.Quote(to.Module.Name), where).touches(to).
		mend(Mend{Message: "in the code, declare " + option}).
		mend(Mend{Message: "or invoke " + ast.Quote(where) + "." + ast.Quote(to.Name) + " in the storm"})
}

func (c *comparison) notSent(e, to *model.Element, t *thing, at ast.Place) {
	d := c.report(InvokesMore, e.ID(), at, t.wired, "%s invokes %s in the storm, but its wiring does not declare that command", named(e), c.nameIn(e.Module, to))
	d.touches(to)
	p := t.policies[0]
	if to.Module == e.Module {
		d.mend(declareMessage(p.insert, t.module, c.pairs[to], "landfall.Sends"))
	} else {
		d.mend(Mend{Message: fmt.Sprintf("in the code, declare landfall.SendsTo(%q, %s{}) with a type of the module's own", to.Module.Name, to.GoName())})
	}
	for choice := range e.Policy.Invokes.All() {
		if choice != to {
			d.mend(unlink(e.Place, to, at))
			break
		}
	}
}

func (c *comparison) sentMore(e *model.Element, t *thing, s Sent) {
	name := s.GoName
	if s.Module != "" {
		name = s.Module + "." + name
	}
	if s.Module == "" {
		if other := c.byKey[thingKey{t.module, ast.Command, s.key()}]; other != nil && c.backs[other] == nil {
			return // the command is not in the storm at all
		}
	}
	c.report(SendsMore, e.ID(), e.At(), s.Place, "%s invokes %s in the code, but not in the storm", named(e), name).
		mend(c.addTo(e, name, model.Invoked, ", ")).
		mend(Mend{Message: "or take " + s.GoName + "{} out of its wiring and of its function"})
}

// nameIn returns the name of an element as it is written in a module.
func (c *comparison) nameIn(m *model.Module, e *model.Element) string {
	if e.Module == m || e.Module.IsFree() {
		return ast.Quote(e.Name)
	}
	return e.Path()
}

func (c *comparison) waits(e *model.Element, t *thing) {
	want, _ := ast.ParseDuration(e.Policy.After)
	for _, p := range t.policies {
		if p.After == want || p.partial {
			continue
		}
		at := p.Wired
		if p.afterAt.IsValid() {
			at = p.afterAt
		}
		d := c.report(OtherDelay, e.ID(), e.At(), at, "%s acts %s in the storm, but %s in the code", named(e), delay(want), delay(p.After))
		d.mend(Mend{Message: "in the code, " + goDelay(want)})
		d.mend(Mend{Message: "or in the storm, " + stormDelay(p.After)})
	}
}

func delay(d time.Duration) string {
	if d == 0 {
		return "at once"
	}
	return "after " + stormDuration(d)
}

func goDelay(d time.Duration) string {
	if d == 0 {
		return "remove landfall.After"
	}
	return "write landfall.After(" + goDuration(d) + ")"
}

func stormDelay(d time.Duration) string {
	if d == 0 {
		return "remove after"
	}
	return "write after " + stormDuration(d)
}

func (c *comparison) stops(e *model.Element, t *thing) {
	expected := e.Policy.Unless
	for _, p := range t.policies {
		var known []*model.Element
		for _, r := range p.Unless {
			stop := c.elementOf(t.module, ast.Event, r, expected)
			known = append(known, stop)
			if !slices.Contains(expected, stop) {
				c.report(OtherUnless, e.ID(), e.At(), r.Place, "%s keeps %s from acting in the code, but not in the storm", r.GoName, named(e)).
					mend(Mend{Message: "in the storm, write unless " + r.GoName}).
					mend(Mend{Message: "or take it out of landfall.Unless"})
			}
		}
		for _, stop := range expected {
			if slices.Contains(known, stop) || !c.both(stop) && stop.Module == e.Module || p.partial || !comesTo(e, stop) || !stops(e, stop) {
				continue
			}
			c.report(OtherUnless, e.ID(), mentionIn(stop, e.Place, model.Exception), p.Wired,
				"%s keeps %s from acting in the storm, but not in the code", ast.Quote(stop.Name), named(e)).touches(stop).
				mend(Mend{Message: "in the code, add landfall.Unless(" + stop.GoName() + "{})", Edits: insertOption(p, "landfall.Unless("+stop.GoName()+"{})")})
		}
	}
}

func (c *comparison) updates(e *model.Element, t *thing) {
	expected := e.View.UpdatedBy
	var heard []*model.Element
	for _, r := range t.projection.Hears {
		on := c.elementOf(t.module, ast.Event, r, expected)
		heard = append(heard, on)
		if on == nil || slices.Contains(expected, on) || len(expected) == 0 {
			continue
		}
		c.report(HearsMore, e.ID(), e.At(), r.Place, "%s is updated by %s in the code, but not in the storm", named(e), ast.Quote(on.Name)).
			touches(on).mend(c.addTo(e, c.nameIn(e.Module, on), model.Update, ", ")).
			mend(Mend{Message: "or remove its fold in the code"})
	}
	for _, on := range expected {
		if slices.Contains(heard, on) || !comesTo(e, on) || t.projection.partial ||
			!c.both(on) && (c.modules[on.Module] != nil || c.facts.undecided(on) != "") {
			continue
		}
		at := mentionIn(on, e.Place, model.Update)
		c.report(ShowsMore, e.ID(), at, t.wired, "%s updates %s in the storm, but the code does not let it hear that event", ast.Quote(on.Name), named(e)).
			touches(on).mend(c.fold(t, on)).mend(unlink(e.Place, on, at))
	}
}

// fold says how a projection hears one more event.
func (c *comparison) fold(t *thing, on *model.Element) Mend {
	p := t.projection
	if p.Document == "" {
		return Mend{Message: "in the code, add " + on.GoName() + "{} to its landfall.Hears", Edits: insertAt(p.insert, ", "+on.GoName()+"{}")}
	}
	method := strings.TrimPrefix(on.GoName(), p.Document)
	return Mend{Message: fmt.Sprintf("in the code, add landfall.On((*%s).%s) with func (*%s) %s(%s, landfall.Metadata)",
		p.Document, method, p.Document, method, on.GoName())}
}
