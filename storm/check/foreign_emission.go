package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var foreignEmission = &Check{
	Code: "S301", Name: "foreign-emission",
	Doc:        "An event belongs to one aggregate or system. Another one that emits it speaks for it.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Error},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Event) {
			owner := ownerOf(e, p.emitting[e])
			for _, h := range p.emitting[e] {
				if h.Handler == nil {
					continue
				}
				about := []*model.Meta{&h.Meta, &h.Handler.Meta, &e.Meta, &h.Handler.Module.Meta}
				if h.Handler.Module != e.Module && !e.Module.IsFree() {
					d := p.report(h.Place, about, "%s emits the event %s of another module", h.Handler, e.Path())
					d.Help = "each module emits events of its own; send the other module a command"
				} else if owner != h.Handler {
					d := p.report(h.Place, about, "%s emits the event %s, which is another's", h.Handler, e.Path())
					d.Related = []diag.Related{related(owner.At(), "%s emits it too", owner)}
					d.Help = "give each its own event, or let a policy send the command to the one that decides"
				}
			}
		}
	},
}

// ownerOf returns the first handler of the event's own module that emits it, or
// else the first of all.
func ownerOf(e *model.Element, lines []*model.Handling) *model.Element {
	var first *model.Element
	for _, h := range lines {
		if h.Handler == nil {
			continue
		}
		if h.Handler.Module == e.Module {
			return h.Handler
		}
		if first == nil {
			first = h.Handler
		}
	}
	return first
}
