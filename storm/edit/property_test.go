package edit_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/edit"
	"github.com/landfall-go/landfall/storm/model"
)

// refusals are the errors with which a gesture may say no.
var refusals = []error{edit.ErrUnknown, edit.ErrTaken, edit.ErrKind, edit.ErrInUse}

// Any gesture on any storm either says no, or changes what it says it changes
// and nothing else.
func TestGesturesKeepTheirWord(t *testing.T) { rapid.Check(t, gesturesKeepTheirWord(t)) }

func FuzzGestures(f *testing.F) { f.Fuzz(rapid.MakeFuzz(gesturesKeepTheirWord(f))) }

func gesturesKeepTheirWord(tb testing.TB) func(*rapid.T) {
	everything, err := os.ReadFile("../testdata/everything.storm")
	if err != nil {
		tb.Fatal(err)
	}
	return func(t *rapid.T) {
		text := string(everything)
		if rapid.Bool().Draw(t, "made up") {
			text = drawStorm(t)
		}
		src := storm.Parse(storm.File{Path: "a.storm", Text: []byte(text)})
		if len(src.Diagnostics) > 0 {
			t.Fatalf("the storm is not sound: %v\n%s", src.Diagnostics, text)
		}
		for range rapid.IntRange(1, 4).Draw(t, "gestures") {
			g := drawGesture(t, src.Model)
			change, err := edit.Do(src, g)
			if err != nil {
				if !slices.ContainsFunc(refusals, func(r error) bool { return errors.Is(err, r) }) {
					t.Fatalf("%#v: %v\n%s", g, err, src.Files[0].Text)
				}
				continue
			}
			checkChange(t, src, g, change)
			src = change.Source
		}
	}
}

func checkChange(t *rapid.T, before *storm.Source, g edit.Gesture, change *edit.Change) {
	after := change.Source
	fail := func(format string, args ...any) {
		t.Fatalf("%#v: %s\n--- before\n%s\n--- after\n%s", g, fmt.Sprintf(format, args...), before.Files[0].Text, after.Files[0].Text)
	}
	if len(after.Diagnostics) > 0 {
		fail("%v", after.Diagnostics)
	}
	if text, err := diag.Apply("a.storm", before.Files[0].Text, change.Edits); err != nil || string(text) != string(after.Files[0].Text) {
		fail("the edits do not lead to the text: %v", err)
	}
	if missing := lostLines(before, after, change, g); missing != "" {
		fail("the line %q was not touched, but is gone", missing)
	}
	if wrong := wrongLinks(before.Model, after.Model, g, change.Renamed); wrong != "" {
		fail("%s", wrong)
	}
	for e := range before.Model.Elements() {
		id := mapped(e.ID(), change.Renamed)
		if r, ok := g.(edit.Remove); ok && r.ID == e.ID() {
			if after.Model.Element(id) != nil {
				fail("%s is still there", id)
			}
			continue
		}
		if after.Model.Element(id) == nil {
			fail("%s is gone", id)
		}
	}
}

func mapped(id string, renamed map[string]string) string {
	if to, ok := renamed[id]; ok {
		return to
	}
	return id
}

// links returns the links of a storm as text, with their ends renamed.
func links(s *model.Storm, renamed map[string]string) map[string]bool {
	out := map[string]bool{}
	for _, l := range s.Links() {
		out[fmt.Sprintf("%s %s %s", mapped(l.From.ID(), renamed), l.Verb, mapped(l.To.ID(), renamed))] = true
	}
	return out
}

// wrongLinks compares the links before and after: a gesture adds or takes the one
// that it is about, with what follows from it, and no other.
func wrongLinks(before, after *model.Storm, g edit.Gesture, renamed map[string]string) string {
	was, is := links(before, renamed), links(after, nil)
	lost, added := minus(was, is), minus(is, was)
	mayLose, mayAdd := func(string) bool { return false }, func(string) bool { return false }
	switch g := g.(type) {
	case edit.Link:
		v := edit.VerbOf(before.Element(g.From).Kind, before.Element(g.To).Kind)
		if !is[fmt.Sprintf("%s %s %s", g.From, v, g.To)] {
			return "the link was not made"
		}
		mayAdd = func(l string) bool {
			return strings.HasPrefix(l, g.From+" ") || strings.HasSuffix(l, " "+g.To) || strings.Contains(l, " emits ") || strings.Contains(l, " is handled by ")
		}
	case edit.Unlink:
		v := edit.VerbOf(before.Element(g.From).Kind, before.Element(g.To).Kind)
		if is[fmt.Sprintf("%s %s %s", g.From, v, g.To)] {
			return "the link is still there"
		}
		mayLose = func(l string) bool {
			switch v {
			case model.LeadsTo:
				return strings.HasSuffix(l, " "+g.To) && (strings.Contains(l, " emits ") || strings.HasPrefix(l, g.From))
			case model.Emits:
				return strings.HasSuffix(l, " "+g.To) && (strings.Contains(l, " leads to ") || strings.HasPrefix(l, g.From))
			case model.HandedTo:
				return strings.HasPrefix(l, g.To+" emits ") || strings.HasSuffix(l, " "+g.To)
			}
			return strings.HasPrefix(l, g.From+" ") && strings.HasSuffix(l, " "+g.To)
		}
	case edit.Remove:
		mayLose = func(l string) bool { return strings.HasPrefix(l, g.ID+" ") || strings.HasSuffix(l, " "+g.ID) }
	}
	for _, l := range lost {
		if !mayLose(l) {
			return "the link is gone: " + l
		}
	}
	for _, l := range added {
		if !mayAdd(l) {
			return "the link is new: " + l
		}
	}
	return ""
}

