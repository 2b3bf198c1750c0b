package check

import (
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var unpublished = &Check{
	Code: "S302", Name: "unpublished",
	Doc:        "Another module uses the event, but its own module does not publish it. Only what is published leaves a module.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Error},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Event) {
			if e.Module.IsFree() || slices.Contains(e.Module.Publishes, e) {
				continue
			}
			users := slices.Concat(p.triggered[e], p.updating[e])
			for _, user := range users {
				if user.Module == e.Module {
					continue
				}
				d := p.elementAt(user.At(), user, "%s uses the event %s, which module %s does not publish", user, e.Path(), e.Module.Name)
				d.Related = []diag.Related{related(e.At(), "the event %s", e.Path())}
				d.Help = "add publishes " + ast.Quote(e.Name) + " to module " + e.Module.Name
				d.Fixes = publish(e)
				break
			}
		}
	},
}

// publish adds the event to what its module publishes.
func publish(e *model.Element) []diag.Fix {
	message := "publish " + ast.Quote(e.Name)
	var last ast.Place
	for _, other := range e.Module.Publishes {
		for _, m := range other.Mentions {
			if m.Role == model.Published && (m.Full.File > last.File || m.Full.End.Offset > last.End.Offset) {
				last = m.Full
			}
		}
	}
	if last.IsValid() {
		return []diag.Fix{{Message: message, Safe: true, Edits: []diag.Edit{insert(last.File, last.End, ", "+ast.Quote(e.Name))}}}
	}
	if len(e.Module.Bodies) == 0 {
		return nil
	}
	body := e.Module.Bodies[0]
	at := body.Start
	at.Offset++
	line := "\n  publishes " + ast.Quote(e.Name)
	if body.Start.Line == body.End.Line {
		line += "\n "
	}
	return []diag.Fix{{Message: message, Safe: true, Edits: []diag.Edit{insert(body.File, at, line)}}}
}
