package edit

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// along returns the statements that move with elements: those that declare them, and the
// flows, with what is said to be pivotal, whose elements are all in the module then. A
// flow of an aggregate goes with the aggregate alone.
func (s *session) along(set []*model.Element, to *model.Module) []*spot {
	spots := s.movingSpots(set)
	var flows []*spot
	for _, e := range set {
		for _, m := range e.Mentions {
			if m.In == to || insideOf(spots, m.Place) || insideOf(flows, m.Place) {
				continue
			}
			if sp := s.spotAt(m.Place); sp != nil && isLoose(sp) {
				flows = append(flows, sp)
			}
		}
	}
	if len(flows) == 0 {
		return spots
	}
	for e := range s.src.Model.Elements() {
		if e.Module == to || slices.Contains(set, e) {
			continue
		}
		for _, m := range e.Mentions {
			flows = slices.DeleteFunc(flows, func(sp *spot) bool { return insideOf([]*spot{sp}, m.Place) })
		}
	}
	spots = append(spots, flows...)
	slices.SortStableFunc(spots, func(a, b *spot) int {
		return cmp.Compare(a.stmt().Range().Start.Offset, b.stmt().Range().Start.Offset)
	})
	return spots
}

// stickiesAlong notes the new ids of the stickies that move with statements, such as the
// rules in the braces of an aggregate.
func (s *session) stickiesAlong(spots []*spot, to *model.Module) {
	for m := range s.src.Model.All() {
		for _, st := range m.Stickies {
			if m != to && insideOf(spots, st.Place) {
				after := *st
				after.Module = to
				s.renamed[st.ID()] = after.ID()
			}
		}
	}
}

// isLoose reports whether a statement is a flow, or a list of pivotal events, outside of
// aggregates and systems.
func isLoose(sp *spot) bool {
	if _, ok := sp.owner.(*ast.ModuleDecl); sp.owner != nil && !ok {
		return false
	}
	switch st := sp.stmt().(type) {
	case *ast.FlowLine:
		return true
	case *ast.List:
		return st.Kind == ast.ListPivotal
	}
	return false
}
