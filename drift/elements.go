package drift

import (
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
	names := map[thingKey][]*thing{}
	for _, t := range c.things[m] {
		names[thingKey{m, t.kind, t.name}] = append(names[thingKey{m, t.kind, t.name}], t)
		if t.stable != t.name {
			names[thingKey{m, t.kind, t.stable}] = append(names[thingKey{m, t.kind, t.stable}], t)
		}
	}
	for _, own := range []bool{true, false} { // its own name before one that was made of it
		for _, e := range s.Elements {
			c.pairNamed(e, m, names, own)
		}
	}
	for _, kind := range codeKinds {
		c.formerly(s, m, kind)
		c.alike(s, m, kind)
	}
}

func (c *comparison) pairNamed(e *model.Element, m *Module, names map[thingKey][]*thing, own bool) {
	list := namesOf(e)
	if own {
		list = list[:ownNames]
	}
	for _, name := range list {
		for _, t := range names[thingKey{m, e.Kind, name}] {
			if t.answersTo(e) {
				c.pair(e, t)
			}
		}
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

// article returns a kind with its article.
func article(k ast.Kind) string {
	switch k {
	case ast.Aggregate, ast.Event, ast.Enum:
		return "an " + k.String()
	}
	return "a " + k.String()
}
