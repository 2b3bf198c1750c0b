package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

var policyCommand = &Check{
	Code: "S207", Name: "policy-command",
	Doc:        "A policy without a command does nothing.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Error},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Policy) {
			if len(e.Policy.Invokes) == 0 {
				p.element(e, "the policy %s invokes no command", e.Path()).Help =
					"say what it does: policy " + ast.Quote(e.Name) + " : Event -> Command; what only informs is a projection"
			}
		}
	},
}
