package landing

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/board/session"
)

// columns moves notes along the rows: from left to right each column as far to the left as
// the notes before it in their rows let it, and never before one that lay further to the left.
// A line that stands at an event has its place among them within reach of the event; where that
// cannot be, it goes with the event.
func (t *tidier) columns(notes []*session.Note, rows [][]*session.Note) {
	if len(notes) == 0 {
		return
	}
	a := t.aligner(notes, rows)
	if *t.work <= 0 {
		a.loosen()
	}
	for short := a.align(); len(short) > 0; short = a.align() {
		switch {
		case !a.tight:
			a.tight = true
		case a.passes < mostPasses && *a.work > 0:
			short[0].loose = true
		default:
			a.loosen()
		}
	}
	for _, m := range a.lines {
		if !m.loose {
			m.off = t.rect(m.line).x - t.rect(m.event).x
		}
	}
}

// aligner puts notes into columns: those in a frame, or those outside of all.
type aligner struct {
	*tidier
	sorted []*session.Note
	x      map[string]int // where they lay
	row    map[string]int
	lines  []*mooring
	holder map[*mooring]*session.Note // the event of a line, or the frame that this lies in
	least  map[string]int             // how far to the right a note has to lie at least
	tight  bool                       // lines do not keep how far behind the beginning of their events they are
	passes int                        // that it took so far

	ends  []int // where the next note of a row may begin
	now   int   // where the next column may begin
	gates []gate
}

// gate says where what lay behind an x may begin.
type gate struct{ behind, at int }

func (t *tidier) aligner(notes []*session.Note, rows [][]*session.Note) *aligner {
	a := &aligner{
		tidier: t, sorted: slices.Clone(notes), x: map[string]int{}, row: map[string]int{},
		holder: map[*mooring]*session.Note{}, least: map[string]int{}, ends: make([]int, len(rows)),
	}
	for i, list := range rows {
		for _, n := range list {
			a.row[n.ID] = i
		}
	}
	for _, n := range notes {
		a.x[n.ID] = t.rect(n).x
		if m := t.moored[n.ID]; m != nil {
			a.x[n.ID] = n.X
			a.lines = append(a.lines, m)
			a.holder[m] = m.event
			if _, in := a.row[m.event.ID]; !in {
				a.holder[m] = t.wall.Notes[m.event.Module]
			}
			if a.holder[m] != m.event && n.X < a.holder[m].X {
				m.loose = true
			}
		}
	}
	slices.SortFunc(a.sorted, func(x, y *session.Note) int {
		return cmp.Or(cmp.Compare(a.x[x.ID], a.x[y.ID]), cmp.Compare(t.last[x.ID], t.last[y.ID]), cmp.Compare(a.row[x.ID], a.row[y.ID]), cmp.Compare(x.Y, y.Y), cmp.Compare(x.ID, y.ID))
	})
	slices.SortFunc(a.lines, func(x, y *mooring) int { return cmp.Compare(x.line.ID, y.line.ID) })
	return a
}

// loosen lets all lines go with their events.
func (a *aligner) loosen() {
	for _, m := range a.lines {
		m.loose = true
	}
}

// mostPasses bounds how often lines pull at their events, on a wall that has many where they
// cannot be.
const mostPasses = 100

// align puts all into columns. It returns the lines that cannot have their places, from left to
// right.
func (a *aligner) align() (short []*mooring) {
	clear(a.least)
	for range 12 + len(a.lines) {
		a.passes++
		*a.work -= len(a.sorted) * len(a.lines)
		if short = a.pass(); len(short) == 0 || *a.work <= 0 {
			break
		}
	}
	return short
}

// pass puts all into columns once. It returns the lines that do not reach their events, which
// lie further to the right with the next pass.
func (a *aligner) pass() (short []*mooring) {
	left := a.x[a.sorted[0].ID]
	for i := range a.ends {
		a.ends[i] = left
	}
	a.now, a.gates = left, a.gates[:0]
	for rest := a.sorted; len(rest) > 0; {
		n := 1 // what lay at the same x is one column
		for n < len(rest) && a.x[rest[n].ID] == a.x[rest[0].ID] {
			n++
		}
		short = append(short, a.column(rest[:n])...)
		rest = rest[n:]
	}
	for _, m := range a.lines {
		if at := a.rect(m.event).x + m.off; !m.loose && a.ahead(m) && at > a.rect(m.line).x {
			a.least[m.line.ID] = at
			short = append(short, m)
		}
	}
	return short
}

