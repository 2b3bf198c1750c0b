package landing_test

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
	"github.com/landfall-go/landfall/storm/model"
)

// Whatever people do to the wall and to the text, afterwards the text says what the
// wall says, and a wall that is made of the text alone says the same.
func TestWallAndTextAgree(t *testing.T) { rapid.Check(t, wallAndTextAgree(t)) }

func FuzzWallAndText(f *testing.F) { f.Fuzz(rapid.MakeFuzz(wallAndTextAgree(f))) }

func wallAndTextAgree(tb testing.TB) func(*rapid.T) {
	everything, err := os.ReadFile("../../storm/testdata/everything.storm")
	if err != nil {
		tb.Fatal(err)
	}
	rover, err := os.ReadFile("../../examples/marsrover/marsrover.storm")
	if err != nil {
		tb.Fatal(err)
	}
	return func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"", "storm \"Free\"\n\n\"A done\"\n\"B done\"\n", string(everything), string(rover)}).Draw(t, "text")
		b := newBench(t)
		b.open([]storm.File{{Path: "a.storm", Text: []byte(text)}})
		d := &drawer{T: t, bench: b, sound: maps.Clone(b.texts())}
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			for range rapid.IntRange(1, 3).Draw(t, "gestures") {
				d.gesture()
			}
			if rapid.IntRange(0, 2).Draw(t, "edit the text") == 0 {
				d.editText()
			}
			if rapid.IntRange(0, 2).Draw(t, "people go on") == 0 {
				d.meanwhile()
			}
			if rapid.IntRange(0, 3).Draw(t, "the server stops") == 0 {
				d.stops()
			}
			lines := d.lines()
			b.settle()
			d.mend()
			d.agrees()
			d.sound, d.back = maps.Clone(d.texts()), false
			d.lieStill(lines)
		}
		d.again()
	}
}

// lieStill fails when a step has moved what only helps to read the wall. What lay in a frame
// that has gone lies in none.
func (d *drawer) lieStill(lines map[string]session.Place) {
	for id, at := range lines {
		if d.wall.Notes[at.Module] == nil {
			at.Module = ""
			lines[id] = at
		}
	}
	if got := d.lines(); !maps.Equal(got, lines) {
		d.fail("the lines and lanes lie elsewhere:\n%s", cmp.Diff(lines, got))
	}
}

// lines returns where what only helps to read the wall lies.
func (d *drawer) lines() map[string]session.Place {
	out := map[string]session.Place{}
	for id, n := range d.wall.Notes {
		if n.Kind == session.KindLine || n.Kind == session.KindLane || n.Kind == session.KindText {
			out[id] = session.Place{ID: id, X: n.X, Y: n.Y, W: n.W, H: n.H, Module: n.Module}
		}
	}
	return out
}

func (d *drawer) fail(format string, args ...any) {
	d.T.Helper()
	var text strings.Builder
	for path, t := range d.texts() {
		fmt.Fprintf(&text, "--- %s\n%s", path, t)
	}
	d.T.Fatalf("%s\n%s--- wall\n%s--- problems\n%s", fmt.Sprintf(format, args...), text.String(), d.notes(), d.problems())
}

// agrees checks that the text says what the wall says.
func (d *drawer) agrees() {
	src := d.state.Source()
	if len(src.Diagnostics) > 0 {
		d.fail("the text is not sound: %v", src.Diagnostics)
	}
	again := storm.Parse(files(d.texts())...)
	if len(again.Diagnostics) > 0 {
		d.fail("the text of the wall is not sound: %v", again.Diagnostics)
	}
	refused := d.problems() != ""
	said, pivotal := map[string]bool{}, map[string]bool{}
	for id, n := range d.wall.Notes {
		if n.Private {
			continue
		}
		if n.Element != d.state.Element(id) && n.Kind != session.KindLine {
			d.fail("%q is said to be %s on the wall, and is %s", n.Text, n.Element, d.state.Element(id))
		}
		if n.Element == "" {
			if !refused && !n.Private && strings.TrimSpace(n.Text) != "" && kind(n) != ast.NoKind {
				d.fail("%q is not in the text", n.Text)
			}
			continue
		}
		said[n.Element] = true
		pivotal[n.Element] = pivotal[n.Element] || n.Pivotal || n.Kind == session.KindLine
		if !refused {
			d.noteAgrees(n, again.Model)
		}
	}
	for e := range again.Model.Elements() {
		if e.Kind == ast.Event && e.Pivotal != pivotal[e.ID()] && !refused {
			d.fail("that %s is pivotal is %v in the text, and not on the wall", e, e.Pivotal)
		}
	}
	d.allShown(again.Model, said)
	if !refused {
		d.linksAgree(again.Model)
	}
}

