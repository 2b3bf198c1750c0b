package landing

import (
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/model"
)

// newFrame puts a frame around the notes of a module.
func (r *reconciler) newFrame(m *model.Module) {
	if len(r.holders[moduleID(m.Name)]) > 0 {
		return
	}
	var all rect
	var inside []string
	for _, e := range m.Elements {
		for _, id := range r.holders[e.ID()] {
			if n := r.note(id); n != nil && r.module(n) == "" {
				all = all.union(rectOf(n))
				inside = append(inside, id)
			}
		}
	}
	w, h := Size(session.KindModule)
	box := rect{all.x - gap, all.y - frameHead, max(all.w+2*gap, w/2), max(all.h+frameHead+gap, h/2)}
	if len(inside) == 0 {
		whole := r.occupied().all
		box = r.occupied().find(rect{whole.x, whole.y + whole.h + step, w, h})
	}
	frame := r.make(&session.Note{
		Kind: session.KindModule, Text: model.Label(m.Name), X: box.x, Y: box.y, W: box.w, H: box.h,
		Team: m.Team, Doc: m.Doc, Element: moduleID(m.Name),
	})
	for _, id := range inside {
		n := *r.note(id)
		n.Module = frame.ID
		r.alter(&n)
		r.changes.set(id, "module", frame.ID)
	}
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
		r.changes.set(n.ID, "module", frame.ID)
	case !m.IsFree():
		return // it gets a frame yet, around it
	default:
		if old := r.note(n.Module); old != nil {
			box.y = old.Y + old.H + gap
			box = r.occupied().find(box)
		}
		r.changes.set(n.ID, "module", "")
	}
	moved := *n
	moved.X, moved.Y, moved.Module = box.x, box.y, ""
	if frame != nil {
		moved.Module = frame.ID
	}
	r.alter(&moved)
	if box != rectOf(n) {
		r.changes.set(n.ID, "x", box.x)
		r.changes.set(n.ID, "y", box.y)
		r.occupied().take(box)
	}
	r.grow(moved.Module, box)
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
