package exchange

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/importer"
)

// Imported is a board of another tool, ready for a wall.
type Imported struct {
	// Text is the storm that it makes, and Layout where its notes lie. An empty board
	// takes these: landing.Open puts them on the wall. Layout is nil for a board without
	// positions.
	Text   string
	Layout *landing.Layout
	// Notes and Links are the same for a wall that has notes already: they lie below them.
	Notes []session.NoteData
	Links []session.LinkData
	// Messages are what people should know about how it was read.
	Messages []string
}

// Import reads a board of another tool, or a storm file, by its content and its name.
// The error wraps importer.ErrFormat or importer.ErrEmpty, ErrTooMuch, or ErrUnsound for a
// storm file with errors.
func Import(wall *session.Wall, name string, data []byte) (*Imported, error) {
	out := &Imported{}
	if strings.EqualFold(filepath.Ext(name), storm.Extension) {
		text := strings.ReplaceAll(string(data), "\r\n", "\n")
		if err := storm.Parse(storm.File{Path: name, Text: []byte(text)}).Diagnostics.Err(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnsound, err)
		}
		out.Text = text
	} else {
		r, err := importer.Read(name, data)
		if err != nil {
			return nil, err
		}
		out.Text = string(r.Text)
		out.Layout = layoutOf(r.Places)
		out.Messages = messages(r.Report)
	}
	if n := size(out.Text); n > session.MaxNotes { // before it is laid out, which takes a while
		return nil, fmt.Errorf("%w: %d notes, and a board holds %d", ErrTooMuch, n, session.MaxNotes)
	}
	return out, out.place(wall)
}

// ErrTooMuch says that a file has more notes than a board holds.
var ErrTooMuch = errors.New("the file has more notes than fit")

// size returns how many notes the elements of a storm make.
func size(text string) int {
	n := 0
	for range storm.Parse(storm.File{Path: "import" + storm.Extension, Text: []byte(text)}).Model.Elements() {
		n++
	}
	return n
}

// messages tells of an import what its report does, a line each.
func messages(r *importer.Report) []string {
	var out []string
	for _, list := range []struct {
		what     string
		findings []importer.Finding
	}{{"", r.Decided}, {"kept as a free note: ", r.Unknown}, {"left out: ", r.Left}} {
		for _, f := range list.findings {
			out = append(out, list.what+f.Message)
		}
	}
	return out
}

// layoutOf makes a layout of the places of an imported board.
func layoutOf(p *importer.Places) *landing.Layout {
	if p == nil {
		return nil
	}
	l := &placing{ids: landing.NewIDs(), fitting: scaleOf(p)}
	for _, a := range p.Areas {
		if a.Element != "" {
			l.add(session.KindModule, a)
		} else {
			l.add(session.KindText, importer.Place{Text: a.Text, X: a.X, Y: a.Y - 48/l.fitting})
		}
	}
	for _, n := range p.Notes {
		l.add(session.Kind(n.Kind.String()), n)
	}
	for _, t := range p.Labels {
		l.add(session.KindText, t)
	}
	l.lines(p)
	return &l.out
}

// placing makes notes of places.
type placing struct {
	out     landing.Layout
	ids     func() string
	fitting float64 // from the units of the board to pixels
	all     struct{ left, top, right, bottom float64 }
	any     bool
}

// scaleOf returns by how much a board is enlarged, so that its usual note is as large as
// ours are.
func scaleOf(p *importer.Places) float64 {
	for _, n := range p.Notes {
		if n.Kind == ast.Event && n.W > 0 && n.H > 0 {
			w, _ := landing.Size(session.KindEvent)
			if f := float64(w) / n.W; f > 1.25 || f < 0.5 {
				return f
			}
			return 1
		}
	}
	return 1
}

