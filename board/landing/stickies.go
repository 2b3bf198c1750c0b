package landing

import (
	"slices"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
	"github.com/landfall-go/landfall/storm/model"
)

func isSticky(k ast.Kind) bool { return k.IsSticky() }

// stickies lets hotspots, opportunities, rules and notes follow those of the wall.
func (f *follower) stickies() {
	f.stickOn()
	f.leave(isSticky)
	for _, n := range f.dirtyNotes(isSticky) {
		delete(f.refused, n.ID)
		if err := f.sticky(n); err != nil {
			f.refuse(n.ID, err, n.ID)
			continue
		}
		f.remember(n)
	}
}

// stickOn makes the stickies dirty that are on a dirty note, which may stand for
// something else now.
func (f *follower) stickOn() {
	for id, n := range f.wall.Notes {
		if isSticky(kindOf(n)) && !f.dirty[id] && slices.ContainsFunc(n.On, func(on string) bool { return f.dirty[on] }) {
			f.dirty[id] = true
		}
	}
}

func (f *follower) sticky(n *session.Note) error {
	id := f.Element(n.ID)
	text := spelled(n)
	var st *model.Sticky
	if id != "" {
		st = f.batch.Model().Sticky(id)
	}
	switch {
	case st == nil:
		return f.newSticky(n)
	case st.Text != text && len(f.holders[id]) > 1:
		f.lost[id] = true
		f.bind(n, "")
		return f.newSticky(n)
	}
	if module := f.stickyModule(n, st); module != st.Module.Name {
		return f.moveSticky(n, st, module)
	}
	if st.Text != text {
		if other := stickyID(st.Kind, st.Module.Name, text); f.batch.Model().Sticky(other) != nil {
			f.lost[id] = true
			f.bind(n, other)
		} else if err := f.do(edit.Rename{ID: id, To: text}); err != nil {
			return err
		}
	}
	return f.completeSticky(n)
}

// stickyModule returns the module that a sticky shall stand in.
func (f *follower) stickyModule(n *session.Note, st *model.Sticky) string {
	if old := f.notes[n.ID]; old.note.Module == n.Module {
		return st.Module.Name
	}
	return f.module(n)
}

// moveSticky puts a sticky into another module: it is written there anew.
func (f *follower) moveSticky(n *session.Note, st *model.Sticky, module string) error {
	from := f.Element(n.ID)
	to := stickyID(st.Kind, module, spelled(n))
	if f.batch.Model().Sticky(to) == nil {
		if err := f.do(edit.Add{Kind: st.Kind, Name: spelled(n), Module: module, Doc: st.Doc, On: f.targets(n)}); err != nil {
			return err
		}
	}
	f.lost[from] = true
	f.bind(n, to)
	f.new[n.ID] = true
	return f.completeSticky(n)
}

// newSticky lets a note stand for the sticky of its kind and text, or for a new one.
func (f *follower) newSticky(n *session.Note) error {
	id := stickyID(kindOf(n), f.module(n), spelled(n))
	if f.batch.Model().Sticky(id) == nil {
		add := edit.Add{Kind: kindOf(n), Name: spelled(n), Module: f.module(n), Doc: n.Doc, On: f.targets(n)}
		if err := f.do(add); err != nil {
			return err
		}
	}
	f.bind(n, id)
	f.new[n.ID] = true
	return f.completeSticky(n)
}

// completeSticky writes what a sticky is on, its answer and what is said of it.
func (f *follower) completeSticky(n *session.Note) error {
	id := f.Element(n.ID)
	st := f.batch.Model().Sticky(id)
	if st == nil {
		return nil
	}
	var is []string
	for _, t := range st.On {
		is = append(is, t.ID())
	}
	shall := f.targets(n)
	for _, other := range f.holders[id] {
		if o := f.live(other); o != nil && other != n.ID {
			for _, t := range f.targets(o) {
				if !slices.Contains(shall, t) {
					shall = append(shall, t)
				}
			}
		}
	}
	if !sameSet(is, f.unseen(is, shall)) {
		if err := f.do(edit.Attach{ID: id, On: f.unseen(is, shall)}); err != nil {
			return err
		}
	}
	old, first := f.notes[n.ID].note, f.fresh(n)
	if st.Kind == ast.Hotspot && st.Resolved != n.Answer && (first && n.Answer != "" || !first && old.Answer != n.Answer) {
		f.deep = f.deep || len(f.holders[id]) > 1
		if err := f.do(edit.Resolve{ID: id, Answer: n.Answer}); err != nil {
			return err
		}
	}
	return f.describe(n, id, st.Doc, f.fresh(n))
}

// unseen adds what a sticky is on in the text and no note stands for, so that it
// stays.
func (f *follower) unseen(is, shall []string) []string {
	var out []string
	for _, t := range is {
		if len(f.holders[t]) == 0 || slices.Contains(shall, t) {
			out = append(out, t)
		}
	}
	for _, t := range shall {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// targets returns the ids of what a sticky is on.
func (f *follower) targets(n *session.Note) []string {
	var out []string
	for _, on := range n.On {
		id := f.Element(on)
		if id != "" && !kindIn(id).IsSticky() && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func sameSet(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for _, x := range a {
		if !slices.Contains(b, x) {
			return false
		}
	}
	return true
}
