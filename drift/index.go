package drift

import (
	"go/ast"
	"go/token"
	"go/types"
)

// root is the import path of the runtime, whose functions wire modules.
const root = "github.com/landfall-go/landfall"

// source is a package whose code is at hand.
type source struct {
	path  string
	pkg   *types.Package
	info  *types.Info
	files []*ast.File
}

// declared is a function with the code of its body, or a declaration of
// variables, whose initial values are evaluated when the package is.
type declared struct {
	src  *source
	decl *ast.FuncDecl
	obj  *types.Func
	vars *ast.GenDecl // in place of decl and obj
	// calls are the functions that its body mentions, by name.
	calls map[string]bool
	// wires is where it mentions landfall.NewModule.
	wires []token.Pos
	// reaches says that it wires a module, or calls what does.
	reaches bool
}

// global is a variable of a package.
type global struct {
	src      *source
	init     ast.Expr
	index    int // of the result, when a call makes several
	single   bool
	assigned bool // somewhere else than where it is declared
}

// index finds what a name means, over all packages whose code is at hand. Names
// and not objects are the keys, because a package may be known from its code
// in one place and from what the compiler exports in another.
type index struct {
	fset    *token.FileSet
	sources []*source
	funcs   map[string]*declared
	order   []*declared
	globals map[string]*global
}

func newIndex(fset *token.FileSet, sources []*source) *index {
	x := &index{fset: fset, sources: sources, funcs: map[string]*declared{}, globals: map[string]*global{}}
	for _, s := range sources {
		for _, f := range s.files {
			x.declare(s, f)
		}
	}
	for _, s := range sources {
		for _, f := range s.files {
			x.use(s, f)
		}
	}
	x.reach()
	return x
}

// reach finds the functions from which a wiring is reached.
func (x *index) reach() {
	callers := map[string][]*declared{}
	var next []*declared
	for _, fn := range x.order {
		for name := range fn.calls {
			callers[name] = append(callers[name], fn)
		}
		if len(fn.wires) > 0 {
			fn.reaches = true
			next = append(next, fn)
		}
	}
	for len(next) > 0 {
		fn := next[0]
		next = next[1:]
		if fn.obj == nil {
			continue
		}
		for _, caller := range callers[fn.obj.FullName()] {
			if !caller.reaches {
				caller.reaches = true
				next = append(next, caller)
			}
		}
	}
}

func (x *index) declare(s *source, f *ast.File) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			obj, _ := s.info.Defs[d.Name].(*types.Func)
			if obj == nil || d.Body == nil {
				continue
			}
			fn := &declared{src: s, decl: d, obj: obj, calls: map[string]bool{}}
			x.funcs[obj.FullName()] = fn
			x.order = append(x.order, fn)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.VAR {
					x.declareVars(s, v)
				}
			}
		}
	}
}

func (x *index) declareVars(s *source, spec *ast.ValueSpec) {
	for i, name := range spec.Names {
		g := &global{src: s}
		switch {
		case len(spec.Values) == len(spec.Names):
			g.init, g.single = spec.Values[i], true
		case len(spec.Values) == 1:
			g.init, g.index = spec.Values[0], i
		}
		x.globals[s.path+"."+name.Name] = g
	}
}

// use notes which functions a function mentions, and which variables of
// packages change.
func (x *index) use(s *source, f *ast.File) {
	for _, d := range f.Decls {
		fn := x.declaredAs(s, d)
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				x.mention(s, fn, n)
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					x.assign(s, left)
				}
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					x.assign(s, n.X)
				}
			case *ast.RangeStmt:
				x.assign(s, n.Key)
				x.assign(s, n.Value)
			}
			return true
		})
	}
}

func (x *index) declaredAs(s *source, d ast.Decl) *declared {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if obj, _ := s.info.Defs[d.Name].(*types.Func); obj != nil && d.Body != nil {
			return x.funcs[obj.FullName()]
		}
	case *ast.GenDecl:
		if d.Tok == token.VAR {
			fn := &declared{src: s, vars: d, calls: map[string]bool{}}
			x.order = append(x.order, fn)
			return fn
		}
	}
	return &declared{calls: map[string]bool{}}
}

func (x *index) mention(s *source, in *declared, id *ast.Ident) {
	obj, ok := s.info.Uses[id].(*types.Func)
	if !ok {
		return
	}
	if obj.Pkg() != nil && obj.Pkg().Path() == root && obj.Name() == "NewModule" {
		in.wires = append(in.wires, id.Pos())
		return
	}
	in.calls[obj.Origin().FullName()] = true
}

// assign notes that a variable of a package, or a part of it, changes.
func (x *index) assign(s *source, e ast.Expr) {
	for {
		switch inner := e.(type) {
		case *ast.ParenExpr:
			e = inner.X
			continue
		case *ast.IndexExpr:
			e = inner.X
			continue
		case *ast.StarExpr:
			e = inner.X
			continue
		case *ast.SelectorExpr:
			if _, qualified := s.info.Uses[inner.Sel].(*types.Var); qualified && s.info.Selections[inner] == nil {
				e = inner.Sel
			} else {
				e = inner.X
			}
			continue
		case *ast.Ident:
			if v, ok := s.info.Uses[inner].(*types.Var); ok && isGlobal(v) {
				if g := x.globals[v.Pkg().Path()+"."+v.Name()]; g != nil {
					g.assigned = true
				}
			}
		}
		return
	}
}

func isGlobal(v *types.Var) bool {
	return v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

// function returns the code of a function, or nil.
func (x *index) function(f *types.Func) *declared {
	return x.funcs[f.Origin().FullName()]
}

// callers returns the functions that mention a function, in order.
func (x *index) callers(f *declared) []*declared {
	var out []*declared
	for _, other := range x.order {
		if other != f && other.calls[f.obj.FullName()] {
			out = append(out, other)
		}
	}
	return out
}

// ofRuntime returns the name of a function of package landfall, or "".
func ofRuntime(f *types.Func) string {
	if f == nil || f.Pkg() == nil || f.Pkg().Path() != root {
		return ""
	}
	if f.Signature().Recv() != nil || !f.Exported() {
		return ""
	}
	return f.Name()
}

// isRuntimeType reports whether a type is the named one of package landfall.
func isRuntimeType(t types.Type, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == root
}

// typeKey names a type over all packages: its package and name.
func typeKey(t types.Type) string {
	if n, ok := types.Unalias(t).(*types.Named); ok {
		if n.Obj().Pkg() == nil {
			return n.Obj().Name()
		}
		return n.Obj().Pkg().Path() + "." + n.Obj().Name()
	}
	return types.TypeString(t, nil)
}
