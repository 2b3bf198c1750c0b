package format

import (
	"github.com/landfall-go/landfall/storm/ast"
)

func (p *printer) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.Header:
		p.header(s)
	case *ast.ModuleDecl:
		p.write("module ", ast.Quote(s.Name.Text))
		p.was(s.Was)
		p.block(s.Body)
	case *ast.Decl:
		p.decl(s)
	case *ast.FlowLine:
		p.flowLine(s)
	case *ast.List:
		p.write(s.Kind.String(), " ")
		if s.Kind == ast.ListLane {
			p.write(ast.QuoteText(s.Name.Text), " : ")
		}
		p.refs(s.Items)
	case *ast.Sticky:
		p.sticky(s)
	case *ast.Timer:
		p.write("every ", ast.QuoteText(s.Every.Text), " -> ")
		p.refs(s.To)
	case *ast.Walk:
		p.walk(s)
	case *ast.Scenario:
		p.scenario(s)
	case *ast.State:
		p.write("state ")
		p.fields(s.Fields)
	}
}

func (p *printer) header(h *ast.Header) {
	p.write(h.Kind.String(), " ")
	if h.Kind == ast.HeaderLevel {
		p.write(h.Name.Text)
		return
	}
	p.write(ast.QuoteText(h.Name.Text))
}

func (p *printer) was(names []ast.Name) {
	for _, n := range names {
		p.write(" was ", ast.Quote(n.Text))
	}
}

func (p *printer) block(b *ast.Block) {
	if b == nil {
		return
	}
	if len(b.Stmts) == 0 && b.Open == nil && len(b.End) == 0 {
		p.write(" {}")
		return
	}
	p.write(" {")
	p.trail(b.Open)
	p.buf.WriteByte('\n')
	p.depth++
	p.stmts(b.Stmts)
	p.ends(b.End, len(b.Stmts) == 0)
	p.depth--
	p.indent()
	p.write("}")
}

func (p *printer) decl(d *ast.Decl) {
	p.head(d)
	if d.Fields != nil {
		p.write(" ")
		p.fields(d.Fields)
	}
	if d.Members != nil {
		p.write(" ")
		p.members(d.Members)
	}
	p.block(d.Body)
}

func (p *printer) head(d *ast.Decl) {
	p.write(d.Kind.String(), " ", ast.Quote(d.Name.Text))
	p.was(d.Was)
	if !d.Text.IsZero() {
		p.write(" ", ast.QuoteText(d.Text.Text))
	}
	if len(d.From) > 0 || !d.After.IsZero() || len(d.Unless) > 0 || len(d.Using) > 0 {
		p.write(" :")
	}
	if len(d.From) > 0 {
		p.write(" ")
		p.refs(d.From)
	}
	if !d.After.IsZero() {
		p.write(" after ", d.After.Text)
	}
	if len(d.Unless) > 0 {
		p.write(" unless ")
		p.refs(d.Unless)
	}
	if len(d.Using) > 0 {
		p.write(" using ")
		p.refs(d.Using)
	}
	if len(d.To) > 0 {
		p.write(" -> ")
		p.refs(d.To)
	}
}

func (p *printer) flowLine(f *ast.FlowLine) {
	if f.First {
		p.write("-> ")
	}
	for i, step := range f.Steps {
		if i > 0 {
			p.write(" -> ")
		}
		p.refs(step)
	}
	if f.Last {
		p.write(" ->")
	}
}

func (p *printer) refs(list ast.Refs) {
	for i, item := range list {
		switch {
		case i == 0:
		case item.Or:
			p.write(" |")
		default:
			p.write(",")
		}
		switch {
		case i > 0 && item.Break:
			p.breakLine()
		case i > 0:
			p.write(" ")
		}
		p.ref(item.Ref)
	}
}

func (p *printer) ref(r ast.Ref) {
	if r.Kind != ast.NoKind {
		p.write(r.Kind.String(), " ")
	}
	if !r.Module.IsZero() {
		p.write(ast.Quote(r.Module.Text), ".")
	}
	p.write(ast.Quote(r.Name.Text))
}

func (p *printer) sticky(s *ast.Sticky) {
	p.write(s.Kind.String(), " ", ast.QuoteText(s.Text.Text))
	if len(s.On) > 0 {
		p.write(" on ")
		p.refs(s.On)
	}
	if !s.Resolved.IsZero() {
		p.write(" resolved ", ast.QuoteText(s.Resolved.Text))
	}
}

func (p *printer) walk(w *ast.Walk) {
	p.write("flow ", ast.QuoteText(w.Name.Text), " : ")
	for i, item := range w.Steps {
		if i > 0 {
			p.write(" ->")
			if item.Break {
				p.breakLine()
			} else {
				p.write(" ")
			}
		}
		p.ref(item.Ref)
	}
}
