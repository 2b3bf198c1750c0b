package landing

import (
	"slices"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/model"
)

// moveOut lets notes go out of the frames of modules that they are no more in, where theirs has
// none yet.
func (r *reconciler) moveOut() {
	for _, m := range r.frameless {
		if len(r.leaving[m]) > 0 {
			r.newFrame(m)
			r.moveAll(r.leaving[m], m)
		}
	}
}

// moveAll moves notes into the frame of a module that do not lie in it.
func (r *reconciler) moveAll(notes []string, m *model.Module) {
	for _, id := range notes {
		if n := r.note(id); r.module(n) != m.Name {
			r.moveInto(n, m)
		}
	}
}

// newFrame puts a frame around the notes of a module that lie in none. Those that lie in the
// frame of another come into it: as they lie, where there are no others.
func (r *reconciler) newFrame(m *model.Module) {
	if len(r.holders[moduleID(m.Name)]) > 0 {
		return
	}
	inside, coming := r.unframed(m)
	box := framed(r.around(inside))
	from := r.around(coming)
	if len(inside) == 0 {
		whole := r.occupied().all
		box = framed(from)
		box.x, box.y = whole.x, whole.y+whole.h+step
		box = r.occupied().find(box)
	}
	frame := r.make(&session.Note{
		Kind: session.KindModule, Text: model.Label(m.Name), X: box.x, Y: box.y, W: box.w, H: box.h,
		Team: m.Team, Doc: m.Doc, Element: moduleID(m.Name),
	})
	if len(inside) > 0 {
		for _, id := range inside {
			r.put(r.note(id), rectOf(r.note(id)), frame.ID)
		}
		r.moveAll(coming, m)
		return
	}
	for _, id := range coming {
		at := rectOf(r.note(id))
		at.x, at.y = at.x+box.x+gap-from.x, at.y+box.y+frameHead-from.y
		r.put(r.note(id), at, frame.ID)
	}
}

// unframed returns the notes of what is in a module that has no frame yet: those of elements
// that lie in none, and those that lie in the frame of another module, unless somebody has just
// put them there.
func (r *reconciler) unframed(m *model.Module) (inside, coming []string) {
	coming = slices.Clone(r.leaving[m])
	of := func(element string, free bool) {
		for _, id := range r.holders[element] {
			n := r.note(id)
			_, no := r.refused[id]
			switch {
			case n == nil || slices.Contains(coming, id):
			case r.module(n) == "" && free:
				inside = append(inside, id)
			case r.module(n) != "" && !r.waiting[id] && !no:
				coming = append(coming, id)
			}
		}
	}
	for _, e := range m.Elements {
		of(e.ID(), true)
	}
	for _, st := range m.Stickies {
		of(st.ID(), false)
	}
	return inside, coming
}

// around returns what notes take of the wall.
func (r *reconciler) around(notes []string) rect {
	var all rect
	for _, id := range notes {
		all = all.union(rectOf(r.note(id)))
	}
	return all
}

// framed returns a frame around what takes so much room.
func framed(inside rect) rect {
	w, h := Size(session.KindModule)
	if inside == (rect{}) {
		return rect{0, 0, w, h}
	}
	return rect{inside.x - gap, inside.y - frameHead, max(inside.w+2*gap, w/2), max(inside.h+frameHead+gap, h/2)}
}

// moveInto moves a note into the frame of another module, or out of all.
func (r *reconciler) moveInto(n *session.Note, m *model.Module) {
	frame := r.note(r.frameOf(m))
	box := rectOf(n)
	switch {
	case frame != nil:
		if !rectOf(frame).overlaps(box) {
			box.x, box.y = frame.X+gap, frame.Y+frameHead
			box = r.occupied().find(box)
		}
		r.put(n, box, frame.ID)
	case !m.IsFree():
		if r.module(n) != "" { // else it gets a frame yet, around it
			r.leaving[m] = append(r.leaving[m], n.ID)
		}
	default:
		if old := r.note(n.Module); old != nil {
			box.y = old.Y + old.H + gap
			box = r.occupied().find(box)
		}
		r.put(n, box, "")
	}
}

// put puts a note at a place in a frame, or outside of all, and makes the frame large enough.
func (r *reconciler) put(n *session.Note, box rect, frame string) {
	moved := *n
	moved.X, moved.Y, moved.Module = box.x, box.y, frame
	r.alter(&moved)
	r.changes.set(n.ID, "module", frame)
	if box != rectOf(n) {
		r.changes.set(n.ID, "x", box.x)
		r.changes.set(n.ID, "y", box.y)
		r.occupied().take(box)
	}
	r.grow(frame, box)
}

// alter remembers a note as the step leaves it. What the text has of a note that is on
// the wall already is learnt from the changes alone: the rest may not have landed yet.
func (r *reconciler) alter(n *session.Note) {
	r.made[n.ID] = n
	if r.wall.Notes[n.ID] == nil {
		r.notes[n.ID] = &standing{note: n, element: r.Element(n.ID)}
	}
}

// grow makes a frame large enough for a note.
func (r *reconciler) grow(frame string, box rect) {
	n := r.note(frame)
	if n == nil || frame == "" {
		return
	}
	old := rectOf(n)
	is := old.union(rect{box.x - gap, box.y - frameHead, box.w + 2*gap, box.h + frameHead + gap})
	if is == old {
		return
	}
	grown := *n
	grown.X, grown.Y, grown.W, grown.H = is.x, is.y, is.w, is.h
	r.alter(&grown)
	for _, p := range []struct {
		name     string
		old, now int
	}{{"x", old.x, is.x}, {"y", old.y, is.y}, {"w", old.w, is.w}, {"h", old.h, is.h}} {
		if p.old != p.now {
			r.changes.set(frame, p.name, p.now)
		}
	}
}
