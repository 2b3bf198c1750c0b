package parse

import (
	"github.com/landfall-go/landfall/storm/ast"
)

// scope is where a statement stands.
type scope uint8

const (
	inFile scope = iota
	inModule
	inHandler // an aggregate or a system
)

// stmts reads statements up to the end of the block or the file.
func (p *parser) stmts(in scope) []ast.Stmt {
	var out []ast.Stmt
	for p.tok.kind != eof {
		if p.tok.kind == rightBrace {
			if in != inFile {
				break
			}
			p.surplus()
			continue
		}
		if in != inFile && p.escapes() {
			break
		}
		out = append(out, p.stmt(in, len(out) == 0))
	}
	return out
}

// stmt reads one statement with its comments.
func (p *parser) stmt(in scope, first bool) ast.Stmt {
	comments := p.lead(first)
	start := p.tok.Start
	s, ok := p.statement(in)
	if ok && !p.atEnd() {
		ok = p.surprise()
	}
	if !ok {
		p.recover(start)
		if s == nil {
			s = &ast.Bad{}
		}
	}
	base := s.Head()
	base.Span = p.spanFrom(start)
	base.Comments = comments
	p.finish(&base.Comments)
	return s
}

// atEnd reports whether the statement that was read ends here.
func (p *parser) atEnd() bool {
	return p.tok.line || p.tok.kind == eof || p.tok.kind == rightBrace
}

func (p *parser) statement(in scope) (ast.Stmt, bool) {
	switch p.tok.kind {
	case ident:
		if ast.IsReserved(p.tok.text) {
			return p.keyword(in)
		}
		if p.misspelt(in) {
			return nil, false
		}
		return p.flowLine()
	case text, arrow:
		return p.flowLine()
	case unknown:
		p.advance()
		return nil, false
	}
	return nil, p.expected("a statement")
}

// keyword reads the statement that the current word begins.
func (p *parser) keyword(in scope) (ast.Stmt, bool) {
	word := p.tok.text
	if !p.allowed(word, in) {
		return nil, false
	}
	switch kind := ast.KindOf(word); {
	case kind == ast.Module:
		return p.module()
	case kind.IsSticky():
		return p.sticky(kind)
	case kind != ast.NoKind:
		return p.decl(kind)
	}
	switch word {
	case "storm":
		return p.header(ast.HeaderStorm)
	case "level":
		return p.level()
	case "team":
		return p.header(ast.HeaderTeam)
	case "section":
		return p.header(ast.HeaderSection)
	case "publishes":
		return p.list(ast.ListPublishes)
	case "pivotal":
		return p.list(ast.ListPivotal)
	case "lane":
		return p.list(ast.ListLane)
	case "flow":
		return p.walk()
	case "every":
		return p.timer()
	case "scenario":
		return p.scenario()
	}
	return p.state()
}

func (p *parser) header(kind ast.HeaderKind) (ast.Stmt, bool) {
	p.advance()
	name, ok := p.title()
	return &ast.Header{Kind: kind, Name: name}, ok
}

func (p *parser) level() (ast.Stmt, bool) {
	p.advance()
	at := p.tok.Span
	name, ok := p.levelName()
	if !ok {
		return nil, false
	}
	if ast.LevelOf(name.Text) == ast.NoLevel {
		p.errorAt("E010", at, "there is no level "+ast.QuoteText(name.Text)).
			Help = "the levels are big-picture, process and design"
	}
	return &ast.Header{Kind: ast.HeaderLevel, Name: name}, true
}

// levelName reads a name that may have a hyphen.
func (p *parser) levelName() (ast.Name, bool) {
	if p.tok.kind != ident || p.tok.line {
		return ast.Name{}, p.expected("a level: big-picture, process or design")
	}
	name := ast.Name{Text: p.tok.text, Span: p.tok.Span}
	p.advance()
	return name, true
}

func (p *parser) module() (ast.Stmt, bool) {
	p.advance()
	m := &ast.ModuleDecl{}
	var ok bool
	if m.Name, ok = p.name("the module's name"); !ok {
		return nil, false
	}
	if m.Was, ok = p.was(); !ok {
		return m, false
	}
	if p.tok.kind == leftBrace {
		m.Body, ok = p.block(inModule)
	}
	return m, ok
}

