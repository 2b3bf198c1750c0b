package check

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var crudEvent = &Check{
	Code: "S104", Name: "crud-event",
	Doc:        "An event that says that a record was updated hides what happened: CustomerUpdated may be a move, a wedding or a typing error.",
	Severities: [3]diag.Severity{diag.Hint, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Event) {
			words := model.Words(e.Name)
			if len(words) < 2 {
				continue
			}
			last := strings.ToLower(words[len(words)-1])
			if !crud[last] {
				continue
			}
			d := p.element(e, "%s tells what happened to a record, not in the business", ast.Quote(e.Name))
			d.Help = "ask why it was " + last + ": each reason is an event of its own"
		}
	},
}

var crud = set("updated deleted changed modified edited saved inserted altered upserted persisted stored")
