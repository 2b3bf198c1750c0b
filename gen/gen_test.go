package gen_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm"
)

var update = flag.Bool("update", false, "write what the tests get into their archives")

// options are those of the projects in archives.
var options = gen.Options{Import: "example.com/project"}

// TestArchives makes projects of the storms in testdata. An archive has
//
//   - files that end in .storm: the storm
//   - have/…: what is there of the project, nothing if there are none
//   - diagnostics, plan: what Compare says
//   - want/…: files after the plan; the comment says which to show: "show: a, b"
//
// All files together must be Go that compiles.
func TestArchives(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := txtar.Format(a)
			got := txtar.Format(rewrite(t, a))
			if *update {
				if err := os.WriteFile(name, got, 0o666); err != nil {
					t.Fatal(err)
				}
			} else if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Errorf("-archive +now; if this is right, run go test ./gen -update:\n%s", d)
			}
		})
	}
}

// rewrite returns the archive with what gen makes of it.
func rewrite(t *testing.T, a *txtar.Archive) *txtar.Archive {
	t.Helper()
	out := &txtar.Archive{Comment: a.Comment}
	have := fstest.MapFS{}
	var files []storm.File
	for _, f := range a.Files {
		path, isHave := strings.CutPrefix(f.Name, "have/")
		switch {
		case isHave:
			have[path] = &fstest.MapFile{Data: f.Data}
		case strings.HasSuffix(f.Name, ".storm"):
			files = append(files, storm.File{Path: f.Name, Text: f.Data})
		default:
			continue
		}
		out.Files = append(out.Files, f)
	}
	src := storm.Parse(files...)
	if err := src.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	plan, err := gen.Compare(have, src.Model, options)
	if err != nil {
		out.Files = append(out.Files, txtar.File{Name: "error", Data: []byte(err.Error() + "\n")})
		return out
	}
	add := func(name, text string) {
		if text != "" {
			out.Files = append(out.Files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	add("diagnostics", diagnostics(plan))
	if len(have) > 0 {
		add("plan", describe(plan))
	}
	project := after(have, plan)
	if len(plan.Missing) == 0 {
		compile(t, project)
	}
	for _, pattern := range shown(a.Comment) {
		for _, name := range names(t, project) {
			if ok, _ := filepath.Match(pattern, name); ok {
				add("want/"+name, string(project[name].Data))
			}
		}
	}
	return out
}

// shown returns the patterns of an archive's "show:" lines.
func shown(comment []byte) []string {
	var patterns []string
	for line := range strings.Lines(string(comment)) {
		if list, ok := strings.CutPrefix(line, "show:"); ok {
			for p := range strings.SplitSeq(list, ",") {
				patterns = append(patterns, strings.TrimSpace(p))
			}
		}
	}
	return patterns
}

func diagnostics(plan *gen.Plan) string {
	var b strings.Builder
	for _, d := range plan.Diagnostics {
		fmt.Fprintf(&b, "%s\n\t%s\n", d, d.Help)
	}
	return b.String()
}

// describe writes a plan, with the skeletons of what is missing.
func describe(plan *gen.Plan) string {
	var b strings.Builder
	for _, c := range plan.Changes {
		fmt.Fprintf(&b, "%s %s\n", c.Action, c.Path)
	}
	for _, m := range plan.Missing {
		fmt.Fprintf(&b, "missing %s in %s:\n\t%s\n", m.Name, m.Path, strings.ReplaceAll(strings.TrimSpace(m.Skeleton), "\n", "\n\t"))
	}
	for _, l := range plan.Leftovers {
		fmt.Fprintf(&b, "left over %s\n", l)
	}
	if b.Len() == 0 {
		return "nothing to do\n"
	}
	return b.String()
}

// after returns the project as it is after the plan.
func after(have fstest.MapFS, plan *gen.Plan) fstest.MapFS {
	project := fstest.MapFS{}
	for name, f := range have {
		project[name] = f
	}
	for _, c := range plan.Changes {
		if c.Action == gen.Remove {
			delete(project, c.Path)
			continue
		}
		project[c.Path] = &fstest.MapFile{Data: c.Content}
	}
	return project
}

func names(t *testing.T, project fstest.MapFS) []string {
	t.Helper()
	var all []string
	err := fs.WalkDir(project, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// A second run has nothing to do, whatever the storm.
func TestCompareIsSettledByItsOwnPlan(t *testing.T) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var files []storm.File
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".storm") {
				files = append(files, storm.File{Path: f.Name, Text: f.Data})
			}
		}
		m := storm.Parse(files...).Model
		first, err := gen.Compare(fstest.MapFS{}, m, options)
		if err != nil {
			continue // an archive of what cannot be generated
		}
		second, err := gen.Compare(after(fstest.MapFS{}, first), m, options)
		if err != nil {
			t.Fatal(name, err)
		}
		if got := describe(second); got != "nothing to do\n" {
			t.Errorf("%s: the second run would\n%s", name, got)
		}
	}
}

// Files and Compare say the same about an empty folder.
func TestFilesAreThoseOfAnEmptyProject(t *testing.T) {
	src := storm.Parse(gen.Sample())
	files, diags := gen.Files(src.Model, options)
	plan, err := gen.Compare(fstest.MapFS{}, src.Model, options)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(diags, plan.Diagnostics); d != "" {
		t.Error(d)
	}
	for _, c := range plan.Changes {
		if !bytes.Equal(files[c.Path], c.Content) {
			t.Errorf("%s differs", c.Path)
		}
		if generated := gen.IsGenerated(c.Path, c.Content); generated != (c.Action == gen.Write) {
			t.Errorf("%s: %s, but IsGenerated says %v", c.Path, c.Action, generated)
		}
	}
	if len(files) != len(plan.Changes) {
		t.Errorf("%d files, %d changes", len(files), len(plan.Changes))
	}
}
