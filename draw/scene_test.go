package draw_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/draw/internal/lettering"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// failer is what a test and a property have in common.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// bounds returns the box around a note, as it is turned.
func bounds(n draw.Note) draw.Rect {
	a := math.Abs(n.Turn) * math.Pi / 180
	w := n.Box.W*math.Cos(a) + n.Box.H*math.Sin(a)
	h := n.Box.W*math.Sin(a) + n.Box.H*math.Cos(a)
	return draw.Rect{X: n.Box.X + (n.Box.W-w)/2, Y: n.Box.Y + (n.Box.H-h)/2, W: w, H: h}
}

// apart reports whether two boxes have no point in common inside of both, by
// more than a rounding error.
func apart(a, b draw.Rect) bool {
	const eps = 0.01
	return a.X+a.W <= b.X+eps || b.X+b.W <= a.X+eps || a.Y+a.H <= b.Y+eps || b.Y+b.H <= a.Y+eps
}

// checkScene holds a scene against all that every picture promises.
func checkScene(t failer, s *draw.Scene) {
	t.Helper()
	checkNotes(t, s)
	checkLinks(t, s)
	checkText(t, s)
	checkFrames(t, s)
	checkLabels(t, s)
}

// checkLabels checks that labels are in the picture, and do not cover notes.
func checkLabels(t failer, s *draw.Scene) {
	t.Helper()
	for _, l := range s.Labels {
		w := lettering.Regular
		if l.Bold {
			w = lettering.Bold
		}
		box := draw.Rect{X: l.At.X, Y: l.At.Y - 0.75*l.Size, W: lettering.Width(l.Text, l.Size, w), H: 0.75 * l.Size}
		if box.X < 0 || box.Y < 0 || box.X+box.W > s.Width || box.Y+box.H > s.Height {
			t.Errorf("label %q at %v is not in the picture of %v x %v", l.Text, box, s.Width, s.Height)
		}
		for _, n := range s.Notes {
			if !apart(box, bounds(n)) {
				t.Errorf("label %q at %v covers %s at %v", l.Text, box, n.ID, bounds(n))
			}
		}
	}
}

func checkNotes(t failer, s *draw.Scene) {
	t.Helper()
	ids := map[string]bool{}
	order := make([]int, len(s.Notes))
	for i, n := range s.Notes {
		order[i] = i
		if ids[n.ID] {
			t.Errorf("two notes have the id %s", n.ID)
		}
		ids[n.ID] = true
		b := bounds(n)
		if !(b.X >= 0 && b.Y >= 0 && b.X+b.W <= s.Width && b.Y+b.H <= s.Height) {
			t.Errorf("note %s at %v is not in the picture of %v x %v", n.ID, b, s.Width, s.Height)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(bounds(s.Notes[a]).X, bounds(s.Notes[b]).X) })
	for i, a := range order {
		box := bounds(s.Notes[a])
		for _, b := range order[i+1:] {
			other := bounds(s.Notes[b])
			if other.X > box.X+box.W {
				break
			}
			if !apart(box, other) {
				t.Errorf("notes %s and %s overlap: %v, %v", s.Notes[a].ID, s.Notes[b].ID, box, other)
			}
		}
	}
}

// checkLinks checks that links run along the grid, from their first note to
// their last, and through no note, their own included.
func checkLinks(t failer, s *draw.Scene) {
	t.Helper()
	boxes := make([]draw.Rect, len(s.Notes))
	for i, n := range s.Notes {
		boxes[i] = bounds(n)
	}
	for _, l := range s.Links {
		name := fmt.Sprintf("link %s %s %s", s.Notes[l.From].ID, l.Verb, s.Notes[l.To].ID)
		if len(l.Points) < 2 {
			t.Errorf("%s has %d points", name, len(l.Points))
			continue
		}
		first, last := l.Points[0], l.Points[len(l.Points)-1]
		if !touches(s.Notes[l.From].Box, first) || !touches(s.Notes[l.To].Box, last) {
			t.Errorf("%s does not reach its notes: %v, %v", name, s.Notes[l.From].Box, s.Notes[l.To].Box)
		}
		for i := 1; i < len(l.Points); i++ {
			a, b := l.Points[i-1], l.Points[i]
			if a.X != b.X && a.Y != b.Y {
				t.Errorf("%s runs aslant from %v to %v", name, a, b)
			}
			line := draw.Rect{X: min(a.X, b.X), Y: min(a.Y, b.Y), W: math.Abs(a.X - b.X), H: math.Abs(a.Y - b.Y)}
			for j, box := range boxes {
				if crosses(line, box) && !(s.Notes[j].Turn != 0 && (j == l.From || j == l.To)) {
					t.Errorf("%s runs through %s: %v, %v", name, s.Notes[j].ID, line, box)
				}
			}
		}
	}
}

// crosses reports whether a line has a point inside of a box.
func crosses(line, box draw.Rect) bool {
	const eps = 0.01
	return line.X < box.X+box.W-eps && line.X+line.W > box.X+eps && line.Y < box.Y+box.H-eps && line.Y+line.H > box.Y+eps
}

