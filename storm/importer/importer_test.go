package importer_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/check"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/importer"
	"github.com/landfall-go/landfall/storm/model"
)

// TestTxtar reads the board of each archive, and compares the storm and the
// report with those in it. An archive with an error.txt is a file that must be
// refused with that message.
func TestTxtar(t *testing.T) {
	golden.RunFirst(t, "testdata/*.txtar", func(t *testing.T, in golden.File) []golden.File {
		return read(t, in.Name, []byte(in.Data))
	})
}

func read(t *testing.T, name string, data []byte) []golden.File {
	r, err := importer.Read(name, data)
	if err != nil {
		return []golden.File{{Name: "error.txt", Data: err.Error() + "\n"}}
	}
	sound(t, r)
	return []golden.File{
		{Name: "want.storm", Data: string(r.Text)},
		{Name: "report.txt", Data: r.Report.String()},
	}
}

// sound demands of an imported storm what any has to be: without errors at its
// level, and equal to its own formatted form.
func sound(t rapid.TB, r *importer.Result) *model.Storm {
	t.Helper()
	src := storm.Parse(storm.File{Path: "imported.storm", Text: r.Text})
	for _, d := range src.Check(check.Config{}).AtLeast(diag.Error) {
		t.Errorf("%s\n%s", d, r.Text)
	}
	again, err := format.Source(r.Text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(r.Text), string(again)); diff != "" {
		t.Errorf("not in canonical form:\n%s", diff)
	}
	if !src.Model.Stated || src.Model.Level != r.Report.Level {
		t.Errorf("level %v, want %v", src.Model.Level, r.Report.Level)
	}
	return src.Model
}

// TestBoards reads the boards of others and counts what became of them.
func TestBoards(t *testing.T) {
	for _, c := range []struct {
		file     string
		format   importer.Format
		level    ast.Level
		notes    int
		kinds    map[ast.Kind]int
		links    int
		sections int
		pivotal  int
		modules  int
	}{
		{file: "eventstorming-facilitation-workshop", format: importer.Stickies, level: ast.BigPicture, notes: 82,
			kinds:    map[ast.Kind]int{ast.Event: 56, ast.Hotspot: 14, ast.System: 8, ast.Opportunity: 3, ast.Actor: 1},
			sections: 10, pivotal: 9},
		{file: "process-modelling-grammar", format: importer.Stickies, level: ast.Process, notes: 15,
			kinds: map[ast.Kind]int{ast.Event: 3, ast.Command: 3, ast.Policy: 2, ast.Projection: 2, ast.Actor: 2,
				ast.System: 2, ast.Hotspot: 1},
			links: 13},
		{file: "perf-test-5000-stickies", format: importer.Stickies, level: ast.BigPicture, notes: 5000,
			kinds: map[ast.Kind]int{ast.Event: 3045, ast.Hotspot: 721, ast.Actor: 427, ast.System: 359,
				ast.Opportunity: 253, ast.Term: 195}},
		{file: "cargo-shipping-event-storming", format: importer.Graph, level: ast.Design, notes: 39,
			kinds: map[ast.Kind]int{ast.Event: 11, ast.Command: 10, ast.Projection: 5, ast.Actor: 4, ast.Aggregate: 3,
				ast.Hotspot: 3, ast.Policy: 2, ast.System: 1},
			links: 56, pivotal: 3, modules: 4},
	} {
		t.Run(c.file, func(t *testing.T) {
			data, err := os.ReadFile("testdata/boards/" + c.file + ".json")
			if err != nil {
				t.Fatal(err)
			}
			r, err := importer.Read(c.file+".json", data)
			if err != nil {
				t.Fatal(err)
			}
			m := sound(t, r)
			report := r.Report
			if report.Format != c.format || report.Level != c.level || report.Notes != c.notes || report.Links != c.links {
				t.Errorf("read as %s, level %s, %d notes, %d links", report.Format, report.Level, report.Notes, report.Links)
			}
			if diff := cmp.Diff(c.kinds, report.Kinds); diff != "" {
				t.Errorf("kinds: -want +got:\n%s", diff)
			}
			if len(report.Unknown)+len(report.Left) > 0 {
				t.Errorf("unknown %v, left %v", report.Unknown, report.Left)
			}
			if len(m.Sections) != c.sections || pivotal(m) != c.pivotal || len(m.Modules) != c.modules {
				t.Errorf("%d sections, %d pivotal events, %d modules", len(m.Sections), pivotal(m), len(m.Modules))
			}
			all := texts(m)
			for _, text := range noteTexts(t, data) {
				if !all[plain(text)] {
					t.Errorf("the storm does not have %q", text)
				}
			}
		})
	}
}

func pivotal(m *model.Storm) int {
	n := 0
	for e := range m.Elements() {
		if e.Pivotal {
			n++
		}
	}
	return n
}

