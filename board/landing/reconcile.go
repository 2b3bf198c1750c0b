package landing

import (
	"maps"
	"slices"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// reconcile lets the wall follow what became of a model: what is gone, new, renamed,
// moved or linked differently. byText says that somebody edited the text; else it is
// what gestures on the wall had for a consequence.
func (f *follower) reconcile(before *model.Storm, renamed map[string]string, byText bool) {
	r := &reconciler{follower: f, before: before, after: f.model, renamed: renamed, was: map[string]string{}, byText: byText, hooks: map[*model.Sticky]rect{}, leaving: map[*model.Module][]string{}}
	for from, to := range renamed {
		if from != to && before.Element(from) != nil {
			r.was[to] = from
		}
		if kindIn(from) == ast.Module || kindIn(from).IsSticky() {
			r.was[to] = from
		}
	}
	r.takeOff()
	r.frames()
	r.elements()
	r.stickies()
	r.putUp()
	r.reattach()
	r.links()
}

type reconciler struct {
	*follower
	before, after *model.Storm
	renamed, was  map[string]string // ids before -> after, and back
	byText        bool
	missing       []*model.Element // without a note
	unhung        []*model.Sticky
	frameless     []*model.Module
	leaving       map[*model.Module][]string // notes in the frame of another module than they are in now, which has none yet
	hooks         map[*model.Sticky]rect     // where a picture has stickies
}

func (r *reconciler) now(id string) string {
	if to, ok := r.renamed[id]; ok {
		return to
	}
	return id
}

func (r *reconciler) old(id string) string {
	if from, ok := r.was[id]; ok {
		return from
	}
	return id
}

// takeOff takes the notes off the wall of what is no more in the text.
func (r *reconciler) takeOff() {
	here := map[string]bool{}
	for m := range r.after.All() {
		here[moduleID(m.Name)] = true
		for _, st := range m.Stickies {
			here[st.ID()] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.holders)) {
		event := lineEvent(id)
		if r.after.Element(event) != nil || here[id] {
			continue
		}
		for _, note := range slices.Clone(r.holders[id]) {
			if event != id {
				r.bind(r.notes[note].note, "") // a line stays
				continue
			}
			r.takeNote(note)
		}
	}
}

// takeNote takes a note off the wall with its links; its comments go with it by the rules
// of the board.
func (r *reconciler) takeNote(id string) {
	r.forget(id)
	if r.wall.Notes[id] == nil {
		return
	}
	r.changes.gone(id)
	for _, l := range r.wall.LinksOf(id) {
		r.changes.gone(l)
		delete(r.follower.State.links, l)
	}
	for _, n := range r.wall.Notes {
		if slices.Contains(n.On, id) {
			r.changes.set(n.ID, "on", slices.DeleteFunc(slices.Clone(n.On), func(on string) bool { return r.changes.isGone(on) }))
		}
		if n.Module == id {
			r.changes.set(n.ID, "module", "")
		}
	}
}

// frames follows the modules.
func (r *reconciler) frames() {
	for _, m := range r.after.Modules {
		id := moduleID(m.Name)
		if len(r.holders[id]) == 0 && !r.adopt(id, ast.Module, m.Name, m) {
			r.frameless = append(r.frameless, m)
			continue
		}
		was, old := r.before.Module(moduleName(r.old(id))), model.Module{}
		if was != nil {
			old.Team, old.Doc = was.Team, was.Doc
		}
		for _, note := range r.holders[id] {
			n := r.note(note)
			if n == nil {
				continue
			}
			if r.byText && (was == nil || was.Name != m.Name) && !reads(m.Name, spelled(n)) {
				r.changes.set(note, "text", clip(model.Label(m.Name), session.MaxText))
			}
			if old.Team != m.Team && n.Team != m.Team {
				r.changes.set(note, "team", clip(m.Team, session.MaxName))
			}
			if old.Doc != m.Doc && n.Doc != m.Doc {
				r.changes.set(note, "doc", clip(m.Doc, session.MaxDoc))
			}
		}
	}
}

// elements follows the elements.
func (r *reconciler) elements() {
	for e := range r.after.Elements() {
		id := e.ID()
		if len(r.holders[id]) == 0 && !r.adopt(id, e.Kind, e.Name, e.Module) {
			if shown(e.Kind) && fits(e.Label()) {
				r.missing = append(r.missing, e)
			}
			continue
		}
		was := r.before.Element(r.old(id))
		for _, note := range r.holders[id] {
			if n := r.note(note); n != nil {
				r.follow(n, e, was)
			}
		}
	}
}

// follow lets a note follow its element.
func (r *reconciler) follow(n *session.Note, e, was *model.Element) {
	if r.byText && (was == nil || was.Name != e.Name) && !reads(e.Name, spelled(n)) {
		r.changes.set(n.ID, "text", clip(e.Label(), session.MaxText))
	}
	doc, old := saidOf(e), ""
	if was != nil {
		old = saidOf(was)
	}
	if doc != old && n.Doc != doc {
		r.changes.set(n.ID, "doc", clip(doc, session.MaxDoc))
	}
	if r.byText && (was == nil || was.Pivotal != e.Pivotal) {
		r.markPivotal(n, e)
	}
	if was != nil && moduleName(r.now(moduleID(was.Module.Name))) != e.Module.Name && r.module(n) != e.Module.Name {
		r.moveInto(n, e.Module)
	}
}

// markPivotal lets a note, and the lines at its event, follow whether that is pivotal.
func (r *reconciler) markPivotal(n *session.Note, e *model.Element) {
	lines := slices.Clone(r.holders[atLine+e.ID()])
	if n.Pivotal != e.Pivotal && (!e.Pivotal || len(lines) == 0) {
		r.changes.set(n.ID, "pivotal", e.Pivotal)
	}
	for _, line := range lines {
		if !e.Pivotal {
			r.bind(r.notes[line].note, "")
		}
	}
}

// saidOf returns what is said of an element: its doc comment, or what a term means.
func saidOf(e *model.Element) string {
	if e.Kind == ast.Term && e.Meaning != "" {
		return e.Meaning
	}
	return e.Doc
}

// adopt lets notes that stand for nothing yet stand for something new in the text.
func (r *reconciler) adopt(id string, kind ast.Kind, name string, m *model.Module) bool {
	found := false
	for _, n := range r.orphans()[kind] {
		if r.Element(n.ID) != "" || !reads(name, spelled(n)) {
			continue
		}
		if frame := r.module(n); kind != ast.Module && frame != "" && frame != m.Name {
			continue
		}
		r.bind(n, id)
		found = true
		if r.learnt(n) {
			r.waiting[n.ID] = true // for what else it says
		}
	}
	return found
}

// orphans returns the notes that stand for nothing though they could, by kind.
func (f *follower) orphans() map[ast.Kind][]*session.Note {
	if f.strays == nil {
		f.strays = map[ast.Kind][]*session.Note{}
		for _, n := range f.wall.Notes {
			if lands(n) && f.Element(n.ID) == "" {
				f.strays[kindOf(n)] = append(f.strays[kindOf(n)], n)
			}
		}
		for _, list := range f.strays {
			slices.SortFunc(list, leftToRight)
		}
	}
	return f.strays
}

// note returns a note as this step leaves it; nil for one that is not there, or that
// somebody writes alone.
func (f *follower) note(id string) *session.Note {
	if n := f.made[id]; n != nil {
		return n
	}
	if n := f.wall.Notes[id]; n != nil && !n.Private && !f.changes.isGone(id) {
		return n
	}
	return nil
}

type arrow struct {
	verb     model.Verb
	from, to string
}

// links follows the arrows.
func (r *reconciler) links() {
	was := map[arrow]bool{} // what the wall had is not put up again: somebody may just have removed it
	for _, l := range r.follower.State.links {
		was[arrow{model.Verb(l.link.Verb), l.from, l.to}] = true
	}
	is := map[arrow]bool{}
	for _, l := range arrows(r.after) {
		a := arrow{l.Verb, l.From.ID(), l.To.ID()}
		is[a] = true
		if !was[a] && !r.joined(a) {
			r.draw(a)
		}
	}
	for id, l := range r.follower.State.links {
		link := r.wall.Links[id]
		if link == nil || is[arrow{model.Verb(link.Verb), l.from, l.to}] {
			continue
		}
		a, b := r.after.Element(l.from), r.after.Element(l.to)
		if a == nil || b == nil || !linked(r.after, a, b) {
			r.changes.gone(id)
			delete(r.follower.State.links, id)
		}
	}
}

// joined reports whether the wall has an arrow between two elements, and lets the
// text know of it.
func (r *reconciler) joined(a arrow) bool {
	found := false
	for _, note := range r.holders[a.from] {
		for _, id := range r.wall.LinksOf(note) {
			if l := r.wall.Links[id]; l.From == note && r.Element(l.To) == a.to {
				found = true
				if r.follower.State.links[id] == nil {
					r.follower.State.links[id] = &joint{l, a.from, a.to}
				}
			}
		}
	}
	return found
}

// draw puts an arrow on the wall, between the notes that are nearest.
func (r *reconciler) draw(a arrow) {
	var from, to *session.Note
	for _, x := range r.holders[a.from] {
		for _, y := range r.holders[a.to] {
			n, m := r.note(x), r.note(y)
			if n != nil && m != nil && (from == nil || distance(n, m) < distance(from, to)) {
				from, to = n, m
			}
		}
	}
	if from == nil || session.VerbOf(from.Kind, to.Kind) != string(a.verb) {
		return // a note has become of another kind meanwhile
	}
	l := &session.Link{Type: session.LinkItem, ID: r.freshID(), From: from.ID, To: to.ID, Verb: string(a.verb)}
	r.changes.link(l)
	r.follower.State.links[l.ID] = &joint{l, a.from, a.to}
}
