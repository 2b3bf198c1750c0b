package gen_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm"
)

// The examples are what gen makes of their storms, with nothing missing and
// nothing left over.
func TestExamplesAreGenerated(t *testing.T) {
	for _, name := range []string{"marsrover", "productcatalog"} {
		dir := filepath.Join("../examples", name)
		src, err := storm.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := gen.Compare(os.DirFS(dir), src.Model, gen.Options{Import: landfall + "/examples/" + name})
		if err != nil {
			t.Fatal(err)
		}
		if got := describe(plan); got != "nothing to do\n" {
			t.Errorf("run landfall gen examples/%s, which would\n%s", name, got)
		}
	}
}
