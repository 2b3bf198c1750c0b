package drift

import (
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// facts are the lines of flow of a storm from the sides of commands and events.
type facts struct {
	handling map[*model.Element][]*model.Handling // command -> lines
	emitting map[*model.Element][]*model.Handling // event -> lines
}

func factsOf(s *model.Storm) *facts {
	f := &facts{map[*model.Element][]*model.Handling{}, map[*model.Element][]*model.Handling{}}
	for h := range s.Handlings() {
		for _, c := range h.Commands {
			f.handling[c] = append(f.handling[c], h)
		}
		for e := range h.Events.All() {
			f.emitting[e] = append(f.emitting[e], h)
		}
	}
	return f
}

// handler returns the aggregate or the system that a command is handled by.
func (f *facts) handler(c *model.Element) *model.Element {
	for _, h := range f.handling[c] {
		if h.Handler != nil {
			return h.Handler
		}
	}
	return nil
}

// leadsTo returns the events that a command leads to, each once, with the line
// that says so.
func (f *facts) leadsTo(c *model.Element) (events []*model.Element, lines map[*model.Element]*model.Handling) {
	lines = map[*model.Element]*model.Handling{}
	for _, h := range f.handling[c] {
		for e := range h.Events.All() {
			if lines[e] == nil {
				lines[e] = h
				events = append(events, e)
			}
		}
	}
	return events, lines
}

// undecided says what the storm leaves open about an element, so that no code
// can be asked for yet; or nothing.
func (f *facts) undecided(e *model.Element) string {
	switch e.Kind {
	case ast.Command:
		switch events, _ := f.leadsTo(e); {
		case len(f.handling[e]) == 0:
			return "nobody handles it yet"
		case len(events) == 0:
			return "it leads to no event yet"
		}
	case ast.Event:
		for _, h := range f.emitting[e] {
			if len(h.Commands) > 0 {
				return ""
			}
		}
		return "no command leads to it yet"
	case ast.Aggregate:
		if !f.decides(e) {
			return "it handles no command that leads to an event yet"
		}
	case ast.Policy:
		switch {
		case len(e.Policy.On) == 0 || len(e.Policy.Invokes) == 0:
			return "its event or its command is missing yet"
		case !anyComesTo(e, slices.Collect(e.Policy.On.All())):
			return "the module of its event does not publish it yet"
		}
	case ast.Projection:
		switch {
		case len(e.View.UpdatedBy) == 0:
			return "no event updates it yet"
		case !anyComesTo(e, e.View.UpdatedBy):
			return "the module of its event does not publish it yet"
		}
	}
	return ""
}

// comesTo reports whether a policy or a projection can hear an event: one of its
// own module, or one that is published.
func comesTo(by, event *model.Element) bool {
	return event.Module == by.Module || event.Module.IsFree() || by.Module.IsFree() || slices.Contains(event.Module.Publishes, event)
}

// stops reports whether an event can stop a policy: what the policy holds back
// is for the aggregate of its event, so both are of one module.
func stops(policy, event *model.Element) bool {
	for on := range policy.Policy.On.All() {
		if on.Module == event.Module || on.Module.IsFree() || event.Module.IsFree() {
			return true
		}
	}
	return false
}

func anyComesTo(by *model.Element, events []*model.Element) bool {
	return slices.ContainsFunc(events, func(on *model.Element) bool { return comesTo(by, on) })
}

// decides reports whether an aggregate or a system has a line of flow that is
// complete.
func (f *facts) decides(e *model.Element) bool {
	for _, h := range e.Handles {
		if len(h.Commands) > 0 && len(h.Events) > 0 {
			return true
		}
	}
	return false
}

// builds reports whether a module of the storm has something to be built.
func (f *facts) builds(m *model.Module) bool {
	for _, e := range m.Elements {
		if f.isBuilt(e) && f.undecided(e) == "" {
			return true
		}
	}
	return false
}

// isBuilt reports whether an element is something that code has: an actor, a
// term and a system that only issues commands are not.
func (f *facts) isBuilt(e *model.Element) bool {
	switch e.Kind {
	case ast.Command, ast.Event, ast.Aggregate, ast.Policy, ast.Projection, ast.Value, ast.Enum:
		return true
	case ast.System:
		return f.decides(e)
	}
	return false
}
