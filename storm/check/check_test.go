package check_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/check"
	"github.com/landfall-go/landfall/storm/diag"
)

// Each archive is named after a check: the files of a storm, what that check
// finds in them, and the files with its safe fixes applied.
func TestChecks(t *testing.T) {
	golden.Run(t, "testdata/*.txtar", []string{"found", "fixed/"}, func(t *testing.T, input []golden.File) []golden.File {
		var files []storm.File
		for _, f := range input {
			files = append(files, storm.File{Path: f.Name, Text: []byte(f.Data)})
		}
		src := storm.Parse(files...)
		for _, d := range src.Diagnostics {
			t.Errorf("%s", d)
		}
		code := diag.Code(filepath.Base(t.Name()))
		var mine diag.List
		for _, d := range src.Check(check.Config{}) {
			if d.Code == code {
				mine = append(mine, d)
			}
		}
		out := []golden.File{{Name: "found", Data: golden.Diagnostics(mine)}}
		for _, f := range src.Files {
			if text, n := check.Apply(f.Path, f.Text, mine); n > 0 {
				out = append(out, golden.File{Name: "fixed/" + f.Path, Data: string(text)})
			}
		}
		return out
	})
}

// Every check has an archive that shows it.
func TestEveryCheckIsShown(t *testing.T) {
	seen := map[diag.Code]bool{}
	for _, c := range check.All() {
		if seen[c.Code] {
			t.Errorf("two checks have the code %s", c.Code)
		}
		seen[c.Code] = true
		if c.Doc == "" || c.Name == "" || c.Name != strings.ToLower(c.Name) {
			t.Errorf("%s has no name or says nothing about itself", c.Code)
		}
		if found, _ := filepath.Glob(fmt.Sprintf("testdata/%s.txtar", c.Code)); found == nil {
			t.Errorf("no archive shows %s (%s)", c.Code, c.Name)
		}
	}
}

// The rover is the norm of a clean storm: it has hints and nothing else.
func TestRoverIsClean(t *testing.T) {
	src, err := storm.Load("../../examples/marsrover")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range src.Check(check.Config{}).AtLeast(diag.Warning) {
		t.Errorf("%s", d)
	}
}

// A level in the configuration goes before that of the storm.
func TestLevelDecidesSeverity(t *testing.T) {
	src := storm.Parse(storm.File{Path: "a.storm", Text: []byte("event Speed\n")})
	for _, c := range []struct {
		config check.Config
		want   diag.Severity
	}{
		{check.Config{}, diag.Hint},
		{check.Config{Level: 2}, diag.Warning},
		{check.Config{Severity: map[diag.Code]diag.Severity{"S101": diag.Error}}, diag.Error},
		{check.Config{Severity: map[diag.Code]diag.Severity{"S101": diag.Off}}, diag.Off},
	} {
		got := diag.Off
		for _, d := range src.Check(c.config) {
			if d.Code == "S101" {
				got = d.Severity
			}
		}
		if got != c.want {
			t.Errorf("%+v: severity %s, want %s", c.config, got, c.want)
		}
	}
}
