package drift

import (
	"cmp"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
)

// builder makes the model of the code from what was evaluated.
type builder struct {
	*index
	dir  string
	ev   *evaluator
	code *Code
	// imported returns what a function builds whose code is not at hand.
	imported func(*types.Func, string) *Builds
}

// place returns where something is; width is how many bytes it takes.
func (b *builder) place(pos token.Pos, width int) ast.Place {
	if !pos.IsValid() {
		return ast.Place{}
	}
	p := b.fset.Position(pos)
	start := ast.Pos{Offset: int32(p.Offset), Line: int32(p.Line), Column: int32(p.Column)}
	end := start
	end.Offset += int32(width)
	end.Column += int32(width)
	return ast.Place{File: b.relative(p.Filename), Span: ast.Span{Start: start, End: end}}
}

func (b *builder) relative(name string) string {
	if rel, err := filepath.Rel(b.dir, name); err == nil {
		name = rel
	}
	return filepath.ToSlash(name)
}

func (b *builder) unread(v value, what string) Unread {
	u, _ := asUnknown(v)
	why, at := what, v.pos()
	if u != nil {
		why, at = what+": "+u.why, u.at
	}
	return Unread{b.place(at, 1), why}
}

// build makes the module of a landfall.NewModule.
func (b *builder) build(p *partValue) {
	name, ok := textOf(p.args[0])
	if !ok {
		b.code.Unread = append(b.code.Unread, b.unread(p.args[0], "the module's name"))
		return
	}
	m := &Module{
		Name: name, Package: p.src.path, Place: b.place(p.start, int(p.end-p.start)),
		sent: map[string]*Message{}, names: map[string]string{}, old: map[string][]Renamed{},
		end: b.place(p.last, 0), spread: p.spread,
	}
	m.Place.End = oneLine(m.Place.Start, len("landfall.NewModule"))
	w := &moduleBuilder{builder: b, m: m, home: p.src.pkg}
	parts := items(p.args[1])
	for _, v := range parts {
		if part, ok := v.(*partValue); ok {
			w.naming(part)
		}
	}
	for _, v := range parts {
		w.part(v)
	}
	w.finish()
	b.code.Modules = append(b.code.Modules, m)
}

func oneLine(start ast.Pos, width int) ast.Pos {
	start.Offset += int32(width)
	start.Column += int32(width)
	return start
}

// moduleBuilder makes one module.
type moduleBuilder struct {
	*builder
	m      *Module
	home   *types.Package
	noted  map[Unread]bool
	failed int // how often something could not be read
	// later is what needs all messages of the module to be known.
	later []func()
}

// cannot notes what cannot be read, each place once.
func (w *moduleBuilder) cannot(u Unread) {
	w.failed++
	if w.noted == nil {
		w.noted = map[Unread]bool{}
	}
	if !w.noted[u] {
		w.noted[u] = true
		w.m.Unread = append(w.m.Unread, u)
	}
}

// naming takes up the parts that give names to types.
func (w *moduleBuilder) naming(p *partValue) {
	switch p.call {
	case "Named", "Renamed", "Upcast", "Retired":
	default:
		return
	}
	if p.call == "Retired" {
		for _, v := range items(p.args[0]) {
			if name, ok := textOf(v); ok {
				w.m.Retired = append(w.m.Retired, name)
			} else {
				w.cannot(w.unread(v, "a name that is retired"))
			}
		}
		return
	}
	name, ok := textOf(p.args[0])
	if !ok || len(p.types) == 0 {
		w.cannot(w.unread(p.args[0], "the name in landfall."+p.call))
		return
	}
	t := p.types[len(p.types)-1]
	if p.call == "Named" {
		w.m.names[typeKey(t)] = name
		return
	}
	w.m.old[typeKey(t)] = append(w.m.old[typeKey(t)], Renamed{name, w.wired(p)})
}

func (w *moduleBuilder) wired(p *partValue) ast.Place {
	return w.place(p.start, len("landfall."+p.call))
}

