package draw

import (
	"bytes"
	"fmt"
	"image/png"
	"math"

	"github.com/fogleman/gg"

	"github.com/landfall-go/landfall/draw/internal/lettering"
)

// MaxPixels is the most pixels that a PNG has. A picture that would have more
// at the scale asked for is painted at a smaller one.
const MaxPixels = 32_000_000

// DefaultScale is the pixels of a PNG for each pixel of the scene.
const DefaultScale = 2.0

// PNG paints the scene as a PNG file with the font that its text was fitted
// with. scale is the pixels painted for each pixel of the scene; 0 means
// DefaultScale. The error says that the picture could not be encoded.
func (s *Scene) PNG(t Theme, scale float64) ([]byte, error) {
	scale, w, h := s.pixels(scale)
	p := &pngPainter{palette: t.palette(), dc: gg.NewContext(w, h)}
	p.dc.SetColor(p.ground)
	p.dc.Clear()
	p.dc.Scale(scale, scale)
	p.dc.SetLineWidth(1.6)
	for _, f := range s.Frames {
		p.frame(f)
	}
	for _, r := range s.Rules {
		p.rule(r)
	}
	for _, l := range s.Links {
		p.link(l)
	}
	for i := range s.Notes {
		p.note(&s.Notes[i])
	}
	for _, l := range s.Labels {
		p.label(l)
	}
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, p.dc.Image()); err != nil {
		return nil, fmt.Errorf("draw: encode the picture: %w", err)
	}
	return b.Bytes(), nil
}

// pixels returns the scale at which the scene is painted, and its size then.
func (s *Scene) pixels(scale float64) (float64, int, int) {
	if !(scale > 0) {
		scale = DefaultScale
	}
	scale = min(scale, math.Sqrt(MaxPixels/(math.Ceil(s.Width)*math.Ceil(s.Height))))
	w, h := max(1, int(s.Width*scale)), max(1, int(s.Height*scale))
	return scale, max(1, min(w, MaxPixels/h)), max(1, min(h, MaxPixels/w))
}

// pngPainter paints with the current transformation from the scene to pixels.
// gg's line widths do not follow it, so that it keeps the scale itself.
type pngPainter struct {
	*palette
	dc *gg.Context
}

func (p *pngPainter) frame(f Frame) {
	p.dc.DrawRoundedRectangle(f.Box.X, f.Box.Y, f.Box.W, f.Box.H, 10)
	p.dc.SetColor(p.panel)
	p.dc.FillPreserve()
	p.dc.SetColor(p.accent(f.Accent))
	p.stroke(1.6)
}

// stroke draws the path at a width in pixels of the scene.
func (p *pngPainter) stroke(width float64) {
	x0, _ := p.dc.TransformPoint(0, 0)
	x1, y1 := p.dc.TransformPoint(1, 0)
	_, y0 := p.dc.TransformPoint(0, 0)
	p.dc.SetLineWidth(width * math.Hypot(x1-x0, y1-y0))
	p.dc.Stroke()
}

// dash sets dashes in pixels of the scene.
func (p *pngPainter) dash(lengths ...float64) {
	x0, _ := p.dc.TransformPoint(0, 0)
	x1, _ := p.dc.TransformPoint(1, 0)
	for i := range lengths {
		lengths[i] *= x1 - x0
	}
	p.dc.SetDash(lengths...)
}

func (p *pngPainter) rule(r Rule) {
	width := 1.0
	switch r.Kind {
	case PivotalRule:
		width = 3
		p.dash(10, 6)
	case LaneRule:
		p.dash(3, 4)
	}
	p.dc.DrawLine(r.From.X, r.From.Y, r.To.X, r.To.Y)
	p.dc.SetColor(p.rules[r.Kind])
	p.stroke(width)
	p.dc.SetDash()
}

func (p *pngPainter) link(l Link) {
	if l.Dashed {
		p.dash(5, 4)
	}
	p.dc.SetColor(p.linkColor(l.Verb))
	p.dc.MoveTo(l.Points[0].X, l.Points[0].Y)
	for _, c := range corners(l.Points) {
		p.dc.LineTo(c.from.X, c.from.Y)
		p.dc.QuadraticTo(c.at.X, c.at.Y, c.to.X, c.to.Y)
	}
	last := l.Points[len(l.Points)-1]
	p.dc.LineTo(last.X, last.Y)
	p.stroke(1.6)
	p.dc.SetDash()
	if !l.Plain {
		p.arrow(l.Points[len(l.Points)-2], last)
	}
}

