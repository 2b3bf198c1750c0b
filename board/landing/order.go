package landing

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
	"github.com/landfall-go/landfall/storm/model"
)

// moment is an event that nothing is linked with, at its place in the text and on
// the wall.
type moment struct {
	id   string
	note *session.Note
	band int // the row of a wall that is read like a page
}

// moments returns the events of a module that stand in the text where their time
// is: on lines of their own, before anything that mentions them.
func (f *follower) moments(m *model.Module) []moment {
	type line struct {
		e  *model.Element
		at ast.Place
	}
	var lines []line
	for _, e := range m.Elements {
		if e.Kind == ast.Event && len(e.Declared) > 0 && e.Mentions[0].Role == model.Declaration {
			lines = append(lines, line{e, e.Declared[0]})
		}
	}
	slices.SortFunc(lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.at.File, b.at.File), cmp.Compare(a.at.Start.Offset, b.at.Start.Offset))
	})
	var out []moment
	for _, l := range lines {
		id := l.e.ID()
		var note *session.Note
		for _, holder := range f.holders[id] {
			if n := f.live(holder); n != nil && (note == nil || leftToRight(n, note) < 0) {
				note = n
			}
		}
		if note != nil {
			out = append(out, moment{id: id, note: note})
		}
	}
	return out
}

// readBands finds the rows of a wall that is read like a page: where the text goes
// on, the wall begins again further to the left and below. Rows that are mixed up
// with one another are none.
func readBands(list []moment) {
	type row struct{ top, bottom int }
	var rows []row
	for i := range list {
		n := list[i].note
		if i == 0 || n.X+3*n.W < list[i-1].note.X && n.Y >= list[i-1].note.Y+list[i-1].note.H/2 {
			rows = append(rows, row{n.Y, n.Y + n.H})
		}
		r := &rows[len(rows)-1]
		r.top, r.bottom = min(r.top, n.Y), max(r.bottom, n.Y+n.H)
		list[i].band = len(rows) - 1
	}
	for i := 1; i < len(rows); i++ {
		if rows[i].top < rows[i-1].bottom {
			for j := range list {
				list[j].band = 0
			}
			return
		}
	}
}

// bandOf returns the row that a note lies in.
func bandOf(list []moment, n *session.Note) int {
	band, least := 0, -1
	for _, m := range list {
		away := abs(m.note.Y + m.note.H/2 - n.Y - n.H/2)
		if least < 0 || away < least {
			band, least = m.band, away
		}
	}
	return band
}

func abs(x int) int { return max(x, -x) }

// earlier reports whether a moment comes before another: in a row above, further to
// the left, or above in one column.
func earlier(a, b moment) bool {
	if a.band != b.band {
		return a.band < b.band
	}
	if overlap := min(a.note.X+a.note.W, b.note.X+b.note.W) - max(a.note.X, b.note.X); 2*overlap > min(a.note.W, b.note.W) {
		return cmp.Or(cmp.Compare(a.note.Y, b.note.Y), cmp.Compare(a.note.X, b.note.X), cmp.Compare(a.note.ID, b.note.ID)) < 0
	}
	return a.note.X < b.note.X
}

// slot returns the place in a list at which a moment is out of order with as few
// others as can be; of several such places the nearest to now.
func slot(list []moment, m moment, now int) int {
	wrong := 0 // at the start: those that come before it, but stand behind it
	for _, o := range list {
		if earlier(o, m) {
			wrong++
		}
	}
	best, least := 0, wrong
	for i, o := range list {
		if earlier(o, m) {
			wrong--
		} else {
			wrong++
		}
		if wrong < least || wrong == least && abs(i+1-now) < abs(best-now) {
			best, least = i+1, wrong
		}
	}
	return best
}

// beside says for each new event after which other it comes.
func (f *follower) beside() {
	slices.SortStableFunc(f.added, func(a, b addition) int { return leftToRight(a.notes[0], b.notes[0]) })
	lists := map[string][]moment{}
	for i := range f.added {
		a := &f.added[i]
		if a.add.Kind != ast.Event {
			continue
		}
		list, ok := lists[a.add.Module]
		if !ok {
			list = f.moments(f.batch.Model().Module(a.add.Module))
			readBands(list)
			lists[a.add.Module] = list
		}
		if len(list) == 0 {
			continue
		}
		m := moment{note: a.notes[0], band: bandOf(list, a.notes[0])}
		if at := slot(list, m, len(list)); at > 0 {
			a.add.After = list[at-1].id
		} else {
			a.add.After, a.add.Before = list[0].id, true
		}
	}
}

// mostMoves is how many notes are moved in the text one by one; more are put into
// order together.
const mostMoves = 4

// order puts events that were moved on the wall past others to where they are now.
func (f *follower) order() {
	moved := map[string]bool{}
	modules := map[string]bool{}
	for _, id := range f.order_ {
		element := f.Element(id)
		if e := f.batch.Model().Element(element); e != nil && e.Kind == ast.Event {
			moved[element] = true
			modules[e.Module.Name] = true
		}
	}
	for _, m := range f.batch.Model().Modules {
		if modules[m.Name] {
			f.orderIn(m, moved)
		}
	}
	if modules[""] {
		f.orderIn(f.batch.Model().Free, moved)
	}
}

// orderIn puts the events of a module that were moved to where they are now: one by one, or
// together when there are many.
func (f *follower) orderIn(m *model.Module, moved map[string]bool) {
	list := f.moments(m)
	shall, count := reordered(list, moved)
	first, last := 0, len(list)-1
	for first <= last && list[first].id == shall[first].id {
		first++
	}
	for last > first && list[last].id == shall[last].id {
		last--
	}
	if first >= last {
		return
	}
	if count > mostMoves {
		var ids []string
		for _, x := range shall[first : last+1] {
			ids = append(ids, x.id)
		}
		if f.do(edit.Order{IDs: ids}) == nil {
			return
		}
	}
	for i, x := range shall {
		if moved[x.id] {
			f.moveIn(m.Name, shall, i)
		}
	}
}

// reordered returns a list with those that were moved at their places, and how many there are.
func reordered(list []moment, moved map[string]bool) (shall []moment, count int) {
	now := map[string]int{}
	var rest, out []moment
	for i, x := range list {
		now[x.id] = i
		if moved[x.id] {
			out = append(out, x)
		} else {
			rest = append(rest, x)
		}
	}
	readBands(rest)
	slices.SortFunc(out, func(a, b moment) int { return leftToRight(a.note, b.note) })
	shall = slices.Clone(rest)
	for _, x := range out {
		x.band = bandOf(rest, x.note)
		shall = slices.Insert(shall, slot(shall, x, now[x.id]), x)
	}
	return shall, len(out)
}

// moveIn puts one event behind the one before it in a list. Where it cannot go, it
// stays: the order of time is a loose one.
func (f *follower) moveIn(module string, shall []moment, i int) {
	now := f.moments(f.batch.Model().Module(module))
	at := slices.IndexFunc(now, func(m moment) bool { return m.id == shall[i].id })
	switch {
	case i == 0 && at != 0:
		_ = f.do(edit.Move{ID: shall[i].id, Target: now[0].id, Before: true})
	case i > 0 && (at == 0 || now[at-1].id != shall[i-1].id):
		_ = f.do(edit.Move{ID: shall[i].id, Target: shall[i-1].id})
	}
}
