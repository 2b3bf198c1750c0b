package edit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// Rename gives an element, a module or a sticky another name, or text, wherever
// it is mentioned.
type Rename struct {
	ID      string
	To      string
	KeepOld bool // note the old name with was, so that old data can still be read
}

func (g Rename) do(s *session) error {
	if strings.TrimSpace(g.To) == "" {
		return fmt.Errorf("%s: an empty name: %w", g.ID, ErrKind)
	}
	if name, ok := strings.CutPrefix(g.ID, "module:"); ok {
		return g.module(s, ast.Unquote(name))
	}
	if sticky := s.src.Model.Sticky(g.ID); sticky != nil {
		return g.sticky(s, sticky)
	}
	e, err := s.element(g.ID)
	if err != nil || e.Name == g.To {
		return err
	}
	if taken := s.rival(e, e.Kind, g.To, e.Module); taken != nil {
		return fmt.Errorf("%s: %w", taken, ErrTaken)
	}
	if other := formerRival(e.Kind, []string{e.Name}, e.Module, e); g.KeepOld && other != nil {
		return fmt.Errorf("%s: %w", other, ErrTaken)
	}
	oldName := e.Name
	edits := respell(e.Mentions, g.To)
	if also := s.namesakes(g.To); mixed(also, e.Kind) || s.src.Model.Module(g.To) != nil {
		edits = append(edits, s.kindsBefore(append(also, e)...)...)
	}
	after := *e
	after.Name = g.To
	s.renamed[g.ID] = after.ID()
	if !g.KeepOld && !slices.Contains(e.Was, g.To) {
		return s.applyLast(edits...)
	}
	if err := s.apply(edits...); err != nil {
		return err
	}
	return s.former(after.ID(), oldName, g.KeepOld)
}

// respell writes another name wherever one is mentioned.
func respell(mentions []model.Mention, name string) []diag.Edit {
	var edits []diag.Edit
	for _, m := range mentions {
		text := ast.Quote(name)
		if m.Role == model.FieldType && m.Full == m.Place {
			text = ast.QuoteType(name)
		}
		edits = append(edits, diag.Edit{
			File: m.Place.File, Start: int(m.Place.Start.Offset), End: int(m.Place.End.Offset), New: text,
		})
	}
	return edits
}

// former sees to the former names of a renamed element.
func (s *session) former(id, old string, keep bool) error {
	e, err := s.element(id)
	if err != nil {
		return err
	}
	if len(e.Declared) == 0 {
		if err := s.put(e.Module, &ast.Decl{Kind: e.Kind, Name: ast.Name{Text: e.Name}}); err != nil {
			return err
		}
		if e, err = s.element(id); err != nil {
			return err
		}
	}
	sp := s.spotAt(e.Declared[0])
	d, ok := sp.stmt().(*ast.Decl)
	if !ok { // a line that is nothing but the event's name
		line := sp.stmt().(*ast.FlowLine)
		d = &ast.Decl{Base: line.Base, Kind: ast.Event, Name: ast.Name{Text: e.Name}}
		if len(line.Steps[0]) > 1 {
			return fmt.Errorf("%s stands on a line with others; declare it on one of its own: %w", id, ErrKind)
		}
	}
	d.Was = slices.DeleteFunc(d.Was, func(n ast.Name) bool { return n.Text == e.Name || n.Text == old })
	if keep {
		d.Was = slices.Insert(d.Was, 0, ast.Name{Text: old})
	}
	return s.apply(sp.head(d))
}

// head prints anew what a declaration says before its braces.
func (sp *spot) head(d *ast.Decl) diag.Edit {
	if d.Fields == nil && d.Members == nil && d.Body == nil {
		return sp.replaceBy(d)
	}
	open := d.End
	switch {
	case d.Fields != nil:
		open = d.Fields.Start
	case d.Members != nil:
		open = d.Members.Start
	case d.Body != nil:
		open = d.Body.Start
	}
	for _, c := range d.Lead {
		if c.Start.Offset > d.Start.Offset {
			return sp.replaceBy(d) // comments inside of the head
		}
	}
	return sp.edit(int(d.Start.Offset), int(open.Offset), indentLines(headText(d), sp)+" ")
}

func (g Rename) module(s *session, name string) error {
	m, err := s.module(name)
	if err != nil || name == g.To {
		return err
	}
	if m.IsFree() || s.src.Model.Module(g.To) != nil {
		return fmt.Errorf("module %s: %w", g.To, ErrTaken)
	}
	ids := map[string]string{"module:" + ast.Quote(name): "module:" + ast.Quote(g.To)}
	for _, e := range m.Elements {
		moved := *e
		moved.Module = &model.Module{Name: g.To}
		ids[e.ID()] = moved.ID()
	}
	for _, st := range m.Stickies {
		moved := *st
		moved.Module = &model.Module{Name: g.To}
		ids[st.ID()] = moved.ID()
	}
	if err := s.apply(respell(m.Mentions, g.To)...); err != nil {
		return err
	}
	for from, to := range ids {
		s.renamed[from] = to
	}
	if !g.KeepOld {
		return nil
	}
	m, err = s.module(g.To)
	if err != nil {
		return err
	}
	at := m.At()
	return s.apply(diag.Edit{
		File: at.File, Start: int(at.End.Offset), End: int(at.End.Offset), New: " was " + ast.Quote(name),
	})
}

func (g Rename) sticky(s *session, sticky *model.Sticky) error {
	sp := s.spotAt(sticky.Place)
	st := sp.stmt().(*ast.Sticky)
	after := *sticky
	after.Text = g.To
	s.renamed[g.ID] = after.ID()
	return s.apply(sp.edit(int(st.Text.Start.Offset), int(st.Text.End.Offset), ast.QuoteText(g.To)))
}

// Resolve writes the answer to a hotspot behind it, or takes it away again.
type Resolve struct {
	ID     string
	Answer string
}

func (g Resolve) do(s *session) error {
	sticky := s.src.Model.Sticky(g.ID)
	if sticky == nil {
		return fmt.Errorf("%s: %w", g.ID, ErrUnknown)
	}
	if sticky.Kind != ast.Hotspot {
		return fmt.Errorf("a %s has no answer: %w", sticky.Kind, ErrKind)
	}
	sp := s.spotAt(sticky.Place)
	sp.stmt().(*ast.Sticky).Resolved = ast.Name{Text: g.Answer}
	return s.apply(s.reprint(sp))
}
