package resolve

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// declare learns which modules there are and what each declares.
func (r *resolver) declare(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ModuleDecl:
		r.inside(s, r.declare)
	case *ast.Decl:
		r.known[key{r.module, s.Kind, s.Name.Text}] = true
	case *ast.FlowLine:
		_, _, events, bare := s.Roles()
		for _, item := range events {
			if bare && item.Module.IsZero() {
				r.known[key{r.module, ast.Event, item.Name.Text}] = true
			}
		}
	}
}

// inside walks the statements of a module.
func (r *resolver) inside(m *ast.ModuleDecl, walk func(ast.Stmt)) {
	outer, section := r.module, r.section
	r.module, r.section = r.openModule(m.Name.Text), nil
	if m.Body != nil {
		for _, s := range m.Body.Stmts {
			walk(s)
		}
	}
	r.module, r.section = outer, section
}

// mention learns which names exist because they are mentioned: those with a
// module, and those outside of any module.
func (r *resolver) mention(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ModuleDecl:
		r.inside(s, r.mention)
	case *ast.Decl:
		r.mentionDecl(s)
	case *ast.FlowLine:
		r.mentionFlow(s)
	case *ast.Timer:
		r.exists(s.To, ast.Event)
	}
}

func (r *resolver) mentionDecl(d *ast.Decl) {
	switch d.Kind {
	case ast.Policy:
		r.exists(d.From, ast.Event)
		r.exists(d.Unless, ast.Event)
		r.exists(d.Using, ast.Projection)
		r.exists(d.To, ast.Command)
	case ast.Projection:
		r.exists(d.From, ast.Event)
		r.exists(d.To, ast.Actor)
	}
	if d.Body == nil {
		return
	}
	for _, s := range d.Body.Stmts {
		if line, ok := s.(*ast.FlowLine); ok {
			r.mentionFlow(line)
		}
	}
}

func (r *resolver) mentionFlow(f *ast.FlowLine) {
	issuers, commands, events, _ := f.Roles()
	for _, item := range issuers {
		r.existsAs(item.Ref, r.issuerKind(item.Ref))
	}
	r.exists(commands, ast.Command)
	r.exists(events, ast.Event)
}

func (r *resolver) exists(list ast.Refs, kind ast.Kind) {
	for _, item := range list {
		r.existsAs(item.Ref, kind)
	}
}

func (r *resolver) existsAs(ref ast.Ref, kind ast.Kind) {
	if m := r.home(ref); m != nil && (m == r.storm.Free || !ref.Module.IsZero()) {
		r.known[key{m, kind, ref.Name.Text}] = true
	}
}

// home returns the module that a mention names, or else the one that it is
// written in; nil for an unknown module.
func (r *resolver) home(ref ast.Ref) *model.Module {
	if ref.Module.IsZero() {
		return r.module
	}
	return r.modules[ref.Module.Text]
}

// issuerKind says whether an actor or a system issues a command: a system where
// one is declared and no actor is.
func (r *resolver) issuerKind(ref ast.Ref) ast.Kind {
	if ref.Kind != ast.NoKind {
		return ref.Kind
	}
	for _, m := range []*model.Module{r.home(ref), r.storm.Free} {
		if m == nil {
			continue
		}
		if r.known[key{m, ast.Actor, ref.Name.Text}] {
			return ast.Actor
		}
		if r.known[key{m, ast.System, ref.Name.Text}] {
			return ast.System
		}
	}
	return ast.Actor
}
