package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

var emptyEnum = &Check{
	Code: "S406", Name: "empty-enum",
	Doc:        "An enum without members has no value.",
	Severities: [3]diag.Severity{diag.Off, diag.Off, diag.Error},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Enum) {
			if len(e.Members) == 0 {
				p.element(e, "the enum %s has no members", e.Path()).Help = "write them in braces: enum " + ast.Quote(e.Name) + " { A, B }"
			}
		}
	},
}
