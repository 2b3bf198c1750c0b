package drift

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

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

// valueCarrier returns a value with the fields of its Go type; of an enum it
// compares the members.
func (c *comparison) valueCarrier(e *model.Element, name string) (carrier, bool) {
	if name == "" || !e.HasData {
		return carrier{}, false
	}
	n := c.lookup(e, name)
	if n == nil {
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
		return carrier{element: e, at: at, fields: c.code.reader.fieldsOf(n), goName: name}, true
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
