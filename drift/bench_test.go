package drift

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/storm"
)

// BenchmarkRun is drift on the Mars Rover as the command line runs it, the go
// command included.
func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		if _, err := Run(context.Background(), Config{Storm: marsRover}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadSources is what Read does once the types are known, for code
// with 200 commands.
func BenchmarkReadSources(b *testing.B) {
	_, all := large(200)
	fset, sources := check(b, all)
	for b.Loop() {
		readSources("/shop", fset, sources)
	}
}

// BenchmarkCompare compares a storm of 2,000 elements with its code.
func BenchmarkCompare(b *testing.B) {
	src, all := large(1000)
	code, err := load(b, all)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if list := Compare(src.Model, code); len(list) > 0 {
			b.Fatal(list[0].Message)
		}
	}
}

// large makes a storm with a number of commands, each with an event of its own,
// and code that agrees with it.
func large(commands int) (*storm.Source, files) {
	var text, parts, types strings.Builder
	text.WriteString("storm \"Large\"\n\nmodule Shop {\n  aggregate Order {\n")
	parts.WriteString("package orders\n\nimport \"github.com/landfall-go/landfall\"\n\nfunc Module() landfall.Module {\n\treturn landfall.NewModule(\"Shop\",\n")
	types.WriteString("package orders\n\nimport \"github.com/landfall-go/landfall\"\n\ntype Order struct{}\n\nfunc (*Order) Apply(landfall.Event) {}\n\n")
	for i := range commands {
		fmt.Fprintf(&text, "    Do%d -> Done%d\n", i, i)
		fmt.Fprintf(&parts, "\t\tlandfall.Handle(Order.Do%d, landfall.Emits(Done%d{})),\n", i, i)
		fmt.Fprintf(&types, "type Do%d struct{ A int }\ntype Done%d struct{ A int }\n\n", i, i)
		fmt.Fprintf(&types, "func (Order) Do%d(c Do%d) ([]landfall.Event, error) { return []landfall.Event{Done%d(c)}, nil }\n\n", i, i, i)
	}
	text.WriteString("  }\n")
	for i := range commands {
		fmt.Fprintf(&text, "  command Do%d { a int }\n  event Done%d { a int }\n", i, i)
	}
	text.WriteString("}\n")
	parts.WriteString("\t)\n}\n")
	src := storm.Parse(storm.File{Path: "large.storm", Text: []byte(text.String())})
	return src, files{"orders/module.go": parts.String(), "orders/types.go": types.String()}
}
