package drift

import (
	"go/ast"
	"go/token"
	"go/types"
)

// wirings finds every landfall.NewModule, each with what is known of its
// arguments. A module whose parts come from the parameters of the function that
// wires it is looked for in the callers of that function.
type wirings struct {
	*evaluator
	modules []*partValue
	unread  []*unknownValue
	seen    map[wiringKey]bool
	visited map[*declared]bool
}

type wiringKey struct {
	at   token.Pos
	name string
}

func (x *index) wirings(imported func(types.Object, token.Pos) []value) *wirings {
	w := &wirings{
		evaluator: &evaluator{
			index: x, imported: imported, entered: map[*ast.FuncLit]bool{},
			pending: map[*global]bool{}, known: map[*global]value{},
		},
		seen: map[wiringKey]bool{}, visited: map[*declared]bool{},
	}
	for _, fn := range x.order {
		if len(fn.wires) > 0 {
			w.visit(fn)
		}
	}
	return w
}

// visit evaluates a function for the modules that it wires, itself or through
// what it calls.
func (w *wirings) visit(fn *declared) {
	if w.visited[fn] {
		return
	}
	w.visited[fn] = true
	var found []*partValue
	w.found = func(p *partValue) { found = append(found, p) }
	w.entry(fn)
	callers := w.callersOf(fn)
	open := false
	for _, p := range found {
		if anyDepends(p.args) && len(callers) > 0 {
			open = true
			continue
		}
		w.add(p)
	}
	w.unreached(fn, found)
	if open {
		for _, caller := range callers {
			w.visit(caller)
		}
	}
}

func (w *wirings) callersOf(fn *declared) []*declared {
	if fn.obj == nil {
		return nil
	}
	return w.callers(fn)
}

func (w *wirings) add(p *partValue) {
	name, _ := textOf(p.args[0])
	key := wiringKey{p.start, name}
	if !w.seen[key] {
		w.seen[key] = true
		w.modules = append(w.modules, p)
	}
}

// unreached notes the calls of landfall.NewModule in a function that its
// evaluation did not come to.
func (w *wirings) unreached(fn *declared, found []*partValue) {
	for _, at := range fn.wires {
		reached := false
		for _, p := range found {
			reached = reached || p.start <= at && at < p.end
		}
		if !reached {
			w.unread = append(w.unread, unknown(at, "nothing shows that this module is ever wired"))
		}
	}
}

// entry evaluates a function of which no caller is known, and then the function
// literals in it that were not called, because something else may call them.
func (w *wirings) entry(fn *declared) {
	w.steps = 0
	f := &frame{src: fn.src, vars: map[types.Object]value{}, types: map[*types.TypeParam]types.Type{}}
	if fn.vars != nil {
		for _, spec := range fn.vars.Specs {
			for _, e := range spec.(*ast.ValueSpec).Values {
				w.eval(f, e)
			}
		}
		w.literals(f, fn.vars)
		return
	}
	w.body(f, fn)
	w.literals(f, fn.decl.Body)
}

// unbound returns what a function returns, whatever it is called with.
func (w *wirings) unbound(fn *declared) []value {
	return w.body(&frame{src: fn.src, vars: map[types.Object]value{}, types: map[*types.TypeParam]types.Type{}}, fn)
}

// body evaluates a function with parameters of which nothing is known.
func (w *wirings) body(f *frame, fn *declared) []value {
	f.shared = sharedVars(fn.src, fn.decl.Body)
	sig := fn.obj.Signature()
	for i := range sig.Params().Len() {
		f.set(sig.Params().At(i), parameter(sig.Params().At(i), sig.Variadic() && i == sig.Params().Len()-1))
	}
	return w.run(f, fn.decl.Body, sig.Results())
}

// globalValue returns the value of a variable of a package.
func (w *wirings) globalValue(f *frame, v *types.Var) value {
	return w.global(f, &ast.Ident{NamePos: v.Pos(), Name: v.Name()}, v)
}

// parameter is what is known of a parameter when nothing is known of the call.
func parameter(p *types.Var, variadic bool) value {
	v := &unknownValue{base{p.Pos()}, "it comes from the parameter " + p.Name() + ", and no call of the function was read", true}
	if variadic {
		return &listValue{base{p.Pos()}, []value{v}}
	}
	return v
}

func (w *wirings) literals(f *frame, in ast.Node) {
	ast.Inspect(in, func(n ast.Node) bool {
		lit, ok := n.(*ast.FuncLit)
		if !ok {
			return true
		}
		if !w.entered[lit] && w.wires(f.src, lit) {
			w.enterLiteral(&funcValue{base: base{lit.Pos()}, src: f.src, lit: lit, env: f}, nil, 0)
		}
		return true
	})
}

// wires reports whether a literal mentions something that may wire a module.
func (w *wirings) wires(s *source, lit *ast.FuncLit) bool {
	found := false
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || found {
			return !found
		}
		if fn, ok := s.info.Uses[id].(*types.Func); ok {
			found = ofRuntime(fn) == "NewModule" || w.function(fn) != nil
		}
		return !found
	})
	return found
}
