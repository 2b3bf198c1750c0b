package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// pairElements finds what the code has for the elements of a module: by name,
// then by former names, then what was left over and is alike.
func (c *comparison) pairElements(s *model.Module, m *Module) {
	c.joinPolicies(s, m)
	for _, kind := range codeKinds {
		for _, e := range s.Of(kind) {
			for _, t := range c.left(m, kind) {
				if t.answersTo(e) {
					c.pair(e, t)
					break
				}
			}
		}
	}
	for _, kind := range codeKinds {
		c.formerly(s, m, kind)
		c.alike(s, m, kind)
	}
}

func (c *comparison) pair(e *model.Element, t *thing) {
	if c.pairs[e] == nil && c.backs[t] == nil {
		c.pairs[e], c.backs[t] = t, e
	}
}

// left returns what of a kind has no counterpart yet.
func (c *comparison) left(m *Module, kind ast.Kind) []*thing {
	var out []*thing
	for _, t := range c.things[m] {
		if t.kind == kind && c.backs[t] == nil {
			out = append(out, t)
		}
	}
	return out
}

func (c *comparison) leftElements(s *model.Module, kind ast.Kind) []*model.Element {
	var out []*model.Element
	for _, e := range s.Of(kind) {
		if c.pairs[e] == nil && c.facts.isBuilt(e) {
			out = append(out, e)
		}
	}
	return out
}

// joinPolicies makes one thing of the parts that a policy with several events
// is wired as: a part hears one event, and each has a name of its own, such as
// RemindOnOrderPlaced.
func (c *comparison) joinPolicies(s *model.Module, m *Module) {
	for _, e := range s.Of(ast.Policy) {
		var joined *thing
		names := gen.PolicyNames(e)
		for on := range e.Policy.On.All() {
			i := slices.IndexFunc(c.things[m], func(t *thing) bool {
				return t.kind == ast.Policy && t != joined && t.name == names[on]
			})
			switch {
			case i < 0:
			case joined == nil:
				joined = c.things[m][i]
				joined.name = e.GoName()
			default:
				joined.policies = append(joined.policies, c.things[m][i].policies...)
				c.things[m] = slices.Delete(c.things[m], i, i+1)
			}
		}
	}
}

// formerly pairs what one side knows by a former name of the other.
func (c *comparison) formerly(s *model.Module, m *Module, kind ast.Kind) {
	for _, e := range c.leftElements(s, kind) {
		for _, t := range c.left(m, kind) {
			switch {
			case slices.ContainsFunc(e.Was, func(was string) bool { return t.name == was || t.name == model.GoName(kind, was) }):
				c.pair(e, t)
				d := c.renaming(e, t, "%s was %s before, and still is in the code", named(e), t.name)
				d.mend(c.renameCode(e, t))
			case slices.ContainsFunc(t.former, func(f Renamed) bool { return f.From == e.Name || f.From == e.GoName() }):
				c.pair(e, t)
				d := c.renaming(e, t, "%s is called %s in the code now, and was renamed there", named(e), t.name)
				d.mend(c.renameStorm(e, t.name))
			default:
				continue
			}
			break
		}
	}
}

// alike pairs what was left over on both sides and looks like one thing.
func (c *comparison) alike(s *model.Module, m *Module, kind ast.Kind) {
	for {
		e, t := c.mostAlike(c.leftElements(s, kind), c.left(m, kind))
		if e == nil {
			return
		}
		c.pair(e, t)
		d := c.renaming(e, t, "%s of the storm looks like the %s %s of the code", named(e), kind, t.name)
		d.mend(c.renameCode(e, t)).mend(c.renameStorm(e, t.name))
	}
}

// enough is how much alike two names must be when nothing else speaks for it.
const enough = 0.8

