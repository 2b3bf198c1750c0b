package landfall_test

import (
	"fmt"
	"strings"

	"github.com/landfall-go/landfall"
)

// The wiring is a complete model of a module, which can be had as data: to draw
// it, or to compare it with what is on the board.
func ExampleDescribe() {
	described, err := landfall.Describe(landfall.NewModule("Stock",
		landfall.Handle(Copy.ReportDamage, landfall.Emits(CopyDamaged{})),
		landfall.Handle(Title.Order, landfall.Emits(CopyOrdered{})),
		landfall.When("ReplacePolicy", ReplaceDamagedCopy, landfall.Sends(OrderCopy{})),
	))
	check(err)
	stock := described.Modules[0]
	for _, c := range stock.Commands {
		fmt.Println(c.Name, "->", strings.Join(c.Emits, " | "))
	}
	for _, p := range stock.Policies {
		fmt.Println(p.Name, ":", p.Hears, "->", p.Sends[0].Command)
	}

	// Output:
	// ReportDamage -> CopyDamaged
	// OrderCopy -> CopyOrdered
	// ReplacePolicy : CopyDamaged -> OrderCopy
}
