package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var goName = &Check{
	Code: "S109", Name: "go-name",
	Doc:        "Two elements of a module whose names give the same Go name cannot both be generated.",
	Severities: [3]diag.Severity{diag.Off, diag.Hint, diag.Error},
	Run: func(p *Pass) {
		for m := range p.Storm.All() {
			first := map[string]*model.Element{}
			for _, e := range m.Elements {
				if e.Kind == ast.Actor || e.Kind == ast.Term {
					continue
				}
				name := e.GoName()
				other := first[name]
				if other == nil {
					first[name] = e
					continue
				}
				d := p.element(e, "the %s and the %s would both be called %s in Go", plain(other), plain(e), name)
				d.Related = []diag.Related{related(other.At(), "the %s", plain(other))}
				d.Help = "rename one of the two; was keeps its old name known"
			}
		}
	},
}

func plain(e *model.Element) string { return e.Kind.String() + " " + ast.Quote(e.Name) }
