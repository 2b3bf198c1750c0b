package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var mixedKinds = &Check{
	Code: "S111", Name: "mixed-kinds",
	Doc:        "A name stands for something of one kind, and is used as if it were of another: events and commands get mixed up.",
	Severities: [3]diag.Severity{diag.Hint, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for m := range p.Storm.All() {
			declared := map[string]*model.Element{}
			for _, e := range m.Elements {
				if len(e.Declared) > 0 && e.Kind != ast.Term {
					declared[e.Name] = e
				}
			}
			for _, e := range m.Elements {
				other := declared[e.Name]
				if len(e.Declared) > 0 || other == nil {
					continue
				}
				d := p.element(e, "%s is declared as %s and used as %s", ast.Quote(e.Name), other.Kind.Article(), e.Kind.Article())
				d.Related = []diag.Related{related(other.At(), "declared here")}
				d.Help = "a command is what someone decides to do, an event is what has happened"
			}
		}
	},
}