func (p *pngPainter) arrow(from, to Point) {
	length := math.Hypot(to.X-from.X, to.Y-from.Y)
	if length == 0 {
		return
	}
	dx, dy := (to.X-from.X)/length, (to.Y-from.Y)/length
	p.dc.MoveTo(to.X, to.Y)
	p.dc.LineTo(to.X-8*dx-3.4*dy, to.Y-8*dy+3.4*dx)
	p.dc.LineTo(to.X-8*dx+3.4*dy, to.Y-8*dy-3.4*dx)
	p.dc.ClosePath()
	p.dc.Fill()
}

func (p *pngPainter) note(n *Note) {
	p.dc.Push()
	defer p.dc.Pop()
	if n.Turn != 0 {
		p.dc.RotateAbout(gg.Radians(n.Turn), n.Box.X+n.Box.W/2, n.Box.Y+n.Box.H/2)
	}
	p.dc.DrawRectangle(n.Box.X+2, n.Box.Y+3, n.Box.W, n.Box.H)
	p.dc.SetColor(p.shadow)
	p.dc.Fill()
	p.dc.DrawRectangle(n.Box.X, n.Box.Y, n.Box.W, n.Box.H)
	p.dc.SetColor(p.palette.paperOf(n.Paper, n.Faded))
	p.dc.FillPreserve()
	if n.Accent > 0 {
		p.dc.SetColor(p.accent(n.Accent - 1))
		p.stroke(2)
	} else if edge, ok := p.edges[n.Paper]; ok {
		p.dc.SetColor(edge)
		p.stroke(1)
	}
	p.dc.ClearPath()
	p.dc.SetColor(p.inkOn(n.Paper, n.Faded))
	for _, s := range n.signs() {
		for _, at := range s {
			p.dc.LineTo(at.X, at.Y)
		}
		p.stroke(1.4)
	}
	weight := lettering.Regular
	if n.Bold {
		weight = lettering.Bold
	}
	for i, line := range n.Text.Lines {
		at := n.lineAt(i)
		p.text(line, at.X-lettering.Width(line, n.Text.Size, weight)/2, at.Y, n.Text.Size, weight)
	}
	for i, line := range n.Lines {
		at := n.detailAt(i)
		p.text(line, at.X, at.Y, n.LineSize, lettering.Regular)
	}
}

func (p *pngPainter) label(l Label) {
	if l.Plate != NoPlate {
		box := l.plate()
		p.dc.DrawRectangle(box.X, box.Y, box.W, box.H)
		p.dc.SetColor(p.panel)
		if l.Plate == GroundPlate {
			p.dc.SetColor(p.ground)
		}
		p.dc.Fill()
	}
	weight := lettering.Regular
	if l.Bold {
		weight = lettering.Bold
	}
	p.dc.SetColor(p.labelColor(l.Role))
	p.text(l.Text, l.At.X, l.At.Y, l.Size, weight)
}

// text fills the outlines of a line of text, its left end at x.
func (p *pngPainter) text(line string, x, y, size float64, weight lettering.Weight) {
	for _, r := range line {
		g := lettering.Shape(r, weight)
		at := func(a [2]float64) (float64, float64) { return x + a[0]*size, y + a[1]*size }
		for _, c := range g.Curves {
			x0, y0 := at(c.Args[0])
			x1, y1 := at(c.Args[1])
			x2, y2 := at(c.Args[2])
			switch c.Op {
			case 'M':
				p.dc.MoveTo(x0, y0)
			case 'L':
				p.dc.LineTo(x0, y0)
			case 'Q':
				p.dc.QuadraticTo(x0, y0, x1, y1)
			case 'C':
				p.dc.CubicTo(x0, y0, x1, y1, x2, y2)
			}
		}
		x += g.Advance * size
	}
	p.dc.Fill()
}
