package check

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var eventTense = &Check{
	Code: "S101", Name: "event-tense",
	Doc:        "An event says what has happened, so its name is in the past tense: OrderPlaced.",
	Severities: [3]diag.Severity{diag.Hint, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Event) {
			words := model.Words(e.Name)
			if !latin(words) || happened(words) {
				continue
			}
			d := p.element(e, "the event %s does not say what has happened", ast.Quote(e.Name))
			d.Help = "name it in the past tense, as OrderPlaced; or ask whether it is a command, a system or a hotspot"
			if name := asEvent(e, words); name != "" {
				d.Fixes = p.rename(e, name)
			}
		}
	},
}

// happened reports whether a name has a word in the past tense. A word that is
// the same in the present counts at the end only: ThresholdHit.
func happened(words []string) bool {
	for _, w := range words {
		if surelyPast(w) {
			return true
		}
	}
	return isPast(words[len(words)-1])
}

// asEvent turns the name of a command into that of an event: PlaceOrder into
// OrderPlaced.
func asEvent(e *model.Element, words []string) string {
	verb := strings.ToLower(words[0])
	if len(words) < 2 || !verbs[verb] || !ast.IsIdentifier(e.Name) {
		return ""
	}
	return strings.Join(words[1:], "") + capital(past(verb))
}

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
