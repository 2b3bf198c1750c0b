package parse

import (
	"strings"
	"unicode/utf8"

	"github.com/landfall-go/landfall/storm/ast"
)

type kind uint8

const (
	eof kind = iota
	ident
	text   // "quoted"
	number // begins with a digit, or with a minus and a digit
	arrow
	leftBrace
	rightBrace
	leftBracket
	rightBracket
	comma
	bar
	colon
	dot
	question
	unknown // reported already
)

// token is one token, with what stands between it and the one before.
type token struct {
	kind   kind
	line   bool // it is the first of its line
	blank  bool // a blank line stands before it
	c0, c1 int32
	text   string // of an identifier or a number; of a text its meaning
	ast.Span
}

// lexer cuts a file into tokens. Comments are kept aside; a token knows which
// of them stand before it.
type lexer struct {
	src       string
	at        int
	lineNo    int32
	lineStart int
	wide      int // bytes of this line that begin no character
	counted   int // the offset whose column is known
	column    int32
	stopped   bool // the rest is not read
	comments  []ast.Comment
	report    func(problem)
}

func (l *lexer) pos() ast.Pos {
	return ast.Pos{Offset: int32(l.at), Line: l.lineNo, Column: int32(l.at-l.lineStart-l.wide) + 1}
}

// next returns the next token.
func (l *lexer) next() token {
	t := token{c0: int32(len(l.comments))}
	breaks := l.space(&t)
	t.blank = breaks > 1
	t.c1 = int32(len(l.comments))
	t.Start = l.pos()
	if l.stopped {
		t.kind, t.line, t.End = eof, true, t.Start
		return t
	}
	l.scan(&t)
	t.End = l.pos()
	return t
}

// space skips white space and comments and returns the number of line breaks
// since the last comment or token. A comment line break counts as one.
func (l *lexer) space(t *token) (breaks int) {
	t.line = l.at == 0
	for l.at < len(l.src) {
		switch c := l.src[l.at]; {
		case c == ' ' || c == '\t' || c == '\r':
			l.at++
		case c == '\n':
			l.newline()
			breaks++
			t.line = true
		case c == '/' && strings.HasPrefix(l.src[l.at:], "//"):
			l.comment(breaks > 1)
			breaks = 0
		case c == 0xEF && l.at == 0 && strings.HasPrefix(l.src, "\ufeff"):
			l.at += len("\ufeff")
			l.lineStart = l.at
		default:
			return breaks
		}
	}
	return breaks
}

func (l *lexer) newline() {
	l.at++
	l.lineNo++
	l.lineStart = l.at
	l.wide = 0
}

func (l *lexer) comment(blank bool) {
	start := l.pos()
	from := l.at
	for l.at < len(l.src) && l.src[l.at] != '\n' {
		l.rune()
	}
	written := strings.TrimRight(l.src[from:l.at], " \t\r")
	end := l.pos()
	l.comments = append(l.comments, ast.Comment{Text: written, Blank: blank, Span: ast.Span{Start: start, End: end}})
}

// rune steps over one character.
func (l *lexer) rune() rune {
	c := l.src[l.at]
	if c < utf8.RuneSelf {
		l.at++
		return rune(c)
	}
	r, size := utf8.DecodeRuneInString(l.src[l.at:])
	if r == utf8.RuneError && size == 1 {
		l.bad("E003", l.at, "this is not UTF-8 text", "save the file as UTF-8")
	}
	l.at += size
	l.wide += size - 1
	return r
}

func (l *lexer) scan(t *token) {
	if l.at >= len(l.src) {
		t.kind = eof
		return
	}
	c := l.src[l.at]
	switch {
	case isLetter(c):
		l.ident(t)
	case c == '"':
		l.quoted(t)
	case isDigit(c), c == '-' && l.digitAt(l.at+1):
		l.number(t)
	default:
		l.sign(t, c)
	}
}

var signs = [128]kind{
	'{': leftBrace, '}': rightBrace, '[': leftBracket, ']': rightBracket,
	',': comma, '|': bar, ':': colon, '.': dot, '?': question,
}

func (l *lexer) sign(t *token, c byte) {
	if c == '-' && strings.HasPrefix(l.src[l.at:], "->") {
		t.kind = arrow
		l.at += 2
		return
	}
	if c < utf8.RuneSelf && signs[c] != eof {
		t.kind = signs[c]
		l.at++
		return
	}
	if r, _ := utf8.DecodeRuneInString(l.src[l.at:]); ast.IsIdentifierPart(r, true) {
		l.ident(t)
		return
	}
	l.stranger(t)
}

func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (l *lexer) digitAt(i int) bool { return i < len(l.src) && isDigit(l.src[i]) }

func (l *lexer) ident(t *token) {
	t.kind = ident
	from := l.at
	for l.at < len(l.src) {
		c := l.src[l.at]
		if isLetter(c) || isDigit(c) {
			l.at++
			continue
		}
		if c < utf8.RuneSelf {
			break
		}
		r, size := utf8.DecodeRuneInString(l.src[l.at:])
		if !ast.IsIdentifierPart(r, l.at == from) {
			break
		}
		l.at += size
		l.wide += size - 1
	}
	if t.text = l.src[from:l.at]; t.text == "big" && strings.HasPrefix(l.src[l.at:], "-picture") {
		l.at += len("-picture")
		t.text = l.src[from:l.at]
	}
}

// number reads whatever begins like a number: 12, -1.5, 30d, 2026-05-10,
// 08:00, 2026-05-10T08:00:00+02:00. What it is worth is decided by its type.
func (l *lexer) number(t *token) {
	t.kind = number
	from := l.at
	l.at++
	for l.at < len(l.src) {
		c := l.src[l.at]
		switch {
		case isLetter(c), isDigit(c):
		case c == '.' || c == ':' || c == '+' || c == '-':
			if !l.digitAt(l.at + 1) {
				t.text = l.src[from:l.at]
				return
			}
		default:
			t.text = l.src[from:l.at]
			return
		}
		l.at++
	}
	t.text = l.src[from:l.at]
}

// quoted reads a text in quotes, which ends on its line.
func (l *lexer) quoted(t *token) {
	t.kind = text
	open := l.at
	l.at++
	from, escaped := l.at, false
	for l.at < len(l.src) {
		switch l.src[l.at] {
		case '"':
			t.text = l.src[from:l.at]
			l.at++
			if escaped {
				t.text = l.unescape(t.text, from)
			}
			return
		case '\n':
			l.unclosed(t, open, escaped)
			return
		case '\\':
			escaped = true
			l.at++
			if l.at < len(l.src) && l.src[l.at] != '\n' {
				l.rune()
			}
		default:
			l.rune()
		}
	}
	l.unclosed(t, open, escaped)
}

func (l *lexer) unescape(s string, offset int) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case '"', '\\':
			b.WriteByte(s[i])
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		default:
			l.badEscape(offset+i-1, s[i:])
			b.WriteByte('\\')
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
