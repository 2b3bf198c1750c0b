package storm_test

import (
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/check"
	"github.com/landfall-go/landfall/storm/edit"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/model"
	"github.com/landfall-go/landfall/storm/parse"
)

// large returns the text of a storm of about n elements, of the kinds and in
// the proportions of a real design.
func large(n int) []byte {
	var b strings.Builder
	b.WriteString("storm \"Large\"\n")
	const perUnit = 11
	units := n / perUnit
	for i := range units {
		if i%50 == 0 {
			if i > 0 {
				b.WriteString("}\n")
			}
			fmt.Fprintf(&b, "\nmodule %s {\n  team \"Team %d\"\n\n  actor Operator\n", word(i/50), i/50)
		}
		w := word(i)
		fmt.Fprintf(&b, `
  // %[1]s is one of many.
  aggregate %[1]s {
    Operator -> Open%[1]s -> %[1]sOpened
    Operator -> Close%[1]s -> %[1]sClosed | %[1]sRefused
    Audit%[1]s -> %[1]sAudited
  }
  policy AuditWhen%[1]sCloses : %[1]sClosed after 30d unless %[1]sRefused -> Audit%[1]s
  projection All%[1]s : %[1]sOpened, %[1]sClosed -> Operator { name text, at time }
  command Open%[1]s { name text, where %[1]sPlace, at time }
  event %[1]sOpened { name text, where %[1]sPlace, at time }
  event %[1]sClosed { at time, reason text }
  value %[1]sPlace { x int, y int, notes [text]? }
  hotspot "What about %[1]s?" on %[1]sRefused
`, w)
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

// word returns a name of its own for each number.
func word(i int) string {
	syllables := []string{"ba", "do", "fu", "ge", "ki", "lo", "mu", "ne", "pa", "ri", "so", "tu", "ve", "wi", "zo", "cha"}
	w := ""
	for n := i + 4096; n > 0; n /= len(syllables) {
		w += syllables[n%len(syllables)]
	}
	return strings.ToUpper(w[:1]) + w[1:]
}

func count(s *model.Storm) int {
	n := 0
	for range s.Elements() {
		n++
	}
	return n
}

// BenchmarkParse reads a storm of 10,000 elements. Compare its MB/s with that of
// BenchmarkGoParser.
func BenchmarkParse(b *testing.B) {
	text := large(10_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, diags := parse.File("large.storm", text); len(diags) > 0 {
			b.Fatal(diags)
		}
	}
}

// BenchmarkGoParser reads as much Go source, of the standard library, with
// go/parser: the measure for BenchmarkParse.
func BenchmarkGoParser(b *testing.B) {
	paths, err := filepath.Glob(filepath.Join(build.Default.GOROOT, "src/net/http/*.go"))
	if err != nil || len(paths) == 0 {
		b.Fatal("no Go source to parse", err)
	}
	want := len(large(10_000))
	var files [][]byte
	size := 0
	for i := 0; size < want && i < len(paths); i++ {
		src, err := os.ReadFile(paths[i])
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, src)
		size += len(src)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, src := range files {
			if _, err := parser.ParseFile(token.NewFileSet(), "x.go", src, parser.ParseComments); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkFormat(b *testing.B) {
	text := large(10_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := format.Source(text); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkResolve reads a storm and makes its model.
func BenchmarkResolve(b *testing.B) {
	text := large(10_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		src := storm.Parse(storm.File{Path: "large.storm", Text: text})
		if len(src.Diagnostics) > 0 {
			b.Fatal(src.Diagnostics)
		}
	}
}

// BenchmarkCheck checks storms of three sizes: the time must grow with the size.
func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 20_000} {
		src := storm.Parse(storm.File{Path: "large.storm", Text: large(n)})
		b.Run(fmt.Sprintf("elements=%d", count(src.Model)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				check.Run(src.Model, check.Config{})
			}
		})
	}
}

// BenchmarkCheckOrangeNotes checks a big picture of nothing but events.
func BenchmarkCheckOrangeNotes(b *testing.B) {
	var text strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&text, "\"%s %d was %sed\"\n", word(i), i, strings.ToLower(word(i*7)))
	}
	src := storm.Parse(storm.File{Path: "notes.storm", Text: []byte(text.String())})
	b.ReportAllocs()
	for b.Loop() {
		check.Run(src.Model, check.Config{})
	}
}

// BenchmarkEdit carries out a gesture on a storm of 10,000 elements.
func BenchmarkEdit(b *testing.B) {
	src := storm.Parse(storm.File{Path: "large.storm", Text: large(10_000)})
	var event *model.Element
	for e := range src.Model.Elements() {
		if e.Kind == ast.Event {
			event = e
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := edit.Do(src, edit.Rename{ID: event.ID(), To: "SomethingElseHappened", KeepOld: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMemory tells how many bytes a resolved storm holds for each of its
// elements, at three sizes: the figure must not grow.
func BenchmarkMemory(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 40_000} {
		text := large(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var before, after runtime.MemStats
			for b.Loop() {
				runtime.GC()
				runtime.ReadMemStats(&before)
				src := storm.Parse(storm.File{Path: "large.storm", Text: text})
				runtime.GC()
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(count(src.Model)), "B/element")
				runtime.KeepAlive(src)
			}
		})
	}
}
