package drift

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// maxDepth is how deep calls are followed; wiring is not deeper than that.
const maxDepth = 64

// maxSteps bounds the statements that are evaluated from one function on.
const maxSteps = 100_000

// frame holds what is known of the variables in a function that is evaluated.
type frame struct {
	src   *source
	outer *frame // of the function around a literal
	vars  map[types.Object]value
	types map[*types.TypeParam]types.Type
	depth int
	// shared are variables that literals or pointers change: unknown always.
	shared map[types.Object]bool
	// returns are the results of the returns that were passed.
	returns [][]value
	named   []types.Object // named results
}

func (f *frame) lookup(obj types.Object) (value, bool) {
	for at := f; at != nil; at = at.outer {
		if v, ok := at.vars[obj]; ok {
			return v, true
		}
	}
	return nil, false
}

func (f *frame) set(obj types.Object, v value) {
	for at := f; at != nil; at = at.outer {
		if at.shared[obj] {
			v = unknown(obj.Pos(), "the variable "+obj.Name()+" is changed through a pointer or in a function literal")
		}
	}
	for at := f; at != nil; at = at.outer {
		if _, ok := at.vars[obj]; ok {
			at.vars[obj] = v
			return
		}
	}
	f.vars[obj] = v
}

// evaluator finds out what values an expression has, as far as that can be
// known without running the code.
type evaluator struct {
	*index
	// found is called with every landfall.NewModule that is reached.
	found func(*partValue)
	// imported returns what is known of a function or a variable whose code is
	// not at hand.
	imported func(types.Object, token.Pos) []value
	entered  map[*ast.FuncLit]bool
	steps    int
	pending  map[*global]bool
	known    map[*global]value
}

func (ev *evaluator) eval(f *frame, e ast.Expr) value {
	tv := f.src.info.Types[e]
	if tv.Value != nil {
		return &constantValue{base{e.Pos()}, tv.Value, tv.Type}
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return ev.eval(f, e.X)
	case *ast.Ident:
		return ev.ident(f, e)
	case *ast.SelectorExpr:
		return ev.selector(f, e)
	case *ast.CallExpr:
		return first(ev.call(f, e), e.Pos())
	case *ast.CompositeLit:
		return ev.composite(f, e)
	case *ast.FuncLit:
		return &funcValue{base: base{e.Pos()}, src: f.src, lit: e, env: f}
	case *ast.IndexExpr:
		return ev.indexed(f, e)
	case *ast.IndexListExpr:
		return ev.eval(f, e.X)
	case *ast.SliceExpr:
		return ev.slice(f, e)
	case *ast.BinaryExpr:
		return ev.binary(f, e)
	case *ast.UnaryExpr:
		if e.Op == token.AND { // what it points to may change anywhere
			return &typedValue{base: base{e.Pos()}, typ: f.subst(f.src.info.TypeOf(e))}
		}
	}
	return ev.ofType(f, e, "it is computed")
}

func first(list []value, at token.Pos) value {
	if len(list) == 0 {
		return unknown(at, "it has no value")
	}
	return list[0]
}

// ofType returns what the static type alone tells, which is enough for messages.
func (ev *evaluator) ofType(f *frame, e ast.Expr, why string) value {
	t := f.subst(f.src.info.TypeOf(e))
	if t == nil || !tells(t) {
		return unknown(e.Pos(), why)
	}
	return &typedValue{base: base{e.Pos()}, typ: t}
}

// tells reports whether the type alone says what a wiring needs to know.
func tells(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	if n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == root {
		switch n.Obj().Name() {
		case "Part", "Option", "Fold", "Module":
			return false
		}
	}
	_, isStruct := n.Underlying().(*types.Struct)
	return isStruct
}

func (ev *evaluator) ident(f *frame, e *ast.Ident) value {
	switch obj := f.src.info.Uses[e].(type) {
	case *types.Func:
		return ev.funcOf(f, e, obj)
	case *types.Var:
		if v, ok := f.lookup(obj); ok {
			if u, isUnknown := v.(*unknownValue); isUnknown {
				if typed, ok := ev.ofType(f, e, u.why).(*typedValue); ok {
					return typed
				}
			}
			return v
		}
		if isGlobal(obj) {
			return ev.global(f, e, obj)
		}
		return ev.ofType(f, e, "the variable "+e.Name+" is set elsewhere")
	case *types.Nil:
		return &listValue{base: base{e.Pos()}}
	}
	return ev.ofType(f, e, "it is computed")
}

