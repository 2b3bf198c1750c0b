package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

var commandIssuer = &Check{
	Code: "S213", Name: "command-issuer",
	Doc:        "No actor, policy or system issues the command.",
	Severities: [3]diag.Severity{diag.Off, diag.Hint, diag.Hint},
	Run: func(p *Pass) {
		for _, c := range p.elements(ast.Command) {
			if len(p.issuers[c])+len(p.invoking[c]) == 0 {
				p.element(c, "nobody issues the command %s", c.Path()).Help =
					"ask who decides to do it: Actor -> " + ast.Quote(c.Name) + " -> …, or a policy"
			}
		}
	},
}
