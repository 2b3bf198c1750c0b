package compose

import (
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// notes writes every note on the board, in its order and its section.
func (w *writer) notes() []ast.Stmt {
	n := &noteWriter{said: map[*model.Section]bool{}}
	for _, note := range w.storm.Timeline {
		if note.Section != nil {
			// Sections without notes keep their place among the others.
			for next := n.labelled; next < len(w.storm.Sections) && w.storm.Sections[next] != note.Section; next++ {
				if slices.Contains(w.storm.Sections[next:], note.Section) {
					n.label(w.storm.Sections[next])
				}
			}
			n.enter(note.Section)
		}
		m := note.Element.Module
		if note.Section == nil || note.Section.Module != m {
			n.leave(m)
		}
		n.put(m, w.note(note.Element))
	}
	for n.labelled < len(w.storm.Sections) {
		n.label(w.storm.Sections[n.labelled])
	}
	return n.out
}

// noteWriter writes notes one by one, with the modules and sections that they
// need around them.
type noteWriter struct {
	out      []ast.Stmt
	block    *ast.ModuleDecl // the module that is open, or nil
	inner    *model.Section  // the section in its braces
	free     *model.Section  // the section outside
	said     map[*model.Section]bool
	labelled int // how many sections were written
}

// enter makes a section the current one.
func (n *noteWriter) enter(s *model.Section) {
	if s.Module.IsFree() {
		if n.free != s {
			n.label(s)
		}
		return
	}
	n.open(s.Module)
	if n.inner != s {
		n.label(s)
	}
}

// label writes the line of a section.
func (n *noteWriter) label(s *model.Section) {
	h := &ast.Header{Kind: ast.HeaderSection, Name: ast.Name{Text: s.Name}}
	if n.firstTime(s) { // one that goes on has said its comment already
		comment(h, &s.Meta)
	}
	separate(h)
	n.put(s.Module, h)
	if s.Module.IsFree() {
		n.free = s
	} else {
		n.inner = s
	}
}

func (n *noteWriter) firstTime(s *model.Section) bool {
	first := !n.said[s]
	if first {
		n.said[s] = true
		n.labelled++
	}
	return first
}

// leave makes sure that no section of the module is around the next note.
func (n *noteWriter) leave(m *model.Module) {
	if n.inner != nil && n.block != nil && n.block.Name.Text == m.Name {
		n.block, n.inner = nil, nil
	}
}

// open opens a module.
func (n *noteWriter) open(m *model.Module) {
	if n.block != nil && n.block.Name.Text == m.Name {
		return
	}
	n.block, n.inner = nil, nil
	if m.IsFree() {
		return
	}
	n.block = &ast.ModuleDecl{Name: ast.Name{Text: m.Name}, Body: &ast.Block{}}
	separate(n.block)
	n.out = append(n.out, n.block)
}

func (n *noteWriter) put(m *model.Module, st ast.Stmt) {
	n.open(m)
	if n.block == nil {
		n.out = append(n.out, st)
		return
	}
	if len(n.block.Body.Stmts) == 0 {
		unseparate(st)
	}
	n.block.Body.Stmts = append(n.block.Body.Stmts, st)
}
