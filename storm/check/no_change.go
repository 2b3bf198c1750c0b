package check

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var noChange = &Check{
	Code: "S103", Name: "no-change",
	Doc:        "An event is a change of state. That someone looked at something changes nothing: PageViewed.",
	Severities: [3]diag.Severity{diag.Warning, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Event) {
			words := model.Words(e.Name)
			if len(words) == 0 || !looks[strings.ToLower(words[len(words)-1])] {
				continue
			}
			d := p.element(e, "nothing changes when %s: looking is no event", e.Label())
			d.Help = "draw the projection that was looked at; keep the event only where the business acts on it, and say so"
		}
	},
}

var looks = set("viewed seen browsed displayed shown listed read searched looked watched visited scrolled hovered fetched queried loaded")
