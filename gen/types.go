package gen

import (
	"fmt"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// The packages that types of fields come from.
const (
	decimalPath = "github.com/shopspring/decimal"
	civilPath   = "github.com/golang-sql/civil"
)

// field is a field of a struct.
type field struct {
	*model.Field
	goName string
}

// fields names the fields of an element. Two that would have one Go name are
// told apart by a number.
func (m *module) fields(list []*model.Field) []field {
	out := make([]field, 0, len(list))
	used := map[string]bool{}
	for _, f := range list {
		name := FieldName(f.Name)
		for n := 2; used[name]; n++ {
			name = fmt.Sprintf("%s%d", FieldName(f.Name), n)
		}
		used[name] = true
		out = append(out, field{f, name})
	}
	return out
}

// union returns the fields that events carry, each name once: what whoever
// remembers all of it would keep.
func (m *module) union(events []*model.Element) []field {
	var list []*model.Field
	seen := map[string]bool{}
	for _, e := range events {
		for _, f := range e.Fields {
			if !seen[f.Name] {
				seen[f.Name] = true
				list = append(list, f)
			}
		}
	}
	return m.fields(list)
}

// same reports whether two fields are the same in Go, so that one can be
// assigned to the other.
func same(a, b *model.Field) bool { return a.Name == b.Name && sameType(a.Type, b.Type) }

func sameType(a, b *model.Type) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Optional != b.Optional || a.Basic != b.Basic || a.Of != b.Of || a.Unknown != b.Unknown || (a.List == nil) != (b.List == nil) {
		return false
	}
	return a.List == nil || sameType(a.List, b.List)
}

func find(list []field, name string) *field {
	if i := slices.IndexFunc(list, func(f field) bool { return f.Name == name }); i >= 0 {
		return &list[i]
	}
	return nil
}

// resolveTypes finds the types of other modules that the module's messages use.
// Modules share no code, so each has its own.
func (m *module) resolveTypes() {
	for _, e := range slices.Concat(m.sent, m.heard) {
		name := e.GoName()
		if m.used[name] {
			name = model.GoName(ast.NoKind, m.project.of(e).name) + name
		}
		m.claimName(e, name, e.Kind.String())
	}
	for i := 0; i < len(m.types); i++ { // it grows
		m.use(m.types[i].Fields)
	}
	for _, list := range [][]*model.Element{m.commands, m.events, m.sent, m.heard} {
		for _, e := range list {
			m.use(e.Fields)
		}
	}
	for _, a := range m.aggregates {
		for _, f := range a.state {
			m.useType(f.Type)
		}
	}
	for _, p := range m.projections {
		for _, f := range p.fields {
			m.useType(f.Type)
		}
	}
}

func (m *module) use(fields []*model.Field) {
	for _, f := range fields {
		m.useType(f.Type)
	}
}

func (m *module) useType(t *model.Type) {
	switch {
	case t == nil:
	case t.List != nil:
		m.useType(t.List)
	case t.Of != nil:
		m.useElement(t.Of)
	case t.Basic == "":
		m.useLoose(t)
	}
}

// useElement takes in a value or an enum of another module, and what it uses.
func (m *module) useElement(e *model.Element) {
	if _, known := m.names[e]; known {
		return
	}
	name := e.GoName()
	if home := m.project.of(e); m.used[name] && home != nil {
		name = model.GoName(ast.NoKind, home.name) + name
	}
	m.claimName(e, name, e.Kind.String())
	m.types = append(m.types, e)
	m.use(e.Fields)
}

// useLoose takes in a type that nothing declares: a text, until someone says
// what it is.
func (m *module) useLoose(t *model.Type) {
	if _, known := m.looseNames[t.Unknown]; known {
		return
	}
	m.loose = append(m.loose, t)
	m.looseNames[t.Unknown] = m.free(looseName(t), "Value")
}

func looseName(t *model.Type) string {
	if t.Unknown == "" {
		return "Unknown"
	}
	return model.GoName(ast.Value, t.Unknown)
}

// basics are the Go types of the basic types, and the packages they come from.
var basics = map[model.Basic]struct{ name, path string }{
	model.Text: {"string", ""}, model.Int: {"int", ""}, model.Bool: {"bool", ""},
	model.Decimal: {"decimal.Decimal", decimalPath}, model.Date: {"civil.Date", civilPath},
	model.Time: {"time.Time", "time"}, model.Duration: {"time.Duration", "time"},
	model.ID: {"landfall.AggregateID", landfallPath},
}

// shape says how an optional type is without a value.
type shape uint8

const (
	always  shape = iota // it is there
	empty                // its zero value says that it is not there
	pointer              // nil says so
)

func (m *module) shapeOf(t *model.Type) shape {
	switch {
	case t == nil || !t.Optional:
		return always
	case t.List != nil, t.Basic == model.Text, t.Basic == model.ID, t.Basic == model.Time, t.Basic == model.Date:
		return empty
	case t.Basic == "" && (t.Of == nil || t.Of.Kind == ast.Enum || !t.Of.HasData):
		return empty
	}
	return pointer
}

// goType returns the Go type of a field, and has the file import what it needs.
func (f *file) goType(t *model.Type) string {
	name := f.bareType(t)
	if f.module.shapeOf(t) == pointer {
		return "*" + name
	}
	return name
}

func (f *file) bareType(t *model.Type) string {
	switch {
	case t == nil:
		return "string"
	case t.List != nil:
		return "[]" + f.goType(t.List)
	case t.Of != nil:
		return f.module.names[t.Of]
	case t.Basic != "":
		basic := basics[t.Basic]
		if basic.path != "" {
			f.use(basic.path)
		}
		return basic.name
	}
	return f.module.looseNames[t.Unknown]
}

// tag returns the tag of a field: its name in JSON, and when it is left out. A
// date that is not there is always left out, because JSON could not carry it.
func (f *file) tag(x field) string {
	option := ""
	switch shape := f.module.shapeOf(x.Type); {
	case x.Type != nil && (x.Type.Basic == model.Date || x.Type.Basic == model.Time && shape == empty):
		option = ",omitzero"
	case shape != always, x.Type != nil && x.Type.List != nil:
		option = ",omitempty"
	}
	return fmt.Sprintf("`json:%q`", x.Name+option)
}
