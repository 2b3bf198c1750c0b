// Package resolve makes the model of a storm from the trees of its files.
//
// Lines of flow, policies, projections and timers make what they mention:
// whatever they name exists. Everything else refers to what is there, and an
// unknown name is an error.
//
// A name without a module is looked for in the module that it is written in,
// then outside of all modules. Each kind has names of its own, so a command
// and an event may share one.
package resolve

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// Files makes the model of a storm. The files are taken in the order of their
// paths, whatever order they come in. The model is never nil: what could not be
// resolved is left out of it and reported. The list is sorted and holds errors
// only. Files is safe for concurrent use; it does not change the trees.
func Files(files []*ast.File) (*model.Storm, diag.List) {
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b *ast.File) int { return cmp.Compare(a.Path, b.Path) })
	r := &resolver{
		storm:   &model.Storm{Free: &model.Module{}},
		modules: map[string]*model.Module{},
		teams:   map[*model.Module]ast.Place{},
		index:   map[key]*model.Element{},
		known:   map[key]bool{},
		names:   map[nameKey][]*model.Element{},
	}
	for _, f := range files {
		r.storm.Files = append(r.storm.Files, f.Path)
	}
	r.each(files, r.declare)
	r.each(files, r.mention)
	r.each(files, r.make)
	for _, f := range files {
		r.path = f.Path
		r.loose(f.End...)
	}
	r.finish()
	r.diags.Sort()
	return r.storm, r.diags
}

type key struct {
	module *model.Module
	kind   ast.Kind
	name   string
}

type nameKey struct {
	module *model.Module
	name   string
}

// resolver walks the files three times. The first two walks learn which names
// exist where, because a name's scope must not depend on the order of the text.
// The third makes the elements in the order of the text, and puts off (later)
// whatever only refers to them.
type resolver struct {
	storm   *model.Storm
	modules map[string]*model.Module
	known   map[key]bool                 // names that exist, or will
	index   map[key]*model.Element       // elements that were made
	names   map[nameKey][]*model.Element // the same, whatever their kind
	teams   map[*model.Module]ast.Place
	diags   diag.List
	later   []func()

	// where the walk is
	path        string
	module      *model.Module
	handler     *model.Element
	section     *model.Section // in the module's braces
	freeSection *model.Section // outside of all modules

	nameAt, levelAt ast.Place // the storm's name and its level
}

func (r *resolver) each(files []*ast.File, walk func(ast.Stmt)) {
	for _, f := range files {
		r.path, r.module = f.Path, r.storm.Free
		for _, s := range f.Stmts {
			walk(s)
		}
	}
}

// place returns the place of a span in the file that is being walked.
func (r *resolver) place(s ast.Span) ast.Place { return ast.Place{File: r.path, Span: s} }

func (r *resolver) errorAt(code diag.Code, at ast.Place, message string) *diag.Diagnostic {
	r.diags = append(r.diags, diag.Diagnostic{Code: code, Severity: diag.Error, Place: at, Message: message})
	return &r.diags[len(r.diags)-1]
}

// openModule returns the module of that name and makes it when it is new.
func (r *resolver) openModule(name string) *model.Module {
	if m := r.modules[name]; m != nil {
		return m
	}
	m := &model.Module{Name: name}
	r.modules[name] = m
	r.storm.Modules = append(r.storm.Modules, m)
	return m
}

// finish does what was put off, and what needs everything in place.
func (r *resolver) finish() {
	for _, do := range r.later {
		do()
	}
	for e := range r.storm.Elements() {
		sortMentions(e.Mentions)
	}
	for _, m := range r.storm.Modules {
		sortMentions(m.Mentions)
	}
	r.formerNames()
	if r.storm.Level == ast.NoLevel {
		r.storm.Level = model.Reached(r.storm)
	}
}

func sortMentions(list []model.Mention) {
	slices.SortStableFunc(list, func(a, b model.Mention) int {
		return cmp.Or(cmp.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Start.Offset, b.Place.Start.Offset))
	})
}
