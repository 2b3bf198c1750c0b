package importer_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/storm/importer"
)

// FuzzRead demands that no file makes the reader panic, and that whatever it
// accepts becomes a sound storm.
func FuzzRead(f *testing.F) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data)
	}
	for _, name := range []string{"cargo-shipping-event-storming", "process-modelling-grammar"} {
		data, err := os.ReadFile("testdata/boards/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := importer.Read("fuzz.json", data); err == nil {
			sound(t, r)
		}
	})
}

var kindWords = []string{"event", "command", "person", "actor", "system", "policy", "readmodel", "aggregate", "hotspot",
	"opportunity", "glossary", "banana", "", "event-sticky", "constraint"}

// drawText draws what people may write on a note, with whatever gets in the way
// of quotes, comments and lines.
func drawText(t *rapid.T) string {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"Order placed", "Order", "event", "module", "//", "\"", "\\", "a -> b", "{", "日本語の注文", "💥", "E-1: what", "x = y", "on", "// landfall:ignore S101"}),
		rapid.StringN(1, 12, 40),
	).Draw(t, "text")
}

// TestNothingIsDropped draws boards with all that they may have, and finds each
// text in the storm.
func TestNothingIsDropped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		board := map[string]any{"sessionMode": rapid.SampledFrom([]string{"", "big-picture", "process", "design"}).Draw(t, "mode")}
		var written []string
		place := rapid.Float64Range(-2000, 5000)
		thing := func(key, field string) map[string]any {
			text := drawText(t)
			if plain(text) != "" {
				written = append(written, text)
			}
			m := map[string]any{field: text, "x": place.Draw(t, "x"), "y": place.Draw(t, "y")}
			list, _ := board[key].([]any)
			board[key] = append(list, m)
			return m
		}
		for range rapid.IntRange(1, 25).Draw(t, "stickies") {
			s := thing("stickies", "text")
			s["kind"] = rapid.SampledFrom(kindWords).Draw(t, "kind")
			if rapid.IntRange(0, 9).Draw(t, "nowhere") == 0 {
				delete(s, "x")
			}
		}
		for range rapid.IntRange(0, 3).Draw(t, "labels") {
			thing("labels", "text")
		}
		for range rapid.IntRange(0, 3).Draw(t, "lanes") {
			thing("lanes", "label")
		}
		for range rapid.IntRange(0, 2).Draw(t, "verticals") {
			thing("verticals", "label")
		}
		for range rapid.IntRange(0, 2).Draw(t, "themes") {
			theme := thing("themes", "name")
			theme["width"], theme["height"] = 1000, 800
		}
		data, err := json.Marshal(board)
		if err != nil {
			t.Fatal(err)
		}
		r, err := importer.Read("board.json", data)
		if len(written) == 0 {
			return
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		all := texts(sound(t, r))
		for _, text := range written {
			if !all[plain(text)] {
				t.Fatalf("the storm does not have %q\n%s\n%s\n%s", text, data, r.Text, r.Report)
			}
		}
	})
}
