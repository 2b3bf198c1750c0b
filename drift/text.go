package drift

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

// Printer writes differences for people.
type Printer struct {
	// Color uses the colours of a terminal.
	Color bool
	// Hints are written too.
	Hints bool
	// Source returns the text of a file, to show the line; nil reads files.
	// What cannot be read is not shown.
	Source func(file string) ([]byte, error)

	lines map[string][]byte
}

// Printer returns a printer that finds the files of the report.
func (r *Report) Printer() *Printer {
	return &Printer{Source: func(file string) ([]byte, error) {
		if f := r.Storm.File(file); f != nil {
			return f.Text, nil
		}
		return os.ReadFile(filepath.Join(r.Code.Dir, filepath.FromSlash(file)))
	}}
}

// Write writes the differences, each with the lines at both its places and the
// ways to mend it. The error is that of the writer.
func (p *Printer) Write(w io.Writer, list List) error {
	if !p.Hints {
		list = list.AtLeast(diag.Error)
	}
	var b strings.Builder
	for i, d := range list {
		if i > 0 {
			b.WriteByte('\n')
		}
		p.difference(&b, d)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p *Printer) difference(b *strings.Builder, d Difference) {
	first, second, other := d.Storm, d.Go, "the code"
	if !first.IsValid() {
		first, second, other = d.Go, d.Storm, "the storm"
	}
	word := ""
	if d.Severity == diag.Hint {
		word = "hint "
	}
	if first.IsValid() {
		fmt.Fprintf(b, "%s: ", p.paint(bold, first.String()))
	}
	fmt.Fprintf(b, "%s: %s\n", p.paint(severityColor(d.Severity), word+string(d.Code)), d.Message)
	p.excerpt(b, first)
	if second.IsValid() {
		fmt.Fprintf(b, "  %s: %s\n", p.paint(bold, second.String()), other)
		p.excerpt(b, second)
	} else if first.IsValid() {
		fmt.Fprintf(b, "  %s has nothing for it\n", other)
	}
	for _, m := range d.Mends {
		fmt.Fprintf(b, "  %s %s", p.paint(green, "mend:"), m.Message)
		if m.Command != "" {
			fmt.Fprintf(b, ": %s", m.Command)
		}
		b.WriteByte('\n')
	}
}

// excerpt writes the line of a place with a caret under it.
func (p *Printer) excerpt(b *strings.Builder, at ast.Place) {
	line, before, width, ok := p.line(at)
	if !ok {
		return
	}
	number := fmt.Sprintf("%6d", at.Start.Line)
	fmt.Fprintf(b, "%s | %s\n", p.paint(dim, number), line)
	fmt.Fprintf(b, "%s | %s%s\n", strings.Repeat(" ", len(number)), pad(before), p.paint(red, "^"+strings.Repeat("~", max(width-1, 0))))
}

// line returns the line of a place, what stands before it, and how many
// characters of the line it takes.
func (p *Printer) line(at ast.Place) (line, before string, width int, ok bool) {
	if !at.IsValid() {
		return "", "", 0, false
	}
	text, ok := p.text(at.File)
	offset := int(at.Start.Offset)
	if !ok || offset > len(text) {
		return "", "", 0, false
	}
	start := strings.LastIndexByte(string(text[:offset]), '\n') + 1
	end := len(text)
	if i := strings.IndexByte(string(text[offset:]), '\n'); i >= 0 {
		end = offset + i
	}
	stop := min(max(int(at.End.Offset), offset), end)
	return strings.TrimRight(string(text[start:end]), "\r"), string(text[start:offset]), utf8.RuneCount(text[offset:stop]), true
}

func (p *Printer) text(file string) ([]byte, bool) {
	if p.lines == nil {
		p.lines = map[string][]byte{}
	}
	if text, ok := p.lines[file]; ok {
		return text, text != nil
	}
	read := p.Source
	if read == nil {
		read = os.ReadFile
	}
	text, err := read(file)
	if err != nil {
		text = nil
	}
	p.lines[file] = text
	return text, text != nil
}

// pad returns spaces that take as much room as the text; tabs stay tabs.
func pad(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}

const (
	bold  = "1"
	dim   = "2"
	red   = "31"
	green = "32"
	blue  = "36"
)

func severityColor(s diag.Severity) string {
	if s == diag.Hint {
		return blue
	}
	return red
}

func (p *Printer) paint(color, text string) string {
	if !p.Color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// WriteJSON writes the differences as a JSON array, hints included. The error is
// that of the writer.
func (l List) WriteJSON(w io.Writer) error {
	if l == nil {
		l = List{}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(l)
}
