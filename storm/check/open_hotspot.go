package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var openHotspot = &Check{
	Code: "S601", Name: "open-hotspot",
	Doc:        "A hotspot is still open. Before the storm is handed over, someone has to answer it.",
	Severities: [3]diag.Severity{diag.Off, diag.Hint, diag.Hint},
	Run: func(p *Pass) {
		for m := range p.Storm.All() {
			for _, s := range m.Stickies {
				if s.Kind == ast.Hotspot && s.Resolved == "" {
					p.report(s.Place, []*model.Meta{&s.Meta, &m.Meta}, "open: %s", s.Text).Help =
						"answer it, and write resolved with the answer behind it"
				}
			}
		}
	},
}
