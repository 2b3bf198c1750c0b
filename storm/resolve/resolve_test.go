package resolve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/model"
)

// Each archive is the files of a storm, what is wrong with their names, and the
// links and the silenced checks that came of them.
func TestResolve(t *testing.T) {
	golden.Run(t, "testdata/*.txtar", []string{"mistakes", "model"}, func(t *testing.T, input []golden.File) []golden.File {
		var files []storm.File
		for _, f := range input {
			files = append(files, storm.File{Path: f.Name, Text: []byte(f.Data)})
		}
		src := storm.Parse(files...)
		return []golden.File{
			{Name: "mistakes", Data: golden.Diagnostics(src.Diagnostics)},
			{Name: "model", Data: summary(src.Model)},
		}
	})
}

func summary(s *model.Storm) string {
	var b strings.Builder
	for e := range s.Elements() {
		fmt.Fprintf(&b, "%s", e)
		for _, f := range e.Fields {
			fmt.Fprintf(&b, " %s:%s", f.Name, f.Type)
		}
		b.WriteByte('\n')
	}
	for _, l := range s.Links() {
		fmt.Fprintf(&b, "%s %s %s\n", l.From.Path(), l.Verb, l.To.Path())
	}
	for m := range s.Metas() {
		for _, i := range m.Ignores {
			fmt.Fprintf(&b, "%s is silent at %s: %s\n", i.Code, i.Scope, i.Reason)
		}
	}
	return b.String()
}

// The files of a folder are one storm, whatever order they are given in.
func TestFilesInAnyOrder(t *testing.T) {
	a := storm.File{Path: "a.storm", Text: []byte("storm \"S\"\nmodule M {\n  A -> Do -> Done\n}\n")}
	b := storm.File{Path: "b.storm", Text: []byte("module M {\n  event Done { x int }\n}\nmodule N {\n  policy P : M.Done -> M.Do\n}\n")}
	one, other := storm.Parse(a, b), storm.Parse(b, a)
	if len(one.Diagnostics)+len(other.Diagnostics) > 0 {
		t.Fatal(one.Diagnostics, other.Diagnostics)
	}
	if !model.Equal(one.Model, other.Model) {
		t.Error("the order of the files matters")
	}
	if got := len(one.Model.Module("M").Elements); got != 3 {
		t.Errorf("module M has %d elements, want 3", got)
	}
}
