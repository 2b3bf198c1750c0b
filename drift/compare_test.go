package drift

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/storm/diag"
)

// TestDifferences changes one line of the base for each archive: all its files
// but the last are changes, with the old line after a minus and what stands in
// its place after pluses. The last file is what drift says.
func TestDifferences(t *testing.T) {
	base, _ := archive(t, "testdata/base.txtar")
	seen := map[diag.Code]bool{}
	for _, name := range archives(t, "testdata/differences/*.txtar") {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			_, a := archive(t, name)
			all := maps.Clone(base)
			for _, f := range a.Files[:len(a.Files)-1] {
				all[f.Name] = changed(t, all[f.Name], string(f.Data))
			}
			got, list := differences(t, all)
			for _, d := range list {
				seen[d.Code] = true
			}
			golden(t, name, a, got)
		})
	}
	for _, k := range Kinds() {
		if !seen[k.Code] {
			t.Errorf("no archive in testdata/differences shows %s (%s)", k.Code, k.Name)
		}
	}
}

func differences(t *testing.T, all files) (string, List) {
	t.Helper()
	code, err := load(t, all)
	if err != nil {
		t.Fatal(err)
	}
	list := Compare(stormOf(t, all).Model, code)
	var b strings.Builder
	p := Printer{Hints: true, Source: all.source}
	if err := p.Write(&b, list); err != nil {
		t.Fatal(err)
	}
	return b.String(), list
}

// changed replaces one line of a text. An empty text is a new file.
func changed(t *testing.T, text, change string) string {
	t.Helper()
	var before, after []string
	for line := range strings.Lines(change) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "-"):
			before = append(before, line[1:])
		case strings.HasPrefix(line, "+"):
			after = append(after, line[1:])
		default:
			t.Fatalf("a change is a line after - and lines after +, not %q", line)
		}
	}
	if text == "" {
		return strings.Join(after, "\n") + "\n"
	}
	if len(before) != 1 {
		t.Fatalf("a change replaces one line, not %d", len(before))
	}
	old := "\n" + before[0] + "\n"
	text = "\n" + text
	if strings.Count(text, old) != 1 {
		t.Fatalf("the line stands there %d times: %s", strings.Count(text, old), before[0])
	}
	return strings.Replace(text, old, "\n"+strings.Join(after, "\n")+"\n", 1)[1:]
}

func TestBaseIsClean(t *testing.T) {
	base, _ := archive(t, "testdata/base.txtar")
	if got, list := differences(t, base); len(list) > 0 {
		t.Error(got)
	}
	code, err := load(t, base)
	if err != nil {
		t.Fatal(err)
	}
	src := stormOf(t, base)
	for _, s := range Progress(src.Model, code, Compare(src.Model, code)) {
		if s.State != Done {
			t.Errorf("%s is %s", s.Element, s.State)
		}
	}
	if n := len(slices.Collect(maps.Keys(base))); n < 6 {
		t.Errorf("the base has %d files only", n)
	}
}
