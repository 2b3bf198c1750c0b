package landing

import (
	"slices"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/model"
)

// occupied returns the room on the wall, made when it is needed first.
func (f *follower) occupied() *room {
	if f.room == nil {
		f.room = newRoom()
		for id, n := range f.wall.Notes {
			if n.Kind != session.KindModule && n.Kind != session.KindLane && !f.changes.isGone(id) {
				f.room.take(rectOf(n))
			}
		}
	}
	return f.room
}

// putUp puts notes on the wall for what is new in the text.
func (r *reconciler) putUp() {
	if len(r.missing)+len(r.unhung)+len(r.frameless) == 0 {
		return
	}
	if left := session.MaxNotes - len(r.wall.Notes) - len(r.unhung) - len(r.frameless); len(r.missing) > left {
		r.missing = r.missing[:max(left, 0)] // the rest is in the text only
	}
	r.takePlaces()
	r.moveOut()
	left := slices.DeleteFunc(slices.Clone(r.missing), func(e *model.Element) bool { return len(r.holders[e.ID()]) > 0 })
	switch {
	case r.first && len(r.made) == 0:
		r.layOut(0, 0)
	case len(left) > 12 && 2*len(left) > len(r.holders):
		all := r.occupied().all
		r.layOut(all.x, all.y+all.h+2*step)
	}
	r.besideOthers()
	for _, m := range slices.Clone(r.frameless) {
		r.newFrame(m)
	}
	r.takeStickyPlaces() // what they are on is there by now
	for _, st := range r.unhung {
		r.hang(st)
	}
}

// make puts a note on the wall.
func (r *reconciler) make(n *session.Note) *session.Note {
	n.Type = session.NoteItem
	if n.ID == "" {
		n.ID = r.freshID()
	}
	r.changes.note(n)
	r.made[n.ID] = n
	switch {
	case n.Element == "":
	case n.Kind == session.KindLine:
		r.bind(n, atLine+n.Element)
	default:
		r.bind(n, n.Element)
	}
	if n.Kind != session.KindModule && n.Kind != session.KindLane {
		r.occupied().take(rectOf(n))
	}
	return n
}

// elementNote puts up a note for an element.
func (r *reconciler) elementNote(e *model.Element, at rect, id string) *session.Note {
	return r.make(&session.Note{
		ID: id, Kind: session.Kind(e.Kind.String()), Text: e.Label(), X: at.x, Y: at.y, W: at.w, H: at.h,
		Module: r.frameOf(e.Module), Pivotal: e.Pivotal, Doc: saidOf(e), Element: e.ID(),
	})
}

// frameOf returns the frame of a module, or "": the oldest of several, of those that nobody has
// just given the name of another.
func (r *reconciler) frameOf(m *model.Module) string {
	if m.IsFree() {
		return ""
	}
	var best *session.Note
	for _, id := range r.holders[moduleID(m.Name)] {
		n := r.note(id)
		if n == nil || n.Kind != session.KindModule {
			continue // it is gone from the wall meanwhile
		}
		if best == nil || r.rather(m, n, best) {
			best = n
		}
	}
	if best == nil {
		return ""
	}
	return best.ID
}

// rather reports whether a frame gets what is new in a module rather than another.
func (r *reconciler) rather(m *model.Module, n, other *session.Note) bool {
	if a, b := reads(m.Name, spelled(n)), reads(m.Name, spelled(other)); a != b {
		return a
	}
	return oldest(n, other) < 0
}

// besideOthers puts up what is left, each near what it belongs to.
func (r *reconciler) besideOthers() {
	if len(r.missing) == 0 {
		return
	}
	into, from := map[*model.Element][]*model.Element{}, map[*model.Element][]*model.Element{}
	for _, l := range arrows(r.after) {
		into[l.To] = append(into[l.To], l.From)
		from[l.From] = append(from[l.From], l.To)
	}
	for _, e := range r.missing {
		if len(r.holders[e.ID()]) > 0 {
			continue
		}
		w, h := Size(session.Kind(e.Kind.String()))
		at := r.occupied().find(r.wish(e, rect{w: w, h: h}, into[e], from[e]))
		n := r.elementNote(e, at, "")
		r.grow(n.Module, at)
	}
}

