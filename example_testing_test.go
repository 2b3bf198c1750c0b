package landfall_test

import (
	"testing"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/landfalltest"
)

// TestStock tests a module as given, when, then: this is how a program tests its
// own.
func TestStock(t *testing.T) {
	stock := landfall.NewModule("Stock",
		landfall.Handle(Copy.ReportDamage, landfall.Emits(CopyDamaged{})),
		landfall.Handle(Title.Order, landfall.Emits(CopyOrdered{})),
		landfall.When("ReplacePolicy", ReplaceDamagedCopy, landfall.Sends(OrderCopy{})),
	)
	landfalltest.Run(t, stock,
		landfalltest.Scenario{
			Name: "a copy is reported as damaged",
			When: ReportDamage{Title: "Dune"},
			Then: []any{CopyDamaged{Title: "Dune"}},
		},
		landfalltest.Scenario{
			Name: "a damaged copy is replaced",
			When: CopyDamaged{Title: "Dune"},
			Then: []any{landfall.To("Dune", OrderCopy{})},
		},
		landfalltest.Scenario{
			Name:     "no more than two copies are on their way",
			Given:    []landfall.Event{CopyOrdered{}, CopyOrdered{}},
			When:     OrderCopy{},
			Rejected: "two copies are on their way",
		},
	)
}
