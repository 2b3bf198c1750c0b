package model

import (
	"iter"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
)

// IsFree reports whether the module is the part outside of any module.
func (m *Module) IsFree() bool { return m.Name == "" }

// Of returns the module's elements of a kind, in the order of the timeline.
func (m *Module) Of(kind ast.Kind) []*Element {
	var out []*Element
	for _, e := range m.Elements {
		if e.Kind == kind {
			out = append(out, e)
		}
	}
	return out
}

// Find returns the module's element of that kind and name, or nil.
func (m *Module) Find(kind ast.Kind, name string) *Element {
	for _, e := range m.Elements {
		if e.Kind == kind && e.Name == name {
			return e
		}
	}
	return nil
}

// Module returns the module of that name, Free for the empty name, or nil.
func (s *Storm) Module(name string) *Module {
	for m := range s.All() {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// All yields Free and then the modules.
func (s *Storm) All() iter.Seq[*Module] {
	return func(yield func(*Module) bool) {
		if !yield(s.Free) {
			return
		}
		for _, m := range s.Modules {
			if !yield(m) {
				return
			}
		}
	}
}

// Elements yields all elements, module by module.
func (s *Storm) Elements() iter.Seq[*Element] {
	return func(yield func(*Element) bool) {
		for m := range s.All() {
			for _, e := range m.Elements {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// Handlings yields all lines of flow: of each module those of its aggregates
// and systems, then those without a handler.
func (s *Storm) Handlings() iter.Seq[*Handling] {
	return func(yield func(*Handling) bool) {
		for m := range s.All() {
			for _, e := range m.Elements {
				for _, h := range e.Handles {
					if !yield(h) {
						return
					}
				}
			}
			for _, h := range m.Flows {
				if !yield(h) {
					return
				}
			}
		}
	}
}

// ID returns the element's stable id: its kind and its qualified name, such as
// "event:Rover.MarsRoverMoved". Names that are no identifiers stand in quotes.
func (e *Element) ID() string { return e.Kind.String() + ":" + e.Path() }

// Path returns the qualified name as a storm file spells it: Rover.Move.
func (e *Element) Path() string {
	if e.Module.IsFree() {
		return ast.Quote(e.Name)
	}
	return ast.Quote(e.Module.Name) + "." + ast.Quote(e.Name)
}

// At returns the place to point at: the name where the element is declared
// first, or else where it is mentioned first.
func (e *Element) At() ast.Place {
	if len(e.Declared) > 0 {
		return e.Declared[0]
	}
	if len(e.Mentions) > 0 {
		return e.Mentions[0].Place
	}
	return e.Place
}

// At returns the place to point at: the module's name where it is declared
// first.
func (m *Module) At() ast.Place {
	if len(m.Declared) > 0 {
		return m.Declared[0]
	}
	return m.Place
}

// Label returns the name as people read it on a note: "Mars Rover Moved".
func (e *Element) Label() string { return Label(e.Name) }

// String returns the kind and the path: "event Rover.MarsRoverMoved".
func (e *Element) String() string { return e.Kind.String() + " " + e.Path() }

// IsZero reports whether there is neither an element nor a module.
func (t Target) IsZero() bool { return t.Element == nil && t.Module == nil }

// ID returns the id of the element, or "module:" and the module's name.
func (t Target) ID() string {
	switch {
	case t.Element != nil:
		return t.Element.ID()
	case t.Module != nil:
		return "module:" + ast.Quote(t.Module.Name)
	}
	return ""
}

// All yields every element of the choice.
func (c Choice) All() iter.Seq[*Element] {
	return func(yield func(*Element) bool) {
		for _, group := range c {
			for _, e := range group {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// Has reports whether the element is among the choice.
func (c Choice) Has(e *Element) bool {
	for x := range c.All() {
		if x == e {
			return true
		}
	}
	return false
}

// String returns the type as a storm file spells it.
func (t *Type) String() string {
	var b strings.Builder
	t.write(&b)
	return b.String()
}

func (t *Type) write(b *strings.Builder) {
	switch {
	case t.List != nil:
		b.WriteByte('[')
		t.List.write(b)
		b.WriteByte(']')
	case t.Of != nil:
		b.WriteString(t.Of.Path())
	case t.Basic != "":
		b.WriteString(string(t.Basic))
	default:
		b.WriteString(t.Unknown)
	}
	if t.Optional {
		b.WriteByte('?')
	}
}

// Metas yields what can carry a doc comment and silence checks: every part of
// the storm that has a [Meta].
func (s *Storm) Metas() iter.Seq[*Meta] {
	return func(yield func(*Meta) bool) {
		if !yield(&s.Meta) {
			return
		}
		for _, section := range s.Sections {
			if !yield(&section.Meta) {
				return
			}
		}
		for m := range s.All() {
			for meta := range m.metas() {
				if !yield(meta) {
					return
				}
			}
		}
	}
}

func (m *Module) metas() iter.Seq[*Meta] {
	return func(yield func(*Meta) bool) {
		ok := yield(&m.Meta)
		for _, e := range m.Elements {
			ok = ok && yield(&e.Meta)
			for _, h := range e.Handles {
				ok = ok && yield(&h.Meta)
			}
		}
		for _, h := range m.Flows {
			ok = ok && yield(&h.Meta)
		}
		for _, t := range m.Timers {
			ok = ok && yield(&t.Meta)
		}
		for _, s := range m.Stickies {
			ok = ok && yield(&s.Meta)
		}
		for _, l := range m.Lanes {
			ok = ok && yield(&l.Meta)
		}
		for _, w := range m.Walks {
			ok = ok && yield(&w.Meta)
		}
		for _, s := range m.Scenarios {
			ok = ok && yield(&s.Meta)
		}
	}
}

// Element returns the element of that id, or nil.
func (s *Storm) Element(id string) *Element {
	s.once.Do(func() {
		s.byID = map[string]*Element{}
		for e := range s.Elements() {
			s.byID[e.ID()] = e
		}
	})
	return s.byID[id]
}

// ID returns the sticky's id: its kind, its module and its text, such as
// `hotspot:Rover."What if it is offline?"`. Of stickies that say the same in one
// module, all have one id.
func (s *Sticky) ID() string {
	path := ast.QuoteText(s.Text)
	if s.Module != nil && !s.Module.IsFree() {
		path = ast.Quote(s.Module.Name) + "." + path
	}
	return s.Kind.String() + ":" + path
}

// Sticky returns the first sticky of that id, or nil.
func (s *Storm) Sticky(id string) *Sticky {
	for m := range s.All() {
		for _, sticky := range m.Stickies {
			if sticky.ID() == id {
				return sticky
			}
		}
	}
	return nil
}

// Ambiguous reports whether an element's name, written in a module where
// anything may stand, may mean something else too, so that it needs its kind
// before it.
func (s *Storm) Ambiguous(e *Element, in *Module) bool {
	for _, m := range []*Module{e.Module, in} {
		for _, other := range m.Elements {
			if other != e && other.Name == e.Name {
				return true
			}
		}
	}
	return s.Module(e.Name) != nil
}
