package draw

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strings"
	"time"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-pdf/fpdf"
)

// Paper sizes of a PDF.
const (
	OnePage PageSize = ""   // one page that is as large as the picture
	A4      PageSize = "a4" // pages to be put side by side
	A3      PageSize = "a3"
)

// PageSize says on what pages a PDF is.
type PageSize string

// MaxPages is the most pages that a PDF has. A picture that would have more is made
// smaller.
const MaxPages = 64

const (
	maxPoints  = 14_400.0 // the side of the largest page that readers show
	pageMargin = 24.0     // of pages that are put side by side
)

// PDF paints the scene as a PDF file with text that can be searched and marked: on one
// page, or on several in landscape from the upper left to the lower right. A pixel of
// the scene is three quarters of a point, as on screens. Characters beyond the basic
// plane, such as emoji, are shown as boxes. The error wraps ErrUnknown, or says that the
// file could not be made.
func (s *Scene) PDF(t Theme, size PageSize) ([]byte, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	page := fpdf.SizeType{Wd: 1191, Ht: 842}
	scale := 0.75
	columns, rows := 1, 1
	switch size {
	case OnePage:
		scale = min(scale, maxPoints/s.Width, maxPoints/s.Height)
		page = fpdf.SizeType{Wd: max(s.Width*scale, 72), Ht: max(s.Height*scale, 72)}
	case A3, A4:
		if size == A4 {
			page = fpdf.SizeType{Wd: 842, Ht: 595}
		}
		scale, columns, rows = tiles(s.Width, s.Height, page, scale)
	default:
		return nil, fmt.Errorf("draw: %w page size %q: there are %s and %s", ErrUnknown, size, A4, A3)
	}
	p := &pdfPainter{palette: t.palette(), scene: s, pdf: newPDF(s.Title)}
	for row := range rows {
		for column := range columns {
			p.page(page, scale, column, row, size != OnePage)
		}
	}
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("draw: make the PDF: %w", err)
	}
	return out.Bytes(), nil
}

// tiles returns how a picture is spread over pages: at full size, or as large as
// MaxPages can show it.
func tiles(width, height float64, page fpdf.SizeType, scale float64) (float64, int, int) {
	w, h := page.Wd-2*pageMargin, page.Ht-2*pageMargin
	for {
		columns, rows := int(math.Ceil(width*scale/w)), int(math.Ceil(height*scale/h))
		if columns*rows <= MaxPages {
			return scale, max(columns, 1), max(rows, 1)
		}
		scale *= 0.95
	}
}

func newPDF(title string) *fpdf.Fpdf {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt"})
	pdf.SetTitle(pdfText(title), true)
	pdf.SetCreator("Landfall", true)
	at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // the same picture is the same file
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.SetCatalogSort(true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddUTF8FontFromBytes("sans", "", liberationsansregular.TTF)
	pdf.AddUTF8FontFromBytes("sans", "B", liberationsansbold.TTF)
	return pdf
}

// pdfText returns a text without what the font file cannot address.
func pdfText(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '□'
		}
		return r
	}, text)
}

type pdfPainter struct {
	*palette
	scene *Scene
	pdf   *fpdf.Fpdf
	view  Rect // the part of the scene on the page
}

// page paints one page.
func (p *pdfPainter) page(size fpdf.SizeType, scale float64, column, row int, tiled bool) {
	margin := 0.0
	if tiled {
		margin = pageMargin
	}
	w, h := size.Wd-2*margin, size.Ht-2*margin
	p.pdf.AddPageFormat("P", size)
	p.fill(p.ground)
	p.pdf.Rect(0, 0, size.Wd, size.Ht, "F")
	p.view = Rect{X: float64(column) * w / scale, Y: float64(row) * h / scale, W: w / scale, H: h / scale}
	p.pdf.ClipRect(margin, margin, w, h, false)
	p.pdf.TransformBegin()
	p.pdf.TransformTranslate(margin-p.view.X*scale, margin-p.view.Y*scale)
	p.pdf.TransformScale(100*scale, 100*scale, 0, 0)
	p.paint()
	p.pdf.TransformEnd()
	p.pdf.ClipEnd()
}

func (p *pdfPainter) paint() {
	for _, f := range p.scene.Frames {
		if p.sees(f.Box) {
			p.fill(p.panel)
			p.stroke(p.accent(f.Accent), 1.6)
			p.pdf.RoundedRect(f.Box.X, f.Box.Y, f.Box.W, f.Box.H, 10, "1234", "FD")
		}
	}
	for _, r := range p.scene.Rules {
		p.rule(r)
	}
	for _, l := range p.scene.Links {
		p.link(l)
	}
	for i := range p.scene.Notes {
		if p.sees(p.scene.Notes[i].Box) {
			p.note(&p.scene.Notes[i])
		}
	}
	for _, l := range p.scene.Labels {
		p.label(l)
	}
}

// sees reports whether something may be on the page; what is turned is a little larger
// than its box.
func (p *pdfPainter) sees(r Rect) bool {
	const more = 40
	return r.X-more < p.view.X+p.view.W && p.view.X < r.X+r.W+more && r.Y-more < p.view.Y+p.view.H && p.view.Y < r.Y+r.H+more
}

func (p *pdfPainter) fill(c color.RGBA) { p.pdf.SetFillColor(int(c.R), int(c.G), int(c.B)) }

