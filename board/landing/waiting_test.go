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
