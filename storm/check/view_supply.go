package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var viewSupply = &Check{
	Code: "S402", Name: "view-supply",
	Doc:        "A projection shows a field that none of its events carries.",
	Severities: [3]diag.Severity{diag.Off, diag.Off, diag.Warning},
	Run: func(p *Pass) {
		for _, e := range p.elements(ast.Projection) {
			if len(e.View.UpdatedBy) == 0 || !declaresData(e.View.UpdatedBy) {
				continue
			}
			have := newSupply()
			for _, event := range e.View.UpdatedBy {
				have.add(event.Fields)
			}
			for _, f := range e.Fields {
				if have.has(f) || counts(f.Type) {
					continue
				}
				p.elementAt(f.Place, e, "no event carries the field %s of the projection %s", f.Name, e.Path()).Help =
					"give it to one of the events that update the projection, or let another event update it"
			}
		}
	},
}

// declaresData reports whether one of the elements says what its data is;
// before that, nothing can be missing.
func declaresData(list []*model.Element) bool {
	for _, e := range list {
		if e.HasData {
			return true
		}
	}
	return false
}

// counts reports whether a projection can make a field by counting, adding up
// or noting that something was the case.
func counts(t *model.Type) bool {
	return t != nil && (t.Basic == model.Int || t.Basic == model.Decimal || t.Basic == model.Bool)
}
