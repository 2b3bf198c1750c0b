package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var brokenWalk = &Check{
	Code: "S216", Name: "broken-walk",
	Doc:        "A flow walks between two steps that the storm does not link.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		linked := map[[2]*model.Element]bool{}
		if p.walks() {
			for _, l := range p.Storm.Links() {
				linked[[2]*model.Element{l.From, l.To}] = true
			}
		}
		for m := range p.Storm.All() {
			for _, w := range m.Walks {
				for i := 1; i < len(w.Steps); i++ {
					a, b := w.Steps[i-1], w.Steps[i]
					if a.Kind == ast.Event && b.Kind == ast.Event || linked[[2]*model.Element{a, b}] {
						continue
					}
					p.report(w.Place, []*model.Meta{&w.Meta, &m.Meta}, "in the flow %s, nothing leads from %s to %s",
						ast.QuoteText(w.Name), a, b).Help = "add the link to the storm, or the step between to the flow"
				}
			}
		}
	},
}

func (p *Pass) walks() bool {
	for m := range p.Storm.All() {
		if len(m.Walks) > 0 {
			return true
		}
	}
	return false
}
