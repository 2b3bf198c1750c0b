package edit

import (
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/model"
)

// AddAll puts many new elements on the board at once, as pasting a list does.
// It is the same as one [Add] after another, but reads the text once: its time
// grows with the size of the storm and not with that of the storm times the
// number of notes. Notes with the same After come in the order in which they
// are given. It is all or nothing: the error is that of the first note that is
// refused.
type AddAll []Add

func (g AddAll) do(s *session) error {
	if len(s.src.Files) == 0 {
		for _, a := range g {
			if err := a.do(s); err != nil {
				return err
			}
		}
		return nil
	}
	a := &adder{session: s, seen: map[addKey]bool{}, ends: map[*model.Module]*strings.Builder{}}
	for _, note := range g {
		if err := a.add(note); err != nil {
			return err
		}
	}
	return a.apply()
}

type addKey struct {
	kind         ast.Kind
	module, name string
}

// adder collects the edits of many notes.
type adder struct {
	*session
	seen  map[addKey]bool
	edits []diag.Edit
	ends  map[*model.Module]*strings.Builder // what goes to the ends of modules
	order []*model.Module
}

func (a *adder) add(g Add) error {
	if !g.Kind.IsElement() {
		return fmt.Errorf("%s among many elements: %w", g.Kind.Article(), ErrKind)
	}
	if strings.TrimSpace(g.Name) == "" {
		return fmt.Errorf("%s without a name: %w", g.Kind.Article(), ErrKind)
	}
	m, err := a.module(g.Module)
	if err != nil {
		return err
	}
	if key := (addKey{g.Kind, g.Module, g.Name}); a.seen[key] {
		return fmt.Errorf("%s %s twice: %w", g.Kind, ast.Quote(g.Name), ErrTaken)
	} else {
		a.seen[key] = true
	}
	st, err := g.stmt(a.session, m)
	if err != nil {
		return err
	}
	st.Head().Lead = docComment(g.Doc)
	a.edits = append(a.edits, a.kindsBeforeName(g.Name, g.Kind)...)
	if g.After != "" {
		if sp, err := a.home(g.After); err != nil {
			return err
		} else if sp = a.outOfHandler(sp); a.moduleOf(sp) == m && !sp.inline() {
			if g.Before {
				a.edits = append(a.edits, sp.insertBefore(st))
			} else {
				a.edits = append(a.edits, sp.insertAfter(st))
			}
			return nil
		}
	}
	if a.ends[m] == nil {
		a.ends[m] = &strings.Builder{}
		a.order = append(a.order, m)
	}
	a.ends[m].WriteString(format.Stmt(st, 0))
	return nil
}

// inline reports whether the statement stands in braces on one line.
func (sp *spot) inline() bool {
	return sp.block != nil && sp.block.Span.Start.Line == sp.block.Span.End.Line
}

func (a *adder) apply() error {
	for _, m := range a.order {
		land, err := a.landing(m)
		if err != nil {
			return err
		}
		lines := indented(a.ends[m].String(), land.indent, "\n")
		a.edits = append(a.edits, land.edit(lines))
	}
	return a.session.apply(a.edits...)
}

// RemoveAll takes many elements from the board that nothing but their own
// declaration mentions, such as the orange notes of a big picture. It is the
// same as one [Remove] after another, but reads the text once. An element that
// is mentioned elsewhere, or whose declaration has braces, is refused with
// ErrInUse; then nothing is removed.
type RemoveAll []string

func (g RemoveAll) do(s *session) error {
	var edits []diag.Edit
	for _, id := range g {
		e, err := s.element(id)
		if err != nil {
			return err
		}
		for _, m := range e.Mentions {
			sp := s.spotAt(m.Place)
			if m.Role != model.Declaration || sp == nil || !declaresOnly(sp.stmt()) {
				return fmt.Errorf("%s is mentioned at %s: %w", e, m.Place, ErrInUse)
			}
			edits = append(edits, sp.remove())
		}
		s.gone[id] = true
	}
	return s.apply(edits...)
}

// declaresOnly reports whether a statement says that one element exists, and
// nothing of any other.
func declaresOnly(st ast.Stmt) bool {
	switch st := st.(type) {
	case *ast.FlowLine:
		return len(st.Steps) == 1 && len(st.Steps[0]) == 1
	case *ast.Decl:
		return st.Body == nil && len(st.From)+len(st.Unless)+len(st.Using)+len(st.To) == 0
	}
	return false
}
