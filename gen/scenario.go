package gen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// example is a scenario as landfalltest has it, in Go.
type example struct {
	name     string
	given    []string
	when     string
	then     []string
	rejected string
	shows    [][2]string // key and document
}

// scenariosFile writes the scenarios as tests, or returns nil when there are
// none.
func (m *module) scenariosFile() *file {
	f := m.file(true)
	var examples []*example
	for _, s := range m.scenarios {
		if x := f.example(s); x != nil {
			examples = append(examples, x)
		}
	}
	if len(examples) == 0 {
		return nil
	}
	f.use("testing")
	f.use(landfalltestPath)
	f.comment("", "TestScenarios runs the scenarios of the storm.")
	f.p("func TestScenarios(t *testing.T) {\n\tlandfalltest.Run(t, %s,", m.underTest())
	for _, x := range examples {
		if len(x.given) > 0 {
			f.use(landfallPath)
		}
		f.writeExample(x)
	}
	f.p("\t)\n}")
	return f
}

// underTest returns the module as the tests run it.
func (m *module) underTest() string {
	if len(m.systems) > 0 {
		return "moduleUnderTest()"
	}
	return "Module()"
}

// longest is how wide a line of a scenario may be before it is broken.
const longest = 100

func (f *file) writeExample(x *example) {
	f.p("\t\tlandfalltest.Scenario{\n\t\t\tName: %q,", x.name)
	f.list("Given", "landfall.Event", x.given)
	if x.when != "" {
		f.p("\t\t\tWhen: %s,", x.when)
	}
	f.list("Then", "any", x.then)
	if x.rejected != "" {
		f.p("\t\t\tRejected: %s,", x.rejected)
	}
	if len(x.shows) > 0 {
		f.p("\t\t\tShows: map[string]any{")
		for _, doc := range x.shows {
			f.p("\t\t\t\t%s: %s,", doc[0], doc[1])
		}
		f.p("\t\t\t},")
	}
	f.p("\t\t},")
}

func (f *file) list(name, of string, items []string) {
	if len(items) == 0 {
		return
	}
	line := strings.Join(items, ", ")
	if len(items) == 1 || len(line) < longest && !strings.Contains(line, "\n") {
		f.p("\t\t\t%s: []%s{%s},", name, of, line)
		return
	}
	f.p("\t\t\t%s: []%s{", name, of)
	for _, item := range items {
		f.p("\t\t\t\t%s,", item)
	}
	f.p("\t\t\t},")
}

// example turns a scenario into Go, or reports why it cannot.
func (f *file) example(s *model.Scenario) *example {
	x := &example{name: s.Name}
	if why, help := f.unfit(s); why != "" {
		f.module.project.report("G201", s.Place, "the scenario "+ast.QuoteText(s.Name)+" is not generated: "+why, help)
		return nil
	}
	mistakes := len(f.module.project.diags)
	x.given = f.messages(s.Given)
	if len(s.When) == 1 {
		x.when = f.messages(s.When)[0]
	}
	f.follows(x, s)
	if s.Rejected {
		x.rejected = "landfalltest.AnyReason"
		if s.Reason != "" {
			x.rejected = fmt.Sprintf("%q", s.Reason)
		}
	}
	for _, d := range f.module.project.diags[mistakes:] {
		if d.Severity == diag.Error {
			return nil
		}
	}
	return x
}

// unfit says why a scenario cannot be run, and what to do.
func (f *file) unfit(s *model.Scenario) (why, help string) {
	views := countKind(s.Then, ast.Projection)
	switch {
	case len(s.When) > 1:
		return "it does several things", "write a scenario for each: what one leads to is given to the next"
	case len(s.When) == 0 && (views == 0 || views < len(s.Then)):
		return "it does not say what is done", "add when and a command or an event"
	case len(s.When) == 1 && s.When[0].Element.Kind == ast.Command && countKind(s.Then, ast.Command) > 0:
		return "a command does not lead to commands at once", "say which event follows, and write another scenario for what that event triggers"
	case len(s.When) == 1 && s.When[0].Element.Kind == ast.Event && countKind(s.Then, ast.Event) > 0:
		return "an event does not lead to events at once", "say which command follows, and write another scenario for what that command leads to"
	}
	for _, msg := range slices.Concat(s.Given, s.When, s.Then) {
		if why := f.module.unwired(msg.Element); why != "" {
			return msg.Element.String() + " " + why, "move the scenario, or wire the element"
		}
	}
	return "", ""
}

func countKind(list []*model.Message, kind ast.Kind) int {
	n := 0
	for _, msg := range list {
		if msg.Element.Kind == kind {
			n++
		}
	}
	return n
}

// unwired says why an element cannot be part of the module's scenarios.
func (m *module) unwired(e *model.Element) string {
	switch {
	case m.names[e] == "":
		return "is not in the module " + m.name
	case e.Kind == ast.Command && m.handled[e] == nil && !slices.Contains(m.sent, e):
		return "is not handled by anything"
	case e.Kind == ast.Event && m.emitted[e] == nil && !slices.Contains(m.heard, e):
		return "is emitted by nothing"
	case e.Kind == ast.Projection && m.projectionOf(e) == nil:
		return "is not wired"
	}
	return ""
}

func (m *module) projectionOf(e *model.Element) *projection {
	for _, p := range m.projections {
		if p.element == e {
			return p
		}
	}
	return nil
}

func (f *file) messages(list []*model.Message) []string {
	out := make([]string, len(list))
	for i, msg := range list {
		literal, err := f.message(msg)
		if err != nil {
			d := diag.Diagnostic{Code: "G202", Severity: diag.Error, Place: msg.Place, Message: err.Error(), Help: "landfall check says the same, and more"}
			f.module.project.diags = append(f.module.project.diags, d)
		}
		out[i] = literal
	}
	return out
}

