package landing

import (
	"slices"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/model"
)

// stickies follows hotspots, opportunities, rules and notes.
func (r *reconciler) stickies() {
	seen := map[string]bool{}
	for m := range r.after.All() {
		for _, st := range m.Stickies {
			id := st.ID()
			if seen[id] {
				continue // several that say the same are one note
			}
			seen[id] = true
			if len(r.holders[id]) == 0 && !r.adopt(id, st.Kind, st.Text, m) {
				if fits(st.Text) {
					r.unhung = append(r.unhung, st)
				}
				continue
			}
			was := r.before.Sticky(r.old(id))
			for _, note := range r.holders[id] {
				if n := r.note(note); n != nil {
					r.followSticky(n, st, was)
				}
			}
		}
	}
}

func (r *reconciler) followSticky(n *session.Note, st, was *model.Sticky) {
	if r.byText && (was == nil || was.Text != st.Text) && spelled(n) != st.Text {
		r.changes.set(n.ID, "text", clip(st.Text, session.MaxText))
	}
	old := model.Sticky{}
	if was != nil {
		old.Resolved, old.Doc = was.Resolved, was.Doc
	}
	if old.Resolved != st.Resolved && n.Answer != st.Resolved {
		r.changes.set(n.ID, "answer", clip(st.Resolved, session.MaxAnswer))
	}
	if old.Doc != st.Doc && n.Doc != st.Doc {
		r.changes.set(n.ID, "doc", clip(st.Doc, session.MaxDoc))
	}
	if r.byText && (was == nil || !slices.Equal(r.targetIDs(was), targetIDs(st))) && !sameSet(r.targets(n), targetIDs(st)) {
		r.changes.set(n.ID, "on", r.nearTargets(n, st))
	}
	if was != nil && moduleName(r.now(moduleID(was.Module.Name))) != st.Module.Name && r.module(n) != st.Module.Name {
		r.moveInto(n, st.Module)
	}
}

// reattach puts stickies onto what has just been put up, where the text has them on it: it
// was not on the wall before, or could not go from the text and came back.
func (r *reconciler) reattach() {
	fresh := map[string]bool{}
	for id, n := range r.made {
		if r.wall.Notes[id] == nil {
			fresh[n.Element] = true
		}
	}
	for m := range r.after.All() {
		for _, st := range m.Stickies {
			holders := r.holders[st.ID()]
			was := r.before.Sticky(r.old(st.ID()))
			for _, on := range targetIDs(st) {
				isOn := func(id string) bool { n := r.note(id); return n != nil && slices.Contains(r.targets(n), on) }
				found := was != nil && !slices.Contains(r.targetIDs(was), on) // the text named it before it was there
				if !fresh[on] && !found || len(holders) == 0 || slices.ContainsFunc(holders, isOn) {
					continue
				}
				if n := r.note(holders[0]); n != nil {
					r.changes.set(n.ID, "on", r.nearTargets(n, st))
				}
				break
			}
		}
	}
}

func targetIDs(st *model.Sticky) []string {
	var out []string
	for _, t := range st.On {
		out = append(out, t.ID())
	}
	return out
}

// attached reports whether a sticky of the text is on more than before: what it names is there
// now.
func attached(before, after *model.Storm) bool {
	for m := range after.All() {
		for _, st := range m.Stickies {
			if was := before.Sticky(st.ID()); was != nil && len(st.On) > len(was.On) {
				return true
			}
		}
	}
	return false
}

// targetIDs returns what a sticky was on, under the names of now.
func (r *reconciler) targetIDs(st *model.Sticky) []string {
	out := targetIDs(st)
	for i, id := range out {
		out[i] = r.now(id)
	}
	return out
}

// nearTargets returns for each thing that a sticky is on the note of it that is
// nearest.
func (r *reconciler) nearTargets(n *session.Note, st *model.Sticky) []string {
	on := []string{}
	for _, id := range targetIDs(st) {
		var best *session.Note
		for _, note := range r.holders[id] {
			if o := r.note(note); o != nil && (best == nil || slices.Contains(n.On, note) || !slices.Contains(n.On, best.ID) && distance(n, o) < distance(n, best)) {
				best = o
			}
		}
		if best != nil {
			on = append(on, best.ID)
		}
	}
	return on[:min(len(on), session.MaxOn)]
}

func distance(a, b *session.Note) int {
	return abs(a.X+a.W/2-b.X-b.W/2) + abs(a.Y+a.H/2-b.Y-b.H/2)
}
