package resolve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
	"github.com/landfall-go/landfall/storm/spell"
)

// putOff does something at the end, where the walk is now.
func (r *resolver) putOff(do func()) {
	path, module, handler := r.path, r.module, r.handler
	r.later = append(r.later, func() {
		r.path, r.module, r.handler = path, module, handler
		do()
	})
}

// refer returns the element that a mention refers to, or reports why there is
// none. Of several kinds the first that exists is taken; without kinds any
// may be meant, and two are a mistake.
func (r *resolver) refer(ref ast.Ref, role model.Role, kinds ...ast.Kind) *model.Element {
	if r.home(ref) == nil {
		r.unknownModule(ref)
		return nil
	}
	if ref.Kind != ast.NoKind {
		if len(kinds) > 0 && !slices.Contains(kinds, ref.Kind) {
			r.wrongKind(ref, kinds[0])
			return nil
		}
		kinds = []ast.Kind{ref.Kind}
	}
	for _, m := range r.scopes(ref) {
		if e, found := r.among(r.names[nameKey{m, ref.Name.Text}], ref, kinds); found {
			if e != nil {
				r.mentioned(e, ref, role)
			}
			return e
		}
	}
	r.unknown(ref, kinds)
	return nil
}

// scopes returns the modules in which a mention is looked for.
func (r *resolver) scopes(ref ast.Ref) []*model.Module {
	home := r.home(ref)
	if !ref.Module.IsZero() || home == r.storm.Free {
		return []*model.Module{home}
	}
	return []*model.Module{home, r.storm.Free}
}

// among picks the element that is meant from those of a name.
func (r *resolver) among(list []*model.Element, ref ast.Ref, kinds []ast.Kind) (e *model.Element, found bool) {
	for _, kind := range kinds {
		for _, e := range list {
			if e.Kind == kind {
				return e, true
			}
		}
	}
	if len(kinds) > 0 || len(list) == 0 {
		return nil, false
	}
	if len(list) == 1 {
		return list[0], true
	}
	var all []string
	d := r.errorAt("E103", r.place(ref.Span), "")
	for _, e := range list {
		all = append(all, e.Kind.String())
		at := r.place(ref.Span)
		d.Related = append(d.Related, diag.Related{Place: e.At(), Message: e.Kind.Article()})
		d.Fixes = append(d.Fixes, diag.Fix{Message: "say that the " + e.Kind.String() + " is meant", Edits: []diag.Edit{{
			File: at.File, Start: int(at.Start.Offset), End: int(at.Start.Offset), New: e.Kind.String() + " ",
		}}})
	}
	d.Message = fmt.Sprintf("%s may mean several things: %s", ref.Name.Text, strings.Join(all, ", "))
	d.Help = fmt.Sprintf("write the kind before the name: %s %s", all[0], ast.Quote(ref.Name.Text))
	return nil, true
}

func (r *resolver) unknownModule(ref ast.Ref) {
	at := r.place(ref.Module.Span)
	d := r.errorAt("E101", at, "there is no module "+ref.Module.Text)
	var names []string
	for _, m := range r.storm.Modules {
		if slices.Contains(m.Was, ref.Module.Text) {
			d.Message += ": it is called " + m.Name + " now"
			d.Fixes = []diag.Fix{replacement(at, ast.Quote(m.Name))}
			return
		}
		names = append(names, m.Name)
	}
	if near := spell.Nearest(ref.Module.Text, names); near != "" {
		d.Message += "; did you mean " + near + "?"
		d.Fixes = []diag.Fix{replacement(at, ast.Quote(near))}
		return
	}
	d.Help = "declare it: module " + ast.Quote(ref.Module.Text) + " { … }"
}

func replacement(at ast.Place, with string) diag.Fix {
	return diag.Fix{Message: "write " + with, Safe: true, Edits: []diag.Edit{{
		File: at.File, Start: int(at.Start.Offset), End: int(at.End.Offset), New: with,
	}}}
}

// unknown reports a name that nothing has, and what may have been meant.
func (r *resolver) unknown(ref ast.Ref, kinds []ast.Kind) {
	at := r.place(ref.Name.Span)
	d := r.errorAt("E102", at, fmt.Sprintf("there is no %s %s", r.kindNames(kinds), ast.Quote(ref.Name.Text)))
	if !ref.Module.IsZero() {
		d.Message += " in module " + ref.Module.Text
	}
	var names []string
	for _, m := range r.scopes(ref) {
		for _, e := range m.Elements {
			if len(kinds) > 0 && !slices.Contains(kinds, e.Kind) {
				continue
			}
			if slices.Contains(e.Was, ref.Name.Text) {
				d.Message += ": it is called " + e.Name + " now"
				d.Fixes = []diag.Fix{replacement(at, ast.Quote(e.Name))}
				return
			}
			names = append(names, e.Name)
		}
	}
	if near := spell.Nearest(ref.Name.Text, names); near != "" {
		d.Message += "; did you mean " + near + "?"
		d.Fixes = []diag.Fix{replacement(at, ast.Quote(near))}
		return
	}
	r.elsewhere(d, ref, kinds)
}

func (r *resolver) kindNames(kinds []ast.Kind) string {
	if len(kinds) == 0 {
		return "element"
	}
	var words []string
	for _, k := range kinds {
		words = append(words, k.String())
	}
	return strings.Join(words, " or ")
}

// elsewhere points to an element of that name in another module.
func (r *resolver) elsewhere(d *diag.Diagnostic, ref ast.Ref, kinds []ast.Kind) {
	for m := range r.storm.All() {
		for _, e := range r.names[nameKey{m, ref.Name.Text}] {
			if len(kinds) > 0 && !slices.Contains(kinds, e.Kind) {
				continue
			}
			d.Help = "there is " + e.Kind.Article() + " " + e.Path()
			d.Related = []diag.Related{{Place: e.At(), Message: "here"}}
			if !m.IsFree() {
				d.Fixes = []diag.Fix{replacement(r.place(ref.Span), e.Path())}
			}
			return
		}
	}
	d.Help = "mention it in a line of flow, or declare it"
}

// target returns what a sticky is put on: an element or a module.
func (r *resolver) target(ref ast.Ref) (model.Target, bool) {
	m := r.modules[ref.Name.Text]
	isModule := ref.Module.IsZero() && m != nil
	if ref.Kind == ast.Module || isModule && ref.Kind == ast.NoKind && len(r.candidates(ref)) == 0 {
		if !isModule {
			r.unknownModule(ast.Ref{Module: ref.Name})
			return model.Target{}, false
		}
		m.Mentions = append(m.Mentions, model.Mention{
			Place: r.place(ref.Name.Span), Full: r.place(ref.Span), In: r.module, Role: model.UnderSticky,
		})
		return model.Target{Module: m}, true
	}
	e := r.refer(ref, model.UnderSticky)
	return model.Target{Element: e}, e != nil
}

func (r *resolver) candidates(ref ast.Ref) []*model.Element {
	for _, m := range r.scopes(ref) {
		if list := r.names[nameKey{m, ref.Name.Text}]; len(list) > 0 {
			return list
		}
	}
	return nil
}
