package importer_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
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

var (
	nodeTypes = []string{"domainEvent", "command", "actor", "constraint", "aggregate", "policy", "readModel",
		"externalSystem", "hotspot", "opportunity", "gizmo"}
	relations = []string{"issues", "produces", "constrainedBy", "handledBy", "emits", "triggers", "invokes", "updates",
		"informs", "annotates", "highlights", "", "precedes"}
)

// TestGraphs draws graphs with links of all sorts. Each link is in the storm, or
// in the report.
func TestGraphs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		contexts := []string{"", "a", "b", "c"}
		var nodes, edges []any
		var written []string
		n := rapid.IntRange(1, 20).Draw(t, "nodes")
		for i := range n {
			label := rapid.SampledFrom([]string{"Order", "Place Order", "Order Placed", "Ship Order", "Order Shipped", "Shop", "a"}).Draw(t, "label")
			written = append(written, label)
			nodes = append(nodes, map[string]any{"id": i, "label": label,
				"type":       rapid.SampledFrom(nodeTypes).Draw(t, "type"),
				"context":    rapid.SampledFrom(contexts).Draw(t, "context"),
				"order":      rapid.IntRange(0, 5).Draw(t, "order"),
				"properties": map[string]any{"description": drawText(t), "pivotal": rapid.Bool().Draw(t, "pivotal")}})
		}
		count := rapid.IntRange(0, 30).Draw(t, "edges")
		for range count {
			edges = append(edges, map[string]any{"source": rapid.IntRange(0, n).Draw(t, "source"),
				"target": rapid.IntRange(0, n).Draw(t, "target"), "relation": rapid.SampledFrom(relations).Draw(t, "relation")})
		}
		data, err := json.Marshal(map[string]any{"nodes": nodes, "edges": edges, "meta": map[string]any{"level": "design"},
			"contexts": []any{map[string]any{"id": "a", "name": "Sales"}, map[string]any{"id": "b", "name": "Order"}}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := importer.Read("graph.json", data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		all := texts(sound(t, r))
		for _, text := range written {
			if !all[text] {
				t.Fatalf("the storm does not have %q\n%s\n%s", text, data, r.Text)
			}
		}
		kept := r.Report.Links + len(r.Report.Left)
		for _, f := range r.Report.Unknown {
			if !strings.Contains(f.Message, "gizmo") && !strings.Contains(f.Message, "nothing leads to it") {
				kept++
			}
		}
		if kept != count {
			t.Fatalf("of %d links %d are accounted for\n%s\n%s\n%s", count, kept, data, r.Text, r.Report)
		}
	})
}
