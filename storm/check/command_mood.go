package check

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var commandMood = &Check{
	Code: "S102", Name: "command-mood",
	Doc:        "A command is what someone decides to do, so its name is an order: PlaceOrder.",
	Severities: [3]diag.Severity{diag.Hint, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Command) {
			words := model.Words(e.Name)
			if !latin(words) || imperative(words) {
				continue
			}
			d := p.element(e, "the command %s is no order to do something", ast.Quote(e.Name))
			d.Help = "begin its name with a verb, as PlaceOrder; or ask whether it is an event"
			if name := asCommand(e, words); name != "" {
				d.Fixes = p.rename(e, name)
			}
		}
	},
}

// imperative reports whether a name may be an order. It is not when it begins
// or ends like a thing that has happened, goes on, or is.
func imperative(words []string) bool {
	first, last := strings.ToLower(words[0]), strings.ToLower(words[len(words)-1])
	switch {
	case verbs[first]:
		// Order placed, but mark paid.
		return len(words) != 2 || !things[first] || !surelyPast(last)
	case surelyPast(first), surelyPast(last), goesOn(first):
		return false
	}
	for _, end := range []string{"tion", "sion", "ment", "ance", "ence"} {
		if len(last) > len(end)+2 && strings.HasSuffix(last, end) && (len(words) == 1 || !verbLike(first)) {
			return false
		}
	}
	return true
}

// things are verbs that are as often the thing that something happens to.
var things = set("answer bill book charge credit debit display document exchange file finish follow hold invoice issue load lock log mail match move name offer order pack park plan play post present price process produce quote rate record refund release repair reply report request rescue reserve return reward route run sample schedule score search settle share ship show sort start stop store supply switch test track transfer transport treat trigger turn use visit vote watch")

// verbLike gives a word that no list knows the benefit of the doubt.
func verbLike(word string) bool {
	for _, end := range []string{"ize", "ise", "ify", "ate", "en"} {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

func goesOn(word string) bool {
	switch word {
	case "bring", "ping", "ring", "sing", "spring", "sling", "swing", "fling", "wing", "string":
		return false
	}
	return len(word) > 4 && strings.HasSuffix(word, "ing")
}

// asCommand turns the name of an event into that of a command: OrderPlaced into
// PlaceOrder.
func asCommand(e *model.Element, words []string) string {
	last := len(words) - 1
	verb := base(words[last])
	if last < 1 || verb == "" || !ast.IsIdentifier(e.Name) {
		return ""
	}
	return capital(verb) + strings.Join(words[:last], "")
}
