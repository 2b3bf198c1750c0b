package gen_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"testing/fstest"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm"
)

var bakery = storm.File{Path: "bakery.storm", Text: []byte(`
storm "Bakery"

module Oven {
  aggregate Loaf {
    BakeLoaf -> LoafBaked
  }
  command BakeLoaf { flour text }
  event LoafBaked { flour text }
}
`)}

// Files makes everything, and writes nothing.
func ExampleFiles() {
	src := storm.Parse(bakery)
	files, diagnostics := gen.Files(src.Model, gen.Options{Import: "example.com/bakery"})
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Println(name)
	}
	fmt.Println(len(diagnostics), "diagnostics")
	fmt.Printf("\n%s", files["oven/loaf.go"])
	// Output:
	// main.go
	// modules_gen.go
	// modules_gen_test.go
	// oven/loaf.go
	// oven/messages_gen.go
	// oven/module.go
	// oven/module_gen.go
	// 0 diagnostics
	//
	// package oven
	//
	// import "github.com/landfall-go/landfall"
	//
	// // Loaf is the aggregate that decides on BakeLoaf.
	// type Loaf struct {
	// 	Flour string `json:"flour"`
	// }
	//
	// // Bake decides on BakeLoaf, which leads to LoafBaked.
	// func (l Loaf) Bake(c BakeLoaf) ([]landfall.Event, error) {
	// 	return []landfall.Event{LoafBaked(c)}, nil
	// }
	//
	// // Apply changes the state to what it is after the event.
	// func (l *Loaf) Apply(event landfall.Event) {
	// 	switch e := event.(type) {
	// 	case LoafBaked:
	// 		l.Flour = e.Flour
	// 	}
	// }
}

// Compare says what would change, what is missing and what is left over.
func ExampleCompare() {
	project := fstest.MapFS{
		"oven/module.go": {Data: []byte("package oven\n\nfunc Module() {}\n")},
		"oven/loaf.go":   {Data: []byte("package oven\n\ntype Loaf struct{}\n")},
	}
	src := storm.Parse(bakery)
	plan, err := gen.Compare(project, src.Model, gen.Options{Import: "example.com/bakery", NoMain: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range plan.Changes {
		fmt.Println(c.Action, c.Path)
	}
	for _, m := range plan.Missing {
		fmt.Fprintf(os.Stdout, "missing in %s:\n%s", m.Path, m.Skeleton)
	}
	// Output:
	// write oven/messages_gen.go
	// write oven/module_gen.go
	// missing in oven/loaf.go:
	// // Bake decides on BakeLoaf, which leads to LoafBaked.
	// func (l Loaf) Bake(c BakeLoaf) ([]landfall.Event, error) {
	// 	return []landfall.Event{LoafBaked(c)}, nil
	// }
}