// allShown fails unless all that the text has is said by a note.
func (d *drawer) allShown(s *model.Storm, said map[string]bool) {
	for e := range s.Elements() {
		if e.Kind != ast.Enum && !said[e.ID()] {
			d.fail("%s has no note", e)
		}
	}
	for m := range s.All() {
		if !m.IsFree() && !said["module:"+ast.Quote(m.Name)] {
			d.fail("module %s has no frame", m.Name)
		}
		for _, st := range m.Stickies {
			if !said[st.ID()] {
				d.fail("%s has no note", st.ID())
			}
		}
	}
}

// noteAgrees compares a note with what it stands for: they have the same name, and lie in
// the same module.
func (d *drawer) noteAgrees(n *session.Note, s *model.Storm) {
	var module *model.Module
	says := func(name, label string) {
		if clean := strings.Join(strings.Fields(n.Text), " "); name != clean && label != clean && n.Kind != session.KindLine {
			d.fail("%q stands for %s", n.Text, n.Element)
		}
	}
	name, isModule := strings.CutPrefix(n.Element, "module:")
	if e := s.Element(n.Element); e != nil {
		says(e.Name, e.Label())
		module = e.Module
	} else if st := s.Sticky(n.Element); st != nil {
		module = st.Module
	} else if m := s.Module(ast.Unquote(name)); isModule && m != nil {
		says(m.Name, model.Label(m.Name))
		return
	} else {
		d.fail("%q stands for %s, which is not there", n.Text, n.Element)
	}
	frame := d.wall.Notes[n.Module]
	if frame != nil && !frame.Private && frame.Element != "" && n.Kind != session.KindLine && frame.Element != "module:"+ast.Quote(module.Name) {
		d.fail("%q lies in the frame of %s, and stands for %s", n.Text, frame.Element, n.Element)
	}
}

func files(texts map[string]string) []storm.File {
	var out []storm.File
	for path, text := range texts {
		out = append(out, storm.File{Path: path, Text: []byte(text)})
	}
	return out
}

// linksAgree compares the arrows of the wall with those of the text.
func (d *drawer) linksAgree(s *model.Storm) {
	text := map[string]bool{}
	follows := map[string]bool{}
	for _, l := range s.Links() {
		text[l.From.ID()+" -> "+l.To.ID()] = true
	}
	for h := range s.Handlings() {
		if h.Handler == nil || len(h.Commands) == 0 {
			continue
		}
		for e := range h.Events.All() {
			follows[h.Handler.ID()+" -> "+e.ID()] = true
		}
	}
	wall := map[string]bool{}
	for _, l := range d.wall.Links {
		from, to := d.wall.Notes[l.From], d.wall.Notes[l.To]
		if from == nil || to == nil {
			d.fail("a link has an end that is not there: %+v", l)
			continue
		}
		if from.Element == "" || to.Element == "" || from.Private || to.Private {
			continue
		}
		arrow := from.Element + " -> " + to.Element
		wall[arrow] = true
		if !text[arrow] && edit.VerbOf(kind(from), kind(to)) != "" {
			d.fail("the text does not have %s", arrow)
		}
	}
	for arrow := range text {
		if !wall[arrow] && !follows[arrow] {
			d.fail("the wall does not have %s", arrow)
		}
	}
}

// again opens the text on an empty wall, and closes and opens the wall: both say the
// same as before, and there is nothing more to do.
func (d *drawer) again() {
	fresh := newBench(d.T)
	fresh.open(files(d.texts()))
	(&drawer{T: d.T, bench: fresh}).agrees()
	if !maps.Equal(fresh.texts(), d.texts()) {
		d.fail("the text changes when it is opened:\n%s", cmp.Diff(d.texts(), fresh.texts()))
	}
	if d.problems() != "" {
		return
	}
	wall, texts := d.notes(), maps.Clone(d.texts())
	d.open(files(texts))
	if got := d.notes(); got != wall {
		d.fail("the wall is another after it was opened again:\n%s", cmp.Diff(wall, got))
	}
	if !maps.Equal(d.texts(), texts) {
		d.fail("the text is another after the wall was opened again:\n%s", cmp.Diff(texts, d.texts()))
	}
}
