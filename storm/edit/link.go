package edit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/model"
)

// Link draws an arrow from one element to another. What it means follows from
// their kinds:
//
//	actor, system -> command     issues it
//	command -> aggregate, system is handled by it
//	command -> event             leads to it
//	aggregate, system -> event   emits it
//	event -> policy              triggers it
//	policy -> command            invokes it
//	event -> projection          updates it
//	projection -> actor          informs them
//	projection -> policy         supports it
//
// A system issues a command that another handles, and handles one that leads to
// it; so an arrow from a system to a command always issues.
type Link struct{ From, To string }

// Unlink takes an arrow away. The elements stay.
type Unlink struct{ From, To string }

// VerbOf returns what an arrow between two kinds means, or "" when there is no
// such arrow.
func VerbOf(from, to ast.Kind) model.Verb {
	return verbs[[2]ast.Kind{from, to}]
}

var verbs = map[[2]ast.Kind]model.Verb{
	{ast.Actor, ast.Command}:     model.Issues,
	{ast.System, ast.Command}:    model.Issues,
	{ast.Command, ast.Aggregate}: model.HandedTo,
	{ast.Command, ast.System}:    model.HandedTo,
	{ast.Command, ast.Event}:     model.LeadsTo,
	{ast.Aggregate, ast.Event}:   model.Emits,
	{ast.System, ast.Event}:      model.Emits,
	{ast.Event, ast.Policy}:      model.Triggers,
	{ast.Policy, ast.Command}:    model.Invokes,
	{ast.Event, ast.Projection}:  model.Updates,
	{ast.Projection, ast.Actor}:  model.Informs,
	{ast.Projection, ast.Policy}: model.Supports,
}

// ends returns the elements at the ends of an arrow and what it means.
func (s *session) ends(from, to string) (a, b *model.Element, verb model.Verb, err error) {
	if a, err = s.element(from); err != nil {
		return
	}
	if b, err = s.element(to); err != nil {
		return
	}
	if verb = VerbOf(a.Kind, b.Kind); verb == "" {
		err = fmt.Errorf("an arrow from %s to %s: %w", a, b, ErrKind)
	}
	return
}

func (g Link) do(s *session) error {
	a, b, verb, err := s.ends(g.From, g.To)
	if err != nil {
		return err
	}
	for _, l := range s.src.Model.Links() {
		if l.From == a && l.To == b && l.Verb == verb {
			return nil
		}
	}
	switch verb {
	case model.Issues:
		return s.linkIssuer(a, b)
	case model.HandedTo:
		return s.linkHandler(a, b)
	case model.LeadsTo:
		return s.linkOutcome(a, b)
	case model.Emits:
		return s.linkEmission(a, b)
	case model.Triggers, model.Supports:
		return s.linkDecl(b, a, verb)
	case model.Updates:
		return s.linkDecl(b, a, verb)
	}
	return s.linkDecl(a, b, verb) // Invokes, Informs
}

// lineOf returns a line of flow that is about this command alone, or nil.
func (s *session) lineOf(c *model.Element) *spot {
	for h := range s.src.Model.Handlings() {
		if len(h.Commands) == 1 && h.Commands[0] == c {
			if sp := s.spotAt(h.Place); sp != nil {
				return sp
			}
		}
	}
	return nil
}

// newLine writes a line of flow for a command: in its aggregate where it has
// one, else in the module.
func (s *session) newLine(c *model.Element, line *ast.FlowLine) error {
	s.last = true
	for h := range s.src.Model.Handlings() {
		if h.Handler != nil && slices.Contains(h.Commands, c) {
			return s.next(s.spotAt(h.Place), line, false)
		}
	}
	return s.put(c.Module, line)
}

// homeOf returns the module in which a new line for the command would stand.
func (s *session) homeOf(c *model.Element) *model.Module {
	for h := range s.src.Model.Handlings() {
		if h.Handler != nil && slices.Contains(h.Commands, c) {
			return h.Handler.Module
		}
	}
	return c.Module
}

