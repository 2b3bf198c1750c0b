package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var unusedType = &Check{
	Code: "S404", Name: "unused-type",
	Doc:        "No field uses the value or the enum.",
	Severities: [3]diag.Severity{diag.Off, diag.Off, diag.Hint},
	Run: func(p *Pass) {
		used := map[*model.Element]bool{}
		for e := range p.Storm.Elements() {
			for _, f := range e.Fields {
				for t := f.Type; t != nil; t = t.List {
					if t.Of != e {
						used[t.Of] = true
					}
				}
			}
		}
		for _, kind := range []ast.Kind{ast.Value, ast.Enum} {
			for _, e := range p.elements(kind) {
				if !used[e] {
					p.element(e, "no field uses the %s %s", e.Kind, e.Path()).Help = "remove it, or give a command or an event a field of it"
				}
			}
		}
	},
}
