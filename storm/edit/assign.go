package edit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/model"
)

// Assign puts an element into a module, or with "" outside of all modules. An
// aggregate or a system takes along the commands that it handles and the events
// that it emits, as far as they were in its module.
type Assign struct {
	ID     string
	Module string
}

func (g Assign) do(s *session) error {
	e, err := s.element(g.ID)
	if err != nil {
		return err
	}
	to, err := s.module(g.Module)
	if err != nil || e.Module == to {
		return err
	}
	set := moving(e)
	var edits []diag.Edit
	for _, x := range set {
		if other := s.rival(x, x.Kind, x.Name, to); other != nil {
			return fmt.Errorf("%s: %w", other, ErrTaken)
		}
		if other := formerRival(x.Kind, x.Was, to, x); other != nil {
			return fmt.Errorf("%s: %w", other, ErrTaken)
		}
		if also := s.namesakes(x.Name); mixed(also, x.Kind) || s.src.Model.Module(x.Name) != nil {
			edits = append(edits, s.kindsBefore(also...)...)
		}
	}
	if len(edits) > 0 {
		if err := s.apply(edits...); err != nil {
			return err
		}
		e, to = s.src.Model.Element(g.ID), s.src.Model.Module(g.Module)
		set = moving(e)
	}
	return s.assign(set, to)
}

// moving returns what goes along with an element.
func moving(e *model.Element) []*model.Element {
	set := []*model.Element{e}
	add := func(x *model.Element) {
		if x.Module == e.Module && !slices.Contains(set, x) {
			set = append(set, x)
		}
	}
	for _, h := range e.Handles {
		for _, c := range h.Commands {
			add(c)
		}
		for x := range h.Events.All() {
			add(x)
		}
	}
	return set
}

// assign writes every mention as it must be written after the move, and moves
// the declarations, all in one step, so that no name means something else in
// between.
func (s *session) assign(set []*model.Element, to *model.Module) error {
	ids := make([]string, len(set))
	for i, e := range set {
		after := *e
		after.Module = to
		ids[i] = after.ID()
		s.renamed[e.ID()] = ids[i]
	}
	spots := s.along(set, to)
	s.stickiesAlong(spots, to)
	edits, err := s.requalify(set, to, spots)
	if err != nil {
		return err
	}
	land, err := s.landing(to)
	if err != nil {
		return err
	}
	var lines strings.Builder
	for _, sp := range spots {
		var text string
		text, edits = sp.movedWith(edits, land.indent)
		lines.WriteString(text)
		edits = append(edits, sp.remove())
	}
	if to.IsFree() {
		for _, e := range set {
			if !declaredAt(spots, e) {
				lines.WriteString(e.Kind.String() + " " + ast.Quote(e.Name) + "\n")
			}
		}
	}
	if lines.Len() > 0 {
		edits = append(edits, land.edit(lines.String()))
	}
	if err := s.apply(edits...); err != nil {
		return err
	}
	return s.republish(ids, to.Name)
}

// declaredAt reports whether one of the statements declares the element.
func declaredAt(spots []*spot, e *model.Element) bool {
	for _, at := range e.Declared {
		if insideOf(spots, at) {
			return true
		}
	}
	return false
}

// republish lets events be published by the module that they are in now.
func (s *session) republish(ids []string, to string) error {
	for _, id := range ids {
		e := s.src.Model.Element(id)
		if e == nil {
			continue
		}
		foreign := func(m model.Mention) bool { return m.Role == model.Published && m.In.Name != to }
		if !slices.ContainsFunc(e.Mentions, foreign) {
			continue
		}
		if err := s.removeMentions(id, foreign); err != nil {
			return err
		}
		if to == "" {
			continue
		}
		if err := s.publish(e.Name, to); err != nil {
			return err
		}
	}
	return nil
}

// publish adds an event to what its module publishes.
func (s *session) publish(event, module string) error {
	m, err := s.module(module)
	if err != nil {
		return err
	}
	item := ast.Item{Ref: ast.Ref{Name: ast.Name{Text: event}}}
	for _, body := range m.Bodies {
		owner := s.ownerOf(body)
		if owner == nil {
			continue
		}
		block := blockOf(owner.stmt())
		for i, st := range block.Stmts {
			sp := &spot{file: owner.file, owner: owner.stmt(), block: block, stmts: block.Stmts, index: i}
			switch st := st.(type) {
			case *ast.List:
				if st.Kind == ast.ListPublishes {
					st.Items = append(slices.Clip(st.Items), item)
					return s.apply(s.reprint(sp))
				}
			case *ast.Header:
				if st.Kind == ast.HeaderTeam {
					return s.next(sp, &ast.List{Kind: ast.ListPublishes, Items: ast.Refs{item}}, false)
				}
			}
		}
	}
	return s.put(m, &ast.List{Kind: ast.ListPublishes, Items: ast.Refs{item}})
}

// landing is where statements go that move into a module.
type landing struct {
	file   *storm.File
	offset int
	indent string
	inline bool // before a closing brace on the line of the opening one
}

