package draw

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/storm/model"
)

// Mermaid draws the storm as a Mermaid flowchart; see [Render] for the errors.
// Mermaid lays it out by itself and has colours of its own for its themes, so
// that Options.Theme has no effect.
func Mermaid(s *model.Storm, o Options) ([]byte, error) {
	g, err := graphOf(s, o)
	if err != nil {
		return nil, err
	}
	return g.mermaid(), nil
}

func (g *graph) mermaid() []byte {
	var b bytes.Buffer
	if g.title != "" {
		fmt.Fprintf(&b, "---\ntitle: %s\n---\n", yamlText(g.title))
	}
	b.WriteString("flowchart LR\n")
	used := map[Paper]bool{}
	for _, gr := range g.groups {
		indent := "  "
		if gr.id != "" {
			fmt.Fprintf(&b, "  subgraph %s[%s]\n", gr.id, mermaidText(gr.label))
			indent = "    "
		}
		for _, n := range gr.nodes {
			used[n.paper] = true
			fmt.Fprintf(&b, "%s%s[%s]:::%s\n", indent, n.id, mermaidText(n.label), n.paper)
		}
		if gr.id != "" {
			b.WriteString("  end\n")
		}
	}
	for _, e := range g.edges {
		fmt.Fprintf(&b, "  %s %s%s %s\n", e.from, mermaidArrow(e), mermaidLabel(e), e.to)
	}
	for _, l := range legendWords {
		if used[l.paper] {
			mermaidClass(&b, l.paper)
		}
	}
	if used[ModulePaper] {
		mermaidClass(&b, ModulePaper)
	}
	return b.Bytes()
}

func mermaidClass(b *bytes.Buffer, p Paper) {
	fmt.Fprintf(b, "  classDef %s fill:%s,stroke:%s,color:%s\n", p,
		css(lightPalette.papers[p]), css(lightPalette.panelLine), css(lightPalette.pen))
}

func mermaidArrow(e edge) string {
	switch {
	case e.dashed && e.plain:
		return "-.-"
	case e.dashed:
		return "-.->"
	}
	return "-->"
}

func mermaidLabel(e edge) string {
	if e.label == "" {
		return ""
	}
	return "|" + mermaidText(e.label) + "|"
}

// mermaidText quotes text for Mermaid. What it would read as a mark of its own
// is written as a code; so is what would begin a list.
func mermaidText(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range text {
		switch {
		case strings.ContainsRune("\"#<>&`;\\{}|*_~", r), i < 4 && strings.ContainsRune(".)-+", r):
			fmt.Fprintf(&b, "#%d;", r)
		case r < ' ':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// yamlText quotes text for the front matter. Mermaid takes signs of HTML out of
// a title, so that they are replaced.
func yamlText(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '<':
			b.WriteRune('‹')
		case r == '>':
			b.WriteRune('›')
		case r == '&':
			b.WriteString("and")
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
