package handover

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// page is a page of Markdown that grows.
type page struct{ b strings.Builder }

func (p *page) line(format string, args ...any) {
	fmt.Fprintf(&p.b, format, args...)
	p.b.WriteByte('\n')
}

// heading writes a heading with a blank line before and after it.
func (p *page) heading(level int, format string, args ...any) {
	if p.b.Len() > 0 {
		p.b.WriteByte('\n')
	}
	p.line("%s %s", strings.Repeat("#", level), fmt.Sprintf(format, args...))
	p.b.WriteByte('\n')
}

// table writes a table whose columns are as wide as what is in them, up to a
// width that fits on a screen.
func (p *page) table(head []string, rows [][]string) {
	const most = 48
	head, rows = withoutEmpty(head, rows)
	widths := make([]int, len(head))
	for _, row := range append([][]string{head}, rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], min(utf8.RuneCountInString(cell), most))
		}
	}
	write := func(cells []string) {
		for i, cell := range cells {
			pad := max(0, widths[i]-utf8.RuneCountInString(cell))
			if i == len(cells)-1 {
				pad = 0
			}
			fmt.Fprintf(&p.b, "| %s%s ", cell, strings.Repeat(" ", pad))
		}
		p.line("|")
	}
	write(head)
	rule := make([]string, len(head))
	for i := range rule {
		n := widths[i]
		if i == len(rule)-1 {
			n = utf8.RuneCountInString(head[i])
		}
		rule[i] = strings.Repeat("-", max(3, n))
	}
	write(rule)
	for _, row := range rows {
		write(row)
	}
}

// withoutEmpty leaves out the columns with nothing in them.
func withoutEmpty(head []string, rows [][]string) ([]string, [][]string) {
	var keep []int
	for i := range head {
		if slices.ContainsFunc(rows, func(row []string) bool { return row[i] != "" }) {
			keep = append(keep, i)
		}
	}
	pick := func(row []string) []string {
		var out []string
		for _, i := range keep {
			out = append(out, row[i])
		}
		return out
	}
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = pick(row)
	}
	return pick(head), out
}

// String returns the page.
func (p *page) String() string { return p.b.String() }

// inline writes a text on one line, so that nothing in it is markup.
func inline(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`).Replace(text)
}

// bullet writes a text that begins an item of a list.
func bullet(text string) string {
	text = inline(text)
	if text != "" && strings.ContainsRune("#+->~=", rune(text[0])) {
		return `\` + text
	}
	return text
}

// code writes a text as code.
func code(text string) string { return "`" + strings.ReplaceAll(text, "`", "'") + "`" }

// label returns a name as people read it, without markup.
func label(e *model.Element) string { return inline(e.Label()) }

// labels joins names with a comma, and the last with a word.
func labels(list []*model.Element, last string) string {
	var names []string
	for _, e := range list {
		names = append(names, label(e))
	}
	return join(names, last)
}

func join(list []string, last string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " " + last + " " + list[len(list)-1]
}

// choice writes a choice: A and B, or C.
func choice(c model.Choice) string {
	var groups []string
	many := false
	for _, g := range c {
		groups = append(groups, labels(g, "and"))
		many = many || len(g) > 1
	}
	if many && len(groups) > 1 {
		return strings.Join(groups, ", or ")
	}
	return join(groups, "or")
}

// plural returns a count with its word.
func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	if strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "ay") {
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(word, "y"))
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// article returns a kind with its article.
func article(k ast.Kind) string {
	switch k {
	case ast.Actor, ast.Aggregate, ast.Event, ast.Enum, ast.Opportunity:
		return "an " + k.String()
	}
	return "a " + k.String()
}

// moduleTitle returns the name of a module as people read it.
func moduleTitle(m *model.Module) string {
	if m.IsFree() {
		return "Outside of the modules"
	}
	return inline(model.Label(m.Name))
}

// stormTitle returns the name of a storm.
func stormTitle(s *model.Storm) string {
	if s.Name == "" {
		return "the storm"
	}
	return inline(s.Name)
}
