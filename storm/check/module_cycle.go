package check

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var moduleCycle = &Check{
	Code: "S303", Name: "module-cycle",
	Doc:        "Modules depend on each other in a circle: none of them can be changed or understood alone.",
	Severities: [3]diag.Severity{diag.Off, diag.Hint, diag.Warning},
	Run: func(p *Pass) {
		next := map[*model.Module][]*model.Module{}
		for _, m := range p.Storm.Crossings() {
			// Who sends a command depends on who handles it; who hears an event
			// depends on who publishes it.
			from, to := m.From, m.To
			if m.Message.Kind == ast.Event {
				from, to = to, from
			}
			next[from] = append(next[from], to)
		}
		for _, loop := range cycles(p.Storm.Modules, func(m *model.Module) []*model.Module { return next[m] }) {
			var names []string
			var metas []*model.Meta
			for _, m := range loop {
				names = append(names, m.Name)
				metas = append(metas, &m.Meta)
			}
			d := p.report(loop[0].At(), metas, "the modules %s depend on each other", strings.Join(names, ", "))
			for _, m := range loop[1:] {
				d.Related = append(d.Related, related(m.At(), "module %s", m.Name))
			}
			d.Help = "let one side only publish events, and the other listen and decide"
		}
	},
}
