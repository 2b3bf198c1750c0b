package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var endlessValue = &Check{
	Code: "S405", Name: "endless-value",
	Doc:        "A value contains itself, so it could never be written down.",
	Severities: [3]diag.Severity{diag.Off, diag.Off, diag.Error},
	Run: func(p *Pass) {
		parts := func(e *model.Element) []*model.Element {
			var out []*model.Element
			for _, f := range e.Fields {
				if f.Type != nil && f.Type.Of != nil && !f.Type.Optional {
					out = append(out, f.Type.Of)
				}
			}
			return out
		}
		for _, loop := range cycles(p.elements(ast.Value), parts) {
			d := p.element(loop[0], "the value %s contains itself", loop[0].Path())
			for _, e := range loop[1:] {
				d.Related = append(d.Related, related(e.At(), "by way of the value %s", e.Path()))
			}
			d.Help = "make the field optional (T?) or a list ([T])"
		}
	},
}