// part takes up a part of any other kind.
func (w *moduleBuilder) part(v value) {
	p, ok := v.(*partValue)
	if !ok {
		u := w.unread(v, "the parts of module "+w.m.Name)
		if _, empty := v.(*typedValue); empty {
			u.Why += ": an empty landfall.Part{} is among them"
		}
		w.cannot(u)
		return
	}
	switch p.call {
	case "Handle":
		w.handle(p)
	case "Perform":
		w.perform(p)
	case "When":
		w.when(p)
	case "Project":
		w.project(p)
	case "ProjectInto":
		w.projectInto(p)
	case "Publishes":
		w.publishes(p)
	case "HearsFrom":
		w.hearsFrom(p)
	case "Named", "Renamed", "Upcast", "Retired":
	default:
		w.cannot(Unread{w.wired(p), "drift does not know landfall." + p.call})
	}
}

// ref returns the message that a value or a type stands for.
func (w *moduleBuilder) ref(t types.Type, at ast.Place) (Ref, bool) {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return Ref{}, false
	}
	if _, ok := n.Underlying().(*types.Struct); !ok {
		return Ref{}, false
	}
	r := Ref{GoName: n.Obj().Name(), Package: n.Obj().Pkg().Path(), Place: at, typ: n}
	r.Name = cmp.Or(w.m.names[typeKey(n)], r.GoName)
	return r, true
}

// refs returns the messages of a list such as that of Emits.
func (w *moduleBuilder) refs(list value, what string) []Ref {
	var out []Ref
	for _, v := range items(list) {
		t, ok := v.(*typedValue)
		if !ok {
			w.cannot(w.unread(v, what))
			continue
		}
		r, ok := w.ref(t.typ, ast.Place{})
		if !ok {
			w.cannot(Unread{w.place(v.pos(), 1), what + ": " + typeName(t.typ) + " is no struct with a name"})
			continue
		}
		r.Place = w.place(v.pos(), len(r.GoName))
		out = append(out, r)
	}
	return out
}

func (w *moduleBuilder) message(r Ref) Message {
	obj := types.Unalias(r.typ).(*types.Named).Obj()
	w.live(obj.Pkg())
	return Message{
		GoName: r.GoName, Package: r.Package, Name: r.Name, Formerly: w.m.old[typeKey(r.typ)],
		Place: w.place(obj.Pos(), len(r.GoName)), Fields: w.fieldsOf(r.typ),
	}
}

// live notes a package in which messages or aggregates of the module are
// declared.
func (w *moduleBuilder) live(p *types.Package) {
	if p != nil && !slices.Contains(w.m.homes, p) {
		w.m.homes = append(w.m.homes, p)
	}
}

// options goes through the options of a part.
func (w *moduleBuilder) options(list value, part string, take func(*partValue)) {
	for _, v := range items(list) {
		if p, ok := v.(*partValue); ok {
			take(p)
		} else {
			w.cannot(w.unread(v, "an option of "+part))
		}
	}
}

// finish notes what only the whole module shows.
func (w *moduleBuilder) finish() {
	if len(w.m.homes) == 0 {
		w.live(w.home)
	}
	w.m.wiredIn = w.home
	for _, do := range w.later {
		do()
	}
}

// widthOf returns how many bytes the name of a function takes.
func widthOf(v value) int {
	if f, ok := v.(*funcValue); ok && f.obj != nil {
		return len(f.obj.Name())
	}
	return 1
}

// idle returns the methods of an aggregate that have the form of decisions but
// that no module wires.
func (w *moduleBuilder) idle(a *Aggregate, handled map[string]bool) []Idle {
	var out []Idle
	for method := range a.typ.Methods() {
		sig := method.Signature()
		if sig.Params().Len() != 1 || sig.Results().Len() != 2 || !isMessages(sig.Results().At(0).Type(), "Event") {
			continue
		}
		r, ok := w.ref(sig.Params().At(0).Type(), w.place(method.Pos(), len(method.Name())))
		if !ok || handled[r.key()] {
			continue
		}
		out = append(out, Idle{method.Name(), r, r.Place})
	}
	return out
}

// isMessages reports whether a type is []landfall.Event or []landfall.Command.
func isMessages(t types.Type, name string) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && isRuntimeType(s.Elem(), name)
}
