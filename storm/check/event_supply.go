package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var eventSupply = &Check{
	Code: "S403", Name: "event-supply",
	Doc:        "An event carries a field that neither its command nor the state of its aggregate can supply.",
	Severities: [3]diag.Severity{diag.Off, diag.Off, diag.Hint},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Event) {
			if len(e.Fields) == 0 || len(p.emitting[e]) == 0 {
				continue
			}
			have, known := p.suppliers(e)
			if !known {
				continue
			}
			for _, f := range e.Fields {
				if have.has(f) || made(f.Type) {
					continue
				}
				p.elementAt(f.Place, e, "nothing supplies the field %s of the event %s", f.Name, e.Path()).Help =
					"ask where it comes from: a field of the command, or the state of the aggregate"
			}
		}
	},
}

// suppliers gathers what may go into an event: the data of the commands that
// lead to it, the state of the aggregate, and the aggregate's other events.
// known is false when a system emits it or no data was declared yet.
func (p *Pass) suppliers(e *model.Element) (have *supply, known bool) {
	have = newSupply()
	for _, h := range p.emitting[e] {
		if h.Handler == nil || h.Handler.Kind == ast.System || len(h.Commands) == 0 {
			return have, false
		}
		known = known || declaresData(h.Commands) || h.Handler.HasData
		for _, c := range h.Commands {
			have.add(c.Fields)
		}
		have.add(h.Handler.Fields)
		for _, other := range h.Handler.Handles {
			for event := range other.Events.All() {
				if event != e {
					have.add(event.Fields)
					known = known || event.HasData
				}
			}
		}
	}
	return have, known
}

// made reports whether a decision can make a value of the type by itself: an
// id, a number, a truth value, a time.
func made(t *model.Type) bool {
	if t == nil {
		return true
	}
	switch t.Basic {
	case model.ID, model.Int, model.Decimal, model.Bool, model.Time, model.Date, model.Duration:
		return true
	}
	return t.Optional || t.Of != nil && t.Of.Kind == ast.Enum
}
