package drift

import (
	"go/constant"
	"go/types"
	"reflect"
	"strings"
)

// fieldsOf returns the fields of a struct that JSON carries, those of embedded
// structs among them.
func (b *builder) fieldsOf(t types.Type) []Field {
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return b.structFields(s, 0)
}

func (b *builder) structFields(s *types.Struct, depth int) []Field {
	var out []Field
	for i := range s.NumFields() {
		f := s.Field(i)
		name, options, _ := strings.Cut(reflect.StructTag(s.Tag(i)).Get("json"), ",")
		if name == "-" && options == "" {
			continue
		}
		if inner, ok := embedded(f); ok && name == "" && depth < 8 {
			out = append(out, b.structFields(inner, depth+1)...)
			continue
		}
		if !f.Exported() {
			continue
		}
		if name == "" {
			name = f.Name()
		}
		out = append(out, Field{
			Name: f.Name(), JSON: name, Type: typeName(f.Type()), Place: b.place(f.Pos(), len(f.Name())),
			typ: f.Type(), omit: strings.Contains(","+options+",", ",omit"),
		})
	}
	return out
}

func embedded(f *types.Var) (*types.Struct, bool) {
	if !f.Embedded() {
		return nil, false
	}
	t := f.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	return s, ok && !isTime(t)
}

// typeName writes a type as a Go file of another package would.
func typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

func isTime(t types.Type) bool { return typeKey(t) == "time.Time" }

// enumOf returns a named type with its constants, or nil when it has none.
func (b *builder) enumOf(t types.Type) *Enum {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return nil
	}
	if _, ok := n.Underlying().(*types.Basic); !ok {
		return nil
	}
	e := &Enum{GoName: n.Obj().Name(), Place: b.place(n.Obj().Pos(), len(n.Obj().Name()))}
	scope := n.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		c, ok := scope.Lookup(name).(*types.Const)
		if !ok || !types.Identical(c.Type(), n) {
			continue
		}
		m := Member{Name: name, Place: b.place(c.Pos(), len(name))}
		if c.Val().Kind() == constant.String {
			m.Value = constant.StringVal(c.Val())
		}
		e.Members = append(e.Members, m)
	}
	if len(e.Members) == 0 {
		return nil
	}
	return e
}

// typeNamed returns the type of that name in the packages of a module.
func (m *Module) typeNamed(name string) types.Type {
	for _, p := range m.homes {
		if t, ok := p.Scope().Lookup(name).(*types.TypeName); ok {
			return t.Type()
		}
	}
	return nil
}
