package handover

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Glossary returns the dictionary of a storm: the terms of each module in the
// order of the alphabet, what each is and means, and where it is used. Words
// that mean several things are listed at the end.
func Glossary(s *model.Storm) []byte {
	g := &glossary{uses: usesOf(s), several: len(s.Files) > 1}
	g.heading(1, "Glossary of %s", stormTitle(s))
	if s.Doc != "" {
		g.line("%s", s.Doc)
		if len(s.Modules) == 0 {
			g.line("")
		}
	}
	for m := range s.All() {
		if len(m.Elements) > 0 {
			g.module(m, len(s.Modules) > 0)
		}
	}
	g.homonyms(s)
	return []byte(g.String())
}

type glossary struct {
	page
	uses    map[*model.Element][]string
	several bool // files
}

func (g *glossary) module(m *model.Module, titled bool) {
	if titled {
		g.heading(2, "%s", moduleTitle(m))
		if m.Team != "" {
			g.line("Team %s.%s", inline(m.Team), sentence(m.Doc))
			g.line("")
		} else if m.Doc != "" {
			g.line("%s", m.Doc)
			g.line("")
		}
	}
	list := slices.Clone(m.Elements)
	slices.SortStableFunc(list, func(a, b *model.Element) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Label()), strings.ToLower(b.Label())), cmp.Compare(a.Kind, b.Kind))
	})
	var rows [][]string
	for _, e := range list {
		rows = append(rows, []string{label(e), e.Kind.String(), g.meaning(e), strings.Join(g.uses[e], "; "), g.places(e)})
	}
	g.table([]string{"Term", "Kind", "Meaning", "How it is used", "Where"}, rows)
}

func sentence(text string) string {
	if text == "" {
		return ""
	}
	return " " + text
}

// meaning returns what a term means: its own words, its doc comment, its data,
// its former names.
func (g *glossary) meaning(e *model.Element) string {
	var parts []string
	for _, text := range []string{e.Meaning, e.Doc, members(e), fieldList(e)} {
		if text = inline(text); text != "" {
			parts = append(parts, text)
		}
	}
	if len(e.Was) > 0 {
		parts = append(parts, "formerly "+inline(strings.Join(e.Was, ", ")))
	}
	return strings.Join(parts, " ")
}

func members(e *model.Element) string {
	var names []string
	for _, m := range e.Members {
		names = append(names, m.Name)
	}
	if len(names) == 0 {
		return ""
	}
	return "One of " + strings.Join(names, ", ") + "."
}

func fieldList(e *model.Element) string {
	var names []string
	for _, f := range e.Fields {
		names = append(names, f.Name)
	}
	if len(names) == 0 {
		return ""
	}
	return "Has " + join(names, "and") + "."
}

// places returns the lines on which a term stands.
func (g *glossary) places(e *model.Element) string {
	var out []string
	file := ""
	seen := map[string]bool{}
	for _, m := range e.Mentions {
		at := m.Place
		if !at.IsValid() {
			continue
		}
		text := fmt.Sprint(at.Start.Line)
		if key := at.File + ":" + text; seen[key] {
			continue
		} else {
			seen[key] = true
		}
		if g.several && at.File != file {
			file = at.File
			text = path.Base(file) + ":" + text
		}
		if out = append(out, text); len(out) == 8 && len(e.Mentions) > 9 {
			out = append(out, "…")
			break
		}
	}
	if len(out) == 0 {
		return ""
	}
	if !g.several {
		return "line " + strings.Join(out, ", ")
	}
	return strings.Join(out, ", ")
}

// homonyms lists the words that stand for several things.
func (g *glossary) homonyms(s *model.Storm) {
	by := map[string][]*model.Element{}
	var order []string
	for e := range s.Elements() {
		key := strings.ToLower(e.Label())
		if by[key] == nil {
			order = append(order, key)
		}
		by[key] = append(by[key], e)
	}
	slices.Sort(order)
	titled := false
	for _, key := range order {
		if len(by[key]) < 2 {
			continue
		}
		if !titled {
			titled = true
			g.heading(2, "One word for several things")
		}
		var what []string
		for _, e := range by[key] {
			text := article(e.Kind)
			if len(s.Modules) > 0 {
				text += " (" + moduleTitle(e.Module) + ")"
			}
			what = append(what, text)
		}
		g.line("- %s: %s", label(by[key][0]), strings.Join(what, ", "))
	}
}

// use is how an element is used, and by which others.
type use struct {
	e      *model.Element
	verb   string
	others []*model.Element
}

// uses collects the uses of all elements, in the order in which they are found.
type uses struct {
	list []*use
	of   map[*model.Element]map[string]*use
}

func (u *uses) add(e *model.Element, verb string, other *model.Element) {
	if u.of[e] == nil {
		u.of[e] = map[string]*use{}
	}
	x := u.of[e][verb]
	if x == nil {
		x = &use{e: e, verb: verb}
		u.of[e][verb] = x
		u.list = append(u.list, x)
	}
	if !slices.Contains(x.others, other) {
		x.others = append(x.others, other)
	}
}

// usesOf says of each element how the others use it.
func usesOf(s *model.Storm) map[*model.Element][]string {
	u := &uses{of: map[*model.Element]map[string]*use{}}
	links := s.Links()
	emitted := map[*model.Element]bool{}
	for _, l := range links {
		emitted[l.To] = emitted[l.To] || l.Verb == model.Emits
	}
	for _, l := range links {
		say := phrases[l.Verb]
		u.add(l.From, say[0], l.To)
		if l.Verb == model.LeadsTo && emitted[l.To] {
			u.add(l.To, "after", l.From)
			continue
		}
		u.add(l.To, say[1], l.From)
	}
	for e := range s.Elements() {
		for _, f := range e.Fields {
			if part := typeOf(f.Type); part != nil && part != e {
				u.add(part, "part of", e)
			}
		}
	}
	out := map[*model.Element][]string{}
	for _, x := range u.list {
		out[x.e] = append(out[x.e], x.verb+" "+labels(x.others, "and"))
	}
	return out
}

// phrases say a link from both its ends.
var phrases = map[model.Verb][2]string{
	model.Issues: {"issues", "issued by"}, model.HandedTo: {"handled by", "handles"},
	model.Emits: {"emits", "emitted by"}, model.LeadsTo: {"leads to", "follows from"},
	model.Triggers: {"triggers", "triggered by"}, model.Stops: {"stops", "stopped by"},
	model.Invokes: {"invokes", "invoked by"}, model.Updates: {"updates", "updated by"},
	model.Informs: {"informs", "informed by"}, model.Supports: {"helps", "helped by"},
}

// typeOf returns the value or the enum of a type, or nil.
func typeOf(t *model.Type) *model.Element {
	for t != nil && t.List != nil {
		t = t.List
	}
	if t == nil || t.Of == nil || t.Of.Kind != ast.Value && t.Of.Kind != ast.Enum {
		return nil
	}
	return t.Of
}
