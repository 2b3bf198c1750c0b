package compose

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/model"
)

// note writes an element's note alone; the first time with what is said about
// it.
func (w *writer) note(e *model.Element) ast.Stmt {
	d := &ast.Decl{Kind: e.Kind, Name: ast.Name{Text: e.Name}}
	w.describe(d, e)
	return d
}

// describe writes an element's doc comment, former names and silenced checks,
// once.
func (w *writer) describe(d *ast.Decl, e *model.Element) {
	if w.written[e] {
		return
	}
	w.written[e] = true
	d.Was = names(e.Was)
	comment(d, &e.Meta)
}

// elements writes the module's elements of a kind that have something to say
// that no line of flow says.
func (w *writer) elements(m *model.Module, kind ast.Kind) []ast.Stmt {
	var out []ast.Stmt
	for _, e := range m.Elements {
		if e.Kind != kind || !w.needed(e) {
			continue
		}
		d := &ast.Decl{Kind: kind, Name: ast.Name{Text: e.Name}}
		w.describe(d, e)
		w.content(d, e)
		out = append(out, d)
	}
	return out
}

// needed reports whether an element is written as a declaration.
func (w *writer) needed(e *model.Element) bool {
	content := e.HasData || len(e.Handles) > 0 || e.Meaning != ""
	if p := e.Policy; p != nil {
		content = content || len(p.On)+len(p.Unless)+len(p.Using)+len(p.Invokes) > 0 || p.After != ""
	}
	if v := e.View; v != nil {
		content = content || len(v.UpdatedBy)+len(v.Informs) > 0
	}
	if w.inOrder || content {
		return content
	}
	return e.Kind == ast.Actor || !w.made[e] || e.Doc != "" || len(e.Was)+len(e.Ignores) > 0
}

// content writes what a declaration says about its element.
func (w *writer) content(d *ast.Decl, e *model.Element) {
	in := e.Module
	switch e.Kind {
	case ast.Aggregate, ast.System:
		w.handler(d, e)
		return
	case ast.Policy:
		d.From = w.choice(e.Policy.On, in)
		d.After = ast.Name{Text: e.Policy.After}
		d.Unless = w.refs(e.Policy.Unless, in)
		d.Using = w.refs(e.Policy.Using, in)
		d.To = w.choice(e.Policy.Invokes, in)
	case ast.Projection:
		d.From = w.refs(e.View.UpdatedBy, in)
		d.To = w.refs(e.View.Informs, in)
	case ast.Enum:
		d.Members = members(e)
		return
	case ast.Term:
		d.Text = ast.Name{Text: e.Meaning}
	}
	if e.HasData {
		d.Fields = w.fields(e)
		d.Fields.Lines = d.Fields.Lines || tooLong(d)
	}
}

func (w *writer) handler(d *ast.Decl, e *model.Element) {
	var body []ast.Stmt
	if e.HasData {
		st := &ast.State{Fields: w.fields(e)}
		st.Fields.Lines = st.Fields.Lines || tooLong(st)
		body = append(body, st)
	}
	for _, h := range e.Handles {
		body = append(body, w.line(h, e.Module))
	}
	if body != nil {
		d.Body = &ast.Block{Stmts: body}
	}
}

func (w *writer) fields(e *model.Element) *ast.Fields {
	out := &ast.Fields{}
	for _, f := range e.Fields {
		field := &ast.Field{Name: ast.Name{Text: f.Name}, Was: names(f.Was), Type: w.typ(f.Type, e.Module)}
		field.Lead = docLines(f.Doc)
		out.Lines = out.Lines || f.Doc != ""
		out.List = append(out.List, field)
	}
	return out
}

func (w *writer) typ(t *model.Type, in *model.Module) *ast.Type {
	out := &ast.Type{Optional: t.Optional}
	switch {
	case t.List != nil:
		out.List = w.typ(t.List, in)
	case t.Of != nil:
		out.Ref = w.ref(t.Of, in)
	case t.Basic != "":
		out.Ref = ast.Ref{Name: ast.Name{Text: string(t.Basic)}}
	default:
		module, name := ast.SplitPath(t.Unknown)
		out.Ref = ast.Ref{Module: ast.Name{Text: module}, Name: ast.Name{Text: name}}
	}
	return out
}

func members(e *model.Element) *ast.Members {
	if !e.HasData {
		return nil
	}
	out := &ast.Members{}
	for _, m := range e.Members {
		member := &ast.Member{Name: ast.Name{Text: m.Name}}
		member.Lead = docLines(m.Doc)
		out.Lines = out.Lines || m.Doc != ""
		out.List = append(out.List, member)
	}
	d := &ast.Decl{Kind: ast.Enum, Name: ast.Name{Text: e.Name}, Members: out}
	out.Lines = out.Lines || len(format.Stmt(d, 1)) > longest
	return out
}

func (w *writer) scenario(s *model.Scenario, in *model.Module) ast.Stmt {
	st := &ast.Scenario{Name: ast.Name{Text: s.Name}}
	comment(st, &s.Meta)
	clause := func(kind ast.ClauseKind, list []*model.Message) {
		for _, m := range list {
			r := w.target(model.Target{Element: m.Element}, in)
			msg := &ast.Message{Ref: r, Data: literal(m.Data)}
			st.Clauses = append(st.Clauses, &ast.Clause{Kind: kind, Messages: []*ast.Message{msg}})
		}
	}
	clause(ast.Given, s.Given)
	clause(ast.When, s.When)
	clause(ast.Then, s.Then)
	if s.Nothing {
		st.Clauses = append(st.Clauses, &ast.Clause{Kind: ast.Then, Nothing: true})
	}
	if s.Rejected {
		st.Clauses = append(st.Clauses, &ast.Clause{Kind: ast.Then, Rejected: true, Reason: ast.Name{Text: s.Reason}})
	}
	return st
}

func literal(v *model.Value) *ast.Literal {
	if v == nil {
		return nil
	}
	l := &ast.Literal{Kind: v.Kind, Text: v.Text}
	for _, p := range v.Pairs {
		l.Pairs = append(l.Pairs, &ast.Pair{Name: ast.Name{Text: p.Name}, Value: literal(p.Value)})
	}
	for _, item := range v.Items {
		l.Items = append(l.Items, literal(item))
	}
	return l
}
