// Package compose writes a model as a storm file: the way from a board, a
// JSON form or another tool's model to text.
package compose

import (
	"errors"
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/model"
	"github.com/landfall-go/landfall/storm/parse"
	"github.com/landfall-go/landfall/storm/resolve"
)

// ErrInexpressible says that no storm file means exactly this model. Models that
// were read from text, or from the JSON of such a model, can always be written.
var ErrInexpressible = errors.New("no storm file says this")

// Text writes a model as one storm file in canonical form. To read it gives a
// model that is model.Equal. The order is that of a hand-written file, flows
// first, data after; where that would lose the order of the timeline, the notes
// come first, in their order and their sections.
func Text(s *model.Storm) ([]byte, error) {
	for _, inOrder := range []bool{false, true} {
		if len(s.Sections) > 0 && !inOrder {
			continue
		}
		text := format.File(newWriter(s, inOrder).file())
		err := verify(s, text)
		if err == nil {
			return text, nil
		}
		if inOrder {
			return nil, err
		}
	}
	return nil, ErrInexpressible
}

// verify reads the text again and compares.
func verify(s *model.Storm, text []byte) error {
	tree, diags := parse.File("", text)
	if err := diags.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrInexpressible, err)
	}
	again, diags := resolve.Files([]*ast.File{tree})
	if err := diags.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrInexpressible, err)
	}
	if !model.Equal(s, again) {
		return fmt.Errorf("%w: %s", ErrInexpressible, firstDifference(s, again))
	}
	return nil
}

// firstDifference names the first line of the canonical forms that differs.
func firstDifference(a, b *model.Storm) string {
	x, _ := model.Canonical(a)
	y, _ := model.Canonical(b)
	was, is := strings.Split(string(x), "\n"), strings.Split(string(y), "\n")
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			return fmt.Sprintf("%s would become %s", strings.TrimSpace(was[i]), strings.TrimSpace(is[i]))
		}
	}
	return "something would be lost"
}

// writer turns a model into a tree.
type writer struct {
	storm   *model.Storm
	inOrder bool // the notes come first, in their order
	made    map[*model.Element]bool
	written map[*model.Element]bool // their doc comments and former names are
}

func newWriter(s *model.Storm, inOrder bool) *writer {
	w := &writer{storm: s, inOrder: inOrder, written: map[*model.Element]bool{}, made: map[*model.Element]bool{}}
	for _, l := range s.Links() {
		w.made[l.From], w.made[l.To] = true, true
	}
	for h := range s.Handlings() {
		for _, c := range h.Commands {
			w.made[c] = true
		}
		for e := range h.Events.All() {
			w.made[e] = true
		}
	}
	for m := range s.All() {
		for _, t := range m.Timers {
			for _, e := range t.Events {
				w.made[e] = true
			}
		}
	}
	return w
}

func (w *writer) file() *ast.File {
	f := &ast.File{Stmts: w.header()}
	if w.inOrder {
		for _, m := range w.storm.Modules {
			f.Stmts = append(f.Stmts, w.opening(m))
		}
		f.Stmts = append(f.Stmts, w.notes()...)
	}
	f.Stmts = append(f.Stmts, w.body(w.storm.Free)...)
	for _, m := range w.storm.Modules {
		f.Stmts = append(f.Stmts, w.module(m)...)
	}
	if len(f.Stmts) > 0 {
		unseparate(f.Stmts[0])
	}
	return f
}

func (w *writer) header() []ast.Stmt {
	var out []ast.Stmt
	s := w.storm
	if s.Name != "" {
		h := &ast.Header{Kind: ast.HeaderStorm, Name: ast.Name{Text: s.Name}}
		comment(h, &s.Meta)
		out = append(out, h)
	}
	if s.Stated {
		h := &ast.Header{Kind: ast.HeaderLevel, Name: ast.Name{Text: s.Level.String()}}
		if s.Name == "" {
			comment(h, &model.Meta{Ignores: s.Ignores})
		}
		out = append(out, h)
	}
	return out
}

// opening begins a module: its names, its team and what it publishes.
func (w *writer) opening(m *model.Module) *ast.ModuleDecl {
	d := &ast.ModuleDecl{Name: ast.Name{Text: m.Name}, Was: names(m.Was), Body: &ast.Block{}}
	comment(d, &m.Meta)
	separate(d)
	if m.Team != "" {
		d.Body.Stmts = append(d.Body.Stmts, &ast.Header{Kind: ast.HeaderTeam, Name: ast.Name{Text: m.Team}})
	}
	if len(m.Publishes) > 0 {
		list := &ast.List{Kind: ast.ListPublishes, Items: w.refs(m.Publishes, m)}
		d.Body.Stmts = append(d.Body.Stmts, list)
	}
	return d
}

// module writes the rest of a module, or all of it.
func (w *writer) module(m *model.Module) []ast.Stmt {
	body := w.body(m)
	if !w.inOrder {
		d := w.opening(m)
		if len(d.Body.Stmts) == 0 && len(body) > 0 {
			unseparate(body[0])
		}
		d.Body.Stmts = append(d.Body.Stmts, body...)
		return []ast.Stmt{d}
	}
	if len(body) == 0 {
		return nil
	}
	unseparate(body[0])
	d := &ast.ModuleDecl{Name: ast.Name{Text: m.Name}, Body: &ast.Block{Stmts: body}}
	separate(d)
	return []ast.Stmt{d}
}
