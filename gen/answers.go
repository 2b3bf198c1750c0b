package gen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// resolvePolicy decides how a policy is wired: a part for each event.
func (m *module) resolvePolicy(e *model.Element) {
	p := e.Policy
	own, foreign := m.targets(e)
	if len(own)+len(foreign) == 0 {
		m.project.report("G107", e.At(), e.String()+" sends nothing that could be wired",
			"give it a command: policy "+ast.Quote(e.Name)+" : Event -> Command")
		return
	}
	if slices.ContainsFunc(p.On, func(group []*model.Element) bool { return len(group) > 1 }) {
		m.project.report("G108", e.At(), e.String()+" waits for several events, but a policy answers one at a time",
			"let an aggregate hear of them by commands, and emit an event when all are there")
	}
	if len(p.Using) > 0 {
		m.project.report("G109", e.At(), e.String()+" uses a projection, but a policy sees only its event",
			"let the event carry what the policy needs, or let the command's aggregate know it")
	}
	names := PolicyNames(e)
	for i, on := range heardEvents(p) {
		if !m.hears(e, on) {
			continue
		}
		name := e.GoName()
		if i > 0 {
			if name += "On" + on.GoName(); m.used[name] {
				name = e.GoName() + "On" + model.GoName(ast.NoKind, m.project.of(on).title) + on.GoName()
			}
		}
		fn := m.free(name, "Policy")
		m.names[e] = fn
		m.policies = append(m.policies, &policy{
			element: e, name: names[on], fn: fn, on: on, unless: m.exceptions(e, on), own: own, foreign: foreign,
		})
	}
}

func heardEvents(p *model.Policy) []*model.Element {
	var events []*model.Element
	for on := range p.On.All() {
		events = appendNew(events, on)
	}
	return events
}

// exceptions returns the events that withdraw what a policy holds back when it
// has heard an event. What is held back is found by the aggregate of that event,
// so an event of another module than that has nothing to withdraw.
func (m *module) exceptions(e, on *model.Element) []*model.Element {
	var events []*model.Element
	for _, u := range e.Policy.Unless {
		if e.Policy.After == "" {
			m.project.report("G110", e.At(), e.String()+" has unless without after, so there is nothing to withdraw", "say how long it waits: after 30d")
			return nil
		}
		switch {
		case m.project.of(u) != m.project.of(on):
			m.project.report("G124", e.At(), fmt.Sprintf("%s is not stopped by %s: it waits for an aggregate of another module", e, u.Path()),
				"let the module of "+on.Name+" say that it is over, by an event of the same aggregate")
		case m.hears(e, u):
			events = append(events, u)
		}
	}
	return events
}

// hears reports whether the module can hear an event, and if not, why. An event
// of another module becomes one that it has a type for.
func (m *module) hears(by, event *model.Element) bool {
	switch home := m.project.of(event); {
	case home == nil || home.emitted[event] == nil:
		m.project.report("G112", by.At(), fmt.Sprintf("%s hears %s, which no command leads to, so it is not wired to it", by, event),
			"say which command leads to it, in an aggregate or a system")
		return false
	case home == m:
	case !slices.Contains(home.published, event):
		m.project.report("G111", by.At(), fmt.Sprintf("%s hears %s, which module %s does not publish, so it is not wired to it", by, event.Path(), home.title),
			"add publishes "+ast.Quote(event.Name)+" to module "+ast.Quote(home.title))
		return false
	default:
		m.heard = appendNew(m.heard, event)
	}
	return true
}

// targets returns the commands that a policy sends to its module, and to others.
func (m *module) targets(e *model.Element) (own, foreign []*model.Element) {
	for c := range e.Policy.Invokes.All() {
		switch home := m.project.of(c); {
		case home == m && m.handled[c] != nil:
			own = appendNew(own, c)
		case home != nil && home != m:
			foreign = appendNew(foreign, c)
			m.sent = appendNew(m.sent, c)
		default:
			m.project.report("G113", e.At(), fmt.Sprintf("%s sends %s, which nothing handles", e, c), "put it into an aggregate or a system")
		}
	}
	return own, foreign
}

func (m *module) resolveProjection(e *model.Element) {
	p := &projection{element: e, name: m.names[e]}
	var heard []*model.Element
	for _, on := range e.View.UpdatedBy {
		if m.hears(e, on) {
			heard = appendNew(heard, on)
		}
	}
	if len(heard) == 0 {
		m.project.report("G114", e.At(), e.String()+" hears no event, so it is not wired", "give it one: projection "+ast.Quote(e.Name)+" : Event")
		return
	}
	p.fields = m.union(heard)
	if e.HasData {
		p.fields = m.fields(e.Fields)
	}
	used := map[string]bool{}
	for _, f := range p.fields {
		used[f.goName] = true
	}
	for _, on := range heard {
		p.folds = append(p.folds, fold{on, foldName(on, m.project.of(on).emitted[on], used)})
	}
	m.projections = append(m.projections, p)
}

// foldName names the method that takes up an event: Moved for MarsRoverMoved of
// the aggregate MarsRover.
func foldName(event *model.Element, by *handler, used map[string]bool) string {
	name := event.GoName()
	if short, ok := strings.CutPrefix(name, by.name); ok && short != "" && slices.Equal(model.Words(name), append(model.Words(by.name), model.Words(short)...)) {
		name = short
	}
	if used[name] {
		name = event.GoName()
	}
	for used[name] {
		name = "On" + name
	}
	used[name] = true
	return name
}

// formerNames reports a rename that the log cannot follow.
func (m *module) formerNames() {
	if len(m.model.Was) > 0 {
		m.project.report("G116", m.model.At(), fmt.Sprintf("the log of module %s was kept under another name, %s, and is not found under the new one", m.name, m.model.Was[0]),
			"keep the module's name, or move its log by hand")
	}
}
