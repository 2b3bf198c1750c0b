package landing_test

import (
	"strings"
	"testing"

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
