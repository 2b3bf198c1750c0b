package model

import (
	"github.com/landfall-go/landfall/storm/ast"
)

// encoder turns a model into its JSON form.
type encoder struct {
	places bool
	ids    map[*Element]string
}

func newEncoder(places bool) *encoder {
	return &encoder{places: places, ids: map[*Element]string{}}
}

func (c *encoder) id(e *Element) string {
	id, ok := c.ids[e]
	if !ok {
		id = e.ID()
		c.ids[e] = id
	}
	return id
}

func (c *encoder) list(elements []*Element) []string {
	out := make([]string, 0, len(elements))
	for _, e := range elements {
		out = append(out, c.id(e))
	}
	return out
}

func (c *encoder) choice(choice Choice) [][]string {
	var out [][]string
	for _, all := range choice {
		out = append(out, c.list(all))
	}
	return out
}

func (c *encoder) targets(list []Target) []string {
	var out []string
	for _, t := range list {
		out = append(out, t.ID())
	}
	return out
}

func (c *encoder) meta(m *Meta, at ast.Place) metaJSON {
	out := metaJSON{Doc: m.Doc, Ignores: m.Ignores}
	if c.places && at.IsValid() {
		out.At = at.String()
	}
	return out
}

func each[T, U any](list []T, do func(T) U) []U {
	var out []U
	for _, x := range list {
		out = append(out, do(x))
	}
	return out
}

func (c *encoder) storm(s *Storm) stormJSON {
	out := stormJSON{
		Name: s.Name, Doc: s.Doc, Ignores: s.Ignores, Level: s.Level, Stated: s.Stated,
		Modules: []moduleJSON{}, Timeline: []runJSON{},
	}
	if c.places {
		out.Schema = Schema
	}
	for m := range s.All() {
		out.Modules = append(out.Modules, c.module(m))
	}
	number := map[*Section]int{}
	for i, section := range s.Sections {
		number[section] = i
		out.Sections = append(out.Sections, sectionJSON{
			metaJSON: c.meta(&section.Meta, section.Place), Name: section.Name, Module: section.Module.Name,
		})
	}
	for i, n := range s.Timeline {
		if i == 0 || s.Timeline[i-1].Section != n.Section {
			run := runJSON{}
			if n.Section != nil {
				at := number[n.Section]
				run.Section = &at
			}
			out.Timeline = append(out.Timeline, run)
		}
		run := &out.Timeline[len(out.Timeline)-1]
		run.Notes = append(run.Notes, c.id(n.Element))
	}
	return out
}

func (c *encoder) module(m *Module) moduleJSON {
	out := moduleJSON{
		Name: m.Name, Was: m.Was, Team: m.Team, metaJSON: c.meta(&m.Meta, m.At()),
		Publishes: c.list(m.Publishes), Pivotal: c.list(m.Pivotal), Elements: []elementJSON{},
	}
	for _, e := range m.Elements {
		out.Elements = append(out.Elements, c.element(e))
	}
	out.Flows = each(m.Flows, c.handling)
	out.Timers = each(m.Timers, func(t *Timer) timerJSON {
		return timerJSON{c.meta(&t.Meta, t.Place), t.Every, c.list(t.Events)}
	})
	out.Stickies = each(m.Stickies, func(s *Sticky) stickyJSON {
		return stickyJSON{c.meta(&s.Meta, s.Place), s.Kind, s.Text, c.targets(s.On), s.Resolved}
	})
	out.Lanes = each(m.Lanes, func(l *Lane) laneJSON {
		return laneJSON{c.meta(&l.Meta, l.Place), l.Name, c.list(l.Elements)}
	})
	out.Walks = each(m.Walks, func(w *Walk) walkJSON {
		return walkJSON{c.meta(&w.Meta, w.Place), w.Name, c.list(w.Steps)}
	})
	out.Scenarios = each(m.Scenarios, c.scenario)
	return out
}

func (c *encoder) element(e *Element) elementJSON {
	out := elementJSON{
		ID: c.id(e), Kind: e.Kind, Name: e.Name, Was: e.Was, metaJSON: c.meta(&e.Meta, e.At()),
		HasData: e.HasData, Meaning: e.Meaning, Handles: each(e.Handles, c.handling),
	}
	if c.places {
		out.GoName = e.GoName()
	}
	for _, f := range e.Fields {
		out.Fields = append(out.Fields, fieldJSON{Name: f.Name, Type: f.Type.String(), Was: f.Was, Doc: f.Doc})
	}
	for _, m := range e.Members {
		out.Members = append(out.Members, memberJSON{m.Name, m.Doc})
	}
	if p := e.Policy; p != nil {
		out.Policy = &policyJSON{c.choice(p.On), p.After, c.list(p.Unless), c.list(p.Using), c.choice(p.Invokes)}
	}
	if v := e.View; v != nil {
		out.Projection = &projectionJSON{c.list(v.UpdatedBy), c.list(v.Informs)}
	}
	return out
}

func (c *encoder) handling(h *Handling) handlingJSON {
	return handlingJSON{c.meta(&h.Meta, h.Place), c.list(h.Issuers), c.list(h.Commands), c.choice(h.Events)}
}

func (c *encoder) scenario(s *Scenario) scenarioJSON {
	message := func(m *Message) messageJSON {
		out := messageJSON{Of: c.id(m.Element)}
		if m.Data != nil {
			v := encodeValue(m.Data)
			out.Data = &v
		}
		return out
	}
	return scenarioJSON{
		metaJSON: c.meta(&s.Meta, s.Place), Name: s.Name,
		Given: each(s.Given, message), When: each(s.When, message), Then: each(s.Then, message),
		Nothing: s.Nothing, Rejected: s.Rejected, Reason: s.Reason,
	}
}

func encodeValue(v *Value) valueJSON {
	switch v.Kind {
	case ast.Text:
		return valueJSON{Text: &v.Text}
	case ast.Number:
		return valueJSON{Number: &v.Text}
	case ast.Object:
		pairs := []pairJSON{}
		for _, p := range v.Pairs {
			pairs = append(pairs, pairJSON{p.Name, encodeValue(p.Value)})
		}
		return valueJSON{Object: &pairs}
	case ast.Array:
		items := []valueJSON{}
		for _, item := range v.Items {
			items = append(items, encodeValue(item))
		}
		return valueJSON{Array: &items}
	}
	return valueJSON{Word: &v.Text}
}
