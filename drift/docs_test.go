package drift

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/storm/diag"
)

const page = "../docs/drift.md"

// TestDocumentedCodes compares the table of codes in the documentation with the
// code; -update writes it.
func TestDocumentedCodes(t *testing.T) {
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	const head = "| code | | name | what it is |\n|---|---|---|---|\n"
	before, got, ok := strings.Cut(string(data), head)
	if !ok {
		t.Fatalf("%s has no table of codes", page)
	}
	var want strings.Builder
	for _, k := range Kinds() {
		severity := "difference"
		if k.Severity == diag.Hint {
			severity = "hint"
		}
		fmt.Fprintf(&want, "| %s | %s | %s | %s |\n", k.Code, severity, k.Name, k.Doc)
	}
	if *update {
		if err := os.WriteFile(page, []byte(before+head+want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want.String() {
		t.Errorf("the table in %s is not that of the code; go test ./drift -run Documented -update writes it", page)
	}
}

// TestDocumentedExample demands that the difference that the documentation shows
// is what drift says.
func TestDocumentedExample(t *testing.T) {
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, a := archive(t, "testdata/differences/command-leads-to-more.txtar")
	if said := string(a.Files[len(a.Files)-1].Data); !strings.Contains(string(data), "```\n"+said+"```") {
		t.Errorf("%s does not show what drift says:\n%s", page, said)
	}
}

func TestCodesAreInOrder(t *testing.T) {
	names := map[string]bool{}
	last := diag.Code("")
	for _, k := range Kinds() {
		if k.Code <= last || names[k.Name] || k.Doc == "" {
			t.Errorf("%s (%s) is out of order, or its name is taken, or it says nothing", k.Code, k.Name)
		}
		last, names[k.Name] = k.Code, true
	}
}
