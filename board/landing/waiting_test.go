package landing_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm"
)

// What people did at the wall is not lost when somebody edits the text before it has
// landed, not even when the edit changes the same note.
func TestWhatHasNotLandedOutlivesAnEdit(t *testing.T) {
	const head, sticky = "module Rover {\n  Move -> Moved\n", "  hotspot \"How far?\" on Move\n"
	const station = "}\n\nmodule Station {\n  Order -> Ordered\n"
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte(head + sticky + station + "}\n")}})
	b.set(b.id("module:Station"), "doc", "Where orders come from.")
	b.follow("a.storm", head+station+strings.Replace(sticky, "Move", "Order", 1)+"}\n") // the frame may grow
	if text := b.texts()["a.storm"]; !strings.Contains(text, "// Where orders come from.\nmodule Station") {
		t.Errorf("the text has not what was said of the module:\n%s", text)
	}
}

// A note that was written alone and has just been revealed is still there after the server
// was killed.
func TestWhatWasRevealedOutlivesAServer(t *testing.T) {
	b := newBench(t)
	text := []storm.File{{Path: "a.storm", Text: []byte("storm Rover\n\nMoved\n\nmodule Station {}\n")}}
	b.open(text)
	frame, moved := b.id("module:Station"), b.id("event:Moved")
	b.set(frame, "private", true)
	b.set(moved, "private", true)
	b.settle()
	if got := b.texts()["a.storm"]; strings.Contains(got, "Moved") {
		t.Fatalf("what is private is in the text:\n%s", got)
	}
	b.set(frame, "private", false)
	b.set(moved, "private", false)
	b.dirty = []string{}
	b.open(files(b.texts()))
	for _, id := range []string{frame, moved} {
		if n := b.wall.Notes[id]; n == nil || b.state.Element(id) == "" {
			t.Errorf("%s is on the wall as %v, and stands for %q", id, n, b.state.Element(id))
		}
	}
}

// A step leaves the wall that it is made for as it is: others read it.
func TestStepsOnlyRead(t *testing.T) {
	b := newBench(t)
	text := "storm S\n\nMoved\nTurned\nrule \"Slowly\" on Moved\n"
	b.open([]storm.File{{Path: "a.storm", Text: []byte(text)}})
	before := string(encode(b.wall.Items()))
	_, step := b.state.FollowText(b.wall, storm.File{Path: "a.storm", Text: []byte(strings.Replace(text, "on Moved", "on Turned", 1))})
	if len(step.Changes) == 0 {
		t.Error("the rule is not moved to the other event")
	}
	if after := string(encode(b.wall.Items())); after != before {
		t.Errorf("the wall was changed:\n%s\n%s", before, after)
	}
}

// A note that comes back to the wall without a text stands for nothing.
func TestEmptyNoteStandsForNothing(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte("storm S\n\nMoved\n")}})
	moved := b.id("event:Moved")
	n := b.wall.Notes[moved]
	b.remove(moved)
	b.settle()
	b.set(moved, "type", "note", "kind", n.Kind, "text", "", "x", n.X, "y", n.Y, "w", n.W, "h", n.H, "element", n.Element)
	b.settle()
	if n := b.wall.Notes[moved]; n.Element != "" {
		t.Errorf("it stands for %s", n.Element)
	}
}

// An arrow that somebody writes at a note that another merges into a third leads from that
// afterwards.
func TestArrowFollowsAMerge(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte("storm S\n\nSomeone -> Act -> Acted\nDone\n")}})
	done := b.id("event:Done")
	b.gesture(golden.Words("merge " + done + " event:Acted"))
	text := b.texts()["a.storm"] + "policy Again : Acted -> Act\n"
	state, step := b.state.FollowText(b.wall, storm.File{Path: "a.storm", Text: []byte(text)})
	b.take(state, step)
	b.settle()
	policy := b.id("policy:Again")
	for _, l := range b.wall.Links {
		if l.From == done && l.To == policy {
			return
		}
	}
	t.Errorf("no arrow leads to the policy:\n%s%s", b.texts()["a.storm"], b.notes())
}

