package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var eventUse = &Check{
	Code: "S202", Name: "event-use",
	Doc:        "No policy, projection or flow uses the event. It may be the end of the story, or a part of the story is missing.",
	Severities: [3]diag.Severity{diag.Off, diag.Hint, diag.Hint},
	Run: func(p *Pass) {
		walked := map[*model.Element]bool{}
		for m := range p.Storm.All() {
			for _, w := range m.Walks {
				for _, step := range w.Steps {
					walked[step] = true
				}
			}
		}
		for _, e := range p.elements(ast.Event) {
			if len(p.triggered[e])+len(p.updating[e]) > 0 || p.stopping[e] || walked[e] {
				continue
			}
			p.element(e, "nobody uses the event %s", e.Path()).Help =
				"ask who wants to know: a policy that reacts, or a projection for someone to look at"
		}
	},
}