// funcOf returns a function with the types that it is instantiated with here.
func (ev *evaluator) funcOf(f *frame, id *ast.Ident, obj *types.Func) *funcValue {
	v := &funcValue{base: base{id.Pos()}, obj: obj}
	if inst, ok := f.src.info.Instances[id]; ok {
		for t := range inst.TypeArgs.Types() {
			v.targs = append(v.targs, f.subst(t))
		}
	}
	return v
}

func (ev *evaluator) global(f *frame, e ast.Expr, obj *types.Var) value {
	g := ev.globals[obj.Pkg().Path()+"."+obj.Name()]
	if g == nil {
		if list := ev.imported(obj, e.Pos()); len(list) > 0 {
			return list[0]
		}
		return ev.ofType(f, e, "the variable "+obj.Name()+" is of package "+obj.Pkg().Path()+", which was not read")
	}
	switch {
	case g.assigned:
		return ev.ofType(f, e, "the variable "+obj.Name()+" is changed while the program runs")
	case g.init == nil:
		return ev.zero(obj.Type(), e.Pos())
	case ev.pending[g]:
		return unknown(e.Pos(), "the variable "+obj.Name()+" depends on itself")
	}
	if v, ok := ev.known[g]; ok {
		return v
	}
	ev.pending[g] = true
	defer delete(ev.pending, g)
	ev.known[g] = ev.initial(g, e.Pos())
	return ev.known[g]
}

func (ev *evaluator) initial(g *global, at token.Pos) value {
	f := &frame{src: g.src, vars: map[types.Object]value{}}
	if g.single {
		return ev.eval(f, g.init)
	}
	if c, ok := ast.Unparen(g.init).(*ast.CallExpr); ok {
		if list := ev.call(f, c); g.index < len(list) {
			return list[g.index]
		}
	}
	return unknown(at, "it is computed")
}

func (ev *evaluator) zero(t types.Type, at token.Pos) value {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return &listValue{base: base{at}}
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return &constantValue{base{at}, constant.MakeString(""), t}
		case u.Info()&types.IsInteger != 0:
			return &constantValue{base{at}, constant.MakeInt64(0), t}
		case u.Info()&types.IsBoolean != 0:
			return &constantValue{base{at}, constant.MakeBool(false), t}
		}
	case *types.Struct:
		if tells(t) || !isRuntimeType(t, "Part") {
			return &typedValue{base: base{at}, typ: t}
		}
	}
	return unknown(at, "it is empty here")
}

func (ev *evaluator) selector(f *frame, e *ast.SelectorExpr) value {
	sel := f.src.info.Selections[e]
	if sel == nil { // a name of another package
		return ev.ident(f, e.Sel)
	}
	switch sel.Kind() {
	case types.MethodExpr:
		return ev.funcOf(f, e.Sel, sel.Obj().(*types.Func))
	case types.MethodVal:
		fn := ev.funcOf(f, e.Sel, sel.Obj().(*types.Func))
		fn.recv = ev.eval(f, e.X)
		return fn
	}
	on := ev.eval(f, e.X)
	if t, ok := on.(*typedValue); ok {
		if v, ok := t.fields[e.Sel.Name]; ok {
			return v
		}
	}
	if u, ok := asUnknown(on); ok {
		if v, ok := ev.ofType(f, e, u.why).(*typedValue); ok {
			return v
		}
		return &unknownValue{base{e.Pos()}, u.why, u.param}
	}
	return ev.ofType(f, e, "the field "+e.Sel.Name+" is set elsewhere")
}