// touches reports whether a point lies on the border of a box.
func touches(box draw.Rect, p draw.Point) bool {
	const eps = 0.01
	in := p.X >= box.X-eps && p.X <= box.X+box.W+eps && p.Y >= box.Y-eps && p.Y <= box.Y+box.H+eps
	inside := p.X > box.X+eps && p.X < box.X+box.W-eps && p.Y > box.Y+eps && p.Y < box.Y+box.H-eps
	return in && !inside
}

// checkText checks that all text stays on its note, with room for a font that is
// an eighth wider.
func checkText(t failer, s *draw.Scene) {
	t.Helper()
	for _, n := range s.Notes {
		w := lettering.Regular
		if n.Bold {
			w = lettering.Bold
		}
		for _, line := range n.Text.Lines {
			if got := lettering.Width(line, n.Text.Size, w) * 1.125; got > n.Box.W {
				t.Errorf("%q is too long for %s: %v in %v", line, n.ID, got, n.Box.W)
			}
		}
		height := n.Text.Height() + float64(len(n.Lines))*n.LineSize*lettering.LineHeight
		if height > n.Box.H {
			t.Errorf("the text of %s is too high: %v in %v", n.ID, height, n.Box.H)
		}
		for _, line := range n.Lines {
			if got := lettering.Width(line, n.LineSize, lettering.Regular) * 1.125; got > n.Box.W {
				t.Errorf("%q is too long for %s: %v in %v", line, n.ID, got, n.Box.W)
			}
		}
	}
}

func checkFrames(t failer, s *draw.Scene) {
	t.Helper()
	for i, a := range s.Frames {
		for _, b := range s.Frames[i+1:] {
			if !apart(a.Box, b.Box) {
				t.Errorf("frames %s and %s overlap: %v, %v", a.ID, b.ID, a.Box, b.Box)
			}
		}
		for _, n := range s.Notes {
			if b := bounds(n); !apart(a.Box, b) && !covers(a.Box, b) {
				t.Errorf("note %s lies across the border of %s: %v, %v", n.ID, a.ID, b, a.Box)
			}
		}
	}
}

func covers(a, b draw.Rect) bool {
	return a.X <= b.X && a.Y <= b.Y && a.X+a.W >= b.X+b.W && a.Y+a.H >= b.Y+b.H
}

// checkComplete checks that the board has a note of each element and sticky,
// in its module's frame if it stands for itself, and a link for each arrow that
// does not speak from the notes' places.
func checkComplete(t failer, m *model.Storm, s *draw.Scene) {
	t.Helper()
	byElement := map[string][]int{}
	texts := map[string]int{}
	for i, n := range s.Notes {
		byElement[n.Element] = append(byElement[n.Element], i)
		texts[strings.SplitN(n.Tip, "\n", 2)[0]]++
	}
	for e := range m.Elements() {
		switch e.Kind {
		case ast.Value, ast.Enum, ast.Term:
			continue
		}
		if len(byElement[e.ID()]) == 0 && !informedOnly(m, e) {
			t.Errorf("there is no note of %s", e)
		}
	}
	stickies := map[string]int{}
	for mod := range m.All() {
		for _, x := range mod.Stickies {
			stickies[x.Kind.String()+": "+strings.SplitN(x.Text, "\n", 2)[0]]++
		}
	}
	for text, n := range stickies {
		if texts[text] != n {
			t.Errorf("there are %d notes of %s instead of %d", texts[text], text, n)
		}
	}
	linked := map[[3]string]bool{}
	for _, l := range s.Links {
		linked[[3]string{l.Verb, s.Notes[l.From].Element, s.Notes[l.To].Element}] = true
	}
	for _, l := range m.Links() {
		switch l.Verb {
		case model.Triggers, model.Stops, model.Invokes, model.Updates, model.Supports, model.HandedTo, model.Emits:
			if !linked[[3]string{string(l.Verb), l.From.ID(), l.To.ID()}] {
				t.Errorf("nothing shows that %s %s %s", l.From, l.Verb, l.To)
			}
		}
	}
}

// informedOnly reports whether an actor is only informed together with others,
// on a note that names them all.
func informedOnly(m *model.Storm, e *model.Element) bool {
	if e.Kind != ast.Actor {
		return false
	}
	for x := range m.Elements() {
		if x.View != nil && slices.Contains(x.View.Informs, e) {
			return true
		}
	}
	return false
}

func load(t testing.TB, path string) *model.Storm {
	t.Helper()
	src, err := storm.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range src.Diagnostics {
		t.Fatal(d)
	}
	return src.Model
}

func layout(t failer, m *model.Storm, o draw.Options) *draw.Scene {
	t.Helper()
	s, err := draw.Layout(m, o)
	if err != nil {
		t.Fatalf("layout: %v", err)
	}
	return s
}

var storms = []string{"../examples/marsrover", "testdata/bookshop.storm", "testdata/hospital.storm", "testdata/newsroom.storm"}

