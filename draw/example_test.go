package draw_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm"
)

const shop = `storm "Shop"

module Sales {
  team "Front"

  aggregate Order {
    Customer -> PlaceOrder -> OrderPlaced
  }

  policy ShipOrder : OrderPlaced -> Delivery.Ship
}

module Delivery {
  team "Back"

  system Carrier {
    Ship -> Shipped
  }
}

flow "from order to door" : Sales.PlaceOrder -> Sales.OrderPlaced -> Delivery.Shipped
`

// Draw a storm into a file of the format that its name asks for.
func Example() {
	src := storm.Parse(storm.File{Path: "shop.storm", Text: []byte(shop)})
	format, err := draw.FormatOf("shop.svg")
	if err != nil {
		log.Fatal(err)
	}
	picture, err := draw.Render(src.Model, format, draw.Options{Theme: draw.Dark})
	if err != nil {
		log.Fatal(err)
	}
	path := os.TempDir() + "/shop.svg"
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		log.Fatal(err)
	}
	defer os.Remove(path)
	fmt.Println(strings.HasPrefix(string(picture), "<svg "))
	// Output: true
}

// A map of the messages between modules, for a page that knows Mermaid.
func ExampleMermaid() {
	src := storm.Parse(storm.File{Path: "shop.storm", Text: []byte(shop)})
	picture, err := draw.Mermaid(src.Model, draw.Options{View: draw.ModulesView})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(string(picture))
	// Output:
	// ---
	// title: "Shop"
	// ---
	// flowchart LR
	//   module_Sales["Sales"]:::module
	//   module_Delivery["Delivery"]:::module
	//   module_Sales -->|"1: Ship (command)"| module_Delivery
	//   classDef module fill:#fffefb,stroke:#c9c3b5,color:#1f1a14
}

// A scene says where everything lies: here, that time runs from left to right.
func ExampleLayout() {
	src := storm.Parse(storm.File{Path: "shop.storm", Text: []byte(shop)})
	scene, err := draw.Layout(src.Model, draw.Options{View: draw.FlowView, Name: "from order to door"})
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range scene.Links {
		fmt.Println(strings.Join(scene.Notes[l.From].Text.Lines, " "), l.Verb, strings.Join(scene.Notes[l.To].Text.Lines, " "))
	}
	// Output:
	// Place Order is handled by Order
	// Order emits Order Placed
	// Order Placed triggers Ship Order
	// Ship Order invokes Ship
	// Ship is handled by Carrier
	// Carrier emits Shipped
}

// Markdown has the picture and the same in words.
func ExampleMarkdown() {
	src := storm.Parse(storm.File{Path: "shop.storm", Text: []byte(shop)})
	text, err := draw.Markdown(src.Model, draw.Options{View: draw.TeamsView})
	if err != nil {
		log.Fatal(err)
	}
	_, words, _ := strings.Cut(string(text), "```\n")
	fmt.Print(words)
	// Output:
	// ## Messages between teams
	//
	// | from | to | messages | which |
	// |---|---|---|---|
	// | Front | Back | 1 | Ship (command) |
	//
	// ## Flows
	//
	// | flow | teams | hand-offs |
	// |---|---|---|
	// | from order to door | Front → Back | 1 |
}
