package resolve

import (
	"fmt"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// get returns the element of a module, and makes it when it is new: then it is
// a new note on the board too.
func (r *resolver) get(k key, at ast.Place) *model.Element {
	if e := r.index[k]; e != nil {
		return e
	}
	e := &model.Element{Kind: k.kind, Name: k.name, Module: k.module}
	switch k.kind {
	case ast.Policy:
		e.Policy = &model.Policy{}
	case ast.Projection:
		e.View = &model.Projection{}
	}
	r.index[k] = e
	k.module.Elements = append(k.module.Elements, e)
	n := nameKey{k.module, k.name}
	r.names[n] = append(r.names[n], e)
	r.note(e, at)
	return e
}

func (r *resolver) note(e *model.Element, at ast.Place) {
	section := r.freeSection
	if r.section != nil && r.section.Module == e.Module {
		section = r.section
	}
	r.storm.Timeline = append(r.storm.Timeline, model.Note{Element: e, Section: section, Place: at})
}

// declared returns the element of a declaration. To declare it again, without
// anything to say about it, puts a further note on the board.
func (r *resolver) declared(d *ast.Decl) *model.Element {
	return r.declareAt(key{r.module, d.Kind, d.Name.Text}, r.place(d.Name.Span), !d.HasContent())
}

func (r *resolver) declareAt(k key, at ast.Place, bare bool) *model.Element {
	e := r.get(k, at)
	if bare && len(e.Declared) > 0 {
		r.note(e, at)
	}
	e.Declared = append(e.Declared, at)
	e.Mentions = append(e.Mentions, model.Mention{Place: at, Full: at, In: r.module, Role: model.Declaration})
	return e
}

// noteEvents makes the events of a line that is nothing but their names.
func (r *resolver) noteEvents(f *ast.FlowLine, events ast.Refs) {
	meta := r.meta(&f.Base)
	for i, item := range events {
		home := r.home(item.Ref)
		if home == nil {
			r.unknownModule(item.Ref)
			continue
		}
		if item.Kind != ast.NoKind && item.Kind != ast.Event {
			r.wrongKind(item.Ref, ast.Event)
			continue
		}
		e := r.declareAt(key{home, ast.Event, item.Name.Text}, r.place(item.Name.Span), true)
		r.qualifier(item.Ref)
		if i == 0 {
			merge(&e.Meta, meta)
		} else if !e.Place.IsValid() {
			e.Place = meta.Place
		}
	}
}

// element returns what a mention makes: the element of that name where it is
// known, or a new one. It returns nil for a mention that is wrong.
func (r *resolver) element(ref ast.Ref, kind ast.Kind, role model.Role) *model.Element {
	m := r.home(ref)
	if m == nil {
		r.unknownModule(ref)
		return nil
	}
	if ref.Kind != ast.NoKind && ref.Kind != kind {
		r.wrongKind(ref, kind)
		return nil
	}
	k := key{m, kind, ref.Name.Text}
	if free := (key{r.storm.Free, kind, ref.Name.Text}); ref.Module.IsZero() && !r.known[k] && r.known[free] {
		k = free
	}
	e := r.get(k, r.place(ref.Name.Span))
	r.mentioned(e, ref, role)
	return e
}

func (r *resolver) mentioned(e *model.Element, ref ast.Ref, role model.Role) {
	e.Mentions = append(e.Mentions, model.Mention{
		Place: r.place(ref.Name.Span), Full: r.place(ref.Span), In: r.module, Role: role,
		Qualified: !ref.Module.IsZero(),
	})
	if !e.Place.IsValid() {
		e.Place = r.place(ref.Span)
	}
	r.qualifier(ref)
}

// qualifier notes the mention of a module before a dot.
func (r *resolver) qualifier(ref ast.Ref) {
	if ref.Module.IsZero() {
		return
	}
	m, at := r.modules[ref.Module.Text], r.place(ref.Module.Span)
	m.Mentions = append(m.Mentions, model.Mention{Place: at, Full: at, In: r.module, Role: model.Qualifier})
}

func (r *resolver) choice(list ast.Refs, kind ast.Kind, role model.Role) model.Choice {
	var out model.Choice
	for _, group := range list.Choices() {
		var all []*model.Element
		for _, ref := range group {
			if e := r.element(ref, kind, role); e != nil {
				all = appendNew(all, e)
			}
		}
		if all != nil {
			out = append(out, all)
		}
	}
	return out
}

func (r *resolver) issuers(list ast.Refs) []*model.Element {
	var out []*model.Element
	for _, item := range list {
		kind := r.issuerKind(item.Ref)
		if kind != ast.Actor && kind != ast.System {
			r.wrongKind(item.Ref, ast.Actor)
			continue
		}
		if e := r.element(item.Ref, kind, model.Issuer); e != nil {
			out = appendNew(out, e)
		}
	}
	return out
}

func flat(c model.Choice) []*model.Element {
	var out []*model.Element
	for e := range c.All() {
		out = appendNew(out, e)
	}
	return out
}

func (r *resolver) wrongKind(ref ast.Ref, want ast.Kind) {
	d := r.errorAt("E105", r.place(ref.Span), fmt.Sprintf("%s stands here, where only %s can", ref.Kind.Article(), want.Article()))
	d.Help = "a line of flow goes from actors to commands to events"
}

// removal offers to take a statement out; which of two is right, only a person
// knows.
func removal(message string, at ast.Place) diag.Fix {
	return diag.Fix{Message: message, Edits: []diag.Edit{{
		File: at.File, Start: int(at.Start.Offset), End: int(at.End.Offset),
	}}}
}
