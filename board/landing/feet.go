package landing

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Values and terms are in no flow, and no picture has them. They lie in rows at the foot
// of the frame of their module, or below everything: so no arrow runs over them.

// pictured is a frame of a picture.
type pictured struct {
	id    string
	box   rect // as the picture has it
	grows int  // by how much it is higher on the wall
	lower int  // by how much it lies lower there
}

// rectIn returns a box of a picture in whole pixels.
func rectIn(b draw.Rect) rect { return rect{int(b.X), int(b.Y), int(b.W), int(b.H)} }

// isAside reports whether elements of a kind are in no flow.
func isAside(k ast.Kind) bool { return k == ast.Value || k == ast.Term }

// measure finds out what goes to the foot of which frame, and how much room that takes.
// What is below a frame that grows comes to lie lower.
func (p *picture) measure() {
	for _, e := range p.missing {
		if id := moduleID(e.Module.Name); isAside(e.Kind) && len(p.holders[e.ID()]) == 0 && (e.Module.IsFree() || len(p.holders[id]) == 0) {
			p.feet[id] = append(p.feet[id], e)
		}
	}
	for _, fr := range p.scene.Frames {
		f := pictured{id: fr.ID, box: rectIn(fr.Box)}
		if list := p.feet[fr.ID]; len(list) > 0 {
			_, height := rows(list, f.box.w-2*gap)
			f.grows = gap/2 + height + gap
		}
		p.frames = append(p.frames, f)
	}
	slices.SortFunc(p.frames, func(a, b pictured) int { return cmp.Compare(a.box.y+a.box.h, b.box.y+b.box.h) })
	for i := range p.frames {
		p.frames[i].lower = below(p.frames[:i], p.frames[i].box.y)
	}
}

// below returns by how much what begins at y lies lower on the wall.
func below(frames []pictured, y int) int {
	most := 0
	for _, f := range frames {
		if f.box.y+f.box.h <= y {
			most = max(most, f.lower+f.grows)
		}
	}
	return most
}

// lower returns by how much a box lies lower on the wall: as much as its frame, or as what
// is above it takes.
func (p *picture) lower(box rect) int {
	x, y := box.x+box.w/2, box.y+box.h/2
	for _, f := range p.frames {
		if f.box.x <= x && x < f.box.x+f.box.w && f.box.y <= y && y < f.box.y+f.box.h {
			return f.lower
		}
	}
	return below(p.frames, box.y)
}

// grows returns by how much a frame is higher on the wall.
func (p *picture) grows(id string) int {
	for _, f := range p.frames {
		if f.id == id {
			return f.grows
		}
	}
	return 0
}

// putFeet puts up what is in no flow.
func (p *picture) putFeet() {
	for _, f := range p.frames {
		p.putFoot(p.feet[f.id], rect{f.box.x + p.dx + gap, f.box.y + f.box.h + f.lower + p.dy + gap/2, f.box.w - 2*gap, 0})
	}
	if free := p.feet[moduleID("")]; len(free) > 0 {
		w, _ := Size(session.KindModule)
		p.putFoot(free, rect{p.all.x, p.all.y + p.all.h + step, max(p.all.w, w), 0})
	}
}

func (p *picture) putFoot(list []*model.Element, at rect) {
	places, _ := rows(list, at.w)
	for i, e := range list {
		box := places[i]
		box.x, box.y = box.x+at.x, box.y+at.y
		p.elementNote(e, box, "")
	}
}

// rows puts elements into rows that are so wide, and returns where each lies and how high
// they are together.
func rows(list []*model.Element, width int) (places []rect, height int) {
	x, y := 0, 0
	for _, e := range list {
		w, h := Size(session.Kind(e.Kind.String()))
		w = min(w, max(width, 40))
		if x > 0 && x+w > width {
			x, y = 0, height+gap
		}
		places = append(places, rect{x, y, w, h})
		x, height = x+w+gap, max(height, y+h)
	}
	return places, height
}

// foot returns a place for what is added to a frame later, and is in no flow: below all else
// that lies there, where no arrow runs. The frame grows for it if nothing is in the way; else
// it is a free corner.
func (r *reconciler) foot(frame *session.Note, box rect) rect {
	const raster = 28
	all := rectOf(frame)
	top := all.y + frameHead
	for _, n := range r.inside(frame.ID) {
		if !isAside(kindOf(n)) && n.Kind != session.KindLine {
			top = max(top, n.Y+n.H+gap)
		}
	}
	for y := top; y <= max(all.y+all.h, top)+2*(box.h+gap); y += raster {
		if low := y + box.h + gap; low > all.y+all.h && !r.isClear(frame.ID, rect{all.x, all.y + all.h, all.w, low - all.y - all.h}) {
			break
		}
		for x := all.x + gap; x+box.w+gap <= all.x+all.w; x += raster {
			if r.occupied().free(rect{x - gap/2, y - gap/2, box.w + gap, box.h + gap}) && !r.runsOver(rect{x, y, box.w, box.h}) {
				return rect{x, y, box.w, box.h}
			}
		}
	}
	return r.corner(all, box)
}

// inside returns the notes in a frame, as the step leaves them.
func (r *reconciler) inside(frame string) []*session.Note {
	var out []*session.Note
	for id := range r.wall.Notes {
		if n := r.note(id); n != nil && n.Module == frame {
			out = append(out, n)
		}
	}
	for id, n := range r.made {
		if r.wall.Notes[id] == nil && n.Module == frame {
			out = append(out, n)
		}
	}
	return out
}

// isClear reports whether a frame may grow over a place: no other lies there, and no note.
func (r *reconciler) isClear(frame string, box rect) bool {
	for id, n := range r.wall.Notes {
		if n.Kind == session.KindModule && id != frame && !r.changes.isGone(id) && rectOf(n).overlaps(box) {
			return false
		}
	}
	return r.occupied().free(box)
}

// runsOver reports whether an arrow of the wall, from the middle of a note to that of another,
// leads over a place.
func (r *reconciler) runsOver(box rect) bool {
	for _, l := range r.wall.Links {
		from, to := r.note(l.From), r.note(l.To)
		if from != nil && to != nil && cuts(from.X+from.W/2, from.Y+from.H/2, to.X+to.W/2, to.Y+to.H/2, box) {
			return true
		}
	}
	return false
}

// cuts reports whether the way from a point to another leads through a box.
func cuts(x1, y1, x2, y2 int, box rect) bool {
	from, to := 0.0, 1.0 // the part of the way that is not ruled out
	for _, side := range [][2]int{{x1 - x2, x1 - box.x}, {x2 - x1, box.x + box.w - x1}, {y1 - y2, y1 - box.y}, {y2 - y1, box.y + box.h - y1}} {
		p, q := float64(side[0]), float64(side[1])
		switch {
		case p == 0 && q < 0:
			return false
		case p < 0:
			from = max(from, q/p)
		case p > 0:
			to = min(to, q/p)
		}
	}
	return from <= to
}
