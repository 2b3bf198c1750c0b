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
			var owner *model.Element
			for _, h := range p.emitting[e] {
				if h.Handler == nil {
					continue
				}
				about := []*model.Meta{&h.Meta, &h.Handler.Meta, &e.Meta, &h.Handler.Module.Meta}
				if h.Handler.Module != e.Module && !e.Module.IsFree() {
					d := p.report(h.Place, about, "%s emits the event %s of another module", h.Handler, e.Path())
					d.Help = "each module emits events of its own; send the other module a command"
				} else if owner != nil && owner != h.Handler {
					d := p.report(h.Place, about, "%s emits the event %s, which is another's", h.Handler, e.Path())
					d.Related = []diag.Related{related(owner.At(), "%s emits it too", owner)}
					d.Help = "give each its own event, or let a policy send the command to the one that decides"
				}
				if owner == nil {
					owner = h.Handler
				}
			}
		}
	},
}
