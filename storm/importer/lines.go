package importer

import (
	"cmp"
	"github.com/landfall-go/landfall/storm/ast"
	"slices"
)

// handler puts an aggregate or a system with its lines of flow.
func (w *writer) handler(h *element) {
	d := w.decl(h)
	first := h.notes[0]
	var lines []item
	told := map[*element]bool{}
	for _, c := range h.handles {
		var events []*element
		for _, e := range c.leadsTo {
			if slices.Contains(h.emits, e) || h == c.handlers[0] && !emitted(c.handlers, e) {
				events = append(events, e)
				told[e] = true
			}
		}
		at := w.earliest(c.notes[0], events)
		lines = append(lines, item{stmt: w.line(c, events), rank: at.rank})
		first = earlier(first, at)
	}
	for _, e := range h.emits {
		if !told[e] {
			line := &ast.FlowLine{Steps: []ast.Refs{{{Ref: w.ref(e)}}}, First: true}
			lines = append(lines, item{stmt: line, rank: e.notes[0].rank})
			first = earlier(first, e.notes[0])
		}
	}
	slices.SortStableFunc(lines, func(a, b item) int { return cmp.Compare(a.rank, b.rank) })
	if len(lines) > 0 {
		d.Body = &ast.Block{}
		for _, l := range lines {
			d.Body.Stmts = append(d.Body.Stmts, l.stmt)
		}
	}
	w.put(happenings, first, d, len(lines) > 0)
}

// emitted reports whether one of the handlers emits an event.
func emitted(handlers []*element, e *element) bool {
	return slices.ContainsFunc(handlers, func(h *element) bool { return slices.Contains(h.emits, e) })
}

func earlier(a, b *note) *note {
	if b.rank < a.rank {
		return b
	}
	return a
}

// earliest returns the note that comes first: one of an event where there are
// any, on a board that has only the times of events.
func (w *writer) earliest(n *note, events []*element) *note {
	if len(events) == 0 {
		return n
	}
	if !w.board.placed {
		n = events[0].notes[0]
	}
	for _, e := range events {
		n = earlier(n, e.notes[0])
	}
	return n
}

// line makes a line of flow: who issues a command, and where it leads to.
func (w *writer) line(c *element, events []*element) *ast.FlowLine {
	line := &ast.FlowLine{}
	if len(c.issuers) > 0 {
		line.Steps = append(line.Steps, w.refs(c.issuers, false))
	}
	line.Steps = append(line.Steps, ast.Refs{{Ref: w.ref(c)}})
	if len(events) == 0 {
		line.Last = true
		return line
	}
	line.Steps = append(line.Steps, w.refs(events, alternatives(events)))
	return line
}

// alternatives reports whether events exclude one another: they happen at the
// same time, or it is not known when.
func alternatives(events []*element) bool {
	for _, e := range events {
		a, b := e.notes[0], events[0].notes[0]
		if a.timed && b.timed && a.order != b.order {
			return false
		}
	}
	return true
}

// command puts a command that nothing handles, or what else there is to say
// about one.
func (w *writer) command(c *element) {
	first := c.notes[0]
	if len(c.handlers) == 0 && len(c.leadsTo)+len(c.issuers) > 0 {
		line := w.line(c, c.leadsTo)
		line.Lead = comments(c.doc)
		w.put(happenings, w.earliest(first, c.leadsTo), line, false)
		if w.undecided(c) {
			w.put(data, first, &ast.Decl{Kind: ast.Command, Name: ast.Name{Text: c.name}}, false)
		}
		return
	}
	if c.mentions == 0 || len(c.doc) > 0 || w.undecided(c) {
		w.put(data, first, w.decl(c), false)
	}
}

// event puts an event that nothing leads to, or what else there is to say about
// one.
func (w *writer) event(e *element) {
	first := e.notes[0]
	if !w.caused[e] {
		line := w.bare(e)
		line.Lead = comments(e.doc)
		w.put(happenings, first, line, false)
		return
	}
	if len(e.doc) > 0 || w.undecided(e) {
		w.put(data, first, w.decl(e), false)
	}
}

// undecided reports whether a mention alone would not make the element where it
// belongs: in a module when there is one of the kind and name outside of all, and
// outside of all when a module may mention it.
func (w *writer) undecided(e *element) bool {
	if e.module == nil {
		return len(w.board.modules) > 0
	}
	return w.index[elementKey{nil, e.kind, e.name}] != nil
}
