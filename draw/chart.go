package draw

import (
	"github.com/landfall-go/landfall/draw/internal/grid"
)

// chart is a picture that is made by hand, cell by cell: maps and walks.
type chart struct {
	board  grid.Board
	notes  []Note // their boxes hold only their sizes until the chart is laid out
	texts  []chartText
	links  []Link
	frames []chartFrame
}

// chartText is what is to be written on a note.
type chartText struct {
	text        string
	most, least float64
	lines       []string
}

// chartFrame is a frame around whole rows.
type chartFrame struct {
	frame    Frame
	labels   func(Rect) []Label
	from, to int
}

// grow makes the board at least as large.
func (c *chart) grow(cols, rows int, col grid.Col, row grid.Row) {
	for len(c.board.Cols) < cols {
		c.board.Cols = append(c.board.Cols, col)
	}
	for len(c.board.Rows) < rows {
		c.board.Rows = append(c.board.Rows, row)
	}
}

// note puts a note of that size into a cell and returns its number.
func (c *chart) note(n Note, text chartText, col, row, span int, w, h float64) int {
	c.board.Cols[col].Width = max(c.board.Cols[col].Width, w)
	if span <= 1 {
		c.board.Rows[row].Height = max(c.board.Rows[row].Height, h)
	}
	c.board.Items = append(c.board.Items, grid.Item{Col: col, Row: row, Span: span, W: w, H: h})
	c.notes = append(c.notes, n)
	c.texts = append(c.texts, text)
	return len(c.notes) - 1
}

func (c *chart) link(from, to, fromRow, toRow int, l Link) {
	l.From, l.To = from, to
	c.links = append(c.links, l)
	c.board.Links = append(c.board.Links, grid.Link{From: from, To: to, FromRow: fromRow, ToRow: toRow})
}

// scene lays the chart out.
func (c *chart) scene(title string) (s *Scene, width, height float64) {
	l := c.board.Lay()
	s = &Scene{Title: title}
	for _, f := range c.frames {
		first := c.board.Rows[f.from]
		box := Rect{X: 2, Y: l.Rows[f.from] - first.Above + 4, W: l.Width - 4}
		box.H = l.Rows[f.to] + c.board.Rows[f.to].Height + c.board.Rows[f.to].Below - 4 - box.Y
		f.frame.Box = box
		s.Frames = append(s.Frames, f.frame)
		s.Labels = append(s.Labels, f.labels(box)...)
	}
	for i, n := range c.notes {
		n.Box = l.Boxes[i]
		t := c.texts[i]
		if t.text != "" {
			n.write(t.text, t.most, t.least)
		}
		n.list(t.lines)
		s.Notes = append(s.Notes, n)
	}
	for i, link := range c.links {
		link.Points = l.Paths[i]
		s.Links = append(s.Links, link)
	}
	return s, l.Width, l.Height
}

// join puts another scene below this one, at that height.
func (s *Scene) join(o *Scene, at float64) {
	o.shift(0, at)
	first := len(s.Notes)
	for i := range o.Links {
		o.Links[i].From += first
		o.Links[i].To += first
	}
	s.Frames = append(s.Frames, o.Frames...)
	s.Notes = append(s.Notes, o.Notes...)
	s.Links = append(s.Links, o.Links...)
	s.Rules = append(s.Rules, o.Rules...)
	s.Labels = append(s.Labels, o.Labels...)
}
