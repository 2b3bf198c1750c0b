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

// picture is a storm as it is drawn, put on the wall.
type picture struct {
	*reconciler
	scene  *draw.Scene
	dx, dy int                         // from the picture to the wall
	frames []pictured                  // in the order of their lower edges
	feet   map[string][]*model.Element // what goes to the foot of a frame, by its id
	all    rect                        // what it takes of the wall
}

// layOut puts up all that is missing as a picture of the storm would have it.
func (r *reconciler) layOut(dx, dy int) {
	scene, err := draw.Layout(r.after, draw.Options{})
	if err != nil {
		return // then each is put beside another
	}
	p := &picture{reconciler: r, scene: scene, dx: dx, dy: dy, feet: map[string][]*model.Element{}}
	p.measure()
	p.putFrames()
	p.hook()
	p.putNotes()
	p.putFeet()
	if r.first && r.layout == nil {
		p.titles()
	}
}

// put returns where a box of the picture lies on the wall.
func (p *picture) put(b draw.Rect) rect {
	box := rectIn(b)
	box.y += p.lower(box)
	box.x, box.y = box.x+p.dx, box.y+p.dy
	p.all = p.all.union(box)
	return box
}

// putFrames puts up the frames that the wall does not have.
func (p *picture) putFrames() {
	for _, fr := range p.scene.Frames {
		m := p.after.Module(moduleName(fr.ID))
		if m == nil || m.IsFree() {
			continue
		}
		box := p.put(fr.Box)
		box.h += p.grows(fr.ID)
		p.all = p.all.union(box)
		if len(p.holders[fr.ID]) == 0 && slices.Contains(p.frameless, m) {
			p.make(&session.Note{
				Kind: session.KindModule, Text: model.Label(m.Name), X: box.x, Y: box.y, W: box.w, H: box.h,
				Team: m.Team, Doc: m.Doc, Element: fr.ID,
			})
		}
	}
}

// leastHeight is how high a note has to be to be written on.
const leastHeight = 40

// putNotes puts up the notes of the elements.
func (p *picture) putNotes() {
	missing := map[string]*model.Element{}
	for _, e := range p.missing {
		missing[e.ID()] = e
	}
	notes := slices.Clone(p.scene.Notes)
	slices.SortStableFunc(notes, func(a, b draw.Note) int { return cmp.Compare(a.Box.X, b.Box.X) })
	var chips []draw.Note // at other notes, and too small for a wall
	for _, n := range notes {
		at := p.put(n.Box)
		if e := missing[n.Element]; e == nil || p.repeats(e) <= len(p.holders[n.Element]) {
			continue
		} else if at.h < leastHeight {
			chips = append(chips, n)
		} else {
			p.elementNote(e, at, "")
		}
	}
	for _, n := range chips {
		if e := missing[n.Element]; p.repeats(e) > len(p.holders[n.Element]) {
			at := p.put(n.Box)
			at.w, at.h = Size(session.Kind(e.Kind.String()))
			p.chip(e, at)
		}
	}
}

// chip puts up a note near a place, in the frame of its module.
func (p *picture) chip(e *model.Element, near rect) {
	at := p.occupied().find(near)
	frame := p.note(p.frameOf(e.Module))
	if frame != nil && rectOf(frame).union(at) != rectOf(frame) {
		at = p.corner(rectOf(frame), near)
	}
	n := p.elementNote(e, at, "")
	p.grow(n.Module, at)
}

// hook remembers where the picture has the stickies.
func (p *picture) hook() {
	stickies := map[string][]*model.Sticky{}
	for _, st := range p.unhung {
		key, _, _ := strings.Cut(st.Kind.String()+":"+ast.QuoteText(st.Text), "#")
		stickies[key] = append(stickies[key], st)
	}
	for i := range p.scene.Notes {
		n := &p.scene.Notes[i]
		// A second sticky of the same text has a number behind its id.
		key, _, _ := strings.Cut(n.ID, "#")
		if list := stickies[key]; len(list) > 0 && n.Element == "" {
			at := p.put(n.Box)
			p.hooks[list[0]] = at
			p.occupied().take(at)
			stickies[key] = list[1:]
		}
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
func (p *picture) titles() {
	for _, l := range p.scene.Labels {
		if l.Role == draw.SectionLabel && !strings.HasPrefix(l.Text, "… ") { // not where a section goes on below
			box := p.put(draw.Rect{X: l.At.X, Y: l.At.Y + l.Size*0.3 - leastHeight, W: max(240, float64(len(l.Text))*l.Size*0.62), H: leastHeight})
			p.make(&session.Note{Kind: session.KindText, Text: l.Text, X: box.x, Y: box.y, W: box.w, H: box.h})
		}
	}
}
