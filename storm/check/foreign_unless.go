package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var foreignUnless = &Check{
	Code: "S218", Name: "foreign-unless",
	Doc:        "A policy that waits after an event does so for that event's aggregate, so an event of another module cannot keep it from acting.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Policy) {
			if e.Policy.After == "" {
				continue // see S217
			}
			for _, u := range e.Policy.Unless {
				if on := waitsAbroad(e.Policy, u); on != nil {
					d := p.element(e, "the policy %s is not kept from acting by %s: it waits for an aggregate of module %s", e.Path(), u.Path(), on.Module.Name)
					d.Related = []diag.Related{related(u.At(), "the event %s", u.Path())}
					d.Help = "let module " + on.Module.Name + " say that it is over, by an event of the same aggregate as " + on.Name
				}
			}
		}
	},
}

// waitsAbroad returns an event that a policy waits after, when all of these are of
// other modules than the one that should end the wait. What stands outside of any
// module has none yet.
func waitsAbroad(policy *model.Policy, end *model.Element) (first *model.Element) {
	for on := range policy.On.All() {
		if end.Module.IsFree() || on.Module.IsFree() || on.Module == end.Module {
			return nil
		}
		if first == nil {
			first = on
		}
	}
	return first
}
