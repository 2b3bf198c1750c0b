package handover

import (
	"cmp"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// answer writes what has to be answered before it can be built.
func (t *backlog) answer(p *page, m *model.Module) {
	titled := false
	for _, s := range m.Stickies {
		if s.Kind != ast.Hotspot || s.Resolved != "" {
			continue
		}
		if !titled {
			titled = true
			p.line("\n**To be answered**\n")
		}
		t.questions++
		p.line("- [ ] %s%s", inline(s.Text), on(s))
	}
	titled = false
	for _, s := range m.Stickies {
		if s.Kind != ast.Opportunity {
			continue
		}
		if !titled {
			titled = true
			p.line("\n**Opportunities**\n")
		}
		p.line("- %s%s", bullet(s.Text), on(s))
	}
}

// on says what a sticky is on.
func on(s *model.Sticky) string {
	var names []string
	for _, t := range s.On {
		switch {
		case t.Element != nil:
			names = append(names, label(t.Element))
		case t.Module != nil:
			names = append(names, moduleTitle(t.Module))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " (on " + join(names, "and") + ")"
}

// model writes what the storm leaves open, so that nobody can build it yet.
func (t *backlog) model(p *page, m *model.Module) {
	caused := map[*model.Element]bool{}
	for h := range t.storm.Handlings() {
		for e := range h.Events.All() {
			caused[e] = true
		}
	}
	for mod := range t.storm.All() {
		for _, timer := range mod.Timers {
			for _, e := range timer.Events {
				caused[e] = true
			}
		}
	}
	open := 0
	for _, e := range m.Of(ast.Event) {
		if !caused[e] {
			open++
		}
	}
	if open == 0 {
		return
	}
	t.questions++
	p.line("\n**To be modelled**\n")
	p.line("- [ ] Find the commands that lead to %s: %s", plural(open, "event"), t.uncaused(m, caused))
}

func (t *backlog) uncaused(m *model.Module, caused map[*model.Element]bool) string {
	var names []string
	for _, e := range t.sorted(m, ast.Event) {
		if !caused[e] {
			names = append(names, label(e))
		}
	}
	if len(names) > 12 {
		return strings.Join(names[:11], ", ") + " and others"
	}
	return join(names, "and")
}

func (t *backlog) data(e *model.Element) string {
	text := "the " + e.Kind.String() + " " + label(e)
	if e.Kind == ast.Enum {
		var names []string
		for _, m := range e.Members {
			names = append(names, inline(m.Name))
		}
		return text + ": " + strings.Join(names, ", ")
	}
	if len(e.Fields) == 0 {
		return text + ": its fields are not known yet"
	}
	return text + ": " + fields(e)
}

func fields(e *model.Element) string {
	var out []string
	for _, f := range e.Fields {
		word := f.Name
		if f.Type != nil {
			word += " " + strings.ReplaceAll(f.Type.String(), ast.Quote(e.Module.Name)+".", "")
		}
		out = append(out, code(word))
	}
	return strings.Join(out, ", ")
}

// handler writes the lines of flow of an aggregate or a system, in the order of
// time, each command once.
func (t *backlog) handler(p *page, h *model.Element) {
	word := "Aggregate"
	if h.Kind == ast.System {
		word = "External system"
	}
	if len(h.Handles) == 0 {
		if h.Kind == ast.Aggregate {
			p.line("\n**%s %s**\n", word, label(h))
			t.task(p, "", t.state(h), "the aggregate %s: what it handles is not known yet", label(h))
		}
		return
	}
	p.line("\n**%s %s**\n", word, label(h))
	if len(h.Fields) > 0 {
		t.task(p, "", t.state(h), "its state: %s", fields(h))
	}
	t.lines(p, h.Handles)
}

func (t *backlog) lines(p *page, list []*model.Handling) {
	type line struct {
		command *model.Element
		from    *model.Handling
	}
	var lines []line
	for _, h := range list {
		for _, c := range h.Commands {
			lines = append(lines, line{c, h})
		}
		if len(h.Commands) == 0 {
			t.task(p, "", Unknown, "%s: find the command that leads to it", choice(h.Events))
			t.all++
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(t.time[a.command], t.time[b.command]) })
	for _, l := range lines {
		t.task(p, "", t.state(l.command), "%s", t.command(l.command, l.from))
		t.examples(p, l.command)
	}
}

func (t *backlog) command(c *model.Element, h *model.Handling) string {
	text := "**" + label(c) + "**"
	if len(h.Issuers) > 0 {
		text += ", issued by " + labels(h.Issuers, "or")
	}
	if len(h.Events) == 0 {
		return text + ": what it leads to is not known yet"
	}
	return text + ", leads to " + choice(h.Events)
}

// unhandled writes the commands that no aggregate and no system handles yet.
func (t *backlog) unhandled(p *page, m *model.Module) {
	handled := map[*model.Element]bool{}
	for h := range t.storm.Handlings() {
		if h.Handler != nil {
			for _, c := range h.Commands {
				handled[c] = true
			}
		}
	}
	var loose []*model.Handling
	told := map[*model.Element]bool{}
	for _, h := range m.Flows {
		if slices.ContainsFunc(h.Commands, func(c *model.Element) bool { return !handled[c] }) {
			loose = append(loose, h)
			for _, c := range h.Commands {
				told[c] = true
			}
		}
	}
	for _, c := range t.sorted(m, ast.Command) {
		if !handled[c] && !told[c] {
			loose = append(loose, &model.Handling{Commands: []*model.Element{c}})
		}
	}
	if len(loose) == 0 {
		return
	}
	p.line("\n**Commands without an aggregate or a system**\n")
	t.lines(p, loose)
}

func (t *backlog) policy(e *model.Element) string {
	p := e.Policy
	text := "**" + label(e) + "**"
	switch {
	case len(p.On) > 0 && p.After != "":
		text += ": " + p.After + " after " + choice(p.On)
	case len(p.On) > 0:
		text += ": on " + choice(p.On)
	default:
		text += ": what triggers it is not known yet"
	}
	if len(p.Unless) > 0 {
		text += ", unless " + labels(p.Unless, "or")
	}
	if len(p.Using) > 0 {
		text += ", with the help of " + labels(p.Using, "and")
	}
	if len(p.Invokes) == 0 {
		return text + "; what it invokes is not known yet"
	}
	return text + ", invokes " + choice(p.Invokes) + t.abroad(e)
}

// abroad says which other teams something needs.
func (t *backlog) abroad(e *model.Element) string {
	var others []string
	for _, l := range t.storm.Links() {
		var far *model.Module
		switch {
		case l.To == e && l.From.Module != e.Module && (l.Verb == model.Triggers || l.Verb == model.Updates || l.Verb == model.Stops):
			far = l.From.Module
		case l.From == e && l.To.Module != e.Module && l.Verb == model.Invokes:
			far = l.To.Module
		default:
			continue
		}
		name := moduleTitle(far)
		if far.Team != "" {
			name += " of team " + inline(far.Team)
		}
		if !slices.Contains(others, name) {
			others = append(others, name)
		}
	}
	if len(others) == 0 {
		return ""
	}
	return " (with " + join(others, "and") + ")"
}

func (t *backlog) projection(e *model.Element) string {
	text := "**" + label(e) + "**"
	if len(e.View.UpdatedBy) == 0 {
		text += ": what updates it is not known yet"
	} else {
		text += ": from " + labels(e.View.UpdatedBy, "and")
	}
	if len(e.View.Informs) > 0 {
		text += ", for " + labels(e.View.Informs, "and")
	}
	return text + t.abroad(e)
}

func (t *backlog) timers(p *page, m *model.Module) {
	if len(m.Timers) == 0 {
		return
	}
	p.line("\n**Time**\n")
	for _, timer := range m.Timers {
		t.all++
		t.task(p, "", Unknown, "every %s: %s", inline(timer.Every), labels(timer.Events, "and"))
	}
}
