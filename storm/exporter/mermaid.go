package exporter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Mermaid returns the storm as a flowchart of Mermaid: modules, aggregates and
// systems as frames around their commands and events, all notes in the colours
// of Event Storming, notes without links in the order of time.
func Mermaid(s *model.Storm) []byte {
	m := &mermaid{storm: s, ids: newNames(), drawn: map[*model.Element]bool{}}
	m.line("flowchart LR")
	m.depth++
	if name := accessible(s.Name); name != "" {
		m.line("accTitle: %s", name)
	}
	m.styles()
	for module := range s.All() {
		m.module(module)
	}
	m.links()
	m.timeline()
	return []byte(m.b.String())
}

type mermaid struct {
	b     strings.Builder
	storm *model.Storm
	ids   *names
	depth int
	drawn map[*model.Element]bool
	edges int
}

func (m *mermaid) line(format string, args ...any) {
	m.b.WriteString(strings.Repeat("  ", m.depth))
	fmt.Fprintf(&m.b, format, args...)
	m.b.WriteByte('\n')
}

// papers are the colours of the notes: fill and border.
var papers = []struct {
	kind         ast.Kind
	fill, border string
}{
	{ast.Actor, "#fff3a3", "#c9b458"}, {ast.Command, "#8ec5ff", "#3f87d1"}, {ast.Aggregate, "#ffe066", "#c9a400"},
	{ast.System, "#ffb3c7", "#d1688a"}, {ast.Event, "#ffb357", "#d17f16"}, {ast.Policy, "#d0b3ff", "#8b5fd1"},
	{ast.Projection, "#a8e6a1", "#5aa851"}, {ast.Hotspot, "#ff5c9e", "#b3135a"}, {ast.Opportunity, "#7bd88f", "#2e8b46"},
	{ast.Rule, "#fff0b8", "#c9a400"}, {ast.Note, "#f2f2f2", "#9a9a9a"}, {ast.Term, "#e8e8e8", "#9a9a9a"},
}

func (m *mermaid) styles() {
	for _, p := range papers {
		m.line("classDef %s fill:%s,stroke:%s,color:#1d1d1f", p.kind, p.fill, p.border)
	}
	m.line("classDef pivotal stroke-width:4px")
}

// harmless are the signs that mean nothing inside of quotes, unless they begin a
// text: there they could begin a list.
const harmless = ".,'()?!/:=@$-"

// encode writes a text so that nothing in it means anything to Mermaid.
func encode(text string) string {
	var b strings.Builder
	begun := false // with a letter
	for _, r := range text {
		letter := r > 0x7f || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		switch {
		case r == '\n':
			b.WriteString("<br/>")
		case r < ' ', r == 0x7f:
		case letter, r == ' ', '0' <= r && r <= '9', begun && strings.ContainsRune(harmless, r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
		begun = begun && r != '\n' || letter
	}
	return b.String()
}

// accessible writes a text for where Mermaid knows no quotes.
func accessible(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return r <= ' ' || strings.ContainsRune(`{};:#"%`, r)
	}), " ")
}

func (m *mermaid) id(e *model.Element) string {
	id := e.Kind.String() + "_" + plain(model.GoName(0, e.Name))
	if !e.Module.IsFree() {
		id = plain(e.Module.Name) + "_" + id
	}
	return m.ids.get(e, id, id+"_")
}

func (m *mermaid) open(id, text string) {
	m.line("subgraph %s[\"%s\"]", id, encode(text))
	m.depth++
	m.line("direction LR")
}

func (m *mermaid) close() {
	m.depth--
	m.line("end")
}

func (m *mermaid) module(module *model.Module) {
	if len(module.Elements) == 0 && len(module.Stickies) == 0 {
		return
	}
	if !module.IsFree() {
		text := model.Label(module.Name)
		if module.Team != "" {
			text += " (" + module.Team + ")"
		}
		m.open(m.ids.get(module, "module_"+plain(module.Name)), text)
		defer m.close()
	}
	for _, e := range module.Elements {
		if e.Kind == ast.Aggregate || e.Kind == ast.System {
			m.handler(e)
		}
	}
	m.notes(module)
	for _, s := range module.Stickies {
		if len(s.On) == 0 {
			m.sticky(s)
		}
	}
}

// notes draws the notes of a module that lie in no frame of their own, those of
// a section in a frame of the section.
func (m *mermaid) notes(module *model.Module) {
	var section *model.Section
	enter := func(next *model.Section) {
		if section != nil {
			m.close()
		}
		if section = next; section != nil {
			m.open(m.ids.get(section, "section", "section_"), section.Name)
		}
	}
	for _, n := range m.storm.Timeline {
		e := n.Element
		if e.Module != module || m.drawn[e] || e.Kind == ast.Value || e.Kind == ast.Enum {
			continue
		}
		next := n.Section
		if next != nil && next.Module != module {
			next = nil // its frame is elsewhere
		}
		if next != section {
			enter(next)
		}
		m.element(e)
	}
	enter(nil)
}

