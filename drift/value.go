package drift

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// value is what is known of a Go value without running the code. Values are
// pointers, are never changed, and are compared by identity.
type value interface{ pos() token.Pos }

type base struct{ at token.Pos }

func (b base) pos() token.Pos { return b.at }

// constantValue is a constant, or what follows from constants.
type constantValue struct {
	base
	v   constant.Value
	typ types.Type
}

// typedValue is a value of which no more is known than its type, and for a
// struct perhaps some fields.
type typedValue struct {
	base
	typ    types.Type
	fields map[string]value
}

// funcValue is a function: a declared one, or a literal with what it captures.
type funcValue struct {
	base
	obj   *types.Func
	src   *source // of a literal
	lit   *ast.FuncLit
	env   *frame
	targs []types.Type
	recv  value // of a method value
}

// listValue is a slice. Items may be unknown, which then stand for any number.
type listValue struct {
	base
	items []value
}

// partValue is what a function of package landfall returns: a Part, an Option,
// a Fold or a Module.
type partValue struct {
	base
	call string // the function: Handle, Emits, On, …
	span
	args   []value      // as the function has them, a variadic one as a list
	types  []types.Type // the type arguments
	src    *source
	last   token.Pos // the end of the last argument
	spread bool      // the last argument is a list with ...
}

type span struct{ start, end token.Pos }

// unknownValue is what cannot be known without running the code.
type unknownValue struct {
	base
	why   string
	param bool // it depends on a parameter of the function that was entered first
}

func unknown(at token.Pos, why string) *unknownValue { return &unknownValue{base: base{at}, why: why} }

// asUnknown returns the unknown, when that is what the value is.
func asUnknown(v value) (*unknownValue, bool) {
	if v == nil {
		return unknown(token.NoPos, "nothing is known of it"), true
	}
	u, ok := v.(*unknownValue)
	return u, ok
}

func textOf(v value) (string, bool) {
	c, ok := v.(*constantValue)
	if !ok || c.v.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(c.v), true
}

func intOf(v value) (int64, bool) {
	c, ok := v.(*constantValue)
	if !ok {
		return 0, false
	}
	return constant.Int64Val(constant.ToInt(c.v))
}

func boolOf(v value) (b, ok bool) {
	c, ok := v.(*constantValue)
	if !ok || c.v.Kind() != constant.Bool {
		return false, false
	}
	return constant.BoolVal(c.v), true
}

// dependsOnParams reports whether a value would be better known to a caller.
func dependsOnParams(v value) bool {
	switch v := v.(type) {
	case *unknownValue:
		return v.param
	case *listValue:
		return anyDepends(v.items)
	case *partValue:
		return anyDepends(v.args)
	}
	return false
}

func anyDepends(list []value) bool {
	for _, v := range list {
		if dependsOnParams(v) {
			return true
		}
	}
	return false
}

func index64(at token.Pos, i int) value {
	return &constantValue{base{at}, constant.MakeInt64(int64(i)), types.Typ[types.Int]}
}
