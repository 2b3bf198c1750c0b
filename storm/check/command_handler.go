package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

var commandHandler = &Check{
	Code: "S203", Name: "command-handler",
	Doc:        "No aggregate and no system handles the command, so nobody decides what happens.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Error},
	Run: func(p *Pass) {
		for _, c := range p.elements(ast.Command) {
			lines := p.handling[c]
			switch {
			case len(lines) == 0:
				d := p.element(c, "nobody handles the command %s", c.Path())
				d.Help = "write the line of flow with what it leads to, in an aggregate or a system: " + c.Name + " -> …"
			case p.Level == ast.Design && len(p.handlers(c)) == 0:
				d := p.elementAt(lines[0].Place, c, "no aggregate or system handles the command %s", c.Path())
				d.Help = "move the line into the braces of the aggregate that decides"
			}
		}
	},
}
