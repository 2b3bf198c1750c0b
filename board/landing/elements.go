package landing

import (
	"slices"
	"strings"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
	"github.com/landfall-go/landfall/storm/model"
)

func isElement(k ast.Kind) bool { return k.IsElement() }

// elements lets the elements follow their notes.
func (f *follower) elements() {
	f.merge()
	f.leave(isElement)
	notes := f.dirtyNotes(isElement)
	f.renameAll(notes)
	for _, n := range notes {
		if err := f.element(n); err != nil {
			f.refuse(n.ID, err, n.ID)
		}
	}
	f.addAll()
	for _, n := range notes {
		if _, no := f.refused[n.ID]; no || f.Element(n.ID) == "" {
			continue
		}
		if err := f.describeElement(n); err != nil {
			f.refuse(n.ID, err, n.ID)
			continue
		}
		f.marked(n)
	}
}

// merge makes one element of those whose notes were merged on the wall: the note
// that is left has their names.
func (f *follower) merge() {
	for _, n := range f.dirtyNotes(isElement) {
		old := f.notes[n.ID]
		if old == nil || old.element == "" || len(n.Was) == len(old.note.Was) {
			continue
		}
		for id := range f.dirty {
			gone := f.notes[id]
			if gone == nil || f.wall.Notes[id] != nil || gone.element == "" || gone.element == old.element ||
				kindIn(gone.element) != kindIn(old.element) || !slices.Contains(n.Was, gone.note.Text) || !f.leaves(gone.element) {
				continue
			}
			f.deep = true
			from := gone.element
			f.bury(from)
			if err := f.do(edit.Merge{From: from, Into: old.element}); err != nil {
				f.refuse(n.ID, err, n.ID)
			}
		}
	}
}

// leaves reports whether all notes of an element are gone from the wall.
func (f *follower) leaves(element string) bool {
	return !slices.ContainsFunc(f.holders[element], func(id string) bool { return f.live(id) != nil })
}

// element finds out what a note stands for now.
func (f *follower) element(n *session.Note) error {
	delete(f.refused, n.ID)
	id := f.Element(n.ID)
	e := f.batch.Model().Element(id)
	if e == nil || id == "" {
		return f.newElement(n)
	}
	if text := spelled(n); !reads(e.Name, text) {
		if len(f.holders[id]) > 1 {
			f.lost[id] = true
			f.bind(n, "")
			return f.newElement(n)
		}
		if err := f.renameElement(e, nameLike(text, e.Name), f.assigned(n)); err != nil {
			return err
		}
	}
	return f.assign(n)
}

// renameAll gives other names to the elements that nothing else happens to, all at once.
// What cannot be done so is done by element, one by one.
func (f *follower) renameAll(notes []*session.Note) {
	var all []edit.Gesture
	taken := map[string]bool{}
	for _, n := range notes {
		id := f.Element(n.ID)
		e := f.batch.Model().Element(id)
		text := spelled(n)
		if e == nil || reads(e.Name, text) || len(f.holders[id]) > 1 || f.assigned(n) != e.Module.Name {
			continue
		}
		name := nameLike(text, e.Name)
		if taken[name] || f.findIn(e.Kind, name, e.Module.Name) != nil {
			continue
		}
		taken[name] = true
		all = append(all, edit.Rename{ID: id, To: name})
	}
	if len(all) > 1 {
		f.doAll(all)
	}
}

// assigned returns the module that an element shall be in: that of its frame when
// the note was moved, and else the one that it is in.
func (f *follower) assigned(n *session.Note) string {
	old := f.notes[n.ID]
	if old.note.Module != n.Module {
		return f.module(n)
	}
	if e := f.batch.Model().Element(old.element); e != nil {
		return e.Module.Name
	}
	return f.module(n)
}

// renameElement gives an element another name. Where another has it already, the two
// are one from now on.
func (f *follower) renameElement(e *model.Element, name, module string) error {
	if other := f.findIn(e.Kind, name, module); other != nil && other != e {
		f.deep = true
		return f.do(edit.Merge{From: e.ID(), Into: other.ID()})
	}
	return f.do(edit.Rename{ID: e.ID(), To: name})
}

