// Package parse reads storm files. The parser never gives up at a mistake: it
// reports it, goes on with the next statement, and returns a tree of all that
// it could read.
package parse

import (
	"fmt"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

// Limits of a file. A file beyond them is refused with one error.
const (
	MaxSize   = 16 << 20 // bytes
	MaxDepth  = 64       // braces and brackets within each other
	MaxErrors = 1000     // mistakes after which the rest is not read
)

// File reads one file. The path is used in positions only. The tree is never
// nil; where the file could not be read it has [ast.Bad] statements. The list
// is sorted and holds errors only. File is safe for concurrent use.
func File(path string, src []byte) (*ast.File, diag.List) {
	p := &parser{path: path}
	p.file = &ast.File{Path: path}
	if len(src) > MaxSize {
		p.errorAt("E008", ast.Span{}, fmt.Sprintf("the file is larger than %d MB", MaxSize>>20)).
			Help = "split the storm into several files in one folder"
		return p.file, p.diags
	}
	p.lex = lexer{src: string(src), lineNo: 1, report: p.problem}
	p.tok = p.lex.next()
	p.peek = p.lex.next()
	p.file.Stmts = p.stmts(inFile)
	p.file.End = p.endComments(len(p.file.Stmts) == 0)
	p.file.Span = ast.Span{Start: ast.Pos{Line: 1, Column: 1}, End: p.lex.pos()}
	p.diags.Sort()
	return p.file, p.diags
}

// parser is a recursive descent parser with two tokens in sight. A function
// that reads something returns false when it could not; it has reported why.
type parser struct {
	path  string
	lex   lexer
	tok   token // the current token
	peek  token // the one after it
	prev  ast.Pos
	depth int
	stray []ast.Comment // comments passed over inside a statement
	file  *ast.File
	diags diag.List
	full  bool // there were too many errors
}

// advance goes on to the next token.
func (p *parser) advance() {
	if p.tok.c1 > p.tok.c0 {
		p.stray = append(p.stray, p.takeComments()...)
	}
	p.prev = p.tok.End
	p.tok = p.peek
	if p.tok.kind != eof {
		p.peek = p.lex.next()
	}
}

// takeComments returns the comments before the current token, once.
func (p *parser) takeComments() []ast.Comment {
	c := p.lex.comments[p.tok.c0:p.tok.c1:p.tok.c1]
	p.tok.c0 = p.tok.c1
	if len(c) == 0 {
		return nil
	}
	return c
}

// trail returns the comment that follows on the line that was just read.
func (p *parser) trail() *ast.Comment {
	if p.tok.c0 == p.tok.c1 {
		return nil
	}
	c := &p.lex.comments[p.tok.c0]
	if c.Start.Line != p.prev.Line {
		return nil
	}
	p.tok.c0++
	return c
}

// lead takes the comments before a statement or an item. first says that it is
// the first of its block, where no blank line counts.
func (p *parser) lead(first bool) ast.Comments {
	c := ast.Comments{Lead: p.takeComments(), Blank: p.tok.blank}
	if !first {
		return c
	}
	if len(c.Lead) == 0 {
		c.Blank = false
	} else if c.Lead[0].Blank {
		c.Lead[0].Blank = false
	}
	return c
}

// finish ends a statement or an item: it takes its trailing comment, and puts
// the comments that were inside of it before it.
func (p *parser) finish(c *ast.Comments) {
	if p.stray != nil {
		p.stray[0].Blank, c.Blank = c.Blank, false
		for i := range p.stray[1:] {
			p.stray[i+1].Blank = false
		}
		c.Lead = append(c.Lead[:len(c.Lead):len(c.Lead)], p.stray...)
		p.stray = nil
	}
	c.Trail = p.trail()
}

func (p *parser) spanFrom(start ast.Pos) ast.Span { return ast.Span{Start: start, End: p.prev} }

// word reports whether the current token is that word, on the current line.
func (p *parser) word(w string) bool {
	return p.tok.kind == ident && p.tok.text == w && !p.tok.line
}

// got steps over a token of a kind.
func (p *parser) got(k kind) bool {
	if p.tok.kind != k {
		return false
	}
	p.advance()
	return true
}

func (p *parser) problem(pr problem) {
	d := p.errorAt(pr.code, pr.span, pr.message)
	d.Help = pr.help
	if pr.fix == "" {
		return
	}
	at := pr.span
	if pr.span2.IsValid() {
		at = pr.span2
	}
	d.Fixes = []diag.Fix{p.fix(pr.fix, at, pr.with)}
}

func (p *parser) fix(message string, at ast.Span, with string) diag.Fix {
	return diag.Fix{Message: message, Safe: true, Edits: []diag.Edit{{
		File: p.path, Start: int(at.Start.Offset), End: int(at.End.Offset), New: with,
	}}}
}

// errorAt reports an error. The result may be completed until the next call.
func (p *parser) errorAt(code diag.Code, at ast.Span, message string) *diag.Diagnostic {
	if p.full {
		return &diag.Diagnostic{}
	}
	if len(p.diags) == MaxErrors {
		p.full = true
		code, message = "E009", fmt.Sprintf("there are more than %d mistakes; the rest was not read", MaxErrors)
		p.stop()
	}
	p.diags = append(p.diags, diag.Diagnostic{
		Code: code, Severity: diag.Error, Place: ast.Place{File: p.path, Span: at}, Message: message,
	})
	return &p.diags[len(p.diags)-1]
}

// stop makes the rest of the file unread.
func (p *parser) stop() {
	p.lex.stopped = true
	p.peek = token{kind: eof, line: true, Span: ast.Span{Start: p.lex.pos(), End: p.lex.pos()}}
}

// deeper counts a brace or bracket that opens, and refuses one too many.
func (p *parser) deeper() bool {
	p.depth++
	if p.depth <= MaxDepth {
		return true
	}
	p.errorAt("E008", p.tok.Span, fmt.Sprintf("braces and brackets are nested more than %d deep", MaxDepth))
	p.full = true
	p.stop()
	p.tok = p.peek
	return false
}
