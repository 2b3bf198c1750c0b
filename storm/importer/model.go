package importer

import (
	"fmt"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/compose"
	"github.com/landfall-go/landfall/storm/model"
)

// Model is the JSON form of a storm, as it is exported.
const Model Format = "storm as JSON"

// isModel reports whether a document is the JSON form of a storm.
func isModel(doc any) bool {
	o := asObject(doc)
	if o.text("$schema") == model.Schema {
		return true
	}
	_, modules := o["modules"].([]any)
	_, timeline := o["timeline"].([]any)
	return modules && timeline
}

// readModel reads the JSON form of a storm.
func readModel(data []byte) (*Result, error) {
	s, err := model.Unmarshal(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	text, err := compose.Text(s)
	if err != nil {
		return nil, err
	}
	r := &Report{Format: Model, Name: s.Name, Level: s.Level, Kinds: map[ast.Kind]int{}, Areas: len(s.Modules), Links: len(s.Links())}
	for e := range s.Elements() {
		r.Elements++
		r.Kinds[e.Kind]++
		r.Notes++
	}
	for m := range s.All() {
		for _, n := range m.Stickies {
			r.Kinds[n.Kind]++
			r.Notes++
		}
	}
	return &Result{Text: text, Report: r}, nil
}
