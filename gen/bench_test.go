package gen_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm"
)

// large returns a storm of about that many elements: modules with ten aggregates
// each, and of each aggregate four commands, four events, a policy and a
// projection.
func large(elements int) storm.File {
	const perAggregate = 11
	var b strings.Builder
	b.WriteString("storm \"Large\"\n")
	for i := range elements / perAggregate {
		if i%10 == 0 {
			if i > 0 {
				b.WriteString("}\n")
			}
			fmt.Fprintf(&b, "module M%d {\n", i/10)
		}
		fmt.Fprintf(&b, "aggregate Thing%d {\n", i)
		for j := range 4 {
			fmt.Fprintf(&b, "Do%dx%d -> Did%dx%d\n", i, j, i, j)
		}
		b.WriteString("}\n")
		for j := range 4 {
			fmt.Fprintf(&b, "command Do%dx%d { name text, count int }\nevent Did%dx%d { name text, count int }\n", i, j, i, j)
		}
		fmt.Fprintf(&b, "policy On%d : Did%dx0 -> Do%dx1\nprojection View%d : Did%dx0, Did%dx1\n", i, i, i, i, i, i)
		fmt.Fprintf(&b, "scenario \"s%d\" {\n  when Do%dx0 { name \"a\", count 1 }\n  then Did%dx0 { name \"a\", count 1 }\n}\n", i, i, i)
	}
	b.WriteString("}\n")
	return storm.File{Path: "large.storm", Text: []byte(b.String())}
}

// BenchmarkCompare makes everything of storms of several sizes, and then once
// more with all of it there. What is counted is elements.
func BenchmarkCompare(b *testing.B) {
	for _, elements := range []int{1_000, 10_000} {
		src := storm.Parse(large(elements))
		if err := src.Diagnostics.Err(); err != nil {
			b.Fatal(err)
		}
		n := 0
		for range src.Model.Elements() {
			n++
		}
		project := fstest.MapFS{}
		for _, there := range []string{"nothing", "all"} {
			b.Run(fmt.Sprintf("%d/%s", elements, there), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					plan, err := gen.Compare(project, src.Model, options)
					if err != nil {
						b.Fatal(err)
					}
					if there == "all" && len(plan.Changes) > 0 {
						b.Fatal("there are changes to what is there")
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "elements/s")
			})
			plan, err := gen.Compare(fstest.MapFS{}, src.Model, options)
			if err != nil {
				b.Fatal(err)
			}
			for _, c := range plan.Changes {
				project[c.Path] = &fstest.MapFile{Data: c.Content}
			}
		}
	}
}
