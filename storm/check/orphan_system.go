package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

var orphanSystem = &Check{
	Code: "S210", Name: "orphan-system",
	Doc:        "The external system handles no command, emits no event and issues nothing.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.System) {
			if len(e.Handles) == 0 && !p.issuing[e] {
				p.element(e, "the system %s takes no part in any flow", e.Path()).Help =
					"ask which command goes to it, or which event comes from it"
			}
		}
	},
}
