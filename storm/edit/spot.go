package edit

import (
	"bytes"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/format"
)

// spot is a statement and where it stands.
type spot struct {
	file  *storm.File
	owner ast.Stmt   // the statement whose braces it stands in, nil for none
	block *ast.Block // those braces
	stmts []ast.Stmt // its neighbours and itself
	index int
}

func (sp *spot) stmt() ast.Stmt { return sp.stmts[sp.index] }

// spotAt returns the innermost statement around a place.
func (s *session) spotAt(at ast.Place) *spot {
	file := s.src.File(at.File)
	if file == nil {
		return nil
	}
	sp := &spot{file: file, stmts: file.Tree.Stmts, index: -1}
	for {
		i := slices.IndexFunc(sp.stmts, func(st ast.Stmt) bool { return st.Range().Covers(at.Span) })
		if i < 0 {
			return nil
		}
		sp.index = i
		block := blockOf(sp.stmts[i])
		if block == nil || !slices.ContainsFunc(block.Stmts, func(st ast.Stmt) bool { return st.Range().Covers(at.Span) }) {
			return sp
		}
		sp = &spot{file: file, owner: sp.stmts[i], block: block, stmts: block.Stmts}
	}
}

func blockOf(st ast.Stmt) *ast.Block {
	switch st := st.(type) {
	case *ast.ModuleDecl:
		return st.Body
	case *ast.Decl:
		return st.Body
	}
	return nil
}

// reprint prints the statement anew, in canonical form, where it stands.
func (s *session) reprint(sp *spot) diag.Edit {
	return sp.replaceBy(sp.stmt())
}

// replaceBy puts statements in the place of this one; the first gets its
// comments when it has none of its own.
func (sp *spot) replaceBy(stmts ...ast.Stmt) diag.Edit {
	return sp.replaceIn(sp.printed(), stmts...)
}

// printed returns the range that printing the statement stands for: all of its
// comments included.
func (sp *spot) printed() ast.Span {
	old := sp.stmt().Head()
	span := old.Span
	if len(old.Lead) > 0 && old.Lead[0].Start.Offset < span.Start.Offset {
		span.Start = old.Lead[0].Start
	}
	if old.Trail != nil {
		span.End = old.Trail.End
	}
	return span
}

// replaceIn puts statements in a range, which printed returned before the
// statement was changed.
func (sp *spot) replaceIn(span ast.Span, stmts ...ast.Stmt) diag.Edit {
	old := sp.stmt().Head()
	var b strings.Builder
	for i, st := range stmts {
		c := &st.Head().Comments
		if i == 0 && st != sp.stmt() && len(c.Lead) == 0 && c.Trail == nil {
			*c = old.Comments
		}
		b.WriteString(sp.print(st))
	}
	text := strings.TrimSuffix(b.String(), sp.newline())
	return sp.edit(int(span.Start.Offset), int(span.End.Offset), strings.TrimPrefix(text, sp.indent()))
}

func (sp *spot) edit(start, end int, text string) diag.Edit {
	return diag.Edit{File: sp.file.Path, Start: start, End: end, New: text}
}

// print prints a statement with the indentation and the line breaks of its
// neighbours.
func (sp *spot) print(st ast.Stmt) string {
	return indented(format.Stmt(st, 0), sp.indent(), sp.newline())
}

func indented(text, indent, newline string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line != "" {
			b.WriteString(indent)
		}
		b.WriteString(line)
		b.WriteString(newline)
	}
	return b.String()
}

// indent returns what stands before the statement on its line.
func (sp *spot) indent() string {
	return indentAt(sp.file.Text, int(sp.stmt().Range().Start.Offset), sp.depth())
}

// indentAt returns the white space at the start of a line. What begins behind
// something else on its line gets the canonical indentation.
func indentAt(text []byte, offset, depth int) string {
	line := text[bytes.LastIndexByte(text[:offset], '\n')+1 : offset]
	line = bytes.TrimPrefix(line, []byte("\ufeff"))
	if len(bytes.TrimLeft(line, " \t")) > 0 {
		return strings.Repeat(format.Indent, depth)
	}
	return string(line)
}

