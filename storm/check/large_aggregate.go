package check

import (
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var largeAggregate = &Check{
	Code: "S214", Name: "large-aggregate",
	Doc:        "The aggregate handles far more commands than its peers. It may be several.",
	Severities: [3]diag.Severity{diag.Off, diag.Off, diag.Warning},
	Run: func(p *Pass) {
		all := p.elements(ast.Aggregate)
		if len(all) < 2 {
			return
		}
		var sizes []int
		for _, e := range all {
			sizes = append(sizes, commandsOf(e))
		}
		for i, e := range all {
			others := slices.Concat(sizes[:i:i], sizes[i+1:])
			slices.Sort(others)
			middle := others[len(others)/2]
			if sizes[i] < p.Config.AggregateLeast || float64(sizes[i]) <= p.Config.AggregateRatio*float64(middle) {
				continue
			}
			p.element(e, "the aggregate %s handles %d commands, its peers %d", e.Path(), sizes[i], middle).Help =
				"ask which commands must agree at once; the others may belong to another aggregate"
		}
	},
}

func commandsOf(e *model.Element) int {
	seen := map[*model.Element]bool{}
	for _, h := range e.Handles {
		for _, c := range h.Commands {
			seen[c] = true
		}
	}
	return len(seen)
}