// column puts the notes of one column, those of one row one behind the other, and then its lines.
func (a *aligner) column(notes []*session.Note) (short []*mooring) {
	for _, g := range a.gates {
		if g.behind < a.x[notes[0].ID] {
			a.push(g.at)
		}
	}
	a.now = a.begin(notes)
	x := a.now
	for _, n := range notes {
		if n.Kind == session.KindLine {
			continue
		}
		over := a.ends[a.row[n.ID] : a.lastRow(n, a.row[n.ID])+1]
		at := max(x, a.least[n.ID], slices.Max(over))
		a.shift(n, at, a.rect(n).y)
		for j := range over {
			over[j] = at + a.rect(n).w + gap
		}
		a.now = max(a.now, at)
	}
	for _, n := range notes {
		if n.Kind != session.KindLine {
			continue
		}
		switch m := a.moored[n.ID]; {
		case m == nil:
			a.stand(n)
		case !m.loose:
			if !a.standAt(m) {
				short = append(short, m)
			}
		}
	}
	return short
}

// begin returns where a column begins.
func (a *aligner) begin(notes []*session.Note) int {
	now := a.now
	taken := make([]bool, len(a.ends))
	for _, n := range notes {
		if n.Kind == session.KindLine {
			continue
		}
		first := a.row[n.ID]
		last := a.lastRow(n, first)
		if !slices.Contains(taken[first:last+1], true) { // else it comes behind another of the column
			now = max(now, a.least[n.ID], slices.Max(a.ends[first:last+1]))
		}
		for i := first; i <= last; i++ {
			taken[i] = true
		}
	}
	return now
}

// push lets the next note of each row begin no earlier.
func (a *aligner) push(at int) {
	for i := range a.ends {
		a.ends[i] = max(a.ends[i], at)
	}
}

// stand puts a line that stands at no event behind all that is before it, and before the rest,
// so that it still stands at none.
func (a *aligner) stand(line *session.Note) {
	for _, end := range a.ends {
		a.now = max(a.now, end-gap+nearly+1)
	}
	a.shift(line, a.now, line.Y)
	a.push(a.now + line.W + gap)
}

// ahead reports whether a line stands before its event, which comes to lie behind it then.
func (a *aligner) ahead(m *mooring) bool { return a.holder[m] == m.event && m.line.X < m.event.X }

// standAt puts a line where it stands at its event, behind all that is before it, and before the
// rest. Where it cannot reach the event, that has to come nearer.
func (a *aligner) standAt(m *mooring) bool {
	holder := a.holder[m]
	clear := away(m.line, m.event)
	for _, n := range a.sorted {
		if a.x[n.ID] >= m.line.X {
			break
		}
		if dist := m.line.X - n.X - n.W; n.Kind != session.KindLine && dist > 0 {
			r := a.rect(n)
			a.now = max(a.now, r.x+r.w+min(dist, clear+1))
		}
	}
	if a.ahead(m) {
		a.now = max(a.now, a.least[m.line.ID])
		a.shift(m.line, a.now, m.line.Y)
		a.push(a.now + m.event.X - m.line.X)
		a.gates = append(a.gates, gate{m.event.X, a.now + m.line.W + gap})
		return true
	}
	reach := a.rect(m.event).x + m.off
	if !a.tight || holder != m.event {
		a.now = max(a.now, reach)
	}
	if holder == m.event { // else the line lies among the notes of the frame already
		reach = max(reach, a.rect(holder).x+a.rect(holder).w)
	}
	a.shift(m.line, a.now, m.line.Y)
	a.push(a.now + m.line.W + gap)
	if a.now > reach {
		a.least[holder.ID] = max(a.least[holder.ID], a.rect(holder).x+a.now-reach)
		return false
	}
	return true
}
