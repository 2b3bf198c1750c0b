package landing

import (
	"maps"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
)

// mostGap is how far before a vertical line its event may lie, in pixels.
const mostGap = 400

// marks lets what is pivotal follow the notes that are marked so, and the vertical
// lines.
func (f *follower) marks() {
	events := map[string]bool{} // whose mark may have changed
	for _, id := range slices.Sorted(maps.Keys(f.dirty)) {
		n := f.wall.Notes[id]
		old := f.notes[id]
		if old != nil && kindIn(old.element) == ast.Event {
			events[old.element] = true
		}
		if n != nil && n.Kind == session.KindLine && !n.Private {
			if old != nil && old.note == n {
				continue
			}
			f.drawLine(n, events)
		} else if old != nil && (n == nil || n.Kind == session.KindLine) {
			events[lineEvent(f.Element(id))] = true
			f.forget(id)
		}
	}
	for _, event := range f.unlined {
		events[event] = true
	}
	for _, id := range slices.Sorted(maps.Keys(events)) {
		e := f.batch.Model().Element(id)
		if e == nil || e.Pivotal == f.pivotal(id) {
			continue
		}
		f.deep = true
		if err := f.do(edit.Pivot{ID: id, Pivotal: f.pivotal(id)}); err != nil {
			f.refuse(id, err, f.holders[id]...)
		}
	}
}

// drawLine lets a vertical line stand at the event that is there.
func (f *follower) drawLine(n *session.Note, events map[string]bool) {
	events[lineEvent(f.Element(n.ID))] = true
	at := f.eventAt(n)
	events[at] = true
	delete(f.refused, n.ID)
	if at != "" {
		at = atLine + at
	}
	f.bind(n, at)
}

// atLine stands before the id of the event that a vertical line stands at.
const atLine = "line:"

// lineEvent returns the event of a line.
func lineEvent(id string) string {
	event, _ := strings.CutPrefix(id, atLine)
	return event
}

// pivotal reports whether the wall says that an event is pivotal: a note of it is
// marked so, or a line stands at it.
func (f *follower) pivotal(id string) bool {
	return len(f.holders[atLine+id]) > 0 || slices.ContainsFunc(f.holders[id], func(holder string) bool {
		n := f.wall.Notes[holder]
		return n != nil && n.Pivotal
	})
}

// eventAt returns the event that a vertical line stands at: one that it goes
// through, or the nearest before it; of several in one column the lowest.
func (f *follower) eventAt(line *session.Note) string {
	best, gap, low := "", mostGap, 0
	x := line.X + line.W/2
	for _, n := range f.wall.Notes {
		if n.Kind != session.KindEvent || f.Element(n.ID) == "" || n.X > x || n.Y > line.Y+max(line.H, 1) || n.Y+n.H < line.Y {
			continue
		}
		away := max(0, x-n.X-n.W)
		if best == "" && away < gap || away < gap-n.W/2 || away < gap+n.W/2 && best != "" && n.Y > low {
			best, gap, low = f.Element(n.ID), away, n.Y
		}
	}
	return best
}
