package edit

import (
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// rival returns an element that stands in the way of a name in a module: one of
// that kind and name, or one that mentions of the name would be taken for, or
// that would lose mentions to it. e is the element that gets the name, or nil.
func (s *session) rival(e *model.Element, kind ast.Kind, name string, m *model.Module) *model.Element {
	if other := formerRival(kind, []string{name}, m, e); other != nil {
		return other
	}
	kinds := []ast.Kind{kind}
	switch kind {
	case ast.Value, ast.Enum:
		kinds = []ast.Kind{ast.Value, ast.Enum}
	case ast.Actor, ast.System: // both issue commands
		kinds = []ast.Kind{ast.Actor, ast.System}
	}
	modules := []*model.Module{m, s.src.Model.Free}
	if m.IsFree() {
		modules = append(modules, s.src.Model.Modules...)
	}
	for i, in := range modules {
		for _, k := range kinds {
			other := in.Find(k, name)
			if other == nil || other == e || i == 0 && k != kind && k != ast.Value && k != ast.Enum && !issues(other) && (e == nil || !issues(e)) {
				continue
			}
			if i > 0 && !m.IsFree() && !mentionedIn(other, m) && !(e != nil && mentionedIn(e, m)) {
				continue
			}
			return other
		}
	}
	return nil
}

// formerRival returns another element of the module and the kind that has, or
// had, one of the names, so that they cannot be former names of any other.
func formerRival(kind ast.Kind, names []string, m *model.Module, except ...*model.Element) *model.Element {
	for _, other := range m.Elements {
		if other.Kind != kind || slices.Contains(except, other) {
			continue
		}
		for _, name := range names {
			if other.Name == name || slices.Contains(other.Was, name) {
				return other
			}
		}
	}
	return nil
}

// issues reports whether the element is mentioned as one that issues commands,
// where nothing but the name tells an actor from a system.
func issues(e *model.Element) bool {
	for _, m := range e.Mentions {
		if m.Role == model.Issuer {
			return true
		}
	}
	return false
}

// mentionedIn reports whether an element is mentioned in a module without its
// own module before it.
func mentionedIn(e *model.Element, m *model.Module) bool {
	for _, mention := range e.Mentions {
		if mention.In == m && !mention.Qualified {
			return true
		}
	}
	return false
}

// namesakes returns the elements of that name, whatever their kind and module.
func (s *session) namesakes(name string) []*model.Element {
	var out []*model.Element
	for e := range s.src.Model.Elements() {
		if e.Name == name {
			out = append(out, e)
		}
	}
	return out
}

// kindsBefore writes the kind before the mentions of elements that say no more
// than a name, so that a namesake of another kind does not change what they
// mean. A module of that name gets its word, too.
func (s *session) kindsBefore(elements ...*model.Element) []diag.Edit {
	var edits []diag.Edit
	add := func(mentions []model.Mention, kind ast.Kind) {
		for _, m := range mentions {
			switch m.Role {
			case model.UnderSticky, model.InLane, model.Step, model.Example:
				if s.kindAt(m) == "" {
					at := int(m.Full.Start.Offset)
					edits = append(edits, diag.Edit{File: m.Full.File, Start: at, End: at, New: kind.String() + " "})
				}
			}
		}
	}
	for _, e := range elements {
		add(e.Mentions, e.Kind)
		if m := s.src.Model.Module(e.Name); m != nil && !m.IsFree() {
			add(m.Mentions, ast.Module)
		}
	}
	return edits
}

// kindsBeforeName does the same for all that have a name already, when something
// of another kind gets it.
func (s *session) kindsBeforeName(name string, kind ast.Kind) []diag.Edit {
	list := s.namesakes(name)
	if !mixed(list, kind) && s.src.Model.Module(name) == nil && kind != ast.Module {
		return nil
	}
	if len(list) == 0 {
		list = []*model.Element{{Name: name}}
	}
	return s.kindsBefore(list...)
}

// mixed reports whether one of the elements is of another kind.
func mixed(list []*model.Element, kind ast.Kind) bool {
	for _, e := range list {
		if e.Kind != kind {
			return true
		}
	}
	return false
}
