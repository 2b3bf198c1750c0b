package landing

import (
	"errors"
	"maps"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
	"github.com/landfall-go/landfall/storm/model"
)

// remove takes out of the text what lost its last note.
func (f *follower) remove() {
	var simple edit.RemoveAll
	var others, modules []string
	for _, id := range slices.Sorted(maps.Keys(f.lost)) {
		if len(f.holders[id]) > 0 {
			continue
		}
		e := f.batch.Model().Element(id)
		switch {
		case kindIn(id) == ast.Module:
			modules = append(modules, id)
		case e != nil && declaredOnly(e):
			simple = append(simple, id)
		case e != nil || kindIn(id).IsSticky():
			others = append(others, id)
		}
	}
	for _, id := range slices.Concat(simple, others) {
		f.bury(id)
	}
	if len(simple) > 1 && f.do(simple) == nil {
		simple = nil
	}
	for _, id := range slices.Concat(simple, others, modules) {
		f.removeOne(id)
	}
}

// mostBuried is how many elements that went are remembered.
const mostBuried = 500

// bury remembers the data of an element that goes, in case its note comes back: somebody
// may undo what they did.
func (f *follower) bury(id string) {
	text := edit.Declaration(f.batch.Source(), id)
	if text == "" {
		return
	}
	if len(f.buried) >= mostBuried {
		for other := range f.buried {
			delete(f.buried, other)
			break
		}
	}
	f.buried[id] = text
}

// declaredOnly reports whether nothing but its declarations mentions an element.
func declaredOnly(e *model.Element) bool {
	return !slices.ContainsFunc(e.Mentions, func(m model.Mention) bool { return m.Role != model.Declaration })
}

func (f *follower) removeOne(id string) {
	if !kindIn(id).IsSticky() {
		f.deep = true // what was linked with it, or lay in it, is something else now
	}
	err := f.do(edit.Remove{ID: id})
	if err == nil || errors.Is(err, edit.ErrUnknown) {
		return
	}
	// It stays in the text, so it comes back to the wall.
	f.deep = true
	f.refuse(id, err)
}
