package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var commandOutcome = &Check{
	Code: "S205", Name: "command-outcome",
	Doc:        "The command leads to no event: nothing would be known of it.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, c := range p.elements(ast.Command) {
			lines := p.handling[c]
			if len(lines) == 0 || len(p.outcomes(c)) > 0 || p.emitsUnlinked(c) {
				continue
			}
			p.elementAt(c.At(), c, "the command %s leads to no event", c.Path()).Help =
				"ask what has happened once it is done, and write it behind an arrow"
		}
	},
}

// emitsUnlinked reports whether a handler of the command emits events of which
// the storm does not say which command leads to them.
func (p *Pass) emitsUnlinked(c *model.Element) bool {
	for _, handler := range p.handlers(c) {
		for _, h := range handler.Handles {
			if len(h.Commands) == 0 && len(h.Events) > 0 {
				return true
			}
		}
	}
	return false
}