func (sp *spot) depth() int {
	switch sp.owner.(type) {
	case nil:
		return 0
	case *ast.ModuleDecl:
		return 1
	}
	if sp.owner.Range().Start.Column > 1 {
		return 2
	}
	return 1
}

func (sp *spot) newline() string { return newlineOf(sp.file.Text) }

func newlineOf(text []byte) string {
	if bytes.Contains(text, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// remove takes the statement out, with its doc comment, its line and, where it
// stood between two blank lines, one of those.
func (sp *spot) remove() diag.Edit {
	text := sp.file.Text
	start, end := sp.extent()
	if start > 0 && text[start-1] != '\n' || end < len(text) && text[end-1] != '\n' {
		return sp.edit(start, end, "")
	}
	before := blankBefore(text, start)
	after := blankAfter(text, end)
	if before < start && after > end {
		end = after
	}
	return sp.edit(start, end, "")
}

// extent returns the bytes of the statement with its comments, in whole lines
// where it has its lines to itself.
func (sp *spot) extent() (start, end int) {
	text, head := sp.file.Text, sp.stmt().Head()
	start, end = int(head.Start.Offset), int(head.End.Offset)
	if doc := ownComments(head); len(doc) > 0 && int(doc[0].Start.Offset) < start {
		start = int(doc[0].Start.Offset)
	}
	if head.Trail != nil {
		end = int(head.Trail.End.Offset)
	}
	line := bytes.LastIndexByte(text[:start], '\n') + 1
	stop := end
	for stop < len(text) && (text[stop] == ' ' || text[stop] == '\t' || text[stop] == '\r') {
		stop++
	}
	alone := len(bytes.TrimSpace(bytes.TrimPrefix(text[line:start], []byte("\ufeff")))) == 0
	switch {
	case !alone:
	case stop == len(text):
		return line, stop
	case text[stop] == '\n':
		return line, stop + 1
	}
	return start, end
}

// ownComments returns the comments that go with a statement: those right above
// it, without a blank line between.
func ownComments(b *ast.Base) []ast.Comment {
	if len(b.Lead) == 0 || b.Blank {
		return nil
	}
	first := len(b.Lead) - 1
	for first > 0 && !b.Lead[first].Blank {
		first--
	}
	return b.Lead[first:]
}

// blankBefore returns the start of the blank line before an offset, or the
// offset when there is none. The start of the text counts as one.
func blankBefore(text []byte, offset int) int {
	if offset == 0 {
		return -1
	}
	line := bytes.LastIndexByte(text[:offset-1], '\n') + 1
	trimmed := bytes.TrimSpace(text[line : offset-1])
	if len(trimmed) == 0 || trimmed[len(trimmed)-1] == '{' {
		return line
	}
	return offset
}

// blankAfter returns the end of the blank line at an offset, or the offset.
func blankAfter(text []byte, offset int) int {
	next := bytes.IndexByte(text[offset:], '\n')
	if next < 0 || len(bytes.TrimSpace(text[offset:offset+next])) > 0 {
		return offset
	}
	return offset + next + 1
}

// insertAfter puts a statement on the line after this one.
func (sp *spot) insertAfter(st ast.Stmt) diag.Edit {
	_, end := sp.extent()
	return sp.insertAt(end, sp.print(st))
}

// insertBefore puts a statement on the line before this one.
func (sp *spot) insertBefore(st ast.Stmt) diag.Edit {
	start, _ := sp.extent()
	return sp.insertAt(start, sp.print(st))
}

// insertAt puts whole lines at an offset, which may be in the midst of one.
func (sp *spot) insertAt(offset int, lines string) diag.Edit {
	return sp.edit(offset, offset, wholeLines(sp.file.Text, offset, lines))
}

// wholeLines adds the line breaks that lines need where they go.
func wholeLines(text []byte, offset int, lines string) string {
	newline := newlineOf(text)
	if offset > 0 && text[offset-1] != '\n' {
		lines = newline + lines
	}
	rest := text[offset:]
	if next := bytes.IndexByte(rest, '\n'); next >= 0 && offset > 0 && text[offset-1] != '\n' && len(bytes.TrimSpace(rest[:next])) == 0 {
		return strings.TrimSuffix(lines, newline)
	}
	return lines
}
