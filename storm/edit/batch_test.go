package edit_test

import (
	"maps"
	"os"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/edit"
)

// A batch does what its gestures do one by one, and leaves out those that are
// refused.
func TestBatchIsOneByOne(t *testing.T) {
	everything, err := os.ReadFile("../testdata/everything.storm")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := string(everything)
		if rapid.Bool().Draw(t, "made up") {
			text = drawStorm(t)
		}
		src := storm.Parse(storm.File{Path: "a.storm", Text: []byte(text)})
		one, batch := src, edit.Begin(src)
		for range rapid.IntRange(1, 6).Draw(t, "gestures") {
			g := drawGesture(t, one.Model)
			change, err := edit.Do(one, g)
			renamed, again := batch.Do(g)
			if (err == nil) != (again == nil) {
				t.Fatalf("%#v: alone %v, in the batch %v", g, err, again)
			}
			if err != nil {
				continue
			}
			if !maps.Equal(renamed, change.Renamed) {
				t.Fatalf("%#v renamed %v alone, and %v in the batch", g, change.Renamed, renamed)
			}
			one = change.Source
		}
		change := batch.Change()
		if got, want := string(change.Source.Files[0].Text), string(one.Files[0].Text); got != want {
			t.Fatalf("one by one\n%s\nin a batch\n%s", want, got)
		}
		got, err := diag.Apply("a.storm", src.Files[0].Text, change.Edits)
		if err != nil || string(got) != string(one.Files[0].Text) {
			t.Fatalf("the edits do not lead to the text: %v\n%s", err, got)
		}
		for from, to := range change.Renamed {
			if src.Model.Element(from) != nil && one.Model.Element(to) == nil {
				t.Fatalf("%s is said to be %s, which is not there", from, to)
			}
		}
	})
}
