package model

import (
	"github.com/landfall-go/landfall/storm/ast"
)

// Verb says how one element leads to the next, in the words of the notation.
type Verb string

// The verbs.
const (
	Issues   Verb = "issues"        // actor -> command
	HandedTo Verb = "is handled by" // command -> aggregate or system
	Emits    Verb = "emits"         // aggregate or system -> event
	LeadsTo  Verb = "leads to"      // command -> event
	Triggers Verb = "triggers"      // event -> policy
	Stops    Verb = "stops"         // event -> policy that it keeps from acting
	Invokes  Verb = "invokes"       // policy -> command
	Updates  Verb = "updates"       // event -> projection
	Informs  Verb = "informs"       // projection -> actor
	Supports Verb = "supports"      // projection -> policy that uses it
)

// Link is one arrow between two elements.
type Link struct {
	Verb     Verb
	From, To *Element
	Place    ast.Place
}

// Links returns every link of the storm, each once, in the order of the
// modules and of their parts. A command and its event have a link of their own
// (LeadsTo) besides those with the aggregate or system between them.
func (s *Storm) Links() []Link {
	l := linker{seen: map[linkKey]bool{}}
	for h := range s.Handlings() {
		l.handling(h)
	}
	for e := range s.Elements() {
		l.policy(e)
		l.projection(e)
	}
	return l.links
}

type linkKey struct {
	verb     Verb
	from, to *Element
}

type linker struct {
	links []Link
	seen  map[linkKey]bool
}

func (l *linker) add(verb Verb, from, to *Element, at ast.Place) {
	key := linkKey{verb, from, to}
	if l.seen[key] {
		return
	}
	l.seen[key] = true
	l.links = append(l.links, Link{verb, from, to, at})
}

func (l *linker) handling(h *Handling) {
	for _, c := range h.Commands {
		for _, a := range h.Issuers {
			l.add(Issues, a, c, h.Place)
		}
		if h.Handler != nil {
			l.add(HandedTo, c, h.Handler, h.Place)
		}
		for e := range h.Events.All() {
			l.add(LeadsTo, c, e, h.Place)
		}
	}
	if h.Handler == nil {
		return
	}
	for e := range h.Events.All() {
		l.add(Emits, h.Handler, e, h.Place)
	}
}

func (l *linker) policy(e *Element) {
	if e.Policy == nil {
		return
	}
	for on := range e.Policy.On.All() {
		l.add(Triggers, on, e, e.Place)
	}
	for _, stop := range e.Policy.Unless {
		l.add(Stops, stop, e, e.Place)
	}
	for _, view := range e.Policy.Using {
		l.add(Supports, view, e, e.Place)
	}
	for c := range e.Policy.Invokes.All() {
		l.add(Invokes, e, c, e.Place)
	}
}

func (l *linker) projection(e *Element) {
	if e.View == nil {
		return
	}
	for _, event := range e.View.UpdatedBy {
		l.add(Updates, event, e, e.Place)
	}
	for _, actor := range e.View.Informs {
		l.add(Informs, e, actor, e.Place)
	}
}

// Crossing is a message that runs between two modules.
type Crossing struct {
	From, To *Module
	Message  *Element // a command, or a published event
	User     *Element // the policy that sends the command, or that hears the event; or the projection
}

// Crossings returns the messages that run between modules, each once for a pair
// of modules, in the order of the modules. What runs to or from the part
// outside of any module is none.
func (s *Storm) Crossings() []Crossing {
	type key struct {
		from, to *Module
		message  *Element
	}
	seen := map[key]bool{}
	var out []Crossing
	add := func(from, to *Module, message, user *Element) {
		k := key{from, to, message}
		if from == to || from.IsFree() || to.IsFree() || seen[k] {
			return
		}
		seen[k] = true
		out = append(out, Crossing{from, to, message, user})
	}
	for e := range s.Elements() {
		switch {
		case e.Policy != nil:
			for _, on := range append(e.Policy.On.flat(), e.Policy.Unless...) {
				add(on.Module, e.Module, on, e)
			}
			for c := range e.Policy.Invokes.All() {
				add(e.Module, c.Module, c, e)
			}
		case e.View != nil:
			for _, on := range e.View.UpdatedBy {
				add(on.Module, e.Module, on, e)
			}
		}
	}
	return out
}

func (c Choice) flat() []*Element {
	var out []*Element
	for e := range c.All() {
		out = append(out, e)
	}
	return out
}
