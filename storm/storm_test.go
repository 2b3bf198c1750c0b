package storm_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/check"
	"github.com/landfall-go/landfall/storm/parse"
)

func ExampleParse() {
	src := storm.Parse(storm.File{Path: "rover.storm", Text: []byte(`
		Operator -> Move -> RoverMoved
		policy Brake : RoverMoved -> Brke
	`)})
	for _, l := range src.Model.Links() {
		fmt.Println(l.From.Label(), l.Verb, l.To.Label())
	}
	for _, d := range src.Check(check.Config{}) {
		fmt.Println(d)
	}
	// Output:
	// Operator issues Move
	// Move leads to Rover Moved
	// Rover Moved triggers Brake
	// Brake invokes Brke
	// rover.storm:3:32: warning S203: nobody handles the command Brke
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	if _, err := storm.Load(dir); !errors.Is(err, storm.ErrNoStorm) {
		t.Errorf("an empty folder: %v", err)
	}
	write(t, dir, "b.storm", "module M {\n  event Done\n}\n")
	write(t, dir, "a.storm", "storm \"A\"\nmodule M {\n  Do -> Done\n}\n")
	write(t, dir, "notes.txt", "not read")
	if err := os.Mkdir(filepath.Join(dir, "other.storm"), 0o755); err != nil {
		t.Fatal(err)
	}
	src, err := storm.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(src.Files) != 2 || !strings.HasSuffix(src.Files[0].Path, "a.storm") || src.Model.Name != "A" {
		t.Errorf("read %d files, %q", len(src.Files), src.Model.Name)
	}
	if src.File(src.Files[1].Path) == nil || src.File("other") != nil {
		t.Error("File does not find what is there")
	}
	if one, err := storm.Load(filepath.Join(dir, "b.storm")); err != nil || len(one.Files) != 1 {
		t.Errorf("one file: %v", err)
	}
	if _, err := storm.Load(filepath.Join(dir, "c.storm")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// A file that is too large is refused without being read.
func TestLoadTooLarge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.storm")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 50<<20); err != nil {
		t.Fatal(err)
	}
	src, err := storm.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(src.Diagnostics) != 1 || src.Diagnostics[0].Code != "E008" || len(src.Files[0].Text) > parse.MaxSize+1 {
		t.Errorf("diagnostics %v, %d bytes read", src.Diagnostics, len(src.Files[0].Text))
	}
}
