package parse

import (
	"fmt"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

// braces reads items in braces or brackets: what each item is, is up to item,
// which returns false for one that it could not read. Items are separated by
// commas or line breaks.
func (p *parser) braces(end kind, item func(first bool) bool) (lines bool, open *ast.Comment, last []ast.Comment, ok bool) {
	if !p.deeper() {
		return false, nil, nil, false
	}
	at := p.tok.Span
	outer := p.stray
	p.stray = nil
	p.advance()
	outer = append(outer, p.stray...)
	p.stray = nil
	open = p.trail()
	lines = open != nil
	n := 0
	for ; p.tok.kind != end && p.tok.kind != eof && !p.topLevel(); n++ {
		if p.tok.kind == rightBrace || p.tok.kind == rightBracket {
			break
		}
		lines = lines || p.tok.line
		start := p.tok.Start
		if !item(n == 0) {
			p.skipItem(start, end)
		}
	}
	last = p.endComments(n == 0)
	lines = lines || last != nil || n > 0 && p.tok.line
	p.depth--
	p.stray = outer
	if end == rightBrace {
		p.close(at)
		return lines, open, last, true
	}
	return lines, open, last, p.closeBracket(at)
}

func (p *parser) closeBracket(open ast.Span) bool {
	if p.got(rightBracket) {
		return true
	}
	p.errorAt("E013", open, "this bracket is never closed")
	return false
}

// endItem ends an item: a comma, a line break or the end of the list follows.
func (p *parser) endItem(end kind, c *ast.Comments) bool {
	if p.tok.kind == comma {
		p.advance()
		p.finish(c)
		return true
	}
	p.finish(c)
	if p.tok.line || p.tok.kind == end || p.tok.kind == eof {
		return true
	}
	if p.tok.kind == unknown {
		return false
	}
	p.errorAt("E006", p.tok.Span, fmt.Sprintf("expected a comma or the end of the line, found %s", p.describe()))
	return false
}

// skipItem skips what is left of an item that could not be read.
func (p *parser) skipItem(start ast.Pos, end kind) {
	depth := 0
	for p.tok.kind != eof {
		switch p.tok.kind {
		case leftBrace, leftBracket:
			depth++
		case rightBrace, rightBracket:
			if depth == 0 {
				return
			}
			depth--
		case comma:
			if depth == 0 && p.tok.Start != start {
				p.advance()
				return
			}
		}
		if p.tok.line && (depth == 0 && p.tok.Start != start || p.topLevel()) {
			return
		}
		p.advance()
	}
}

func (p *parser) fields() (*ast.Fields, bool) {
	f := &ast.Fields{}
	start := p.tok.Start
	var ok bool
	f.Lines, f.Open, f.End, ok = p.braces(rightBrace, func(first bool) bool {
		field, ok := p.field(first)
		if field != nil {
			f.List = append(f.List, field)
		}
		return ok
	})
	f.Span = p.spanFrom(start)
	return f, ok
}

func (p *parser) field(first bool) (*ast.Field, bool) {
	f := &ast.Field{Comments: p.lead(first)}
	start := p.tok.Start
	var ok bool
	if f.Name, ok = p.fieldName("a field: its name and its type"); !ok {
		return nil, false
	}
	p.fieldColon()
	if f.Type, ok = p.typ(); !ok {
		return nil, false
	}
	for p.word("was") {
		p.advance()
		name, ok := p.fieldName("the field's former name")
		if !ok {
			return f, false
		}
		f.Was = append(f.Was, name)
	}
	f.Span = p.spanFrom(start)
	return f, p.endItem(rightBrace, &f.Comments)
}

// fieldColon steps over a colon that does not belong between name and type.
func (p *parser) fieldColon() {
	if p.tok.kind != colon {
		return
	}
	d := p.errorAt("E006", p.tok.Span, "no colon stands between a field and its type")
	d.Fixes = []diag.Fix{p.fix("leave it out", p.tok.Span, "")}
	p.advance()
}

// typ reads a type: Name, Module.Name, [Type], and each with a ? after it.
func (p *parser) typ() (*ast.Type, bool) {
	t := &ast.Type{}
	start := p.tok.Start
	if p.tok.line {
		return nil, p.expected("the field's type")
	}
	if p.tok.kind == leftBracket {
		if !p.listType(t) {
			return nil, false
		}
	} else if !p.namedType(t) {
		return nil, false
	}
	if p.tok.kind == question && !p.tok.line {
		t.Optional = true
		p.advance()
	}
	t.All = p.spanFrom(start)
	return t, true
}

func (p *parser) listType(t *ast.Type) (ok bool) {
	if !p.deeper() {
		return false
	}
	open := p.tok.Span
	p.advance()
	if t.List, ok = p.typ(); !ok {
		return false
	}
	p.depth--
	return p.closeBracket(open)
}

func (p *parser) namedType(t *ast.Type) bool {
	const what = "the field's type: text, int, decimal, bool, time, date, duration, id, [T] or a value or enum"
	if p.tok.kind == text {
		var ok bool
		t.Ref, ok = p.ref(what, false)
		return ok
	}
	start := p.tok.Start
	name, ok := p.fieldName(what)
	if !ok {
		return false
	}
	t.Name = name
	if p.tok.kind == dot {
		p.advance()
		t.Module = name
		if t.Name, ok = p.name("a name after the dot"); !ok {
			return false
		}
	}
	t.Span = p.spanFrom(start)
	return true
}

func (p *parser) members() (*ast.Members, bool) {
	m := &ast.Members{}
	start := p.tok.Start
	var ok bool
	m.Lines, m.Open, m.End, ok = p.braces(rightBrace, func(first bool) bool {
		item := &ast.Member{Comments: p.lead(first)}
		at := p.tok.Start
		if item.Name, ok = p.fieldName("a member of the enum"); !ok {
			return false
		}
		item.Span = p.spanFrom(at)
		m.List = append(m.List, item)
		return p.endItem(rightBrace, &item.Comments)
	})
	m.Span = p.spanFrom(start)
	return m, ok
}
