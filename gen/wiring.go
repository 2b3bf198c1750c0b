package gen

import (
	"fmt"
	"strings"
	"time"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// wiringFile writes what the module is made of, a line a sticky.
func (m *module) wiringFile() *file {
	f := m.file(true)
	f.use(landfallPath)
	f.doc = m.packageDoc()
	f.comment("", "storm wires the module as the storm shows it, a line a sticky.")
	f.p("func storm(%s) []landfall.Part {", strings.Join(m.systemParams(), ", "))
	f.p("\treturn []landfall.Part{")
	blocks := [][]string{m.wireHandlers(), m.wireSystems(), m.wireBorder(), m.wirePolicies(f), m.wireProjections(), m.wireNames()}
	first := true
	for _, block := range blocks {
		if len(block) > 0 && !first {
			f.p("")
		}
		for _, line := range block {
			f.p("\t\t%s,", line)
			first = false
		}
	}
	f.p("\t}\n}")
	return f
}

func (m *module) packageDoc() []string {
	doc := []string{"Package " + m.pkg + " is the module " + m.title + "."}
	if !m.model.IsFree() {
		doc = append(doc, strings.TrimSpace(m.model.Doc))
	}
	if m.model.Team != "" {
		doc = append(doc, "It is in the hands of the team "+m.model.Team+".")
	}
	return doc
}

// systemParams are the external systems that a module is given.
func (m *module) systemParams() []string {
	var params []string
	for _, s := range m.systems {
		params = append(params, s.param+" "+s.name)
	}
	return params
}

// nameParams names the systems as parameters of functions.
func (m *module) nameParams() {
	used := map[string]bool{}
	for _, s := range m.systems {
		s.param = unexported(s.name)
		for isReserved(s.param) || used[s.param] {
			s.param += "System"
		}
		used[s.param] = true
	}
}

func (m *module) wireHandlers() []string {
	var lines []string
	for _, a := range m.aggregates {
		for _, d := range a.decisions {
			lines = append(lines, fmt.Sprintf("landfall.Handle(%s.%s, %s)", a.name, d.method, m.messages("Emits", d.events)))
		}
	}
	return lines
}

func (m *module) wireSystems() []string {
	var lines []string
	for _, s := range m.systems {
		for _, d := range s.decisions {
			lines = append(lines, fmt.Sprintf("landfall.Perform(%q, %s.%s, %s)", partName(s), s.param, d.method, m.messages("Emits", d.events)))
		}
	}
	return lines
}

func partName(h *handler) string {
	if h.element != nil {
		return PartName(h.element)
	}
	return h.name
}

// messages returns an option with messages: landfall.Emits(A{}, B{}).
func (m *module) messages(option string, list []*model.Element) string {
	var b strings.Builder
	for _, name := range m.goNames(list) {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name + "{}")
	}
	return "landfall." + option + "(" + b.String() + ")"
}

func (m *module) wirePolicies(f *file) []string {
	var lines []string
	for _, p := range m.policies {
		options := []string{}
		if len(p.own) > 0 {
			options = append(options, m.messages("Sends", p.own))
		}
		options = append(options, m.sendsTo(p)...)
		if after := p.element.Policy.After; after != "" {
			options = append(options, "landfall.After("+f.duration(after)+")")
		}
		if len(p.unless) > 0 {
			options = append(options, m.messages("Unless", p.unless))
		}
		line := fmt.Sprintf("landfall.When(%q, %s, %s)", p.name, p.fn, strings.Join(options, ", "))
		if len(line) > 120 {
			line = fmt.Sprintf("landfall.When(%q, %s,\n\t\t\t%s)", p.name, p.fn, strings.Join(options, ", "))
		}
		lines = append(lines, line)
	}
	return lines
}

// wireBorder says which events leave the module, and which come from others.
func (m *module) wireBorder() []string {
	var lines []string
	if len(m.published) > 0 {
		lines = append(lines, m.messages("Publishes", m.published))
	}
	return append(lines, m.byModule("HearsFrom", m.heard)...)
}

// sendsTo returns an option for each module that a policy sends to.
func (m *module) sendsTo(p *policy) []string { return m.byModule("SendsTo", p.foreign) }

// byModule returns messages of other modules, a call for each module:
// landfall.SendsTo("Notification", NotifyObstacle{}).
func (m *module) byModule(call string, messages []*model.Element) []string {
	var homes []*module
	for _, e := range messages {
		homes = appendNew(homes, m.project.of(e))
	}
	var calls []string
	for _, home := range homes {
		var of []*model.Element
		for _, e := range messages {
			if m.project.of(e) == home {
				of = append(of, e)
			}
		}
		calls = append(calls, strings.Replace(m.messages(call, of), "(", fmt.Sprintf("(%q, ", home.name), 1))
	}
	return calls
}

func (m *module) wireProjections() []string {
	var lines []string
	for _, p := range m.projections {
		lines = append(lines, p.wiring()+"()")
	}
	return lines
}

// wiring returns the name of the function that wires the projection, which a
// person writes, because only a person knows under which keys documents go.
func (p *projection) wiring() string { return "project" + p.name }

// wireNames keeps what is stored readable: under the storm's name where Go
// cannot have it, and under former names.
func (m *module) wireNames() []string {
	var lines []string
	for _, a := range m.aggregates {
		if a.element == nil || len(a.decisions) == 0 {
			continue
		}
		if kept := StreamName(a.element); kept != a.name {
			lines = append(lines, fmt.Sprintf("landfall.Named[%s](%q)", a.name, kept))
		}
	}
	handled := func(e *model.Element) bool { return e.Kind != ast.Command || m.handled[e] != nil }
	for _, list := range [][]*model.Element{m.commands, m.sent, m.events, m.heard} {
		for _, e := range list {
			foreign := m.project.of(e) != m
			sent := foreign && e.Kind == ast.Command
			if !foreign && (!handled(e) || e.Kind == ast.Event && m.emitted[e] == nil) {
				continue
			}
			if m.names[e] != e.Name {
				lines = append(lines, fmt.Sprintf("landfall.Named[%s](%q)", m.names[e], e.Name))
			}
			for _, was := range e.Was {
				if !sent && was != e.Name {
					lines = append(lines, fmt.Sprintf("landfall.Renamed[%s](%q)", m.names[e], was))
				}
			}
		}
	}
	return lines
}

var timeUnits = []struct {
	unit time.Duration
	name string
}{
	{24 * time.Hour, "24 * time.Hour"}, {time.Hour, "time.Hour"}, {time.Minute, "time.Minute"},
	{time.Second, "time.Second"}, {time.Millisecond, "time.Millisecond"},
}

// duration returns a duration of a storm file in Go: 30 * 24 * time.Hour.
func (f *file) duration(text string) string {
	d, ok := ast.ParseDuration(text)
	f.use("time")
	if !ok || d == 0 {
		return "time.Duration(0)"
	}
	var terms []string
	for _, u := range timeUnits {
		n := d / u.unit
		d -= n * u.unit
		switch {
		case n == 1:
			terms = append(terms, u.name)
		case n > 1:
			terms = append(terms, fmt.Sprintf("%d * %s", n, u.name))
		}
	}
	return strings.Join(terms, " + ")
}
