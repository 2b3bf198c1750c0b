package edit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
)

// Each archive is text, gesture, text: the files of a storm, the gestures of
// the file "gesture", and the files that changed, as "after/…", or the file
// "error".
func TestGestures(t *testing.T) {
	golden.Run(t, "testdata/*.txtar", []string{"after/", "error", "renamed"}, func(t *testing.T, input []golden.File) []golden.File {
		var files []storm.File
		script := ""
		for _, f := range input {
			if f.Name == "gesture" {
				script = f.Data
				continue
			}
			files = append(files, storm.File{Path: f.Name, Text: []byte(f.Data)})
		}
		return perform(t, storm.Parse(files...), script)
	})
}

func perform(t *testing.T, src *storm.Source, script string) []golden.File {
	before := src
	var renamed strings.Builder
	for line := range strings.Lines(script) {
		g, err := parseGesture(strings.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		change, err := edit.Do(src, g)
		if err != nil {
			return []golden.File{{Name: "error", Data: err.Error() + "\n"}}
		}
		for _, from := range sortedKeys(change.Renamed) {
			fmt.Fprintf(&renamed, "%s -> %s\n", from, change.Renamed[from])
		}
		src = change.Source
	}
	var out []golden.File
	for _, f := range src.Files {
		if was := before.File(f.Path); was == nil || string(was.Text) != string(f.Text) {
			out = append(out, golden.File{Name: "after/" + f.Path, Data: string(f.Text)})
		}
	}
	if renamed.Len() > 0 {
		out = append(out, golden.File{Name: "renamed", Data: renamed.String()})
	}
	return out
}

// parseGesture reads a gesture of a test: a word and ids, with quotes as in a
// storm file.
func parseGesture(line string) (edit.Gesture, error) {
	words := golden.Words(line)
	arg := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	after := func(word string) string {
		for i, w := range words[:max(0, len(words)-1)] {
			if w == word {
				return words[i+1]
			}
		}
		return ""
	}
	keep := words[len(words)-1] == "keep"
	switch words[0] {
	case "add":
		var on []string
		if id := after("on"); id != "" {
			on = []string{id}
		}
		return edit.Add{Kind: ast.KindOf(arg(1)), Name: ast.Unquote(arg(2)), Module: after("in"), After: after("after"), On: on, Doc: ast.Unquote(after("doc"))}, nil
	case "rename":
		return edit.Rename{ID: arg(1), To: ast.Unquote(arg(3)), KeepOld: keep}, nil
	case "name":
		return edit.NameStorm{To: ast.Unquote(arg(1))}, nil
	case "move":
		return edit.Move{ID: arg(1), Target: arg(3), Before: arg(2) == "before"}, nil
	case "merge":
		return edit.Merge{From: arg(1), Into: arg(3), KeepOld: keep}, nil
	case "link":
		return edit.Link{From: arg(1), To: arg(3)}, nil
	case "unlink":
		return edit.Unlink{From: arg(1), To: arg(3)}, nil
	case "remove":
		return edit.Remove{ID: arg(1)}, nil
	case "assign":
		return edit.Assign{ID: arg(1), Module: ast.Unquote(arg(3))}, nil
	case "order":
		return edit.Order{IDs: words[1:]}, nil
	case "describe":
		return edit.Describe{ID: arg(1), Doc: ast.Unquote(arg(2))}, nil
	case "pivot":
		return edit.Pivot{ID: arg(1), Pivotal: arg(2) != "not"}, nil
	case "team":
		return edit.SetTeam{Module: ast.Unquote(arg(1)), Team: ast.Unquote(arg(2))}, nil
	case "attach":
		return edit.Attach{ID: arg(1), On: words[2:]}, nil
	case "addall":
		var all edit.AddAll
		for _, name := range words[2:] {
			all = append(all, edit.Add{Kind: ast.Event, Name: ast.Unquote(name), Module: ast.Unquote(arg(1))})
		}
		return all, nil
	case "removeall":
		return edit.RemoveAll(words[1:]), nil
	case "resolve":
		return edit.Resolve{ID: arg(1), Answer: ast.Unquote(arg(2))}, nil
	}
	return nil, errors.New("no such gesture: " + line)
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	for i := range keys {
		for j := i; j > 0 && keys[j] < keys[j-1]; j-- {
			keys[j], keys[j-1] = keys[j-1], keys[j]
		}
	}
	return keys
}