// wish returns where a new note would like to lie.
func (r *reconciler) wish(e *model.Element, box rect, into, from []*model.Element) rect {
	if before := r.outermost(into, e.Module, true); before != nil {
		box.x, box.y = before.X+before.W+step, before.Y
		return box
	}
	if after := r.outermost(from, e.Module, false); after != nil {
		box.x, box.y = after.X-box.w-step, after.Y
		return box
	}
	if frame := r.note(r.frameOf(e.Module)); frame != nil && isAside(e.Kind) {
		return r.foot(frame, box)
	}
	if near := r.neighbour(e); near != nil {
		box.x, box.y = near.X, near.Y+near.H+gap
		return box
	}
	if frame := r.note(r.frameOf(e.Module)); frame != nil {
		box.x, box.y = frame.X+gap, frame.Y+frameHead
		return box
	}
	all := r.occupied().all
	box.x, box.y = all.x, all.y+all.h+gap
	if all.w == 0 {
		box.y = 0
	}
	if len(e.Module.Elements) > 0 && !e.Module.IsFree() {
		box.x, box.y = all.x+all.w+2*step, all.y // a new frame goes to the right of all
	}
	return box
}

// corner returns a free place in a frame, as far below and to the left as can be, or one
// below all that is in it.
func (r *reconciler) corner(frame, box rect) rect {
	const raster = 28
	for y := frame.y + frame.h - box.h - gap; y > frame.y+frameHead; y -= raster {
		for x := frame.x + gap; x+box.w+gap <= frame.x+frame.w; x += raster {
			if r.occupied().free(rect{x - gap/2, y - gap/2, box.w + gap, box.h + gap}) {
				return rect{x, y, box.w, box.h}
			}
		}
	}
	return rect{frame.x + gap, frame.y + frame.h, box.w, box.h}
}

// outermost returns the note furthest to the right, or left, of some elements, those of
// a module first.
func (r *reconciler) outermost(list []*model.Element, in *model.Module, right bool) *session.Note {
	var best *session.Note
	inside := false
	for _, e := range list {
		for _, id := range r.holders[e.ID()] {
			n := r.note(id)
			if n == nil || best != nil && inside && e.Module != in {
				continue
			}
			if best == nil || !inside && e.Module == in || right == (n.X+n.W > best.X+best.W) {
				best, inside = n, e.Module == in
			}
		}
	}
	return best
}

// neighbour returns the note of what stands before an element in its module, or after
// it.
func (r *reconciler) neighbour(e *model.Element) *session.Note {
	list := e.Module.Elements
	at := slices.Index(list, e)
	for _, way := range []int{-1, 1} {
		for i := at + way; i >= 0 && i < len(list) && abs(i-at) < 20; i += way {
			for _, id := range r.holders[list[i].ID()] {
				if n := r.note(id); n != nil && (list[i].Kind == e.Kind || !shown(e.Kind)) {
					return n
				}
			}
		}
	}
	return nil
}

// hang puts up a sticky, at what it is on.
func (r *reconciler) hang(st *model.Sticky) {
	if len(r.holders[st.ID()]) > 0 {
		return
	}
	w, h := Size(session.Kind(st.Kind.String()))
	n := &session.Note{Kind: session.Kind(st.Kind.String()), Text: st.Text, W: w, H: h, Answer: st.Resolved, Doc: st.Doc, Element: st.ID(), Module: r.frameOf(st.Module)}
	if at, ok := r.hooks[st]; ok {
		n.X, n.Y, n.W, n.H = at.x, at.y, at.w, at.h
		n.On = r.nearTargets(n, st)
		r.make(n)
		return
	}
	n.On = r.nearTargets(n, st)
	box := rect{w: w, h: h}
	if frame := r.note(n.Module); frame != nil {
		box.x, box.y = frame.X+gap, frame.Y+frameHead
	} else {
		box.x, box.y = r.occupied().all.x, r.occupied().all.y+r.occupied().all.h+gap
	}
	for _, on := range n.On {
		if o := r.note(on); o != nil && o.Kind != session.KindModule {
			box.x, box.y = o.X+8, o.Y+o.H+gap
			break
		}
	}
	box = r.occupied().find(box)
	n.X, n.Y = box.x, box.y
	r.make(n)
	r.grow(n.Module, box)
}
