package importer_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/importer"
)

// Every place is that of something in the storm, and every element that was a note on
// the board has one.
func TestPlacesAreThoseOfTheStorm(t *testing.T) {
	files, err := filepath.Glob("testdata/shared/*.json")
	if err != nil || len(files) == 0 {
		files, _ = filepath.Glob("testdata/*/*.json")
	}
	if len(files) == 0 {
		t.Fatal("there is no board to read")
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := importer.Read(path, data)
		if err != nil {
			continue
		}
		s := storm.Parse(storm.File{Path: "a.storm", Text: r.Text}).Model
		if r.Places == nil {
			continue
		}
		has := map[string]bool{}
		for _, p := range r.Places.Notes {
			has[p.Element] = true
			if s.Element(p.Element) == nil && s.Sticky(p.Element) == nil {
				t.Errorf("%s: %q is said to be %s, which is not there", path, p.Text, p.Element)
			}
		}
		for e := range s.Elements() {
			if e.Kind != ast.Actor && !has[e.ID()] {
				t.Errorf("%s: %s lies nowhere", path, e)
			}
		}
	}
}
