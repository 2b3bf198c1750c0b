// Package grid lays boxes out in columns and rows and runs links between them.
//
// Boxes stand in columns; between two columns is a channel, between two rows a
// corridor. No box ever reaches into a channel, and into a corridor only one
// that spans several rows, so a link that keeps to channels and to corridors
// that are free cannot run through a box. [Board.Lay] decides first which
// channel and corridor each link takes, then gives those that run side by side
// a lane each, and last makes channels and corridors as wide as their lanes
// need: what a picture costs is linear in its boxes and links.
//
// All lengths are in units of the picture, usually pixels. Everything is
// deterministic: the same board gives the same layout.
package grid

// LanePitch is the distance between two links that run side by side.
const LanePitch = 9.0

// lanePad is the distance of the outermost links from what is beside them.
const lanePad = 10.0

// Col is a column of boxes.
type Col struct {
	Width  float64
	Gap    float64 // least width of the channel at its left
	Before float64 // room left of it where no link turns
	After  float64 // the same right of it, behind the links that turn there
}

// Row is a row of boxes.
type Row struct {
	Height       float64
	Gap          float64 // least height of the corridor above it
	Above, Below float64 // room next to it that no link runs in
}

// Item is a box in a cell, or over several rows of a column. It stands in the
// middle of its cell.
type Item struct {
	Col, Row int
	Span     int // rows; 0 is 1
	W, H     float64
}

// Link is a line from the right side of one box to the left side of another.
type Link struct {
	From, To       int // items
	FromRow, ToRow int // where it leaves and arrives on a box of several rows; otherwise ignored
	Class          int // links of one class that share an end may share their way
	Right          bool
	Down           bool
}

// Bar is a vertical line over the whole of a range of rows, in a channel.
type Bar struct {
	Channel  int // the channel left of that column
	From, To int // rows, both included
}

// Board is what is to be laid out. Items of one cell must not be given twice.
type Board struct {
	Cols  []Col
	Rows  []Row
	Items []Item
	Links []Link
	Bars  []Bar
}

// Point is a point of the picture; y grows downwards.
type Point struct{ X, Y float64 }

// Rect is a box of the picture: its upper left corner and its size.
type Rect struct{ X, Y, W, H float64 }

// Layout says where everything lies. The upper left corner of the board is 0, 0.
type Layout struct {
	Boxes  []Rect    // of the items
	Paths  [][]Point // of the links, at least two points each
	Bars   []float64 // x of each bar
	Cols   []float64 // left side of each column
	Rows   []float64 // upper side of each row
	Width  float64
	Height float64
}

// span returns the rows that the item covers: the first, and the one after the
// last.
func (i Item) span() (from, to int) { return i.Row, i.Row + max(i.Span, 1) }

// Lay lays the board out.
func (b *Board) Lay() *Layout {
	r := newRouter(b)
	r.routeAll()
	across := r.lanes(r.vertical, len(b.Cols)+1)
	along := r.lanes(r.horizontal, len(b.Rows)+1)
	out := &Layout{}
	colStart, colLane, width := axis(len(b.Cols), across, func(i int) track {
		c := b.Cols[i]
		before := c.Before
		if i > 0 {
			before += b.Cols[i-1].After
		}
		return track{size: c.Width, gap: c.Gap, before: before}
	})
	rowStart, rowLane, height := axis(len(b.Rows), along, func(i int) track {
		r := b.Rows[i]
		return track{size: r.Height, gap: r.Gap, before: r.Above, after: r.Below}
	})
	if n := len(b.Cols); n > 0 {
		width += b.Cols[n-1].After
	}
	out.Cols, out.Rows, out.Width, out.Height = colStart, rowStart, width, height
	out.Boxes = make([]Rect, len(b.Items))
	for i, item := range b.Items {
		out.Boxes[i] = b.box(item, out)
	}
	r.settle(across)
	out.Paths = make([][]Point, len(b.Links))
	for i := range b.Links {
		out.Paths[i] = r.path(i, out, colLane, rowLane)
	}
	for _, n := range r.bars {
		out.Bars = append(out.Bars, colLane(n.channel, n.lane))
	}
	return out
}

func (b *Board) box(item Item, l *Layout) Rect {
	first, end := item.span()
	col, row := b.Cols[item.Col], b.Rows[first]
	top := l.Rows[first] + (row.Height-item.H)/2
	last := b.Rows[end-1]
	bottom := l.Rows[end-1] + (last.Height+item.H)/2
	return Rect{X: l.Cols[item.Col] + (col.Width-item.W)/2, Y: top, W: item.W, H: bottom - top}
}

// track is a column or a row.
type track struct{ size, gap, before, after float64 }

// axis adds up tracks and the gaps between them. lanes says how many lanes
// each gap has, the first being before the first track, the last after the
// last. It returns where each track starts, and a function for where a lane
// of a gap lies.
func axis(n int, lanes []int, at func(int) track) ([]float64, func(gap, lane int) float64, float64) {
	starts := make([]float64, n)
	middle := make([]float64, n+1)
	pos := 0.0
	for i := range n + 1 {
		var t track
		if i < n {
			t = at(i)
		}
		if need := float64(lanes[i]-1)*LanePitch + 2*lanePad; lanes[i] > 0 {
			t.gap = max(t.gap, need)
		}
		middle[i] = pos + t.gap/2
		pos += t.gap + t.before
		if i < n {
			starts[i] = pos
			pos += t.size + t.after
		}
	}
	lane := func(gap, lane int) float64 {
		return middle[gap] + (float64(lane)-float64(lanes[gap]-1)/2)*LanePitch
	}
	return starts, lane, pos
}
