package importer

import (
	"cmp"
	"github.com/landfall-go/landfall/storm/ast"
	"math"
	"slices"
	"sort"
)

// makeSections makes a section of each label, and of each name at a vertical
// line. Labels in rows, one below the other, make a board that is read row by
// row.
func (t *timeline) makeSections() {
	labels := slices.Clone(t.labels)
	t.nameLines(len(labels) > 0)
	slices.SortStableFunc(labels, func(x, y *label) int { return cmp.Compare(x.box.y, y.box.y) })
	bandOf := t.makeBands(labels)
	slices.SortStableFunc(labels, func(x, y *label) int {
		return cmp.Or(cmp.Compare(bandOf[x], bandOf[y]), cmp.Compare(x.box.x, y.box.x))
	})
	for i, l := range labels {
		s := &stretch{name: l.text, band: bandOf[l], x: l.box.x - t.width/2}
		previous := math.Inf(-1)
		if i > 0 && bandOf[labels[i-1]] == s.band {
			previous = labels[i-1].box.x
		}
		if x, ok := t.boundary(previous, l.box.x, s.band); ok {
			s.x = x
		} else if math.IsInf(previous, -1) {
			s.x = previous
		}
		t.sections = append(t.sections, s)
	}
}

// nameLines makes sections of the names at vertical lines; beside labels they
// are notes.
func (t *timeline) nameLines(labels bool) {
	for _, l := range t.lines {
		switch {
		case l.label == "":
		case labels:
			t.notes = append(t.notes, &note{id: l.id, text: l.label, kind: ast.Note, box: box{x: l.x, y: l.y1}, placed: true})
			t.report.unknown(l.id, "%s: the name of a vertical line", ast.QuoteText(l.label))
		default:
			t.sections = append(t.sections, &stretch{name: l.label, x: l.x})
		}
	}
}

// makeBands makes the bands of a board: one for each row of labels when nothing
// else says how it is read; or else one for each line of a page.
func (t *timeline) makeBands(sorted []*label) map[*label]int {
	of := map[*label]int{}
	if len(t.lanes) > 0 {
		return of
	}
	for _, l := range sorted {
		if last := len(t.bands) - 1; last < 0 || l.box.y > t.bands[last]+t.height {
			t.bands = append(t.bands, l.box.y)
		}
		of[l] = len(t.bands) - 1
	}
	if len(t.bands) == 0 {
		t.bands = t.pageLines()
	}
	return of
}

// boundary returns the vertical line nearest before a label and after the one
// before it.
func (t *timeline) boundary(after, before float64, band int) (x float64, ok bool) {
	for _, l := range t.lines {
		if l.x > after && l.x <= before+t.width/2 && t.crosses(l, band) && (!ok || l.x > x) {
			x, ok = l.x, true
		}
	}
	return x, ok
}

// crosses reports whether a line goes through a band.
func (t *timeline) crosses(l *line, band int) bool {
	if len(t.bands) < 2 || l.y1 == l.y2 {
		return true
	}
	top, bottom := t.bands[band], math.Inf(1)
	if band+1 < len(t.bands) {
		bottom = t.bands[band+1]
	}
	return l.y2 > top && l.y1 < bottom-t.height/2
}

// pageLines finds the lines of a board that is written like a page: at least
// three, each from the left to the right, with free space between them.
func (t *timeline) pageLines() []float64 {
	var ys []float64
	left, right := math.Inf(1), math.Inf(-1)
	for _, n := range t.notes {
		if n.placed {
			ys = append(ys, n.box.y)
			left, right = min(left, n.box.x), max(right, n.box.x)
		}
	}
	sort.Float64s(ys)
	var tops []float64
	for i, y := range ys {
		if i == 0 || y > ys[i-1]+t.height {
			tops = append(tops, y)
		}
	}
	if len(tops) < 3 || !t.full(tops, left, right) {
		return nil
	}
	t.page = true
	t.report.decide("", "the board is read like a page, in %d lines from the top", len(tops))
	return tops
}

// full reports whether all lines but the last have at least five events each
// and reach over most of the width.
func (t *timeline) full(tops []float64, left, right float64) bool {
	type extent struct {
		count       int
		left, right float64
	}
	lines := make([]extent, len(tops))
	for _, n := range t.notes {
		if !n.placed {
			continue
		}
		i := sort.SearchFloat64s(tops, math.Nextafter(n.box.y, math.Inf(1))) - 1
		e := &lines[max(i, 0)]
		if e.count == 0 {
			e.left, e.right = n.box.x, n.box.x
		}
		e.count++
		e.left, e.right = min(e.left, n.box.x), max(e.right, n.box.x)
	}
	for _, e := range lines[:len(lines)-1] {
		if e.count < 5 || e.right-e.left < 0.7*(right-left) {
			return false
		}
	}
	return true
}

// assign gives each note its section, and its lane.
func (t *timeline) assign() {
	events := t.nearby()
	for _, n := range t.notes {
		if !n.placed {
			if len(t.sections) > 0 {
				n.section = t.sections[len(t.sections)-1]
			}
			continue
		}
		at := n
		if len(t.bands) > 1 && !t.page && n.kind != ast.Event {
			if e := events.nearest(n); e != nil {
				at = e
			}
		}
		n.section = t.sectionAt(at)
	}
}

// bandAt returns the band of a note.
func (t *timeline) bandAt(n *note) int {
	band := 0
	for i, top := range t.bands {
		if n.box.y >= top-0.3*t.height {
			band = i
		}
	}
	return band
}

// sectionAt returns the section at the place of a note, or nil.
func (t *timeline) sectionAt(n *note) *stretch {
	band := t.bandAt(n)
	x, _ := n.box.middle()
	var at *stretch
	for _, s := range t.sections {
		if s.band == band && (s.x <= x || band > 0 && at == nil) {
			at = s
		}
	}
	return at
}

// grid finds the nearest event of a place.
type grid struct {
	size  float64
	cells map[[2]int][]*note
}

func (t *timeline) nearby() *grid {
	g := &grid{size: 2 * max(t.width, t.height), cells: map[[2]int][]*note{}}
	for _, n := range t.notes {
		if n.kind == ast.Event && n.placed {
			c := g.cell(n)
			g.cells[c] = append(g.cells[c], n)
		}
	}
	return g
}

func (g *grid) cell(n *note) [2]int {
	x, y := n.box.middle()
	return [2]int{int(math.Floor(x / g.size)), int(math.Floor(y / g.size))}
}

// nearest returns the nearest event within some notes' distance, or nil.
func (g *grid) nearest(n *note) *note {
	x, y := n.box.middle()
	at := g.cell(n)
	var best *note
	nearest := math.Inf(1)
	for dx := -2; dx <= 2; dx++ {
		for dy := -2; dy <= 2; dy++ {
			for _, e := range g.cells[[2]int{at[0] + dx, at[1] + dy}] {
				ex, ey := e.box.middle()
				if d := math.Hypot(ex-x, ey-y); d < nearest {
					best, nearest = e, d
				}
			}
		}
	}
	return best
}
