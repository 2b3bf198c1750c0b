package check

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var passiveEvent = &Check{
	Code: "S105", Name: "passive-event",
	Doc:        "An event that wants something of someone is a command in disguise: PaymentNeeded, EmailSendingRequested.",
	Severities: [3]diag.Severity{diag.Hint, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Event) {
			words := model.Words(strings.ToLower(model.Label(e.Name)))
			for _, w := range words {
				if !wants[w] {
					continue
				}
				d := p.element(e, "%s asks for something: it is a command in disguise", ast.Quote(e.Name))
				d.Help = "let a policy invoke the command, or name what has happened, whoever acts on it"
				break
			}
			p.disguised(e, words)
		}
	},
}

var wants = set("needed required wanted should must please demanded")

// disguised finds an event that one policy turns word for word into a command.
func (p *Pass) disguised(e *model.Element, words []string) {
	policies := p.triggered[e]
	if len(words) < 2 || words[len(words)-1] != "requested" || len(policies) != 1 || len(p.updating[e]) > 0 {
		return
	}
	said := map[string]bool{}
	for _, w := range words {
		said[stem(w)] = true
	}
	for c := range policies[0].Policy.Invokes.All() {
		for _, w := range model.Words(c.Name) {
			if !said[stem(w)] {
				return
			}
		}
		d := p.element(e, "%s is the command %s in disguise", ast.Quote(e.Name), c.Name)
		d.Related = []diag.Related{related(policies[0].At(), "only this policy hears it, and does just that")}
		d.Help = "invoke the command where the event is emitted"
	}
}
