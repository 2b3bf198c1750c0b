package draw

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Markdown draws the storm as a Markdown document: the Mermaid picture of the
// view, and the same in words; see [Render] for the errors.
func Markdown(s *model.Storm, o Options) ([]byte, error) {
	g, err := graphOf(s, o)
	if err != nil {
		return nil, err
	}
	w := &mdWriter{}
	title := g.title
	if title == "" {
		title = "Storm"
	}
	w.line("# %s", mdText(title))
	g.title = "" // it stands above already
	fmt.Fprintf(&w.b, "\n```mermaid\n%s```\n", g.mermaid())
	switch o.View {
	case "", StormView:
		if s.Doc != "" {
			w.line("\n%s", s.Doc)
		}
		for m := range s.All() {
			w.module(m)
		}
	case ModulesView:
		w.traffic("Messages between modules", modulesTraffic(s))
	case TeamsView:
		w.traffic("Messages between teams", teamsTraffic(s))
		w.relays(s)
	case FlowView:
		walk, err := findWalk(s, o.Name)
		if err != nil {
			return nil, err
		}
		w.walk(s, walk)
	case AggregateView:
		e, err := findAggregate(s, o.Name)
		if err != nil {
			return nil, err
		}
		w.aggregate(e)
	}
	return w.b.Bytes(), nil
}

type mdWriter struct{ b bytes.Buffer }

func (w *mdWriter) line(format string, args ...any) {
	fmt.Fprintf(&w.b, format+"\n", args...)
}

// table writes a table, unless it has no rows.
func (w *mdWriter) table(head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	w.line("\n| %s |", strings.Join(head, " | "))
	w.line("|%s", strings.Repeat("---|", len(head)))
	for _, row := range rows {
		w.line("| %s |", strings.Join(row, " | "))
	}
}

func (w *mdWriter) module(m *model.Module) {
	var handlings []*model.Handling
	var policies, views, facts [][]string
	for _, e := range m.Elements {
		handlings = append(handlings, e.Handles...)
		if q := e.Policy; q != nil {
			policies = append(policies, []string{mdText(e.Label()), mdWhen(q), mdChoice(q.Invokes)})
		}
		if v := e.View; v != nil {
			views = append(views, []string{mdText(e.Label()), mdNames(v.UpdatedBy), mdNames(v.Informs)})
		}
	}
	handlings = append(handlings, m.Flows...)
	for _, s := range m.Stickies {
		facts = append(facts, []string{s.Kind.String(), mdText(s.Text), mdTargets(s.On), mdText(s.Resolved)})
	}
	if m.IsFree() && len(handlings)+len(policies)+len(views)+len(facts) == 0 {
		w.events(m)
		return
	}
	if !m.IsFree() {
		w.line("\n## %s", mdText(model.Label(m.Name)))
		if m.Team != "" {
			w.line("\nTeam %s", mdText(m.Team))
		}
		if m.Doc != "" {
			w.line("\n%s", m.Doc)
		}
	}
	w.flows(handlings)
	w.table([]string{"policy", "whenever", "then"}, policies)
	w.table([]string{"projection", "follows", "informs"}, views)
	w.table([]string{"note", "text", "on", "resolved"}, facts)
	w.events(m)
}

// events lists the events that stand in no other table, in the order of time.
func (w *mdWriter) events(m *model.Module) {
	emitted := map[*model.Element]bool{}
	for _, e := range m.Elements {
		for _, h := range e.Handles {
			for x := range h.Events.All() {
				emitted[x] = true
			}
		}
	}
	for _, h := range m.Flows {
		for x := range h.Events.All() {
			emitted[x] = true
		}
	}
	var names []string
	for _, e := range m.Of(ast.Event) {
		if !emitted[e] {
			names = append(names, "- "+mdText(e.Label()))
		}
	}
	if len(names) > 0 {
		w.line("\nEvents:\n\n%s", strings.Join(names, "\n"))
	}
}