func (l *placing) add(kind session.Kind, p importer.Place) {
	w, h := landing.Size(kind)
	n := &session.Note{Type: session.NoteItem, ID: l.ids(), Kind: kind, Element: p.Element, X: l.pixels(p.X), Y: l.pixels(p.Y), W: w, H: h}
	if p.W > 0 && p.H > 0 && kind != session.KindText {
		n.W, n.H = max(l.pixels(p.W), 24), max(l.pixels(p.H), 24)
	}
	if kind == session.KindText {
		n.Text = p.Text
		n.W = max(w, 16*len([]rune(p.Text)))
	}
	l.out.Notes = append(l.out.Notes, n)
	x, y := float64(n.X), float64(n.Y)
	if !l.any {
		l.all.left, l.all.top, l.all.right, l.all.bottom, l.any = x, y, x, y, true
	}
	l.all.left, l.all.top = min(l.all.left, x), min(l.all.top, y)
	l.all.right, l.all.bottom = max(l.all.right, x+float64(n.W)), max(l.all.bottom, y+float64(n.H))
}

func (l *placing) pixels(x float64) int {
	x = math.Round(x * l.fitting)
	return int(min(max(x, -session.MaxPosition), session.MaxPosition))
}

// lines adds vertical lines and lanes, which go as far as the notes do.
func (l *placing) lines(p *importer.Places) {
	top, bottom := int(l.all.top)-60, int(l.all.bottom)+60
	for _, v := range p.Lines {
		w, _ := landing.Size(session.KindLine)
		n := &session.Note{Type: session.NoteItem, ID: l.ids(), Kind: session.KindLine, Text: v.Text, Element: v.Element, X: l.pixels(v.X) - w/2, Y: top, W: w, H: bottom - top}
		if v.H > 0 {
			n.Y, n.H = l.pixels(v.Y), max(l.pixels(v.H), 24)
		}
		l.out.Notes = append(l.out.Notes, n)
	}
	left, right := int(l.all.left)-60, int(l.all.right)+60
	for i, lane := range p.Lanes {
		y, end := l.pixels(lane.Y), bottom
		for _, other := range p.Lanes {
			if o := l.pixels(other.Y); o > y && o < end {
				end = o
			}
		}
		text := lane.Text
		if text == "" {
			text = fmt.Sprintf("Lane %d", i+1)
		}
		l.out.Notes = append(l.out.Notes, &session.Note{
			Type: session.NoteItem, ID: l.ids(), Kind: session.KindLane, Text: text, X: left, Y: y, W: right - left, H: max(end-y, 24),
		})
	}
}

// errLost says that a board could not be read back; it is a mistake of this package.
var errLost = errors.New("the imported board has no notes")

// place makes notes and links for a wall that is not empty.
func (i *Imported) place(wall *session.Wall) error {
	alone := session.NewWall()
	file := storm.File{Path: "import" + storm.Extension, Text: []byte(i.Text)}
	_, step := landing.Open(alone, []storm.File{file}, i.Layout)
	alone.Apply(step.Changes)
	if len(alone.Notes) == 0 && strings.TrimSpace(i.Text) == "" {
		return errLost
	}
	dx, dy := below(wall, alone)
	for _, n := range sorted(alone) {
		i.Notes = append(i.Notes, session.NoteData{
			ID: n.ID, Kind: n.Kind, Text: n.Text, X: n.X + dx, Y: n.Y + dy, W: n.W, H: n.H, Module: n.Module,
			Pivotal: n.Pivotal, Answer: n.Answer, Doc: n.Doc, On: n.On, Team: n.Team,
		})
	}
	for _, l := range links(alone) {
		i.Links = append(i.Links, session.LinkData{ID: l.ID, From: l.From, To: l.To, Verb: l.Verb})
	}
	return nil
}

// below returns how far notes must move to lie below those of a wall.
func below(wall, more *session.Wall) (dx, dy int) {
	if len(wall.Notes) == 0 || len(more.Notes) == 0 {
		return 0, 0
	}
	left, bottom := math.MaxInt, math.MinInt
	for _, n := range wall.Notes {
		left, bottom = min(left, n.X), max(bottom, n.Y+n.H)
	}
	first, top := math.MaxInt, math.MaxInt
	for _, n := range more.Notes {
		first, top = min(first, n.X), min(top, n.Y)
	}
	return left - first, bottom + 200 - top
}
