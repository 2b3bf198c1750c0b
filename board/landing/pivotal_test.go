package landing_test

import (
	"strings"
	"testing"

	"github.com/landfall-go/landfall/storm"
)

// Of two notes of an event the one that is marked becomes another event: what is left is
// not marked.
func TestPivotalGoesWithTheNote(t *testing.T) {
	for _, gesture := range []string{"text two2 Sent", "remove two2", "private two2"} {
		b := newBench(t)
		b.open([]storm.File{{Path: "a.storm", Text: []byte("storm S\n")}})
		b.play("add one1 event Paid 0,0\nadd two2 event Paid 200,0\npivotal two2")
		if text := b.texts()["a.storm"]; !strings.Contains(text, "pivotal Paid") {
			t.Fatalf("the event is not pivotal:\n%s", text)
		}
		b.play(gesture)
		if text := b.texts()["a.storm"]; strings.Contains(text, "pivotal Paid") {
			t.Errorf("after %s the event is pivotal still:\n%s", gesture, text)
		}
	}
}

// A module that others need stays in the text when its frame is removed: the frame comes
// back, and so does what was attached to it.
func TestStickyIsOnWhatComesBack(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte(`storm S

Sent
note "n" on module Billing, Sent

module Billing {
  event Paid { at time }
  scenario "one" {
    when Pay
    then Paid { at 2026-05-10T08:00:00Z }
  }
  command Pay
}
`)}})
	b.play("remove module:Billing")
	note := b.id(`note:"n"`)
	frames := b.state.Notes("module:Billing")
	if len(frames) != 1 {
		t.Fatalf("the module has the frames %v; problems: %s", frames, b.problems())
	}
	if on := b.wall.Notes[note].On; len(on) != 2 || on[0] != frames[0] && on[1] != frames[0] {
		t.Errorf("the note is on %v, and the frame is %v\n%s", on, frames, b.texts()["a.storm"])
	}
}
