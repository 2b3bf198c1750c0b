package compose

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/model"
)

// body writes what lies in a module: the flows first, the data after.
func (w *writer) body(m *model.Module) []ast.Stmt {
	var b builder
	b.group(w.elements(m, ast.Actor)...)
	for _, kind := range []ast.Kind{ast.Aggregate, ast.System} {
		for _, st := range w.elements(m, kind) {
			b.group(st)
		}
	}
	var flows []ast.Stmt
	for _, h := range m.Flows {
		flows = append(flows, w.line(h, m))
	}
	for _, t := range m.Timers {
		st := &ast.Timer{Every: ast.Name{Text: t.Every}, To: w.refs(t.Events, m)}
		comment(st, &t.Meta)
		flows = append(flows, st)
	}
	b.group(flows...)
	for _, kind := range []ast.Kind{ast.Policy, ast.Projection} {
		b.group(w.elements(m, kind)...)
	}
	b.group(append(w.elements(m, ast.Command), w.elements(m, ast.Event)...)...)
	b.group(append(w.elements(m, ast.Value), w.elements(m, ast.Enum)...)...)
	b.group(w.elements(m, ast.Term)...)
	b.group(w.marks(m)...)
	for _, s := range m.Scenarios {
		b.group(w.scenario(s, m))
	}
	return b.stmts
}

// builder sets groups of statements apart by blank lines.
type builder struct{ stmts []ast.Stmt }

func (b *builder) group(list ...ast.Stmt) {
	if len(list) > 0 {
		separate(list[0])
	}
	b.stmts = append(b.stmts, list...)
}

func separate(st ast.Stmt) { setBlank(st, true) }

func unseparate(st ast.Stmt) { setBlank(st, false) }

func setBlank(st ast.Stmt, blank bool) {
	c := &st.Head().Comments
	if len(c.Lead) > 0 {
		c.Lead[0].Blank = blank
		return
	}
	c.Blank = blank
}

// marks writes what is put on the model: pivotal events, stickies, lanes, walks.
func (w *writer) marks(m *model.Module) []ast.Stmt {
	var out []ast.Stmt
	if len(m.Pivotal) > 0 {
		list := &ast.List{Kind: ast.ListPivotal, Items: w.refs(m.Pivotal, m)}
		if m.IsFree() && w.storm.Name == "" && !w.storm.Stated {
			comment(list, &model.Meta{Ignores: w.storm.Ignores})
		}
		out = append(out, list)
	}
	for _, s := range m.Stickies {
		st := &ast.Sticky{Kind: s.Kind, Text: ast.Name{Text: s.Text}, Resolved: ast.Name{Text: s.Resolved}}
		for _, t := range s.On {
			st.On = append(st.On, ast.Item{Ref: w.target(t, m)})
		}
		comment(st, &s.Meta)
		out = append(out, st)
	}
	for _, l := range m.Lanes {
		st := &ast.List{Kind: ast.ListLane, Name: ast.Name{Text: l.Name}}
		for _, e := range l.Elements {
			st.Items = append(st.Items, ast.Item{Ref: w.target(model.Target{Element: e}, m)})
		}
		comment(st, &l.Meta)
		out = append(out, st)
	}
	for _, walk := range m.Walks {
		st := &ast.Walk{Name: ast.Name{Text: walk.Name}}
		for _, e := range walk.Steps {
			st.Steps = append(st.Steps, ast.Item{Ref: w.target(model.Target{Element: e}, m)})
		}
		comment(st, &walk.Meta)
		out = append(out, st)
	}
	return out
}

func (w *writer) target(t model.Target, in *model.Module) ast.Ref {
	if t.Module != nil {
		return ast.Ref{Kind: ast.Module, Name: ast.Name{Text: t.Module.Name}}
	}
	r := w.ref(t.Element, in)
	if w.storm.Ambiguous(t.Element, in) {
		r.Kind = t.Element.Kind
	}
	return r
}

func (w *writer) ref(e *model.Element, in *model.Module) ast.Ref {
	r := ast.Ref{Name: ast.Name{Text: e.Name}}
	if e.Module != in && !e.Module.IsFree() {
		r.Module = ast.Name{Text: e.Module.Name}
	}
	return r
}

func (w *writer) refs(list []*model.Element, in *model.Module) ast.Refs {
	var out ast.Refs
	for _, e := range list {
		out = append(out, ast.Item{Ref: w.ref(e, in)})
	}
	return out
}

func (w *writer) choice(c model.Choice, in *model.Module) ast.Refs {
	var out ast.Refs
	for i, all := range c {
		for j, e := range all {
			out = append(out, ast.Item{Ref: w.ref(e, in), Or: i > 0 && j == 0})
		}
	}
	return out
}

func (w *writer) line(h *model.Handling, in *model.Module) ast.Stmt {
	f := &ast.FlowLine{First: len(h.Commands) == 0, Last: len(h.Events) == 0}
	for _, step := range []ast.Refs{w.refs(h.Issuers, in), w.refs(h.Commands, in), w.choice(h.Events, in)} {
		if len(step) > 0 {
			f.Steps = append(f.Steps, step)
		}
	}
	comment(f, &h.Meta)
	return f
}

// comment writes the doc comment and the silenced checks above a statement.
func comment(st ast.Stmt, m *model.Meta) {
	c := &st.Head().Comments
	c.Lead = append(c.Lead, docLines(m.Doc)...)
	for _, ignore := range m.Ignores {
		c.Lead = append(c.Lead, ast.Comment{Text: ast.Directive + "ignore " + ignore.Code + " " + ignore.Reason})
	}
}

func docLines(doc string) []ast.Comment {
	if doc == "" {
		return nil
	}
	var out []ast.Comment
	for line := range strings.SplitSeq(doc, "\n") {
		out = append(out, ast.Comment{Text: strings.TrimRight("// "+line, " ")})
	}
	return out
}

func names(list []string) []ast.Name {
	var out []ast.Name
	for _, n := range list {
		out = append(out, ast.Name{Text: n})
	}
	return out
}

// longest is how long the line of a declaration may get before its fields get a
// line each.
const longest = 100

func tooLong(st ast.Stmt) bool { return len(format.Stmt(st, 1)) > longest }
