package handover_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/handover"
	"github.com/landfall-go/landfall/storm/model"
)

// TestTxtar writes all pages for the storm of each archive, and compares.
func TestTxtar(t *testing.T) {
	golden.RunFirst(t, "testdata/*.txtar", func(t *testing.T, in golden.File) []golden.File {
		return pages(t, []byte(in.Data))
	})
}

func parse(t *testing.T, text []byte) *model.Storm {
	t.Helper()
	src := storm.Parse(storm.File{Path: "shop.storm", Text: text})
	if err := src.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	return src.Model
}

func pages(t *testing.T, text []byte) []golden.File {
	t.Helper()
	s := parse(t, text)
	return []golden.File{
		{Name: "glossary.md", Data: string(handover.Glossary(s))},
		{Name: "tasks.md", Data: string(handover.Tasks(s, nil))},
		{Name: "report.md", Data: string(handover.Summarize(s).Markdown())},
	}
}

// TestTicks ticks what is done, and says what differs.
func TestTicks(t *testing.T) {
	s := parse(t, []byte(`storm "x"
module M {
  aggregate A {
    Do -> Done
    Undo -> Undone
    Redo -> Redone
  }
}
`))
	text := string(handover.Tasks(s, func(e *model.Element) handover.State {
		switch {
		case e.Kind != ast.Command:
			t.Errorf("asked for %s", e)
		case e.Name == "Do":
			return handover.Done
		case e.Name == "Undo":
			return handover.Differing
		}
		return handover.Missing
	}))
	for _, want := range []string{
		"1 of 3 tasks done.",
		"- [x] **Do**, leads to Done\n",
		"- [ ] **Undo**, leads to Undone **(the code differs)**\n",
		"- [ ] **Redo**, leads to Redone\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the backlog does not have %q:\n%s", want, text)
		}
	}
}

func TestNothingToDo(t *testing.T) {
	s := parse(t, []byte("storm \"x\"\nactor A\n"))
	if text := string(handover.Tasks(s, nil)); !strings.Contains(text, "There is nothing to do") {
		t.Error(text)
	}
}

// TestSummaryAsJSON keeps the names of the JSON form.
func TestSummaryAsJSON(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/shop.txtar")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(handover.Summarize(parse(t, archive.Files[0].Data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`{"from":"Warehouse","to":"Checkout","message":"Shipped","over":"Orders"}`,
		`{"name":"a sale","modules":["Sales","Stock"],"teams":["Checkout","Warehouse"],"steps":4,"crosses":1}`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}
