package importer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// flow is what the notes and the links of a board mean together.
type flow struct {
	board    *board
	elements []*element // in the order of time
	index    map[elementKey]*element
	free     []*note // texts that are no elements, in the order of time
	links    int     // that became part of the flow
	on       map[*note][]*element
	between  []*link           // links that the language has no word for
	caused   map[*element]bool // events that a line of flow leads to
	heard    map[*element]bool // events that another module hears of
	modules  map[elementKey][]*module
	remarked map[string]bool
}

type elementKey struct {
	module *module
	kind   ast.Kind
	name   string
}

// element is a named thing with all its notes and links.
type element struct {
	elementKey
	notes []*note // in the order of time
	doc   []string

	issuers  []*element // of a command
	handlers []*element // of a command
	handles  []*element // of an aggregate or a system: commands
	emits    []*element // of an aggregate or a system: events
	leadsTo  []*element // of a command: events
	on       []*element // of a policy or a projection: events
	using    []*element // of a policy: projections
	to       []*element // of a policy: commands; of a projection: actors
	mentions int        // in links
	fed      []pair     // commands and events that met at one note of the handler

	meaning   string // of a term
	pivotal   bool
	exclusive bool
}

// pair is a command with an event that it leads to.
type pair struct{ command, event *element }

func newFlow(b *board) *flow {
	f := &flow{board: b, index: map[elementKey]*element{}, on: map[*note][]*element{},
		caused: map[*element]bool{}, heard: map[*element]bool{}, modules: map[elementKey][]*module{}, remarked: map[string]bool{}}
	for _, n := range b.notes {
		if n.module != nil {
			key := elementKey{kind: n.kind, name: n.text}
			f.modules[key] = addNew(f.modules[key], n.module)
		}
	}
	list := slices.Clone(b.notes)
	slices.SortStableFunc(list, func(x, y *note) int { return x.rank - y.rank })
	for _, n := range list {
		if n.kind.IsElement() {
			f.addNote(n)
		} else {
			f.free = append(f.free, n)
		}
	}
	for _, l := range b.links {
		f.link(l)
	}
	f.meet()
	for _, e := range f.elements {
		if e.kind == ast.Aggregate || e.kind == ast.System {
			f.pairs(e)
		}
	}
	f.hear()
	f.alone()
	return f
}

// alone reports what nothing is linked with on a board that has commands.
func (f *flow) alone() {
	if !f.board.hasCommands() {
		return
	}
	for _, e := range f.elements {
		switch e.kind {
		case ast.Command, ast.Policy, ast.Projection, ast.Aggregate:
			if e.mentions == 0 {
				f.board.report.unknown(f.id(e), "%s %s: nothing leads to it or from it", e.kind, ast.QuoteText(e.name))
			}
		}
	}
}

// hear finds the events that something leads to, and those that policies and
// projections of other modules hear of.
func (f *flow) hear() {
	for _, e := range f.elements {
		for _, event := range slices.Concat(e.emits, e.leadsTo) {
			f.caused[event] = true
		}
		if e.kind != ast.Policy && e.kind != ast.Projection {
			continue
		}
		for _, event := range e.on {
			if event.module != e.module {
				f.heard[event] = true
			}
		}
	}
}

// remark reports something once.
func (f *flow) remark(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !f.remarked[text] {
		f.remarked[text] = true
		f.board.report.unknown("", "%s", text)
	}
}

// addNote adds a note to its element. A note outside of all modules belongs to
// the one element of its name inside of one.
func (f *flow) addNote(n *note) {
	key, meaning := elementKey{n.module, n.kind, n.text}, ""
	if n.kind == ast.Term {
		key.name, meaning = definition(n.text)
	}
	if n.module == nil {
		if m := f.only(n); m != nil {
			key.module = m
			f.board.report.decide(n.id, "%s %s lies outside of the modules: it is that of %s", n.kind, ast.QuoteText(n.text), ast.QuoteText(m.name))
		}
	}
	e := f.index[key]
	if e == nil {
		e = &element{elementKey: key}
		f.index[key] = e
		f.elements = append(f.elements, e)
	}
	n.element = e
	e.meaning = also(e.meaning, meaning)
	e.notes = append(e.notes, n)
	e.pivotal = e.pivotal || n.pivotal
	e.exclusive = e.exclusive || n.exclusive
	for _, line := range n.doc {
		if !slices.Contains(e.doc, line) {
			e.doc = append(e.doc, line)
		}
	}
}

// definition splits the note of a term that also says what it means. The whole
// note is the meaning, as it was written.
func definition(text string) (name, meaning string) {
	for _, sign := range []string{": ", " - ", " – ", " — ", " = "} {
		name, _, found := strings.Cut(text, sign)
		if name = strings.TrimSpace(name); found && name != "" && len(name) <= 40 {
			return name, text
		}
	}
	return text, ""
}

// also joins two texts about one thing.
func also(a, b string) string {
	switch {
	case a == "" || b == "" || a == b:
		return max(a, b)
	}
	return a + " / " + b
}

