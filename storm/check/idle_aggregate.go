package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

var idleAggregate = &Check{
	Code: "S215", Name: "idle-aggregate",
	Doc:        "The aggregate handles no command and emits no event.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Aggregate) {
			if len(e.Handles) == 0 {
				p.element(e, "the aggregate %s decides nothing", e.Path()).Help =
					"write its lines of flow in its braces: Command -> Event"
			}
		}
	},
}
