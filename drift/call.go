package drift

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
)

// call returns the results of a call.
func (ev *evaluator) call(f *frame, e *ast.CallExpr) []value {
	if tv := f.src.info.Types[e.Fun]; tv.IsType() {
		return []value{ev.convert(f, e)}
	} else if tv.IsBuiltin() {
		return []value{ev.builtin(f, e)}
	}
	fn, ok := ev.eval(f, e.Fun).(*funcValue)
	if !ok {
		return ev.unfollowed(f, e, "it calls a function that is chosen while the program runs")
	}
	if fn.lit != nil {
		return ev.enterLiteral(fn, ev.arguments(f, e, f.src.info.TypeOf(fn.lit)), f.depth)
	}
	if name := ofRuntime(fn.obj); name != "" {
		return []value{ev.part(f, e, fn, name)}
	}
	if v := ev.library(f, e, fn.obj); v != nil {
		return []value{v}
	}
	if to := ev.function(fn.obj); to != nil && (to.reaches || mayMatter(fn.obj.Signature())) {
		if f.depth > maxDepth || ev.steps > maxSteps {
			return ev.unfollowed(f, e, "the calls of "+fn.obj.Name()+" go too far")
		}
		return ev.enter(to, fn, ev.arguments(f, e, fn.obj.Signature()), f.depth)
	}
	if list := ev.imported(fn.obj, e.Pos()); list != nil {
		return list
	}
	return ev.unfollowed(f, e, "it calls "+fn.obj.FullName()+", whose code was not read")
}

// mayMatter reports whether what a function returns can be a part of a wiring:
// parts, names, numbers, messages, functions, and structs or lists of those.
func mayMatter(sig *types.Signature) bool {
	if sig.Results().Len() == 0 {
		return false
	}
	t := sig.Results().At(0).Type()
	if s, ok := t.Underlying().(*types.Slice); ok {
		t = s.Elem()
	}
	if isWiring(t) || isRuntimeType(t, "Event") || isRuntimeType(t, "Command") {
		return true
	}
	switch t.Underlying().(type) {
	case *types.Basic, *types.Signature, *types.Struct:
		return true
	}
	_, generic := t.(*types.TypeParam)
	return generic
}

// unfollowed returns the results of a call that cannot be followed.
func (ev *evaluator) unfollowed(f *frame, e *ast.CallExpr, why string) []value {
	for _, arg := range e.Args {
		ev.eval(f, arg) // a module may be among them
	}
	tuple, ok := f.src.info.TypeOf(e).(*types.Tuple)
	if !ok {
		return []value{ev.ofType(f, e, why)}
	}
	var out []value
	for range tuple.Len() {
		out = append(out, unknown(e.Pos(), why))
	}
	return out
}

func (ev *evaluator) convert(f *frame, e *ast.CallExpr) value {
	if len(e.Args) != 1 {
		return unknown(e.Pos(), "it is computed")
	}
	v := ev.eval(f, e.Args[0])
	t := f.subst(f.src.info.TypeOf(e))
	if c, ok := v.(*constantValue); ok {
		return &constantValue{c.base, c.v, t}
	}
	if tells(t) {
		return &typedValue{base: base{e.Pos()}, typ: t}
	}
	return v
}

func (ev *evaluator) builtin(f *frame, e *ast.CallExpr) value {
	name := ""
	if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
		name = id.Name
	}
	switch {
	case name == "append" && len(e.Args) > 0:
		return ev.appended(f, e)
	case name == "make" && len(e.Args) > 1:
		if n, ok := intOf(ev.eval(f, e.Args[1])); ok && n == 0 {
			return &listValue{base: base{e.Pos()}}
		}
	case name == "len" && len(e.Args) == 1:
		if list, ok := ev.eval(f, e.Args[0]).(*listValue); ok && whole(list) {
			return &constantValue{base{e.Pos()}, constant.MakeInt64(int64(len(list.items))), types.Typ[types.Int]}
		}
	}
	return ev.ofType(f, e, "it is computed while the program runs")
}

