package edit

import (
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

func (g Unlink) do(s *session) error {
	a, b, verb, err := s.ends(g.From, g.To)
	if err != nil {
		return err
	}
	switch verb {
	case model.Issues, model.LeadsTo, model.Emits:
		return s.unlinkLines(a, b, verb)
	case model.HandedTo:
		return s.unlinkHandler(a, b)
	case model.Invokes, model.Informs:
		return s.unlinkDecl(a, b, verb)
	case model.Triggers:
		return s.unlinkDecl(b, a, verb, model.Stops)
	}
	return s.unlinkDecl(b, a, verb) // Updates, Supports
}

// unlinkDecl takes a name out of lists of a policy or a projection.
func (s *session) unlinkDecl(of, other *model.Element, verbs ...model.Verb) error {
	sp := s.declOf(of)
	if sp == nil {
		return nil
	}
	d := sp.stmt().(*ast.Decl)
	found := false
	for _, verb := range verbs {
		list := declList(d, verb)
		left := s.without(*list, other, s.moduleOf(sp), kindIn(verb))
		found = found || len(left) < len(*list)
		*list = left
	}
	if !found {
		return nil
	}
	return s.applyLast(sp.head(d))
}

// kindIn returns the kind of the names in the list of a verb.
func kindIn(verb model.Verb) ast.Kind {
	switch verb {
	case model.Invokes:
		return ast.Command
	case model.Informs:
		return ast.Actor
	case model.Supports:
		return ast.Projection
	}
	return ast.Event
}

// without returns a list without the names that mean the element.
func (s *session) without(list ast.Refs, e *model.Element, in *model.Module, kind ast.Kind) ast.Refs {
	var out ast.Refs
	or := false
	for _, item := range list {
		if e.Kind == kind && s.means(item.Ref, e, in) {
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

// means reports whether a name that is written in a module means the element.
func (s *session) means(r ast.Ref, e *model.Element, in *model.Module) bool {
	if r.Name.Text != e.Name {
		return false
	}
	if !r.Module.IsZero() {
		return r.Module.Text == e.Module.Name
	}
	if e.Module.Name == in.Name {
		return true
	}
	return e.Module.IsFree() && in.Find(e.Kind, e.Name) == nil
}

// unlinkLines takes an actor from, or an event out of, the lines of flow where
// the two stand together. A line of several commands is split, so that the
// others keep what they had.
func (s *session) unlinkLines(a, b *model.Element, verb model.Verb) error {
	var edits []diag.Edit
	for h := range s.src.Model.Handlings() {
		if !joins(h, a, b, verb) {
			continue
		}
		sp := s.spotAt(h.Place)
		line := sp.stmt().(*ast.FlowLine)
		in := s.moduleOf(sp)
		issuers, commands, events, _ := line.Roles()
		var lines []ast.Stmt
		switch verb {
		case model.Emits:
			lines = flowLines(line, issuers, commands, s.without(events, b, in, ast.Event))
		case model.LeadsTo:
			rest := s.without(commands, a, in, ast.Command)
			mine := s.only(commands, a, in)
			lines = flowLines(line, issuers, rest, events)
			if len(rest) == 0 {
				lines = nil
			}
			lines = append(lines, flowLines(line, issuers, mine, s.without(events, b, in, ast.Event))...)
		case model.Issues:
			rest := s.without(commands, b, in, ast.Command)
			mine := s.only(commands, b, in)
			if len(rest) > 0 {
				lines = flowLines(line, issuers, rest, events)
			}
			lines = append(lines, flowLines(line, s.without(issuers, a, in, a.Kind), mine, events)...)
		}
		edits = append(edits, sp.replaceOr(lines))
	}
	return s.applyLast(edits...)
}

// only returns the names of a list that mean the element, once.
func (s *session) only(list ast.Refs, e *model.Element, in *model.Module) ast.Refs {
	for _, item := range list {
		if s.means(item.Ref, e, in) {
			item.Or, item.Break = false, false
			return ast.Refs{item}
		}
	}
	return nil
}

// flowLines returns a line with these roles, or none when nothing is left.
func flowLines(old *ast.FlowLine, issuers, commands, events ast.Refs) []ast.Stmt {
	if len(commands) == 0 && len(events) == 0 {
		return nil
	}
	if len(commands) == 0 {
		issuers = nil
	}
	line := &ast.FlowLine{}
	line.Span = old.Span
	setRoles(line, slices.Clone(issuers), slices.Clone(commands), slices.Clone(events))
	return []ast.Stmt{line}
}

// replaceOr replaces a statement by others, or removes it when there are none.
func (sp *spot) replaceOr(stmts []ast.Stmt) diag.Edit {
	if len(stmts) == 0 {
		return sp.remove()
	}
	return sp.replaceBy(stmts...)
}

// joins reports whether both ends of an arrow stand in a line of flow.
func joins(h *model.Handling, a, b *model.Element, verb model.Verb) bool {
	switch verb {
	case model.Issues:
		return slices.Contains(h.Issuers, a) && slices.Contains(h.Commands, b)
	case model.LeadsTo:
		return slices.Contains(h.Commands, a) && h.Events.Has(b)
	case model.Emits:
		return h.Handler == a && h.Events.Has(b)
	}
	return false
}

// unlinkHandler takes the command's lines out of the braces of its aggregate.
func (s *session) unlinkHandler(c, handler *model.Element) error {
	for {
		var mine *model.Handling
		for _, h := range handler.Handles {
			if slices.Contains(h.Commands, c) {
				mine = h
			}
		}
		if mine == nil {
			return nil
		}
		if err := s.takeOut(c, mine); err != nil {
			return err
		}
		if c, handler = s.src.Model.Element(c.ID()), s.src.Model.Element(handler.ID()); c == nil || handler == nil {
			return nil
		}
	}
}

// takeOut moves what a line says about a command behind the aggregate.
func (s *session) takeOut(c *model.Element, h *model.Handling) error {
	sp := s.spotAt(h.Place)
	line := sp.stmt().(*ast.FlowLine)
	in := s.moduleOf(sp)
	issuers, commands, events, _ := line.Roles()
	rest := s.without(commands, c, in, ast.Command)
	outside := flowLines(line, issuers, s.only(commands, c, in), events)[0]
	var inside []ast.Stmt
	if len(rest) > 0 {
		inside = flowLines(line, issuers, rest, events)
	} else {
		outside.Head().Comments = line.Comments
		outside.Head().Blank = false
	}
	handler := s.outOfHandler(sp)
	edit := sp.replaceOr(inside)
	return s.apply(edit, handler.insertAfter(outside))
}
