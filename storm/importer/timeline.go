package importer

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strconv"

	"github.com/landfall-go/landfall/storm/ast"
)

// arrange finds out when each note happens: its rank and its section. A format
// that has the time itself is taken at its word; else it is read off the
// positions.
func (b *board) arrange() {
	for _, n := range b.notes {
		b.placed = b.placed || n.placed
	}
	if !b.placed {
		b.keepLabels()
		b.byOrder()
		return
	}
	t := &timeline{board: b, width: b.usual(func(n *note) float64 { return n.box.w }, noteWidth),
		height: b.usual(func(n *note) float64 { return n.box.h }, noteHeight)}
	t.takeTitles()
	t.nameLanes()
	t.makeSections()
	t.assign()
	t.rank()
	t.makePivotal()
}

// keepLabels makes notes of the labels of a board without positions.
func (b *board) keepLabels() {
	for _, l := range b.labels {
		b.notes = append(b.notes, &note{id: l.id, text: l.text, kind: ast.Note})
		b.report.unknown(l.id, "%s: a label of a board without positions", ast.QuoteText(l.text))
	}
	for _, l := range b.lines {
		if l.label != "" {
			b.notes = append(b.notes, &note{id: l.id, text: l.label, kind: ast.Note})
			b.report.unknown(l.id, "%s: a vertical line of a board without positions", ast.QuoteText(l.label))
		}
	}
}

// byOrder ranks the notes by the time that the format gives them.
func (b *board) byOrder() {
	list := slices.Clone(b.notes)
	slices.SortStableFunc(list, func(x, y *note) int { return cmp.Compare(orderOf(x), orderOf(y)) })
	for i, n := range list {
		n.rank = i
	}
}

func orderOf(n *note) float64 {
	if n.timed {
		return n.order
	}
	return math.Inf(1)
}

// usual returns the size in the middle of those of the notes.
func (b *board) usual(size func(*note) float64, otherwise float64) float64 {
	var all []float64
	for _, n := range b.notes {
		if s := size(n); s > 0 {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return otherwise
	}
	sort.Float64s(all)
	return all[len(all)/2]
}

// timeline reads the time off the positions.
type timeline struct {
	*board
	width, height float64 // of a usual note
	bands         []float64
	page          bool // the bands are the lines of a page
}

// takeTitles takes the labels that stand alone above everything: they are about
// the board and not about a part of the time.
func (t *timeline) takeTitles() {
	top := math.Inf(1)
	for _, n := range t.notes {
		if n.placed {
			top = min(top, n.box.y)
		}
	}
	var rest []*label
	for _, l := range t.labels {
		if l.box.y+1.2*t.height < top && t.alone(l) {
			t.addDoc(l.text)
			t.report.decide(l.id, "the label %s stands above all notes: it is said of the whole storm", ast.QuoteText(l.text))
			continue
		}
		rest = append(rest, l)
	}
	t.labels = rest
}

// alone reports whether no other label stands in the row of a label, away from
// it.
func (t *timeline) alone(l *label) bool {
	for _, o := range t.labels {
		if math.Abs(o.box.y-l.box.y) < 0.6*t.height && math.Abs(o.box.x-l.box.x) > 2*t.width {
			return false
		}
	}
	return true
}

// nameLanes sorts the lanes from the top, and names those without a name after
// the labels at their left.
func (t *timeline) nameLanes() {
	if len(t.lanes) == 0 {
		return
	}
	slices.SortStableFunc(t.lanes, func(x, y *lane) int { return cmp.Compare(x.y, y.y) })
	above := &lane{y: math.Inf(-1)}
	t.lanes = append([]*lane{above}, t.lanes...)
	left := math.Inf(1)
	for _, n := range t.notes {
		if n.placed {
			left = min(left, n.box.x)
		}
	}
	var rest []*label
	for _, l := range t.labels {
		lane := t.laneAt(l.box.y + l.box.h/2)
		if lane.label == "" && l.box.x <= left+t.width {
			lane.label = l.text
			continue
		}
		rest = append(rest, l)
	}
	t.labels = rest
}

// laneAt returns the lane at a height; there is at least one.
func (b *board) laneAt(y float64) *lane {
	at := b.lanes[0]
	for _, l := range b.lanes {
		if l.y <= y {
			at = l
		}
	}
	return at
}

// rank puts the notes in the order of time: by band and section, then column by
// column from left to right, each column from the top. Notes without a position
// come last.
func (t *timeline) rank() {
	index := map[*stretch]int{nil: 0}
	for i, s := range t.sections {
		index[s] = i + 1
	}
	part := func(n *note) int {
		switch {
		case !n.placed:
			return math.MaxInt
		case t.page:
			return t.bandAt(n)
		}
		return index[n.section]
	}
	list := slices.Clone(t.notes)
	slices.SortStableFunc(list, func(x, y *note) int {
		return cmp.Or(cmp.Compare(part(x), part(y)), cmp.Compare(x.box.x, y.box.x), cmp.Compare(x.box.y, y.box.y))
	})
	column := t.columns(list, part)
	slices.SortStableFunc(list, func(x, y *note) int {
		if column[x] != column[y] || !x.placed {
			return cmp.Compare(column[x], column[y])
		}
		return cmp.Or(cmp.Compare(x.box.y, y.box.y), cmp.Compare(x.box.x, y.box.x))
	})
	for i, n := range list {
		n.rank, n.column = i, column[n]
	}
}

// columns numbers the columns of sorted notes: a column is as wide as half a
// note, and ends with its part of the board.
func (t *timeline) columns(list []*note, part func(*note) int) map[*note]int {
	column := make(map[*note]int, len(list))
	at, from := 0, 0.0
	for i, n := range list {
		switch {
		case i == 0:
			from = n.box.x
		case part(n) != part(list[i-1]) || n.placed && n.box.x-from > t.width/2:
			at, from = at+1, n.box.x
		}
		column[n] = at
	}
	return column
}

// laneOf returns the lane that a note lies in, or nil.
func (b *board) laneOf(n *note) *lane {
	if len(b.lanes) == 0 {
		return nil
	}
	for _, l := range b.lanes {
		if n.laneID != "" && l.id == n.laneID {
			return l
		}
	}
	if !n.placed {
		return nil
	}
	_, y := n.box.middle()
	return b.laneAt(y)
}

// name returns a lane's name; the lanes without one are counted.
func (l *lane) name(i int) string {
	if l.label != "" {
		return l.label
	}
	return "Lane " + strconv.Itoa(i+1)
}
