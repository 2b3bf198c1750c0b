package storm_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/check"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/format"
)

const reference = "../docs/language.md"

// Every block of the language reference is a sound storm in canonical form.
func TestReferenceBlocks(t *testing.T) {
	text, err := os.ReadFile(reference)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```storm\n")[1:]
	if len(blocks) < 10 {
		t.Fatalf("only %d blocks", len(blocks))
	}
	line := 1 + strings.Count(string(text[:strings.Index(string(text), "```storm\n")]), "\n")
	for _, block := range blocks {
		code, _, _ := strings.Cut(block, "```")
		t.Run(fmt.Sprintf("line %d", line), func(t *testing.T) { checkBlock(t, code) })
		line += 1 + strings.Count(block, "\n")
	}
}

func checkBlock(t *testing.T, code string) {
	src := storm.Parse(storm.File{Path: "block.storm", Text: []byte(code)})
	for _, d := range src.Diagnostics {
		t.Errorf("%s", d)
	}
	formatted, err := format.Source([]byte(code))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(code, string(formatted)); diff != "" {
		t.Errorf("not in canonical form (-is +should be):\n%s", diff)
	}
	for _, d := range src.Check(check.Config{}) {
		if strings.HasPrefix(string(d.Code), "S5") || strings.HasPrefix(string(d.Code), "S602") {
			t.Errorf("%s", d)
		}
	}
}

// The reference lists every code with what it means, and every check with its
// severities.
func TestReferenceListsCodes(t *testing.T) {
	text, err := os.ReadFile(reference)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range diag.Codes() {
		want(t, string(text), fmt.Sprintf("| %s | %s |", c.Code, c.Text))
	}
	for _, c := range check.All() {
		row := fmt.Sprintf("| %s | %s |", c.Code, c.Name)
		for _, s := range c.Severities {
			row += " " + strings.Replace(s.String(), "off", "-", 1) + " |"
		}
		want(t, string(text), row+" "+strings.ReplaceAll(c.Doc, "|", `\|`)+" |")
	}
}

func want(t *testing.T, text, row string) {
	t.Helper()
	if !strings.Contains(text, row+"\n") {
		t.Errorf("%s lacks the row\n%s", reference, row)
	}
}

// Every code that a diagnostic can have is explained.
func TestEveryCodeIsExplained(t *testing.T) {
	known := map[diag.Code]bool{}
	for _, c := range diag.Codes() {
		known[c.Code] = true
	}
	for _, dir := range []string{"parse", "resolve"} {
		for _, code := range codesIn(t, dir) {
			if !known[code] {
				t.Errorf("%s uses the code %s, which diag.Codes does not explain", dir, code)
			}
		}
	}
}

func codesIn(t *testing.T, dir string) []diag.Code {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []diag.Code
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		text, err := os.ReadFile(dir + "/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, piece := range strings.Split(string(text), `"E`)[1:] {
			if len(piece) > 3 && piece[3] == '"' {
				out = append(out, diag.Code("E"+piece[:3]))
			}
		}
	}
	if len(out) == 0 {
		t.Fatalf("no codes in %s", dir)
	}
	return out
}
