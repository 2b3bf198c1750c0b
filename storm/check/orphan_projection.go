package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

var orphanProjection = &Check{
	Code: "S211", Name: "orphan-projection",
	Doc:        "No event updates the projection, so it stays empty.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Projection) {
			if len(e.View.UpdatedBy) == 0 {
				p.element(e, "no event updates the projection %s", e.Path()).Help =
					"ask which events fill it: projection " + ast.Quote(e.Name) + " : Event, Event"
			}
		}
	},
}
