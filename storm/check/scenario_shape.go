package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var scenarioShape = &Check{
	Code: "S504", Name: "scenario-shape",
	Doc:        "A scenario says what is done (when) and what follows from it (then).",
	Severities: [3]diag.Severity{diag.Warning, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for m := range p.Storm.All() {
			for _, s := range m.Scenarios {
				about := []*model.Meta{&s.Meta, &m.Meta}
				nothing := s.Nothing || s.Rejected
				switch {
				case len(s.When) == 0 && !onlyViews(s):
					p.report(s.Place, about, "the scenario %s does not say what is done", ast.QuoteText(s.Name)).Help = "add when and a command or an event"
				case len(s.Then) == 0 && !nothing:
					p.report(s.Place, about, "the scenario %s does not say what follows", ast.QuoteText(s.Name)).Help = "add then and an event, nothing, or rejected"
				case len(s.Then) > 0 && nothing || s.Nothing && s.Rejected:
					p.report(s.Place, about, "the scenario %s expects two things at once", ast.QuoteText(s.Name)).Help = "keep one of them: what follows, nothing, or rejected"
				}
			}
		}
	},
}

// onlyViews reports whether a scenario shows what a projection looks like after
// some events.
func onlyViews(s *model.Scenario) bool {
	for _, m := range s.Then {
		if m.Element.Kind != ast.Projection {
			return false
		}
	}
	return len(s.Then) > 0 && len(s.Given) > 0
}
