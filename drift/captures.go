package drift

import (
	"go/ast"
	"go/token"
	"go/types"
)

// leaves reports whether a loop's body may end the loop or a turn of it early.
func leaves(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BranchStmt, *ast.ReturnStmt:
			found = true
		}
		return !found
	})
	return found
}

// sharedVars returns the variables of a body whose value does not follow from
// the order of its statements: those changed in a function literal that does
// not declare them, and those whose address is taken, by a method too.
func sharedVars(s *source, body *ast.BlockStmt) map[types.Object]bool {
	v := &sharing{s, map[types.Object]bool{}}
	v.visit(body, nil)
	return v.found
}

type sharing struct {
	src   *source
	found map[types.Object]bool
}

// visit goes through a body, or that of a function literal.
func (v *sharing) visit(n ast.Node, within *ast.FuncLit) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			v.visit(n.Body, n)
			return false
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				if within != nil {
					v.add(left, within)
				}
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				v.add(n.X, nil)
			}
		case *ast.SelectorExpr:
			if changesReceiver(v.src, n) {
				v.add(n.X, nil)
			}
		}
		return true
	})
}

// add notes a variable, unless the literal that changes it declares it.
func (v *sharing) add(e ast.Expr, within *ast.FuncLit) {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return
	}
	obj, ok := v.src.info.Uses[id].(*types.Var)
	if ok && (within == nil || obj.Pos() < within.Pos() || within.End() <= obj.Pos()) {
		v.found[obj] = true
	}
}

// changesReceiver reports whether a method is taken that has a pointer to the
// value before the dot.
func changesReceiver(s *source, e *ast.SelectorExpr) bool {
	sel := s.info.Selections[e]
	if sel == nil || sel.Kind() != types.MethodVal {
		return false
	}
	_, isPointer := sel.Recv().Underlying().(*types.Pointer)
	fn, ok := sel.Obj().(*types.Func)
	if !ok || isPointer || fn.Signature().Recv() == nil {
		return false
	}
	_, needsPointer := fn.Signature().Recv().Type().(*types.Pointer)
	return needsPointer
}