func (s *session) linkIssuer(actor, c *model.Element) error {
	if sp := s.lineOf(c); sp != nil {
		line := sp.stmt().(*ast.FlowLine)
		ref, err := s.mention(actor, s.moduleOf(sp))
		if err != nil {
			return err
		}
		issuers, commands, events, _ := line.Roles()
		setRoles(line, append(issuers, ast.Item{Ref: ref}), commands, events)
		return s.applyLast(s.reprint(sp))
	}
	refs, err := s.mentions(s.homeOf(c), actor, c)
	if err != nil {
		return err
	}
	line := &ast.FlowLine{}
	setRoles(line, refs[0], refs[1], nil)
	return s.newLine(c, line)
}

func (s *session) linkOutcome(c, event *model.Element) error {
	if sp := s.lineOf(c); sp != nil {
		line := sp.stmt().(*ast.FlowLine)
		ref, err := s.mention(event, s.moduleOf(sp))
		if err != nil {
			return err
		}
		issuers, commands, events, _ := line.Roles()
		setRoles(line, issuers, commands, append(events, ast.Item{Ref: ref, Or: len(events) > 0}))
		return s.applyLast(s.reprint(sp))
	}
	refs, err := s.mentions(s.homeOf(c), c, event)
	if err != nil {
		return err
	}
	line := &ast.FlowLine{}
	setRoles(line, nil, refs[0], refs[1])
	return s.newLine(c, line)
}

// linkHandler moves the command's lines into the braces of the aggregate.
func (s *session) linkHandler(c, handler *model.Element) error {
	for h := range s.src.Model.Handlings() {
		if h.Handler != nil && slices.Contains(h.Commands, c) {
			return fmt.Errorf("%s is handled by %s; unlink it first: %w", c, h.Handler, ErrTaken)
		}
	}
	for {
		sp := s.looseLine(c)
		if sp == nil {
			break
		}
		line := sp.stmt().(*ast.FlowLine)
		if err := s.respellLine(line, s.moduleOf(sp), handler.Module); err != nil {
			return err
		}
		if err := s.apply(sp.remove()); err != nil {
			return err
		}
		if err := s.putLine(handler.ID(), line); err != nil {
			return err
		}
	}
	again, err := s.element(handler.ID())
	if err != nil {
		return err
	}
	for _, h := range again.Handles {
		if slices.ContainsFunc(h.Commands, func(x *model.Element) bool { return x.ID() == c.ID() }) {
			return nil
		}
	}
	refs, err := s.mentions(handler.Module, c)
	if err != nil {
		return err
	}
	line := &ast.FlowLine{}
	setRoles(line, nil, refs[0], nil)
	return s.putLine(handler.ID(), line)
}

// respellLine writes the names of a line as they are written in another module.
func (s *session) respellLine(line *ast.FlowLine, from, to *model.Module) error {
	if from.Name == to.Name {
		return nil
	}
	issuers, commands, events, _ := line.Roles()
	for _, step := range []struct {
		refs  ast.Refs
		kinds []ast.Kind
	}{
		{issuers, []ast.Kind{ast.Actor, ast.System}}, {commands, []ast.Kind{ast.Command}}, {events, []ast.Kind{ast.Event}},
	} {
		for i, item := range step.refs {
			e := s.meaning(item.Ref, from, step.kinds)
			if e == nil {
				return fmt.Errorf("%s: %w", item.Name.Text, ErrUnknown)
			}
			ref, err := s.mention(e, to)
			if err != nil {
				return err
			}
			step.refs[i].Ref = ref
		}
	}
	return nil
}

// meaning returns the element that a name in a module means.
func (s *session) meaning(ref ast.Ref, in *model.Module, kinds []ast.Kind) *model.Element {
	for e := range s.src.Model.Elements() {
		if slices.Contains(kinds, e.Kind) && s.means(ref, e, in) {
			return e
		}
	}
	return nil
}

// looseLine returns a line about the command alone that has no handler.
func (s *session) looseLine(c *model.Element) *spot {
	for h := range s.src.Model.Handlings() {
		if h.Handler == nil && len(h.Commands) == 1 && h.Commands[0].ID() == c.ID() {
			return s.spotAt(h.Place)
		}
	}
	return nil
}

