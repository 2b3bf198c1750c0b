// Package docs holds the documentation; its test runs what it shows.
package docs

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// TestDocs runs every program in the documentation, and compares what it prints
// with the output block that follows it.
func TestDocs(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	programs := 0
	for _, file := range pages(t, root) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		blocks := fence.FindAllSubmatch(text, -1)
		for i, block := range blocks {
			if string(block[1]) != "go" || !bytes.HasPrefix(block[2], []byte("package main")) {
				continue
			}
			programs++
			want := ""
			if i+1 < len(blocks) && string(blocks[i+1][1]) == "output" {
				want = string(blocks[i+1][2])
			}
			name, _ := filepath.Rel(root, file)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				if got := run(t, root, block[2]); got != want {
					t.Errorf("it prints\n%s\nand not\n%s", got, want)
				}
			})
		}
	}
	if programs == 0 {
		t.Fatal("no program was found; has the form of the documentation changed?")
	}
}

func pages(t *testing.T, root string) []string {
	files := []string{filepath.Join(root, "README.md")}
	err := filepath.WalkDir(filepath.Join(root, "docs"), func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// run builds the program as a module of its own, as a reader would, and runs it
// in an empty folder.
func run(t *testing.T, root string, program []byte) string {
	folder := t.TempDir()
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	module := strings.Replace(string(mod), "module github.com/landfall-go/landfall", "module example", 1) +
		"\nrequire github.com/landfall-go/landfall v0.0.0\nreplace github.com/landfall-go/landfall => " + root + "\n"
	for name, data := range map[string][]byte{"main.go": program, "go.mod": []byte(module), "go.sum": sums} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-mod=mod", "-o", "program", ".")
	build.Dir = folder
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	built := exec.Command(filepath.Join(folder, "program"))
	built.Dir = t.TempDir()
	out, err := built.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

var testName = regexp.MustCompile("`(Test[A-Za-z0-9]+)`")

// TestGuaranteesNameTests finds every test that the guarantees rest on.
func TestGuaranteesNameTests(t *testing.T) {
	text, err := os.ReadFile("guarantees.md")
	if err != nil {
		t.Fatal(err)
	}
	sources := testSources(t, "..")
	named := testName.FindAllSubmatch(text, -1)
	for _, match := range named {
		if !bytes.Contains(sources, []byte("func "+string(match[1])+"(t *testing.T)")) {
			t.Errorf("docs/guarantees.md names %s, which does not exist", match[1])
		}
	}
	if len(named) == 0 {
		t.Error("docs/guarantees.md names no test")
	}
}

func testSources(t *testing.T, root string) []byte {
	var all []byte
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		all = append(all, text...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestDependencies finds a reason for every module that ours requires itself.
func TestDependencies(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	reasons, err := os.ReadFile("dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mod)) {
		fields := strings.Fields(strings.TrimPrefix(line, "require "))
		if len(fields) < 2 || !strings.Contains(fields[0], ".") || strings.Contains(line, "// indirect") {
			continue
		}
		if !bytes.Contains(reasons, []byte("| "+fields[0]+" |")) {
			t.Errorf("docs/dependencies.md does not say why %s is needed", fields[0])
		}
	}
}
