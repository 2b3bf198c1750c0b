package drift

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// builds returns the messages that a decision or a policy constructs: every
// struct that becomes a landfall.Event (or Command) in the function or in what
// it calls. A message that only comes through, from a field or a parameter, is
// not constructed there.
func (w *moduleBuilder) builds(fn value, message string) Builds {
	c := &collector{
		moduleBuilder: w, message: message, wanted: map[string]bool{}, seen: map[string]bool{},
		refs: map[string]Ref{},
	}
	f, ok := fn.(*funcValue)
	if !ok {
		u := w.unread(fn, "the function")
		return Builds{Place: u.Place, Unread: []Unread{u}}
	}
	out := Builds{Place: w.place(f.at, 1)}
	if f.obj != nil {
		out.Place = w.place(f.obj.Pos(), len(f.obj.Name()))
	}
	// An interface of one's own may stand between the struct and the Event:
	// then what becomes one of those counts too, which may need another turn.
	for range 4 {
		before := len(c.wanted)
		clear(c.seen)
		c.unfollowed = nil
		c.function(f)
		if len(c.wanted) == before {
			break
		}
	}
	for _, r := range c.refs {
		out.Messages = append(out.Messages, r)
	}
	slices.SortFunc(out.Messages, func(a, b Ref) int { return strings.Compare(a.key(), b.key()) })
	out.Unread = c.unfollowed
	return out
}

// constructs returns what a function constructs, for other packages; ok says
// that messages can come out of it.
func (b *builder) constructs(fn *declared, message string) (out encodedBuilds, ok bool) {
	w := &moduleBuilder{builder: b, m: &Module{}}
	if c := (&collector{moduleBuilder: w, message: message}); !c.mayReturn(fn.obj.Signature()) {
		return out, false
	}
	built := w.builds(&funcValue{base: base{fn.obj.Pos()}, obj: fn.obj}, message)
	for _, r := range built.Messages {
		out.Messages = append(out.Messages, encodeType(r.typ))
	}
	for _, u := range built.Unread {
		out.Unread = append(out.Unread, "in another package, "+u.Why)
	}
	return out, true
}

// collector goes through the code of a function and of what it calls.
type collector struct {
	*moduleBuilder
	message    string          // Event or Command
	wanted     map[string]bool // interfaces, by key, whose values become messages
	seen       map[string]bool // functions
	refs       map[string]Ref
	unfollowed []Unread
}

// body is a function's code with what its type parameters stand for.
type body struct {
	*collector
	f       *frame
	results []*types.Tuple // of the functions around
}

func (c *collector) function(fn *funcValue) {
	if fn.lit != nil {
		b := &body{collector: c, f: fn.env}
		b.literal(fn.src, fn.lit)
		return
	}
	key := fn.obj.FullName()
	for _, t := range fn.targs {
		key += "," + types.TypeString(t, nil)
	}
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	to := c.index.function(fn.obj)
	if to == nil {
		c.elsewhere(fn)
		return
	}
	f := &frame{src: to.src, vars: map[types.Object]value{}, types: map[*types.TypeParam]types.Type{}}
	sig := to.obj.Signature()
	for i := 0; i < sig.TypeParams().Len() && i < len(fn.targs); i++ {
		f.types[sig.TypeParams().At(i)] = fn.targs[i]
	}
	if sig.Recv() != nil && fn.recv != nil {
		f.bindReceiver(sig, fn.recv)
	}
	b := &body{collector: c, f: f, results: []*types.Tuple{sig.Results()}}
	b.walk(to.decl.Body)
}

// elsewhere takes up a function whose code is not at hand.
func (c *collector) elsewhere(fn *funcValue) {
	if known := c.imported(fn.obj, c.message); known != nil {
		for _, r := range known.Messages {
			c.add(r.typ, fn.at)
		}
		for _, u := range known.Unread {
			c.unfollowed = append(c.unfollowed, Unread{c.place(fn.at, len(fn.obj.Name())), u.Why})
		}
		return
	}
	if c.mayReturn(fn.obj.Signature()) {
		c.unfollowed = append(c.unfollowed, Unread{c.place(fn.at, len(fn.obj.Name())),
			"it calls " + fn.obj.FullName() + ", whose code was not read"})
	}
}

// mayReturn reports whether messages can come out of a function.
func (c *collector) mayReturn(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if c.isWanted(v.Type()) || isMessages(v.Type(), c.message) {
			return true
		}
	}
	return false
}

func (b *body) literal(src *source, lit *ast.FuncLit) {
	sig, ok := src.info.TypeOf(lit).(*types.Signature)
	if !ok {
		return
	}
	f := &frame{src: src, outer: b.f, vars: map[types.Object]value{}}
	inner := &body{collector: b.collector, f: f, results: append(slices.Clone(b.results), sig.Results())}
	inner.walk(lit.Body)
}

func (b *body) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			b.literal(b.f.src, n)
			return false
		case *ast.CallExpr:
			b.call(n)
		case *ast.ReturnStmt:
			b.returned(n)
		case *ast.AssignStmt:
			if len(n.Lhs) == len(n.Rhs) {
				for i, left := range n.Lhs {
					b.becomes(b.f.src.info.TypeOf(left), n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, v := range n.Values {
				if i < len(n.Names) && len(n.Names) == len(n.Values) {
					b.becomes(b.f.src.info.TypeOf(n.Names[i]), v)
				}
			}
		case *ast.CompositeLit:
			b.composite(n)
		case *ast.SendStmt:
			if ch, ok := b.f.src.info.TypeOf(n.Chan).Underlying().(*types.Chan); ok {
				b.becomes(ch.Elem(), n.Value)
			}
		case *ast.Ident:
			b.variable(n)
		}
		return true
	})
}

