package gen

import (
	"fmt"
	"iter"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// project is a storm as Go: every decision on what is generated is made here,
// before a line is written.
type project struct {
	storm   *model.Storm
	options Options
	modules []*module
	byModel map[*model.Module]*module
	home    map[*model.Element]*module          // of what stands outside of any module
	notes   map[*model.Element][]string         // rules and open hotspots
	ruled   map[*model.Element]bool             // has a rule, so that nothing about it is obvious
	invoked map[*model.Element][]*model.Element // by policies
	diags   diag.List
}

// module is a module as a package.
type module struct {
	project *project
	model   *model.Module
	title   string // in the storm
	name    string // at run time
	pkg     string
	dir     string // of the package, which is its name too
	names   map[*model.Element]string
	used    map[string]bool
	handled map[*model.Element]*handler // by command
	emitted map[*model.Element]*handler // by event
	written map[string]*declaration     // what people declared, where that is known

	commands    []*model.Element
	events      []*model.Element
	sent        []*model.Element // commands of other modules
	heard       []*model.Element // events of other modules
	published   []*model.Element // events that leave the module
	types       []*model.Element // values and enums, also those of other modules
	loose       []*model.Type    // types that nothing declares, each once
	looseNames  map[string]string
	aggregates  []*handler
	systems     []*handler
	policies    []*policy
	projections []*projection
	elements    []*model.Element
	flows       []*model.Handling
	scenarios   []*model.Scenario
}

// handler is an aggregate or a system.
type handler struct {
	element   *model.Element // nil for the aggregate of lines that name none
	name      string
	param     string // of a system, as a parameter
	doc       string
	kind      ast.Kind
	decisions []*decision
	events    []*model.Element
	state     []field
}

// decision is the answer to one command.
type decision struct {
	command *model.Element
	method  string
	issuers []*model.Element
	leads   model.Choice
	events  []*model.Element
}

// policy is a policy as it hears one event.
type policy struct {
	element *model.Element
	name    string // at run time
	fn      string
	on      *model.Element
	unless  []*model.Element
	own     []*model.Element // commands of its module
	foreign []*model.Element // commands of others
}

type projection struct {
	element *model.Element
	name    string // the type of its documents
	fields  []field
	folds   []fold
}

type fold struct {
	event  *model.Element
	method string
}

// newProject makes the project of a storm.
func newProject(s *model.Storm, o Options) *project {
	p := &project{
		storm: s, options: o,
		byModel: map[*model.Module]*module{}, home: map[*model.Element]*module{}, notes: map[*model.Element][]string{},
		ruled: map[*model.Element]bool{},
	}
	p.collectNotes()
	for _, m := range s.Modules {
		p.addModule(m, m.Name)
	}
	p.settle()
	for _, m := range p.modules {
		m.collect()
	}
	for _, m := range p.modules {
		m.resolveHandlers()
	}
	for _, m := range p.modules {
		m.resolve()
	}
	p.timers()
	p.lifeless()
	p.diags.Sort()
	return p
}

// timers reports what time should trigger: the runtime has no calendar.
func (p *project) timers() {
	for m := range p.storm.All() {
		for _, t := range m.Timers {
			p.report("G115", t.Place, fmt.Sprintf("every %s is not generated: the runtime has no calendar", ast.QuoteText(t.Every)),
				"issue a command at that time, from a scheduler, and let it lead to the event")
		}
	}
}

// lifeless reports modules that do nothing yet. They get their types, and no
// wiring; when all are like that, there is nothing to run.
func (p *project) lifeless() {
	for _, m := range p.modules {
		if !m.alive() {
			p.report("G119", m.model.At(), "no command leads to an event in module "+m.title+", and it hears none, so there is nothing to wire",
				"say what is done, Actor -> Command -> Event, or what is heard of others")
		}
	}
	if !slices.ContainsFunc(p.modules, (*module).alive) {
		p.fail("G120", p.storm.Place, "no command of the storm leads to an event, so there is nothing to run",
			"say what is done: Actor -> Command -> Event")
	}
}

// left reports whether the type of an element is left to people: the storm says
// nothing about its data, and somebody wrote it.
func (m *module) left(e *model.Element) bool {
	return !e.HasData && m.written[m.names[e]] != nil
}

// alive reports whether the module does anything: it answers commands, or hears
// what others publish.
func (m *module) alive() bool {
	return len(m.handled) > 0 && len(m.emitted) > 0 || len(m.policies)+len(m.projections) > 0
}

func (p *project) addModule(m *model.Module, name string) *module {
	out := &module{
		project: p, model: m, title: name, name: ModuleName(name), pkg: PackageName(name),
		names: map[*model.Element]string{}, used: map[string]bool{"Module": true},
		handled: map[*model.Element]*handler{}, emitted: map[*model.Element]*handler{}, looseNames: map[string]string{},
	}
	if slices.ContainsFunc(p.modules, func(other *module) bool { return other.pkg == out.pkg || other.name == out.name }) {
		p.fail("G101", m.At(), "another module gives the package "+out.pkg+", too", "rename one of the two")
	}
	out.dir = out.pkg
	p.modules = append(p.modules, out)
	p.byModel[m] = out
	out.elements = append(out.elements, m.Elements...)
	out.flows, out.scenarios = m.Flows, m.Scenarios
	return out
}

// collectNotes gathers the rules and the open hotspots on each element.
func (p *project) collectNotes() {
	for m := range p.storm.All() {
		for _, s := range m.Stickies {
			text := s.Text
			switch {
			case s.Kind == ast.Rule:
				text = "Rule: " + text
			case s.Kind == ast.Hotspot && s.Resolved == "":
				text = "Open: " + text
			default:
				continue
			}
			for _, t := range s.On {
				if t.Element != nil {
					p.notes[t.Element] = append(p.notes[t.Element], text)
					p.ruled[t.Element] = p.ruled[t.Element] || s.Kind == ast.Rule
				}
			}
		}
	}
}

// fail adds an error: nothing can be generated.
func (p *project) fail(code diag.Code, at ast.Place, message, help string) {
	p.diags = append(p.diags, diag.Diagnostic{Code: code, Severity: diag.Error, Place: at, Message: message, Help: help})
}

// report adds a warning.
func (p *project) report(code diag.Code, at ast.Place, message, help string) {
	p.diags = append(p.diags, diag.Diagnostic{Code: code, Severity: diag.Warning, Place: at, Message: message, Help: help})
}

// settle finds a module for everything that stands outside of any: a storm that
// begins with notes on a board has them there. A command goes to the module
// that handles it, an event to the one that emits it, a policy or a projection
// to that of its first event; the rest makes a module named after the storm.
func (p *project) settle() {
	free := p.storm.Free
	for _, m := range p.modules {
		for h := range m.lines() {
			for _, c := range h.Commands {
				p.claim(c, m)
			}
			for e := range h.Events.All() {
				p.claim(e, m)
			}
		}
	}
	for _, e := range free.Elements {
		if p.home[e] == nil {
			p.settleByEvents(e)
		}
	}
	if p.needsOwn(free) {
		p.ownModule(free)
	}
	p.settleScenarios()
}

func (p *project) claim(e *model.Element, m *module) {
	if e.Module.IsFree() && p.home[e] == nil {
		p.home[e] = m
		m.elements = append(m.elements, e)
	}
}

func (p *project) settleByEvents(e *model.Element) {
	var events []*model.Element
	switch e.Kind {
	case ast.Policy:
		events = slices.Collect(e.Policy.On.All())
	case ast.Projection:
		events = e.View.UpdatedBy
	}
	if len(events) > 0 {
		if m := p.of(events[0]); m != nil {
			p.claim(e, m)
		}
	}
}

// needsOwn reports whether something outside of any module must be generated
// and found no other module.
func (p *project) needsOwn(free *model.Module) bool {
	return len(free.Flows) > 0 || len(p.modules) == 0 || slices.ContainsFunc(free.Elements, func(e *model.Element) bool {
		return p.home[e] == nil && (e.Kind == ast.Aggregate || e.Kind == ast.System || e.Kind == ast.Policy)
	})
}

func (p *project) ownModule(free *model.Module) {
	name := model.GoName(ast.NoKind, p.storm.Name)
	if len(model.Words(p.storm.Name)) == 0 {
		name = "App"
	}
	m := p.addModule(free, name)
	m.elements, m.scenarios = nil, nil
	for _, e := range free.Elements {
		if p.home[e] == nil {
			p.claim(e, m)
		}
	}
}

// of returns the module that an element is generated in, or nil.
func (p *project) of(e *model.Element) *module {
	if m := p.home[e]; m != nil {
		return m
	}
	if e.Module.IsFree() {
		return nil
	}
	return p.byModel[e.Module]
}

// settleScenarios gives the scenarios outside of any module to that of the policy
// or the projection that hears, and else of what is done in them.
func (p *project) settleScenarios() {
	for _, s := range p.storm.Free.Scenarios {
		if m := p.listener(s); m != nil {
			m.scenarios = append(m.scenarios, s)
			continue
		}
		for _, msg := range slices.Concat(s.When, s.Then) {
			if m := p.of(msg.Element); m != nil {
				m.scenarios = append(m.scenarios, s)
				break
			}
		}
	}
}

// listener returns the module of what hears the event of a scenario and does what
// follows, or nil.
func (p *project) listener(s *model.Scenario) *module {
	for _, then := range s.Then {
		if then.Element.Kind == ast.Projection {
			return p.of(then.Element)
		}
		for _, when := range s.When {
			for _, policy := range p.invokers()[then.Element] {
				if slices.Contains(heardEvents(policy.Policy), when.Element) {
					return p.of(policy)
				}
			}
		}
	}
	return nil
}

// lines yields the lines of flow of a module.
func (m *module) lines() iter.Seq[*model.Handling] {
	return func(yield func(*model.Handling) bool) {
		for _, e := range m.elements {
			for _, h := range e.Handles {
				if !yield(h) {
					return
				}
			}
		}
		for _, h := range m.flows {
			if !yield(h) {
				return
			}
		}
	}
}