func (w *mdWriter) flows(handlings []*model.Handling) {
	var rows [][]string
	for _, h := range handlings {
		handler := ""
		if h.Handler != nil {
			handler = mdText(h.Handler.Label())
		}
		rows = append(rows, []string{mdNames(h.Issuers), mdNames(h.Commands), handler, mdChoice(h.Events)})
	}
	w.table([]string{"who", "command", "decided by", "event"}, rows)
}

func (w *mdWriter) traffic(head string, t *traffic) {
	var rows [][]string
	for _, from := range t.parties {
		for _, to := range t.parties {
			if names := t.between(from, to); len(names) > 0 {
				rows = append(rows, []string{mdText(from.name), mdText(to.name), fmt.Sprint(len(names)), mdText(strings.Join(names, ", "))})
			}
		}
	}
	w.line("\n## %s", head)
	if len(rows) == 0 {
		w.line("\nThere are none.")
	}
	w.table([]string{"from", "to", "messages", "which"}, rows)
}

// relays lists the flows and the teams that they cross.
func (w *mdWriter) relays(s *model.Storm) {
	var rows [][]string
	for m := range s.All() {
		for _, walk := range m.Walks {
			var teams []string
			for _, part := range stretchesOf(walk) {
				teams = append(teams, cmp.Or(part.team, "No team"))
			}
			rows = append(rows, []string{mdText(walk.Name), mdText(strings.Join(teams, " → ")), fmt.Sprint(max(len(teams)-1, 0))})
		}
	}
	if len(rows) > 0 {
		w.line("\n## Flows")
		w.table([]string{"flow", "teams", "hand-offs"}, rows)
	}
}

func (w *mdWriter) walk(s *model.Storm, walk *model.Walk) {
	if walk.Doc != "" {
		w.line("\n%s", walk.Doc)
	}
	w.line("")
	for i, e := range walk.Steps {
		where := ""
		if !e.Module.IsFree() {
			where = " in " + mdText(model.Label(e.Module.Name))
		}
		w.line("%d. %s (%s%s)", i+1, mdText(e.Label()), e.Kind, where)
	}
}

func (w *mdWriter) aggregate(e *model.Element) {
	if e.Doc != "" {
		w.line("\n%s", e.Doc)
	}
	w.flows(e.Handles)
	var rows [][]string
	seen := map[*model.Element]bool{}
	add := func(x *model.Element) {
		if !seen[x] && len(x.Fields) > 0 {
			seen[x] = true
			rows = append(rows, []string{x.Kind.String(), mdText(x.Label()), mdText(strings.Join(dataOf(x), ", "))})
		}
	}
	add(e)
	for _, h := range e.Handles {
		for _, c := range h.Commands {
			add(c)
		}
		for x := range h.Events.All() {
			add(x)
		}
	}
	w.table([]string{"kind", "name", "data"}, rows)
}

func mdWhen(q *model.Policy) string {
	out := mdChoice(q.On)
	if q.After != "" {
		out += ", after " + mdText(q.After)
	}
	if len(q.Unless) > 0 {
		out += ", unless " + mdNames(q.Unless)
	}
	if len(q.Using) > 0 {
		out += ", using " + mdNames(q.Using)
	}
	return strings.TrimPrefix(out, ", ")
}

func mdNames(list []*model.Element) string { return mdText(labels(list)) }

func mdChoice(c model.Choice) string {
	var groups []string
	for _, all := range c {
		var names []string
		for _, e := range all {
			names = append(names, mdText(e.Label()))
		}
		groups = append(groups, strings.Join(names, " and "))
	}
	return strings.Join(groups, " or ")
}

func mdTargets(list []model.Target) string {
	var names []string
	for _, t := range list {
		switch {
		case t.Element != nil:
			names = append(names, mdText(t.Element.Label()))
		case t.Module != nil:
			names = append(names, mdText(model.Label(t.Module.Name)))
		}
	}
	return strings.Join(names, ", ")
}

// mdText writes text so that Markdown takes it as it is, in a table too.
func mdText(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case strings.ContainsRune("\\`*_[]<>|#~", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n' || r == '\r':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