func (s *session) landing(to *model.Module) (landing, error) {
	if to.IsFree() {
		return s.freeLanding()
	}
	if len(to.Bodies) == 0 {
		sp := s.spotAt(to.At())
		if sp == nil {
			return landing{}, fmt.Errorf("module %s: %w", to.Name, ErrUnknown)
		}
		// A module without braces gets them with what lands there.
		end := int(sp.stmt().Range().End.Offset)
		return landing{file: sp.file, offset: -end, indent: format.Indent}, nil
	}
	body := to.Bodies[len(to.Bodies)-1]
	sp := s.ownerOf(body)
	if sp == nil {
		return landing{}, fmt.Errorf("module %s: %w", to.Name, ErrUnknown)
	}
	block := blockOf(sp.stmt())
	if len(block.Stmts) == 0 || block.Span.Start.Line == block.Span.End.Line {
		return landing{file: sp.file, offset: int(block.Span.End.Offset) - 1, indent: format.Indent, inline: true}, nil
	}
	last := &spot{file: sp.file, owner: sp.stmt(), block: block, stmts: block.Stmts, index: len(block.Stmts) - 1}
	_, end := last.extent()
	return landing{file: sp.file, offset: end, indent: last.indent()}, nil
}

func (s *session) freeLanding() (landing, error) {
	file := s.freeFile()
	for i, st := range slices.Backward(file.Tree.Stmts) {
		if _, isModule := st.(*ast.ModuleDecl); !isModule {
			sp := &spot{file: file, stmts: file.Tree.Stmts, index: i}
			_, end := sp.extent()
			return landing{file: file, offset: end}, nil
		}
	}
	return landing{file: file, offset: len(file.Text)}, nil
}

// edit puts lines down.
func (l landing) edit(lines string) diag.Edit {
	newline := newlineOf(l.file.Text)
	lines = strings.ReplaceAll(lines, "\n", newline)
	at := l.offset
	switch {
	case at < 0:
		at = -at
		lines = " {" + newline + lines + "}"
	case l.inline:
		line := l.file.Text[:at]
		if trimmed := bytes.TrimRight(line, " \t"); len(trimmed) == 0 || trimmed[len(trimmed)-1] != '\n' {
			lines = newline + lines
		}
	default:
		lines = wholeLines(l.file.Text, at, lines)
	}
	return diag.Edit{File: l.file.Path, Start: at, End: at, New: lines}
}

// movingSpots returns the statements that declare the elements, each once, in
// the order of the text.
func (s *session) movingSpots(set []*model.Element) []*spot {
	var out []*spot
	for _, e := range set {
		for _, at := range e.Declared {
			sp := s.spotAt(at)
			if line, ok := sp.stmt().(*ast.FlowLine); ok && len(line.Steps[0]) > 1 {
				continue // a line of several notes; keepAll declares this one
			}
			if !slices.ContainsFunc(out, func(o *spot) bool { return o.stmt() == sp.stmt() }) {
				out = append(out, sp)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *spot) int {
		return int(a.stmt().Range().Start.Offset) - int(b.stmt().Range().Start.Offset)
	})
	return out
}

// requalify returns the edits that write mentions as they must be written once
// the set is in the module, and the statements at the spots with it.
func (s *session) requalify(set []*model.Element, to *model.Module, spots []*spot) ([]diag.Edit, error) {
	var edits []diag.Edit
	for e := range s.src.Model.Elements() {
		moves := slices.Contains(set, e)
		home := e.Module
		if moves {
			home = to
		}
		for _, m := range e.Mentions {
			in, inside := m.In, insideOf(spots, m.Place)
			if inside {
				in = to
			}
			if !moves && !inside {
				continue
			}
			text := ast.Quote(e.Name)
			if m.Role == model.FieldType {
				text = ast.QuoteType(e.Name)
			}
			switch {
			case home == in:
			case !home.IsFree():
				text = ast.Quote(home.Name) + "." + ast.Quote(e.Name)
			case s.hidden(e, in):
				return nil, fmt.Errorf("module %s has a %s %s of its own: %w", in.Name, e.Kind, e.Name, ErrTaken)
			}
			if kind := s.kindAt(m); kind != "" {
				text = kind + " " + text
			}
			edits = append(edits, diag.Edit{
				File: m.Full.File, Start: int(m.Full.Start.Offset), End: int(m.Full.End.Offset), New: text,
			})
		}
	}
	return edits, nil
}

// hidden reports whether a module has something of the element's kind and name
// itself, so that the one outside cannot be named in it.
func (s *session) hidden(e *model.Element, in *model.Module) bool {
	other := in.Find(e.Kind, e.Name)
	return other != nil && other != e
}

// kindAt returns the kind that is written before a mention, or "".
func (s *session) kindAt(m model.Mention) string {
	file := s.src.File(m.Full.File)
	text := string(file.Text[m.Full.Start.Offset:m.Place.Start.Offset])
	for i, r := range text {
		if r == ' ' || r == '\t' {
			if ast.KindOf(text[:i]) != ast.NoKind {
				return text[:i]
			}
			return ""
		}
	}
	return ""
}

func insideOf(spots []*spot, at ast.Place) bool {
	for _, sp := range spots {
		if sp.file.Path == at.File && sp.stmt().Range().Covers(at.Span) {
			return true
		}
	}
	return false
}

// movedWith returns the lines of a statement, with those of the edits that lie
// in it and with another indentation, and the other edits.
func (sp *spot) movedWith(edits []diag.Edit, indent string) (lines string, rest []diag.Edit) {
	start, end := sp.extent()
	var mine []diag.Edit
	for _, e := range edits {
		if e.File == sp.file.Path && start <= e.Start && e.End <= end {
			e.Start -= start
			e.End -= start
			mine = append(mine, e)
			continue
		}
		rest = append(rest, e)
	}
	text, err := diag.Apply(sp.file.Path, sp.file.Text[start:end], mine)
	if err != nil {
		text = sp.file.Text[start:end]
	}
	return reindented(string(text), sp.indent(), indent), rest
}

// reindented returns whole lines with another indentation.
func reindented(text, old, indent string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimRight(line, "\r\n"), old)
		if strings.TrimSpace(line) != "" {
			b.WriteString(indent)
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.String()
}