func (ev *evaluator) composite(f *frame, e *ast.CompositeLit) value {
	t := f.subst(f.src.info.TypeOf(e))
	if _, ok := t.Underlying().(*types.Pointer); ok { // elided &T in a list
		return &typedValue{base: base{e.Pos()}, typ: t}
	}
	switch u := t.Underlying().(type) {
	case *types.Slice, *types.Array:
		return ev.elements(f, e)
	case *types.Struct:
		v := &typedValue{base: base{e.Pos()}, typ: t, fields: map[string]value{}}
		for i, item := range e.Elts {
			if kv, ok := item.(*ast.KeyValueExpr); ok {
				if name, ok := kv.Key.(*ast.Ident); ok {
					v.fields[name.Name] = ev.eval(f, kv.Value)
				}
			} else if i < u.NumFields() {
				v.fields[u.Field(i).Name()] = ev.eval(f, item)
			}
		}
		for i := range u.NumFields() {
			if name := u.Field(i).Name(); v.fields[name] == nil {
				v.fields[name] = ev.zero(u.Field(i).Type(), e.Pos())
			}
		}
		return v
	}
	return ev.ofType(f, e, "it is a map")
}

func (ev *evaluator) elements(f *frame, e *ast.CompositeLit) value {
	list := &listValue{base: base{e.Pos()}}
	for _, item := range e.Elts {
		if kv, ok := item.(*ast.KeyValueExpr); ok {
			return unknown(kv.Pos(), "the items of the list have indexes")
		}
		list.items = append(list.items, ev.eval(f, item))
	}
	return list
}

func (ev *evaluator) indexed(f *frame, e *ast.IndexExpr) value {
	if _, isFunc := f.src.info.TypeOf(e.X).Underlying().(*types.Signature); isFunc {
		return ev.eval(f, e.X) // an instantiation; the name has the types
	}
	list, ok := ev.eval(f, e.X).(*listValue)
	i, exact := intOf(ev.eval(f, e.Index))
	if ok && exact && whole(list) && 0 <= i && i < int64(len(list.items)) {
		return list.items[i]
	}
	return ev.ofType(f, e, "it is an item that is chosen while the program runs")
}

// whole reports whether all items are known to be one item each.
func whole(list *listValue) bool {
	for _, item := range list.items {
		if _, ok := asUnknown(item); ok {
			return false
		}
	}
	return true
}

func (ev *evaluator) slice(f *frame, e *ast.SliceExpr) value {
	list, ok := ev.eval(f, e.X).(*listValue)
	if !ok || !whole(list) {
		return ev.ofType(f, e, "it is a part of a list that is not known")
	}
	low, high := int64(0), int64(len(list.items))
	for i, into := range []*int64{&low, &high} {
		if bound := [...]ast.Expr{e.Low, e.High}[i]; bound != nil {
			var exact bool
			if *into, exact = intOf(ev.eval(f, bound)); !exact {
				low = -1
			}
		}
	}
	if low < 0 || low > high || high > int64(len(list.items)) {
		return unknown(e.Pos(), "it is a part of a list that is chosen while the program runs")
	}
	return &listValue{base{e.Pos()}, list.items[low:high]}
}

func (ev *evaluator) binary(f *frame, e *ast.BinaryExpr) value {
	left, right := ev.eval(f, e.X), ev.eval(f, e.Y)
	a, okA := left.(*constantValue)
	b, okB := right.(*constantValue)
	if !okA || !okB {
		return &unknownValue{base{e.Pos()}, "it is computed while the program runs", dependsOnParams(left) || dependsOnParams(right)}
	}
	t := f.src.info.TypeOf(e)
	return ev.compute(e, a, b, t)
}

func (ev *evaluator) compute(e *ast.BinaryExpr, a, b *constantValue, t types.Type) (out value) {
	defer func() {
		if r := recover(); r != nil { // operands that do not go together
			out = unknown(e.Pos(), fmt.Sprint("it cannot be computed: ", r))
		}
	}()
	switch e.Op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return &constantValue{base{e.Pos()}, constant.MakeBool(constant.Compare(a.v, e.Op, b.v)), t}
	case token.SHL, token.SHR:
		return unknown(e.Pos(), "it is computed while the program runs")
	case token.QUO:
		op := e.Op
		if a.v.Kind() == constant.Int && b.v.Kind() == constant.Int {
			op = token.QUO_ASSIGN // of integers
		}
		return &constantValue{base{e.Pos()}, constant.BinaryOp(a.v, op, b.v), t}
	}
	return &constantValue{base{e.Pos()}, constant.BinaryOp(a.v, e.Op, b.v), t}
}
