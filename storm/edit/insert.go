package edit

import (
	"fmt"
	"slices"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/model"
)

// put adds a statement at the end of a module, or at the end of what stands
// outside of all modules.
func (s *session) put(m *model.Module, st ast.Stmt) error {
	if m.IsFree() {
		return s.putFree(st)
	}
	if len(m.Bodies) > 0 {
		return s.putInside(m.Bodies[len(m.Bodies)-1], st)
	}
	sp := s.spotAt(m.At())
	if sp == nil {
		return fmt.Errorf("module %s: %w", m.Name, ErrUnknown)
	}
	sp.stmt().(*ast.ModuleDecl).Body = &ast.Block{Stmts: []ast.Stmt{st}}
	return s.apply(s.reprint(sp))
}

// putInside adds a statement at the end of a body in braces.
func (s *session) putInside(body ast.Place, st ast.Stmt) error {
	sp := s.ownerOf(body)
	if sp == nil {
		return fmt.Errorf("no braces at %s: %w", body, ErrUnknown)
	}
	block := blockOf(sp.stmt())
	if len(block.Stmts) == 0 || block.Span.Start.Line == block.Span.End.Line {
		block.Stmts = append(slices.Clip(block.Stmts), st)
		return s.apply(s.reprint(sp))
	}
	last := &spot{file: sp.file, owner: sp.stmt(), block: block, stmts: block.Stmts, index: len(block.Stmts) - 1}
	return s.apply(last.insertAfter(st))
}

// ownerOf returns the statement that has the body.
func (s *session) ownerOf(body ast.Place) *spot {
	at := body
	at.End = at.Start
	sp := s.spotAt(at)
	if sp == nil || blockOf(sp.stmt()) == nil || blockOf(sp.stmt()).Span != body.Span {
		return nil
	}
	return sp
}

// putFree adds a statement outside of all modules: after the last one there, or
// at the end of the file.
func (s *session) putFree(st ast.Stmt) error {
	file := s.freeFile()
	if file == nil {
		s.read(storm.File{Path: "board" + storm.Extension, Text: []byte(format.Stmt(st, 0))})
		return nil
	}
	for i, other := range slices.Backward(file.Tree.Stmts) {
		if _, isModule := other.(*ast.ModuleDecl); !isModule {
			sp := &spot{file: file, stmts: file.Tree.Stmts, index: i}
			return s.apply(sp.insertAfter(st))
		}
	}
	end := len(file.Text)
	lines := indented(format.Stmt(st, 0), "", newlineOf(file.Text))
	return s.apply(diag.Edit{File: file.Path, Start: end, End: end, New: wholeLines(file.Text, end, lines)})
}

// freeFile returns the file that has the storm's name, or else the first.
func (s *session) freeFile() *storm.File {
	for i := range s.src.Files {
		for _, st := range s.src.Files[i].Tree.Stmts {
			if h, ok := st.(*ast.Header); ok && h.Kind == ast.HeaderStorm {
				return &s.src.Files[i]
			}
		}
	}
	if len(s.src.Files) > 0 {
		return &s.src.Files[0]
	}
	return nil
}

// next adds a statement right after, or before, another.
func (s *session) next(sp *spot, st ast.Stmt, before bool) error {
	if sp.block != nil && sp.block.Span.Start.Line == sp.block.Span.End.Line {
		at := sp.index + 1
		if before {
			at--
		}
		sp.block.Stmts = slices.Insert(slices.Clone(sp.block.Stmts), at, st)
		owner := s.spotAt(ast.Place{File: sp.file.Path, Span: ast.Span{Start: sp.block.Start, End: sp.block.Start}})
		return s.apply(s.reprint(owner))
	}
	if before {
		return s.apply(sp.insertBefore(st))
	}
	return s.apply(sp.insertAfter(st))
}

// mention returns how an element is written inside of a module.
func (s *session) mention(e *model.Element, in *model.Module) (ast.Ref, error) {
	r := ast.Ref{Name: ast.Name{Text: e.Name}}
	switch {
	case e.Module == in:
	case !e.Module.IsFree():
		r.Module = ast.Name{Text: e.Module.Name}
	case in.Find(e.Kind, e.Name) != nil:
		return r, fmt.Errorf("%s has a %s %s of its own: %w", in.Name, e.Kind, e.Name, ErrTaken)
	}
	return r, nil
}

// moduleOf returns the module that a statement stands in.
func (s *session) moduleOf(sp *spot) *model.Module {
	for m := range s.src.Model.All() {
		for _, body := range m.Bodies {
			if body.File == sp.file.Path && body.Covers(sp.stmt().Range()) {
				return m
			}
		}
	}
	return s.src.Model.Free
}
