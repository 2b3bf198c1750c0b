package drift

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
)

// block evaluates statements in order. It reports whether the end is reached.
func (ev *evaluator) block(f *frame, list []ast.Stmt) bool {
	for _, s := range list {
		if !ev.stmt(f, s) {
			return false
		}
	}
	return true
}

// stmt evaluates a statement and reports whether the next one may be reached.
func (ev *evaluator) stmt(f *frame, s ast.Stmt) bool {
	ev.steps++
	switch s := s.(type) {
	case *ast.ExprStmt:
		ev.eval(f, s.X)
		return !isPanic(f, s.X)
	case *ast.AssignStmt:
		ev.assignment(f, s)
	case *ast.DeclStmt:
		ev.declaration(f, s)
	case *ast.ReturnStmt:
		ev.returned(f, s)
		return false
	case *ast.BlockStmt:
		return ev.block(f, s.List)
	case *ast.LabeledStmt:
		return ev.stmt(f, s.Stmt)
	case *ast.IfStmt:
		return ev.ifElse(f, s)
	case *ast.SwitchStmt:
		ev.init(f, s.Init)
		return ev.cases(f, s.Body, s.Pos())
	case *ast.TypeSwitchStmt:
		ev.init(f, s.Init)
		return ev.cases(f, s.Body, s.Pos())
	case *ast.SelectStmt:
		return ev.cases(f, s.Body, s.Pos())
	case *ast.RangeStmt:
		return ev.ranged(f, s)
	case *ast.ForStmt:
		ev.init(f, s.Init)
		return ev.unsure(f, s.Pos(), "it depends on a loop", [][]ast.Stmt{s.Body.List, nil})
	case *ast.BranchStmt:
		return false
	case *ast.DeferStmt:
		ev.eval(f, s.Call)
	case *ast.GoStmt:
		ev.eval(f, s.Call)
	}
	return true
}

func (ev *evaluator) init(f *frame, s ast.Stmt) {
	if s != nil {
		ev.stmt(f, s)
	}
}

func isPanic(f *frame, e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok || !f.src.info.Types[call.Fun].IsBuiltin() {
		return false
	}
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	return ok && id.Name == "panic"
}

func (ev *evaluator) assignment(f *frame, s *ast.AssignStmt) {
	var values []value
	switch {
	case s.Tok != token.ASSIGN && s.Tok != token.DEFINE:
		ev.assignTo(f, s.Lhs[0], ev.opAssigned(f, s))
		return
	case len(s.Rhs) == 1 && len(s.Lhs) > 1:
		if call, ok := ast.Unparen(s.Rhs[0]).(*ast.CallExpr); ok {
			values = ev.call(f, call)
		}
	default:
		for _, e := range s.Rhs {
			values = append(values, ev.eval(f, e))
		}
	}
	for i, left := range s.Lhs {
		if i < len(values) {
			ev.assignTo(f, left, values[i])
		} else {
			ev.assignTo(f, left, unknown(left.Pos(), "it is computed while the program runs"))
		}
	}
}

// opAssigned returns what += and the like make of a variable.
func (ev *evaluator) opAssigned(f *frame, s *ast.AssignStmt) value {
	a, okA := ev.eval(f, s.Lhs[0]).(*constantValue)
	b, okB := ev.eval(f, s.Rhs[0]).(*constantValue)
	if s.Tok != token.ADD_ASSIGN || !okA || !okB {
		return unknown(s.Pos(), "it is computed while the program runs")
	}
	sum := &ast.BinaryExpr{X: s.Lhs[0], OpPos: s.TokPos, Op: token.ADD, Y: s.Rhs[0]}
	return ev.compute(sum, a, b, a.typ)
}

// assignTo gives a variable its value. What changes only a part of something
// makes the whole unknown.
func (ev *evaluator) assignTo(f *frame, left ast.Expr, v value) {
	part := false
	for {
		switch e := left.(type) {
		case *ast.ParenExpr:
			left = e.X
			continue
		case *ast.IndexExpr:
			left, part = e.X, true
			continue
		case *ast.SelectorExpr:
			left, part = e.X, true
			continue
		case *ast.StarExpr:
			left, part = e.X, true
			continue
		case *ast.Ident:
			obj := f.src.info.ObjectOf(e)
			if obj == nil || e.Name == "_" {
				return
			}
			if part {
				v = unknown(e.Pos(), "a part of "+e.Name+" is changed")
			}
			f.set(obj, v)
		}
		return
	}
}

func (ev *evaluator) declaration(f *frame, s *ast.DeclStmt) {
	d, ok := s.Decl.(*ast.GenDecl)
	if !ok || d.Tok != token.VAR {
		return
	}
	for _, spec := range d.Specs {
		spec, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for i, name := range spec.Names {
			obj := f.src.info.Defs[name]
			switch {
			case obj == nil:
			case len(spec.Values) == len(spec.Names):
				f.set(obj, ev.eval(f, spec.Values[i]))
			case len(spec.Values) == 0:
				f.set(obj, ev.zero(f.subst(obj.Type()), name.Pos()))
			default:
				f.set(obj, unknown(name.Pos(), "it is computed while the program runs"))
			}
		}
	}
}

func (ev *evaluator) returned(f *frame, s *ast.ReturnStmt) {
	var values []value
	switch {
	case len(s.Results) == 0:
		for _, r := range f.named {
			v, _ := f.lookup(r)
			values = append(values, v)
		}
	case len(s.Results) == 1:
		if call, ok := ast.Unparen(s.Results[0]).(*ast.CallExpr); ok {
			values = ev.call(f, call)
			break
		}
		values = []value{ev.eval(f, s.Results[0])}
	default:
		for _, e := range s.Results {
			values = append(values, ev.eval(f, e))
		}
		if fails(f, s.Results[len(s.Results)-1]) {
			return // only what is returned without an error matters
		}
	}
	f.returns = append(f.returns, values)
}