// only returns the one module that has an element of a note's kind and name.
func (f *flow) only(n *note) *module {
	if list := f.modules[elementKey{kind: n.kind, name: n.text}]; len(list) == 1 {
		return list[0]
	}
	return nil
}

// verbOf says which link of the language leads from one kind to another.
func verbOf(from, to ast.Kind) model.Verb {
	switch from {
	case ast.Actor:
		if to == ast.Command {
			return model.Issues
		}
	case ast.System, ast.Aggregate:
		if to == ast.Event {
			return model.Emits
		}
		if to == ast.Command && from == ast.System {
			return model.Issues
		}
	case ast.Command:
		switch to {
		case ast.Aggregate, ast.System:
			return model.HandedTo
		case ast.Event:
			return model.LeadsTo
		}
	case ast.Event:
		switch to {
		case ast.Policy:
			return model.Triggers
		case ast.Projection:
			return model.Updates
		}
	case ast.Policy:
		if to == ast.Command {
			return model.Invokes
		}
	case ast.Projection:
		switch to {
		case ast.Actor:
			return model.Informs
		case ast.Policy:
			return model.Supports
		}
	}
	return ""
}

// link makes a link of the flow, or a note of what the language cannot say.
func (f *flow) link(l *link) {
	known := f.annotate(l) || f.connect(l)
	if known && l.text == "" {
		return
	}
	f.between = append(f.between, l)
	f.board.report.unknown(l.id, "%s", l)
}

// annotate puts a sticky on what it is linked with, whichever way.
func (f *flow) annotate(l *link) bool {
	sticky, other := l.from, l.to
	if !sticky.kind.IsSticky() {
		sticky, other = other, sticky
	}
	if !sticky.kind.IsSticky() || other.element == nil {
		return false
	}
	f.on[sticky] = addNew(f.on[sticky], other.element)
	f.links++
	return true
}

// connect makes a link between two elements. A link that is drawn backwards, or
// called so ("handled by" from the aggregate), is turned.
func (f *flow) connect(l *link) bool {
	from, to := l.from.element, l.to.element
	if from == nil || to == nil {
		return false
	}
	verb := verbOf(from.kind, to.kind)
	if l.relation != "" && l.verb == "" {
		return false // a relation with a meaning of its own
	}
	if verb == "" && l.verb != "" && verbOf(to.kind, from.kind) == l.verb {
		verb, from, to = l.verb, to, from
		l.from, l.to = l.to, l.from
	}
	if verb == "" {
		return false
	}
	if verb == model.Issues && from.kind == ast.System && f.namesake(from, ast.Actor) {
		return false // the line of flow would mean the actor
	}
	f.links++
	from.mentions++
	to.mentions++
	from.join(verb, to)
	return true
}

// namesake reports whether there is something of another kind with the name of an
// element, in its module or outside of all.
func (f *flow) namesake(e *element, kind ast.Kind) bool {
	return f.index[elementKey{e.module, kind, e.name}] != nil || f.index[elementKey{nil, kind, e.name}] != nil
}

// join keeps a link with the elements that the storm file keeps it with.
func (e *element) join(verb model.Verb, to *element) {
	switch verb {
	case model.Issues:
		to.issuers = addNew(to.issuers, e)
	case model.HandedTo:
		e.handlers = addNew(e.handlers, to)
		to.handles = addNew(to.handles, e)
	case model.Emits:
		e.emits = addNew(e.emits, to)
	case model.LeadsTo:
		e.leadsTo = addNew(e.leadsTo, to)
	case model.Triggers, model.Updates:
		to.on = addNew(to.on, e)
	case model.Supports:
		to.using = addNew(to.using, e)
	case model.Invokes, model.Informs:
		e.to = addNew(e.to, to)
	}
}

func addNew[T comparable](list []T, item T) []T {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}

// String says what a link leads from and to.
func (l *link) String() string {
	words := " leads to "
	if l.relation != "" {
		words = " " + spacedKey(l.relation) + " "
	}
	out := cleanName(l.from.text) + words + cleanName(l.to.text)
	if l.text != "" {
		return l.text + " (" + out + ")"
	}
	return out
}

// meet pairs the commands that lead into one note of a handler with the events
// that lead out of it: on a board a handler is often noted once for each.
func (f *flow) meet() {
	type ends struct{ in, out []*element }
	at := map[*note]*ends{}
	of := func(n *note) *ends {
		if at[n] == nil {
			at[n] = &ends{}
		}
		return at[n]
	}
	for _, l := range f.board.links {
		if l.from.element == nil || l.to.element == nil {
			continue
		}
		switch verbOf(l.from.kind, l.to.kind) {
		case model.HandedTo:
			of(l.to).in = addNew(of(l.to).in, l.from.element)
		case model.Emits:
			of(l.from).out = addNew(of(l.from).out, l.to.element)
		}
	}
	for _, h := range f.elements {
		for _, n := range h.notes {
			e := at[n]
			if e == nil || len(e.in) != 1 || len(h.handles) == 1 {
				continue
			}
			for _, event := range e.out {
				h.fed = append(h.fed, pair{e.in[0], event})
			}
		}
	}
}
