package landing_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm"
)

// On a wall that is laid out for the first time nothing lies on anything else, notes lie
// in the frames of their modules, and no arrow runs over what is in no flow.
func TestFirstWallIsTidy(t *testing.T) {
	for name, path := range map[string]string{
		"rover":      "../../examples/marsrover/marsrover.storm",
		"catalog":    "../../examples/productcatalog/productcatalog.storm",
		"everything": "../../storm/testdata/everything.storm",
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b := newBench(t)
			b.open([]storm.File{{Path: "a.storm", Text: text}})
			checkTidy(t, b.wall)
		})
	}
}

// Values and terms have room below narrow frames, one above the other, and what is below
// these comes to lie lower.
func TestFirstWallHasRoomForManyValues(t *testing.T) {
	var text strings.Builder
	for _, module := range []string{"Rover", "Station", "Base"} {
		text.WriteString("module " + module + " {\n  Done" + module + "\n")
		for _, v := range strings.Split("ABCDEFGHIJ", "") {
			text.WriteString("  value " + module + v + " { x int }\n  term \"" + v + "\" \"what it means\"\n")
		}
		text.WriteString("}\n")
	}
	text.WriteString("value Outside { x int }\nterm Free \"not in a module\"\n")
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte(text.String())}})
	if n := len(b.wall.Notes); n != 3*22+2 {
		t.Fatalf("the wall has %d notes", n)
	}
	checkTidy(t, b.wall)
}

func checkTidy(t *testing.T, wall *session.Wall) {
	t.Helper()
	for _, n := range wall.Notes {
		for _, o := range wall.Notes {
			if n.ID < o.ID && (n.Kind == session.KindModule) == (o.Kind == session.KindModule) && overlap(n, o) {
				t.Errorf("%s %q lies on %s %q", n.Kind, n.Text, o.Kind, o.Text)
			}
		}
		if frame := wall.Notes[n.Module]; frame != nil && (n.X < frame.X || n.Y < frame.Y || n.X+n.W > frame.X+frame.W || n.Y+n.H > frame.Y+frame.H) {
			t.Errorf("%s %q sticks out of its frame %q", n.Kind, n.Text, frame.Text)
		}
		if n.Kind != session.KindValue && n.Kind != session.KindTerm {
			continue
		}
		for _, l := range wall.Links {
			if from, to := wall.Notes[l.From], wall.Notes[l.To]; crosses(from, to, n) {
				t.Errorf("the arrow from %q to %q runs over %s %q", from.Text, to.Text, n.Kind, n.Text)
			}
		}
	}
}

func overlap(a, b *session.Note) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

// crosses reports whether the way between the middles of two notes leads over a third.
func crosses(from, to, n *session.Note) bool {
	const steps = 200
	for i := range steps + 1 {
		x := (from.X+from.W/2)*(steps-i)/steps + (to.X+to.W/2)*i/steps
		y := (from.Y+from.H/2)*(steps-i)/steps + (to.Y+to.H/2)*i/steps
		if n.X < x && x < n.X+n.W && n.Y < y && y < n.Y+n.H {
			return true
		}
	}
	return false
}

// What a layout does not remember keeps clear of the stickies that it does.
func TestNewNotesKeepClearOfRememberedStickies(t *testing.T) {
	text := []storm.File{{Path: "a.storm", Text: []byte("Operator -> Move ->\nhotspot \"How far?\" on Move\n")}}
	open := func(layout *landing.Layout) *bench {
		b := newBench(t)
		state, step := landing.Open(b.wall, text, layout, landing.WithIDs(counter()))
		b.take(state, step)
		return b
	}
	move := &session.Note{ID: "move0001", Kind: session.KindCommand, Element: "command:Move", W: 112, H: 112}
	b := open(&landing.Layout{Notes: []*session.Note{move}})
	there := b.wall.Notes[b.id("actor:Operator")]
	spot := &session.Note{ID: "spot0001", Kind: session.KindHotspot, Element: "hotspot:\"How far?\"", X: there.X, Y: there.Y, W: 94, H: 94}
	b = open(&landing.Layout{Notes: []*session.Note{move, spot}})
	if got := b.wall.Notes["spot0001"]; got == nil || got.X != spot.X || got.Y != spot.Y {
		t.Fatalf("the hotspot lies elsewhere: %+v", got)
	}
	checkTidy(t, b.wall)
}

// Values and terms that are written into the text later come to lie at the foot of the frame,
// where no arrow runs; the frame grows for them.
func TestLaterValuesLieAtTheFoot(t *testing.T) {
	rover, err := os.ReadFile("../../examples/marsrover/marsrover.storm")
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: rover}})
	text := b.texts()["a.storm"]
	for i := range 9 {
		text = strings.Replace(text, "  enum Direction", fmt.Sprintf("  value Later%d { x int }\n  term Word%d \"a word\"\n  enum Direction", i, i), 1)
		b.follow("a.storm", text)
	}
	checkTidy(t, b.wall)
	frame := b.wall.Notes[b.id("module:Rover")]
	for _, n := range b.wall.Notes {
		if n.Kind != session.KindValue && n.Kind != session.KindTerm {
			continue
		}
		for _, o := range b.wall.Notes {
			if o.Module == frame.ID && n.Module == frame.ID && o.Kind != session.KindValue && o.Kind != session.KindTerm && o.Y+o.H > n.Y {
				t.Errorf("%s %q lies beside %s %q", n.Kind, n.Text, o.Kind, o.Text)
			}
		}
	}
}

// What the text takes out of a module into a new one lies in that one's frame as it lay, and
// the frame keeps clear of the other. What is new in the module comes into the same frame.
func TestNotesLeaveForANewFrameTogether(t *testing.T) {
	const head, system = "module Rover {\n  Operator -> Move -> Moved\n", "  system Console {\n    Notify -> Notified\n  }\n"
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte(head + system + "}\n")}})
	before := b.wall.Clone()
	b.follow("a.storm", head+"}\nmodule Station {\n"+system+"  Ordered\n  policy Order : Notified -> Notify\n}\n")
	checkTidy(t, b.wall)
	frame := b.id("module:Station")
	by := map[string]int{}
	for _, n := range b.wall.Notes {
		if !strings.HasPrefix(b.state.Element(n.ID), "module:") && (n.Module == frame) != strings.Contains(n.Element, "Station") {
			t.Errorf("%q is %s, and lies in %s", n.Text, n.Element, b.name(n.Module))
		}
		if was := before.Notes[n.ID]; was != nil && n.Module == frame {
			by[fmt.Sprint(n.X-was.X, " ", n.Y-was.Y)]++
		}
	}
	if len(by) != 1 {
		t.Errorf("they were moved by %v", by)
	}
}
