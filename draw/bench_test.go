package draw_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/model"
)

// bigStorm returns a storm of about n elements: modules of some hundred, each
// with aggregates, policies within and across modules, projections and
// stickies.
func bigStorm(n int) *model.Storm {
	const perAggregate = 18
	perModule := 12
	aggregates := max(1, n/perAggregate)
	modules := (aggregates + perModule - 1) / perModule
	var b strings.Builder
	b.WriteString("storm \"Big\"\n")
	for m := range modules {
		fmt.Fprintf(&b, "module Module%d {\n  team \"Team %d\"\n", m, m%9)
		for a := range min(perModule, aggregates-m*perModule) {
			fmt.Fprintf(&b, "  aggregate Thing%d {\n", a)
			for c := range 5 {
				fmt.Fprintf(&b, "    Clerk%d -> DoSomething%dWithThing%d -> Something%dWasDoneWithThing%d\n", a, c, a, c, a)
			}
			b.WriteString("  }\n")
			for c := range 3 {
				other := (m + 1 + c*c) % modules
				target := fmt.Sprintf("DoSomething%dWithThing%d", c, (a+1)%perModule)
				if c == 1 && other != m {
					target = fmt.Sprintf("Module%d.DoSomething%dWithThing%d", other, c, 0)
				}
				fmt.Fprintf(&b, "  policy React%dToThing%d : Something%dWasDoneWithThing%d -> %s\n", c, a, c+1, a, target)
			}
			fmt.Fprintf(&b, "  projection View%d : Something0WasDoneWithThing%d, Something3WasDoneWithThing%d -> Clerk%d\n", a, a, a, a)
			fmt.Fprintf(&b, "  hotspot \"What about thing %d?\" on DoSomething1WithThing%d\n", a, a)
		}
		b.WriteString("}\n")
	}
	return storm.Parse(storm.File{Path: "big.storm", Text: []byte(b.String())}).Model
}

// looseStorm returns a big picture of n events in order.
func looseStorm(n int) *model.Storm {
	var b strings.Builder
	b.WriteString("storm \"Loose\"\nlevel big-picture\n")
	for i := range n {
		fmt.Fprintf(&b, "\"Something no. %d happened to somebody\"\n", i)
		if i%9 == 4 {
			fmt.Fprintf(&b, "hotspot \"But what about %d?\"\n", i)
		}
	}
	return storm.Parse(storm.File{Path: "loose.storm", Text: []byte(b.String())}).Model
}

func count(m *model.Storm) int {
	n := 0
	for range m.Elements() {
		n++
	}
	for mod := range m.All() {
		n += len(mod.Stickies)
	}
	return n
}

func BenchmarkSVG(b *testing.B) {
	for _, n := range []int{1000, 10000, 20000} {
		for _, kind := range []struct {
			name string
			make func(int) *model.Storm
		}{{"modules", bigStorm}, {"loose", looseStorm}} {
			m := kind.make(n)
			b.Run(fmt.Sprintf("%s/%d", kind.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := draw.SVG(m, draw.Options{}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(count(m)), "ns/element")
			})
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	m := bigStorm(1000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := draw.PNG(m, draw.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
