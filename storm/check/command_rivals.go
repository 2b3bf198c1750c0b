package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

var commandRivals = &Check{
	Code: "S204", Name: "command-rivals",
	Doc:        "Two aggregates or systems handle the same command: a command has exactly one handler.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Error},
	Run: func(p *Pass) {
		for _, c := range p.elements(ast.Command) {
			handlers := p.handlers(c)
			if len(handlers) < 2 {
				continue
			}
			d := p.element(c, "%d handle the command %s; one has to decide", len(handlers), c.Path())
			for _, h := range handlers {
				d.Related = append(d.Related, related(h.At(), "%s %s", h.Kind, ast.Quote(h.Name)))
			}
			d.Help = "give each its own command, and let a policy invoke the second"
		}
	},
}
