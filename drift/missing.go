package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// pairFree pairs what the storm has put in no module yet with what any module
// of the code has under that name.
func (c *comparison) pairFree() {
	for _, e := range c.storm.Free.Elements {
		for _, m := range c.code.Modules {
			for _, t := range c.left(m, e.Kind) {
				if c.pairs[e] != nil || !t.answersTo(e) {
					continue
				}
				c.pair(e, t)
				if len(c.storm.Modules) > 0 {
					c.report(Undecided, e.ID(), e.At(), t.place, "%s is in no module of the storm yet, and in module %s of the code", named(e), m.Name).
						mend(Mend{Message: "move it there: module " + ast.Quote(m.Name) + " { … }"})
				}
			}
		}
	}
}

// missing reports what only one side has.
func (c *comparison) missing() {
	for e := range c.storm.Elements() {
		if c.pairs[e] == nil && c.facts.isBuilt(e) && e.Kind != ast.Value && e.Kind != ast.Enum {
			c.notInCode(e)
		}
	}
	for s, m := range c.modules {
		for _, t := range c.things[m] {
			if c.backs[t] == nil {
				c.notInStorm(s, t)
			}
		}
	}
}

func (c *comparison) notInCode(e *model.Element) {
	m := c.modules[e.Module]
	if m == nil && (!e.Module.IsFree() || c.oneOfMany) {
		return // the whole module is missing
	}
	if why := c.facts.undecided(e); why != "" {
		c.report(Undecided, e.ID(), e.At(), ast.Place{}, "%s cannot be built: %s", named(e), why).
			mend(Mend{Message: "go on with the storm there"})
		return
	}
	at := ast.Place{}
	if m != nil {
		at = m.Place
		if other := c.otherKind(e, m); other != nil {
			c.report(OtherKind, e.ID(), e.At(), other.place, "%s is %s in the code", named(e), article(other.kind)).
				mend(Mend{Message: "make it the same on both sides"})
			return
		}
	}
	d := c.report(NotInCode, e.ID(), e.At(), at, "%s is in the storm, but not in the code", named(e))
	c.whereItWouldBe(d, e, m)
	d.mend(generate)
}

// otherKind returns what has the name of an element, but is something else.
func (c *comparison) otherKind(e *model.Element, m *Module) *thing {
	for _, t := range c.things[m] {
		if c.backs[t] != nil || t.kind == e.Kind || !t.answersTo(e) {
			continue
		}
		if pairOf(t.kind, e.Kind, ast.Aggregate, ast.System) || pairOf(t.kind, e.Kind, ast.Command, ast.Event) ||
			pairOf(t.kind, e.Kind, ast.Policy, ast.Projection) {
			return t
		}
	}
	return nil
}

func pairOf(a, b, x, y ast.Kind) bool { return a == x && b == y || a == y && b == x }

// whereItWouldBe completes a difference with what the code has already for an
// element that it does not wire.
func (c *comparison) whereItWouldBe(d *Difference, e *model.Element, m *Module) {
	if m == nil {
		return
	}
	if len(m.Unread) > 0 {
		d.Message += "; it may be where the wiring cannot be read"
	}
	w, ready := c.wiringFor(e, m), false
	for _, a := range m.Aggregates {
		for _, idle := range a.Idle {
			if e.Kind == ast.Command && idle.Command.GoName == e.GoName() {
				d.Message += fmt.Sprintf("; %s.%s decides on it, but nothing wires that", a.GoName, idle.Method)
				d.Go = idle.Place
				w, ready = c.handle(a.GoName+"."+idle.Method, e, m)
			}
		}
	}
	if w == "" {
		return
	}
	mend := Mend{Message: "in the code, wire it: " + w}
	if ready {
		mend.Edits = insertPart(m, w)
	}
	d.mend(mend)
}

// handle writes the part that wires a decision, and reports whether all of its
// types are there.
func (c *comparison) handle(decision string, e *model.Element, m *Module) (part string, ready bool) {
	events, _ := c.facts.leadsTo(e)
	ready = true
	for _, name := range goNames(events) {
		ready = ready && m.typeNamed(name) != nil
	}
	return fmt.Sprintf("landfall.Handle(%s, landfall.Emits(%s{}))", decision, strings.Join(goNames(events), "{}, ")), ready
}

func (c *comparison) notInStorm(s *model.Module, t *thing) {
	for e := range c.storm.Elements() {
		if e.Module == s && c.pairs[e] == nil && t.kind != e.Kind && c.otherKind(e, t.module) == t {
			return // reported as another kind
		}
	}
	if t.kind == ast.Aggregate && c.isStandIn(s, t) {
		c.report(Undecided, c.idOf(s, t), s.At(), t.place,
			"the aggregate %s of the code stands for lines of flow that name no aggregate", t.name).
			mend(Mend{Message: "put those lines into an aggregate in the storm"})
		return
	}
	d := c.report(NotInStorm, c.idOf(s, t), s.At(), t.wired, "the %s %s is in the code, but not in the storm", t.kind, t.name)
	d.mend(c.declare(s, t))
	if t.kind != ast.Aggregate {
		d.mend(Mend{Message: "or remove it from the code"})
	}
}

// isStandIn reports whether an aggregate is the one that is generated for lines
// of flow without one.
func (c *comparison) isStandIn(s *model.Module, t *thing) bool {
	name := model.GoName(ast.NoKind, s.Name)
	return len(s.Flows) > 0 && (t.name == name || t.name == name+"Aggregate")
}

func (c *comparison) idOf(s *model.Module, t *thing) string {
	return t.kind.String() + ":" + ast.Quote(s.Name) + "." + ast.Quote(t.name)
}

// history holds the former names of events against each other.
func (c *comparison) history(e *model.Element, t *thing) {
	if t.kind != ast.Event {
		return
	}
	has := func(was string) bool {
		return was == t.stable || slices.ContainsFunc(t.former, func(f Renamed) bool { return f.From == was || f.From == model.GoName(e.Kind, was) }) ||
			slices.Contains(t.module.Retired, was)
	}
	reader := "the code"
	if c.pairs[e] != t {
		reader = "module " + ast.Quote(t.module.Name) + ", which hears it,"
	}
	for _, was := range e.Was {
		if !has(was) && t.name != model.GoName(e.Kind, was) {
			part := fmt.Sprintf("landfall.Renamed[%s](%q)", t.name, was)
			c.report(HistoryLost, e.ID(), e.At(), t.place, "%s was %s before, and %s does not read events of that name", named(e), ast.Quote(was), reader).
				mend(Mend{Message: "in the code, wire " + part, Edits: insertPart(t.module, part)})
		}
	}
	for _, f := range t.former {
		told := slices.ContainsFunc(e.Was, func(was string) bool { return f.From == was || f.From == model.GoName(e.Kind, was) })
		if !told && f.From != e.Name && f.From != e.GoName() && !strings.HasPrefix(f.From, e.Name+".") {
			c.report(HistoryUntold, e.ID(), e.At(), f.Place, "%s was %s before in the code, which the storm does not tell", named(e), ast.Quote(f.From)).
				mend(c.tellFormer(e, f.From))
		}
	}
}
