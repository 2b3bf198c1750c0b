package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var notedAgain = &Check{
	Code: "S110", Name: "noted-again",
	Doc:        "The same thing was noted several times. Merge the notes, but ask first whether they really are the same.",
	Severities: [3]diag.Severity{diag.Hint, diag.Hint, diag.Warning},
	Run: func(p *Pass) {
		count := map[*model.Element][]ast.Place{}
		for _, n := range p.Storm.Timeline {
			count[n.Element] = append(count[n.Element], n.Place)
		}
		for e := range p.Storm.Elements() {
			places := count[e]
			if len(places) < 2 {
				continue
			}
			d := p.elementAt(places[1], e, "the %s %s was noted %d times", e.Kind, ast.Quote(e.Name), len(places))
			d.Help = "ask whether all mean the same, and remove the others or give them names of their own"
			for i, at := range places {
				if i != 1 && len(d.Related) < 5 {
					d.Related = append(d.Related, related(at, "here"))
				}
			}
		}
	},
}
