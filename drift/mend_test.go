package drift

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/storm/diag"
)

// TestMends applies each edit that drift offers in the archives, and demands
// that the difference is gone and that storm and code can still be read.
func TestMends(t *testing.T) {
	base, _ := archive(t, "testdata/base.txtar")
	applied := 0
	for _, name := range archives(t, "testdata/differences/*.txtar") {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			_, a := archive(t, name)
			all := maps.Clone(base)
			for _, f := range a.Files[:len(a.Files)-1] {
				all[f.Name] = changed(t, all[f.Name], string(f.Data))
			}
			_, list := differences(t, all)
			for _, d := range list {
				for _, m := range d.Mends {
					if len(m.Edits) > 0 {
						applied++
						mended(t, all, d, m)
					}
				}
			}
		})
	}
	if applied < 20 {
		t.Errorf("only %d edits were offered", applied)
	}
}

func mended(t *testing.T, all files, d Difference, m Mend) {
	t.Helper()
	after := maps.Clone(all)
	for name, text := range all {
		out, err := diag.Apply(name, []byte(text), m.Edits)
		if err != nil {
			t.Errorf("%s: %s: %v", d.Code, m.Message, err)
			return
		}
		after[name] = string(out)
	}
	if maps.Equal(all, after) {
		t.Errorf("%s: %s: the edit changes nothing", d.Code, m.Message)
		return
	}
	text, list := differences(t, after)
	for _, other := range list {
		if other.Code == d.Code && other.Message == d.Message {
			t.Errorf("%s: %s: the difference is still there:\n%s", d.Code, m.Message, text)
		}
	}
}
