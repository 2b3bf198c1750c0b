package landing_test

import (
	"strings"
	"testing"

	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm"
)

// Each archive is a storm, and what is done: to the wall ("wall", a gesture on each
// line), to the text ("text/…", the files anew) and to the wall again ("then"). What comes of it is the text
// ("after/…"), the wall ("notes") and what could not be done ("problems").
func TestSteps(t *testing.T) {
	golden.Run(t, "testdata/*.txtar", []string{"after/", "notes", "problems"}, func(t *testing.T, input []golden.File) []golden.File {
		b := newBench(t)
		var files, texts []storm.File
		script, then := "", ""
		for _, f := range input {
			switch {
			case f.Name == "wall":
				script = f.Data
			case f.Name == "then":
				then = f.Data
			case strings.HasPrefix(f.Name, "text/"):
				texts = append(texts, storm.File{Path: strings.TrimPrefix(f.Name, "text/"), Text: []byte(f.Data)})
			default:
				files = append(files, storm.File{Path: f.Name, Text: []byte(f.Data)})
			}
		}
		b.open(files)
		before := b.texts()
		b.play(script)
		if texts != nil {
			state, step := b.state.FollowText(b.wall, texts...)
			b.take(state, step)
			b.settle()
		}
		if then != "" {
			b.play(then)
		}
		var out []golden.File
		for _, path := range b.paths() {
			if text := b.texts()[path]; text != before[path] {
				out = append(out, golden.File{Name: "after/" + path, Data: text})
			}
		}
		out = append(out, golden.File{Name: "notes", Data: b.notes()})
		if p := b.problems(); p != "" {
			out = append(out, golden.File{Name: "problems", Data: p})
		}
		return out
	})
}
