package diag_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

func TestApply(t *testing.T) {
	const text = "one two three"
	for _, c := range []struct {
		name  string
		edits []diag.Edit
		want  string
	}{
		{"nothing", nil, text},
		{"another file", []diag.Edit{{File: "b", Start: 0, End: 3, New: "1"}}, text},
		{"in any order", []diag.Edit{{"a", 8, 13, "3"}, {"a", 0, 3, "1"}}, "1 two 3"},
		{"insertions in their order", []diag.Edit{{"a", 3, 3, " and"}, {"a", 3, 3, " a half"}}, "one and a half two three"},
		{"insertion before replacement", []diag.Edit{{"a", 4, 7, "2"}, {"a", 4, 4, "x"}}, "one x2 three"},
		{"a replacement twice", []diag.Edit{{"a", 4, 7, "2"}, {"a", 4, 7, "2"}}, "one 2 three"},
		{"at the ends", []diag.Edit{{"a", 13, 13, "!"}, {"a", 0, 0, "¡"}}, "¡one two three!"},
	} {
		got, err := diag.Apply("a", []byte(text), c.edits)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func TestApplyRefuses(t *testing.T) {
	if _, err := diag.Apply("a", []byte("abc"), []diag.Edit{{"a", 0, 2, "x"}, {"a", 1, 3, "y"}}); !errors.Is(err, diag.ErrOverlap) {
		t.Errorf("overlapping edits: %v", err)
	}
	for _, e := range []diag.Edit{{"a", -1, 0, ""}, {"a", 2, 1, ""}, {"a", 0, 4, ""}} {
		if _, err := diag.Apply("a", []byte("abc"), []diag.Edit{e}); err == nil || !strings.Contains(err.Error(), "outside") {
			t.Errorf("%+v: %v", e, err)
		}
	}
}

func TestList(t *testing.T) {
	at := func(file string, offset int32) ast.Place {
		p := ast.Pos{Offset: offset, Line: 1, Column: offset + 1}
		return ast.Place{File: file, Span: ast.Span{Start: p, End: p}}
	}
	list := diag.List{
		{Code: "S102", Severity: diag.Hint, Place: at("b", 1), Message: "later"},
		{Code: "E001", Severity: diag.Error, Place: at("b", 0), Message: "second"},
		{Code: "E001", Severity: diag.Error, Place: at("a", 5), Message: "first"},
		{Code: "E001", Severity: diag.Error, Place: at("a", 5), Message: "first"},
	}
	list.Sort()
	if len(list) != 3 || list[0].Message != "first" || list[2].Message != "later" {
		t.Errorf("sorted: %v", list)
	}
	if list.Count(diag.Error) != 2 || len(list.AtLeast(diag.Hint)) != 3 {
		t.Error("the count is wrong")
	}
	if got := list.Err().Error(); got != "a:1:6: error E001: first (and 1 more)" {
		t.Errorf("the error says %q", got)
	}
	if err := (diag.List{list[2]}).Err(); err != nil {
		t.Errorf("hints are no error: %v", err)
	}
}
