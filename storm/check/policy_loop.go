package check

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var policyLoop = &Check{
	Code: "S208", Name: "policy-loop",
	Doc:        "Policies and commands lead back to where they began, with no other way out: it would never end.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, loop := range cycles(p.elements(ast.Policy), p.inevitable) {
			names := make([]string, 0, len(loop)+1)
			metas := []*model.Meta{}
			for _, e := range loop {
				names = append(names, ast.Quote(e.Name))
				metas = append(metas, &e.Meta)
			}
			names = append(names, names[0])
			d := p.report(loop[0].At(), metas, "there is no way out of this loop: %s", strings.Join(names, " -> "))
			for _, e := range loop[1:] {
				d.Related = append(d.Related, related(e.At(), "%s %s", e.Kind, ast.Quote(e.Name)))
			}
			d.Help = "let a command of the loop lead to one of several events (A | B), or the policy wait (after) unless something happens"
		}
	},
}

// inevitable returns what must follow from an element: an event's policies, a
// policy's commands and a command's events, where there is no alternative.
func (p *Pass) inevitable(e *model.Element) []*model.Element {
	switch e.Kind {
	case ast.Event:
		var out []*model.Element
		for _, policy := range p.triggered[e] {
			if alone(policy.Policy.On, e) && policy.Policy.After == "" {
				out = append(out, policy)
			}
		}
		return out
	case ast.Policy:
		if len(e.Policy.Invokes) == 1 {
			return e.Policy.Invokes[0]
		}
	case ast.Command:
		if lines := p.handling[e]; len(lines) == 1 && len(lines[0].Events) == 1 {
			return lines[0].Events[0]
		}
	}
	return nil
}

// alone reports whether an event triggers a policy without any other.
func alone(on model.Choice, e *model.Element) bool {
	for _, all := range on {
		if len(all) == 1 && all[0] == e {
			return true
		}
	}
	return false
}
