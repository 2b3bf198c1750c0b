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
}

// carriers returns everything whose fields are compared: what is paired, the
// modules' own types for the commands that they send to others, and values.
func (c *comparison) carriers() []carrier {
	var out []carrier
	for e, t := range c.pairs {
		switch {
		case t.command != nil:
			out = append(out, carrier{e, t.place, t.command.Fields, t.name})
		case t.event != nil:
			out = append(out, carrier{e, t.place, t.event.Fields, t.name})
		case t.aggregate != nil:
			out = append(out, carrier{e, t.place, t.aggregate.State, t.name})
		case t.projection != nil && t.projection.Document != "":
			out = append(out, carrier{e, t.projection.At, t.projection.Fields, t.projection.Document})
		}
	}
	for _, m := range c.code.Modules {
		for _, p := range m.Policies {
			for _, s := range p.Sends {
				message := m.sent[s.Module+"."+s.key()]
				if e := c.sentElement(m, s, nil); message != nil && e != nil {
					out = append(out, carrier{e, message.Place, message.Fields, message.GoName})
				}
			}
		}
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

// pairValues finds the Go types of values and enums: by name in the packages of
// the modules, and else by the fields in which the storm has them.
func (c *comparison) pairValues() {
	carriers := c.carriers()
	for e := range c.storm.Elements() {
		if e.Kind != ast.Value && e.Kind != ast.Enum {
			continue
		}
		if t := c.typeOf(e); t != nil {
			c.values[e] = t.Obj().Name()
			continue
		}
		if t := c.usedFor(e, carriers); t != nil {
			c.values[e] = t.Obj().Name()
			at := c.placeOfType(t)
			c.report(Renaming, e.ID(), e.At(), at, "%s of the storm looks like the Go type %s", named(e), t.Obj().Name()).
				mend(Mend{Message: fmt.Sprintf("rename the Go type %s to %s", t.Obj().Name(), e.GoName())}).
				mend(c.renameStorm(e, t.Obj().Name()))
			continue
		}
		c.valueMissing(e)
	}
}

func (c *comparison) valueMissing(e *model.Element) {
	m := c.modules[e.Module]
	if m == nil && (!e.Module.IsFree() || c.oneOfMany) || len(c.code.Modules) == 0 {
		return
	}
	at := ast.Place{}
	if m != nil {
		at = m.Place
	}
	c.report(NotInCode, e.ID(), e.At(), at, "%s is in the storm, but not in the code", named(e)).mend(generate).
		mend(Mend{Message: "or declare the Go type " + e.GoName() + " beside the module's messages"})
}

// typeOf returns the Go type that has the name of a value or an enum.
func (c *comparison) typeOf(e *model.Element) *types.Named {
	modules := c.code.Modules
	if m := c.modules[e.Module]; m != nil {
		modules = []*Module{m}
	}
	for _, m := range modules {
		for _, name := range namesOf(e) {
			if n, ok := types.Unalias(orNil(m.typeNamed(name))).(*types.Named); ok && !c.isOther(n) {
				return n
			}
		}
	}
	return nil
}

func orNil(t types.Type) types.Type {
	if t == nil {
		return types.Typ[types.Invalid]
	}
	return t
}

// isOther reports whether a type is that of a message or an aggregate.
func (c *comparison) isOther(n *types.Named) bool {
	for _, m := range c.code.Modules {
		for _, t := range c.things[m] {
			if t.key == typeKey(n) {
				return true
			}
		}
	}
	return false
}

// usedFor returns the one Go type that stands wherever the storm has a value or
// an enum, when it stands for nothing else.
func (c *comparison) usedFor(e *model.Element, carriers []carrier) *types.Named {
	var found *types.Named
	for _, x := range carriers {
		for _, f := range x.element.Fields {
			g := x.field(f)
			if g == nil || innermost(f.Type).Of != e {
				continue
			}
			n, ok := innermostGo(g.typ).(*types.Named)
			if !ok || found != nil && typeKey(n) != typeKey(found) {
				return nil
			}
			found = n
		}
	}
	if found == nil || found.Obj().Pkg() == nil || c.isDeclaredValue(found.Obj().Name()) {
		return nil
	}
	for _, m := range c.code.Modules {
		if slices.ContainsFunc(m.homes, func(p *types.Package) bool { return p.Path() == found.Obj().Pkg().Path() }) {
			return found
		}
	}
	return nil
}

func (c *comparison) isDeclaredValue(name string) bool {
	for e := range c.storm.Elements() {
		if (e.Kind == ast.Value || e.Kind == ast.Enum) && e.GoName() == name {
			return true
		}
	}
	return false
}

func innermost(t *model.Type) *model.Type {
	for t != nil && t.List != nil {
		t = t.List
	}
	if t == nil {
		return &model.Type{}
	}
	return t
}

func innermostGo(t types.Type) types.Type {
	for {
		switch u := types.Unalias(t).(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		default:
			return u
		}
	}
}

// data compares fields and members.
func (c *comparison) data() {
	carriers := c.carriers()
	for e, name := range c.values {
		if x, ok := c.valueCarrier(e, name); ok {
			carriers = append(carriers, x)
		}
	}
	for _, x := range carriers {
		if x.element.HasData {
			c.fields(x)
		} else if len(x.fields) > 0 && x.element.Kind != ast.Aggregate && x.element.Kind != ast.Projection {
			c.undecidedData(x)
		}
	}
}

func (c *comparison) undecidedData(x carrier) {
	var list []string
	for _, f := range x.fields {
		list = append(list, f.JSON+" "+c.stormType(f.typ))
	}
	line := fmt.Sprintf("%s %s { %s }", x.element.Kind, ast.Quote(x.element.Name), strings.Join(list, ", "))
	c.report(UndecidedData, x.element.ID(), x.element.At(), x.at, "%s carries data in the code that the storm does not list", named(x.element)).
		mend(Mend{Message: "in the storm, write " + line})
}

// valueCarrier returns a value with the fields of its Go type; of an enum it
// compares the members.
func (c *comparison) valueCarrier(e *model.Element, name string) (carrier, bool) {
	n := c.lookup(e, name)
	if n == nil || !e.HasData {
		return carrier{}, false
	}
	at := c.placeOfType(n)
	enum := c.code.reader.enumOf(n)
	_, isStruct := n.Underlying().(*types.Struct)
	switch {
	case e.Kind == ast.Enum && isStruct, e.Kind == ast.Value && enum != nil:
		what := "a struct"
		if enum != nil {
			what = "a type with constants"
		}
		c.report(OtherKind, e.ID(), e.At(), at, "%s is %s in the code", named(e), what).
			mend(Mend{Message: "make it the same on both sides"})
	case e.Kind == ast.Enum:
		if enum == nil {
			enum = &Enum{GoName: name, Place: at}
		}
		c.members(e, enum)
	case isStruct:
		return carrier{e, at, c.code.reader.fieldsOf(n), name}, true
	case e.Kind == ast.Value && len(e.Fields) > 0:
		c.report(OtherKind, e.ID(), e.At(), at, "%s has fields in the storm, but is %s in the code", named(e), typeName(n.Underlying())).
			mend(Mend{Message: "make it the same on both sides"})
	}
	return carrier{}, false
}

func (c *comparison) lookup(e *model.Element, name string) *types.Named {
	for _, m := range c.code.Modules {
		if home := c.modules[e.Module]; home != nil && home != m {
			continue
		}
		if n, ok := types.Unalias(orNil(m.typeNamed(name))).(*types.Named); ok {
			return n
		}
	}
	return nil
}

func (c *comparison) placeOfType(n *types.Named) ast.Place {
	return c.code.reader.place(n.Obj().Pos(), len(n.Obj().Name()))
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
		name := g.Value
		if name == "" {
			name = strings.TrimPrefix(g.Name, enum.GoName)
		}
		m := Mend{Message: "in the storm, add the member " + name}
		if n := len(e.Members); n > 0 {
			m.Edits = insertAt(after(e.Members[n-1].Place), ", "+name)
		}
		c.report(MemberNotInSto, e.ID(), e.At(), g.Place, "the constant %s is no member of %s in the storm", g.Name, named(e)).
			mend(m).mend(Mend{Message: "or remove it from the code"})
	}
}
