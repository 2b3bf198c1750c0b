package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var eventSource = &Check{
	Code: "S201", Name: "event-source",
	Doc:        "Nothing in the storm emits the event: no command leads to it, no timer, no system.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Event) {
			if len(p.emitting[e]) > 0 || p.timed[e] {
				continue
			}
			d := p.element(e, "nothing emits the event %s", e.Path())
			d.Help = "ask what leads to it: a command, a system or the passing of time"
			p.sameElsewhere(d, e)
		}
	},
}

// sameElsewhere points to an event of that name in another module, which was
// most likely meant.
func (p *Pass) sameElsewhere(d *diag.Diagnostic, e *model.Element) {
	for _, other := range p.byKind[ast.Event] {
		if other.Name != e.Name || other == e || len(p.emitting[other]) == 0 || len(e.Declared) > 0 {
			continue
		}
		d.Help = "there is an event " + other.Path() + "; write it with its module if that one is meant"
		d.Related = append(d.Related, related(other.At(), "the event %s", other.Path()))
		fix := diag.Fix{Message: "write " + other.Path()}
		for _, m := range e.Mentions {
			fix.Edits = append(fix.Edits, replace(m.Full, other.Path()))
		}
		d.Fixes = append(d.Fixes, fix)
		return
	}
}
