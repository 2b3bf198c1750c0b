//go:build linux

package faults

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
)

// wire is every event's data in one.
type wire struct {
	Amount, Number int
	Currency       string
}

// projected wants the documents that a fresh fold of the log gives.
func (c *checker) projected() {
	want := map[string]map[string]map[string]any{}
	set := func(projection, key string, change func(map[string]any)) {
		if want[projection] == nil {
			want[projection] = map[string]map[string]any{}
		}
		if want[projection][key] == nil {
			want[projection][key] = c.empty(projection)
		}
		change(want[projection][key])
	}
	for _, module := range moduleNames {
		for i := range c.logs[module] {
			r := &c.logs[module][i]
			_, order, _ := strings.Cut(r.Stream, "/")
			var e wire
			if err := json.Unmarshal(r.Data, &e); err != nil {
				c.wrong.add("%s: position %d: %v", module, r.Position, err)
			}
			c.fold(module, r.Type, e, func(projection string, change func(map[string]any)) { set(projection, order, change) })
		}
	}
	for _, projection := range []string{"Orders.Status", "Orders.Tracking", "Payments.Heard", "Shipping.Board"} {
		c.same(projection, want[projection])
	}
}

func (c *checker) empty(projection string) map[string]any {
	switch projection {
	case "Orders.Status":
		return map[string]any{"Amount": 0.0, "Changes": 0.0, "Confirmed": false, "Closed": false}
	case "Orders.Tracking":
		return map[string]any{"Shipped": 0.0}
	case "Payments.Heard":
		return map[string]any{"Amounts": nil, "Numbers": nil}
	}
	board := map[string]any{"Amount": 0.0, "Last": 0.0, "Confirmed": false}
	if c.newBoard {
		board["Currency"] = ""
	}
	return board
}

// fold says what an event changes.
func (c *checker) fold(module, kind string, e wire, change func(projection string, change func(map[string]any))) {
	set := func(projection, field string, value any) {
		change(projection, func(d map[string]any) { d[field] = value })
	}
	push := func(field string, n int) {
		change("Payments.Heard", func(d map[string]any) {
			all, _ := d[field].([]any)
			d[field] = append(all, float64(n))
		})
	}
	switch module + " " + kind {
	case "Orders Placed":
		set("Orders.Status", "Amount", float64(e.Amount))
	case "Orders Changed":
		change("Orders.Status", func(d map[string]any) { d["Changes"] = d["Changes"].(float64) + 1 })
	case "Orders Confirmed":
		set("Orders.Status", "Confirmed", true)
	case "Orders Closed":
		set("Orders.Status", "Closed", true)
	case "Orders @Shipping.Shipped":
		change("Orders.Tracking", func(d map[string]any) { d["Shipped"] = d["Shipped"].(float64) + 1 })
	case "Payments @Orders.Placed":
		push("Amounts", e.Amount)
	case "Payments @Orders.Changed":
		push("Numbers", e.Number)
	case "Shipping @Orders.Placed":
		set("Shipping.Board", "Amount", float64(e.Amount))
		if c.newBoard {
			set("Shipping.Board", "Currency", e.Currency)
		}
	case "Shipping @Orders.Changed":
		set("Shipping.Board", "Last", float64(e.Number))
	case "Shipping @Orders.Confirmed":
		set("Shipping.Board", "Confirmed", true)
	}
}

func (c *checker) same(projection string, want map[string]map[string]any) {
	got := c.documents[projection]
	keys := maps.Clone(got)
	if keys == nil {
		keys = map[string]string{}
	}
	for key := range want {
		keys[key] = ""
	}
	for key := range keys {
		c.seen.documents++
		text, there := got[key]
		var is map[string]any
		if there {
			if err := json.Unmarshal([]byte(text), &is); err != nil {
				c.wrong.add("%s %s: %v", projection, key, err)
			}
		}
		if !reflect.DeepEqual(is, want[key]) {
			due, _ := json.Marshal(want[key]) // plain data
			c.wrong.add("%s %s shows %s, the log says %s", projection, key, text, due)
		}
	}
}
