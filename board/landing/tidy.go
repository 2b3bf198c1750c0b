package landing

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/board/session"
)

// Tidy returns where notes come to lie when they are put into order: in rows, from left
// to right, without overlaps. Nobody's order is lost: of two notes the one that lay
// further to the left lies so afterwards, and what lay in one row stays in one. Frames
// are put into order with what lies in them, and get as large as that takes. Without ids it is the
// whole wall; else it is those notes, with all that lies in the frames among them. Only the
// notes that move or change their size are returned. A vertical line goes with the event that
// it makes pivotal, so that it still does.
func Tidy(wall *session.Wall, ids []string) []session.Place {
	t := &tidier{wall: wall, at: map[string]rect{}, last: map[string]int{}, lines: map[*session.Note]*session.Note{}}
	chosen := map[string]bool{}
	for _, id := range ids {
		chosen[id] = true
	}
	inside := map[string][]*session.Note{}
	for _, n := range wall.Notes {
		frame := wall.Notes[n.Module]
		in := frame != nil && frame.Kind == session.KindModule && frame.ID != n.ID
		if ids == nil || chosen[n.ID] || in && chosen[frame.ID] {
			key := ""
			if in {
				key = frame.ID
			}
			if n.Kind == session.KindLane || n.Private || t.framed(n) {
				continue
			}
			inside[key] = append(inside[key], n)
		}
	}
	for id, notes := range inside {
		if id != "" {
			t.frame(wall.Notes[id], notes, ids == nil || chosen[id])
		}
	}
	t.rows(inside[""])
	for line, event := range t.lines {
		r := rectOf(line)
		r.x += t.rect(event).x - event.X
		t.at[line.ID] = r
	}
	return t.places()
}

type tidier struct {
	wall  *session.Wall
	at    map[string]rect                 // where notes lie now, if they were moved
	last  map[string]int                  // the last row of notes that reach over several
	lines map[*session.Note]*session.Note // vertical lines that stand at an event in a frame
}

// framed reports whether a note is a vertical line that crosses a frame to stand at an event
// in it: then it does not come behind all of the frame.
func (t *tidier) framed(line *session.Note) bool {
	if !isLine(line) {
		return false
	}
	event := crosses(line, func(yield func(*session.Note) bool) {
		for _, n := range t.wall.Notes {
			if n.Module != line.Module && t.wall.Notes[n.Module] != nil && !yield(n) {
				return
			}
		}
	})
	if event != nil {
		t.lines[line] = event
	}
	return event != nil
}

func (t *tidier) rect(n *session.Note) rect {
	if r, ok := t.at[n.ID]; ok {
		return r
	}
	return rectOf(n)
}

// frame puts what lies in a frame into order, and makes the frame fit.
func (t *tidier) frame(frame *session.Note, notes []*session.Note, whole bool) {
	t.rows(notes)
	if !whole {
		return
	}
	var all rect
	for _, n := range notes {
		all = all.union(t.rect(n))
	}
	box := rectOf(frame)
	dx, dy := box.x+gap-all.x, box.y+frameHead-all.y
	for _, n := range notes {
		r := t.rect(n)
		r.x, r.y = r.x+dx, r.y+dy
		t.at[n.ID] = r
	}
	box.w, box.h = max(all.w+2*gap, 240), max(all.h+frameHead+gap, 120)
	t.at[frame.ID] = box
}

// rows puts notes into rows. Vertical lines keep their place in time: they belong to no
// row. A high note that lies beside several rows, as an aggregate does, gets as high as
// these are.
func (t *tidier) rows(notes []*session.Note) {
	byRow := t.readRows(notes)
	ends := t.spans(byRow)
	top := t.top(byRow)
	bottoms := make([]int, len(byRow))
	for i, row := range byRow {
		bottom := top
		for _, n := range row {
			r := t.rect(n)
			t.shift(n, r.x, top)
			if _, over := t.last[n.ID]; !over {
				bottom = max(bottom, top+r.h)
			}
		}
		if ends[i] { // a note that reaches over rows stays high enough to be seen as such
			bottom = max(bottom, top+usualHeight)
		}
		bottoms[i] = bottom
		top = bottom + gap
	}
	for _, row := range byRow {
		for _, n := range row {
			if last, over := t.last[n.ID]; over {
				r := t.rect(n)
				r.h = bottoms[last] - r.y
				t.at[n.ID] = r
			}
		}
	}
	t.columns(notes, byRow)
}

// usualHeight is that of a note for which nobody chose another.
const usualHeight = 112

// top returns where the first row begins.
func (t *tidier) top(rows [][]*session.Note) int {
	if len(rows) == 0 {
		return 0
	}
	top := t.rect(rows[0][0]).y
	for _, n := range rows[0] {
		top = min(top, t.rect(n).y)
	}
	return top
}

