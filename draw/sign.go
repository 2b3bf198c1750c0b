package draw

import (
	"math"
	"strings"

	"github.com/landfall-go/landfall/draw/internal/lettering"
)

// ascent and descent of the letters, in sizes.
const ascent, descent = 0.905, 0.212

// lineAt returns the middle of the baseline of a line of the note's text,
// before the note is turned.
func (n *Note) lineAt(i int) Point {
	area := n.writing()
	pitch := n.Text.Size * lettering.LineHeight
	top := area.Y + (area.H-n.Text.Height())/2
	if len(n.Lines) > 0 {
		top = area.Y
	}
	return Point{X: area.X + area.W/2, Y: top + float64(i)*pitch + baseline(n.Text.Size)}
}

// detailAt returns the left end of the baseline of one of the note's lines of
// detail, which stand below its text.
func (n *Note) detailAt(i int) Point {
	area := n.writing()
	y := area.Y + n.Text.Height() + 6
	return Point{X: area.X + 3, Y: y + float64(i)*n.LineSize*lettering.LineHeight + baseline(n.LineSize)}
}

// baseline returns how far below the top of a line its letters stand.
func baseline(size float64) float64 {
	return (size*lettering.LineHeight-size*(ascent+descent))/2 + size*ascent
}

// plate returns the ground under a label.
func (l Label) plate() Rect {
	w := lettering.Regular
	if l.Bold {
		w = lettering.Bold
	}
	return Rect{X: l.At.X - 3, Y: l.At.Y - l.Size*ascent, W: lettering.Width(l.Text, l.Size, w) + 6, H: l.Size * (ascent + descent)}
}

// signs returns the drawings on a note, as lines through points: a person, a
// clock, the arrow of what leaves its module.
func (n *Note) signs() [][]Point {
	var out [][]Point
	at := Point{X: n.Box.X + n.Box.W/2, Y: n.Box.Y + inset + 8}
	if n.Box.H <= 32 {
		at = Point{X: n.Box.X + 12, Y: n.Box.Y + n.Box.H/2}
	}
	if n.Person {
		out = append(out, arc(Point{X: at.X, Y: at.Y - 3.2}, 3.2, 0, 2*math.Pi), arc(Point{X: at.X, Y: at.Y + 7}, 6, math.Pi, 2*math.Pi))
	}
	if n.Clock {
		out = append(out, arc(at, 7, 0, 2*math.Pi), []Point{{X: at.X, Y: at.Y - 4.5}, at, {X: at.X + 3.5, Y: at.Y + 1.5}})
	}
	if n.Published {
		x, y := n.Box.X+n.Box.W-5, n.Box.Y+5
		out = append(out, []Point{{X: x - 8, Y: y + 8}, {X: x, Y: y}}, []Point{{X: x - 6, Y: y}, {X: x, Y: y}, {X: x, Y: y + 6}})
	}
	return out
}

// arc returns points on a circle.
func arc(center Point, r, from, to float64) []Point {
	const steps = 16
	out := make([]Point, steps+1)
	for i := range out {
		a := from + (to-from)*float64(i)/steps
		out[i] = Point{X: center.X + r*math.Cos(a), Y: center.Y + r*math.Sin(a)}
	}
	return out
}

func signData(points []Point) string {
	var b strings.Builder
	for i, p := range points {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(num(p.X) + " " + num(p.Y))
	}
	return b.String()
}
