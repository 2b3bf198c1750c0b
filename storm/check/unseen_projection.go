package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

var unseenProjection = &Check{
	Code: "S212", Name: "unseen-projection",
	Doc:        "The projection informs no actor and helps no policy. Someone probably looks at it.",
	Severities: [3]diag.Severity{diag.Off, diag.Hint, diag.Hint},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Projection) {
			if len(e.View.Informs) == 0 && !p.helping[e] {
				p.element(e, "nobody looks at the projection %s", e.Path()).Help =
					"ask who decides with it: projection " + ast.Quote(e.Name) + " : … -> Actor, or using " + ast.Quote(e.Name) + " in a policy"
			}
		}
	},
}
