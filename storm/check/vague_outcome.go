package check

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var vagueOutcome = &Check{
	Code: "S106", Name: "vague-outcome",
	Doc:        "An event that something was rejected or failed should say why: people decide differently on each reason.",
	Severities: [3]diag.Severity{diag.Off, diag.Hint, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Event) {
			words := model.Words(e.Name)
			if len(words) == 0 || len(words) > 2 || !refusals[strings.ToLower(words[len(words)-1])] || explained(e) {
				continue
			}
			d := p.element(e, "%s does not say why", ast.Quote(e.Name))
			d.Help = "name the reason (PaymentRejectedForFunds), or give the event a field for it, as reason text"
		}
	},
}

var refusals = set("rejected failed declined refused denied cancelled canceled aborted")

// explained reports whether a field or the doc comment tells the reason.
func explained(e *model.Element) bool {
	if e.Doc != "" {
		return true
	}
	for _, f := range e.Fields {
		for _, w := range model.Words(strings.ToLower(f.Name)) {
			switch w {
			case "reason", "why", "cause", "error", "code", "message", "explanation", "because":
				return true
			}
		}
	}
	return false
}
