package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Picture returns a wall, or the notes with the ids, as a picture: everything lies as it
// does on the wall. With frames come the notes in them. s says which events leave their
// modules; it may be nil.
func Picture(wall *session.Wall, s *model.Storm, ids []string) *draw.Wall {
	p := &painter{wall: wall, model: s, chosen: map[string]bool{}, all: ids == nil, at: map[string]int{}}
	for _, id := range ids {
		p.chosen[id] = true
	}
	if wall.Board != nil {
		p.out.Title = wall.Board.Name
	}
	for _, n := range sorted(wall) {
		if p.shows(n) {
			p.note(n)
		}
	}
	for _, l := range links(wall) {
		from, a := p.at[l.From]
		to, b := p.at[l.To]
		if a && b {
			p.out.Links = append(p.out.Links, draw.WallLink{From: from, To: to, Verb: l.Verb})
		}
	}
	return &p.out
}

type painter struct {
	wall   *session.Wall
	model  *model.Storm
	chosen map[string]bool
	all    bool
	at     map[string]int // notes in the picture
	out    draw.Wall
}

// sorted returns the notes that all may see, from left to right.
func sorted(wall *session.Wall) []*session.Note {
	var out []*session.Note
	for _, n := range wall.Notes {
		if !n.Private {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b *session.Note) int {
		return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func links(wall *session.Wall) []*session.Link {
	var out []*session.Link
	for _, l := range wall.Links {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b *session.Link) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func (p *painter) shows(n *session.Note) bool {
	return p.all || p.chosen[n.ID] || p.chosen[n.Module] && n.Module != ""
}

func box(n *session.Note) draw.Rect {
	return draw.Rect{X: float64(n.X), Y: float64(n.Y), W: float64(n.W), H: float64(n.H)}
}

func (p *painter) note(n *session.Note) {
	switch n.Kind {
	case session.KindModule:
		p.out.Frames = append(p.out.Frames, draw.WallFrame{ID: n.ID, Name: n.Text, Team: n.Team, Box: box(n)})
	case session.KindLine:
		p.out.Lines = append(p.out.Lines, draw.WallLine{Box: box(n), Text: n.Text})
	case session.KindLane:
		p.out.Lanes = append(p.out.Lanes, draw.WallLane{Box: box(n), Text: n.Text})
	case session.KindText:
		p.out.Labels = append(p.out.Labels, draw.WallLabel{Box: box(n), Text: n.Text})
	default:
		p.at[n.ID] = len(p.out.Notes)
		note := draw.WallNote{
			ID: n.ID, Element: n.Element, Kind: ast.KindOf(string(n.Kind)), Text: n.Text, Box: box(n), Tip: p.tip(n),
			Resolved: n.Answer != "", Pivotal: n.Pivotal,
		}
		if p.model != nil {
			if e := p.model.Element(n.Element); e != nil && e.Kind == ast.Event {
				note.Published = slices.Contains(e.Module.Publishes, e)
			}
		}
		p.out.Notes = append(p.out.Notes, note)
	}
}

// tip says all that is known of a note.
func (p *painter) tip(n *session.Note) string {
	lines := []string{fmt.Sprintf("%s: %s", n.Kind, oneLine(n.Text))}
	if n.Doc != "" {
		lines = append(lines, n.Doc)
	}
	if n.Answer != "" {
		lines = append(lines, "answer: "+n.Answer)
	}
	if v := votesOn(n); v > 0 {
		lines = append(lines, plural(v, "vote"))
	}
	if len(n.Was) > 0 {
		lines = append(lines, "merged from: "+strings.Join(n.Was, ", "))
	}
	return strings.Join(lines, "\n")
}

func votesOn(n *session.Note) int {
	sum := 0
	for _, v := range n.Votes {
		sum += v
	}
	return sum
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
