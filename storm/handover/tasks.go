package handover

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// State says how far something that is to be built has got.
type State uint8

// The states.
const (
	Unknown   State = iota // nobody held the storm against code
	Missing                // the code does not have it
	Differing              // the code has it, but not as the storm says
	Done                   // the code has it, as the storm says
)

// Progress says how far an element is. It may be nil: then nothing is known.
type Progress func(e *model.Element) State

// Tasks returns the backlog of a storm: by team and module, what is to be
// answered and to be built. A module comes after those whose events it hears, and
// in it data comes before what uses it, a command before what follows from it.
// What the code has is ticked.
func Tasks(s *model.Storm, progress Progress) []byte {
	t := &backlog{storm: s, progress: progress, time: timeOf(s), scenarios: scenariosOf(s)}
	var body page
	for _, team := range t.teams() {
		t.team(&body, team)
	}
	t.heading(1, "Backlog of %s", stormTitle(s))
	t.line("%s", t.total())
	if body.b.Len() > 0 {
		t.line("")
	}
	return []byte(t.String() + body.String())
}

type backlog struct {
	page
	storm     *model.Storm
	progress  Progress
	time      map[*model.Element]int
	scenarios map[*model.Element][]string
	done, all int // tasks to build
	questions int
}

func (t *backlog) total() string {
	var parts []string
	if t.all > 0 {
		text := plural(t.all, "task")
		if t.progress != nil {
			text = fmt.Sprintf("%d of %s done", t.done, text)
		}
		parts = append(parts, text)
	}
	if t.questions > 0 {
		parts = append(parts, plural(t.questions, "open question"))
	}
	if len(parts) == 0 {
		return "There is nothing to do: no commands, no policies, no open hotspots."
	}
	return strings.Join(parts, ", ") + "."
}

// timeOf returns when each element is first noted.
func timeOf(s *model.Storm) map[*model.Element]int {
	out := map[*model.Element]int{}
	for i, n := range s.Timeline {
		if _, ok := out[n.Element]; !ok {
			out[n.Element] = i
		}
	}
	return out
}

// scenariosOf returns the names of the scenarios of what is done in them.
func scenariosOf(s *model.Storm) map[*model.Element][]string {
	out := map[*model.Element][]string{}
	for m := range s.All() {
		for _, sc := range m.Scenarios {
			for _, when := range sc.When {
				out[when.Element] = append(out[when.Element], sc.Name)
			}
		}
	}
	return out
}

// team is a team with its modules.
type team struct {
	name    string
	modules []*model.Module
}

// teams returns the teams in the order of their first module.
func (t *backlog) teams() []*team {
	var out []*team
	for _, m := range ordered(t.storm) {
		i := slices.IndexFunc(out, func(x *team) bool { return x.name == m.Team })
		if i < 0 {
			i = len(out)
			out = append(out, &team{name: m.Team})
		}
		out[i].modules = append(out[i].modules, m)
	}
	return out
}

// ordered returns the modules so that each comes after those whose events it
// hears, as far as there is no circle; else in the order of the storm.
func ordered(s *model.Storm) []*model.Module {
	hears := map[*model.Module][]*model.Module{}
	for _, l := range s.Links() {
		switch l.Verb {
		case model.Triggers, model.Updates:
			if l.From.Module != l.To.Module {
				hears[l.To.Module] = append(hears[l.To.Module], l.From.Module)
			}
		}
	}
	left := slices.Collect(s.All())
	var out []*model.Module
	for len(left) > 0 {
		// In a circle the first of the storm goes first.
		next := max(0, slices.IndexFunc(left, func(m *model.Module) bool {
			return !slices.ContainsFunc(hears[m], func(o *model.Module) bool { return slices.Contains(left, o) })
		}))
		out = append(out, left[next])
		left = slices.Delete(left, next, next+1)
	}
	return out
}

func (t *backlog) team(p *page, x *team) {
	var body page
	for _, m := range x.modules {
		t.module(&body, m)
	}
	if body.b.Len() == 0 {
		return
	}
	switch {
	case x.name != "":
		p.heading(2, "Team %s", inline(x.name))
	case len(t.storm.Modules) > 0:
		p.heading(2, "No team yet")
	default:
		p.heading(2, "To do")
	}
	p.b.WriteString(strings.TrimPrefix(body.String(), "\n"))
}

func (t *backlog) module(p *page, m *model.Module) {
	var body page
	t.answer(&body, m)
	t.model(&body, m)
	t.build(&body, "Data", t.sorted(m, ast.Value, ast.Enum), t.data)
	for _, a := range t.sorted(m, ast.Aggregate, ast.System) {
		t.handler(&body, a)
	}
	t.unhandled(&body, m)
	t.build(&body, "Policies", t.sorted(m, ast.Policy), t.policy)
	t.build(&body, "Projections", t.sorted(m, ast.Projection), t.projection)
	t.timers(&body, m)
	if body.b.Len() == 0 {
		return
	}
	if len(t.storm.Modules) > 0 {
		p.heading(3, "%s", moduleTitle(m))
		if m.Doc != "" {
			p.line("%s", m.Doc)
			p.line("")
		}
	}
	p.b.WriteString(strings.TrimPrefix(body.String(), "\n"))
}

// sorted returns the elements of some kinds: data after what it is made of, all
// else in the order of time.
func (t *backlog) sorted(m *model.Module, kinds ...ast.Kind) []*model.Element {
	var out []*model.Element
	for _, e := range m.Elements {
		if slices.Contains(kinds, e.Kind) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b *model.Element) int { return cmp.Compare(t.time[a], t.time[b]) })
	return partsFirst(out)
}

// partsFirst puts values after the values and enums that they are made of.
func partsFirst(list []*model.Element) []*model.Element {
	var out []*model.Element
	seen := map[*model.Element]bool{}
	var visit func(e *model.Element)
	visit = func(e *model.Element) {
		if seen[e] || !slices.Contains(list, e) {
			return
		}
		seen[e] = true
		for _, f := range e.Fields {
			if part := typeOf(f.Type); part != nil {
				visit(part)
			}
		}
		out = append(out, e)
	}
	for _, e := range list {
		visit(e)
	}
	return out
}

// state returns how far an element is, and counts it as a task.
func (t *backlog) state(e *model.Element) State {
	t.all++
	if t.progress == nil {
		return Unknown
	}
	s := t.progress(e)
	if s == Done {
		t.done++
	}
	return s
}

// task writes a line of the backlog.
func (t *backlog) task(p *page, indent string, s State, format string, args ...any) {
	box, end := " ", ""
	switch s {
	case Done:
		box = "x"
	case Differing:
		end = " **(the code differs)**"
	}
	p.line("%s- [%s] %s%s", indent, box, fmt.Sprintf(format, args...), end)
}

func (t *backlog) build(p *page, title string, list []*model.Element, say func(*model.Element) string) {
	if len(list) == 0 {
		return
	}
	p.line("\n**%s**\n", title)
	for _, e := range list {
		t.task(p, "", t.state(e), "%s", say(e))
		t.examples(p, e)
	}
}

// examples lists the scenarios in which something is done.
func (t *backlog) examples(p *page, e *model.Element) {
	for _, name := range t.scenarios[e] {
		p.line("  - scenario: %s", inline(name))
	}
}