func (p *pdfPainter) stroke(c color.RGBA, width float64) {
	p.pdf.SetDrawColor(int(c.R), int(c.G), int(c.B))
	p.pdf.SetLineWidth(width)
}

func (p *pdfPainter) rule(r Rule) {
	width := 1.0
	switch r.Kind {
	case PivotalRule:
		width = 3
		p.pdf.SetDashPattern([]float64{10, 6}, 0)
	case LaneRule:
		p.pdf.SetDashPattern([]float64{3, 4}, 0)
	}
	p.stroke(p.rules[r.Kind], width)
	p.pdf.Line(r.From.X, r.From.Y, r.To.X, r.To.Y)
	p.pdf.SetDashPattern(nil, 0)
}

func (p *pdfPainter) link(l Link) {
	last := len(l.Points) - 1
	box := Rect{X: l.Points[0].X, Y: l.Points[0].Y}
	for _, at := range l.Points {
		right, bottom := max(box.X+box.W, at.X), max(box.Y+box.H, at.Y)
		box.X, box.Y = min(box.X, at.X), min(box.Y, at.Y)
		box.W, box.H = right-box.X, bottom-box.Y
	}
	if !p.sees(box) {
		return
	}
	c := p.linkColor(l.Verb)
	p.stroke(c, 1.6)
	if l.Dashed {
		p.pdf.SetDashPattern([]float64{5, 4}, 0)
	}
	p.pdf.MoveTo(l.Points[0].X, l.Points[0].Y)
	for _, corner := range corners(l.Points) {
		p.pdf.LineTo(corner.from.X, corner.from.Y)
		p.pdf.CurveTo(corner.at.X, corner.at.Y, corner.to.X, corner.to.Y)
	}
	p.pdf.LineTo(l.Points[last].X, l.Points[last].Y)
	p.pdf.DrawPath("D")
	p.pdf.SetDashPattern(nil, 0)
	if !l.Plain {
		p.arrow(c, l.Points[last-1], l.Points[last])
	}
}

func (p *pdfPainter) arrow(c color.RGBA, from, to Point) {
	length := math.Hypot(to.X-from.X, to.Y-from.Y)
	if length == 0 {
		return
	}
	dx, dy := (to.X-from.X)/length, (to.Y-from.Y)/length
	p.fill(c)
	p.pdf.Polygon([]fpdf.PointType{
		{X: to.X, Y: to.Y}, {X: to.X - 8*dx - 3.4*dy, Y: to.Y - 8*dy + 3.4*dx}, {X: to.X - 8*dx + 3.4*dy, Y: to.Y - 8*dy - 3.4*dx},
	}, "F")
}

func (p *pdfPainter) note(n *Note) {
	if n.Turn != 0 {
		p.pdf.TransformBegin()
		defer p.pdf.TransformEnd()
		p.pdf.TransformRotate(-n.Turn, n.Box.X+n.Box.W/2, n.Box.Y+n.Box.H/2)
	}
	p.fill(p.shadow)
	p.pdf.Rect(n.Box.X+2, n.Box.Y+3, n.Box.W, n.Box.H, "F")
	p.fill(p.paperOf(n.Paper, n.Faded))
	style := "F"
	if n.Accent > 0 {
		p.stroke(p.accent(n.Accent-1), 2)
		style = "FD"
	} else if edge, ok := p.edges[n.Paper]; ok {
		p.stroke(edge, 1)
		style = "FD"
	}
	p.pdf.Rect(n.Box.X, n.Box.Y, n.Box.W, n.Box.H, style)
	ink := p.inkOn(n.Paper, n.Faded)
	p.stroke(ink, 1.4)
	for _, sign := range n.signs() {
		for i, at := range sign {
			if i == 0 {
				p.pdf.MoveTo(at.X, at.Y)
			} else {
				p.pdf.LineTo(at.X, at.Y)
			}
		}
		p.pdf.DrawPath("D")
	}
	p.pdf.SetTextColor(int(ink.R), int(ink.G), int(ink.B))
	for i, line := range n.Text.Lines {
		p.text(line, n.lineAt(i), n.Text.Size, n.Bold, true)
	}
	for i, line := range n.Lines {
		p.text(line, n.detailAt(i), n.LineSize, false, false)
	}
}

func (p *pdfPainter) label(l Label) {
	box := l.plate()
	if !p.sees(box) {
		return
	}
	switch l.Plate {
	case FramePlate:
		p.fill(p.panel)
		p.pdf.Rect(box.X, box.Y, box.W, box.H, "F")
	case GroundPlate:
		p.fill(p.ground)
		p.pdf.Rect(box.X, box.Y, box.W, box.H, "F")
	}
	c := p.labelColor(l.Role)
	p.pdf.SetTextColor(int(c.R), int(c.G), int(c.B))
	p.text(l.Text, l.At, l.Size, l.Bold, false)
}

// text writes a line at its baseline.
func (p *pdfPainter) text(line string, at Point, size float64, bold, centred bool) {
	style := ""
	if bold {
		style = "B"
	}
	line = pdfText(line)
	p.pdf.SetFont("sans", style, size)
	if centred {
		at.X -= p.pdf.GetStringWidth(line) / 2
	}
	p.pdf.Text(at.X, at.Y, line)
}
