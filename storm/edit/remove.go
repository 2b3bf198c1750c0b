package edit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// Remove takes an element, a sticky or a module from the board, with all its
// links. What it was linked to stays; so does what lay in a module or was
// handled by an aggregate. A value or an enum that fields are made of cannot be
// removed (ErrInUse).
type Remove struct{ ID string }

func (g Remove) do(s *session) error {
	if name, ok := strings.CutPrefix(g.ID, "module:"); ok {
		return s.removeModule(ast.Unquote(name))
	}
	if sticky := s.src.Model.Sticky(g.ID); sticky != nil {
		s.gone[g.ID] = true
		return s.apply(s.spotAt(sticky.Place).remove())
	}
	e, err := s.element(g.ID)
	if err != nil {
		return err
	}
	for _, m := range e.Mentions {
		if m.Role == model.FieldType {
			return fmt.Errorf("%s is the type of a field at %s: %w", e, m.Place, ErrInUse)
		}
	}
	s.gone[g.ID] = true
	return s.removeMentions(g.ID, func(model.Mention) bool { return true })
}

// removeMentions removes mentions of an element until none is left that is
// wanted gone.
func (s *session) removeMentions(id string, gone func(model.Mention) bool) error {
	for {
		e := s.src.Model.Element(id)
		if e == nil {
			return nil
		}
		i := -1
		for j, m := range e.Mentions {
			if gone(m) && (i < 0 || rank(e, m) > rank(e, e.Mentions[i])) {
				i = j
			}
		}
		if i < 0 {
			return nil
		}
		before := len(e.Mentions)
		if err := s.removeMention(e, e.Mentions[i]); err != nil {
			return err
		}
		if e = s.src.Model.Element(id); e != nil && len(e.Mentions) >= before {
			return fmt.Errorf("%s at %s: %w", id, e.Mentions[i].Place, ErrInUse)
		}
	}
}

// rank orders mentions for their removal, so that those that are left mean the
// same until they go: first what only refers to the element, then the names in a
// module that mean it because it is known elsewhere, then those that make it
// known, and the declarations last.
func rank(e *model.Element, m model.Mention) int {
	switch {
	case m.Role >= model.Published:
		return 3
	case m.Role == model.Declaration:
		return 0
	case m.Qualified || e.Module.IsFree() && m.In.IsFree():
		return 1
	}
	return 2
}

// removeMention takes one mention out of the statement that it stands in.
func (s *session) removeMention(e *model.Element, m model.Mention) error {
	sp := s.spotAt(m.Place)
	if sp == nil {
		return fmt.Errorf("%s at %s: %w", e, m.Place, ErrUnknown)
	}
	switch st := sp.stmt().(type) {
	case *ast.Decl:
		if m.Role == model.Declaration && st.Name.Span == m.Place.Span {
			return s.removeDecl(sp, st)
		}
		for _, list := range []*ast.Refs{&st.From, &st.Unless, &st.Using, &st.To} {
			*list = withoutAt(*list, m)
		}
		return s.apply(sp.head(st))
	case *ast.FlowLine:
		return s.removeFromLine(sp, st, m)
	case *ast.List:
		st.Items = withoutAt(st.Items, m)
		return s.apply(sp.unless(len(st.Items) == 0))
	case *ast.Timer:
		st.To = withoutAt(st.To, m)
		return s.apply(sp.unless(len(st.To) == 0))
	case *ast.Walk:
		st.Steps = withoutAt(st.Steps, m)
		return s.apply(sp.unless(len(st.Steps) == 0))
	case *ast.Sticky:
		st.On = withoutAt(st.On, m)
		return s.apply(s.reprint(sp))
	case *ast.Scenario:
		removeMessage(st, m)
		return s.apply(s.reprint(sp))
	}
	return fmt.Errorf("%s at %s: %w", e, m.Place, ErrInUse)
}

