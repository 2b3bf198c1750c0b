package draw_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm"
)

var update = flag.Bool("update", false, "write what is drawn into the archives of testdata/golden")

// TestGolden draws the storm of each archive in testdata/golden into each of
// its other files. The name of a file says what it shows: the view, a name if
// the view takes one, dark if it is, and the format, with dashes between, as in
// flow-happy path-dark.svg.
func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			src := storm.Parse(storm.File{Path: archive.Files[0].Name, Text: archive.Files[0].Data})
			for _, d := range src.Diagnostics {
				t.Fatal(d)
			}
			for i, f := range archive.Files[1:] {
				format, o := optionsOf(t, f.Name)
				got, err := draw.Render(src.Model, format, o)
				if err != nil {
					t.Errorf("%s: %v", f.Name, err)
					continue
				}
				if diff := cmp.Diff(strings.Split(string(f.Data), "\n"), strings.Split(string(got), "\n")); diff != "" && !*update {
					t.Errorf("%s is not as it was; look at it, and if it is right run go test ./draw -run Golden -update\n%s", f.Name, diff)
				}
				archive.Files[i+1].Data = got
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func optionsOf(t *testing.T, name string) (draw.Format, draw.Options) {
	t.Helper()
	format, err := draw.FormatOf(name)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(strings.TrimSuffix(name, "."+string(format)), "-")
	o := draw.Options{View: draw.View(parts[0])}
	for _, p := range parts[1:] {
		if p == "dark" {
			o.Theme = draw.Dark
			continue
		}
		o.Name = p
	}
	return format, o
}

func TestSVGIsTheSameWhateverItWasDrawnAfter(t *testing.T) {
	m := load(t, "testdata/bookshop.storm")
	first, err := draw.SVG(m, draw.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := draw.SVG(m, draw.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatal("two pictures of one storm differ")
		}
	}
}
