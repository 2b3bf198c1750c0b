package edit_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/edit"
	"github.com/landfall-go/landfall/storm/model"
)

// What gestures do together is what they do one after another.
func TestTogetherIsOneByOne(t *testing.T) {
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
		gestures := drawIndependent(t, src.Model)
		batch, alone := edit.Begin(src), edit.Begin(src)
		renamed, errs := batch.DoAll(gestures...)
		wantRenamed := map[string]string{}
		for i, g := range gestures {
			ids, err := alone.Do(g)
			maps.Copy(wantRenamed, ids)
			if (err == nil) != (errs[i] == nil) {
				t.Fatalf("%#v: alone %v, together %v\n%s", g, err, errs[i], text)
			}
		}
		got, want := batch.Change(), alone.Change()
		if !maps.Equal(renamed, wantRenamed) {
			t.Errorf("renamed %v, one by one %v", renamed, wantRenamed)
		}
		if got, want := summary(got.Source.Model), summary(want.Source.Model); got != want || t.Failed() {
			t.Fatalf("%#v\n--- before\n%s\n--- together\n%s\n--- one by one\n%s", gestures, text, got, want)
		}
		if after, err := diag.Apply("a.storm", src.Files[0].Text, got.Edits); err != nil || string(after) != string(got.Source.Files[0].Text) {
			t.Fatalf("the edits do not lead to the text: %v\n%s", err, after)
		}
	})
}

// drawIndependent draws new names for some elements, and arrows between others.
func drawIndependent(t *rapid.T, s *model.Storm) []edit.Gesture {
	var ids []string
	for e := range s.Elements() {
		ids = append(ids, e.ID())
	}
	ids = rapid.Permutation(ids).Draw(t, "ids")
	renames := ids[:rapid.IntRange(0, min(6, len(ids)/2)).Draw(t, "renames")]
	var out []edit.Gesture
	for i, id := range renames {
		out = append(out, edit.Rename{ID: id, To: fmt.Sprintf("Fresh %d", i)})
	}
	rest := ids[len(renames):min(len(ids), len(renames)+14)]
	if rapid.Bool().Draw(t, "draw") {
		for len(rest) > 1 {
			a, b := rest[0], rest[1]
			if edit.VerbOf(s.Element(a).Kind, s.Element(b).Kind) != "" {
				out = append(out, edit.Link{From: a, To: b})
			}
			rest = rest[2:]
		}
		return out
	}
	for _, l := range s.Links() {
		if slices.Contains(rest, l.From.ID()) && slices.Contains(rest, l.To.ID()) && rapid.Bool().Draw(t, "unlink") {
			out = append(out, edit.Unlink{From: l.From.ID(), To: l.To.ID()})
		}
	}
	return out
}

// summary tells all elements and links.
func summary(s *model.Storm) string {
	var lines []string
	for e := range s.Elements() {
		lines = append(lines, e.ID())
	}
	for _, l := range s.Links() {
		lines = append(lines, fmt.Sprintf("%s %s %s", l.From.ID(), l.Verb, l.To.ID()))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// Many gestures cost about as much as one: the text is read once for all of them.
func TestTogetherReadsOnce(t *testing.T) {
	var text strings.Builder
	var gestures []edit.Gesture
	for i := range 400 {
		fmt.Fprintf(&text, "\"Thing %d happened\"\ncommand \"Do %d\"\n", i, i)
		switch i % 4 {
		case 0:
			gestures = append(gestures, edit.Rename{ID: fmt.Sprintf("event:%q", fmt.Sprintf("Thing %d happened", i)), To: fmt.Sprintf("Other %d", i)})
		case 1:
			gestures = append(gestures, edit.Link{From: fmt.Sprintf("command:%q", fmt.Sprintf("Do %d", i)), To: fmt.Sprintf("event:%q", fmt.Sprintf("Thing %d happened", i))})
		}
	}
	src := storm.Parse(storm.File{Path: "a.storm", Text: []byte(text.String())})
	one := testing.AllocsPerRun(1, func() { edit.Begin(src).DoAll(gestures[0]) })
	batch := edit.Begin(src)
	all := testing.AllocsPerRun(1, func() { batch = edit.Begin(src); batch.DoAll(gestures...) })
	if all > 4*one {
		t.Errorf("%.0f allocations for %d gestures, %.0f for one", all, len(gestures), one)
	}
	if batch.Model().Element(`event:"Other 396"`) == nil || len(batch.Model().Links()) != 100 {
		t.Error("not all was done")
	}
}
