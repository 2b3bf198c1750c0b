package landing

import (
	"cmp"
	"maps"
	"slices"

	"github.com/landfall-go/landfall/board/session"
)

// Tidy returns where notes come to lie when they are put into order: in rows, from left
// to right, without overlaps. Nobody's order is lost: of two notes the one that lay
// further to the left lies so afterwards, and what lay in one row stays in one. Frames
// are put into order with what lies in them, and get as large as that takes. Without ids it is the
// whole wall; else it is those notes, with all that lies in the frames among them. Only the
// notes that move or change their size are returned.
//
// A vertical line that stands at an event still does afterwards, and goes with it where only
// the event is among the ids. It keeps its place among the notes, too, unless there is none within
// reach of the event: because notes lay on one another, or because the frame that the event lies
// in gets narrower. Where it would come to stand at another event, further down, it ends before.
func Tidy(wall *session.Wall, ids []string) []session.Place {
	now := &session.Wall{Notes: wall.Notes}
	lines := linesAtEvents(wall)
	work := mostWork
	for range mostTries {
		t := newTidier(now, ids)
		t.work = &work
		t.moor(lines)
		t.tidy()
		now = &session.Wall{Notes: t.notes()}
		if len(t.moored) == 0 || !t.moves() {
			break
		}
	}
	var out []session.Place
	for id, n := range now.Notes {
		if rectOf(n) != rectOf(wall.Notes[id]) {
			out = append(out, session.Place{ID: id, X: n.X, Y: n.Y, W: n.W, H: n.H, Module: n.Module})
		}
	}
	slices.SortFunc(out, func(a, b session.Place) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// mostTries bounds how often a wall is put into order again, because its lines may lie among
// other notes than before.
const mostTries = 8

// mostWork bounds how many notes are looked at for the places of lines, about a tenth of a
// second. On a wall whose many lines cannot be where they belong, they go with their events then.
const mostWork = 20_000_000

type tidier struct {
	wall   *session.Wall
	work   *int // what is left of mostWork
	chosen func(id string) bool
	at     map[string]rect     // where notes lie now, if they were moved
	last   map[string]int      // the last row of notes that reach over several
	moored map[string]*mooring // lines that stand at an event
}

func newTidier(wall *session.Wall, ids []string) *tidier {
	list := map[string]bool{}
	for _, id := range ids {
		list[id] = true
	}
	return &tidier{
		wall: wall, at: map[string]rect{}, last: map[string]int{}, moored: map[string]*mooring{},
		chosen: func(id string) bool { return ids == nil || list[id] },
	}
}

func (t *tidier) tidy() {
	inside := map[string][]*session.Note{}
	for _, n := range t.wall.Notes {
		if n.Kind == session.KindLane || n.Private {
			continue
		}
		if m := t.moored[n.ID]; m != nil {
			for _, key := range m.among {
				inside[key] = append(inside[key], n)
			}
		} else if t.isTidied(n) {
			inside[t.container(n)] = append(inside[t.container(n)], n)
		}
	}
	for id, notes := range inside {
		if id != "" {
			t.frame(t.wall.Notes[id], notes, t.chosen(id))
		}
	}
	t.rows(inside[""])
	t.settle()
}

// container returns the id of the frame that a note lies in, or "".
func (t *tidier) container(n *session.Note) string {
	if frame := t.wall.Notes[n.Module]; frame != nil && frame.Kind == session.KindModule && frame.ID != n.ID {
		return frame.ID
	}
	return ""
}

// isTidied reports whether a note is put into order.
func (t *tidier) isTidied(n *session.Note) bool {
	in := t.container(n)
	return t.chosen(n.ID) || in != "" && t.chosen(in)
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
		if t.moored[n.ID] == nil {
			all = all.union(t.rect(n))
		}
	}
	box := rectOf(frame)
	dx, dy := box.x+gap-all.x, box.y+frameHead-all.y
	for _, n := range notes {
		r := t.rect(n)
		r.x += dx
		if t.moored[n.ID] == nil {
			r.y += dy
		}
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

// moves reports whether anything lies elsewhere now.
func (t *tidier) moves() bool {
	for id, r := range t.at {
		if r != rectOf(t.wall.Notes[id]) {
			return true
		}
	}
	return false
}

// notes returns the notes where they lie now.
func (t *tidier) notes() map[string]*session.Note {
	out := maps.Clone(t.wall.Notes)
	for id, r := range t.at {
		n := *out[id]
		n.X, n.Y, n.W, n.H = r.x, r.y, r.w, r.h
		out[id] = &n
	}
	return out
}
