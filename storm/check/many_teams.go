package check

import (
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var manyTeams = &Check{
	Code: "S306", Name: "many-teams",
	Doc:        "A flow crosses many teams: no team can deliver it alone.",
	Severities: [3]diag.Severity{diag.Off, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for m := range p.Storm.All() {
			for _, w := range m.Walks {
				teams := teamsOf(w.Steps)
				if len(teams) <= p.Config.TeamsInFlow {
					continue
				}
				d := p.report(w.Place, []*model.Meta{&w.Meta, &m.Meta}, "the flow %s crosses %d teams: %s",
					ast.QuoteText(w.Name), len(teams), strings.Join(teams, ", "))
				d.Help = "ask what one team could own from end to end"
			}
		}
		for _, c := range p.elements(ast.Command) {
			if len(p.issuers[c]) == 0 {
				continue
			}
			if teams := teamsOf(p.consequences(c)); len(teams) > p.Config.TeamsInFlow {
				p.element(c, "what begins with the command %s crosses %d teams: %s", c.Path(), len(teams), strings.Join(teams, ", ")).Help =
					"ask what one team could own from end to end"
			}
		}
	},
}

// teamsOf returns the teams whose modules the elements lie in, in order.
func teamsOf(elements []*model.Element) []string {
	var out []string
	for _, e := range elements {
		if team := e.Module.Team; team != "" && !slices.Contains(out, team) {
			out = append(out, team)
		}
	}
	return out
}

// consequences returns what a command may lead to, over events, policies and
// their commands, itself first.
func (p *Pass) consequences(c *model.Element) []*model.Element {
	list := []*model.Element{c}
	seen := map[*model.Element]bool{c: true}
	add := func(e *model.Element) {
		if !seen[e] {
			seen[e] = true
			list = append(list, e)
		}
	}
	for i := 0; i < len(list); i++ {
		e := list[i]
		switch e.Kind {
		case ast.Command:
			for _, h := range p.handling[e] {
				for event := range h.Events.All() {
					add(event)
				}
			}
		case ast.Event:
			for _, policy := range p.triggered[e] {
				add(policy)
			}
		case ast.Policy:
			for next := range e.Policy.Invokes.All() {
				add(next)
			}
		}
	}
	return list
}
