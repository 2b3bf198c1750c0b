package drift

import (
	"go/types"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// fits returns nothing when a Go type can carry what the storm says, or else
// the storm's type as words.
func (c *comparison) fits(t *model.Type, g types.Type, omit bool) string {
	if t == nil || t.Basic == "" && t.Of == nil && t.List == nil && t.Unknown == "" {
		return ""
	}
	if c.typeFits(t, g, omit) {
		return ""
	}
	return t.String()
}

func (c *comparison) typeFits(t *model.Type, g types.Type, omit bool) bool {
	inner, optional := withoutOption(g)
	if optional && !t.Optional {
		return false
	}
	if t.Optional && !optional && !omit && !isList(g) {
		return false
	}
	switch {
	case t.List != nil:
		elem := elementType(inner)
		return elem != nil && c.typeFits(t.List, elem, true)
	case t.Of != nil:
		return c.namedFits(t.Of, inner)
	case t.Basic != "":
		return c.basicFits(t.Basic, inner)
	}
	return c.looseFits(t.Unknown, inner)
}

// withoutOption returns the type of what may be there: of a pointer, or of a
// generic type such as Option[T] or sql.Null[T].
func withoutOption(g types.Type) (inner types.Type, optional bool) {
	switch u := types.Unalias(g).(type) {
	case *types.Pointer:
		return u.Elem(), true
	case *types.Named:
		switch name := u.Obj().Name(); {
		case u.TypeArgs().Len() != 1:
		case name == "Option", name == "Optional", name == "Null", name == "Maybe":
			return u.TypeArgs().At(0), true
		}
	}
	return g, false
}

func isList(g types.Type) bool {
	_, ok := g.Underlying().(*types.Slice)
	return ok
}

func elementType(g types.Type) types.Type {
	switch u := g.Underlying().(type) {
	case *types.Slice:
		return u.Elem()
	case *types.Array:
		return u.Elem()
	}
	return nil
}

// namedFits reports whether a Go type is that of a value or an enum: by its
// name, because another module has a type of its own for it.
func (c *comparison) namedFits(e *model.Element, g types.Type) bool {
	n, ok := types.Unalias(g).(*types.Named)
	return ok && (n.Obj().Name() == c.values[e] || slices.Contains(namesOf(e), n.Obj().Name()))
}

// looseFits is for a type that nothing in the storm declares: a text, or a Go
// type of that name.
func (c *comparison) looseFits(name string, g types.Type) bool {
	if n, ok := types.Unalias(g).(*types.Named); ok {
		last := name[strings.LastIndex(name, ".")+1:]
		return sameLetters(n.Obj().Name(), last)
	}
	return isBasic(g, types.IsString)
}

func isBasic(g types.Type, info types.BasicInfo) bool {
	b, ok := g.Underlying().(*types.Basic)
	return ok && b.Info()&info != 0
}

// basicFits reports whether a Go type carries one of the storm's basic types
// without loss. A type of one's own counts as what is under it, unless it has
// constants: then it is an enum.
func (c *comparison) basicFits(basic model.Basic, g types.Type) bool {
	key, name := typeKey(g), ""
	if n, ok := types.Unalias(g).(*types.Named); ok {
		name = n.Obj().Name()
		if c.code.reader.enumOf(n) != nil && !strings.HasPrefix(key, "time.") {
			return false
		}
	}
	switch basic {
	case model.Text:
		return isBasic(g, types.IsString) || marshalsText(g) && !isTime(g) && !isBasic(g, types.IsInteger)
	case model.Int:
		return isBasic(g, types.IsInteger) && key != "time.Duration" || key == "math/big.Int"
	case model.Decimal:
		return strings.Contains(name, "Decimal") || key == "math/big.Rat" || key == "math/big.Float" ||
			key == "encoding/json.Number" || name == "Money"
	case model.Bool:
		return isBasic(g, types.IsBoolean)
	case model.Time:
		return isTime(g) || name == "Timestamp"
	case model.Date:
		return name == "Date" || isTime(g)
	case model.Duration:
		return key == "time.Duration" || name == "Duration"
	case model.ID:
		return isBasic(g, types.IsString) || isBasic(g, types.IsInteger) && key != "time.Duration" ||
			name == "UUID" || name == "ULID" || name == "ID"
	}
	return false
}

// marshalsText reports whether JSON carries a type as a text of its own making.
func marshalsText(g types.Type) bool {
	n, ok := types.Unalias(g).(*types.Named)
	if !ok {
		return false
	}
	for m := range n.Methods() {
		if m.Name() == "MarshalText" {
			return true
		}
	}
	return false
}

// goType writes a storm's type in Go, as the generator does.
func (c *comparison) goType(t *model.Type) string {
	if t == nil {
		return "string"
	}
	name := ""
	switch {
	case t.List != nil:
		return "[]" + c.goType(t.List)
	case t.Of != nil:
		name = t.Of.GoName()
		if known := c.values[t.Of]; known != "" {
			name = known
		}
	case t.Basic != "":
		name = goBasics[t.Basic]
	default:
		name = model.GoName(ast.Value, t.Unknown)
	}
	if t.Optional {
		return "*" + name
	}
	return name
}

var goBasics = map[model.Basic]string{
	model.Text: "string", model.Int: "int", model.Bool: "bool", model.Decimal: "decimal.Decimal", model.Date: "civil.Date",
	model.Time: "time.Time", model.Duration: "time.Duration", model.ID: "landfall.AggregateID",
}

// stormType writes a Go type as a storm would.
func (c *comparison) stormType(g types.Type) string {
	inner, optional := withoutOption(g)
	out := c.bareStormType(inner)
	if optional {
		return out + "?"
	}
	return out
}

func (c *comparison) bareStormType(g types.Type) string {
	if n, ok := types.Unalias(g).(*types.Named); ok {
		for e, name := range c.values {
			if name == n.Obj().Name() {
				return ast.Quote(e.Name)
			}
		}
	}
	if n, ok := types.Unalias(g).(*types.Named); ok && c.code.reader.enumOf(n) != nil && !isBasicName(typeKey(n)) {
		return n.Obj().Name()
	}
	for _, basic := range []model.Basic{model.Time, model.Duration, model.Decimal, model.Bool, model.Int} {
		if c.basicFits(basic, g) && (basic != model.Int || !strings.HasSuffix(typeKey(g), "ID")) {
			return string(basic)
		}
	}
	switch {
	case typeKey(g) == root+".AggregateID", strings.HasSuffix(typeKey(g), ".UUID"), strings.HasSuffix(typeKey(g), "ID"):
		return string(model.ID)
	case strings.HasSuffix(typeKey(g), ".Date"):
		return string(model.Date)
	case isBasic(g, types.IsString):
		return string(model.Text)
	case isBasic(g, types.IsFloat):
		return string(model.Decimal)
	}
	if elem := elementType(g); elem != nil {
		return "[" + c.stormType(elem) + "]"
	}
	if n, ok := types.Unalias(g).(*types.Named); ok {
		return n.Obj().Name()
	}
	return string(model.Text)
}

func isBasicName(key string) bool { return strings.HasPrefix(key, "time.") }
