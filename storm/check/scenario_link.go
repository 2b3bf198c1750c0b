package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var scenarioLink = &Check{
	Code: "S503", Name: "scenario-link",
	Doc:        "What a scenario expects cannot follow from what is done: the storm has no such link.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for m := range p.Storm.All() {
			for _, s := range m.Scenarios {
				if len(s.When) == 0 {
					continue
				}
				may := p.mayFollow(s.When)
				for _, then := range s.Then {
					if may[then.Element] {
						continue
					}
					d := p.report(then.Place, []*model.Meta{&s.Meta, &m.Meta}, "%s cannot follow from %s", then.Element, s.When[0].Element)
					d.Related = []diag.Related{related(s.When[0].Element.At(), "%s", s.When[0].Element)}
					d.Help = "add the link to the storm, or correct the scenario"
				}
			}
		}
	},
}

// mayFollow returns what can follow directly from messages.
func (p *Pass) mayFollow(when []*model.Message) map[*model.Element]bool {
	may := map[*model.Element]bool{}
	for _, m := range when {
		if m.Element.Kind == ast.Command {
			for e := range p.outcomes(m.Element) {
				may[e] = true
			}
			for _, h := range p.handlers(m.Element) {
				for _, line := range h.Handles {
					if len(line.Commands) == 0 {
						for e := range line.Events.All() {
							may[e] = true
						}
					}
				}
			}
			continue
		}
		for _, policy := range p.triggered[m.Element] {
			for c := range policy.Policy.Invokes.All() {
				may[c] = true
			}
		}
		for _, view := range p.updating[m.Element] {
			may[view] = true
		}
	}
	return may
}
