package draw

import (
	"github.com/landfall-go/landfall/draw/internal/lettering"
	"github.com/landfall-go/landfall/storm/model"
)

const (
	titleSize   = 26.0
	titleHeight = 46.0
	legendSide  = 22.0
)

// drawLinks gives each link its way.
func (c *composer) drawLinks() {
	for i, l := range c.links {
		g := c.board.Links[i]
		c.scene.Links = append(c.scene.Links, Link{
			Verb: string(l.verb), From: c.notes[g.From], To: c.notes[g.To], Points: c.layout.Paths[i],
			Dashed: l.dashed, Plain: l.plain,
		})
	}
}

// accentsOf gives each team an accent, in the order in which the modules come;
// modules without a team share the last.
func accentsOf(s *model.Storm) map[*model.Module]int {
	teams := map[string]int{}
	out := map[*model.Module]int{}
	for _, m := range s.Modules {
		if m.Team == "" {
			out[m] = -1
			continue
		}
		if _, ok := teams[m.Team]; !ok {
			teams[m.Team] = len(teams) % accents
		}
		out[m] = teams[m.Team]
	}
	return out
}

// frameHeading returns the labels in the head of a module's frame: its name and
// its team.
func frameHeading(m *model.Module, box Rect) []Label {
	room := box.W - 24
	name := lettering.Clip(model.Label(m.Name), room, 19, lettering.Bold)
	at := Point{X: box.X + 12, Y: box.Y + 27}
	out := []Label{{Role: HeadingLabel, At: at, Text: name, Size: 19, Bold: true, Plate: FramePlate}}
	used := lettering.Width(name, 19, lettering.Bold) + 14
	if m.Team != "" && room > used+30 {
		team := lettering.Clip("Team "+m.Team, room-used, 13, lettering.Regular)
		out = append(out, Label{Role: QuietLabel, At: Point{X: at.X + used, Y: at.Y}, Text: team, Size: 13, Plate: FramePlate})
	}
	return out
}

// finish puts the title above what was drawn, the legend below, and a margin
// around it all.
func finish(s *Scene, width, height float64) {
	for _, f := range s.Frames {
		width = max(width, f.Box.X+f.Box.W)
		height = max(height, f.Box.Y+f.Box.H)
	}
	width = max(width, lettering.Width(s.Title, titleSize, lettering.Bold), 360)
	top := margin
	if s.Title != "" {
		top += titleHeight
	}
	s.shift(margin, top)
	s.Width, s.Height = width+2*margin, height+top+margin
	if s.Title != "" {
		s.Labels = append(s.Labels, Label{Role: TitleLabel, At: Point{X: margin, Y: margin + titleSize*0.9}, Text: s.Title, Size: titleSize, Bold: true})
	}
	s.legend()
}

// shift moves everything.
func (s *Scene) shift(dx, dy float64) {
	for i := range s.Frames {
		s.Frames[i].Box.X += dx
		s.Frames[i].Box.Y += dy
	}
	for i := range s.Notes {
		s.Notes[i].Box.X += dx
		s.Notes[i].Box.Y += dy
	}
	for i := range s.Links {
		for j := range s.Links[i].Points {
			s.Links[i].Points[j].X += dx
			s.Links[i].Points[j].Y += dy
		}
	}
	for i := range s.Rules {
		r := &s.Rules[i]
		r.From.X, r.To.X = r.From.X+dx, r.To.X+dx
		r.From.Y, r.To.Y = r.From.Y+dy, r.To.Y+dy
	}
	for i := range s.Labels {
		s.Labels[i].At.X += dx
		s.Labels[i].At.Y += dy
	}
}

// legendWords are the words of the legend, in the order in which it shows them.
var legendWords = []struct {
	paper Paper
	word  string
}{
	{ActorPaper, "actor"}, {CommandPaper, "command"}, {AggregatePaper, "aggregate"}, {SystemPaper, "external system"},
	{EventPaper, "event"}, {PolicyPaper, "policy"}, {ProjectionPaper, "projection"}, {TimerPaper, "time"},
	{RulePaper, "rule"}, {NotePaper, "note"}, {HotspotPaper, "hotspot"}, {OpportunityPaper, "opportunity"},
}

// legend says at the foot of the picture what each colour in it means.
func (s *Scene) legend() {
	used := map[Paper]bool{}
	published, pivotal := false, false
	for _, n := range s.Notes {
		used[n.Paper] = true
		published = published || n.Published
	}
	for _, r := range s.Rules {
		pivotal = pivotal || r.Kind == PivotalRule
	}
	l := legend{scene: s, x: margin, y: s.Height - margin + 22}
	for _, w := range legendWords {
		if !used[w.paper] {
			continue
		}
		n := Note{ID: "legend:" + string(w.paper), Paper: w.paper, Tip: w.word, Box: l.place(w.word)}
		if w.paper == HotspotPaper {
			n.Turn = -8
		}
		s.Notes = append(s.Notes, n)
	}
	if published {
		s.Notes = append(s.Notes, Note{ID: "legend:published", Paper: EventPaper, Published: true, Tip: "published", Box: l.place("leaves its module")})
	}
	if pivotal {
		box := l.place("pivotal event")
		x := box.X + box.W/2
		s.Rules = append(s.Rules, Rule{PivotalRule, Point{X: x, Y: box.Y - 2}, Point{X: x, Y: box.Y + box.H + 2}})
	}
	if l.x > margin {
		s.Height = l.y + legendSide + margin
	}
}

// legend is how far the legend of a scene has got.
type legend struct {
	scene *Scene
	x, y  float64
}

// place writes a word and returns the box beside it.
func (l *legend) place(word string) Rect {
	const size = 13
	w := legendSide + 7 + lettering.Width(word, size, lettering.Regular) + 22
	if l.x+w > l.scene.Width-margin && l.x > margin {
		l.x, l.y = margin, l.y+legendSide+10
	}
	box := Rect{X: l.x, Y: l.y, W: legendSide, H: legendSide}
	at := Point{X: l.x + legendSide + 7, Y: l.y + legendSide*0.7}
	l.scene.Labels = append(l.scene.Labels, Label{Role: QuietLabel, At: at, Text: word, Size: size})
	l.x += w
	return box
}
