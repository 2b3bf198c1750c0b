package importer

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
)

// The classes of statements, in the order in which a module has them when the
// board has no positions.
const (
	people = iota
	happenings
	reactions
	views
	data
	words
	remarks
)

// item is a statement at its place in time.
type item struct {
	stmt    ast.Stmt
	class   int
	rank    int
	stretch *stretch
	block   bool // it stands apart, between blank lines
	ends    bool // a blank line follows
}

// writer makes the statements of one module, or of what is in none.
type writer struct {
	*flow
	in    *module
	items []item
}

// file makes the tree of the storm.
func (b *board) file(f *flow) *ast.File {
	file := &ast.File{}
	header := &ast.Header{Kind: ast.HeaderStorm, Name: ast.Name{Text: b.name}}
	header.Lead = comments(b.doc)
	level := &ast.Header{Kind: ast.HeaderLevel, Name: ast.Name{Text: b.level.String()}}
	file.Stmts = append(file.Stmts, header, level)
	file.Stmts = append(file.Stmts, (&writer{flow: f}).stmts(true)...)
	for _, m := range b.modules {
		w := &writer{flow: f, in: m}
		decl := &ast.ModuleDecl{Name: ast.Name{Text: m.name}, Body: &ast.Block{}}
		decl.Lead = comments(m.doc)
		decl.Body.Stmts = append(w.lists(), w.stmts(len(w.lists()) > 0)...)
		apart(decl)
		file.Stmts = append(file.Stmts, decl)
	}
	return file
}

// comments makes the lines of a doc comment.
func comments(lines []string) []ast.Comment {
	var out []ast.Comment
	for _, l := range lines {
		if l = cleanName(l); l != "" {
			out = append(out, ast.Comment{Text: "// " + l})
		}
	}
	return out
}

// apart puts a blank line before a statement and its comments.
func apart(s ast.Stmt) {
	c := &s.Head().Comments
	if len(c.Lead) > 0 {
		c.Lead[0].Blank = true
		return
	}
	c.Blank = true
}

// lists returns what a module publishes and what is pivotal in it.
func (w *writer) lists() []ast.Stmt {
	published := &ast.List{Kind: ast.ListPublishes}
	pivotal := &ast.List{Kind: ast.ListPivotal}
	for _, e := range w.elements {
		if e.module != w.in || e.kind != ast.Event {
			continue
		}
		if w.heard[e] {
			published.Items = append(published.Items, ast.Item{Ref: w.ref(e)})
		}
		if e.pivotal {
			pivotal.Items = append(pivotal.Items, ast.Item{Ref: w.ref(e)})
		}
	}
	var out []ast.Stmt
	for _, l := range []*ast.List{published, pivotal} {
		if len(l.Items) > 0 {
			wrap(l.Items)
			out = append(out, l)
		}
	}
	return out
}

// wrap breaks a list of names into lines.
func wrap(list ast.Refs) {
	length := 0
	for i := range list {
		n := len([]rune(list[i].Name.Text)) + 4
		if length += n; length > 96 && i > 0 {
			list[i].Break = true
			length = n
		}
	}
}

// stmts returns the statements in the order of time. after says that something
// stands before them.
func (w *writer) stmts(after bool) []ast.Stmt {
	for _, e := range w.elements {
		if e.module == w.in {
			w.element(e)
		}
	}
	for _, n := range w.free {
		if n.module == w.in {
			w.sticky(n)
		}
	}
	w.arrows()
	w.pivots()
	w.sort()
	var out []ast.Stmt
	add := func(s ast.Stmt, blank bool) {
		if blank && (after || len(out) > 0) {
			apart(s)
		}
		out = append(out, s)
	}
	next := 0
	previous := item{class: -1, ends: true}
	for _, i := range w.items {
		blank := i.block || previous.block || previous.ends || !w.board.placed && i.class != previous.class
		for w.in == nil && w.before(i.stretch, next) {
			add(w.title(next), true)
			blank = i.block
			next++
		}
		add(i.stmt, blank)
		previous = i
	}
	for ; w.in == nil && next < len(w.board.sections); next++ {
		add(w.title(next), true)
	}
	if w.in == nil {
		out = append(out, w.lanes(len(out) > 0 || after)...)
	}
	return out
}