// putLine writes a line into the braces of an aggregate or a system.
func (s *session) putLine(handlerID string, line ast.Stmt) error {
	handler, err := s.element(handlerID)
	if err != nil {
		return err
	}
	sp := s.declOf(handler)
	if sp == nil {
		if err := s.put(handler.Module, &ast.Decl{Kind: handler.Kind, Name: ast.Name{Text: handler.Name}}); err != nil {
			return err
		}
		if handler, err = s.element(handlerID); err != nil {
			return err
		}
		sp = s.declOf(handler)
	}
	d := sp.stmt().(*ast.Decl)
	line.Head().Blank = false
	if d.Body != nil {
		return s.putInside(ast.Place{File: sp.file.Path, Span: d.Body.Span}, line)
	}
	d.Body = &ast.Block{Stmts: []ast.Stmt{line}}
	return s.apply(s.reprint(sp))
}

// declOf returns the declaration of an element: the one with a body, or else
// the first.
func (s *session) declOf(e *model.Element) *spot {
	var first *spot
	for _, at := range e.Declared {
		sp := s.spotAt(at)
		if sp == nil {
			continue
		}
		d, ok := sp.stmt().(*ast.Decl)
		if !ok {
			continue
		}
		if d.HasContent() {
			return sp
		}
		if first == nil {
			first = sp
		}
	}
	return first
}

func (s *session) linkEmission(handler, event *model.Element) error {
	refs, err := s.mentions(handler.Module, event)
	if err != nil {
		return err
	}
	line := &ast.FlowLine{}
	setRoles(line, nil, nil, refs[0])
	return s.putLine(handler.ID(), line)
}

// linkDecl adds a name to a list of a policy or a projection.
func (s *session) linkDecl(of, other *model.Element, verb model.Verb) error {
	sp := s.declOf(of)
	if sp == nil {
		if err := s.put(of.Module, &ast.Decl{Kind: of.Kind, Name: ast.Name{Text: of.Name}}); err != nil {
			return err
		}
		of, other = s.src.Model.Element(of.ID()), s.src.Model.Element(other.ID())
		sp = s.declOf(of)
	}
	d := sp.stmt().(*ast.Decl)
	ref, err := s.mention(other, of.Module)
	if err != nil {
		return err
	}
	list := declList(d, verb)
	*list = append(slices.Clip(*list), ast.Item{Ref: ref, Or: verb == model.Triggers && len(*list) > 0})
	return s.applyLast(sp.head(d))
}

// declList returns the list of a declaration that a verb is written in.
func declList(d *ast.Decl, verb model.Verb) *ast.Refs {
	switch verb {
	case model.Triggers, model.Updates:
		return &d.From
	case model.Stops:
		return &d.Unless
	case model.Supports:
		return &d.Using
	}
	return &d.To
}

// mentions returns each element as a list of one, as it is written in a module.
func (s *session) mentions(in *model.Module, list ...*model.Element) ([]ast.Refs, error) {
	var out []ast.Refs
	for _, e := range list {
		ref, err := s.mention(e, in)
		if err != nil {
			return nil, err
		}
		out = append(out, ast.Refs{{Ref: ref}})
	}
	return out, nil
}

// setRoles makes the steps of a line of flow from who issues, the commands and
// the events, of which some may be missing.
func setRoles(f *ast.FlowLine, issuers, commands, events ast.Refs) {
	f.Steps, f.First, f.Last = nil, false, false
	for _, step := range []ast.Refs{issuers, commands, events} {
		if len(step) > 0 {
			step[0].Or, step[0].Break = false, false
			f.Steps = append(f.Steps, step)
		}
	}
	f.First = len(commands) == 0
	f.Last = len(events) == 0
}

func headText(d *ast.Decl) string { return format.Head(d) }

// indentLines gives the lines of a text after the first the indentation of a
// statement.
func indentLines(text string, sp *spot) string {
	return strings.ReplaceAll(text, "\n", sp.newline()+sp.indent())
}
