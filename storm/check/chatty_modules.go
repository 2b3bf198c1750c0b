package check

import (
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var chattyModules = &Check{
	Code: "S304", Name: "chatty-modules",
	Doc:        "Many different messages run between two modules. The line between them may be drawn in the wrong place.",
	Severities: [3]diag.Severity{diag.Off, diag.Hint, diag.Warning},
	Run: func(p *Pass) {
		type pair struct{ a, b *model.Module }
		count := map[pair]int{}
		order := []pair{}
		for _, m := range p.Storm.Crossings() {
			k := pair{m.From, m.To}
			if k.b.Name < k.a.Name {
				k = pair{m.To, m.From}
			}
			if count[k] == 0 {
				order = append(order, k)
			}
			count[k]++
		}
		for _, k := range order {
			if count[k] <= p.Config.ChattyMessages {
				continue
			}
			d := p.report(k.a.At(), []*model.Meta{&k.a.Meta, &k.b.Meta}, "%d different messages run between the modules %s and %s", count[k], k.a.Name, k.b.Name)
			d.Related = []diag.Related{related(k.b.At(), "module %s", k.b.Name)}
			d.Help = "ask which of the two decides; perhaps some aggregates belong on the other side"
		}
	},
}
