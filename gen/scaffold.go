package gen

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// unit is something that a person writes, from a skeleton.
type unit struct {
	path     string // of the file it goes into
	alone    string // of the file it goes into when that one exists already
	pkg      *module
	declares string // what it declares: MarsRover, or NotifyPolicy
	write    func(*file)
	parts    []part
}

// part is a method that the generated code needs of a unit.
type part struct {
	declares string // MarsRover.Move
	write    func(*file)
}

// units returns what people write in a module, in the order of the files.
func (m *module) units() []unit {
	var units []unit
	if m.alive() {
		units = append(units, unit{path: m.dir + "/module.go", declares: "Module", write: m.writeModule})
	}
	for _, a := range m.aggregates {
		units = append(units, m.aggregateUnit(a))
	}
	for _, s := range m.systems {
		units = append(units, m.systemUnit(s))
	}
	for _, p := range m.policies {
		units = append(units, unit{
			path: m.dir + "/policies.go", alone: m.fileName(p.fn), declares: p.fn,
			write: func(f *file) { f.policy(p) },
		})
	}
	for _, p := range m.projections {
		units = append(units, unit{
			path: m.dir + "/projections.go", alone: m.fileName(p.name), declares: p.wiring(),
			write: func(f *file) { f.projection(p) },
		})
	}
	units = append(units, m.testUnits()...)
	for i := range units {
		units[i].pkg = m
	}
	return units
}

// fileName returns the path of the file of one element.
func (m *module) fileName(name string) string {
	name = strings.ToLower(name)
	switch name {
	case "module", "policies", "projections":
		name += "s"
	}
	return m.dir + "/" + name + ".go"
}

func (m *module) aggregateUnit(a *handler) unit {
	u := unit{
		path: m.fileName(a.name), declares: a.name,
		write: func(f *file) { f.aggregate(a) },
	}
	for _, d := range a.decisions {
		u.parts = append(u.parts, part{a.name + "." + d.method, func(f *file) { f.decision(a, d) }})
	}
	return u
}

func (m *module) systemUnit(s *handler) unit {
	u := unit{
		path: m.fileName(s.name), declares: s.name,
		write: func(f *file) { f.system(s) },
	}
	for _, d := range s.decisions {
		u.parts = append(u.parts, part{s.name + "." + d.method, func(f *file) { f.performance(s, d) }})
	}
	return u
}

func (m *module) writeModule(f *file) {
	f.use(landfallPath)
	f.comment("", "Module wires the module "+m.name+": what the storm shows is in module_gen.go. What no sticky shows, such as landfall.Retired or landfall.Upcast, is appended here.")
	var names []string
	for _, s := range m.systems {
		names = append(names, s.param)
	}
	f.p("func Module(%s) landfall.Module {", strings.Join(m.systemParams(), ", "))
	f.p("\treturn landfall.NewModule(%q, storm(%s)...)\n}\n", m.name, strings.Join(names, ", "))
}

// aggregate writes the state, the decisions and Apply.
func (f *file) aggregate(a *handler) {
	f.use(landfallPath)
	summary := a.name + " is the aggregate that decides on " + list(f.module.goNames(commandsOf(a)), "and") + "."
	if len(a.decisions) == 0 {
		summary = a.name + " is an aggregate that decides on nothing yet."
	}
	if a.element == nil {
		summary = a.name + " decides on what no aggregate or system of the storm does yet."
	}
	f.comment("", append([]string{docOf(a.name, partName(a), a.doc, summary)}, f.module.project.notes[a.element]...)...)
	f.structType(a.name, a.state)
	for _, d := range a.decisions {
		f.decision(a, d)
	}
	f.apply(a)
}

func commandsOf(h *handler) []*model.Element {
	var commands []*model.Element
	for _, d := range h.decisions {
		commands = append(commands, d.command)
	}
	return commands
}

