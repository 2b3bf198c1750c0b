package landing_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/storm"
)

// What the checks find is told of the notes that it is about, at places in UTF-16 units.
func TestProblems(t *testing.T) {
	text := "storm \"𝄞 Checks\"\nlevel process\n\nmodule M {\n  // 𝄞𝄞\n  Ann -> \"Customer update\" -> CustomerUpdated\n  \"Ordér placed\"\n  \"Order placed\"\n}\n"
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte(text)}})
	units := utf16.Encode([]rune(text))
	found := map[string]bool{}
	for _, p := range b.state.Problems(b.wall) {
		found[p.Code] = true
		if p.From < 0 || p.To > len(units) || p.From > p.To {
			t.Errorf("%s lies at %d to %d of %d", p.Code, p.From, p.To, len(units))
			continue
		}
		if len(p.Notes) == 0 {
			t.Errorf("%s is about no note: %s", p.Code, p.Message)
			continue
		}
		at := string(utf16.Decode(units[p.From:p.To]))
		n := b.wall.Notes[p.Notes[0]]
		if name := strings.ReplaceAll(n.Text, " ", ""); !strings.Contains(strings.ReplaceAll(at, " ", ""), name) {
			t.Errorf("%s is about %q, and lies at %q", p.Code, n.Text, at)
		}
		for _, f := range p.Fixes {
			for _, e := range f.Edits {
				if e.From < 0 || e.To > len(units) || e.From > e.To || e.Path != "a.storm" {
					t.Errorf("a fix of %s lies at %d to %d of %s", p.Code, e.From, e.To, e.Path)
				}
			}
		}
	}
	if !found["S104"] || !found["S107"] {
		t.Errorf("found only %v", found)
	}
}

func TestProblemsOfBrokenText(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte("\"A\"\n\"B\"\n")}})
	b.follow("a.storm", "\"A\"\nmodule {{\n")
	b.play(`add aaaa event "C" 900,0`)
	var codes []string
	var waits *wire.Problem
	for _, p := range b.state.Problems(b.wall) {
		codes = append(codes, p.Code)
		if p.Code == "W005" {
			waits = &p
		}
	}
	if waits == nil || !slices.Contains(waits.Notes, "aaaa") || !slices.ContainsFunc(codes, func(c string) bool { return strings.HasPrefix(c, "E0") }) {
		t.Fatalf("the problems are %v", codes)
	}
	b.follow("a.storm", "\"A\"\n\"B\"\n")
	if got := b.texts()["a.storm"]; got != "\"A\"\n\"B\"\nC\n" || b.state.Waiting() {
		t.Errorf("afterwards the text is %q", got)
	}
}

func TestModules(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte(`storm "Map"
module Sales {
  team "Sellers"
  publishes OrderPlaced
  Customer -> PlaceOrder -> OrderPlaced
}
module Delivery {
  team "Drivers"
  policy ShipIt : Sales.OrderPlaced -> Ship
  Ship -> Shipped
}
flow "short" : Sales.PlaceOrder -> Sales.OrderPlaced
every "month" -> Sales.OrderPlaced
`)}})
	m := b.state.Modules(b.wall)
	for i := range m.Flows {
		if len(m.Flows[i].Notes) == 0 {
			t.Errorf("the flow %s has no notes", m.Flows[i].Name)
		}
		m.Flows[i].Notes = nil
	}
	note := func(id string) string { return b.state.Notes(id)[0] }
	want := wire.Modules{
		Modules:  []wire.ModuleOf{{Note: note("module:Sales"), Name: "Sales", Team: "Sellers"}, {Note: note("module:Delivery"), Name: "Delivery", Team: "Drivers"}},
		Messages: []wire.MessagesOf{{From: "Sales", To: "Delivery", Names: []string{"Order Placed"}}},
		Flows: []wire.FlowOfModules{
			{Name: "Place Order", Teams: []string{"Sellers", "Drivers"}},
			{Name: "every month: Order Placed", Teams: []string{"Sellers", "Drivers"}},
			{Name: "short", Teams: []string{"Sellers"}},
		},
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
}

// What the text could not take is still told with the next step, which tries it again.
func TestProblemStaysWhileItIsOne(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: []byte("event Paid { at Point }\nvalue Point { x int }\nmodule Rover {\n  value Point { y int }\n}\n")}})
	b.play("add more event \"Paid\" 1000,0 in module:Rover")
	first := b.problems()
	if first == "" {
		t.Fatalf("the event is in the module:\n%s", b.texts()["a.storm"])
	}
	b.settle()
	if again := b.problems(); again != first {
		t.Errorf("first it was\n%sthen\n%s", first, again)
	}
	b.play("text value:Rover.Point \"Place\"")
	b.settle()
	if got := b.problems(); got != "" || b.state.Element("more") != "event:Rover.Paid" {
		t.Errorf("when nothing is in the way, it is %s, and the problems\n%s", b.state.Element("more"), got)
	}
}
