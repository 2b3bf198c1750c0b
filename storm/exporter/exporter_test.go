package exporter_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/exporter"
	"github.com/landfall-go/landfall/storm/importer"
	"github.com/landfall-go/landfall/storm/model"
)

// TestTxtar exports the storm of each archive to all formats, and compares.
func TestTxtar(t *testing.T) {
	golden.RunFirst(t, "testdata/*.txtar", func(t *testing.T, in golden.File) []golden.File {
		files := export(t, parse(t, []byte(in.Data)))
		var got []golden.File
		for _, name := range sorted(files) {
			got = append(got, golden.File{Name: name, Data: files[name]})
		}
		return got
	})
}

func sorted(files map[string]string) []string {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func parse(t *testing.T, text []byte) *model.Storm {
	t.Helper()
	src := storm.Parse(storm.File{Path: "storm.storm", Text: text})
	if err := src.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	return src.Model
}

// export exports a storm to every format but JSON, which is the model's own.
func export(t *testing.T, s *model.Storm) map[string]string {
	t.Helper()
	out := map[string]string{"storm.cml": string(exporter.CML(s))}
	for m := range s.All() {
		doc, err := exporter.AsyncAPI(s, m)
		switch {
		case errors.Is(err, exporter.ErrNoMessages):
		case err != nil:
			t.Fatal(err)
		default:
			out["asyncapi/"+exporter.ModuleName(s, m)+".yaml"] = string(doc)
		}
	}
	files, err := exporter.EventCatalog(s)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		out["catalog/"+name] = string(text)
	}
	return out
}

// storms returns the storms that exports are tried on: by hand, imported, and
// with names that get in the way of every format.
func storms(t *testing.T) map[string]*model.Storm {
	t.Helper()
	out := map[string]*model.Storm{}
	for _, path := range []string{"../../examples/marsrover/marsrover.storm", "testdata/odd.txtar", "testdata/shop.txtar"} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, ".txtar") {
			text = txtar.Parse(text).Files[0].Data
		}
		out[filepath.Base(path)] = parse(t, text)
	}
	boards, err := filepath.Glob("../importer/testdata/boards/*.json")
	if err != nil || len(boards) != 4 {
		t.Fatal("the boards are not there", err)
	}
	for _, path := range boards {
		if strings.Contains(path, "5000") {
			continue // it has nothing that the workshop does not have
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := importer.Read(path, data)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(path)] = parse(t, r.Text)
	}
	return out
}

func TestExportIsDeterministic(t *testing.T) {
	for name, s := range storms(t) {
		if diff := cmp.Diff(export(t, s), export(t, s)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestJSONGoesBothWays reads the JSON form back.
func TestJSONGoesBothWays(t *testing.T) {
	for name, s := range storms(t) {
		text, err := exporter.JSON(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := model.Unmarshal(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !model.Equal(s, again) {
			t.Errorf("%s: the JSON form lost something", name)
		}
	}
}

// TestAsyncAPIForms holds the two forms of a document against each other.
func TestAsyncAPIForms(t *testing.T) {
	s := storms(t)["marsrover.storm"]
	rover := s.Module("Rover")
	text, err := exporter.AsyncAPIJSON(s, rover)
	if err != nil {
		t.Fatal(err)
	}
	yaml, err := exporter.AsyncAPI(s, rover)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decodeYAML(t, text), decodeYAML(t, yaml)); diff != "" {
		t.Error(diff)
	}
}

func TestModuleWithoutMessages(t *testing.T) {
	s := parse(t, []byte("storm \"x\"\nmodule Quiet {\n  actor A\n}\n"))
	if _, err := exporter.AsyncAPI(s, s.Modules[0]); !errors.Is(err, exporter.ErrNoMessages) {
		t.Errorf("got %v", err)
	}
}