// assign puts the element of a note that was moved into the module of its frame.
func (f *follower) assign(n *session.Note) error {
	id := f.Element(n.ID)
	e := f.batch.Model().Element(id)
	to := f.assigned(n)
	if e == nil || e.Module.Name == to {
		return nil
	}
	f.deep = true
	if other := f.findIn(e.Kind, e.Name, to); other != nil && other != e {
		if len(f.holders[id]) > 1 {
			f.lost[id] = true
			f.bind(n, other.ID())
			return nil
		}
		return f.do(edit.Merge{From: id, Into: other.ID()})
	}
	return f.do(edit.Assign{ID: id, Module: to})
}

// addition is a new element, with the notes that stand for it.
type addition struct {
	add   edit.Add
	notes []*session.Note
}

// newElement lets a note stand for the element of its kind and name, or for a new
// one.
func (f *follower) newElement(n *session.Note) error {
	kind, name, module := kindOf(n), spelled(n), f.module(n)
	moved := f.notes[n.ID] != nil // it stood for another before
	f.new[n.ID] = true
	if other := f.find(kind, name, module); other != nil {
		f.bind(n, other.ID())
		f.again[n.ID] = moved
		if module != "" && other.Module.IsFree() {
			f.deep = true
			if err := f.do(edit.Assign{ID: other.ID(), Module: module}); err != nil {
				f.comesIn(n)
				return err
			}
		}
		return nil
	}
	for i := range f.added {
		if a := &f.added[i]; a.add.Kind == kind && a.add.Name == name && a.add.Module == module {
			a.notes = append(a.notes, n)
			return nil
		}
	}
	doc := n.Doc
	if doc == "" {
		doc = f.rest[n.ID]
	}
	if kind == ast.Term {
		doc = ""
	}
	f.added = append(f.added, addition{edit.Add{
		Kind: kind, Name: name, Module: module, Doc: doc, Bare: kind == ast.Event, As: f.buried[elementID(kind, module, name)],
	}, []*session.Note{n}})
	return nil
}

// addAll puts the new elements into the text: all at once, or one by one when some
// of them are refused.
func (f *follower) addAll() {
	if len(f.added) == 0 {
		return
	}
	f.beside()
	var all edit.AddAll
	for _, a := range f.added {
		all = append(all, a.add)
	}
	together := len(all) > 1 && f.do(all) == nil
	for _, a := range f.added {
		if !together {
			err := f.do(a.add)
			if err != nil && a.add.As != "" { // its data is made of something that is gone
				a.add.As = ""
				err = f.do(a.add)
			}
			if err != nil {
				for _, n := range a.notes {
					f.refuse(n.ID, err, n.ID)
				}
				continue
			}
		}
		id := elementID(a.add.Kind, a.add.Module, a.add.Name)
		for _, n := range a.notes {
			f.bind(n, id)
		}
	}
	f.added = nil
}

// find returns the element that a new note stands for: of its kind and name, in the
// module of its frame, or outside of all; for a note outside of frames in any.
func (f *follower) find(kind ast.Kind, name, module string) *model.Element {
	if e := f.findIn(kind, name, module); e != nil {
		return e
	}
	if module != "" {
		return f.findIn(kind, name, "")
	}
	for _, m := range f.batch.Model().Modules {
		if e := f.findIn(kind, name, m.Name); e != nil {
			return e
		}
	}
	return nil
}

// findIn returns the element of a kind in a module that a note with the text says.
func (f *follower) findIn(kind ast.Kind, text, module string) *model.Element {
	s := f.batch.Model()
	if e := s.Element(elementID(kind, module, text)); e != nil {
		return e
	}
	m := s.Module(module)
	if m == nil || !strings.Contains(text, " ") {
		return nil
	}
	for _, e := range m.Elements {
		if e.Kind == kind && reads(e.Name, text) {
			return e
		}
	}
	return nil
}

// describeElement writes the doc comment of a note.
func (f *follower) describeElement(n *session.Note) error {
	id := f.Element(n.ID)
	e := f.batch.Model().Element(id)
	if e == nil {
		return nil
	}
	doc := e.Doc
	if e.Kind == ast.Term {
		doc = e.Meaning
	}
	return f.describe(n, id, doc, f.fresh(n))
}

// marked remembers a note as it is, and that its place in time may be another.
func (f *follower) marked(n *session.Note) {
	old := f.notes[n.ID].note
	if f.again[n.ID] || old.X != n.X || old.Y != n.Y || old.W != n.W || old.H != n.H {
		f.order_ = append(f.order_, n.ID)
	}
	f.remember(n)
}