// follows fills in what follows: events, commands or documents.
func (f *file) follows(x *example, s *model.Scenario) {
	var then []*model.Message
	for _, msg := range s.Then {
		f.unsaid(msg)
		if msg.Element.Kind != ast.Projection {
			then = append(then, msg)
			continue
		}
		key := documentKey(f.module.projectionOf(msg.Element))
		if slices.ContainsFunc(x.shows, func(doc [2]string) bool { return doc[0] == key }) {
			f.module.project.report("G203", msg.Place, "the scenario shows two documents of "+msg.Element.Name+"; the second is left out", "write a scenario for each")
			continue
		}
		x.shows = append(x.shows, [2]string{key, f.messages([]*model.Message{msg})[0]})
	}
	if len(s.When) == 1 && s.When[0].Element.Kind == ast.Event {
		f.answers(x, s, then)
		return
	}
	x.then = f.messages(then)
}

// unsaid notes fields that a scenario expects nothing of: the test expects them
// to be empty.
func (f *file) unsaid(msg *model.Message) {
	var missing []string
	for _, x := range f.module.fields(msg.Element.Fields) {
		said := msg.Data != nil && slices.ContainsFunc(msg.Data.Pairs, func(p model.Pair) bool { return p.Name == x.Name })
		if !said && (x.Type == nil || !x.Type.Optional && x.Type.List == nil) {
			missing = append(missing, x.Name)
		}
	}
	if len(missing) == 0 {
		return
	}
	f.module.project.diags = append(f.module.project.diags, diag.Diagnostic{
		Code: "G204", Severity: diag.Hint, Place: msg.Place,
		Message: fmt.Sprintf("the scenario does not say %s of %s; the test expects it to be empty", list(missing, "and"), msg.Element.Name),
		Help:    "add it",
	})
}

// answers fills in the commands that policies send, in the order in which the
// policies are wired, as landfalltest compares them.
func (f *file) answers(x *example, s *model.Scenario, then []*model.Message) {
	m, event := f.module, s.When[0].Element
	order := func(msg *model.Message) int {
		return slices.IndexFunc(m.policies, func(p *policy) bool { return p.on == event && p.sends(msg.Element) })
	}
	then = slices.Clone(then)
	slices.SortStableFunc(then, func(a, b *model.Message) int { return order(a) - order(b) })
	x.then = f.messages(then)
	for i, msg := range then {
		if at := order(msg); at >= 0 && m.policies[at].element.Policy.After != "" {
			x.then[i] = fmt.Sprintf("landfalltest.After(%s, %s)", f.duration(m.policies[at].element.Policy.After), x.then[i])
		}
	}
	if s.Nothing {
		x.then = f.withdrawn(s, event)
	}
}

func (p *policy) sends(c *model.Element) bool {
	return slices.Contains(p.own, c) || slices.Contains(p.foreign, c)
}

// withdrawn returns the commands that policies held back because of what is
// given and that the event withdraws.
func (f *file) withdrawn(s *model.Scenario, event *model.Element) []string {
	var out []string
	for _, p := range f.module.policies {
		if !slices.Contains(p.unless, event) || len(p.element.Policy.Invokes) != 1 {
			continue
		}
		for _, given := range s.Given {
			if given.Element != p.on {
				continue
			}
			for _, c := range p.element.Policy.Invokes[0] {
				out = append(out, "landfalltest.Withdraws("+f.carried(c, given)+")")
			}
		}
	}
	return out
}

// carried returns a command with what the event carries of its data.
func (f *file) carried(c *model.Element, event *model.Message) string {
	data := &model.Value{Kind: ast.Object}
	if event.Data != nil {
		for _, pair := range event.Data.Pairs {
			if find(f.module.fields(c.Fields), pair.Name) != nil {
				data.Pairs = append(data.Pairs, pair)
			}
		}
	}
	return f.messages([]*model.Message{{Element: c, Data: data, Place: event.Place}})[0]
}

// documentKey returns the constant with the key under which scenarios find a
// document.
func documentKey(p *projection) string { return unexported(p.name) + "Key" }

// testUnits returns what the tests need of a person: the module with stand-ins
// for the outside, and the keys of documents.
func (m *module) testUnits() []unit {
	path := m.dir + "/scenarios_test.go"
	var units []unit
	if len(m.systems) > 0 && len(m.scenarios) > 0 {
		units = append(units, unit{path: path, alone: m.dir + "/module_test.go", declares: "moduleUnderTest", write: func(f *file) {
			f.use(landfallPath)
			var args []string
			for _, s := range m.systems {
				args = append(args, s.name+"{}")
			}
			f.comment("", "moduleUnderTest is the module as the scenarios run it: with stand-ins for the outside.")
			f.p("func moduleUnderTest() landfall.Module { return Module(%s) }\n", strings.Join(args, ", "))
		}})
	}
	for _, p := range m.shown() {
		units = append(units, unit{path: path, alone: m.dir + "/" + strings.ToLower(p.name) + "_test.go", declares: documentKey(p), write: func(f *file) {
			f.comment("", documentKey(p)+" is the key under which the scenarios find the document of "+p.name+": that of the aggregate that they are about.")
			f.p("const %s = \"1\"\n", documentKey(p))
		}})
	}
	return units
}

// shown returns the projections whose documents scenarios show.
func (m *module) shown() []*projection {
	var out []*projection
	for _, p := range m.projections {
		for _, s := range m.scenarios {
			if slices.ContainsFunc(s.Then, func(msg *model.Message) bool { return msg.Element == p.element }) {
				out = append(out, p)
				break
			}
		}
	}
	return out
}
