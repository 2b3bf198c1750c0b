// Package golden runs tests that are written as txtar archives: input files and
// the files that must come of them, side by side. Only tests import it.
//
//	go test ./storm/... -update
//
// writes what came of the input into the archives; review the difference before
// it is committed.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what came of the input into the txtar archives")

// File is a file of an archive, or one that must be in it.
type File struct {
	Name string
	Data string
}

// Run runs a test for each archive that matches the pattern. The function gets
// the input, which is every file whose name does not begin with one of the
// output names that it returns, and returns the output.
func Run(t *testing.T, pattern string, outputs []string, do func(t *testing.T, input []File) []File) {
	t.Helper()
	each(t, pattern, func(_ int, name string) bool { return isOutput(name, outputs) }, do)
}

// RunFirst runs a test for each archive that matches the pattern. The function
// gets the first file, and returns what all the others must be.
func RunFirst(t *testing.T, pattern string, do func(t *testing.T, input File) []File) {
	t.Helper()
	each(t, pattern, func(i int, _ string) bool { return i > 0 },
		func(t *testing.T, input []File) []File { return do(t, input[0]) })
}

func each(t *testing.T, pattern string, output func(i int, name string) bool, do func(t *testing.T, input []File) []File) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatalf("no archives match %s", pattern)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		t.Run(name, func(t *testing.T) { one(t, path, output, do) })
	}
}

func one(t *testing.T, path string, output func(i int, name string) bool, do func(t *testing.T, input []File) []File) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var input, want []File
	for i, f := range archive.Files {
		file := File{f.Name, string(f.Data)}
		if output(i, f.Name) {
			want = append(want, file)
			continue
		}
		input = append(input, file)
	}
	got := do(t, input)
	if *update {
		write(t, path, archive.Comment, input, got)
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func isOutput(name string, outputs []string) bool {
	for _, o := range outputs {
		if strings.HasPrefix(name, o) {
			return true
		}
	}
	return false
}

func write(t *testing.T, path string, comment []byte, input, got []File) {
	archive := &txtar.Archive{Comment: comment}
	for _, f := range append(input, got...) {
		archive.Files = append(archive.Files, txtar.File{Name: f.Name, Data: []byte(f.Data)})
	}
	if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
