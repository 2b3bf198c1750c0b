package gen

import (
	"fmt"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// collect names what the module has.
func (m *module) collect() {
	for _, e := range m.elements {
		switch e.Kind {
		case ast.Value, ast.Enum:
			m.types = append(m.types, e)
		case ast.Command:
			m.commands = append(m.commands, e)
		case ast.Event:
			m.events = append(m.events, e)
		default:
			continue
		}
		m.claimName(e, e.GoName(), e.Kind.String())
	}
	for _, e := range m.elements {
		if e.Kind == ast.Aggregate || e.Kind == ast.System || e.Kind == ast.Projection {
			m.claimName(e, e.GoName(), e.Kind.String())
		}
	}
}

// claimName gives an element the Go name, or one with its kind behind it when
// the name is taken.
func (m *module) claimName(e *model.Element, name, kind string) string {
	name = m.free(name, kind)
	m.names[e] = name
	return name
}

func (m *module) free(name, kind string) string {
	for n := 1; m.used[name]; n++ {
		if n == 1 {
			name += model.GoName(ast.NoKind, kind)
			continue
		}
		name += fmt.Sprint(n)
	}
	m.used[name] = true
	return name
}

// resolveHandlers decides who answers which command, and what leaves the module.
// It is done for all modules before anything hears their events.
func (m *module) resolveHandlers() {
	for _, e := range m.elements {
		switch e.Kind {
		case ast.Aggregate:
			m.aggregates = append(m.aggregates, m.handler(e, e.Handles))
		case ast.System:
			if h := m.handler(e, e.Handles); len(h.decisions) > 0 {
				m.systems = append(m.systems, h)
			}
		}
	}
	m.resolveFlows()
	m.nameParams()
	for _, h := range slices.Concat(m.aggregates, m.systems) {
		m.nameDecisions(h)
	}
	m.collectEmitted()
	m.resolvePublished()
}

// resolve decides who hears which event.
func (m *module) resolve() {
	for _, e := range m.elements {
		switch e.Kind {
		case ast.Policy:
			m.resolvePolicy(e)
		case ast.Projection:
			m.resolveProjection(e)
		}
	}
	m.claimParts()
	m.resolveTypes()
	m.formerNames()
}

func (m *module) handler(e *model.Element, lines []*model.Handling) *handler {
	h := &handler{element: e, name: m.names[e], doc: e.Doc, kind: e.Kind}
	m.addLines(h, lines)
	return h
}

// resolveFlows gives the lines that name neither an aggregate nor a system to
// an aggregate with the module's name: rules that nobody has found a home for
// yet.
func (m *module) resolveFlows() {
	if len(m.flows) == 0 {
		return
	}
	name := model.GoName(ast.Aggregate, m.title)
	for _, a := range m.aggregates {
		if a.name == name {
			m.addLines(a, m.flows)
			return
		}
	}
	h := &handler{kind: ast.Aggregate}
	m.addLines(h, m.flows)
	if len(h.decisions) == 0 {
		return
	}
	h.name = m.free(name, "Aggregate")
	m.aggregates = append(m.aggregates, h)
	m.project.report("G102", h.decisions[0].command.At(),
		fmt.Sprintf("no aggregate or system of module %s handles %s; the aggregate %s is generated for it", m.name, h.decisions[0].command.Name, h.name),
		"put the line of flow into an aggregate or a system")
}

// addLines adds what lines of flow say to a handler.
func (m *module) addLines(h *handler, lines []*model.Handling) {
	for _, line := range lines {
		for _, c := range line.Commands {
			if m.project.of(c) != m {
				m.project.report("G103", line.Place, fmt.Sprintf("%s handles %s of another module, which only that module can do", h.name, c.Path()),
					"let a policy there send a command of this module")
				continue
			}
			m.addLine(h, c, line)
		}
	}
	h.decisions = slices.DeleteFunc(h.decisions, func(d *decision) bool {
		if len(d.events) > 0 {
			return false
		}
		delete(m.handled, d.command)
		m.project.report("G104", d.command.At(), d.command.String()+" leads to no event, so it is not wired",
			"say what may happen: "+ast.Quote(d.command.Name)+" -> an event")
		return true
	})
	for _, d := range h.decisions {
		h.events = appendNew(h.events, d.events...)
	}
}

func (m *module) addLine(h *handler, c *model.Element, line *model.Handling) {
	if other := m.handled[c]; other != nil && other != h {
		m.project.report("G105", line.Place, fmt.Sprintf("%s is handled by %s already; a command has one handler", c.String(), other.name),
			"leave one of the two, or split the command")
		return
	}
	m.handled[c] = h
	i := slices.IndexFunc(h.decisions, func(d *decision) bool { return d.command == c })
	if i < 0 {
		i = len(h.decisions)
		h.decisions = append(h.decisions, &decision{command: c})
	}
	d := h.decisions[i]
	d.issuers = appendNew(d.issuers, line.Issuers...)
	for _, group := range line.Events {
		own := m.own(group, line.Place)
		if len(own) == 0 {
			continue
		}
		d.leads = append(d.leads, own)
		d.events = appendNew(d.events, own...)
	}
}

// own returns the events that are the module's, and reports the others.
func (m *module) own(events []*model.Element, at ast.Place) []*model.Element {
	var own []*model.Element
	for _, e := range events {
		if m.project.of(e) != m {
			m.project.report("G106", at, e.String()+" is emitted here, but belongs to another module",
				"let the other module emit it in answer to a command, or emit an event of this module")
			continue
		}
		own = append(own, e)
	}
	return own
}

// nameDecisions names the methods of a handler, so that none has the name of a
// field of its state.
func (m *module) nameDecisions(h *handler) {
	used := map[string]bool{"Apply": true}
	if h.kind == ast.Aggregate {
		h.state = m.stateFields(h)
	}
	for _, f := range h.state {
		used[f.goName] = true
	}
	for _, d := range h.decisions {
		d.method = Decision(h.name, d.command)
		for _, other := range []string{m.names[d.command], "Decide" + m.names[d.command]} {
			if !used[d.method] {
				break
			}
			d.method = other
		}
		used[d.method] = true
	}
}

// stateFields returns the fields that an aggregate's state begins with: those
// of the storm, or else what its events carry.
func (m *module) stateFields(h *handler) []field {
	if h.element != nil && h.element.HasData {
		return m.fields(h.element.Fields)
	}
	return m.union(h.events)
}

// collectEmitted notes who emits each event.
func (m *module) collectEmitted() {
	for _, h := range slices.Concat(m.systems, m.aggregates) {
		for _, e := range h.events {
			m.emitted[e] = h
		}
	}
}

// claimParts reports parts that the runtime could not tell apart: policies and
// projections by the names of their positions, aggregates and systems by those
// of their streams.
func (m *module) claimParts() {
	parts := map[string]*model.Element{}
	claim := func(what, name string, e *model.Element) {
		key := what + name
		if other := parts[key]; other != nil && other != e {
			m.project.fail("G121", e.At(), fmt.Sprintf("%s and %s would both be called %s when they run", other, e, name), "rename one of the two")
		}
		parts[key] = e
	}
	for _, p := range m.policies {
		claim("consumer ", p.name, p.element)
	}
	for _, p := range m.projections {
		claim("consumer ", PartName(p.element), p.element)
	}
	for _, a := range m.aggregates {
		if a.element != nil && len(a.decisions) > 0 {
			claim("stream ", StreamName(a.element), a.element)
		}
	}
	for _, s := range m.systems {
		claim("stream ", PartName(s.element), s.element)
	}
}

func appendNew[T comparable](list []T, items ...T) []T {
	for _, item := range items {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

// resolvePublished finds the events that leave the module.
func (m *module) resolvePublished() {
	for _, e := range m.model.Publishes {
		if m.emitted[e] == nil {
			m.project.report("G123", e.At(), fmt.Sprintf("module %s publishes %s, which no command of it leads to, so nothing leaves it", m.title, e),
				"say which command leads to it, in an aggregate or a system")
			continue
		}
		m.published = appendNew(m.published, e)
	}
}
