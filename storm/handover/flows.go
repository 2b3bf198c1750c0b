package handover

import (
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// flows follows each beginning to all that comes of it: the commands that actors
// issue, the events of timers, and the named walks.
func (c *counting) flows() {
	next := successors(c.storm)
	begun := map[*model.Element]bool{}
	begin := func(e *model.Element, name string) {
		if !begun[e] {
			begun[e] = true
			c.out.Flows = append(c.out.Flows, flowOf(name, follow(e, next), next))
		}
	}
	for h := range c.storm.Handlings() {
		for _, cmd := range h.Commands {
			if len(h.Issuers) > 0 {
				begin(cmd, cmd.Label())
			}
		}
	}
	for m := range c.storm.All() {
		for _, t := range m.Timers {
			for _, e := range t.Events {
				begin(e, "every "+t.Every+": "+e.Label())
			}
		}
	}
	for m := range c.storm.All() {
		for _, w := range m.Walks {
			c.out.Flows = append(c.out.Flows, walkOf(w))
		}
	}
	slices.SortStableFunc(c.out.Flows, func(a, b Flow) int { return b.Crosses - a.Crosses })
}

// successors returns what each command, event and policy leads to.
func successors(s *model.Storm) map[*model.Element][]*model.Element {
	out := map[*model.Element][]*model.Element{}
	for _, l := range s.Links() {
		switch l.Verb {
		case model.LeadsTo, model.Triggers, model.Invokes:
			out[l.From] = append(out[l.From], l.To)
		}
	}
	return out
}

// follow returns all that comes of something, itself first, in the order in which
// it is reached.
func follow(start *model.Element, next map[*model.Element][]*model.Element) []*model.Element {
	list := []*model.Element{start}
	seen := map[*model.Element]bool{start: true}
	for i := 0; i < len(list); i++ {
		for _, e := range next[list[i]] {
			if !seen[e] {
				seen[e] = true
				list = append(list, e)
			}
		}
	}
	return list
}

func flowOf(name string, steps []*model.Element, next map[*model.Element][]*model.Element) Flow {
	f := Flow{Name: name, Steps: len(steps)}
	for _, e := range steps {
		f.visit(e.Module)
		for _, to := range next[e] {
			if to.Module != e.Module && teamOf(to.Module) != teamOf(e.Module) {
				f.Crosses++
			}
		}
	}
	return f
}

func walkOf(w *model.Walk) Flow {
	f := Flow{Name: w.Name}
	var last *model.Module
	for _, e := range w.Steps {
		if e.Kind == ast.Actor {
			continue
		}
		f.Steps++
		f.visit(e.Module)
		if last != nil && last != e.Module && teamOf(last) != teamOf(e.Module) {
			f.Crosses++
		}
		last = e.Module
	}
	return f
}

// visit notes that a flow reaches a module.
func (f *Flow) visit(m *model.Module) {
	if !slices.Contains(f.Modules, m.Name) {
		f.Modules = append(f.Modules, m.Name)
	}
	if m.Team != "" && !slices.Contains(f.Teams, m.Team) {
		f.Teams = append(f.Teams, m.Team)
	}
}
