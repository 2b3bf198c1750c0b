package importer

import (
	"github.com/landfall-go/landfall/storm/ast"
)

// ref mentions an element where its kind is plain.
func (w *writer) ref(e *element) ast.Ref {
	r := ast.Ref{Name: ast.Name{Text: e.name}}
	if e.module != nil && e.module != w.in {
		r.Module = ast.Name{Text: e.module.name}
	}
	return r
}

// anyRef mentions an element where any kind may be meant.
func (w *writer) anyRef(e *element) ast.Ref {
	r := w.ref(e)
	for k := ast.Actor; k <= ast.Term; k++ {
		if k != e.kind && w.exists(e, k) {
			r.Kind = e.kind
		}
	}
	return r
}

// exists reports whether there is something of another kind with the name of an
// element, in its module or outside of all.
func (w *writer) exists(e *element, kind ast.Kind) bool {
	return w.namesake(e, kind) || w.index[elementKey{w.in, kind, e.name}] != nil
}

// refs mentions elements, as a list of which one or all are meant.
func (w *writer) refs(list []*element, one bool) ast.Refs {
	var out ast.Refs
	for i, e := range list {
		out = append(out, ast.Item{Ref: w.ref(e), Or: one && i > 0})
	}
	wrap(out)
	return out
}

// sticky puts a text that is no element.
func (w *writer) sticky(n *note) {
	s := &ast.Sticky{Kind: n.kind, Text: ast.Name{Text: n.text}, Resolved: ast.Name{Text: n.resolved}}
	s.Lead = comments(n.doc)
	for _, e := range w.on[n] {
		s.On = append(s.On, ast.Item{Ref: w.anyRef(e)})
	}
	w.put(remarks, n, s, false)
}

// arrows puts the links that the language has no word for, as notes on both
// their ends.
func (w *writer) arrows() {
	for _, l := range w.between {
		var on ast.Refs
		for _, n := range []*note{l.from, l.to} {
			if n.element != nil {
				on = append(on, ast.Item{Ref: w.anyRef(n.element)})
			}
		}
		if homeOf(l) == w.in {
			w.put(remarks, l.to, &ast.Sticky{Kind: ast.Note, Text: ast.Name{Text: l.String()}, On: on}, false)
		}
	}
}

// homeOf returns the module that the note for a link stands in.
func homeOf(l *link) *module {
	if l.from.element != nil {
		return l.from.element.module
	}
	return l.from.module
}

// lanes makes a lane of each area and each lane that something lies in.
func (w *writer) lanes(after bool) []ast.Stmt {
	var out []ast.Stmt
	add := func(name string, list []*element) {
		if len(list) == 0 {
			w.remark("%s: a lane with nothing in it", ast.QuoteText(name))
			out = append(out, &ast.Sticky{Kind: ast.Note, Text: ast.Name{Text: name}})
			return
		}
		l := &ast.List{Kind: ast.ListLane, Name: ast.Name{Text: name}}
		for _, e := range list {
			l.Items = append(l.Items, ast.Item{Ref: w.anyRef(e)})
		}
		wrap(l.Items)
		out = append(out, l)
	}
	for i, lane := range w.board.lanes {
		if list := w.inside(func(n *note) bool { return w.board.laneOf(n) == lane }); len(list) > 0 || lane.label != "" {
			add(lane.name(i), list)
		}
	}
	for _, a := range w.board.areas {
		if a.module == nil {
			add(a.name, w.inside(func(n *note) bool { return n.area == a }))
		}
	}
	if len(out) > 0 && after {
		apart(out[0])
	}
	return out
}

// inside returns the elements of the notes that lie in something.
func (w *writer) inside(in func(*note) bool) []*element {
	var out []*element
	for _, e := range w.elements {
		for _, n := range e.notes {
			if in(n) {
				out = append(out, e)
				break
			}
		}
	}
	return out
}
