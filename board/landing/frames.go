package landing

import (
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
	"github.com/landfall-go/landfall/storm/model"
)

func isModule(k ast.Kind) bool { return k == ast.Module }

// frames lets the modules follow their frames.
func (f *follower) frames() {
	f.leave(isModule)
	for _, n := range f.dirtyNotes(isModule) {
		if err := f.frame(n); err != nil {
			f.refuse(n.ID, err, n.ID)
			continue
		}
		f.remember(n)
	}
}

func (f *follower) frame(n *session.Note) error {
	was := f.Element(n.ID)
	name := spelled(n)
	m := f.batch.Model().Module(moduleName(was))
	if was == "" || m == nil || m.IsFree() {
		return f.newFrame(n, name)
	}
	if !reads(m.Name, name) {
		if len(f.holders[was]) > 1 {
			f.lost[was] = true
			f.bind(n, "")
			return f.newFrame(n, name)
		}
		if other := f.findModule(name); other != nil {
			f.lost[was] = true
			f.bindFrame(n, other)
			return f.describeFrame(n)
		}
		f.deep = true
		if err := f.do(edit.Rename{ID: was, To: nameLike(name, m.Name)}); err != nil {
			return err
		}
	}
	return f.describeFrame(n)
}

// newFrame finds the module of a frame, or makes it.
func (f *follower) newFrame(n *session.Note, name string) error {
	m := f.findModule(name)
	if m == nil {
		if err := f.do(edit.Add{Kind: ast.Module, Name: name}); err != nil {
			return err
		}
		m = f.batch.Model().Module(name)
	}
	f.bindFrame(n, m)
	return f.describeFrame(n)
}

// bindFrame lets a frame stand for a module; what lies in it belongs there now.
func (f *follower) bindFrame(n *session.Note, m *model.Module) {
	f.bind(n, moduleID(m.Name))
	for id, note := range f.wall.Notes {
		if note.Module == n.ID {
			f.dirty[id] = true
			if old := f.notes[id]; old != nil && old.note.Module == n.ID {
				f.comesIn(old.note)
			}
		}
	}
}

// comesIn lets a note be seen to come into its frame, now or with the next step.
func (f *follower) comesIn(n *session.Note) {
	outside := *n
	outside.Module = ""
	f.notes[n.ID] = &standing{note: &outside, element: f.Element(n.ID)}
}

func (f *follower) findModule(name string) *model.Module {
	for _, m := range f.batch.Model().Modules {
		if reads(m.Name, name) {
			return m
		}
	}
	return nil
}

// describeFrame writes the team and the doc comment of a module.
func (f *follower) describeFrame(n *session.Note) error {
	id := f.Element(n.ID)
	m := f.batch.Model().Module(moduleName(id))
	old := f.notes[n.ID].note
	first := old == n || f.fresh(n)
	if m.Team != n.Team && (n.Team != "" || !first) && (first || old.Team != n.Team) {
		f.deep = true
		if err := f.do(edit.SetTeam{Module: m.Name, Team: n.Team}); err != nil {
			return err
		}
	}
	return f.describe(n, id, m.Doc, first)
}

// fresh reports whether the text did not have the note before this step.
func (f *follower) fresh(n *session.Note) bool { return f.new[n.ID] }

// describe writes the doc comment of a note, when it is new or has changed.
func (f *follower) describe(n *session.Note, id, doc string, first bool) error {
	old := f.notes[n.ID].note
	if n.Doc == doc || first && n.Doc == "" || !first && old.Doc == n.Doc {
		return nil
	}
	f.deep = f.deep || len(f.holders[id]) > 1
	return f.do(edit.Describe{ID: id, Doc: n.Doc})
}

// learn writes on notes what the text says of what they stand for: on those that it did not
// have, where they say nothing themselves; and on those that say something new, where another
// note of the same had the last word.
func (f *follower) learn() {
	for id := range f.dirty {
		n, is := f.live(id), f.Element(id)
		if _, no := f.refused[id]; no || n == nil || is == "" {
			continue
		}
		old := &session.Note{}
		if was := f.old.notes[id]; was != nil && !f.fresh(n) {
			old = was.note
		}
		shared := len(f.holders[is]) > 1
		learn := func(name, is, was, text string) {
			if is != text && (f.fresh(n) && is == "" || shared && is != was) {
				f.changes.set(id, name, text)
			}
		}
		if e := f.model.Element(is); e != nil {
			learn("doc", n.Doc, old.Doc, clip(saidOf(e), session.MaxDoc))
		} else if st := f.model.Sticky(is); st != nil {
			learn("doc", n.Doc, old.Doc, clip(st.Doc, session.MaxDoc))
			if st.Kind == ast.Hotspot {
				learn("answer", n.Answer, old.Answer, clip(st.Resolved, session.MaxAnswer))
			}
		} else if m := f.model.Module(moduleName(is)); m != nil {
			learn("doc", n.Doc, old.Doc, clip(m.Doc, session.MaxDoc))
			learn("team", n.Team, old.Team, clip(m.Team, session.MaxName))
		}
	}
}
