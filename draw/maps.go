package draw

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/draw/internal/grid"
	"github.com/landfall-go/landfall/draw/internal/lettering"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Sizes on maps.
const (
	partyWidth    = 200.0
	messageWidth  = 150.0
	messageHeight = 54.0
	messageGap    = 18.0
)

// modulesScene maps the messages between modules.
func modulesScene(s *model.Storm) *Scene {
	scene, w, h := modulesTraffic(s).chart("m").scene(s.Name)
	finish(scene, w, h)
	return scene
}

// teamsScene maps the messages between teams, and below it shows which teams
// each flow crosses.
func teamsScene(s *model.Storm) *Scene {
	scene, w, h := teamsTraffic(s).chart("t").scene(s.Name)
	number := 0
	for m := range s.All() {
		for _, walk := range m.Walks {
			number++
			flow, fw, fh := relay(s, walk, number)
			scene.join(flow, h+30)
			w, h = max(w, fw), h+30+fh
		}
	}
	finish(scene, w, h)
	return scene
}

// chart maps traffic: each party in its column, what it sends beside it, and
// from there to those who hear it.
func (t *traffic) chart(prefix string) *chart {
	c := &chart{}
	columns := t.columns()
	next := map[int]int{} // the first free row of a column
	item, rows := map[*party]int{}, map[*party]int{}
	messages := map[*cargo]int{}
	messageRow := map[*cargo]int{}
	for _, p := range t.parties {
		col, sent := 2*columns[p], t.sent(p)
		row := next[col]
		facts := p.facts(t)
		span := max(rowsFor(facts), len(sent), t.heard(p))
		next[col] = row + span
		c.grow(col+2, row+span, grid.Col{Gap: 40}, grid.Row{Height: messageHeight, Gap: messageGap})
		n := Note{ID: p.id, Paper: ModulePaper, Bold: true, Tip: p.name, Accent: p.accent + 1}
		item[p] = c.note(n, chartText{p.name, 19, 8, facts}, col, row, span, partyWidth, messageHeight)
		rows[p] = row
		for i, m := range sent {
			e := m.message
			n := Note{ID: prefix + ":" + p.id + ":" + e.ID(), Element: e.ID(), Paper: paperOf(e.Kind), Tip: tip(e)}
			at := row + i + (span-len(sent))/2
			messages[m] = c.note(n, chartText{text: e.Label(), most: 15, least: 6}, col+1, at, 1, messageWidth, messageHeight)
			messageRow[m] = at
			c.link(item[p], messages[m], at, at, Link{Verb: "sends"})
		}
	}
	hears := map[*party]int{}
	for _, m := range t.cargo {
		for _, to := range m.to {
			at := rows[to] + min(hears[to], c.board.Items[item[to]].Span-1)
			hears[to]++
			c.link(messages[m], item[to], messageRow[m], at, Link{Verb: heardAs(m.message)})
		}
	}
	return c
}

// rowsFor returns how many rows a party needs to show its facts.
func rowsFor(facts []string) int {
	need := dataTop + float64(len(facts))*dataSize*lettering.LineHeight + 2*inset
	return int(math.Ceil((need + messageGap) / (messageHeight + messageGap)))
}

// heardAs returns the verb of a link from a message to who hears it.
func heardAs(e *model.Element) string {
	switch e.Kind {
	case ast.Command:
		return string(model.Invokes)
	case ast.Projection:
		return string(model.Supports)
	}
	return string(model.Triggers)
}

// facts says in a few lines what a party is made of and how busy it is.
func (p *party) facts(t *traffic) []string {
	var lines []string
	if strings.HasPrefix(p.id, "team:") {
		var names []string
		for _, m := range p.modules {
			names = append(names, model.Label(m.Name))
		}
		lines = append(lines, strings.Join(names, ", "))
	} else if p.modules[0].Team != "" {
		lines = append(lines, "Team "+p.modules[0].Team)
	}
	lines = append(lines, fmt.Sprintf("sends %d, hears %d", len(t.sent(p)), t.heard(p)))
	for _, to := range t.parties {
		n := 0
		for _, c := range t.sent(p) {
			if slices.Contains(c.to, to) {
				n++
			}
		}
		if n > 0 {
			lines = append(lines, fmt.Sprintf("%d to %s", n, to.name))
		}
	}
	return lines
}

// stretch is a part of a walk that one team goes alone.
type stretch struct {
	team  string
	first *model.Element
	steps []string
}

// stretchesOf splits a walk where another team takes over.
func stretchesOf(w *model.Walk) []stretch {
	var out []stretch
	for i, e := range w.Steps {
		if n := len(out); i == 0 || out[n-1].team != e.Module.Team {
			out = append(out, stretch{team: e.Module.Team, first: e})
		}
		last := &out[len(out)-1]
		last.steps = append(last.steps, e.Label())
	}
	return out
}

// relay shows a walk as the teams that hand it on: a note for each stretch.
func relay(s *model.Storm, w *model.Walk, number int) (*Scene, float64, float64) {
	accents := accentsOf(s)
	c := &chart{}
	stretches, teams := stretchesOf(w), map[string]bool{}
	for i, part := range stretches {
		c.grow(i+1, 1, grid.Col{Gap: 44}, grid.Row{Height: messageHeight})
		c.board.Cols[0].Gap = 0
		n := Note{ID: fmt.Sprintf("flow:%d:%d", number, i+1), Paper: ModulePaper, Bold: true}
		name := "No team"
		if part.team != "" {
			teams[part.team] = true
			name, n.Accent = part.team, accents[part.first.Module]+1
		}
		height := dataTop + float64(len(part.steps))*dataSize*lettering.LineHeight + 2*inset
		at := c.note(n, chartText{name, 17, 8, part.steps}, i, 0, 1, partyWidth, height)
		if i > 0 {
			c.link(at-1, at, 0, 0, Link{Verb: "hands over"})
		}
	}
	scene, width, height := c.scene("")
	scene.shift(0, 34)
	head := fmt.Sprintf("%s, %s", count(len(teams), "team"), count(max(len(stretches)-1, 0), "hand-off"))
	at := lettering.Width(w.Name, 17, lettering.Bold) + 14
	scene.Labels = append(scene.Labels,
		Label{Role: HeadingLabel, At: Point{Y: 18}, Text: w.Name, Size: 17, Bold: true},
		Label{Role: QuietLabel, At: Point{X: at, Y: 18}, Text: head, Size: 13})
	width = max(width, at+lettering.Width(head, 13, lettering.Regular))
	return scene, width, height + 34
}

// count returns a number with its word: 1 team, 2 teams.
func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
