package check

import (
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var heavyMessage = &Check{
	Code: "S305", Name: "heavy-message",
	Doc:        "A message between modules carries much data: the receiver depends on all of it.",
	Severities: [3]diag.Severity{diag.Off, diag.Off, diag.Warning},
	Run: func(p *Pass) {
		seen := map[*model.Element]bool{}
		for _, m := range p.Storm.Crossings() {
			e := m.Message
			if seen[e] {
				continue
			}
			seen[e] = true
			if n := leaves(e.Fields, nil); n > p.Config.MessageFields {
				p.element(e, "the %s %s carries %d fields out of its module", e.Kind, e.Path(), n).Help =
					"send what has happened and the id to ask by; the receiver keeps what it needs itself"
			}
		}
	},
}

// leaves counts the fields of data, those of values within it included.
func leaves(fields []*model.Field, within []*model.Element) int {
	n := 0
	for _, f := range fields {
		t := f.Type
		for t != nil && t.List != nil {
			t = t.List
		}
		if t == nil || t.Of == nil || t.Of.Kind != ast.Value || len(t.Of.Fields) == 0 || slices.Contains(within, t.Of) {
			n++
			continue
		}
		n += leaves(t.Of.Fields, append(slices.Clip(within), t.Of))
	}
	return n
}
