package bench

import (
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/check"
	"github.com/landfall-go/landfall/storm/parse"
)

// stormOf returns the text of a storm with about so many elements, in the
// proportions of a design.
func stormOf(elements int) []byte {
	const aggregate, module = 10, 500 // elements in each
	var b strings.Builder
	b.WriteString("storm \"Large\"\n")
	for i := range elements / aggregate {
		if i%(module/aggregate) == 0 {
			if i > 0 {
				b.WriteString("}\n")
			}
			fmt.Fprintf(&b, "\nmodule %sworks {\n  team \"Team %d\"\n\n  actor Operator\n", name(i), i)
		}
		b.WriteString(strings.ReplaceAll(`
  // Thing is one of many.
  aggregate Thing {
    Operator -> OpenThing -> ThingOpened
    Operator -> CloseThing -> ThingClosed | ThingRefused
    AuditThing -> ThingAudited
  }
  policy AuditWhenThingCloses : ThingClosed after 30d unless ThingRefused -> AuditThing
  projection AllThing : ThingOpened, ThingClosed -> Operator
  command OpenThing { name text, at time }
  event ThingOpened { name text, at time }
  event ThingClosed { at time, reason text }
`, "Thing", name(i)))
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

// name returns a name of its own for each number, unlike any other.
func name(i int) string {
	syllables := strings.Fields("ba do fu ge ki lo mu ne pa ri so tu ve wi zo cha")
	w := ""
	for n := i + 4096; n > 0; n /= len(syllables) {
		w += syllables[n%len(syllables)]
	}
	return strings.ToUpper(w[:1]) + w[1:]
}

// megabytes reports how fast so many bytes were read each time.
func megabytes(b *testing.B, size int) {
	b.ReportMetric(float64(size)*float64(b.N)/1e6/b.Elapsed().Seconds(), "MB/s")
}

// StormParse parses a storm of 10,000 elements.
func StormParse(b *testing.B) {
	text := stormOf(10_000)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, wrong := parse.File("large.storm", text); len(wrong) > 0 {
			b.Fatal(wrong)
		}
	}
	megabytes(b, len(text))
}

// GoParse is the measure for StormParse: go/parser on the standard library's own
// Go source.
func GoParse(b *testing.B) {
	paths, err := filepath.Glob(filepath.Join(build.Default.GOROOT, "src/net/http/*.go"))
	if err != nil || len(paths) == 0 {
		b.Fatal("no Go source to parse", err)
	}
	size, texts := 0, make([][]byte, len(paths))
	for i, path := range paths {
		if texts[i], err = os.ReadFile(path); err != nil {
			b.Fatal(err)
		}
		size += len(texts[i])
	}
	b.ResetTimer()
	for range b.N {
		files := token.NewFileSet()
		for i, path := range paths {
			if _, err := parser.ParseFile(files, path, texts[i], parser.ParseComments); err != nil {
				b.Fatal(err)
			}
		}
	}
	megabytes(b, size)
}

func largeStorm(b *testing.B) *storm.Source {
	src := storm.Parse(storm.File{Path: "large.storm", Text: stormOf(10_000)})
	if err := src.Diagnostics.Err(); err != nil {
		b.Fatal(err)
	}
	return src
}

// StormCheck checks a storm of 10,000 elements.
func StormCheck(b *testing.B) {
	src := largeStorm(b)
	b.ResetTimer()
	for range b.N {
		src.Check(check.Config{})
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s")
}

// StormDraw draws a storm of 10,000 elements as a board.
func StormDraw(b *testing.B) {
	src := largeStorm(b)
	b.ResetTimer()
	for range b.N {
		if _, err := draw.SVG(src.Model, draw.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s")
}
