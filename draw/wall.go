package draw

import (
	"math"
	"strings"

	"github.com/landfall-go/landfall/draw/internal/lettering"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Wall is a wall as people arranged it: everything lies where they put it, in pixels,
// anywhere. [Wall.Scene] makes a picture of it.
type Wall struct {
	Title  string
	Notes  []WallNote
	Links  []WallLink
	Frames []WallFrame
	Lines  []WallLine
	Lanes  []WallLane
	Labels []WallLabel
}

// WallNote is a note on a wall.
type WallNote struct {
	ID        string // unique on the wall
	Element   string // the id of what it stands for, may be empty
	Kind      ast.Kind
	Text      string
	Box       Rect
	Tip       string // all that is known of it
	Resolved  bool   // of a hotspot
	Published bool   // of an event
	Pivotal   bool   // of an event: a line is drawn behind it
}

// WallLink is an arrow between two notes of a wall, by their places in its list.
type WallLink struct {
	From, To int
	Verb     string
}

// WallFrame is the frame of a module.
type WallFrame struct {
	ID, Name, Team string
	Box            Rect
}

// WallLine is a vertical line.
type WallLine struct {
	Box  Rect
	Text string
}

// WallLane is a swimlane.
type WallLane struct {
	Box  Rect
	Text string
}

// WallLabel is a text on the wall itself.
type WallLabel struct {
	Box  Rect
	Text string
}

// Scene returns the wall as a picture, with a title and a legend. Its links are straight,
// from edge to edge of their notes; notes overlap where people left them so.
func (w *Wall) Scene() *Scene {
	s := &Scene{Title: w.Title}
	teams := map[string]int{}
	for _, f := range w.Frames {
		s.addFrame(f, teams)
	}
	for _, l := range w.Lanes {
		s.addLane(l)
	}
	for _, l := range w.Lines {
		x := l.Box.X + l.Box.W/2
		s.Rules = append(s.Rules, Rule{PivotalRule, Point{X: x, Y: l.Box.Y}, Point{X: x, Y: l.Box.Y + l.Box.H}})
		s.addLabel(Rect{X: x + 8, Y: l.Box.Y, W: 240, H: 24}, l.Text, 15)
	}
	for i := range w.Notes {
		s.addWallNote(&w.Notes[i])
	}
	for _, l := range w.Links {
		s.addWallLink(l)
	}
	for _, l := range w.Labels {
		s.addLabel(l.Box, l.Text, 20)
	}
	s.close()
	return s
}

func (s *Scene) addFrame(f WallFrame, teams map[string]int) {
	accent := -1
	if f.Team != "" {
		if _, ok := teams[f.Team]; !ok {
			teams[f.Team] = len(teams) % accents
		}
		accent = teams[f.Team]
	}
	s.Frames = append(s.Frames, Frame{ID: "frame:" + f.ID, Box: f.Box, Accent: accent})
	s.Labels = append(s.Labels, frameHeading(&model.Module{Name: f.Name, Team: f.Team}, f.Box)...)
}

func (s *Scene) addLane(l WallLane) {
	for _, y := range []float64{l.Box.Y, l.Box.Y + l.Box.H} {
		s.Rules = append(s.Rules, Rule{LaneRule, Point{X: l.Box.X, Y: y}, Point{X: l.Box.X + l.Box.W, Y: y}})
	}
	s.addLabel(Rect{X: l.Box.X + 8, Y: l.Box.Y + 4, W: l.Box.W - 16, H: 24}, l.Text, 15)
}

// addLabel writes lines of text from the upper left corner of a box.
func (s *Scene) addLabel(box Rect, text string, size float64) {
	if strings.TrimSpace(text) == "" {
		return
	}
	y := box.Y + size
	for line := range strings.SplitSeq(text, "\n") {
		line = lettering.Clip(strings.TrimSpace(line), max(box.W, size), size, lettering.Regular)
		s.Labels = append(s.Labels, Label{Role: SectionLabel, At: Point{X: box.X, Y: y}, Text: line, Size: size})
		y += size * lettering.LineHeight
	}
}

func (s *Scene) addWallNote(w *WallNote) {
	n := Note{ID: w.ID, Element: w.Element, Paper: paperOf(w.Kind), Box: w.Box, Tip: w.Tip, Published: w.Published}
	most, text := 19.0, strings.Join(strings.Fields(w.Text), " ")
	switch w.Kind {
	case ast.Actor:
		n.Person = w.Box.H >= 40
		most = 13
	case ast.Aggregate:
		n.Bold = true
		most = 22
	case ast.Hotspot:
		n.Turn, n.Bold, n.Faded = hotspotTurn(w.Text), true, w.Resolved
		if w.Resolved {
			text = "✓ " + text
		}
		most = 14
	case ast.Opportunity, ast.Rule, ast.Note, ast.NoKind:
		most = 14
	}
	n.write(text, most, 6)
	s.Notes = append(s.Notes, n)
	if w.Pivotal {
		x := w.Box.X + w.Box.W + 10
		s.Rules = append(s.Rules, Rule{PivotalRule, Point{X: x, Y: w.Box.Y - 16}, Point{X: x, Y: w.Box.Y + w.Box.H + 16}})
	}
}

// addWallLink draws a link where its ends are apart.
func (s *Scene) addWallLink(l WallLink) {
	a, b := s.Notes[l.From].Box, s.Notes[l.To].Box
	from, to := middle(a), middle(b)
	start, end := rim(a, from, to), rim(b, to, from)
	if (to.X-from.X)*(end.X-start.X)+(to.Y-from.Y)*(end.Y-start.Y) <= 0 {
		return // they overlap
	}
	s.Links = append(s.Links, Link{Verb: l.Verb, From: l.From, To: l.To, Points: []Point{start, end}})
}

func middle(r Rect) Point { return Point{X: r.X + r.W/2, Y: r.Y + r.H/2} }

// rim returns where the way from the middle of a box to a point leaves the box.
func rim(r Rect, from, to Point) Point {
	dx, dy := to.X-from.X, to.Y-from.Y
	if dx == 0 && dy == 0 {
		return from
	}
	t := math.Min(r.W/2/math.Max(math.Abs(dx), 1e-9), r.H/2/math.Max(math.Abs(dy), 1e-9))
	return Point{X: from.X + t*dx, Y: from.Y + t*dy}
}

// close moves everything to the upper left corner, and adds the title and the legend.
func (s *Scene) close() {
	left, top := math.Inf(1), math.Inf(1)
	right, bottom := math.Inf(-1), math.Inf(-1)
	take := func(r Rect) {
		left, top = min(left, r.X), min(top, r.Y)
		right, bottom = max(right, r.X+r.W), max(bottom, r.Y+r.H)
	}
	for _, f := range s.Frames {
		take(f.Box)
	}
	for i := range s.Notes {
		take(s.Notes[i].Box)
	}
	for _, r := range s.Rules {
		take(Rect{X: r.From.X, Y: r.From.Y, W: r.To.X - r.From.X, H: r.To.Y - r.From.Y})
	}
	for _, l := range s.Labels {
		take(l.plate())
	}
	if math.IsInf(left, 1) {
		left, top, right, bottom = 0, 0, 0, 0
	}
	s.shift(-left, -top)
	finish(s, right-left, bottom-top)
}