// decision writes a decision: the obvious one, or else one that says that it is
// not decided yet.
func (f *file) decision(a *handler, d *decision) {
	m := f.module
	f.use(landfallPath)
	f.comment("", docOf(d.method, d.command.Name, d.command.Doc, d.method+" decides on "+m.names[d.command]+", which leads to "+m.outcome(d.leads)+"."))
	obvious := m.obvious(a, d)
	fields := m.fields(d.command.Fields)
	validates := m.anyChecked(fields)
	parameter := m.names[d.command]
	if validates || usesSource(obvious) || obvious == nil && len(fields) > 0 {
		parameter = "c " + parameter
	}
	f.p("func (%s %s) %s(%s) ([]landfall.Event, error) {", receiver(a.name), a.name, d.method, parameter)
	for _, note := range m.project.notes[d.command] {
		f.comment("\t", note)
	}
	if validates {
		f.p("\tif err := c.Validate(); err != nil {\n\t\treturn nil, err\n\t}")
	}
	if obvious != nil {
		f.p("\treturn []landfall.Event{%s}, nil\n}\n", strings.Join(obvious, ", "))
		return
	}
	f.undecided(a.name + "." + d.method)
	f.p("}\n")
}

// undecided writes the answer of a skeleton.
func (f *file) undecided(what string) {
	f.use("errors")
	f.p("\treturn nil, errors.New(%q)", what+" is not decided yet")
}

func usesSource(literals []string) bool {
	for _, l := range literals {
		if !strings.HasSuffix(l, "{}") {
			return true
		}
	}
	return false
}

// obvious returns the events of a decision that has one way to go and all their
// data at hand, or nil.
func (m *module) obvious(a *handler, d *decision) []string {
	if len(d.leads) != 1 || m.project.ruled[d.command] || a.element != nil && m.project.ruled[a.element] {
		return nil
	}
	return m.copies(d.leads[0], d.command, "c")
}

// copies returns messages as literals whose data all come from another message,
// or nil when that does not have them.
func (m *module) copies(messages []*model.Element, from *model.Element, source string) []string {
	have := m.fields(from.Fields)
	var literals []string
	for _, e := range messages {
		want := m.fields(e.Fields)
		literal, ok := m.copyOf(m.names[e], want, have, source)
		if !ok {
			return nil
		}
		literals = append(literals, literal)
	}
	return literals
}

func (m *module) copyOf(name string, want, have []field, source string) (string, bool) {
	if len(want) == 0 {
		return name + "{}", true
	}
	convertible := len(want) == len(have)
	var parts []string
	for i, w := range want {
		h := find(have, w.Name)
		if h == nil || !same(w.Field, h.Field) {
			return "", false
		}
		convertible = convertible && have[i].Name == w.Name
		parts = append(parts, w.goName+": "+source+"."+h.goName)
	}
	if convertible {
		return name + "(" + source + ")", true
	}
	return name + braces(parts), true
}

// apply writes how events change the state: by what they carry of it.
func (f *file) apply(a *handler) {
	r := receiver(a.name)
	f.comment("", "Apply changes the state to what it is after the event.")
	assigned := map[*model.Element]string{}
	for _, e := range a.events {
		assigned[e] = f.module.assignments(r, a.state, e)
	}
	source := ""
	for _, text := range assigned {
		if text != "" {
			source = "e := "
		}
	}
	f.p("func (%s *%s) Apply(event landfall.Event) {", r, a.name)
	f.p("\tswitch %sevent.(type) {", source)
	for _, e := range a.events {
		f.p("\tcase %s:", f.module.names[e])
		if assigned[e] == "" {
			f.comment("\t\t", "What does it change?")
			continue
		}
		f.p("\t\t%s", assigned[e])
	}
	f.p("\t}\n}\n")
}

// assignments takes over what an event carries of some fields: r.A, r.B = e.A,
// e.B.
func (m *module) assignments(to string, fields []field, e *model.Element) string {
	var left, right []string
	for _, x := range m.fields(e.Fields) {
		if own := find(fields, x.Name); own != nil && same(own.Field, x.Field) {
			left = append(left, to+"."+own.goName)
			right = append(right, "e."+x.goName)
		}
	}
	if len(left) == 0 {
		return ""
	}
	return strings.Join(left, ", ") + " = " + strings.Join(right, ", ")
}