func (ev *evaluator) appended(f *frame, e *ast.CallExpr) value {
	out := &listValue{base: base{e.Pos()}}
	out.items = append(out.items, items(ev.eval(f, e.Args[0]))...)
	for i, arg := range e.Args[1:] {
		v := ev.eval(f, arg)
		if e.Ellipsis.IsValid() && i == len(e.Args)-2 {
			out.items = append(out.items, items(v)...)
		} else {
			out.items = append(out.items, v)
		}
	}
	return out
}

// items returns the items of a list; what is not known counts as one.
func items(v value) []value {
	if list, ok := v.(*listValue); ok {
		return list.items
	}
	return []value{v}
}

// library returns what the functions of the standard library return that
// wirings are written with, or nil.
func (ev *evaluator) library(f *frame, e *ast.CallExpr, fn *types.Func) value {
	switch fn.FullName() {
	case "slices.Concat":
		out := &listValue{base: base{e.Pos()}}
		for _, arg := range e.Args {
			out.items = append(out.items, items(ev.eval(f, arg))...)
		}
		return out
	case "slices.Clone", "slices.Clip":
		return ev.eval(f, e.Args[0])
	case "fmt.Sprintf":
		return ev.formatted(f, e)
	}
	return nil
}

func (ev *evaluator) formatted(f *frame, e *ast.CallExpr) value {
	var args []any
	for _, arg := range e.Args {
		c, ok := ev.eval(f, arg).(*constantValue)
		if !ok {
			return unknown(e.Pos(), "it is a text that is made while the program runs")
		}
		args = append(args, constant.Val(c.v))
	}
	format, ok := args[0].(string)
	if !ok || e.Ellipsis.IsValid() {
		return unknown(e.Pos(), "it is a text that is made while the program runs")
	}
	return &constantValue{base{e.Pos()}, constant.MakeString(fmt.Sprintf(format, args[1:]...)), types.Typ[types.String]}
}

// arguments evaluates the arguments of a call as the function has them: those
// of a variadic parameter are a list.
func (ev *evaluator) arguments(f *frame, e *ast.CallExpr, t types.Type) []value {
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		return nil
	}
	var given []value
	if inner, ok := singleCall(f, e, sig); ok {
		given = ev.call(f, inner)
	} else {
		for _, arg := range e.Args {
			given = append(given, ev.eval(f, arg))
		}
	}
	fixed := sig.Params().Len()
	if sig.Variadic() {
		fixed--
	}
	for len(given) < fixed {
		given = append(given, unknown(e.Rparen, "it is computed while the program runs"))
	}
	if !sig.Variadic() {
		return given
	}
	rest := &listValue{base: base{e.Rparen}, items: given[fixed:]}
	if e.Ellipsis.IsValid() && len(given) > fixed {
		rest = &listValue{base: base{given[fixed].pos()}, items: items(given[fixed])}
	}
	return append(given[:fixed:fixed], rest)
}

// singleCall reports a call whose arguments are all the results of one other.
func singleCall(f *frame, e *ast.CallExpr, sig *types.Signature) (*ast.CallExpr, bool) {
	if len(e.Args) != 1 {
		return nil, false
	}
	inner, ok := ast.Unparen(e.Args[0]).(*ast.CallExpr)
	if !ok {
		return nil, false
	}
	_, several := f.src.info.TypeOf(inner).(*types.Tuple)
	return inner, several
}

// part returns what a function of package landfall makes.
func (ev *evaluator) part(f *frame, e *ast.CallExpr, fn *funcValue, name string) value {
	sig := fn.obj.Signature()
	if sig.Results().Len() == 0 || !isWiring(sig.Results().At(0).Type()) {
		return first(ev.unfollowed(f, e, "it is computed while the program runs"), e.Pos())
	}
	p := &partValue{base: base{e.Pos()}, call: name, src: f.src, span: span{e.Pos(), e.End()}}
	p.args = ev.arguments(f, e, sig)
	p.types, p.spread = fn.targs, e.Ellipsis.IsValid()
	p.last = e.Rparen
	if n := len(e.Args); n > 0 {
		p.last = e.Args[n-1].End()
	}
	if name == "NewModule" {
		ev.found(p)
	}
	return p
}