// block reads statements in braces.
func (p *parser) block(in scope) (*ast.Block, bool) {
	if !p.deeper() {
		return nil, false
	}
	open := p.tok.Span
	outer := p.stray
	p.stray = nil
	p.advance()
	outer = append(outer, p.stray...)
	p.stray = nil
	b := &ast.Block{Open: p.trail()}
	b.Stmts = p.stmts(in)
	b.End = p.endComments(len(b.Stmts) == 0)
	p.close(open)
	p.stray = outer
	b.Span = p.spanFrom(open.Start)
	p.depth--
	return b, true
}

// endComments takes the comments before a closing brace. first says that
// nothing stands before them in the braces.
func (p *parser) endComments(first bool) []ast.Comment {
	c := p.takeComments()
	if first && len(c) > 0 {
		c[0].Blank = false
	}
	return c
}

func (p *parser) list(kind ast.ListKind) (ast.Stmt, bool) {
	p.advance()
	l := &ast.List{Kind: kind}
	ok := true
	if kind == ast.ListLane {
		if l.Name, ok = p.title(); !ok {
			return nil, false
		}
		if !p.got(colon) {
			return l, p.expected("a colon and the names in the lane")
		}
	}
	l.Items, ok = p.refs("a name")
	return l, ok
}

func (p *parser) sticky(kind ast.Kind) (ast.Stmt, bool) {
	p.advance()
	s := &ast.Sticky{Kind: kind}
	var ok bool
	if s.Text, ok = p.quoted("what the " + kind.String() + " says"); !ok {
		return nil, false
	}
	if p.word("on") {
		p.advance()
		if s.On, ok = p.refs("what the " + kind.String() + " is on"); !ok {
			return s, false
		}
	}
	if p.word("resolved") && kind == ast.Hotspot {
		p.advance()
		s.Resolved, ok = p.quoted("how the hotspot was resolved")
	}
	return s, ok
}

func (p *parser) timer() (ast.Stmt, bool) {
	p.advance()
	t := &ast.Timer{}
	var ok bool
	if t.Every, ok = p.quoted(`when it happens, such as every "month"`); !ok {
		return nil, false
	}
	if !p.got(arrow) {
		return t, p.expected("an arrow and the event that happens then")
	}
	t.To, ok = p.refs("an event")
	return t, ok
}

func (p *parser) walk() (ast.Stmt, bool) {
	p.advance()
	w := &ast.Walk{}
	var ok bool
	if w.Name, ok = p.title(); !ok {
		return nil, false
	}
	if !p.got(colon) {
		return w, p.expected("a colon and the steps of the flow")
	}
	for {
		item := ast.Item{Break: p.tok.line && len(w.Steps) > 0}
		if item.Ref, ok = p.ref("a step of the flow", true); !ok {
			return w, false
		}
		w.Steps = append(w.Steps, item)
		if p.tok.kind != arrow {
			return w, true
		}
		p.advance()
	}
}

func (p *parser) flowLine() (ast.Stmt, bool) {
	f := &ast.FlowLine{}
	start := p.tok.Start
	if p.tok.kind == arrow {
		f.First = true
		p.advance()
	}
	for {
		step, ok := p.refList("a name", len(f.Steps) == 0 && !f.First)
		if !ok {
			return nil, false
		}
		f.Steps = append(f.Steps, step)
		if p.tok.kind != arrow || p.tok.line {
			break
		}
		p.advance()
		if p.atEnd() {
			f.Last = true
			break
		}
	}
	if !p.shape(f, start) {
		return nil, false
	}
	return f, true
}

// shape refuses a line of flow with too many steps.
func (p *parser) shape(f *ast.FlowLine, start ast.Pos) bool {
	steps := len(f.Steps)
	most := 3
	if f.First {
		most = 1
	}
	if f.Last {
		most--
	}
	if f.First && f.Last {
		most = 0
	}
	if steps <= most {
		return true
	}
	d := p.errorAt("E011", p.spanFrom(start), "this line of flow has a step too many")
	d.Help = "a line goes from actors to commands to events; write a policy for what an event triggers, or flow \"…\" : A -> B -> C for a walk"
	return false
}
