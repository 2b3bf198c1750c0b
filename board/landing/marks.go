package landing

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
)

// nearly is how far a vertical line may stand clear of the event that it makes pivotal, in
// pixels: who draws it along the edge of a note need not hit it.
const nearly = 12

// marks lets what is pivotal follow the notes that are marked so, and the vertical
// lines.
func (f *follower) marks() {
	events := map[string]bool{} // whose mark may have changed
	f.crossed(events)
	for _, id := range slices.Sorted(maps.Keys(f.dirty)) {
		n := f.wall.Notes[id]
		old := f.notes[id]
		if old != nil && kindIn(old.element) == ast.Event {
			events[old.element] = true
		}
		if n != nil && isLine(n) {
			if !f.stands(n) {
				f.drawLine(n, events)
			}
		} else if old != nil && (n == nil || n.Kind == session.KindLine || lineEvent(old.element) != old.element) {
			events[lineEvent(f.Element(id))] = true
			f.forget(id)
		}
	}
	for _, event := range f.unlined {
		events[event] = true
	}
	for id := range f.lost { // what is left of its notes may not be marked
		events[id] = true
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

// isLine reports whether a note is a vertical line that all see.
func isLine(n *session.Note) bool { return n.Kind == session.KindLine && !n.Private }

// stands reports whether a vertical line stands where it stood.
func (f *follower) stands(line *session.Note) bool {
	old := f.old.notes[line.ID]
	return old != nil && isLine(old.note) && rectOf(old.note) == rectOf(line)
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

// crossed lets the vertical lines follow that events were moved, put up or taken away at.
func (f *follower) crossed(events map[string]bool) {
	var lines []*session.Note
	for id, n := range f.wall.Notes {
		if isLine(n) && f.notes[id] != nil && f.stands(n) {
			lines = append(lines, n)
		}
	}
	for _, line := range lines {
		at := lineEvent(f.Element(line.ID))
		for id := range f.dirty {
			n, old := f.live(id), f.old.notes[id]
			comes := n != nil && n.Kind == session.KindEvent && touches(line, n) && (old == nil || !touches(line, old.note))
			goes := at != "" && old != nil && old.element == at && (n == nil || !touches(line, n)) && touches(line, old.note)
			if comes || goes {
				f.drawLine(line, events)
				break
			}
		}
	}
}

// touches reports whether a vertical line crosses a note, or nearly does.
func touches(line, n *session.Note) bool {
	return away(line, n) <= nearly && n.Y < line.Y+max(line.H, 1) && line.Y < n.Y+n.H
}

// away returns how far a vertical line stands clear of a note.
func away(line, n *session.Note) int {
	return max(n.X-line.X-line.W, line.X-n.X-n.W, 0)
}

// eventAt returns the event that a vertical line makes pivotal.
func (f *follower) eventAt(line *session.Note) string {
	n := crosses(line, func(yield func(*session.Note) bool) {
		for id, n := range f.wall.Notes {
			if f.Element(id) != "" && !yield(n) {
				return
			}
		}
	})
	if n == nil {
		return ""
	}
	return f.Element(n.ID)
}

// crosses returns the event that a vertical line crosses, or nearly does; of several the
// nearest, and then the lowest.
func crosses(line *session.Note, notes iter.Seq[*session.Note]) *session.Note {
	var best *session.Note
	for n := range notes {
		if n.Kind != session.KindEvent || n.Private || !touches(line, n) {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(away(line, n), away(line, best)), cmp.Compare(best.Y, n.Y), cmp.Compare(n.ID, best.ID)) < 0 {
			best = n
		}
	}
	return best
}
