package draw

import (
	"strings"

	"github.com/landfall-go/landfall/draw/internal/lettering"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

const (
	// slack is the part of a line that the measured font may take, so that a
	// wider one still stays on the note.
	slack = 0.88
	// inset is the distance of the text from the edge of a note.
	inset = 5.0
	// signRoom is the room for the sign of a person or of time.
	signRoom = 18.0
	// markRoom is the room for the mark of what leaves its module.
	markRoom = 9.0
	// chipHeight is the height of a small note at the foot of another.
	chipHeight = 26.0
)

// writing returns the part of a note, before it is turned, that text is in the
// middle of.
func (n *Note) writing() Rect {
	r := Rect{X: n.Box.X + inset, Y: n.Box.Y + inset, W: n.Box.W - 2*inset, H: n.Box.H - 2*inset}
	switch {
	case n.Published:
		r.Y += markRoom
		r.H -= markRoom
	case !n.Person && !n.Clock:
	case n.Box.H <= 32: // the sign stands beside the text
		r.X += signRoom - 2
		r.W -= signRoom - 2
		r.Y, r.H = n.Box.Y+2, n.Box.H-4
	default:
		r.Y += signRoom
		r.H -= signRoom
	}
	return r
}

// write fits the text to the note.
func (n *Note) write(text string, most, least float64) {
	w := lettering.Regular
	if n.Bold {
		w = lettering.Bold
	}
	area := n.writing()
	n.Text = lettering.Fit(text, area.W*slack, area.H, most, least, w)
}

// list puts lines of detail below the text of a note.
func (n *Note) list(lines []string) {
	if len(lines) == 0 {
		return
	}
	area := n.writing()
	w := lettering.Regular
	if n.Bold {
		w = lettering.Bold
	}
	n.Text = lettering.Fit(strings.Join(n.Text.Lines, " "), area.W*slack, dataTop-6, n.Text.Size, 6, w)
	n.LineSize = dataSize
	for _, line := range lines {
		n.Lines = append(n.Lines, lettering.Clip(line, (area.W-6)*slack, dataSize, lettering.Regular))
	}
}

// paperOf returns the paper of a kind.
func paperOf(k ast.Kind) Paper {
	switch k {
	case ast.Actor, ast.Command, ast.Aggregate, ast.System, ast.Event, ast.Policy, ast.Projection,
		ast.Hotspot, ast.Opportunity, ast.Rule, ast.Note:
		return Paper(k.String())
	}
	return NotePaper
}

// elementNote returns the note of an element, written to fit the box.
func elementNote(e *model.Element, box Rect, published bool) Note {
	n := Note{Published: published, ID: e.ID(), Element: e.ID(), Paper: paperOf(e.Kind), Box: box, Tip: tip(e)}
	most := 19.0
	switch e.Kind {
	case ast.Actor:
		n.Person = box.H >= 40
		most = 13
	case ast.Aggregate:
		n.Bold = true
		most = 22
	}
	n.write(e.Label(), most, 6)
	return n
}

// stickyNote returns the note of a hotspot, an opportunity, a rule or a note. A
// hotspot is turned, each by its own angle.
func stickyNote(s *model.Sticky, box Rect) Note {
	n := Note{ID: s.Kind.String() + ":" + ast.QuoteText(s.Text), Paper: paperOf(s.Kind), Box: box, Tip: s.Kind.String() + ": " + s.Text}
	if s.Kind == ast.Hotspot {
		n.Turn = hotspotTurn(s.Text)
		n.Bold = true
	}
	text := s.Text
	if s.Resolved != "" {
		n.Faded = true
		n.Tip += "\nresolved: " + s.Resolved
		text = "✓ " + text
	}
	n.write(text, 14, 6)
	return n
}

// hotspotTurn turns a hotspot by 4 to 8 degrees, more of them to the left than
// to the right.
func hotspotTurn(text string) float64 {
	d := digest(text)
	angle := 4 + float64(d%5)
	if d/5%3 > 0 {
		return -angle
	}
	return angle
}

func timerNote(t *model.Timer, box Rect) Note {
	n := Note{ID: "timer:" + ast.QuoteText(t.Every), Paper: TimerPaper, Box: box, Clock: true, Tip: "every " + t.Every}
	n.write("every "+t.Every, 15, 6)
	return n
}

// tip says what is known of an element: its kind and path, its doc comment and
// its data.
func tip(e *model.Element) string {
	var b strings.Builder
	b.WriteString(e.Kind.String() + " " + e.Path())
	if e.Doc != "" {
		b.WriteString("\n" + e.Doc)
	}
	for _, line := range dataOf(e) {
		b.WriteString("\n" + line)
	}
	return b.String()
}

// labels returns the labels of elements in a row.
func labels(list []*model.Element) string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.Label()
	}
	return strings.Join(out, ", ")
}