// noteTexts returns the texts of a board as they stand in its JSON.
func noteTexts(t *testing.T, data []byte) []string {
	var doc struct {
		Stickies, Labels []struct{ Text string }
		Nodes            []struct{ Label string }
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range append(doc.Stickies, doc.Labels...) {
		out = append(out, s.Text)
	}
	for _, n := range doc.Nodes {
		out = append(out, n.Label)
	}
	return out
}

// texts returns every text of a storm: names, stickies, meanings, titles and the
// lines of doc comments.
func texts(m *model.Storm) map[string]bool {
	out := map[string]bool{}
	add := func(list ...string) {
		for _, text := range list {
			out[plain(text)] = true
		}
	}
	for meta := range m.Metas() {
		add(strings.Split(meta.Doc, "\n")...)
	}
	for e := range m.Elements() {
		add(e.Name, e.Meaning)
	}
	for _, s := range m.Sections {
		add(s.Name)
	}
	for mod := range m.All() {
		add(mod.Name)
		for _, s := range mod.Stickies {
			add(s.Text)
		}
		for _, l := range mod.Lanes {
			add(l.Name)
		}
	}
	return out
}

// plain returns a text without what cannot be seen, on one line.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r) || r == '\u200b' || r == '\ufeff':
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

func TestOrderOfTime(t *testing.T) {
	data, err := os.ReadFile("testdata/boards/eventstorming-facilitation-workshop.json")
	if err != nil {
		t.Fatal(err)
	}
	r, err := importer.Read("workshop.json", data)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Stickies []struct {
			Kind, Text string
			X, Y       float64
		}
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	at := map[string]float64{}
	for _, s := range doc.Stickies {
		if s.Kind == "event" {
			at[s.Text] = s.X
		}
	}
	last := -1.0
	for _, n := range sound(t, r).Timeline {
		x, ok := at[n.Element.Name]
		if !ok {
			continue
		}
		if x < last {
			t.Errorf("%q at %v comes after what is at %v", n.Element.Name, x, last)
		}
		last = x
	}
}

// TestModelGoesBothWays exports boards as JSON and imports that.
func TestModelGoesBothWays(t *testing.T) {
	paths, err := filepath.Glob("testdata/boards/*.json")
	if err != nil || len(paths) != 4 {
		t.Fatal(paths, err)
	}
	for _, path := range append(paths, "../../examples/marsrover/marsrover.storm") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(path) == ".json" {
			r, err := importer.Read(path, text)
			if err != nil {
				t.Fatal(err)
			}
			text = r.Text
		}
		first := storm.Parse(storm.File{Path: "a.storm", Text: text}).Model
		data, err := model.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		r, err := importer.Read("a.json", data)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if r.Report.Format != importer.Model {
			t.Errorf("%s: read as %s", path, r.Report.Format)
		}
		if again := storm.Parse(storm.File{Path: "a.storm", Text: r.Text}).Model; !model.Equal(first, again) {
			t.Errorf("%s: not the same\n%s", path, r.Text)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name, data string
		want       error
		says       string
	}{
		{"empty file", "", importer.ErrFormat, "the file is empty"},
		{"blank file", " \n\t", importer.ErrFormat, "the file is empty"},
		{"no JSON", "storm \"x\"", importer.ErrFormat, "line 1, column 1"},
		{"JSON that ends", "{\"stickies\": [\n  {\"id\": 1", importer.ErrFormat, "ends too early"},
		{"a comma too many", "{\"stickies\": [\n  {\"id\": 1},]}", importer.ErrFormat, "line 2, column 13"},
		{"two documents", "{\"stickies\": []} {}", importer.ErrFormat, "more after the end"},
		{"a number", "42", importer.ErrFormat, "a single value"},
		{"a list", "[1, 2]", importer.ErrFormat, "a list of 2 entries"},
		{"other JSON", `{"name": "x", "dependencies": {}}`, importer.ErrFormat, `the fields "dependencies", "name"`},
		{"no stickies", `{"stickies": []}`, importer.ErrEmpty, "without any notes"},
		{"stickies without text", `{"stickies": [{"kind": "event", "text": "  "}]}`, importer.ErrEmpty, "without any notes"},
		{"no nodes", `{"nodes": [], "edges": []}`, importer.ErrEmpty, "typed graph"},
		{"no elements", `{"type": "excalidraw", "elements": []}`, importer.ErrEmpty, "Excalidraw"},
		{"no items", `{"data": [], "size": 0, "total": 0}`, importer.ErrEmpty, "Miro"},
		{"a broken model", `{"modules": [{"name": 3}], "timeline": []}`, importer.ErrFormat, "modules"},
		{"nested too deep", strings.Repeat("[", 20000), importer.ErrFormat, "depth"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := importer.Read("board.json", []byte(c.data))
			if r != nil || !errors.Is(err, c.want) {
				t.Fatalf("got %v, %v", r, err)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %q, want it to say %q", err, c.says)
			}
		})
	}
	if _, err := importer.Read("x", bytes.Repeat([]byte(" "), importer.MaxSize+1)); !errors.Is(err, importer.ErrFormat) {
		t.Errorf("a file that is too large: %v", err)
	}
}
