package draw

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// graph is a picture for programs that lay it out themselves.
type graph struct {
	title  string
	groups []*group
	edges  []edge
	ids    map[string]string // of nodes and groups, by what they stand for
	taken  map[string]bool
}

// group is a module with its nodes, or the nodes outside of all modules.
type group struct {
	id, label string
	accent    int
	nodes     []node
}

// node is a note.
type node struct {
	id, label string
	paper     Paper
	faded     bool
}

// edge is an arrow. Its label is empty where the two papers say enough.
type edge struct {
	from, to string
	verb     string
	label    string
	dashed   bool
	plain    bool
}

// graphOf returns what a view shows as a graph.
func graphOf(s *model.Storm, o Options) (*graph, error) {
	if err := o.Theme.check(); err != nil {
		return nil, err
	}
	g := &graph{title: s.Name, ids: map[string]string{}, taken: map[string]bool{}}
	switch o.View {
	case "", StormView:
		g.board(s, nil)
	case AggregateView:
		e, err := findAggregate(s, o.Name)
		if err != nil {
			return nil, err
		}
		g.title = e.Label()
		g.board(s, around(s, e))
	case FlowView:
		w, err := findWalk(s, o.Name)
		if err != nil {
			return nil, err
		}
		g.title = w.Name
		g.walk(s, w)
	case ModulesView:
		g.traffic(modulesTraffic(s))
	case TeamsView:
		g.traffic(teamsTraffic(s))
	default:
		return nil, unknownView(o.View)
	}
	return g, nil
}

// id returns the id of something: its letters and digits, which make it stable,
// and a number where another has the same.
func (g *graph) id(what string) string {
	if id, ok := g.ids[what]; ok {
		return id
	}
	clean := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return r
		}
		return '_'
	}, what)
	id := clean
	for i := 2; g.taken[id]; i++ {
		id = fmt.Sprintf("%s_%d", clean, i)
	}
	g.ids[what], g.taken[id] = id, true
	return id
}

// board has all elements of the storm, or those selected, in their modules.
func (g *graph) board(s *model.Storm, only *selection) {
	accents := accentsOf(s)
	shown := map[string]bool{}
	for m := range s.All() {
		gr := g.group(m, accents)
		for _, e := range m.Elements {
			if onBoard(e.Kind) && only.has(e) {
				shown[e.ID()] = true
				gr.nodes = append(gr.nodes, node{id: g.id(e.ID()), label: e.Label(), paper: paperOf(e.Kind)})
			}
		}
		g.extras(m, gr, only, shown)
		if only != nil && len(gr.nodes) == 0 || m.IsFree() && len(gr.nodes) == 0 {
			g.groups = g.groups[:len(g.groups)-1]
		}
	}
	g.links(s, only)
	g.edges = slices.DeleteFunc(g.edges, func(e edge) bool { return e.from == "" || e.to == "" })
}

func (g *graph) group(m *model.Module, accents map[*model.Module]int) *group {
	gr := &group{accent: -1}
	if !m.IsFree() {
		gr.id, gr.label, gr.accent = g.id("module:"+m.Name), model.Label(m.Name), accents[m]
		if m.Team != "" {
			gr.label += " · Team " + m.Team
		}
	}
	g.groups = append(g.groups, gr)
	return gr
}

// extras adds a module's timers and stickies.
func (g *graph) extras(m *model.Module, gr *group, only *selection, shown map[string]bool) {
	if only == nil {
		for _, t := range m.Timers {
			id := g.id("timer:" + t.Every)
			gr.nodes = append(gr.nodes, node{id: id, label: "every " + t.Every, paper: TimerPaper})
			for _, e := range t.Events {
				g.edges = append(g.edges, edge{from: id, to: g.id(e.ID()), verb: "happens"})
			}
		}
	}
	for i, s := range m.Stickies {
		on := slices.ContainsFunc(s.On, func(t model.Target) bool { return t.Element != nil && only.has(t.Element) })
		if only != nil && !on {
			continue
		}
		id := g.id(fmt.Sprintf("%s:%s:%d", s.Kind, m.Name, i+1))
		label := s.Text
		if s.Resolved != "" {
			label = "✓ " + label + ": " + s.Resolved
		}
		gr.nodes = append(gr.nodes, node{id: id, label: label, paper: paperOf(s.Kind), faded: s.Resolved != ""})
		for _, t := range s.On {
			if t.Element != nil && onBoard(t.Element.Kind) && only.has(t.Element) {
				g.edges = append(g.edges, edge{from: id, to: g.id(t.Element.ID()), verb: string(pinned), dashed: true, plain: true})
			}
		}
	}
}

// links adds the storm's links. A command leads to its event through the
// aggregate where there is one, and directly where there is none.
func (g *graph) links(s *model.Storm, only *selection) {
	handled := map[[2]*model.Element]bool{}
	for h := range s.Handlings() {
		for _, c := range h.Commands {
			for e := range h.Events.All() {
				if h.Handler != nil {
					handled[[2]*model.Element{c, e}] = true
				}
			}
		}
	}
	for _, l := range s.Links() {
		if l.Verb == model.LeadsTo && handled[[2]*model.Element{l.From, l.To}] || !only.has(l.From) || !only.has(l.To) {
			continue
		}
		e := edge{from: g.id(l.From.ID()), to: g.id(l.To.ID()), verb: string(l.Verb)}
		switch {
		case l.Verb == model.Stops:
			e.label, e.dashed = "unless", true
		case l.Verb == model.Triggers && l.To.Policy.After != "":
			e.label = "after " + l.To.Policy.After
		}
		g.edges = append(g.edges, e)
	}
}

// walk has the stations of a walk, module by module.
func (g *graph) walk(s *model.Storm, w *model.Walk) {
	accents := accentsOf(s)
	stations := stationsOf(s, w)
	groups := map[*model.Module]*group{}
	last := ""
	for i, t := range stations {
		gr := groups[t.element.Module]
		if gr == nil {
			gr = g.group(t.element.Module, accents)
			groups[t.element.Module] = gr
		}
		label := t.element.Label()
		if t.step > 0 {
			label = fmt.Sprintf("(%d) %s", t.step, label)
		}
		id := g.id(fmt.Sprintf("step:%d:%s", i+1, t.element.ID()))
		gr.nodes = append(gr.nodes, node{id: id, label: label, paper: paperOf(t.element.Kind)})
		if last != "" {
			g.edges = append(g.edges, edge{from: last, to: id, verb: verbOr(t.verb, "then"), dashed: t.verb == ""})
		}
		last = id
	}
}

// traffic has the parties, and an arrow from each to each other that it sends
// something to, with what that is.
func (g *graph) traffic(t *traffic) {
	gr := &group{accent: -1}
	g.groups = append(g.groups, gr)
	for _, p := range t.parties {
		gr.nodes = append(gr.nodes, node{id: g.id(p.id), label: p.name, paper: ModulePaper})
	}
	for _, from := range t.parties {
		for _, to := range t.parties {
			if names := t.between(from, to); len(names) > 0 {
				g.edges = append(g.edges, edge{from: g.id(from.id), to: g.id(to.id), verb: "sends",
					label: fmt.Sprintf("%d: %s", len(names), strings.Join(names, ", "))})
			}
		}
	}
}

// between returns the names of the messages from one party to another.
func (t *traffic) between(from, to *party) []string {
	var names []string
	for _, c := range t.sent(from) {
		if slices.Contains(c.to, to) {
			name := c.message.Label()
			if c.message.Kind == ast.Command {
				name += " (command)"
			}
			names = append(names, name)
		}
	}
	return names
}
