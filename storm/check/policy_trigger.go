package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

var policyTrigger = &Check{
	Code: "S206", Name: "policy-trigger",
	Doc:        "A policy without an event never acts.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Error},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Policy) {
			if len(e.Policy.On) == 0 {
				p.element(e, "no event triggers the policy %s", e.Path()).Help =
					"say whenever what happens it acts: policy " + ast.Quote(e.Name) + " : Event -> Command"
			}
		}
	},
}
