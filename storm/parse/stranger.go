package parse

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

// problem is what the lexer found wrong.
type problem struct {
	code    diag.Code
	span    ast.Span
	message string
	help    string
	fix     string   // what the fix does
	span2   ast.Span // what the fix replaces, when not span
	with    string   // what it puts there
}

// lookalikes are characters that word processors and habits put where a sign of
// the language is meant.
var lookalikes = []struct{ found, meant string }{
	{"=>", "->"}, {"-->", "->"}, {"→", "->"}, {"⇒", "->"}, {"–>", "->"}, {"—>", "->"}, {"➔", "->"},
	{";", ""},
}

// stranger reads characters that belong to no token.
func (l *lexer) stranger(t *token) {
	t.kind = unknown
	rest := l.src[l.at:]
	for _, known := range lookalikes {
		if strings.HasPrefix(rest, known.found) {
			l.lookalike(t, known.found, known.meant)
			return
		}
	}
	if strings.HasPrefix(rest, "“") || strings.HasPrefix(rest, "„") {
		l.curly(t)
		return
	}
	start := l.pos()
	if strings.HasPrefix(rest, "/*") || strings.HasPrefix(rest, "#") {
		l.line()
		l.report(problem{code: "E001", span: l.since(start), message: "a comment begins with //",
			help: "write // before each line of the comment"})
		return
	}
	r := l.rune()
	for r != utf8.RuneError && l.at < len(l.src) && l.strange() {
		l.rune()
	}
	found := l.src[start.Offset:l.at]
	if utf8.ValidString(found) {
		l.report(problem{code: "E001", span: l.since(start),
			message: fmt.Sprintf("%s does not belong here", ast.QuoteText(found)),
			help:    "names with anything but letters, digits and underscores stand in quotes"})
	}
}

// strange reports whether the next character goes on with a run of strangers.
func (l *lexer) strange() bool {
	c := l.src[l.at]
	if c <= ' ' || c == '"' || isLetter(c) || isDigit(c) || c == '-' || c == '/' {
		return false
	}
	if c < utf8.RuneSelf {
		return signs[c] == eof && c != ';' && c != '='
	}
	r, size := utf8.DecodeRuneInString(l.src[l.at:])
	return size > 1 && !ast.IsIdentifierPart(r, true)
}

func (l *lexer) since(start ast.Pos) ast.Span { return ast.Span{Start: start, End: l.pos()} }

// line steps to the end of the line.
func (l *lexer) line() {
	for l.at < len(l.src) && l.src[l.at] != '\n' {
		l.rune()
	}
}

func (l *lexer) skip(s string) {
	for end := l.at + len(s); l.at < end; {
		l.rune()
	}
}

func (l *lexer) lookalike(t *token, found, meant string) {
	start := l.pos()
	l.skip(found)
	p := problem{code: "E001", span: l.since(start), with: meant}
	if meant == "" {
		p.message = fmt.Sprintf("there is no %s in a storm file: a line ends where it ends", found)
		p.fix = "leave it out"
	} else {
		t.kind = arrow
		p.message = fmt.Sprintf("an arrow is written %s and not %s", meant, found)
		p.fix = "write " + meant
	}
	l.report(p)
}

// curly reads a text in the quotes of a word processor.
func (l *lexer) curly(t *token) {
	start := l.pos()
	l.rune()
	from := l.at
	for l.at < len(l.src) && l.src[l.at] != '\n' {
		if rest := l.src[l.at:]; strings.HasPrefix(rest, "”") || strings.HasPrefix(rest, "“") {
			t.kind, t.text = text, l.src[from:l.at]
			l.rune()
			break
		}
		l.rune()
	}
	p := problem{code: "E001", span: l.since(start), message: `a text stands in straight quotes: "…"`}
	if t.kind == text {
		p.fix, p.with = "use straight quotes", ast.QuoteText(t.text)
	}
	l.report(p)
}

// unclosed ends a text at the end of its line, which the lexer has reached.
func (l *lexer) unclosed(t *token, open int, escaped bool) {
	written := strings.TrimRight(l.src[open+1:l.at], " \t\r")
	end := l.pos()
	p := problem{code: "E002", span: ast.Span{Start: t.Start, End: end}, message: "this text is not closed"}
	p.help = `a text ends with " on the line on which it began; write \n for a line break in it`
	if !strings.HasSuffix(written, `\`) {
		p.fix, p.with = "close it at the end of the line", `"`
		p.span2 = ast.Span{Start: end, End: end}
	}
	l.report(p)
	t.text = written
	if escaped {
		t.text = l.unescape(written, open+1)
	}
}

// bad reports what is wrong with the character at an offset of this line.
func (l *lexer) bad(code diag.Code, offset int, message, help string) {
	at := l.pos()
	end := ast.Pos{Offset: int32(offset) + 1, Line: at.Line, Column: at.Column + 1}
	l.report(problem{code: code, span: ast.Span{Start: at, End: end}, message: message, help: help})
}

// columnOf returns the column of an offset in this line. It counts on from the
// offset that it was asked for last.
func (l *lexer) columnOf(offset int) int32 {
	if l.counted < l.lineStart || l.counted > offset {
		l.counted, l.column = l.lineStart, 1
	}
	l.column += int32(utf8.RuneCountInString(l.src[l.counted:offset]))
	l.counted = offset
	return l.column
}

func (l *lexer) badEscape(offset int, rest string) {
	r, size := utf8.DecodeRuneInString(rest)
	column := l.columnOf(offset)
	start := ast.Pos{Offset: int32(offset), Line: l.lineNo, Column: column}
	end := ast.Pos{Offset: int32(offset + 1 + size), Line: l.lineNo, Column: column + 2}
	l.report(problem{
		code: "E004", span: ast.Span{Start: start, End: end},
		message: fmt.Sprintf(`\%c has no meaning`, r),
		help:    `in a text, \" is a quote, \\ a backslash, \n a line break and \t a tab`,
		fix:     "write a backslash", with: `\\` + string(r),
	})
}
