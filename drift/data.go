package drift

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// carrier is an element with data, and the fields that the code has for it.
type carrier struct {
	element *model.Element
	at      ast.Place
	fields  []Field
	goName  string
	// copied says that it is a module's own type for an event of another, which
	// has the fields that the module cares for.
	copied bool
}

// carriers returns everything whose fields are compared: what is paired, the
// modules' own types for the commands that they send to others and for the events
// that they hear of them, and values.
func (c *comparison) carriers() []carrier {
	var out []carrier
	for e, t := range c.pairs {
		switch {
		case t.command != nil:
			out = append(out, carrier{element: e, at: t.place, fields: t.command.Fields, goName: t.name})
		case t.event != nil:
			out = append(out, carrier{element: e, at: t.place, fields: t.event.Fields, goName: t.name})
		case t.aggregate != nil:
			out = append(out, carrier{element: e, at: t.place, fields: t.aggregate.State, goName: t.name})
		case t.projection != nil && t.projection.Document != "":
			out = append(out, carrier{element: e, at: t.projection.At, fields: t.projection.Fields, goName: t.projection.Document})
		}
	}
	for _, m := range c.code.Modules {
		for _, p := range m.Policies {
			for _, s := range p.Sends {
				message := m.sent[s.Module+"."+s.key()]
				if e := c.sentElement(m, s, nil); message != nil && e != nil {
					out = append(out, carrier{element: e, at: message.Place, fields: message.Fields, goName: message.GoName})
				}
			}
		}
	}
	for h, e := range c.heard {
		out = append(out, carrier{element: e, at: h.Place, fields: h.Fields, goName: h.GoName, copied: true})
	}
	slices.SortStableFunc(out, func(a, b carrier) int { return comparePlaces(a.at, b.at) })
	return out
}

func comparePlaces(a, b ast.Place) int {
	if d := strings.Compare(a.File, b.File); d != 0 {
		return d
	}
	return int(a.Start.Offset - b.Start.Offset)
}

// data compares fields and members.
func (c *comparison) data() {
	carriers := c.carriers()
	for e := range c.storm.Elements() {
		if x, ok := c.valueCarrier(e, c.values[e]); ok {
			carriers = append(carriers, x)
		}
	}
	for _, x := range carriers {
		if x.element.HasData {
			c.fields(x)
		} else if len(x.fields) > 0 && !x.copied && x.element.Kind != ast.Aggregate && x.element.Kind != ast.Projection {
			c.undecidedData(x)
		}
	}
}

// undeclaredType reports a type that the code has, and the storm only names.
func (c *comparison) undeclaredType(e *model.Element, f *model.Field, g *Field) {
	t := innermost(f.Type)
	n, ok := types.Unalias(innermostGo(g.typ)).(*types.Named)
	if t.Unknown == "" || !ok || c.undeclared[t.Unknown] {
		return
	}
	c.undeclared[t.Unknown] = true
	line := "value " + n.Obj().Name() + " " + c.dataOf(c.code.reader.fieldsOf(n))
	if enum := c.code.reader.enumOf(n); enum != nil {
		var members []string
		for _, m := range enum.Members {
			members = append(members, m.word(enum))
		}
		line = "enum " + n.Obj().Name() + " { " + strings.Join(members, ", ") + " }"
	}
	c.report(UndecidedData, e.ID(), t.Place, c.placeOfType(n), "the storm does not say what %s is", t.Unknown).
		mend(Mend{Message: "in the storm, write " + line})
}

// word returns the name that a constant has as the member of an enum.
func (m Member) word(enum *Enum) string {
	if m.Value != "" {
		return m.Value
	}
	return strings.TrimPrefix(m.Name, enum.GoName)
}

// dataOf writes fields as a storm does.
func (c *comparison) dataOf(fields []Field) string {
	var list []string
	for _, f := range fields {
		list = append(list, f.JSON+" "+c.stormType(f.typ))
	}
	return "{ " + strings.Join(list, ", ") + " }"
}

func (c *comparison) undecidedData(x carrier) {
	line := fmt.Sprintf("%s %s %s", x.element.Kind, ast.Quote(x.element.Name), c.dataOf(x.fields))
	c.report(UndecidedData, x.element.ID(), x.element.At(), x.at, "%s carries data in the code that the storm does not list", named(x.element)).
		mend(Mend{Message: "in the storm, write " + line})
}

// field returns the Go field for a field of the storm, or nil.
func (x *carrier) field(f *model.Field) *Field {
	for i := range x.fields {
		if x.fields[i].JSON == f.Name {
			return &x.fields[i]
		}
	}
	for i := range x.fields {
		if sameLetters(x.fields[i].Name, f.Name) {
			return &x.fields[i]
		}
	}
	return nil
}

