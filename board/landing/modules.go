package landing

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/storm/model"
)

// Modules returns the map of the modules: the messages that run between them, and the
// teams that each flow crosses. A flow is a named walk, or what follows from a command
// that somebody issues or from the passing of time; those that cross the most teams come
// first.
func (s *State) Modules(wall *session.Wall) wire.Modules {
	out := wire.Modules{Modules: []wire.ModuleOf{}, Messages: []wire.MessagesOf{}, Flows: []wire.FlowOfModules{}}
	for _, m := range s.model.Modules {
		module := wire.ModuleOf{Name: model.Label(m.Name), Team: m.Team}
		if frames := s.holders[moduleID(m.Name)]; len(frames) > 0 {
			module.Note = frames[0]
		}
		out.Modules = append(out.Modules, module)
	}
	for _, c := range s.model.Crossings() {
		from, to := model.Label(c.From.Name), model.Label(c.To.Name)
		i := slices.IndexFunc(out.Messages, func(m wire.MessagesOf) bool { return m.From == from && m.To == to })
		if i < 0 {
			i = len(out.Messages)
			out.Messages = append(out.Messages, wire.MessagesOf{From: from, To: to})
		}
		out.Messages[i].Names = append(out.Messages[i].Names, c.Message.Label())
	}
	f := flows{s: s, next: map[*model.Element][]*model.Element{}, begun: map[*model.Element]bool{}}
	out.Flows = append(out.Flows, f.all()...)
	return out
}

// flows finds the flows of a storm.
type flows struct {
	s     *State
	next  map[*model.Element][]*model.Element
	begun map[*model.Element]bool
	out   []wire.FlowOfModules
}

func (f *flows) all() []wire.FlowOfModules {
	for _, l := range f.s.model.Links() {
		switch l.Verb {
		case model.LeadsTo, model.Triggers, model.Invokes:
			f.next[l.From] = append(f.next[l.From], l.To)
		}
	}
	for m := range f.s.model.All() {
		for _, w := range m.Walks {
			f.add(w.Name, w.Steps)
		}
	}
	for h := range f.s.model.Handlings() {
		for _, c := range h.Commands {
			if len(h.Issuers) > 0 {
				f.begin(c, c.Label())
			}
		}
	}
	for m := range f.s.model.All() {
		for _, t := range m.Timers {
			for _, e := range t.Events {
				f.begin(e, "every "+t.Every+": "+e.Label())
			}
		}
	}
	slices.SortStableFunc(f.out, func(a, b wire.FlowOfModules) int { return cmp.Compare(len(b.Teams), len(a.Teams)) })
	return f.out
}

// begin follows something to all that comes of it.
func (f *flows) begin(e *model.Element, name string) {
	if f.begun[e] {
		return
	}
	f.begun[e] = true
	steps, seen := []*model.Element{e}, map[*model.Element]bool{e: true}
	for i := 0; i < len(steps); i++ {
		for _, next := range f.next[steps[i]] {
			if !seen[next] {
				seen[next] = true
				steps = append(steps, next)
			}
		}
	}
	f.add(name, steps)
}

func (f *flows) add(name string, steps []*model.Element) {
	flow := wire.FlowOfModules{Name: name, Notes: []string{}, Teams: []string{}}
	for _, e := range steps {
		for _, n := range f.s.holders[e.ID()] {
			if !slices.Contains(flow.Notes, n) {
				flow.Notes = append(flow.Notes, n)
			}
		}
		if team := e.Module.Team; team != "" && !slices.Contains(flow.Teams, team) {
			flow.Teams = append(flow.Teams, team)
		}
	}
	f.out = append(f.out, flow)
}
