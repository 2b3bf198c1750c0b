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
	for m := range s.All() {
		for _, walk := range m.Walks {
			flow, fw, fh := relay(s, walk)
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

// relay shows a walk as the teams that hand it on: a note for each stretch that
// one team goes alone.
func relay(s *model.Storm, w *model.Walk) (*Scene, float64, float64) {
	accents := accentsOf(s)
	c := &chart{}
	last, lastTeam, teams := -1, "", map[string]bool{}
	handOffs := 0
	var lines []string
	col := -1
	for i, e := range w.Steps {
		team := e.Module.Team
		if i == 0 || team != lastTeam {
			col++
			handOffs += min(i, 1)
			lines = nil
			name := "No team"
			accent := 0
			if team != "" {
				teams[team] = true
				name, accent = team, accents[e.Module]+1
			}
			c.grow(col+1, 1, grid.Col{Gap: 44}, grid.Row{Height: messageHeight})
			n := Note{ID: fmt.Sprintf("flow:%s:%d", ast.QuoteText(w.Name), col), Paper: ModulePaper, Bold: true, Accent: accent}
			at := c.note(n, chartText{text: name, most: 17, least: 8}, col, 0, 1, partyWidth, messageHeight)
			if last >= 0 {
				c.link(last, at, 0, 0, Link{Verb: "hands over"})
			}
			last, lastTeam = at, team
		}
		lines = append(lines, e.Label())
		c.texts[last].lines = lines
		c.board.Items[last].H = dataTop + float64(len(lines))*dataSize*lettering.LineHeight + 2*inset
		c.board.Rows[0].Height = max(c.board.Rows[0].Height, c.board.Items[last].H)
	}
	if len(c.board.Cols) > 0 {
		c.board.Cols[0].Gap = 0
	}
	scene, width, height := c.scene("")
	scene.shift(0, 34)
	head := fmt.Sprintf("%s, %s", count(len(teams), "team"), count(handOffs, "hand-off"))
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
