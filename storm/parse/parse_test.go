package parse_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/parse"
)

// Each archive is a file with mistakes, the mistakes that are reported, and
// what was read all the same.
func TestMistakes(t *testing.T) {
	golden.Run(t, "testdata/*.txtar", []string{"mistakes", "read"}, func(t *testing.T, input []golden.File) []golden.File {
		file, diags := parse.File(input[0].Name, []byte(input[0].Data))
		return []golden.File{
			{Name: "mistakes", Data: golden.Diagnostics(diags)},
			{Name: "read", Data: string(format.File(file))},
		}
	})
}

func TestLimits(t *testing.T) {
	deep := strings.Repeat("[", 1_000_000)
	for name, c := range map[string]struct {
		src  []byte
		want string
	}{
		"a file of 50 MB":       {bytes.Repeat([]byte("event A\n"), 50<<20/8), "the file is larger than 16 MB"},
		"nested types":          {[]byte("value A { x " + deep), "nested more than 64 deep"},
		"nested values":         {[]byte("scenario \"s\" { given A { x " + deep), "nested more than 64 deep"},
		"nested objects":        {[]byte("scenario \"s\" { given A " + strings.Repeat("{ x ", 1_000_000)), "nested more than 64 deep"},
		"nothing but mistakes":  {bytes.Repeat([]byte("event 1\n"), 100_000), "more than 1000 mistakes"},
		"nothing but escapes":   {[]byte(`note "` + strings.Repeat(`\q`, 1_000_000) + `"`), "more than 1000 mistakes"},
		"nothing but bad UTF-8": {bytes.Repeat([]byte{0xff}, 1_000_000), "more than 1000 mistakes"},
	} {
		t.Run(name, func(t *testing.T) {
			_, diags := parse.File("a.storm", c.src)
			for _, d := range diags {
				if strings.Contains(d.Message, c.want) {
					return
				}
			}
			t.Errorf("no mistake says %q, but %v", c.want, diags.Err())
		})
	}
}

// Positions count bytes, lines and characters; a byte order mark and the
// carriage returns of other systems are no part of the text.
func TestPositions(t *testing.T) {
	src := "\ufeffevent \"Öl für 5 €\" // ✓\r\n  event  Überfüllt {}\r\n"
	file, diags := parse.File("a.storm", []byte(src))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	first, second := file.Stmts[0].(*ast.Decl), file.Stmts[1].(*ast.Decl)
	for _, c := range []struct {
		what      string
		span      ast.Span
		want      string
		line, col int32
	}{
		{"a quoted name", first.Name.Span, `"Öl für 5 €"`, 1, 7},
		{"a comment", first.Trail.Span, "// ✓\r", 1, 20},
		{"a name", second.Name.Span, "Überfüllt", 2, 10},
		{"a statement", second.Span, "event  Überfüllt {}", 2, 3},
	} {
		if got := src[c.span.Start.Offset:c.span.End.Offset]; got != c.want {
			t.Errorf("%s is %q, want %q", c.what, got, c.want)
		}
		if c.span.Start.Line != c.line || c.span.Start.Column != c.col {
			t.Errorf("%s is at %s, want %d:%d", c.what, c.span.Start, c.line, c.col)
		}
	}
	if first.Trail.Text != "// ✓" {
		t.Errorf("the comment is %q", first.Trail.Text)
	}
}

// The fixes of a file's mistakes lead to a file with fewer of them, and in the
// end to one without those that have a fix.
func TestFixesFix(t *testing.T) {
	src := []byte("evnt A;\nOperator => Move -> Moved\nvalue P { x: int }\nhotspot who pays\nevent 3D\n")
	for range 10 {
		_, diags := parse.File("a.storm", src)
		if len(diags) == 0 {
			return
		}
		var edits []diag.Edit
		for _, d := range diags {
			for _, f := range d.Fixes {
				edits = append(edits, f.Edits...)
			}
		}
		next, err := diag.Apply("a.storm", src, edits)
		if err != nil {
			t.Fatal(err)
		}
		src = next
	}
	t.Errorf("mistakes are left:\n%s", src)
}