// mostAlike returns the pair with the most similar names, or with the same links
// when nothing else has those.
func (c *comparison) mostAlike(elements []*model.Element, things []*thing) (*model.Element, *thing) {
	var e *model.Element
	var t *thing
	best := enough
	for _, x := range elements {
		for _, y := range things {
			if score := likeness(x.GoName(), y.name); score >= best && (e == nil || score > best) {
				e, t, best = x, y, score
			}
		}
	}
	if e != nil {
		return e, t
	}
	for _, x := range elements {
		if y := c.onlyLike(x, elements, things); y != nil {
			return x, y
		}
	}
	return nil, nil
}

// onlyLike returns the one thing that has the links of an element, if no other
// element has them.
func (c *comparison) onlyLike(e *model.Element, elements []*model.Element, things []*thing) *thing {
	links := c.linksOf(e)
	if links == "" {
		return nil
	}
	for _, other := range elements {
		if other != e && c.linksOf(other) == links {
			return nil
		}
	}
	var found *thing
	for _, t := range things {
		if c.linksIn(t) != links {
			continue
		}
		if found != nil {
			return nil
		}
		found = t
	}
	return found
}

// linksOf writes down what an element is linked with in the storm, in a form
// that linksIn gives for the same in the code; it is empty for one without.
func (c *comparison) linksOf(e *model.Element) string {
	switch e.Kind {
	case ast.Command:
		events, _ := c.facts.leadsTo(e)
		return linked(goNames(events))
	case ast.Event:
		var from []string
		for _, h := range c.facts.emitting[e] {
			from = append(from, goNames(h.Commands)...)
		}
		return linked(from)
	case ast.Policy:
		on, sends := slices.Collect(e.Policy.On.All()), slices.Collect(e.Policy.Invokes.All())
		return linked(goNames(on), goNames(sends))
	case ast.Projection:
		return linked(goNames(e.View.UpdatedBy))
	case ast.Aggregate, ast.System:
		var handles []string
		for _, h := range e.Handles {
			handles = append(handles, goNames(h.Commands)...)
		}
		return linked(handles)
	}
	return ""
}

func (c *comparison) linksIn(t *thing) string {
	switch t.kind {
	case ast.Command:
		return linked(refNames(t.command.Emits))
	case ast.Event:
		var from []string
		for _, d := range t.module.Commands {
			if slices.ContainsFunc(d.Emits, func(r Ref) bool { return r.key() == t.key }) {
				from = append(from, d.GoName)
			}
		}
		return linked(from)
	case ast.Policy:
		var on, sends []string
		for _, p := range t.policies {
			on = append(on, p.Hears.GoName)
			for _, s := range p.Sends {
				sends = append(sends, s.GoName)
			}
		}
		return linked(on, sends)
	case ast.Projection:
		return linked(refNames(t.projection.Hears))
	case ast.Aggregate, ast.System:
		var handles []string
		for _, d := range t.module.Commands {
			if d.Handler == t.name {
				handles = append(handles, d.GoName)
			}
		}
		return linked(handles)
	}
	return ""
}

func linked(lists ...[]string) string {
	var all []string
	for _, list := range lists {
		if len(list) == 0 {
			return ""
		}
		list = slices.Clone(list)
		slices.Sort(list)
		all = append(all, strings.Join(slices.Compact(list), ","))
	}
	return strings.Join(all, " -> ")
}

func goNames(list []*model.Element) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.GoName())
	}
	return out
}

func refNames(list []Ref) []string {
	var out []string
	for _, r := range list {
		out = append(out, r.GoName)
	}
	return out
}

func (c *comparison) renaming(e *model.Element, t *thing, format string, args ...any) *Difference {
	return c.report(Renaming, e.ID(), e.At(), t.place, format, args...)
}

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
	for _, was := range e.Was {
		if !has(was) && t.name != model.GoName(e.Kind, was) {
			part := fmt.Sprintf("landfall.Renamed[%s](%q)", t.name, was)
			c.report(HistoryLost, e.ID(), e.At(), t.place, "%s was %s before, and the code does not read events of that name", named(e), ast.Quote(was)).
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

// article returns a kind with its article.
func article(k ast.Kind) string {
	switch k {
	case ast.Aggregate, ast.Event, ast.Enum:
		return "an " + k.String()
	}
	return "a " + k.String()
}
