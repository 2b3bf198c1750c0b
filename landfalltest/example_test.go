package landfalltest_test

import (
	"fmt"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/landfalltest"
)

// A test gives its scenarios to Run, which makes a subtest of each. Check is
// what Run does for one: it says what does not hold, and nil when all does.
func Example() {
	scenario := landfalltest.Scenario{
		Name:  "a lent book is not lent again",
		Given: []landfall.Event{Acquired{"Dune"}, Lent{"Ann"}},
		When:  Lend{"Bob"},
		Then:  []any{Lent{"Bob"}},
	}
	fmt.Println(scenario.Check(library()))

	scenario.Then = nil
	scenario.Rejected = "Ann has the book"
	fmt.Println(scenario.Check(library()))

	// Output:
	// module Library: a lent book is not lent again
	//   given Acquired{Title:Dune}
	//   and   Lent{Member:Ann}
	//   when  Lend{Member:Bob}
	//   ✗ Lend is rejected: "Ann has the book"
	// <nil>
}

// A policy is asked what it sends, and when; nothing is carried out.
func ExampleScenario_policy() {
	scenario := landfalltest.Scenario{
		Name: "a book that is back needs no reminder",
		Given: []landfall.Event{
			Lent{"Ann"},
		},
		When: Returned{"Ann"},
		Then: []any{landfalltest.Withdraws(Remind{"Ann"})},
	}
	fmt.Println(scenario.Check(library()))
	// Output: <nil>
}

// A projection is asked for all its documents.
func ExampleScenario_projection() {
	scenario := landfalltest.Scenario{
		Name:  "a shelf knows who has read its book",
		ID:    "book-1",
		Given: []landfall.Event{Acquired{"Dune"}, Lent{"Ann"}},
		When:  Return{},
		Then:  []any{Returned{"Ann"}},
		Shows: map[string]any{"book-1": Shelf{Title: "Dune", Readers: []string{"Ann"}}},
	}
	fmt.Println(scenario.Check(library()))
	// Output: <nil>
}
