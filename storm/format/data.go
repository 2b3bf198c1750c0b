package format

import (
	"github.com/landfall-go/landfall/storm/ast"
)

func (p *printer) fields(f *ast.Fields) {
	field := func(i int) { p.field(f.List[i]) }
	if !f.Lines {
		p.inline("{", "}", " ", len(f.List), field)
		return
	}
	p.lines("{", "}", f.Open, f.End, len(f.List), func(i int) *ast.Comments { return &f.List[i].Comments }, field)
}

func (p *printer) field(f *ast.Field) {
	p.write(f.Name.Text, " ")
	p.typ(f.Type)
	for _, n := range f.Was {
		p.write(" was ", n.Text)
	}
}

func (p *printer) typ(t *ast.Type) {
	switch {
	case t.List != nil:
		p.write("[")
		p.typ(t.List)
		p.write("]")
	case !t.Module.IsZero():
		p.write(ast.QuoteType(t.Module.Text), ".", ast.Quote(t.Name.Text))
	default:
		p.write(ast.QuoteType(t.Name.Text))
	}
	if t.Optional {
		p.write("?")
	}
}

func (p *printer) members(m *ast.Members) {
	member := func(i int) { p.write(m.List[i].Name.Text) }
	if !m.Lines {
		p.inline("{", "}", " ", len(m.List), member)
		return
	}
	p.lines("{", "}", m.Open, m.End, len(m.List), func(i int) *ast.Comments { return &m.List[i].Comments }, member)
}

func (p *printer) scenario(s *ast.Scenario) {
	p.write("scenario ", ast.QuoteText(s.Name.Text), " ")
	if len(s.Clauses) == 0 && s.Open == nil && len(s.End) == 0 {
		p.write("{}")
		return
	}
	p.lines("{", "}", s.Open, s.End, len(s.Clauses),
		func(i int) *ast.Comments { return &s.Clauses[i].Comments },
		func(i int) { p.clause(s.Clauses[i]) })
}

func (p *printer) clause(c *ast.Clause) {
	p.write(c.Kind.String())
	switch {
	case c.Nothing:
		p.write(" nothing")
	case c.Rejected:
		p.write(" rejected")
		if !c.Reason.IsZero() {
			p.write(" ", ast.QuoteText(c.Reason.Text))
		}
	}
	for i, m := range c.Messages {
		if i > 0 {
			p.write(",")
		}
		if m.Break {
			p.breakLine()
		} else {
			p.write(" ")
		}
		p.message(m)
	}
}

func (p *printer) message(m *ast.Message) {
	p.ref(m.Ref)
	if m.Data == nil {
		return
	}
	p.write(" ")
	if m.Break {
		p.depth++
		defer func() { p.depth-- }()
	}
	p.literal(m.Data)
}

func (p *printer) literal(l *ast.Literal) {
	switch l.Kind {
	case ast.Text:
		p.write(ast.QuoteText(l.Text))
	case ast.Object:
		p.object(l)
	case ast.Array:
		p.array(l)
	default:
		p.write(l.Text)
	}
}

func (p *printer) object(l *ast.Literal) {
	pair := func(i int) {
		p.write(l.Pairs[i].Name.Text, " ")
		p.literal(l.Pairs[i].Value)
	}
	if !l.Lines {
		p.inline("{", "}", " ", len(l.Pairs), pair)
		return
	}
	p.lines("{", "}", l.Open, l.End, len(l.Pairs), func(i int) *ast.Comments { return &l.Pairs[i].Comments }, pair)
}

func (p *printer) array(l *ast.Literal) {
	item := func(i int) { p.literal(l.Items[i]) }
	if !l.Lines {
		p.inline("[", "]", "", len(l.Items), item)
		return
	}
	p.lines("[", "]", l.Open, l.End, len(l.Items), func(i int) *ast.Comments { return &l.Items[i].Comments }, item)
}
