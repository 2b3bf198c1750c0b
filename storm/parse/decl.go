package parse

import (
	"github.com/landfall-go/landfall/storm/ast"
)

// decl reads the declaration of an element.
func (p *parser) decl(kind ast.Kind) (ast.Stmt, bool) {
	p.advance()
	d := &ast.Decl{Kind: kind}
	var ok bool
	if d.Name, ok = p.name("the " + kind.String() + "'s name"); !ok {
		return nil, false
	}
	if d.Was, ok = p.was(); !ok {
		return d, false
	}
	switch kind {
	case ast.Aggregate, ast.System:
		ok = p.body(d)
	case ast.Policy:
		ok = p.policy(d)
	case ast.Projection:
		ok = p.projection(d)
	case ast.Command, ast.Event, ast.Value:
		ok = p.data(d)
	case ast.Enum:
		if p.tok.kind == leftBrace {
			d.Members, ok = p.members()
		}
	case ast.Term:
		if p.tok.kind == text && !p.tok.line {
			d.Text, ok = p.quoted("what the term means")
		}
	}
	return d, ok
}

func (p *parser) body(d *ast.Decl) (ok bool) {
	ok = true
	if p.tok.kind == leftBrace {
		d.Body, ok = p.block(inHandler)
	}
	return ok
}

func (p *parser) data(d *ast.Decl) (ok bool) {
	ok = true
	if p.tok.kind == leftBrace {
		d.Fields, ok = p.fields()
	}
	return ok
}

// was reads former names: was Old was Older.
func (p *parser) was() (names []ast.Name, ok bool) {
	for p.word("was") {
		p.advance()
		name, ok := p.name("a former name")
		if !ok {
			return names, false
		}
		names = append(names, name)
	}
	return names, true
}

// policy reads ": A | B after 30d unless C using D -> E".
func (p *parser) policy(d *ast.Decl) (ok bool) {
	ok = true
	if p.tok.kind == colon && !p.tok.line {
		p.advance()
		if !p.atEnd() && p.tok.kind != arrow && !p.clause() {
			if d.From, ok = p.refs("the event that triggers the policy"); !ok {
				return false
			}
		}
		if !p.conditions(d) {
			return false
		}
	}
	return p.target(d, "a command that the policy invokes")
}

// clause reports whether a condition of a policy begins here.
func (p *parser) clause() bool { return p.word("after") || p.word("unless") || p.word("using") }

// conditions reads what stands between a policy's events and its arrow.
func (p *parser) conditions(d *ast.Decl) (ok bool) {
	if p.word("after") {
		p.advance()
		if d.After, ok = p.duration(); !ok {
			return false
		}
	}
	if p.word("unless") {
		p.advance()
		if d.Unless, ok = p.refs("the event that keeps the policy from acting"); !ok {
			return false
		}
	}
	if p.word("using") {
		p.advance()
		if d.Using, ok = p.refs("the projection that the policy needs"); !ok {
			return false
		}
	}
	if p.clause() {
		p.errorAt("E006", p.tok.Span, "the parts of a policy come in another order").
			Help = "write policy Name : Event after 30d unless Event using Projection -> Command"
		return false
	}
	return true
}

func (p *parser) duration() (ast.Name, bool) {
	if p.tok.kind != number && p.tok.kind != ident && p.tok.kind != text || p.tok.line {
		return ast.Name{}, p.expected("a duration such as 30d, 12h or 90m")
	}
	name := ast.Name{Text: p.tok.text, Span: p.tok.Span}
	if _, ok := ast.ParseDuration(name.Text); !ok {
		p.errorAt("E012", p.tok.Span, ast.QuoteText(name.Text)+" is no duration").
			Help = "a duration is a number with a unit: 45s, 90m, 12h, 30d, 2w, or several as in 1h30m"
	}
	p.advance()
	return name, true
}

// target reads an arrow and what it leads to, which may be left open.
func (p *parser) target(d *ast.Decl, what string) (ok bool) {
	ok = true
	if p.tok.kind != arrow || p.tok.line {
		return true
	}
	p.advance()
	if !p.atEnd() && p.tok.kind != leftBrace {
		d.To, ok = p.refs(what)
	}
	return ok
}

// projection reads ": A, B -> Actor { fields }".
func (p *parser) projection(d *ast.Decl) (ok bool) {
	if p.tok.kind == colon && !p.tok.line {
		p.advance()
		if !p.atEnd() && p.tok.kind != arrow && p.tok.kind != leftBrace {
			if d.From, ok = p.refs("an event that updates the projection"); !ok {
				return false
			}
		}
	}
	if !p.target(d, "an actor that the projection informs") {
		return false
	}
	return p.data(d)
}

func (p *parser) state() (ast.Stmt, bool) {
	p.advance()
	if p.tok.kind != leftBrace {
		return nil, p.expected("the fields of the aggregate's state in braces")
	}
	fields, ok := p.fields()
	return &ast.State{Fields: fields}, ok
}

// refs reads a list of names that begins on this line. It goes on in the next
// line after a sign, or when that line begins with a bar.
func (p *parser) refs(what string) (ast.Refs, bool) { return p.refList(what, false) }

func (p *parser) refList(what string, anywhere bool) (ast.Refs, bool) {
	var list ast.Refs
	var item ast.Item
	for {
		var ok bool
		if item.Ref, ok = p.ref(what, anywhere || len(list) > 0); !ok {
			return list, false
		}
		list = append(list, item)
		if p.tok.kind != comma && p.tok.kind != bar {
			return list, true
		}
		item = ast.Item{Or: p.tok.kind == bar, Break: p.tok.line}
		p.advance()
		item.Break = item.Break || p.tok.line
	}
}

// ref reads a mention: Name, Module.Name, and either with a kind before it.
// anywhere allows it to stand on a new line.
func (p *parser) ref(what string, anywhere bool) (ast.Ref, bool) {
	r := ast.Ref{}
	start := p.tok.Start
	if p.tok.line && !anywhere {
		return r, p.expected(what)
	}
	if p.tok.kind == ident && !p.peek.line && (p.peek.kind == ident || p.peek.kind == text) {
		if r.Kind = ast.KindOf(p.tok.text); r.Kind != ast.NoKind {
			p.advance()
		}
	}
	var ok bool
	if r.Name, ok = p.anyName(what); !ok {
		return r, false
	}
	if p.tok.kind == dot {
		p.advance()
		r.Module = r.Name
		if r.Name, ok = p.name("a name after the dot"); !ok {
			return r, false
		}
	}
	r.Span = p.spanFrom(start)
	return r, true
}