func (b *body) returned(s *ast.ReturnStmt) {
	results := b.results[len(b.results)-1]
	if len(s.Results) != results.Len() {
		return
	}
	for i, e := range s.Results {
		b.becomes(results.At(i).Type(), e)
	}
}

func (b *body) composite(e *ast.CompositeLit) {
	t := b.f.src.info.TypeOf(e)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	for i, item := range e.Elts {
		kv, keyed := item.(*ast.KeyValueExpr)
		if keyed {
			item = kv.Value
		}
		switch u := t.Underlying().(type) {
		case *types.Slice:
			b.becomes(u.Elem(), item)
		case *types.Array:
			b.becomes(u.Elem(), item)
		case *types.Map:
			b.becomes(u.Elem(), item)
		case *types.Struct:
			if keyed {
				if name, ok := kv.Key.(*ast.Ident); ok {
					b.becomes(b.f.src.info.TypeOf(name), item)
				}
			} else if i < u.NumFields() {
				b.becomes(u.Field(i).Type(), item)
			}
		}
	}
}

// variable goes on to the initial value of a variable of a package that holds
// messages.
func (b *body) variable(id *ast.Ident) {
	v, ok := b.f.src.info.Uses[id].(*types.Var)
	if !ok || !isGlobal(v) {
		return
	}
	g := b.globals[v.Pkg().Path()+"."+v.Name()]
	key := "var " + v.Pkg().Path() + "." + v.Name()
	if g == nil || g.init == nil || b.seen[key] {
		return
	}
	b.seen[key] = true
	inner := &body{collector: b.collector, f: &frame{src: g.src, vars: map[types.Object]value{}}}
	if g.single {
		inner.becomes(v.Type(), g.init)
	}
	inner.walk(g.init)
}

// call takes up the arguments of a call and follows it.
func (b *body) call(e *ast.CallExpr) {
	info := b.f.src.info
	tv := info.Types[e.Fun]
	switch {
	case tv.IsType():
		if len(e.Args) == 1 {
			b.becomes(tv.Type, e.Args[0])
		}
		return
	case tv.IsBuiltin():
		b.builtin(e)
		return
	}
	sig, ok := tv.Type.Underlying().(*types.Signature)
	if !ok {
		return
	}
	fn := b.callee(e.Fun)
	if fn != nil && fn.obj != nil && fn.obj.Name() == "Apply" && sig.Results().Len() == 0 {
		return // what is tried on a state has not happened yet
	}
	for i, arg := range e.Args {
		b.becomes(parameterType(sig, i, e.Ellipsis.IsValid()), arg)
	}
	b.follow(fn, e, sig)
}

func (b *body) follow(fn *funcValue, e *ast.CallExpr, sig *types.Signature) {
	switch {
	case fn == nil || fn.obj != nil && isInterfaceMethod(fn.obj):
		if b.mayReturn(sig) {
			b.unfollowed = append(b.unfollowed, Unread{b.place(e.Pos(), 1), "it calls a function that is chosen while the program runs"})
		}
	case fn.lit != nil:
		return // it is walked where it stands
	case fn.obj.Pkg() != nil && fn.obj.Pkg().Path() != root:
		b.function(fn)
	}
}

func (b *body) builtin(e *ast.CallExpr) {
	id, ok := ast.Unparen(e.Fun).(*ast.Ident)
	if !ok || id.Name != "append" || e.Ellipsis.IsValid() || len(e.Args) == 0 {
		return
	}
	if s, ok := b.f.src.info.TypeOf(e.Args[0]).Underlying().(*types.Slice); ok {
		for _, arg := range e.Args[1:] {
			b.becomes(s.Elem(), arg)
		}
	}
}

// becomes takes up an expression that is turned into another type.
func (b *body) becomes(to types.Type, e ast.Expr) {
	if to == nil || !b.isWanted(b.f.subst(to)) {
		return
	}
	tv := b.f.src.info.Types[e]
	if tv.Type == nil || tv.IsNil() {
		return
	}
	from := b.f.subst(tv.Type)
	if p, ok := types.Unalias(from).(*types.Pointer); ok {
		from = p.Elem()
	}
	if types.IsInterface(from) {
		if !isRuntimeType(from, b.message) {
			b.wanted[typeKey(from)] = true
		}
		return
	}
	if n, ok := types.Unalias(from).(*types.Named); ok && n.Obj().Pkg() != nil {
		if b.isPlain(to) && !b.isKnown(n) || n.Obj().Pkg().Path() == root {
			return
		}
	}
	b.add(from, e.Pos())
}

// isWanted reports whether what becomes a value of the type becomes a message.
func (c *collector) isWanted(t types.Type) bool {
	if isRuntimeType(t, c.message) {
		return true
	}
	return types.IsInterface(t) && c.wanted[typeKey(t)]
}

// isPlain reports whether anything can be a value of the type, so that being
// one says nothing.
func (c *collector) isPlain(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty() && !isRuntimeType(t, c.message)
}

func (c *collector) isKnown(n *types.Named) bool {
	known := func(m *Message) bool { return m.Package+"."+m.GoName == typeKey(n) }
	for _, e := range c.m.Events {
		if known(&e.Message) {
			return true
		}
	}
	for _, d := range c.m.Commands {
		if known(&d.Message) {
			return true
		}
	}
	return false
}

func (c *collector) add(t types.Type, at token.Pos) {
	r, ok := c.ref(t, c.place(at, 1))
	if !ok {
		return
	}
	if _, twice := c.refs[r.key()]; !twice {
		r.Place.End = oneLine(r.Place.Start, len(r.GoName))
		c.refs[r.key()] = r
	}
}
