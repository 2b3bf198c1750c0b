package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/mattn/go-isatty"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

// coloured reports whether colours may be written.
func coloured(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd()) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// style is what a piece of text is, which gives it its colour on a terminal.
type style string

const (
	bold  style = "1"
	red   style = "1;31"
	amber style = "1;33"
	blue  style = "1;36"
	faint style = "2"
)

// printer prints what there is to say about a storm.
type printer struct {
	w      io.Writer
	src    *storm.Source
	colour bool
	lines  map[string][]string // of the files, when they are wanted
}

func (c *command) printer(w io.Writer, src *storm.Source) *printer {
	return &printer{w: w, src: src, colour: coloured(w), lines: map[string][]string{}}
}

func (p *printer) line(format string, args ...any) {
	fmt.Fprintf(p.w, format+"\n", args...)
}

func (p *printer) paint(s style, text string) string {
	if !p.colour {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

var severityStyles = map[diag.Severity]style{diag.Error: red, diag.Warning: amber, diag.Hint: blue}

// diagnostic prints a diagnostic with its line of the source.
func (p *printer) diagnostic(d diag.Diagnostic) {
	s := severityStyles[d.Severity]
	p.line("%s %s %s", p.paint(bold, d.Place.String()+":"), p.paint(s, fmt.Sprintf("%s %s:", d.Severity, d.Code)), string(harmless([]rune(d.Message))))
	p.excerpt(d.Place, s)
	if d.Help != "" {
		p.line("  help: %s", d.Help)
	}
	for _, r := range d.Related {
		if r.Place.IsValid() {
			p.line("  see %s: %s", r.Place, r.Message)
		} else {
			p.line("  see %s", r.Message)
		}
	}
	for _, f := range d.Fixes {
		end := ""
		if f.Safe {
			end = p.paint(faint, " (check --fix does it)")
		}
		p.line("  fix: %s%s", f.Message, end)
	}
}

// width is how much of a long line is shown.
const width = 100

// excerpt prints the line of a place with a caret under it.
func (p *printer) excerpt(at ast.Place, s style) {
	text, ok := p.sourceLine(at)
	if !ok {
		return
	}
	runes := []rune(strings.TrimRight(text, "\r\n"))
	from := min(max(int(at.Start.Column)-1, 0), len(runes))
	to := len(runes)
	if at.End.Line == at.Start.Line {
		to = min(max(int(at.End.Column)-1, from), len(runes))
	}
	head, tail := "", ""
	if len(runes) > width {
		cut := max(0, min(from-width/3, len(runes)-width))
		end := min(len(runes), cut+width)
		if cut > 0 {
			head = "…"
		}
		if end < len(runes) {
			tail = "…"
		}
		runes, from, to = runes[cut:end], from-cut, min(to-cut, end-cut)
	}
	runes = harmless(runes)
	p.line("    %s%s%s", head, strings.ReplaceAll(string(runes), "\t", "    "), tail)
	marks := strings.Repeat(" ", columns([]rune(head))+columns(runes[:from]))
	marks += p.paint(s, "^"+strings.Repeat("~", max(0, columns(runes[from:to])-1)))
	p.line("    %s", marks)
}

// harmless shows what a terminal would obey in place of writing it: control
// characters, and those that turn the direction of what follows.
func harmless(text []rune) []rune {
	out := slices.Clone(text)
	for i, r := range out {
		if unicode.IsControl(r) && r != '\t' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			out[i] = unicode.ReplacementChar
		}
	}
	return out
}

func (p *printer) sourceLine(at ast.Place) (string, bool) {
	if !at.IsValid() || p.src == nil {
		return "", false
	}
	f := p.src.File(at.File)
	if f == nil {
		return "", false
	}
	lines, ok := p.lines[at.File]
	if !ok {
		lines = strings.Split(string(f.Text), "\n")
		p.lines[at.File] = lines
	}
	if n := int(at.Start.Line); n <= len(lines) {
		return lines[n-1], true
	}
	return "", false
}

// columns returns how many columns of a terminal a text takes.
func columns(text []rune) int {
	n := 0
	for _, r := range text {
		switch {
		case r == '\t':
			n += 4
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul),
			r >= 0xff01 && r <= 0xff60, r >= 0x1f300 && r <= 0x1faff:
			n += 2
		default:
			n++
		}
	}
	return n
}