// unless prints the statement anew, or removes it.
func (sp *spot) unless(empty bool) diag.Edit {
	if empty {
		return sp.remove()
	}
	return sp.replaceBy(sp.stmt())
}

// withoutAt returns a list without the name at the place of a mention.
func withoutAt(list ast.Refs, m model.Mention) ast.Refs {
	var out ast.Refs
	or := false
	for _, item := range list {
		if item.Name.Span == m.Place.Span {
			or = or || item.Or
			continue
		}
		item.Or = item.Or || or
		or = false
		out = append(out, item)
	}
	if len(out) > 0 {
		out[0].Or, out[0].Break = false, false
	}
	return out
}

func (s *session) removeFromLine(sp *spot, line *ast.FlowLine, m model.Mention) error {
	issuers, commands, events, bare := line.Roles()
	if bare {
		line.Steps[0] = withoutAt(events, m)
		return s.apply(sp.unless(len(line.Steps[0]) == 0))
	}
	lines := flowLines(line, withoutAt(issuers, m), withoutAt(commands, m), withoutAt(events, m))
	return s.apply(sp.replaceOr(lines))
}

func removeMessage(st *ast.Scenario, m model.Mention) {
	for _, c := range st.Clauses {
		c.Messages = slices.DeleteFunc(c.Messages, func(msg *ast.Message) bool { return msg.Ref.Name.Span == m.Place.Span })
		if len(c.Messages) > 0 {
			c.Messages[0].Break = false
		}
	}
	st.Clauses = slices.DeleteFunc(st.Clauses, func(c *ast.Clause) bool {
		return len(c.Messages) == 0 && !c.Nothing && !c.Rejected
	})
}

// removeDecl removes a declaration. The lines of flow in its braces stay, behind
// where it was.
func (s *session) removeDecl(sp *spot, d *ast.Decl) error {
	if d.Body == nil {
		return s.apply(sp.remove())
	}
	var lines []ast.Stmt
	for _, st := range d.Body.Stmts {
		switch st := st.(type) {
		case *ast.FlowLine:
			if _, _, events, bare := st.Roles(); bare {
				// Outside, a name alone would declare the event there.
				setRoles(st, nil, nil, events)
			}
			lines = append(lines, st)
		case *ast.Sticky:
			lines = append(lines, st)
		}
	}
	return s.apply(sp.replaceOr(lines))
}

// removeModule removes a module. What lies in it stays, outside of any.
func (s *session) removeModule(name string) error {
	m, err := s.module(name)
	if err != nil {
		return err
	}
	if m.IsFree() {
		return fmt.Errorf("a module without a name: %w", ErrKind)
	}
	for len(m.Elements) > 0 {
		if err := (Assign{ID: m.Elements[0].ID()}).do(s); err != nil {
			return err
		}
		if m = s.src.Model.Module(name); m == nil {
			return nil
		}
	}
	for _, st := range m.Stickies {
		moved := *st
		moved.Module = s.src.Model.Free
		s.renamed[st.ID()] = moved.ID()
	}
	for len(m.Declared) > 0 {
		sp := s.spotAt(m.Declared[0])
		if err := s.apply(sp.removeModule()); err != nil {
			return err
		}
		if m = s.src.Model.Module(name); m == nil {
			break
		}
	}
	s.gone["module:"+ast.Quote(name)] = true
	return nil
}

// removeModule leaves of a module's statements those that can stand outside.
func (sp *spot) removeModule() diag.Edit {
	m := sp.stmt().(*ast.ModuleDecl)
	var left []ast.Stmt
	if m.Body != nil {
		for _, st := range m.Body.Stmts {
			switch st := st.(type) {
			case *ast.Header:
				if st.Kind == ast.HeaderTeam {
					continue
				}
			case *ast.List:
				if st.Kind == ast.ListPublishes {
					continue
				}
			}
			left = append(left, st)
		}
	}
	return sp.replaceOr(left)
}
