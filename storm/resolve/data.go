package resolve

import (
	"fmt"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

func (r *resolver) putFields(e *model.Element, list *ast.Fields) {
	seen := map[string]ast.Place{}
	r.loose(list.End...)
	r.looseOpen(list.Open)
	for _, f := range list.List {
		at := r.place(f.Span)
		r.itemIgnores(e, &f.Comments, at)
		if !r.unique(seen, f.Name.Text, r.place(f.Name.Span), "the field") {
			continue
		}
		field := &model.Field{Doc: itemDoc(&f.Comments), Name: f.Name.Text, Was: addNames(nil, f.Was), Place: at}
		e.Fields = append(e.Fields, field)
		r.putOff(func() { field.Type = r.typ(f.Type) })
	}
}

// unique reports a name that a list has already.
func (r *resolver) unique(seen map[string]ast.Place, name string, at ast.Place, what string) bool {
	first, twice := seen[name]
	if !twice {
		seen[name] = at
		return true
	}
	d := r.errorAt("E107", at, fmt.Sprintf("%s %s is there already", what, name))
	d.Related = []diag.Related{{Place: first, Message: "here"}}
	return false
}

// itemDoc returns the doc comment of an item: the lines above it, or else the
// comment behind it.
func itemDoc(c *ast.Comments) string {
	if doc := c.Doc(); doc != "" || c.Trail == nil {
		return doc
	}
	behind := ast.Comments{Lead: []ast.Comment{*c.Trail}}
	return behind.Doc()
}

func (r *resolver) typ(t *ast.Type) *model.Type {
	out := &model.Type{Optional: t.Optional, Place: r.place(t.All)}
	switch {
	case t.List != nil:
		out.List = r.typ(t.List)
	case t.Module.IsZero() && model.BasicOf(t.Name.Text) != "":
		out.Basic = model.BasicOf(t.Name.Text)
	default:
		r.namedType(out, t.Ref)
	}
	return out
}

// namedType finds the value or the enum of a type. A name that nothing declares
// is kept: whether that matters depends on the storm's level.
func (r *resolver) namedType(out *model.Type, ref ast.Ref) {
	out.Unknown = ast.QuoteType(ref.Name.Text)
	if !ref.Module.IsZero() {
		out.Unknown = ast.Quote(ref.Module.Text) + "." + ast.Quote(ref.Name.Text)
		if r.modules[ref.Module.Text] == nil {
			r.unknownModule(ref)
			return
		}
	}
	for _, m := range r.scopes(ref) {
		for _, kind := range []ast.Kind{ast.Value, ast.Enum} {
			if e := r.index[key{m, kind, ref.Name.Text}]; e != nil {
				out.Of, out.Unknown = e, ""
				r.mentioned(e, ref, model.FieldType)
				return
			}
		}
	}
}

func (r *resolver) makeScenario(s *ast.Scenario) {
	sc := &model.Scenario{Meta: r.meta(&s.Base), Name: s.Name.Text}
	r.module.Scenarios = append(r.module.Scenarios, sc)
	r.loose(s.End...)
	r.looseOpen(s.Open)
	for _, c := range s.Clauses {
		r.ignoreIn(&sc.Meta, r.meta(&c.Base))
		sc.Nothing = sc.Nothing || c.Nothing
		sc.Rejected = sc.Rejected || c.Rejected
		if c.Reason.Text != "" {
			sc.Reason = c.Reason.Text
		}
	}
	r.putOff(func() {
		// What is done decides whether events or commands follow from it.
		for _, kind := range []ast.ClauseKind{ast.Given, ast.When, ast.Then} {
			for _, c := range s.Clauses {
				if c.Kind == kind {
					r.clause(sc, c)
				}
			}
		}
	})
}

func (r *resolver) clause(sc *model.Scenario, c *ast.Clause) {
	kinds, into := []ast.Kind{ast.Event}, &sc.Given
	switch c.Kind {
	case ast.When:
		kinds, into = []ast.Kind{ast.Command, ast.Event}, &sc.When
	case ast.Then:
		kinds, into = []ast.Kind{ast.Event, ast.Command, ast.Projection}, &sc.Then
		if len(sc.When) > 0 && sc.When[0].Element.Kind == ast.Event {
			kinds = []ast.Kind{ast.Command, ast.Projection, ast.Event}
		}
	}
	for _, m := range c.Messages {
		if e := r.refer(m.Ref, model.Example, kinds...); e != nil {
			*into = append(*into, &model.Message{Element: e, Data: r.value(m.Data), Place: r.place(m.Span)})
		}
	}
}

func (r *resolver) value(l *ast.Literal) *model.Value {
	if l == nil {
		return nil
	}
	v := &model.Value{Kind: l.Kind, Text: l.Text, Place: r.place(l.Span)}
	for _, p := range l.Pairs {
		v.Pairs = append(v.Pairs, model.Pair{Name: p.Name.Text, Value: r.value(p.Value), Place: r.place(p.Name.Span)})
	}
	for _, item := range l.Items {
		v.Items = append(v.Items, r.value(item))
	}
	return v
}