func (c *comparison) fields(x carrier) {
	e := x.element
	used := map[*Field]bool{}
	var left []*model.Field
	for _, f := range e.Fields {
		g := x.field(f)
		if g == nil || used[g] {
			left = append(left, f)
			continue
		}
		used[g] = true
		c.fieldType(e, f, g)
	}
	for _, f := range left {
		if g := c.formerField(x, f, used); g != nil {
			used[g] = true
			c.fieldRenamed(e, f, g)
			continue
		}
		if x.copied {
			continue
		}
		c.report(FieldNotInCode, e.ID(), f.Place, x.at, "%s of %s is in the storm, but not in the Go type %s", f.Name, named(e), x.goName).
			mend(Mend{Message: fmt.Sprintf("in the code, add the field %s %s", gen.FieldName(f.Name), c.goType(f.Type))}).
			mend(generate)
	}
	if e.Kind == ast.Aggregate {
		return // a state may remember more than the storm says
	}
	for i := range x.fields {
		g := &x.fields[i]
		if used[g] {
			continue
		}
		line := g.JSON + " " + c.stormType(g.typ)
		d := c.report(FieldNotInFile, e.ID(), e.At(), g.Place, "%s of the Go type %s is not among the data of %s in the storm", g.Name, x.goName, named(e))
		m := Mend{Message: "in the storm, add " + line}
		if n := len(e.Fields); n > 0 {
			m.Edits = insertAt(after(e.Fields[n-1].Place), ", "+line)
		}
		d.mend(m).mend(Mend{Message: "or remove it from the code"})
	}
}

// formerField returns the Go field that seems to be a field of the storm under
// another name: a former one, a similar one, or the only one left of its type.
func (c *comparison) formerField(x carrier, f *model.Field, used map[*Field]bool) *Field {
	var similar, typed []*Field
	for i := range x.fields {
		g := &x.fields[i]
		if used[g] || x.belongs(g) {
			continue
		}
		if slices.Contains(f.Was, g.JSON) || slices.ContainsFunc(f.Was, func(was string) bool { return sameLetters(was, g.Name) }) {
			return g
		}
		if c.fits(f.Type, g.typ, g.omit) != "" {
			continue
		}
		typed = append(typed, g)
		if likeness(f.Name, g.Name) >= 0.6 {
			similar = append(similar, g)
		}
	}
	if len(similar) == 1 {
		return similar[0]
	}
	if len(typed) == 1 && len(x.element.Fields) == len(x.fields) && (isNamed(typed[0].typ) || likeness(f.Name, typed[0].Name) >= 0.4) {
		return typed[0]
	}
	return nil
}

func isNamed(t types.Type) bool {
	_, ok := innermostGo(t).(*types.Named)
	return ok
}

// belongs reports whether a Go field is that of a field in the storm.
func (x *carrier) belongs(g *Field) bool {
	return slices.ContainsFunc(x.element.Fields, func(f *model.Field) bool { return x.field(f) == g })
}

func (c *comparison) fieldRenamed(e *model.Element, f *model.Field, g *Field) {
	c.report(FieldRenaming, e.ID(), f.Place, g.Place, "%s of %s looks like the field %s of the code", f.Name, named(e), g.Name).
		mend(Mend{Message: fmt.Sprintf("rename the Go field to %s, and read old records that have %s", gen.FieldName(f.Name), g.JSON)}).
		mend(Mend{Message: fmt.Sprintf("or call it %s in the storm, and keep the old name: %s was %s", g.JSON, g.JSON, f.Name)})
}

func (c *comparison) fieldType(e *model.Element, f *model.Field, g *Field) {
	why := c.fits(f.Type, g.typ, g.omit)
	if why == "" {
		c.undeclaredType(e, f, g)
		return
	}
	d := c.report(OtherType, e.ID(), f.Place, g.Place, "%s of %s is %s in the storm, but %s in the code", f.Name, named(e), why, g.Type)
	d.mend(Mend{Message: "in the code, make it " + c.goType(f.Type)})
	if f.Type != nil {
		d.mend(replaceText("or make it "+c.stormType(g.typ)+" in the storm", f.Type.Place, c.stormType(g.typ)))
	}
}

func (c *comparison) members(e *model.Element, enum *Enum) {
	matches := func(m *model.Member, g Member) bool {
		return g.Value == m.Name || sameLetters(g.Name, m.Name) || g.Name == gen.MemberName(e, m.Name) || sameLetters(g.Name, enum.GoName+m.Name)
	}
	for _, m := range e.Members {
		if !slices.ContainsFunc(enum.Members, func(g Member) bool { return matches(m, g) }) {
			c.report(MemberNotInGo, e.ID(), m.Place, enum.Place, "%s is a member of %s in the storm, but no constant of the Go type %s", m.Name, named(e), enum.GoName).
				mend(Mend{Message: fmt.Sprintf("in the code, add the constant %s %s = %q", gen.MemberName(e, m.Name), enum.GoName, m.Name)}).
				mend(generate)
		}
	}
	for _, g := range enum.Members {
		if slices.ContainsFunc(e.Members, func(m *model.Member) bool { return matches(m, g) }) {
			continue
		}
		name := g.word(enum)
		m := Mend{Message: "in the storm, add the member " + name}
		if n := len(e.Members); n > 0 {
			m.Edits = insertAt(after(e.Members[n-1].Place), ", "+name)
		}
		c.report(MemberNotInSto, e.ID(), e.At(), g.Place, "the constant %s is no member of %s in the storm", g.Name, named(e)).
			mend(m).mend(Mend{Message: "or remove it from the code"})
	}
}