// system writes an external system that does nothing yet.
func (f *file) system(s *handler) {
	f.comment("", docOf(s.name, partName(s), s.doc, s.name+" is the external system that performs "+list(f.module.goNames(commandsOf(s)), "and")+"."))
	f.p("type %s struct{}\n", s.name)
	for _, d := range s.decisions {
		f.performance(s, d)
	}
}

func (f *file) performance(s *handler, d *decision) {
	m := f.module
	f.use("context")
	f.use(landfallPath)
	f.comment("", docOf(d.method, d.command.Name, d.command.Doc, d.method+" performs "+m.names[d.command]+", which leads to "+m.outcome(d.leads)+"."),
		"It may be called again for the same command, with the same id: pass the id on to the outside, so that nothing is done twice.")
	f.p("func (%s %s) %s(ctx context.Context, c %s, id landfall.ID) ([]landfall.Event, error) {", receiver(s.name), s.name, d.method, m.names[d.command])
	for _, note := range m.project.notes[d.command] {
		f.comment("\t", note)
	}
	f.undecided(s.name + "." + d.method)
	f.p("}\n")
}

// policy writes a policy: the obvious answer, or else one that panics.
func (f *file) policy(p *policy) {
	m := f.module
	f.use(landfallPath)
	f.comment("", docOf(p.fn, p.element.Name, p.element.Doc, p.fn+" answers "+m.names[p.on]+" with "+m.outcome(p.element.Policy.Invokes)+"."))
	literals := m.obviousAnswer(p)
	parameter := "_"
	if usesSource(literals) || literals == nil && len(p.on.Fields) > 0 {
		parameter = "e"
	}
	f.p("func %s(%s %s, _ landfall.Metadata) []landfall.Command {", p.fn, parameter, m.names[p.on])
	for _, note := range m.project.notes[p.element] {
		f.comment("\t", note)
	}
	if literals == nil {
		f.p("\tpanic(%q)\n}\n", p.fn+" is not decided yet")
		return
	}
	f.p("\treturn []landfall.Command{%s}\n}\n", strings.Join(literals, ", "))
}

func (m *module) obviousAnswer(p *policy) []string {
	e := p.element
	if len(e.Policy.Invokes) != 1 || len(e.Policy.Using) > 0 || m.project.ruled[e] || len(e.Policy.Invokes[0]) != len(p.own)+len(p.foreign) {
		return nil
	}
	for _, group := range e.Policy.On {
		if len(group) > 1 {
			return nil
		}
	}
	return m.copies(e.Policy.Invokes[0], p.on, "e")
}

// projection writes the documents of a projection, how events are folded into
// them, and the wiring of that.
func (f *file) projection(p *projection) {
	m := f.module
	f.use(landfallPath)
	informs := ""
	if names := labels(p.element.View.Informs); len(names) > 0 {
		informs = p.name + " is what " + list(names, "and") + " sees."
	}
	summary := informs
	if summary == "" {
		summary = p.name + " is a document of the projection."
	}
	f.comment("", docOf(p.name, p.element.Name, p.element.Doc, summary))
	f.structType(p.name, p.fields)
	for _, x := range p.folds {
		r := receiver(p.name)
		event := m.names[x.event]
		f.comment("", x.method+" takes up "+event+".")
		body := m.assignments(r, p.fields, x.event)
		if body == "" {
			f.p("func (%s *%s) %s(_ %s, _ landfall.Metadata) {\n\t// What does it show?\n}\n", r, p.name, x.method, event)
			continue
		}
		f.p("func (%s *%s) %s(e %s, _ landfall.Metadata) {\n\t%s\n}\n", r, p.name, x.method, event, body)
	}
	f.comment("", p.wiring()+" wires the projection. Documents go under the ids of aggregates; landfall.OnKey gives them other keys.")
	f.p("func %s() landfall.Part {\n\treturn landfall.Project(%q,", p.wiring(), PartName(p.element))
	for _, x := range p.folds {
		f.p("\t\tlandfall.On((*%s).%s),", p.name, x.method)
	}
	f.p("\t)\n}\n")
}

func labels(elements []*model.Element) []string {
	var out []string
	for _, e := range elements {
		if e.Kind == ast.Actor {
			out = append(out, e.Label())
		}
	}
	return out
}