// before reports whether the title of the section with that number stands before
// what is in a section.
func (w *writer) before(s *stretch, next int) bool {
	return s != nil && next < len(w.board.sections) && next <= slices.Index(w.board.sections, s)
}

func (w *writer) title(number int) ast.Stmt {
	return &ast.Header{Kind: ast.HeaderSection, Name: ast.Name{Text: w.board.sections[number].name}}
}

// pivots puts what is pivotal outside of modules: after the column of the event,
// where the line stands on the board.
func (w *writer) pivots() {
	if w.in != nil {
		return
	}
	last := map[int]*note{}
	for _, n := range w.board.notes {
		if l := last[n.column]; n.placed && (l == nil || l.rank < n.rank) {
			last[n.column] = n
		}
	}
	for _, e := range w.elements {
		if !e.pivotal || e.module != nil {
			continue
		}
		at := e.notes[0]
		for _, n := range e.notes {
			if n.pivotal {
				at = n
			}
		}
		if w.board.placed && at.placed {
			at = last[at.column]
		}
		w.put(happenings, at, &ast.List{Kind: ast.ListPivotal, Items: ast.Refs{{Ref: w.ref(e)}}}, false)
		w.items[len(w.items)-1].ends = true
	}
}

func (w *writer) sort() {
	section := map[*stretch]int{nil: -1}
	for i, s := range w.board.sections {
		section[s] = i
	}
	slices.SortStableFunc(w.items, func(a, b item) int {
		if w.board.placed {
			if w.in == nil && !w.board.byPage() {
				return cmp.Or(cmp.Compare(section[a.stretch], section[b.stretch]), cmp.Compare(a.rank, b.rank))
			}
			return cmp.Compare(a.rank, b.rank)
		}
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.rank, b.rank))
	})
}

// byPage reports whether the board is read without sections.
func (b *board) byPage() bool { return len(b.sections) == 0 }

func (w *writer) put(class int, at *note, s ast.Stmt, block bool) {
	w.items = append(w.items, item{stmt: s, class: class, rank: at.rank, stretch: at.section, block: block})
}

// element puts the statements of an element.
func (w *writer) element(e *element) {
	first := e.notes[0]
	switch e.kind {
	case ast.Aggregate, ast.System:
		w.handler(e)
	case ast.Command:
		w.command(e)
	case ast.Event:
		w.event(e)
	case ast.Policy:
		d := w.decl(e)
		d.From = w.refs(e.on, true)
		d.Using = w.refs(e.using, false)
		d.To = w.refs(e.to, e.exclusive)
		w.put(reactions, w.earliest(first, e.on), d, false)
	case ast.Projection:
		d := w.decl(e)
		d.From, d.To = w.refs(e.on, false), w.refs(e.to, false)
		w.put(views, first, d, false)
	case ast.Term:
		d := w.decl(e)
		d.Text = ast.Name{Text: e.meaning}
		w.put(words, first, d, false)
	case ast.Actor:
		if !w.board.placed || e.mentions == 0 || len(e.doc) > 0 || w.undecided(e) || w.exists(e, ast.System) {
			w.put(people, first, w.decl(e), false)
		}
	}
	if e.mentions > 0 {
		return
	}
	for _, n := range e.notes[1:] {
		w.again(e, n)
	}
}

// again puts a further note of an element that nothing is linked with.
func (w *writer) again(e *element, n *note) {
	if e.kind == ast.Event {
		w.put(happenings, n, w.bare(e), false)
		return
	}
	w.put(happenings, n, &ast.Decl{Kind: e.kind, Name: ast.Name{Text: e.name}}, false)
}

func (w *writer) decl(e *element) *ast.Decl {
	d := &ast.Decl{Kind: e.kind, Name: ast.Name{Text: e.name}}
	d.Lead = comments(e.doc)
	return d
}

func (w *writer) bare(e *element) *ast.FlowLine {
	return &ast.FlowLine{Steps: []ast.Refs{{{Ref: w.ref(e)}}}}
}
