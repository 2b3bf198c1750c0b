package format_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/parse"
)

// strip takes from a tree what it does not say: where things stand, and
// whether a name that needs no quotes had them.
func strip(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			strip(v.Elem())
		}
	case reflect.Slice:
		if v.Len() == 0 {
			v.SetZero()
		}
		for i := range v.Len() {
			strip(v.Index(i))
		}
	case reflect.Struct:
		switch v.Type() {
		case reflect.TypeFor[ast.Span]():
			v.SetZero()
		case reflect.TypeFor[ast.Name]():
			v.FieldByName("Quoted").SetZero()
		}
		for i := range v.NumField() {
			strip(v.Field(i))
		}
	}
}

// FuzzFormat holds three promises on any text: the parser does not panic, the
// canonical form of a text means the same and is its own canonical form.
func FuzzFormat(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	f.Fuzz(checkFormat)
}

func checkFormat(t *testing.T, src string) {
	tree, diags := parse.File("a.storm", []byte(src))
	checkSpans(t, src, tree)
	if len(diags) > 0 {
		return
	}
	text := format.File(tree)
	again, diags := parse.File("a.storm", text)
	if len(diags) > 0 {
		t.Fatalf("the formatted text has errors: %v\n%s", diags[0], text)
	}
	twice := format.File(again)
	strip(reflect.ValueOf(tree))
	strip(reflect.ValueOf(again))
	if !reflect.DeepEqual(tree, again) {
		t.Fatalf("formatting changed the tree (-before +after):\n%s\n%s", cmp.Diff(tree, again), text)
	}
	if string(twice) != string(text) {
		t.Fatalf("formatting twice differs: %s", cmp.Diff(string(text), string(twice)))
	}
}

// The same, on texts that a few changes make of the seeds: what fuzzing finds
// in its first minutes, in each run of the tests.
func TestFormatMutations(t *testing.T) {
	all := seeds(t)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 4000 {
		checkFormat(t, golden.Mutate(r, all[i%len(all)]))
	}
}

// checkSpans checks that statements lie in the file, in order, and not within
// each other.
func checkSpans(t *testing.T, src string, file *ast.File) {
	at := int32(0)
	for _, s := range file.Stmts {
		span := s.Range()
		if span.Start.Offset < at || span.End.Offset < span.Start.Offset || int(span.End.Offset) > len(src) {
			t.Fatalf("the %T at %v to %v is out of place", s, span.Start, span.End)
		}
		at = span.End.Offset
	}
}

func seeds(f testing.TB) []string {
	var out []string
	for _, pattern := range []string{"testdata/*.txtar", "../parse/testdata/*.txtar", "../testdata/*.storm", "../../examples/*/*.storm"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			out = append(out, string(text))
		}
	}
	return out
}