// spans finds the notes that lie beside several rows, and tells in which rows any begins
// or ends.
func (t *tidier) spans(rows [][]*session.Note) []bool {
	ends := make([]bool, len(rows))
	for i, row := range rows {
		for _, n := range row {
			r := t.rect(n)
			if n.Kind == session.KindModule || r.h < 2*usualHeight {
				continue
			}
			for j := i + 1; j < len(rows) && t.top(rows[j:]) < r.y+r.h; j++ {
				t.last[n.ID] = j
			}
			if last, over := t.last[n.ID]; over {
				ends[i], ends[last] = true, true
			}
		}
	}
	return ends
}

// lastRow returns the last row that a note reaches to, given its first.
func (t *tidier) lastRow(n *session.Note, first int) int { return max(first, t.last[n.ID]) }

// readRows finds the rows of notes: a note is in a row when it begins no lower than the
// middle of the row's first note.
func (t *tidier) readRows(notes []*session.Note) [][]*session.Note {
	var free []*session.Note
	for _, n := range notes {
		if n.Kind != session.KindLine {
			free = append(free, n)
		}
	}
	slices.SortFunc(free, func(a, b *session.Note) int {
		return cmp.Or(cmp.Compare(t.rect(a).y, t.rect(b).y), cmp.Compare(t.rect(a).h, t.rect(b).h), cmp.Compare(a.ID, b.ID))
	})
	var rows [][]*session.Note
	limit := 0
	for _, n := range free {
		r := t.rect(n)
		if len(rows) == 0 || r.y > limit {
			rows = append(rows, nil)
			limit = r.y + min(r.h, usualHeight)/2
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], n)
	}
	return rows
}

// columns moves notes along the rows: from left to right each column as far to the left as
// the notes before it in their rows let it, and never before one that lay further to the left.
func (t *tidier) columns(notes []*session.Note, rows [][]*session.Note) {
	row := map[string]int{}
	for i, list := range rows {
		for _, n := range list {
			row[n.ID] = i
		}
	}
	sorted := slices.Clone(notes)
	slices.SortFunc(sorted, func(a, b *session.Note) int {
		return cmp.Or(cmp.Compare(t.rect(a).x, t.rect(b).x), cmp.Compare(t.last[a.ID], t.last[b.ID]), cmp.Compare(row[a.ID], row[b.ID]), cmp.Compare(a.Y, b.Y), cmp.Compare(a.ID, b.ID))
	})
	ends := make([]int, len(rows)) // where the next note of a row may begin
	if len(sorted) == 0 {
		return
	}
	left := t.rect(sorted[0]).x
	for i := range ends {
		ends[i] = left
	}
	now := left
	for len(sorted) > 0 {
		n := 1 // what lay at the same x is one column
		for n < len(sorted) && t.rect(sorted[n]).x == t.rect(sorted[0]).x {
			n++
		}
		taken := make([]bool, len(rows))
		for _, note := range sorted[:n] {
			if note.Kind == session.KindLine {
				continue
			}
			first := row[note.ID]
			last := t.lastRow(note, first)
			if !slices.Contains(taken[first:last+1], true) { // else it comes behind another of the column
				now = max(now, slices.Max(ends[first:last+1]))
			}
			for i := first; i <= last; i++ {
				taken[i] = true
			}
		}
		now = t.column(sorted[:n], row, ends, now)
		sorted = sorted[n:]
	}
}

// column puts the notes of one column at x, those of one row one behind the other, and
// returns where the last of them lies. A vertical line comes behind all that is before
// it, and before the rest.
func (t *tidier) column(notes []*session.Note, row map[string]int, ends []int, x int) int {
	now := x
	for _, n := range notes {
		if n.Kind == session.KindLine {
			continue
		}
		i := row[n.ID]
		over := ends[i : t.lastRow(n, i)+1]
		at := max(x, slices.Max(over))
		t.shift(n, at, t.rect(n).y)
		for j := range over {
			over[j] = at + t.rect(n).w + gap
		}
		now = max(now, at)
	}
	for _, n := range notes {
		if n.Kind != session.KindLine {
			continue
		}
		for _, end := range ends {
			now = max(now, end-gap+nearly/2) // so close that it stands at an event there
		}
		r := t.rect(n)
		t.shift(n, now, r.y)
		for i := range ends {
			ends[i] = now + r.w + gap
		}
	}
	return now
}

// shift moves a note, and with a frame all that lies in it.
func (t *tidier) shift(n *session.Note, x, y int) {
	r := t.rect(n)
	dx, dy := x-r.x, y-r.y
	if dx == 0 && dy == 0 {
		return
	}
	r.x, r.y = x, y
	t.at[n.ID] = r
	if n.Kind != session.KindModule {
		return
	}
	for _, inner := range t.wall.Notes {
		if inner.Module == n.ID && inner.ID != n.ID && !inner.Private {
			i := t.rect(inner)
			i.x, i.y = i.x+dx, i.y+dy
			t.at[inner.ID] = i
		}
	}
}

// places returns what is elsewhere now, or of another size.
func (t *tidier) places() []session.Place {
	var out []session.Place
	for id, r := range t.at {
		n := t.wall.Notes[id]
		if r != rectOf(n) {
			out = append(out, session.Place{ID: id, X: r.x, Y: r.y, W: r.w, H: r.h, Module: n.Module})
		}
	}
	slices.SortFunc(out, func(a, b session.Place) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