// Of two notes of a module that say different things at the same time one has the last word,
// and both say it.
func TestOneHasTheLastWord(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte("storm S\n\nmodule Rover { team M }\n")}})
	b.gesture(golden.Words("team module:Rover Mobility"))
	b.gesture(golden.Words("add more module Rover 9000,0"))
	b.gesture(golden.Words("team more M"))
	b.settle()
	text := b.texts()["a.storm"]
	for _, id := range b.state.Notes("module:Rover") {
		if team := b.wall.Notes[id].Team; !strings.Contains(text, "team "+strconv.Quote(team)) && !strings.Contains(text, "team "+team+" ") {
			t.Errorf("a frame says the team is %s:\n%s", team, text)
		}
	}
}

// A frame that comes back, because the text has put something into its module meanwhile, gets
// the note of that, too.
func TestFrameComesBackWithWhatIsNewInIt(t *testing.T) {
	b := newBench(t)
	const off, rover = "  TurnOff -> TurnedOff\n", "module Rover {\n  Move -> Moved\n  policy Stop : Moved -> TurnOff\n"
	b.open([]storm.File{{Path: "a.storm", Text: []byte(rover + off + "}\nmodule Station {\n  Order -> Ordered\n}\n")}})
	b.remove(b.id("module:Station"))
	b.follow("a.storm", rover+"}\nmodule Station {\n  Order -> Ordered\n"+off+"}\n")
	if b.state.Model().Module("Station") == nil {
		t.Fatalf("the module has gone:\n%s", b.texts()["a.storm"])
	}
	for _, n := range b.wall.Notes {
		module, _, _ := strings.Cut(strings.TrimPrefix(n.Element, string(n.Kind)+":"), ".")
		if frame := b.wall.Notes[n.Module]; frame != nil && frame.Element != "module:"+module {
			t.Errorf("%s lies in the frame of %s", n.Element, frame.Element)
		}
	}
}

// A note that waits for the text, which somebody then writes there by hand, still says what it
// says.
func TestWaitingNoteKeepsItsDoc(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte("storm S\n\nMoved\n")}})
	b.follow("a.storm", "}\nstorm S\n\nMoved\n")
	b.gesture(golden.Words("add more event Turned 900,0"))
	b.gesture(golden.Words("add rove module Rover 900,500"))
	b.gesture(golden.Words("doc more Why."))
	b.gesture(golden.Words("team rove Mobility"))
	b.gesture(golden.Words("add spot hotspot \"How far?\" 900,200"))
	b.gesture(golden.Words("answer spot \"To the edge\""))
	b.settle()
	b.follow("a.storm", "storm S\n\nMoved\nTurned\nhotspot \"How far?\" on Turned\nmodule Rover {}\n")
	if text := b.texts()["a.storm"]; !strings.Contains(text, "// Why.\nTurned") || !strings.Contains(text, "team \"Mobility\"") || !strings.Contains(text, "resolved \"To the edge\"") {
		t.Errorf("the text has not what the notes say:\n%s%s", text, b.notes())
	}
}

// What the text puts into a module of two frames does not come into the one that somebody has
// just given another name.
func TestRenamedFrameGetsNothingNew(t *testing.T) {
	b := newBench(t)
	const text = "storm S\n\nmodule Rover {\n  Moved\n}\n"
	b.open([]storm.File{{Path: "a.storm", Text: []byte(text)}})
	first := b.id("module:Rover")
	b.play("add zzzz module Rover 2000,0")
	b.set(first, "text", "Station")
	b.follow("a.storm", strings.Replace(text, "Moved\n", "Moved\n  Turned\n", 1))
	if got := b.wall.Notes[b.id("event:Rover.Turned")]; got == nil || got.Module != "zzzz" {
		t.Errorf("the new event lies elsewhere: %+v\n%s%s", got, b.notes(), b.texts()["a.storm"])
	}
}

// A sticky that the text has on something that is not there yet is on it when somebody puts that
// on the wall.
func TestStickyIsOnWhatComesLater(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte("storm S\n\nMoved\nnote \"Why?\" on Rover\n")}})
	b.play("add rove module Rover 900,500")
	if on := b.wall.Notes[b.id("note:\"Why?\"")].On; len(on) != 1 || on[0] != "rove" {
		t.Errorf("it is on %v\n%s", on, b.texts()["a.storm"])
	}
}
