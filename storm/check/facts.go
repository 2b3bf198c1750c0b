package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// facts are the links of a storm from both of their ends.
type facts struct {
	byKind    map[ast.Kind][]*model.Element
	handling  map[*model.Element][]*model.Handling // command -> lines
	emitting  map[*model.Element][]*model.Handling // event -> lines
	issuers   map[*model.Element][]*model.Element  // command -> actors and systems
	issuing   map[*model.Element]bool              // actors and systems that issue
	triggered map[*model.Element][]*model.Element  // event -> policies
	stopping  map[*model.Element]bool              // events that stop a policy
	updating  map[*model.Element][]*model.Element  // event -> projections
	informed  map[*model.Element]bool              // actors
	helping   map[*model.Element]bool              // projections
	invoking  map[*model.Element][]*model.Element  // command -> policies
	timed     map[*model.Element]bool              // events
}

func collect(s *model.Storm) *facts {
	f := &facts{
		byKind:    map[ast.Kind][]*model.Element{},
		handling:  map[*model.Element][]*model.Handling{},
		emitting:  map[*model.Element][]*model.Handling{},
		issuers:   map[*model.Element][]*model.Element{},
		issuing:   map[*model.Element]bool{},
		triggered: map[*model.Element][]*model.Element{},
		stopping:  map[*model.Element]bool{},
		updating:  map[*model.Element][]*model.Element{},
		informed:  map[*model.Element]bool{},
		helping:   map[*model.Element]bool{},
		invoking:  map[*model.Element][]*model.Element{},
		timed:     map[*model.Element]bool{},
	}
	for h := range s.Handlings() {
		f.line(h)
	}
	for e := range s.Elements() {
		f.byKind[e.Kind] = append(f.byKind[e.Kind], e)
		f.policy(e)
		f.projection(e)
	}
	for m := range s.All() {
		for _, t := range m.Timers {
			for _, e := range t.Events {
				f.timed[e] = true
			}
		}
	}
	return f
}

func (f *facts) line(h *model.Handling) {
	for _, c := range h.Commands {
		f.handling[c] = append(f.handling[c], h)
		f.issuers[c] = append(f.issuers[c], h.Issuers...)
	}
	for _, a := range h.Issuers {
		f.issuing[a] = true
	}
	for e := range h.Events.All() {
		f.emitting[e] = append(f.emitting[e], h)
	}
}

func (f *facts) policy(e *model.Element) {
	if e.Policy == nil {
		return
	}
	for on := range e.Policy.On.All() {
		f.triggered[on] = append(f.triggered[on], e)
	}
	for _, stop := range e.Policy.Unless {
		f.stopping[stop] = true
	}
	for _, view := range e.Policy.Using {
		f.helping[view] = true
	}
	for c := range e.Policy.Invokes.All() {
		f.invoking[c] = append(f.invoking[c], e)
	}
}

func (f *facts) projection(e *model.Element) {
	if e.View == nil {
		return
	}
	for _, on := range e.View.UpdatedBy {
		f.updating[on] = append(f.updating[on], e)
	}
	for _, a := range e.View.Informs {
		f.informed[a] = true
	}
}

// outcomes returns all events that a command may lead to.
func (f *facts) outcomes(c *model.Element) map[*model.Element]bool {
	out := map[*model.Element]bool{}
	for _, h := range f.handling[c] {
		for e := range h.Events.All() {
			out[e] = true
		}
	}
	return out
}

// handlers returns the aggregates and systems that handle a command, each once.
func (f *facts) handlers(c *model.Element) []*model.Element {
	var out []*model.Element
	seen := map[*model.Element]bool{}
	for _, h := range f.handling[c] {
		if h.Handler != nil && !seen[h.Handler] {
			seen[h.Handler] = true
			out = append(out, h.Handler)
		}
	}
	return out
}
