package resolve

import (
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// meta returns the doc comment and the silenced checks of a statement.
func (r *resolver) meta(b *ast.Base) model.Meta {
	m := model.Meta{Doc: b.Doc(), Place: r.place(b.Span)}
	m.Ignores = r.ignores(&b.Comments, m.Place)
	return m
}

// ignores reads the directives of a statement or an item.
func (r *resolver) ignores(c *ast.Comments, scope ast.Place) []model.Ignore {
	var out []model.Ignore
	for i := range c.Lead {
		out = append(out, r.directive(&c.Lead[i], scope)...)
	}
	if c.Trail != nil {
		out = append(out, r.directive(c.Trail, scope)...)
	}
	return out
}

// directive reads //landfall:ignore S101,S102 reason.
func (r *resolver) directive(c *ast.Comment, scope ast.Place) []model.Ignore {
	if !c.IsDirective() {
		return nil
	}
	at := r.place(c.Span)
	word, rest, _ := strings.Cut(strings.TrimPrefix(c.Text, ast.Directive), " ")
	if word != "ignore" {
		r.errorAt("E108", at, "there is no directive "+ast.Directive+word).Help = "to silence a check, write //landfall:ignore CODE reason"
		return nil
	}
	codes, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if reason = strings.TrimSpace(reason); reason == "" || slices.Contains(strings.Split(codes, ","), "") {
		r.errorAt("E108", at, "to silence a check, say which and why").Help = "write //landfall:ignore CODE reason"
		return nil
	}
	var out []model.Ignore
	for code := range strings.SplitSeq(codes, ",") {
		out = append(out, model.Ignore{Code: code, Reason: reason, Place: at, Scope: scope})
	}
	return out
}

// loose reports directives that stand on nothing.
func (r *resolver) loose(list ...ast.Comment) {
	for _, c := range list {
		if !c.IsDirective() {
			continue
		}
		r.errorAt("E108", r.place(c.Span), "this directive stands on nothing").Help =
			"put it right above the statement that it is for, or behind it on the same line"
	}
}

// looseOpen does the same for the comment behind an opening brace.
func (r *resolver) looseOpen(c *ast.Comment) {
	if c != nil {
		r.loose(*c)
	}
}

// itemIgnores gives the directives on a field or a member to its element.
func (r *resolver) itemIgnores(e *model.Element, c *ast.Comments, at ast.Place) {
	e.Ignores = append(e.Ignores, r.ignores(c, at)...)
}

// ignoreIn gives the directives on a statement that is no part of its own to
// the part that it belongs to.
func (r *resolver) ignoreIn(to *model.Meta, from model.Meta) {
	to.Ignores = append(to.Ignores, from.Ignores...)
}

// merge adds what another declaration says about the same thing.
func merge(to *model.Meta, from model.Meta) {
	switch {
	case to.Doc == "":
		to.Doc = from.Doc
	case from.Doc != "" && from.Doc != to.Doc:
		to.Doc += "\n\n" + from.Doc
	}
	to.Ignores = append(to.Ignores, from.Ignores...)
	if len(to.Ignores) == 0 {
		to.Ignores = nil
	}
	if !to.Place.IsValid() {
		to.Place = from.Place
	}
}

// formerNames reports former names that are still, or twice, in use.
func (r *resolver) formerNames() {
	former := map[key]*model.Element{}
	for e := range r.storm.Elements() {
		for _, name := range e.Was {
			k := key{e.Module, e.Kind, name}
			other, message := former[k], " was called "+name+" before, too"
			if now := r.index[k]; now != nil {
				other, message = now, " is called "+name+" still"
			}
			former[k] = e
			if other == nil || other == e && name != e.Name {
				continue
			}
			d := r.errorAt("E109", e.At(), "the "+e.Kind.String()+" "+e.Name+" cannot have been "+name+": another"+message)
			d.Related = []diag.Related{{Place: other.At(), Message: "here"}}
			d.Help = "each former name leads to one element, or old data could not be read"
		}
	}
}
