package draw

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/draw/internal/lettering"
	"github.com/landfall-go/landfall/storm/model"
)

// DOT draws the storm as a graph for Graphviz, which lays it out; see [Render]
// for the errors.
func DOT(s *model.Storm, o Options) ([]byte, error) {
	g, err := graphOf(s, o)
	if err != nil {
		return nil, err
	}
	return g.dot(o.Theme.palette()), nil
}

func (g *graph) dot(p *palette) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "digraph storm {\n  graph [rankdir=LR, label=%s, labelloc=t, labeljust=l, fontname=Helvetica, fontsize=20, fontcolor=%s, bgcolor=%s, nodesep=0.2]\n",
		dotText(g.title), dotText(css(p.ink)), dotText(css(p.ground)))
	fmt.Fprintf(&b, "  node [shape=box, style=filled, fontname=Helvetica, fontsize=11, width=1.1, height=0.9, color=%s, fontcolor=%s]\n",
		dotText(css(p.panelLine)), dotText(css(p.pen)))
	fmt.Fprintf(&b, "  edge [fontname=Helvetica, fontsize=10, arrowsize=0.7, color=%s, fontcolor=%s]\n", dotText(css(p.wire)), dotText(css(p.ink)))
	for _, gr := range g.groups {
		indent := "  "
		if gr.id != "" {
			fmt.Fprintf(&b, "  subgraph %s {\n    graph [label=%s, style=rounded, fontsize=14, color=%s, bgcolor=%s]\n",
				dotText("cluster_"+gr.id), dotText(gr.label), dotText(css(p.accent(gr.accent))), dotText(css(p.panel)))
			indent = "    "
		}
		for _, n := range gr.nodes {
			fmt.Fprintf(&b, "%s%s [label=%s, fillcolor=%s", indent, dotText(n.id), dotText(dotLines(n.label)), dotText(css(p.paperOf(n.paper, n.faded))))
			if ink := p.inkOn(n.paper, n.faded); ink != p.pen {
				fmt.Fprintf(&b, ", fontcolor=%s", dotText(css(ink)))
			}
			b.WriteString("]\n")
		}
		if gr.id != "" {
			b.WriteString("  }\n")
		}
	}
	for _, e := range g.edges {
		fmt.Fprintf(&b, "  %s -> %s [color=%s", dotText(e.from), dotText(e.to), dotText(css(p.linkColor(e.verb))))
		if e.label != "" {
			fmt.Fprintf(&b, ", label=%s", dotText(dotLines(e.label)))
		}
		if e.dashed {
			b.WriteString(", style=dashed")
		}
		if e.plain {
			b.WriteString(", arrowhead=none")
		}
		b.WriteString("]\n")
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// dotLines breaks a label as it would be on a note.
func dotLines(label string) string {
	return strings.Join(lettering.Fit(label, 110, 400, 12, 12, lettering.Regular).Lines, "\n")
}

// dotText quotes text for Graphviz, which keeps backslashes for itself.
func dotText(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\r', '\t', 0:
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
