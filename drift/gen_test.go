package drift

import (
	"os"
	"path"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/diag"
)

// TestGeneratedCodeAgrees generates the code of storms and demands that drift
// finds no difference to them: the two have the same rules for names and types.
func TestGeneratedCodeAgrees(t *testing.T) {
	base, _ := archive(t, "testdata/base.txtar")
	rover, err := os.ReadFile(marsRover + "/marsrover.storm")
	if err != nil {
		t.Fatal(err)
	}
	wide, err := os.ReadFile("testdata/wide.storm")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"mars rover": string(rover), "shop": base["shop.storm"], "sample": string(gen.Sample().Text), "wide": string(wide),
	} {
		t.Run(name, func(t *testing.T) {
			src := storm.Parse(storm.File{Path: "the.storm", Text: []byte(text)})
			if err := src.Diagnostics.Err(); err != nil {
				t.Fatal(err)
			}
			made, diags := gen.Files(src.Model, gen.Options{Import: "shop", NoMain: true})
			if err := diags.Err(); err != nil {
				t.Fatal(err)
			}
			all := files{"the.storm": text}
			for name, content := range made {
				if path.Dir(name) != "." && !strings.HasSuffix(name, "_test.go") {
					all[name] = string(content)
				}
			}
			code, err := load(t, all)
			if err != nil {
				t.Fatal(err)
			}
			list := Compare(src.Model, code)
			var b strings.Builder
			p := Printer{Source: all.source}
			if err := p.Write(&b, list); err != nil {
				t.Fatal(err)
			}
			if len(list.AtLeast(diag.Error)) > 0 {
				t.Error(b.String())
			}
			status := Progress(src.Model, code, list)
			for _, s := range status {
				if s.State != Done && s.State != Started {
					t.Errorf("%s is %s", s.Element, s.State)
				}
			}
			if len(status) < 4 {
				t.Errorf("the storm has %d elements only", len(status))
			}
		})
	}
}