func TestEveryPictureKeepsItsPromises(t *testing.T) {
	for _, path := range storms {
		m := load(t, path)
		s := layout(t, m, draw.Options{})
		checkScene(t, s)
		checkComplete(t, m, s)
		for _, v := range []draw.View{draw.ModulesView, draw.TeamsView} {
			checkScene(t, layout(t, m, draw.Options{View: v}))
		}
		for mod := range m.All() {
			for _, w := range mod.Walks {
				checkScene(t, layout(t, m, draw.Options{View: draw.FlowView, Name: w.Name}))
			}
			for _, e := range mod.Of(ast.Aggregate) {
				checkScene(t, layout(t, m, draw.Options{View: draw.AggregateView, Name: e.Path()}))
			}
		}
	}
}

func TestAnyStormKeepsThePromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawStorm(t)
		src := storm.Parse(storm.File{Path: "a.storm", Text: []byte(text)})
		for _, d := range src.Diagnostics {
			t.Fatalf("%v\n%s", d, text)
		}
		s := layout(t, src.Model, draw.Options{})
		checkScene(t, s)
		checkComplete(t, src.Model, s)
		checkScene(t, layout(t, src.Model, draw.Options{View: draw.ModulesView}))
		for e := range src.Model.Elements() {
			if e.Kind == ast.Aggregate {
				checkScene(t, layout(t, src.Model, draw.Options{View: draw.AggregateView, Name: e.Path()}))
			}
		}
		checkScene(t, layout(t, src.Model, draw.Options{View: draw.TeamsView}))
		if other := layout(t, src.Model, draw.Options{}); !equalScenes(s, other) {
			t.Fatalf("the same storm gave two pictures:\n%s", text)
		}
	})
}

func equalScenes(a, b *draw.Scene) bool { return string(a.SVG("")) == string(b.SVG("")) }

// drawStorm makes up the text of a storm.
func drawStorm(t *rapid.T) string {
	var b strings.Builder
	b.WriteString("storm \"Any\"\n")
	modules := rapid.IntRange(0, 4).Draw(t, "modules")
	word := rapid.SampledFrom([]string{"A", "B", "C", "Dee", "Eee", "Fff", "Gee", "Something", "VeryLongNameOfAThing", "X"})
	qualified := func() string {
		if modules == 0 || rapid.IntRange(0, 2).Draw(t, "here") > 0 {
			return word.Draw(t, "name")
		}
		return fmt.Sprintf("M%d.%s", rapid.IntRange(0, modules-1).Draw(t, "module"), word.Draw(t, "name"))
	}
	some := func(most int, sep string, what func() string) string {
		n := rapid.IntRange(1, most).Draw(t, "n")
		var out []string
		for range n {
			if x := what(); !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
		return strings.Join(out, sep)
	}
	plain := func() string { return word.Draw(t, "name") }
	flow := func() string {
		line := some(2, ", ", plain) + " -> " + some(3, " | ", qualified)
		if rapid.Bool().Draw(t, "issued") {
			line = some(3, ", ", plain) + " -> " + line
		}
		return line
	}
	statement := func(i int) string {
		switch rapid.IntRange(0, 13).Draw(t, "statement") {
		case 0:
			return fmt.Sprintf("aggregate Agg%d {\n%s\n%s\n}", i, flow(), flow())
		case 1:
			return fmt.Sprintf("system Sys%d {\n%s\n-> %s\n}", i, flow(), plain())
		case 2, 3:
			return fmt.Sprintf("policy Pol%d : %s -> %s", i, some(3, " | ", qualified), some(2, ", ", qualified))
		case 4:
			return fmt.Sprintf("policy Pol%d : %s after 3d unless %s using %s -> %s", i, qualified(), qualified(), qualified(), qualified())
		case 5, 6:
			return fmt.Sprintf("projection Proj%d : %s -> %s", i, some(3, ", ", qualified), some(2, ", ", plain))
		case 7:
			return fmt.Sprintf("hotspot \"What about %d?\" on %s", i, "event Loose")
		case 8:
			return fmt.Sprintf("note \"A note, the %d. of them, that has quite a lot to say\"", i)
		case 9:
			return fmt.Sprintf("every \"night %d\" -> %s", i, some(2, ", ", plain))
		case 10:
			return fmt.Sprintf("section \"Part %d\"", i)
		case 11:
			return flow()
		case 12:
			return fmt.Sprintf("\"Something loose happened %d\"\npivotal \"Something loose happened %d\"\nlane \"Lane %d\" : \"Something loose happened %d\"", i, i, i%2, i)
		}
		return fmt.Sprintf("\"Event no. %d was noted\"", i)
	}
	number := 0
	part := func() {
		b.WriteString("Loose\n")
		for range rapid.IntRange(0, 14).Draw(t, "statements") {
			number++
			b.WriteString(statement(number) + "\n")
		}
	}
	part()
	for i := range modules {
		fmt.Fprintf(&b, "module M%d {\nteam \"T%d\"\n", i, i%2)
		part()
		b.WriteString("}\n")
	}
	return b.String()
}
