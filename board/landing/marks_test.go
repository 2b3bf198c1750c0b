package landing_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm"
)

// A vertical line makes the event pivotal that it crosses or nearly touches, and no other;
// it stops when the line or the event is moved away. Nothing else moves.
func TestLineIsAtWhatItCrosses(t *testing.T) {
	for _, c := range []struct {
		what, script, pivotal string
	}{
		{"through it", "add llll line \"\" 1050,-500", "Paid"},
		{"at its right edge", "add llll line \"\" 1124,-500", "Paid"},
		{"at its left edge", "add llll line \"\" 980,-500", "Paid"},
		{"clear of it", "add llll line \"\" 1125,-500", ""},
		{"clear before it", "add llll line \"\" 979,-500", ""},
		{"between two", "add llll line \"\" 1150,-500", ""},
		{"above it", "add llll line \"\" 1050,-3000", ""},
		{"nearer to the next", "add llll line \"\" 1190,-500", "Sent"},
		{"moved away", "add llll line \"\" 1050,-500\nthen\nmove llll 1130,-500", ""},
		{"moved to another", "add llll line \"\" 1050,-500\nthen\nmove llll 1240,-500", "Sent"},
		{"removed", "add llll line \"\" 1050,-500\nthen\nremove llll", ""},
		{"the event is moved away", "add llll line \"\" 1050,-500\nthen\nmove paid 1000,2000", ""},
		{"the event is moved to it", "add llll line \"\" 1150,-500\nthen\nmove paid 1100,0", "Paid"},
		{"the event is put up at it", "add llll line \"\" 1500,-500\nthen\nadd more event \"Kept\" 1450,0", "Kept"},
		{"the event is removed", "add llll line \"\" 1050,-500\nthen\nremove paid", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			b := newBench(t)
			b.open([]storm.File{{Path: "a.storm", Text: []byte("storm S\n")}})
			b.play("add paid event \"Paid\" 1000,0\nadd sent event \"Sent\" 1200,0\nadd pays command \"Pay\" 800,0")
			sent, pays := rectOf(b.wall.Notes["sent"]), rectOf(b.wall.Notes["pays"])
			b.play(c.script)
			if rectOf(b.wall.Notes["sent"]) != sent || rectOf(b.wall.Notes["pays"]) != pays {
				t.Error("a note was moved for the line")
			}
			got := ""
			for e := range b.state.Model().Elements() {
				if e.Pivotal {
					got += e.Name
				}
			}
			if got != c.pivotal {
				t.Errorf("pivotal is %q, want %q\n%s", got, c.pivotal, b.texts()["a.storm"])
			}
			if p := b.problems(); p != "" {
				t.Error(p)
			}
			places := map[string]session.Place{}
			for id, n := range b.wall.Notes {
				places[id] = rectOf(n)
			}
			b.crash()
			for id, n := range b.wall.Notes {
				if places[id] != rectOf(n) {
					t.Errorf("%s has moved from %v to %v", id, places[id], n)
				}
			}
			if len(b.wall.Notes) != len(places) {
				t.Errorf("the wall has %d notes and not %d", len(b.wall.Notes), len(places))
			}
		})
	}
}

func rectOf(n *session.Note) session.Place {
	return session.Place{X: n.X, Y: n.Y, W: n.W, H: n.H}
}

// Who takes the mark out of the text takes it from the line, which stays where it is.
func TestTextTakesTheMarkFromALine(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte("storm S\n\nPaid\n")}})
	x := b.wall.Notes[b.id("event:Paid")].X
	b.play(fmt.Sprintf("add llll line \"\" %d,-500", x))
	if got := b.wall.Notes["llll"].Element; got != "event:Paid" {
		t.Fatalf("the line stands at %q", got)
	}
	b.follow("a.storm", "storm S\n\nPaid\n")
	if got := b.wall.Notes["llll"].Element; got != "" {
		t.Errorf("the line stands at %q still", got)
	}
	b.play("move event:Paid " + fmt.Sprintf("%d,40", x))
	if text := b.texts()["a.storm"]; strings.Contains(text, "pivotal") {
		t.Errorf("the mark comes back:\n%s", text)
	}
}

// A line that becomes a note without a text stands at no event, and at nothing else.
func TestLineOfAnotherKindMarksNothing(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte("storm S\n")}})
	b.play("add paid event \"Paid\" 1000,0\nadd llll line \"\" 1050,-500\nthen\nkind llll term")
	if n := b.wall.Notes["llll"]; n.Element != "" || b.state.Element("llll") != "" {
		t.Errorf("it stands for %q on the wall, and for %q", n.Element, b.state.Element("llll"))
	}
	if text := b.texts()["a.storm"]; strings.Contains(text, "pivotal") {
		t.Errorf("the event is still pivotal:\n%s", text)
	}
}
