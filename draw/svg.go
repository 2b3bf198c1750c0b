package draw

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/landfall-go/landfall/draw/internal/lettering"
)

// SVG paints the scene as a standalone SVG file. Text is text, fitted for Arial
// and the fonts of its widths; hovering over a note tells all that is known of
// it.
func (s *Scene) SVG(t Theme) []byte {
	w := &svgWriter{palette: t.palette()}
	w.head(s)
	for _, f := range s.Frames {
		w.frame(f)
	}
	for _, r := range s.Rules {
		w.rule(r)
	}
	for _, l := range s.Links {
		w.link(l)
	}
	for i := range s.Notes {
		w.note(&s.Notes[i])
	}
	for _, l := range s.Labels {
		w.label(l)
	}
	w.b.WriteString("</svg>\n")
	return w.b.Bytes()
}

type svgWriter struct {
	*palette
	b bytes.Buffer
}

func (w *svgWriter) head(s *Scene) {
	width, height := num(math.Ceil(s.Width)), num(math.Ceil(s.Height))
	fmt.Fprintf(&w.b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" font-family='%s'>`+"\n",
		width, height, width, height, lettering.Families)
	fmt.Fprintf(&w.b, "<title>%s</title>\n", escape(s.Title))
	w.style(s)
	fmt.Fprintf(&w.b, `<rect class="ground" width="%s" height="%s"/>`+"\n", width, height)
}

// style writes the classes that the scene uses, and the arrows of its links.
func (w *svgWriter) style(s *Scene) {
	fmt.Fprintf(&w.b, "<style>\n.ground{fill:%s}.shadow{fill:%s}text{fill:%s}.quiet{fill:%s}.panel{fill:%s}\n",
		css(w.ground), css(w.shadow), css(w.ink), css(w.quiet), css(w.panel))
	fmt.Fprintf(&w.b, ".note text{fill:%s;text-anchor:middle}.note .line{text-anchor:start}.sign{fill:none;stroke:%s;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}.bold{font-weight:700}.note.faded text{fill:%s}\n",
		css(w.pen), css(w.pen), css(w.ink))
	fmt.Fprintf(&w.b, ".link{fill:none;stroke-width:1.6}.dashed{stroke-dasharray:5 4}.rule{fill:none}\n")
	papers, verbs := used(s)
	for _, p := range papers {
		fmt.Fprintf(&w.b, ".p-%s{fill:%s", p, css(w.papers[p]))
		if edge, ok := w.edges[p]; ok {
			fmt.Fprintf(&w.b, ";stroke:%s", css(edge))
		}
		w.b.WriteString("}")
		if ink := w.inkOn(p, false); ink != w.pen {
			fmt.Fprintf(&w.b, ".note.on-%s text{fill:%s}", p, css(ink))
		}
	}
	for _, v := range verbs {
		fmt.Fprintf(&w.b, ".%s{stroke:%s}", class(v), css(w.linkColor(v)))
	}
	w.b.WriteString("\n</style>\n<defs>")
	for _, v := range verbs {
		fmt.Fprintf(&w.b, `<marker id="to-%s" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.6L8 4L0 7.4z" fill="%s"/></marker>`,
			class(v), css(w.linkColor(v)))
	}
	w.b.WriteString("</defs>\n")
}

// used returns the papers and the verbs of a scene, sorted.
func used(s *Scene) (papers []Paper, verbs []string) {
	seenPaper, seenVerb := map[Paper]bool{}, map[string]bool{}
	for i := range s.Notes {
		if p := s.Notes[i].Paper; !seenPaper[p] {
			seenPaper[p] = true
			papers = append(papers, p)
		}
	}
	for i := range s.Links {
		if v := s.Links[i].Verb; !seenVerb[v] {
			seenVerb[v] = true
			verbs = append(verbs, v)
		}
	}
	slices.Sort(papers)
	slices.Sort(verbs)
	return papers, verbs
}

// class returns a verb as the name of a class.
func class(verb string) string { return "v-" + strings.ReplaceAll(verb, " ", "-") }

func (w *svgWriter) frame(f Frame) {
	fmt.Fprintf(&w.b, `<rect id="%s" x="%s" y="%s" width="%s" height="%s" rx="10" fill="%s" stroke="%s" stroke-width="1.6"/>`+"\n",
		escape(f.ID), num(f.Box.X), num(f.Box.Y), num(f.Box.W), num(f.Box.H), css(w.panel), css(w.accent(f.Accent)))
}

func (w *svgWriter) rule(r Rule) {
	width, dash := "1", ""
	switch r.Kind {
	case PivotalRule:
		width, dash = "3", ` stroke-dasharray="10 6"`
	case LaneRule:
		dash = ` stroke-dasharray="3 4"`
	}
	fmt.Fprintf(&w.b, `<path class="rule" d="M%s %sL%s %s" stroke="%s" stroke-width="%s"%s/>`+"\n",
		num(r.From.X), num(r.From.Y), num(r.To.X), num(r.To.Y), css(w.rules[r.Kind]), width, dash)
}

func (w *svgWriter) link(l Link) {
	extra, arrow := "", ""
	if l.Dashed {
		extra = " dashed"
	}
	if !l.Plain {
		arrow = ` marker-end="url(#to-` + class(l.Verb) + `)"`
	}
	fmt.Fprintf(&w.b, `<path class="link %s%s" d="%s"%s/>`+"\n", class(l.Verb), extra, pathData(l.Points), arrow)
}

// bend is the radius of a link's corners.
const bend = 6.0

