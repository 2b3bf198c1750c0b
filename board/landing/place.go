package landing

import (
	"cmp"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Size returns how large a new note of a kind is, in pixels.
func Size(kind session.Kind) (w, h int) {
	switch kind {
	case session.KindActor:
		return 76, 76
	case session.KindAggregate:
		return 128, 112
	case session.KindPolicy:
		return 144, 112
	case session.KindSystem:
		return 164, 112
	case session.KindHotspot:
		return 94, 94
	case session.KindOpportunity, session.KindRule, session.KindNote:
		return 104, 96
	case session.KindValue:
		return 104, 76
	case session.KindTerm:
		return 144, 76
	case session.KindText:
		return 240, 40
	case session.KindModule:
		return 720, 480
	case session.KindLine:
		return 8, 1200
	case session.KindLane:
		return 2400, 320
	}
	return 112, 112
}

// The distances between notes that are put on the wall.
const (
	gap       = 24 // to the next note in a row
	step      = 56 // to the next in a flow, with room for an arrow
	frameHead = 48 // room for a frame's name
)

// rect is a place on the wall.
type rect struct{ x, y, w, h int }

func rectOf(n *session.Note) rect { return rect{n.X, n.Y, n.W, n.H} }

func (r rect) overlaps(o rect) bool {
	return r.x < o.x+o.w && o.x < r.x+r.w && r.y < o.y+o.h && o.y < r.y+r.h
}

func (r rect) union(o rect) rect {
	if r.w == 0 && r.h == 0 {
		return o
	}
	x, y := min(r.x, o.x), min(r.y, o.y)
	return rect{x, y, max(r.x+r.w, o.x+o.w) - x, max(r.y+r.h, o.y+o.h) - y}
}

// room knows where notes lie, so that new ones find a free place.
type room struct {
	cells map[[2]int][]rect
	all   rect
}

const cell = 256

func newRoom() *room { return &room{cells: map[[2]int][]rect{}} }

func (r *room) take(box rect) {
	r.all = r.all.union(box)
	for x := floorDiv(box.x, cell); x <= floorDiv(box.x+box.w, cell); x++ {
		for y := floorDiv(box.y, cell); y <= floorDiv(box.y+box.h, cell); y++ {
			r.cells[[2]int{x, y}] = append(r.cells[[2]int{x, y}], box)
		}
	}
}

func floorDiv(a, b int) int {
	if a < 0 {
		return (a - b + 1) / b
	}
	return a / b
}

func (r *room) free(box rect) bool {
	for x := floorDiv(box.x, cell); x <= floorDiv(box.x+box.w, cell); x++ {
		for y := floorDiv(box.y, cell); y <= floorDiv(box.y+box.h, cell); y++ {
			for _, o := range r.cells[[2]int{x, y}] {
				if o.overlaps(box) {
					return false
				}
			}
		}
	}
	return true
}

// find returns the free place next to where a note would like to lie: below it, above
// it, or further to the right.
func (r *room) find(box rect) rect {
	wide := rect{box.x - gap/2, box.y - gap/2, box.w + gap, box.h + gap}
	for column := range 60 {
		for row := range 24 {
			for _, up := range []int{1, -1} {
				try := wide
				try.x += column * (box.w + gap)
				try.y += up * row * (box.h + gap) / 2
				if (row > 0 || up > 0) && r.free(try) {
					return rect{try.x + gap/2, try.y + gap/2, box.w, box.h}
				}
			}
		}
	}
	return rect{r.all.x + r.all.w + gap, box.y, box.w, box.h}
}

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
	if r.first || len(r.missing) > 12 && 2*len(r.missing) > len(r.holders) {
		r.layOut()
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

// frameOf returns the frame of a module, or "".
func (r *reconciler) frameOf(m *model.Module) string {
	if !m.IsFree() {
		for _, id := range r.holders[moduleID(m.Name)] {
			if n := r.note(id); n != nil && n.Kind == session.KindModule {
				return id
			}
		}
	}
	return "" // it has none, or that is gone from the wall meanwhile
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
	if frame := r.note(r.frameOf(e.Module)); frame != nil && (e.Kind == ast.Value || e.Kind == ast.Term) {
		return r.corner(rectOf(frame), box)
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

// layOut puts up all that is missing as a picture of the storm would have it.
func (r *reconciler) layOut() {
	scene, err := draw.Layout(r.after, draw.Options{})
	if err != nil {
		return // then each is put beside another
	}
	dx, dy := 0, 0
	if !r.first {
		all := r.occupied().all
		dx, dy = all.x, all.y+all.h+2*step
	}
	place := func(b draw.Rect) rect { return rect{int(b.X) + dx, int(b.Y) + dy, int(b.W), int(b.H)} }
	frames := map[string]rect{}
	for _, fr := range scene.Frames {
		frames[fr.ID] = place(fr.Box)
	}
	for _, m := range r.frameless {
		if box, ok := frames[moduleID(m.Name)]; ok && len(r.holders[moduleID(m.Name)]) == 0 {
			r.make(&session.Note{
				Kind: session.KindModule, Text: model.Label(m.Name), X: box.x, Y: box.y, W: box.w, H: box.h,
				Team: m.Team, Doc: m.Doc, Element: moduleID(m.Name),
			})
		}
	}
	missing := map[string]*model.Element{}
	for _, e := range r.missing {
		missing[e.ID()] = e
	}
	stickies := map[string][]*model.Sticky{}
	for _, st := range r.unhung {
		key, _, _ := strings.Cut(st.Kind.String()+":"+ast.QuoteText(st.Text), "#")
		stickies[key] = append(stickies[key], st)
	}
	notes := slices.Clone(scene.Notes)
	slices.SortStableFunc(notes, func(a, b draw.Note) int { return cmp.Compare(a.Box.X, b.Box.X) })
	for i := range notes {
		n := &notes[i]
		if e := missing[n.Element]; e != nil && r.repeats(e) > len(r.holders[n.Element]) {
			at := place(n.Box)
			if w, h := Size(session.Kind(e.Kind.String())); at.h < 40 { // a chip at another note
				at = r.occupied().find(rect{at.x, at.y, w, h})
			}
			r.elementNote(e, at, "")
		}
	}
	for i := range notes {
		// A second sticky of the same text has a number behind its id.
		key, _, _ := strings.Cut(notes[i].ID, "#")
		if list := stickies[key]; len(list) > 0 && notes[i].Element == "" {
			r.hooks[list[0]] = place(notes[i].Box)
			stickies[key] = list[1:]
		}
	}
	if r.first && r.layout == nil {
		r.titles(scene)
	}
}

// repeats returns how many notes an element has on the wall at first: an event that
// was noted several times has as many.
func (r *reconciler) repeats(e *model.Element) int {
	if e.Kind == ast.Event && len(e.Declared) > 1 && len(e.Mentions) == len(e.Declared) {
		return len(e.Declared)
	}
	return 1
}

// titles writes the titles of sections on the wall, as free labels.
func (r *reconciler) titles(scene *draw.Scene) {
	for _, l := range scene.Labels {
		if l.Role == draw.SectionLabel && !strings.HasPrefix(l.Text, "… ") { // not where a section goes on below
			r.make(&session.Note{Kind: session.KindText, Text: l.Text, X: int(l.At.X), Y: int(l.At.Y - l.Size*1.2), W: max(240, int(float64(len(l.Text))*l.Size*0.62)), H: 40})
		}
	}
}
