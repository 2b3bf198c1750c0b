// Package format prints storm files in their one canonical form.
//
// The form keeps what an author decided: the order of statements, comments,
// single blank lines, the line breaks of long lists, and whether data stands on
// one line or on several. Everything else has one way to be written.
package format

import (
	"bytes"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/parse"
)

// Source returns the text of a file in canonical form. A text with errors is
// not formatted: the error is the diag.List of them.
func Source(src []byte) ([]byte, error) {
	file, diags := parse.File("", src)
	if err := diags.Err(); err != nil {
		return nil, err
	}
	return File(file), nil
}

// File prints a tree in canonical form. [ast.Bad] statements have no form and
// are left out.
func File(file *ast.File) []byte {
	p := &printer{}
	p.stmts(file.Stmts)
	p.ends(file.End, len(file.Stmts) == 0)
	return p.buf.Bytes()
}

// Stmt prints one statement as it stands at a depth of braces, indented, with
// its comments and with a line break at its end.
func Stmt(s ast.Stmt, depth int) string {
	p := &printer{depth: depth}
	p.stmts([]ast.Stmt{s})
	return p.buf.String()
}

// Ref prints a mention.
func Ref(r ast.Ref) string {
	p := &printer{}
	p.ref(r)
	return p.buf.String()
}

// Refs prints a list of mentions, on one line unless it has breaks.
func Refs(list ast.Refs) string {
	p := &printer{}
	p.refs(list)
	return p.buf.String()
}

// Head prints what a declaration says on its line before any braces.
func Head(d *ast.Decl) string {
	p := &printer{}
	p.head(d)
	return p.buf.String()
}

// Type prints the type of a field.
func Type(t *ast.Type) string {
	p := &printer{}
	p.typ(t)
	return p.buf.String()
}

// Indent is the indentation of one depth of braces.
const Indent = "  "

type printer struct {
	buf   bytes.Buffer
	depth int
}

func (p *printer) write(parts ...string) {
	for _, s := range parts {
		p.buf.WriteString(s)
	}
}

func (p *printer) indent() {
	for range p.depth {
		p.buf.WriteString(Indent)
	}
}

// breakLine begins a new line inside of a statement.
func (p *printer) breakLine() {
	p.buf.WriteByte('\n')
	p.depth++
	p.indent()
	p.depth--
}

// stmts prints statements, each with its comments, a line break after each.
func (p *printer) stmts(list []ast.Stmt) {
	first := true
	for _, s := range list {
		if _, bad := s.(*ast.Bad); bad {
			continue
		}
		c := &s.Head().Comments
		p.lead(c, first)
		p.indent()
		p.stmt(s)
		p.trail(c.Trail)
		p.buf.WriteByte('\n')
		first = false
	}
}

// lead prints the comments before something, and the blank lines between.
func (p *printer) lead(c *ast.Comments, first bool) {
	for _, line := range c.Lead {
		p.comment(line, first)
		first = false
	}
	if c.Blank && !first {
		p.buf.WriteByte('\n')
	}
}

func (p *printer) comment(c ast.Comment, first bool) {
	if c.Blank && !first {
		p.buf.WriteByte('\n')
	}
	p.indent()
	p.write(c.Text, "\n")
}

// ends prints the comments before a closing brace or the end of the file.
func (p *printer) ends(list []ast.Comment, first bool) {
	for _, c := range list {
		p.comment(c, first)
		first = false
	}
}

func (p *printer) trail(c *ast.Comment) {
	if c != nil {
		p.write(" ", c.Text)
	}
}

// lines prints items a line each between an opening and a closing sign.
func (p *printer) lines(open, close string, head *ast.Comment, end []ast.Comment, n int, item func(i int) *ast.Comments, print func(i int)) {
	p.write(open)
	p.trail(head)
	p.buf.WriteByte('\n')
	p.depth++
	for i := range n {
		c := item(i)
		p.lead(c, i == 0)
		p.indent()
		print(i)
		p.trail(c.Trail)
		p.buf.WriteByte('\n')
	}
	p.ends(end, n == 0)
	p.depth--
	p.indent()
	p.write(close)
}

// inline prints items on one line between an opening and a closing sign.
func (p *printer) inline(open, close, space string, n int, print func(i int)) {
	if n == 0 {
		p.write(open, close)
		return
	}
	p.write(open, space)
	for i := range n {
		if i > 0 {
			p.write(", ")
		}
		print(i)
	}
	p.write(space, close)
}
