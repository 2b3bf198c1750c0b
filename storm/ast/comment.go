package ast

import "strings"

// Directive begins a comment that speaks to tools: //landfall:ignore.
const Directive = "//landfall:"

// IsDirective reports whether the comment speaks to tools.
func (c Comment) IsDirective() bool { return strings.HasPrefix(c.Text, Directive) }

func (c *Comments) docLines() []Comment {
	if len(c.Lead) == 0 || c.Blank {
		return nil
	}
	first := len(c.Lead) - 1
	for first > 0 && !c.Lead[first].Blank {
		first--
	}
	return c.Lead[first:]
}

func docText(lines []Comment) string {
	if len(lines) == 0 {
		return ""
	}
	var b strings.Builder
	for _, line := range lines {
		if line.IsDirective() {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.TrimPrefix(strings.TrimPrefix(line.Text, "//"), " "))
	}
	return strings.TrimSpace(b.String())
}
