package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

var orphanActor = &Check{
	Code: "S209", Name: "orphan-actor",
	Doc:        "The actor issues no command and looks at no projection.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Actor) {
			if !p.issuing[e] && !p.informed[e] {
				p.element(e, "the actor %s does nothing and sees nothing", e.Path()).Help =
					"ask which commands the actor issues, and what it looks at to decide"
			}
		}
	},
}