func isWiring(t types.Type) bool {
	for _, name := range [...]string{"Part", "Option", "Fold", "Module"} {
		if isRuntimeType(t, name) {
			return true
		}
	}
	return false
}

// enter evaluates a function that is called.
func (ev *evaluator) enter(to *declared, fn *funcValue, args []value, depth int) []value {
	f := &frame{
		src: to.src, vars: map[types.Object]value{}, depth: depth + 1,
		types: map[*types.TypeParam]types.Type{}, shared: sharedVars(to.src, to.decl.Body),
	}
	sig := to.obj.Signature()
	for i := range sig.TypeParams().Len() {
		if i < len(fn.targs) {
			f.types[sig.TypeParams().At(i)] = fn.targs[i]
		}
	}
	if recv := sig.Recv(); recv != nil && fn.recv != nil {
		f.bindReceiver(sig, fn.recv)
	}
	f.bind(sig.Params(), args)
	return ev.run(f, to.decl.Body, sig.Results())
}

func (f *frame) bindReceiver(sig *types.Signature, recv value) {
	f.vars[sig.Recv()] = recv
	t, ok := recv.(*typedValue)
	if !ok {
		return
	}
	n, ok := types.Unalias(t.typ).(*types.Named)
	for i := 0; ok && i < sig.RecvTypeParams().Len() && i < n.TypeArgs().Len(); i++ {
		f.types[sig.RecvTypeParams().At(i)] = n.TypeArgs().At(i)
	}
}

func (f *frame) bind(params *types.Tuple, args []value) {
	for i := range params.Len() {
		p := params.At(i)
		if i < len(args) {
			f.set(p, args[i])
		} else {
			f.set(p, unknown(p.Pos(), "nothing is known of it"))
		}
	}
}

func (ev *evaluator) enterLiteral(fn *funcValue, args []value, depth int) []value {
	ev.entered[fn.lit] = true
	sig, _ := fn.src.info.TypeOf(fn.lit).(*types.Signature)
	if depth > maxDepth || ev.steps > maxSteps || sig == nil {
		return nil
	}
	f := &frame{src: fn.src, outer: fn.env, vars: map[types.Object]value{}, depth: depth + 1}
	f.bind(sig.Params(), args)
	return ev.run(f, fn.lit.Body, sig.Results())
}

// run evaluates a body and returns its results.
func (ev *evaluator) run(f *frame, body *ast.BlockStmt, results *types.Tuple) []value {
	for i := range results.Len() {
		if r := results.At(i); r.Name() != "" {
			f.named = append(f.named, r)
			f.vars[r] = ev.zero(r.Type(), r.Pos())
		}
	}
	ev.block(f, body.List)
	return f.result(results, body)
}

// subst puts the types that a generic function is called with in the place of
// its type parameters.
func (f *frame) subst(t types.Type) types.Type {
	switch u := t.(type) {
	case *types.Alias:
		return f.subst(types.Unalias(u))
	case *types.TypeParam:
		for at := f; at != nil; at = at.outer {
			if to, ok := at.types[u]; ok {
				return to
			}
		}
	case *types.Pointer:
		return types.NewPointer(f.subst(u.Elem()))
	case *types.Slice:
		return types.NewSlice(f.subst(u.Elem()))
	case *types.Named:
		return f.substNamed(u)
	}
	return t
}

func (f *frame) substNamed(n *types.Named) types.Type {
	if n.TypeArgs().Len() == 0 {
		return n
	}
	var args []types.Type
	for t := range n.TypeArgs().Types() {
		args = append(args, f.subst(t))
	}
	if out, err := types.Instantiate(nil, n.Origin(), args, false); err == nil {
		return out
	}
	return n
}