// handler draws an aggregate or a system around its own commands and events.
func (m *mermaid) handler(h *model.Element) {
	if len(h.Handles) == 0 {
		m.element(h)
		return
	}
	m.drawn[h] = true
	m.open(m.id(h), h.Label())
	for _, line := range h.Handles {
		for _, e := range append(slices.Clone(line.Commands), slices.Collect(line.Events.All())...) {
			if e.Module == h.Module {
				m.element(e)
			}
		}
	}
	m.close()
	m.line("style %s fill:%s,stroke:%s,color:#1d1d1f", m.id(h), paper(h.Kind).fill+"55", paper(h.Kind).border)
}

func paper(k ast.Kind) struct{ fill, border string } {
	for _, p := range papers {
		if p.kind == k {
			return struct{ fill, border string }{p.fill, p.border}
		}
	}
	return struct{ fill, border string }{"#f2f2f2", "#9a9a9a"}
}

func (m *mermaid) element(e *model.Element) {
	if m.drawn[e] {
		return
	}
	m.drawn[e] = true
	text := e.Label()
	if e.Meaning != "" && e.Meaning != text {
		text += "\n" + e.Meaning
	}
	m.line("%s[\"%s\"]:::%s", m.id(e), encode(text), e.Kind)
	if e.Pivotal {
		m.line("class %s pivotal", m.id(e))
	}
}

func (m *mermaid) sticky(s *model.Sticky) string {
	id := m.ids.get(s, s.Kind.String(), s.Kind.String()+"_")
	m.line("%s{{\"%s\"}}:::%s", id, encode(s.Text), s.Kind)
	return id
}

// links draws the arrows. Inside of a frame a command leads to its events
// itself, so that it is seen which leads to which.
func (m *mermaid) links() {
	for h := range m.storm.Handlings() {
		m.handling(h)
	}
	for _, l := range m.storm.Links() {
		switch l.Verb {
		case model.Triggers, model.Invokes, model.Updates, model.Informs:
			m.edge(m.id(l.From), m.id(l.To), "-->", wait(l))
		case model.Stops:
			m.edge(m.id(l.From), m.id(l.To), "-.-x", "unless")
		case model.Supports:
			m.edge(m.id(l.From), m.id(l.To), "-.->", "")
		}
	}
	for module := range m.storm.All() {
		for _, s := range module.Stickies {
			m.attach(s)
		}
	}
}

// wait returns how long a policy waits, on the arrow that leads to it.
func wait(l model.Link) string {
	if l.Verb == model.Triggers && l.To.Policy != nil && l.To.Policy.After != "" {
		return "after " + l.To.Policy.After
	}
	return ""
}

func (m *mermaid) edge(from, to, arrow, text string) {
	if text != "" {
		arrow += "|\"" + encode(text) + "\"|"
	}
	m.line("%s %s %s", from, arrow, to)
	m.edges++
}

func (m *mermaid) handling(h *model.Handling) {
	text := ""
	if len(h.Events) > 1 {
		text = "or"
	}
	for _, c := range h.Commands {
		for _, a := range h.Issuers {
			m.edge(m.id(a), m.id(c), "-->", "")
		}
		for e := range h.Events.All() {
			m.edge(m.id(c), m.id(e), "-->", text)
		}
		if h.Handler != nil && c.Module != h.Handler.Module {
			m.edge(m.id(c), m.id(h.Handler), "-->", "")
		}
	}
	if h.Handler == nil {
		return
	}
	for e := range h.Events.All() {
		if len(h.Commands) == 0 && e.Module != h.Handler.Module {
			m.edge(m.id(h.Handler), m.id(e), "-->", "")
		}
	}
}

// attach draws a sticky that is on something.
func (m *mermaid) attach(s *model.Sticky) {
	if len(s.On) == 0 {
		return
	}
	id := m.sticky(s)
	for _, t := range s.On {
		switch {
		case t.Element != nil && m.drawn[t.Element]:
			m.edge(id, m.id(t.Element), "-.-", "")
		case t.Module != nil && m.ids.of[t.Module] != "":
			m.edge(id, m.ids.of[t.Module], "-.-", "")
		}
	}
}

// timeline keeps the notes without links in the order of time.
func (m *mermaid) timeline() {
	linked := map[*model.Element]bool{}
	for _, l := range m.storm.Links() {
		linked[l.From], linked[l.To] = true, true
	}
	var last *model.Element
	seen := map[*model.Element]bool{}
	for _, n := range m.storm.Timeline {
		e := n.Element
		if linked[e] || seen[e] || !m.drawn[e] || e.Kind != ast.Event {
			continue
		}
		seen[e] = true
		if last != nil {
			m.edge(m.id(last), m.id(e), "~~~", "")
		}
		last = e
	}
}
