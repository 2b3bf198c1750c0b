package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

var idleUnless = &Check{
	Code: "S217", Name: "unless-without-after",
	Doc:        "A policy that acts at once cannot be kept from acting by a later event: unless needs after.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Policy) {
			if len(e.Policy.Unless) > 0 && e.Policy.After == "" {
				p.element(e, "the policy %s acts at once, so its unless has no effect", e.Path()).Help =
					"say how long it waits: policy " + ast.Quote(e.Name) + " : Event after 30d unless Other -> Command"
			}
		}
	},
}