// fails reports whether an expression is an error that is not nil.
func fails(f *frame, e ast.Expr) bool {
	tv := f.src.info.Types[e]
	if tv.IsNil() || tv.Type == nil {
		return false
	}
	errorType := types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
	return types.Implements(tv.Type, errorType)
}

// result returns the results of all returns that may be reached as one.
func (f *frame) result(results *types.Tuple, body *ast.BlockStmt) []value {
	if len(f.returns) == 0 {
		out := make([]value, results.Len())
		for i := range out {
			out[i] = unknown(body.Pos(), "the function does not return")
		}
		return out
	}
	out := f.returns[0]
	for _, other := range f.returns[1:] {
		out = mergeAll(out, other, body.Pos(), "the function returns one thing or another")
	}
	return out
}

func (ev *evaluator) ifElse(f *frame, s *ast.IfStmt) bool {
	ev.init(f, s.Init)
	cond := ev.eval(f, s.Cond)
	var otherwise []ast.Stmt
	if s.Else != nil {
		otherwise = []ast.Stmt{s.Else}
	}
	if yes, known := boolOf(cond); known {
		if yes {
			return ev.block(f, s.Body.List)
		}
		return ev.block(f, otherwise)
	}
	return ev.unsureOf(f, s.Pos(), "it depends on a condition", [][]ast.Stmt{s.Body.List, otherwise}, dependsOnParams(cond))
}

func (ev *evaluator) cases(f *frame, body *ast.BlockStmt, at token.Pos) bool {
	var branches [][]ast.Stmt
	hasDefault := false
	for _, c := range body.List {
		switch c := c.(type) {
		case *ast.CaseClause:
			branches = append(branches, c.Body)
			hasDefault = hasDefault || c.List == nil
		case *ast.CommClause:
			branches = append(branches, c.Body)
			hasDefault = true
		}
	}
	if !hasDefault {
		branches = append(branches, nil)
	}
	return ev.unsure(f, at, "it depends on a switch", branches)
}

func (ev *evaluator) unsure(f *frame, at token.Pos, why string, branches [][]ast.Stmt) bool {
	return ev.unsureOf(f, at, why, branches, false)
}

// unsureOf evaluates branches of which one is taken, nobody knows which. What
// they agree on is known afterwards.
func (ev *evaluator) unsureOf(f *frame, at token.Pos, why string, branches [][]ast.Stmt, param bool) bool {
	before := f.snapshot()
	var after []snapshot
	for _, list := range branches {
		f.restore(before)
		if ev.block(f, list) {
			after = append(after, f.snapshot())
		}
	}
	if len(after) == 0 {
		return false
	}
	merged := after[0]
	for _, other := range after[1:] {
		merged = merged.merge(other, at, why, param)
	}
	f.restore(merged)
	return true
}

// snapshot is what is known of the variables of a frame and those around it.
type snapshot []map[types.Object]value

func (f *frame) snapshot() snapshot {
	var out snapshot
	for at := f; at != nil; at = at.outer {
		out = append(out, maps.Clone(at.vars))
	}
	return out
}

func (f *frame) restore(s snapshot) {
	for at := f; at != nil; at, s = at.outer, s[1:] {
		at.vars = maps.Clone(s[0])
	}
}

func (s snapshot) merge(o snapshot, at token.Pos, why string, param bool) snapshot {
	out := make(snapshot, len(s))
	for i := range s {
		out[i] = maps.Clone(s[i])
		for obj, v := range o[i] {
			if mine, ok := s[i][obj]; ok {
				v = merge(mine, v, at, why, param)
			}
			out[i][obj] = v
		}
	}
	return out
}

func mergeAll(a, b []value, at token.Pos, why string) []value {
	var out []value
	for i := range a {
		if i < len(b) {
			out = append(out, merge(a[i], b[i], at, why, false))
		}
	}
	return out
}

// merge returns what two values have in common; of two lists that is how they
// begin, and then something unknown.
func merge(a, b value, at token.Pos, why string, param bool) value {
	if a == b {
		return a
	}
	if x, ok := a.(*constantValue); ok {
		if y, ok := b.(*constantValue); ok && x.v.ExactString() == y.v.ExactString() {
			return a
		}
	}
	x, okX := a.(*listValue)
	y, okY := b.(*listValue)
	if !okX || !okY {
		return &unknownValue{base{at}, why, param || dependsOnParams(a) || dependsOnParams(b)}
	}
	same := 0
	for same < len(x.items) && same < len(y.items) && x.items[same] == y.items[same] {
		same++
	}
	if same == len(x.items) && same == len(y.items) {
		return a
	}
	items := append(x.items[:same:same], &unknownValue{base{at}, why, param})
	return &listValue{x.base, items}
}

// ranged evaluates a loop over a list that is known once for each item.
func (ev *evaluator) ranged(f *frame, s *ast.RangeStmt) bool {
	list, ok := ev.eval(f, s.X).(*listValue)
	if !ok || !whole(list) || leaves(s.Body) {
		for _, e := range []ast.Expr{s.Key, s.Value} {
			if e != nil {
				ev.assignTo(f, e, unknown(e.Pos(), "it depends on a loop"))
			}
		}
		return ev.unsureOf(f, s.Pos(), "it depends on a loop", [][]ast.Stmt{s.Body.List, nil}, ok && anyDepends(list.items))
	}
	for i, item := range list.items {
		if s.Key != nil {
			ev.assignTo(f, s.Key, index64(s.Key.Pos(), i))
		}
		if s.Value != nil {
			ev.assignTo(f, s.Value, item)
		}
		ev.block(f, s.Body.List)
	}
	return true
}
