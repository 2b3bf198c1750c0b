package landing

import (
	"cmp"
	"maps"
	"slices"

	"github.com/landfall-go/landfall/board/session"
)

// mooring is a vertical line and the event that it stands at.
type mooring struct {
	line, event *session.Note
	among       []string // what it is put into order with: the notes in the frame of the event, those outside of all
	off         int      // from the event to the line
	loose       bool     // it has no place among the notes, and goes with the event
}

// linesAtEvents returns the events that the vertical lines of a wall stand at, by the ids of the notes.
func linesAtEvents(wall *session.Wall) map[string]string {
	out := map[string]string{}
	events := eventsOf(wall.Notes)
	for id, line := range wall.Notes {
		if !isLine(line) {
			continue
		}
		if event := events.at(line); event != nil {
			out[id] = event.ID
		}
	}
	return out
}

// moor finds a place among the notes for the lines that stand at events. Where the event stays,
// so does the line.
func (t *tidier) moor(lines map[string]string) {
	for id, at := range lines {
		m := &mooring{line: t.wall.Notes[id], event: t.wall.Notes[at]}
		m.off = m.line.X - m.event.X
		t.moored[id] = m
		if !t.isTidied(m.event) {
			continue
		}
		in := t.container(m.event)
		m.among = append(m.among, in)
		if in != "" && t.chosen(in) {
			m.among = append(m.among, "")
		}
	}
}

// events are notes that lines may stand at, from left to right.
type events struct {
	sorted []*session.Note
	widest int
}

func eventsOf(notes map[string]*session.Note) *events {
	e := &events{}
	for _, n := range notes {
		if n.Kind == session.KindEvent && lands(n) {
			e.sorted = append(e.sorted, n)
			e.widest = max(e.widest, n.W)
		}
	}
	slices.SortFunc(e.sorted, func(a, b *session.Note) int { return cmp.Compare(a.X, b.X) })
	return e
}

// at returns the note of the event that a line stands at.
func (e *events) at(line *session.Note) *session.Note {
	first, _ := slices.BinarySearchFunc(e.sorted, line.X-e.widest-nearly, func(n *session.Note, x int) int { return cmp.Compare(n.X, x) })
	return crosses(line, func(yield func(*session.Note) bool) {
		for _, n := range e.sorted[first:] {
			if n.X > line.X+line.W+nearly || !yield(n) {
				return
			}
		}
	})
}

// settle puts the lines at their events, when these lie where they shall.
func (t *tidier) settle() {
	if len(t.moored) == 0 {
		return
	}
	events := eventsOf(t.notes())
	for _, id := range slices.Sorted(maps.Keys(t.moored)) {
		m := t.moored[id]
		if len(m.among) == 0 {
			continue
		}
		e := t.rect(m.event)
		long := rect{e.x + m.off, m.line.Y, m.line.W, m.line.H}
		if top := min(long.y, e.y); long.y >= e.y+e.h || e.y >= long.y+long.h {
			long.y, long.h = top, max(long.y+long.h, e.y+e.h)-top
		}
		// Where it would stand at another event, further down, it ends before.
		above := rect{long.x, long.y, long.w, e.y + e.h - long.y}
		short := rect{long.x, e.y, long.w, e.h}
		edge := rect{e.x + e.w, e.y, long.w, e.h}
		for _, r := range []rect{long, above, short, edge} {
			line := *m.line
			line.X, line.Y, line.W, line.H = r.x, r.y, r.w, r.h
			t.at[id] = r
			if at := events.at(&line); at != nil && (at.ID == m.event.ID || at.Element != "" && at.Element == m.event.Element) {
				break
			}
		}
	}
}
