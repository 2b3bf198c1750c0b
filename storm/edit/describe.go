package edit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Describe gives an element, a module or a sticky another doc comment, or none;
// of a term it is the meaning. An element that is only mentioned gets a
// declaration for it.
type Describe struct {
	ID  string
	Doc string
}

func (g Describe) do(s *session) error {
	g.Doc = strings.TrimSpace(g.Doc)
	if name, ok := strings.CutPrefix(g.ID, "module:"); ok {
		m, err := s.module(ast.Unquote(name))
		if err != nil {
			return err
		}
		return s.describe(m.Declared, g.Doc)
	}
	if sticky := s.src.Model.Sticky(g.ID); sticky != nil {
		return s.describe([]ast.Place{sticky.Place}, g.Doc)
	}
	e, err := s.element(g.ID)
	if err != nil {
		return err
	}
	if e.Kind == ast.Term {
		return s.mean(e, g.Doc)
	}
	if e.Doc == g.Doc {
		return nil
	}
	places := slices.DeleteFunc(slices.Clone(e.Declared), func(at ast.Place) bool {
		sp := s.spotAt(at)
		line, ok := sp.stmt().(*ast.FlowLine)
		return ok && len(line.Steps[0]) > 1
	})
	if len(places) > 0 {
		return s.describe(places, g.Doc)
	}
	if g.Doc == "" {
		return nil
	}
	d := &ast.Decl{Kind: e.Kind, Name: ast.Name{Text: e.Name}}
	d.Lead = docComment(g.Doc)
	return s.put(e.Module, d)
}

// mean writes what a term means.
func (s *session) mean(e *model.Element, meaning string) error {
	if e.Meaning == meaning {
		return nil
	}
	sp := s.declOf(e)
	if sp == nil {
		return fmt.Errorf("%s: %w", e, ErrUnknown)
	}
	d := sp.stmt().(*ast.Decl)
	d.Text = ast.Name{Text: meaning, Quoted: meaning != ""}
	return s.apply(sp.head(d))
}

// describe puts the comment above the statement that has one, or above the
// first, and takes it from above the others.
func (s *session) describe(places []ast.Place, doc string) error {
	if len(places) == 0 {
		return nil
	}
	at := slices.IndexFunc(places, func(p ast.Place) bool {
		sp := s.spotAt(p)
		return sp != nil && sp.stmt().Head().Doc() != ""
	})
	at = max(at, 0)
	for i := len(places) - 1; i >= 0; i-- { // from the end, so that places before stay
		text := ""
		if i == at {
			text = doc
		}
		sp := s.spotAt(places[i])
		if sp == nil {
			return fmt.Errorf("nothing at %s: %w", places[i], ErrUnknown)
		}
		if sp.stmt().Head().Doc() == text {
			continue
		}
		if err := s.comment(sp, text); err != nil {
			return err
		}
	}
	return nil
}

// comment writes the doc comment of a statement. Directives stay.
func (s *session) comment(sp *spot, doc string) error {
	head := sp.stmt().Head()
	start := int(head.Start.Offset)
	var lines []ast.Comment
	own := ownComments(head)
	lines = append(lines, docComment(doc)...)
	for _, c := range own {
		if c.IsDirective() {
			lines = append(lines, c)
		}
	}
	if sp.inline() {
		head.Lead = lines
		head.Blank = false
		owner := s.spotAt(ast.Place{File: sp.file.Path, Span: ast.Span{Start: sp.block.Start, End: sp.block.Start}})
		return s.apply(s.reprint(owner))
	}
	from := start
	if len(own) > 0 && int(own[0].Start.Offset) < from {
		from = int(own[0].Start.Offset)
	}
	var b strings.Builder
	for _, c := range lines {
		b.WriteString(c.Text + sp.newline() + sp.indent())
	}
	text := b.String()
	if line, _ := sp.extent(); line == start && start > 0 && sp.file.Text[start-1] != '\n' {
		text = sp.newline() + sp.indent() + text // it stood behind something else
	}
	return s.apply(sp.edit(from, start, text))
}
