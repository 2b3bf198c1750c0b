package drift

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

func isInterfaceMethod(f *types.Func) bool {
	recv := f.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

// callee returns the function that is called, or nil when it is not known.
func (b *body) callee(e ast.Expr) *funcValue {
	info := b.f.src.info
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return b.named(e, nil)
	case *ast.SelectorExpr:
		sel := info.Selections[e]
		if sel == nil {
			return b.named(e.Sel, nil)
		}
		if sel.Kind() == types.FieldVal {
			return nil
		}
		return b.named(e.Sel, &typedValue{typ: b.f.subst(sel.Recv())})
	case *ast.IndexExpr:
		return b.callee(e.X)
	case *ast.IndexListExpr:
		return b.callee(e.X)
	case *ast.FuncLit:
		return &funcValue{lit: e}
	}
	return nil
}

func (b *body) named(id *ast.Ident, recv value) *funcValue {
	switch obj := b.f.src.info.Uses[id].(type) {
	case *types.Func:
		fn := b.ev.funcOf(b.f, id, obj)
		if t, ok := recv.(*typedValue); ok {
			if p, ok := t.typ.(*types.Pointer); ok {
				t = &typedValue{typ: p.Elem()}
			}
			fn.recv = t
		}
		return fn
	case *types.Var:
		if v, ok := b.f.lookup(obj); ok {
			if fn, ok := v.(*funcValue); ok {
				b.captured(fn)
				return fn
			}
		}
		return b.localLiteral(obj)
	}
	return nil
}

// captured goes through a literal that a function of the wiring has caught.
func (b *body) captured(fn *funcValue) {
	key := fmt.Sprint("literal ", fn.at)
	if fn.lit != nil && !b.seen[key] {
		b.seen[key] = true
		(&body{collector: b.collector, f: fn.env}).literal(fn.src, fn.lit)
	}
}

// localLiteral returns the function of a variable that is one literal always.
func (b *body) localLiteral(obj *types.Var) *funcValue {
	if obj.Pkg() == nil || isGlobal(obj) {
		return nil
	}
	var found *funcValue
	for _, file := range b.f.src.files {
		if file.FileStart > obj.Pos() || obj.Pos() >= file.FileEnd {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.AssignStmt)
			if !ok || len(s.Lhs) != len(s.Rhs) {
				return true
			}
			for i, left := range s.Lhs {
				id, ok := left.(*ast.Ident)
				if lit, isLit := s.Rhs[i].(*ast.FuncLit); ok && isLit && s.Tok == token.DEFINE && b.f.src.info.Defs[id] == obj {
					found = &funcValue{lit: lit}
				}
			}
			return true
		})
	}
	return found
}

// parameterType returns the type of the parameter that takes an argument.
func parameterType(sig *types.Signature, i int, spread bool) types.Type {
	n := sig.Params().Len()
	if n == 0 {
		return nil
	}
	if sig.Variadic() && i >= n-1 {
		t := sig.Params().At(n - 1).Type()
		if s, ok := t.Underlying().(*types.Slice); ok && !spread {
			return s.Elem()
		}
		return t
	}
	if i < n {
		return sig.Params().At(i).Type()
	}
	return nil
}