func minus(a, b map[string]bool) []string {
	var out []string
	for l := range a {
		if !b[l] {
			out = append(out, l)
		}
	}
	slices.Sort(out)
	return out
}

// lostLines returns a line that is gone although it belongs to no statement that
// mentions what the gesture is about.
func lostLines(before, after *storm.Source, change *edit.Change, g edit.Gesture) string {
	touched := namesIn(g, change)
	left := map[string]int{}
	for line := range strings.Lines(string(after.Files[0].Text)) {
		left[key(line, g)]++
	}
	for _, line := range untouched(before.Files[0], touched) {
		k := key(line, g)
		if left[k]--; left[k] < 0 {
			return line
		}
	}
	return ""
}

// key is a line as it must be kept: byte for byte, but for the indentation of
// what moves.
func key(line string, g edit.Gesture) string {
	switch g.(type) {
	case edit.Assign, edit.Remove, edit.Move, edit.Order, edit.SetTeam, edit.Unlink, edit.Link, edit.Merge:
		return strings.TrimSpace(line)
	}
	return line
}

func namesIn(g edit.Gesture, change *edit.Change) []string {
	ids, names := []string{}, []string{}
	switch g := g.(type) {
	case edit.Add:
		names = append(names, g.Name)
	case edit.Rename:
		ids = append(ids, g.ID)
		names = append(names, g.To)
	case edit.Move:
		ids = append(ids, g.ID, g.Target)
	case edit.Merge:
		ids = append(ids, g.From, g.Into)
	case edit.Link:
		ids = append(ids, g.From, g.To)
	case edit.Unlink:
		ids = append(ids, g.From, g.To)
	case edit.Remove:
		ids = append(ids, g.ID)
	case edit.Assign:
		ids = append(ids, g.ID)
	case edit.Resolve:
		ids = append(ids, g.ID)
	case edit.Describe:
		ids = append(ids, g.ID)
	case edit.Pivot:
		ids = append(ids, g.ID)
	case edit.Attach:
		ids = append(append(ids, g.ID), g.On...)
	case edit.SetTeam:
		for m := range change.Source.Model.All() {
			names = append(names, "team \""+m.Team)
			for _, at := range m.Bodies { // one on a single line is printed anew
				names = append(names, lineAt(change.Source, at))
			}
		}
		names = append(names, "team ")
	case edit.Order:
		ids = append(ids, g.IDs...)
	}
	for id := range change.Renamed {
		ids = append(ids, id)
	}
	for _, id := range ids {
		_, path, _ := strings.Cut(id, ":")
		_, name := ast.SplitPath(path)
		names = append(names, name)
	}
	return names
}

func lineAt(src *storm.Source, at ast.Place) string {
	text := string(src.File(at.File).Text[at.Start.Offset:at.End.Offset])
	first, _, _ := strings.Cut(text, "\n")
	return first
}

// untouched returns the lines of the statements that mention none of the names,
// with the comments right above them.
func untouched(file storm.File, names []string) []string {
	var out []string
	var walk func(stmts []ast.Stmt)
	walk = func(stmts []ast.Stmt) {
		for _, st := range stmts {
			if m, ok := st.(*ast.ModuleDecl); ok {
				if m.Body != nil {
					walk(m.Body.Stmts)
				}
				continue
			}
			head := st.Head()
			start := head.Start.Offset
			if len(head.Lead) > 0 {
				start = min(start, head.Lead[0].Start.Offset)
			}
			text := string(file.Text[start:head.End.Offset])
			if slices.ContainsFunc(names, func(n string) bool { return strings.Contains(text, n) || strings.Contains(text, ast.QuoteText(n)) }) {
				continue
			}
			from := strings.LastIndexByte(string(file.Text[:start]), '\n') + 1
			to := int(head.End.Offset)
			if next := strings.IndexByte(string(file.Text[to:]), '\n'); next >= 0 {
				to += next + 1
			}
			for line := range strings.Lines(string(file.Text[from:to])) {
				out = append(out, line)
			}
		}
	}
	walk(file.Tree.Stmts)
	return out
}
