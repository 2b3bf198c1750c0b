package parse

import (
	"github.com/landfall-go/landfall/storm/ast"
)

func (p *parser) scenario() (ast.Stmt, bool) {
	p.advance()
	s := &ast.Scenario{}
	var ok bool
	if s.Name, ok = p.title(); !ok {
		return nil, false
	}
	if p.tok.kind != leftBrace {
		return s, p.expected("the lines of the scenario in braces: given, when, then")
	}
	if !p.deeper() {
		return s, false
	}
	open := p.tok.Span
	outer := p.stray
	p.stray = nil
	p.advance()
	outer = append(outer, p.stray...)
	p.stray = nil
	s.Open = p.trail()
	for p.tok.kind != rightBrace && p.tok.kind != eof && !p.topLevel() {
		s.Clauses = append(s.Clauses, p.clauseLine(len(s.Clauses) == 0))
	}
	s.End = p.endComments(len(s.Clauses) == 0)
	p.close(open)
	p.stray = outer
	p.depth--
	s.Body = p.spanFrom(open.Start)
	return s, true
}

func (p *parser) clauseLine(first bool) *ast.Clause {
	c := &ast.Clause{}
	c.Comments = p.lead(first)
	start := p.tok.Start
	ok := p.readClause(c)
	if ok && !p.atEnd() {
		ok = p.surprise()
	}
	if !ok {
		p.recover(start)
	}
	c.Span = p.spanFrom(start)
	p.finish(&c.Comments)
	return c
}

func (p *parser) readClause(c *ast.Clause) bool {
	switch {
	case p.tok.kind == ident && p.tok.text == "given":
		c.Kind = ast.Given
	case p.tok.kind == ident && p.tok.text == "when":
		c.Kind = ast.When
	case p.tok.kind == ident && p.tok.text == "then":
		c.Kind = ast.Then
	default:
		return p.expectedClause()
	}
	p.advance()
	if c.Kind == ast.Then && p.word("nothing") {
		c.Nothing = true
		p.advance()
		return true
	}
	if c.Kind == ast.Then && p.word("rejected") {
		return p.rejection(c)
	}
	return p.messages(c)
}

func (p *parser) expectedClause() bool {
	if p.tok.kind == unknown {
		p.advance()
		return false
	}
	p.errorAt("E006", p.tok.Span, "expected given, when or then, found "+p.describe())
	return false
}

func (p *parser) rejection(c *ast.Clause) (ok bool) {
	c.Rejected = true
	p.advance()
	if p.atEnd() {
		return true
	}
	c.Reason, ok = p.quoted("why it is rejected")
	return ok
}

func (p *parser) messages(c *ast.Clause) bool {
	broken := false
	for {
		m := &ast.Message{Break: broken}
		start := p.tok.Start
		var ok bool
		if m.Ref, ok = p.ref("an event or a command", len(c.Messages) > 0); !ok {
			return false
		}
		if p.tok.kind == leftBrace {
			if m.Data, ok = p.object(); !ok {
				return false
			}
		}
		m.Span = p.spanFrom(start)
		c.Messages = append(c.Messages, m)
		if p.tok.kind != comma || p.tok.line {
			return true
		}
		p.advance()
		broken = p.tok.line
	}
}

func (p *parser) object() (*ast.Literal, bool) {
	l := &ast.Literal{Kind: ast.Object}
	start := p.tok.Start
	var ok bool
	l.Lines, l.Open, l.End, ok = p.braces(rightBrace, func(first bool) bool {
		pair := &ast.Pair{Comments: p.lead(first)}
		at := p.tok.Start
		if pair.Name, ok = p.fieldName("a field and its value"); !ok {
			return false
		}
		p.fieldColon()
		if pair.Value, ok = p.literal(); !ok {
			return false
		}
		pair.Span = p.spanFrom(at)
		l.Pairs = append(l.Pairs, pair)
		return p.endItem(rightBrace, &pair.Comments)
	})
	l.Span = p.spanFrom(start)
	return l, ok
}

func (p *parser) array() (*ast.Literal, bool) {
	l := &ast.Literal{Kind: ast.Array}
	start := p.tok.Start
	var ok bool
	l.Lines, l.Open, l.End, ok = p.braces(rightBracket, func(first bool) bool {
		comments := p.lead(first)
		item, ok := p.value()
		if !ok {
			return false
		}
		item.Comments = comments
		l.Items = append(l.Items, item)
		return p.endItem(rightBracket, &item.Comments)
	})
	l.Span = p.spanFrom(start)
	return l, ok
}

// literal reads a value that begins on the current line.
func (p *parser) literal() (*ast.Literal, bool) {
	if p.tok.line {
		return nil, p.expected("a value")
	}
	return p.value()
}

func (p *parser) value() (*ast.Literal, bool) {
	l := &ast.Literal{Text: p.tok.text, Span: p.tok.Span}
	switch p.tok.kind {
	case leftBrace:
		return p.object()
	case leftBracket:
		return p.array()
	case ident:
		l.Kind = ast.Word
	case text:
		l.Kind = ast.Text
	case number:
		l.Kind = ast.Number
	default:
		return nil, p.expected("a value")
	}
	p.advance()
	return l, true
}
