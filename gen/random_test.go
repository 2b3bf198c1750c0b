package gen_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm"
)

// awkward are names that meet in Go: with each other, with methods, with
// keywords, with what gen writes itself.
var awkward = []string{
	`Order`, `order`, `"Order!"`, `Apply`, `Module`, `storm_`, `Type`, `"2nd try"`, `"it's"`, `Größe`, `中文`, `Validate`,
	`String`, `e`, `Event`, `OrderEvent`, `OrderCommand`, `StartOrder`, `Start`, `Decide`, `OnOrder`, `"—"`, `_x`, `Main`, `Landfall`,
}

func awkwardName(t *rapid.T) string { return rapid.SampledFrom(awkward).Draw(t, "name") }

func awkwardFields(t *rapid.T) string {
	types := []string{"text", "int", "decimal?", "bool?", "time?", "date", "duration?", "id", "[text]", "[[Size?]]", "Size", "Size?", "Kind", "[Kind?]?", "Nobody", "Order?"}
	names := []string{"order", "Order", "start", "apply", "validate", "a_b", "aB", "id", "unmarshalJSON", "c", "storm"}
	var list []string
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 4, rapid.ID[string]).Draw(t, "fields") {
		field := name + " " + rapid.SampledFrom(types).Draw(t, "type")
		if rapid.Bool().Draw(t, "renamed") {
			field += " was old_" + name
		}
		list = append(list, field)
	}
	return "{ " + strings.Join(list, ", ") + " }"
}

// awkwardModule writes a module in which anything may be called anything.
func awkwardModule(t *rapid.T, b *strings.Builder, name string) {
	fmt.Fprintf(b, "module %s {\n", name)
	line := func(format string, n int) {
		for range rapid.IntRange(0, n).Draw(t, "lines") {
			words := make([]any, strings.Count(format, "%s"))
			for i := range words {
				words[i] = awkwardName(t)
			}
			fmt.Fprintf(b, format+"\n", words...)
		}
	}
	fmt.Fprintf(b, "aggregate %s {\n", awkwardName(t))
	line("%s -> %s | %s", 3)
	b.WriteString("}\n")
	fmt.Fprintf(b, "system %s {\n", awkwardName(t))
	line("%s -> %s", 1)
	b.WriteString("}\n")
	line("%s -> %s", 1)
	line("policy %s : %s | %s after 1d unless %s -> %s", 2)
	line("projection %s : %s, %s", 2)
	for _, kind := range []string{"command", "event", "value"} {
		for _, n := range rapid.SliceOfNDistinct(rapid.SampledFrom(awkward), 0, 2, rapid.ID[string]).Draw(t, kind) {
			fmt.Fprintf(b, "%s %s %s\n", kind, n, awkwardFields(t))
		}
	}
	b.WriteString("value Size { x int, kind Kind }\nenum Kind { A, a, A_, B }\n}\n")
}

// Whatever things are called, what is generated compiles, and generating it
// again changes nothing.
func TestWhateverThingsAreCalledItCompiles(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var b strings.Builder
		b.WriteString("storm \"Awkward\"\n")
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(awkward), 1, 2, rapid.ID[string]).Draw(r, "modules") {
			awkwardModule(r, &b, name)
		}
		src := storm.Parse(storm.File{Path: "awkward.storm", Text: []byte(b.String())})
		if err := src.Diagnostics.Err(); err != nil {
			return // a value within itself, or a name that is not one
		}
		plan, err := gen.Compare(fstest.MapFS{}, src.Model, options)
		if errors.Is(err, gen.ErrUnfit) {
			if strings.Contains(err.Error(), "G001") {
				r.Fatalf("%v\n%s", err, b.String())
			}
			return
		}
		if err != nil {
			r.Fatal(err)
		}
		project := after(fstest.MapFS{}, plan)
		if errs := mistakes(t, project); len(errs) > 0 {
			r.Fatalf("%v\n%s", errs, b.String())
		}
		again, err := gen.Compare(project, src.Model, options)
		if err != nil {
			r.Fatal(err)
		}
		if got := describe(again); got != "nothing to do\n" {
			r.Fatalf("a second run would\n%s%s", got, b.String())
		}
	})
}