// pathData returns the path through the points with round corners.
func pathData(points []Point) string {
	var b strings.Builder
	b.WriteString("M" + num(points[0].X) + " " + num(points[0].Y))
	for _, c := range corners(points) {
		b.WriteString("L" + num(c.from.X) + " " + num(c.from.Y))
		b.WriteString("Q" + num(c.at.X) + " " + num(c.at.Y) + " " + num(c.to.X) + " " + num(c.to.Y))
	}
	last := points[len(points)-1]
	b.WriteString("L" + num(last.X) + " " + num(last.Y))
	return b.String()
}

// corner is a bend of a link: it leaves the straight at from and is back on it
// at to.
type corner struct{ from, at, to Point }

func corners(points []Point) []corner {
	var out []corner
	for i := 1; i+1 < len(points); i++ {
		a, b, c := points[i-1], points[i], points[i+1]
		before, after := math.Hypot(b.X-a.X, b.Y-a.Y), math.Hypot(c.X-b.X, c.Y-b.Y)
		r := min(bend, before/2, after/2)
		if r < 0.1 || math.Abs((b.X-a.X)*(c.Y-b.Y)-(b.Y-a.Y)*(c.X-b.X)) < 0.01 {
			continue
		}
		out = append(out, corner{
			from: Point{X: b.X - (b.X-a.X)*r/before, Y: b.Y - (b.Y-a.Y)*r/before},
			at:   b,
			to:   Point{X: b.X + (c.X-b.X)*r/after, Y: b.Y + (c.Y-b.Y)*r/after},
		})
	}
	return out
}

func (w *svgWriter) note(n *Note) {
	fmt.Fprintf(&w.b, `<g id="%s" class="note`, escape(n.ID))
	if n.Faded {
		w.b.WriteString(" faded")
	}
	if w.inkOn(n.Paper, false) != w.pen {
		w.b.WriteString(" on-" + string(n.Paper))
	}
	w.b.WriteByte('"')
	if n.Turn != 0 {
		fmt.Fprintf(&w.b, ` transform="rotate(%s %s %s)"`, num(n.Turn), num(n.Box.X+n.Box.W/2), num(n.Box.Y+n.Box.H/2))
	}
	w.b.WriteByte('>')
	if n.Tip != "" {
		fmt.Fprintf(&w.b, "<title>%s</title>", escape(n.Tip))
	}
	box := fmt.Sprintf(`width="%s" height="%s"`, num(n.Box.W), num(n.Box.H))
	fmt.Fprintf(&w.b, `<rect class="shadow" x="%s" y="%s" %s/>`, num(n.Box.X+2), num(n.Box.Y+3), box)
	border := ""
	switch {
	case n.Faded:
		border = ` style="fill:` + css(w.fade(n.Paper)) + `"`
	case n.Accent > 0:
		border = ` style="stroke:` + css(w.accent(n.Accent-1)) + `;stroke-width:2"`
	}
	fmt.Fprintf(&w.b, `<rect class="p-%s" x="%s" y="%s" %s%s/>`, n.Paper, num(n.Box.X), num(n.Box.Y), box, border)
	for _, s := range n.signs() {
		fmt.Fprintf(&w.b, `<path class="sign" d="%s"/>`, signData(s))
	}
	w.text(n)
	w.b.WriteString("</g>\n")
}

func (w *svgWriter) text(n *Note) {
	if len(n.Text.Lines) > 0 {
		weight := ""
		if n.Bold {
			weight = ` class="bold"`
		}
		fmt.Fprintf(&w.b, `<text font-size="%s"%s>`, num(n.Text.Size), weight)
		for i, line := range n.Text.Lines {
			at := n.lineAt(i)
			fmt.Fprintf(&w.b, `<tspan x="%s" y="%s">%s</tspan>`, num(at.X), num(at.Y), escape(line))
		}
		w.b.WriteString("</text>")
	}
	if len(n.Lines) > 0 {
		fmt.Fprintf(&w.b, `<text class="line" font-size="%s">`, num(n.LineSize))
		for i, line := range n.Lines {
			at := n.detailAt(i)
			fmt.Fprintf(&w.b, `<tspan x="%s" y="%s">%s</tspan>`, num(at.X), num(at.Y), escape(line))
		}
		w.b.WriteString("</text>")
	}
}

func (w *svgWriter) label(l Label) {
	if l.Plate != NoPlate {
		box := l.plate()
		kind := "panel"
		if l.Plate == GroundPlate {
			kind = "ground"
		}
		fmt.Fprintf(&w.b, `<rect class="`+kind+`" x="%s" y="%s" width="%s" height="%s" rx="3"/>`, num(box.X), num(box.Y), num(box.W), num(box.H))
	}
	classes := ""
	if l.Role == QuietLabel {
		classes = "quiet"
	}
	if l.Bold {
		classes = strings.TrimSpace(classes + " bold")
	}
	if classes != "" {
		classes = ` class="` + classes + `"`
	}
	fmt.Fprintf(&w.b, `<text x="%s" y="%s" font-size="%s"%s>%s</text>`+"\n", num(l.At.X), num(l.At.Y), num(l.Size), classes, escape(l.Text))
}

// num writes a length with one digit behind the point at most.
func num(x float64) string {
	x = math.Round(x*10) / 10
	if x == 0 {
		return "0"
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// escape writes text for XML. Characters that XML cannot hold become U+FFFD.
func escape(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' || r == '<' || r == '>' || r == '&' || r == '"' || r == '\'' || r > '~'
	}) {
		return text
	}
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return ""
	}
	return b.String()
}
