package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
)

// The checker reads the logs, what the outside was told, and what the views show.
// It knows what a launch has to lead to, and shares no code with the runtime.

// due is an event that each launch leads to, once.
type due struct {
	module, event string
	// after is the event that it answers, with its module; empty when a command
	// from outside led to it.
	after string
}

var dues = []due{
	{"Catalog", "ProductCreated", ""},
	{"Catalog", "ProductDescribed", ""},
	{"Catalog", "ProductPublished", ""},
	{"Pricing", "PriceSet", ""},
	{"Pricing", "PriceRequested", "Catalog.ProductCreated"},
	{"Inventory", "TrackingStarted", "Catalog.ProductCreated"},
	{"Search", "OfferPriced", "Pricing.PriceSet"},
	{"Search", "ProductOffered", "Catalog.ProductPublished"},
	{"Notification", "TeamNotified", "Pricing.PriceRequested"},
}

// happening names an event of a product.
type happening struct {
	event   string // with its module
	product landfall.AggregateID
}

// check wants of each product what is due, once, and of each message that it was
// received once and in order. It counts the messages.
func (all logs) check(products []product) (wrong []string, messages int) {
	times, ids := map[happening]int{}, map[happening]*store.Record{}
	for module, records := range all {
		wrong = append(wrong, inOrder(module, records)...)
		for i := range records {
			r := &records[i]
			_, id, _ := strings.Cut(r.Stream, "/")
			if own(r) {
				h := happening{module + "." + r.Type, landfall.AggregateID(id)}
				times[h]++
				ids[h] = r
			}
		}
	}
	for _, p := range products {
		for _, d := range dues {
			h := happening{d.module + "." + d.event, p.id}
			if times[h] != 1 {
				wrong = append(wrong, fmt.Sprintf("%s of %s is there %d times", h.event, p.name, times[h]))
				continue
			}
			before := ids[happening{d.after, p.id}]
			if d.after != "" && (before == nil || ids[h].Trigger != before.ID) {
				wrong = append(wrong, fmt.Sprintf("%s of %s does not follow from %s", h.event, p.name, d.after))
			}
		}
	}
	wrong = append(wrong, all.indexed()...)
	for from := range all {
		for to := range all {
			for _, topic := range []func(from, to string) (sent, received []string){all.commands, all.published} {
				sent, received := topic(from, to)
				wrong = append(wrong, delivered(from, to, sent, received)...)
				messages += len(received)
			}
		}
	}
	return wrong, messages
}

// inOrder wants positions and versions without gaps.
func inOrder(module string, records []store.Record) (wrong []string) {
	versions := map[string]uint64{}
	for i := range records {
		r := &records[i]
		if r.Position != uint64(i)+1 {
			wrong = append(wrong, fmt.Sprintf("%s: position %d follows %d", module, r.Position, i))
		}
		if versions[r.Stream]++; r.Version != versions[r.Stream] {
			wrong = append(wrong, fmt.Sprintf("%s: %s has version %d where %d is due", module, r.Stream, r.Version, versions[r.Stream]))
		}
	}
	return wrong
}

// indexed wants each offer that has a name to be given to the search engine once.
func (all logs) indexed() (wrong []string) {
	records := all["Search"]
	times := map[landfall.ID]int{}
	for i := range records {
		if records[i].Type == "OfferIndexed" {
			times[records[i].Trigger]++
		}
	}
	for i := range records {
		r := &records[i]
		var e struct{ Name string }
		switch r.Type {
		case "ProductOffered", "OfferPriced":
			if err := json.Unmarshal(r.Data, &e); err != nil {
				wrong = append(wrong, fmt.Sprintf("Search: %s at %d: %v", r.Type, r.Position, err))
			}
			if e.Name != "" && times[r.ID] != 1 {
				wrong = append(wrong, fmt.Sprintf("Search: %s of %s was indexed %d times", r.Type, r.Stream, times[r.ID]))
			}
		}
	}
	return wrong
}

// commands returns what one module has sent to another, and what that has received.
func (all logs) commands(from, to string) (sent, received []string) {
	for i := range all[from] {
		r := &all[from][i]
		if stream, ok := strings.CutPrefix(r.Stream, ">"+to+"/"); ok {
			var extra map[string]string
			if err := json.Unmarshal(r.Metadata, &extra); err != nil {
				extra = map[string]string{"landfall.command": err.Error()} // nothing will be equal to that
			}
			sent = append(sent, strings.TrimPrefix(r.Type, ">"+to+".")+" "+stream+" "+extra["landfall.command"]+" "+string(r.Data))
		}
	}
	for i := range all[to] {
		r := &all[to][i]
		if stream, ok := strings.CutPrefix(r.Stream, "<"+from+"/"); ok {
			received = append(received, strings.TrimPrefix(r.Type, "<")+" "+stream+" "+r.Trigger.String()+" "+string(r.Data))
		}
	}
	return sent, received
}

// publications are the events that leave a module.
var publications = map[string]bool{"Catalog.ProductCreated": true, "Catalog.ProductPublished": true, "Catalog.ProductDiscontinued": true}

// published returns the events that one module has published, and what another
// has heard of them, when it hears any.
func (all logs) published(from, to string) (sent, received []string) {
	for i := range all[to] {
		r := &all[to][i]
		if stream, ok := strings.CutPrefix(r.Stream, "@"+from+"."); ok {
			received = append(received, strings.TrimPrefix(r.Type, "@"+from+".")+" "+stream+" "+r.Trigger.String()+" "+string(r.Data))
		}
	}
	if len(received) == 0 {
		return nil, nil
	}
	for i := range all[from] {
		if r := &all[from][i]; own(r) && publications[from+"."+r.Type] {
			sent = append(sent, r.Type+" "+r.Stream+" "+r.ID.String()+" "+string(r.Data))
		}
	}
	return sent, received
}

// delivered wants messages to be received as they were sent, each once and in
// order.
func delivered(from, to string, sent, received []string) (wrong []string) {
	if len(sent) != len(received) {
		wrong = append(wrong, fmt.Sprintf("%s sent %d messages to %s, which has received %d", from, len(sent), to, len(received)))
	}
	for i := range min(len(sent), len(received)) {
		if sent[i] != received[i] {
			return append(wrong, fmt.Sprintf("the message number %d from %s to %s was received as %s, sent was %s", i+1, from, to, received[i], sent[i]))
		}
	}
	return wrong
}

// mail is what the mail server is told of a new product.
func (p product) mail() string { return "  mail to Pricing Desk: " + p.name + " needs a price" }

// index is what the search engine is told of it, once it has a name and a price.
func (p product) index() string {
	return "  search engine: index " + string(p.id) + ": " + p.name + ", 12.50 EUR"
}

// toldOutside counts what the mail server and the search engine were told.
func (c *cluster) toldOutside() (map[string]int, error) {
	modules := []string{"Notification", "Search"}
	if c.running("Notification") == c.running("Search") {
		modules = modules[:1] // both write to one file
	}
	times := map[string]int{}
	for _, module := range modules {
		told, err := c.told(module)
		if err != nil {
			return nil, err
		}
		for _, line := range told {
			times[line]++
		}
	}
	return times, nil
}

// checkOutside wants that the mail server and the search engine were told of each
// product, and counts how often they were told again: a process that is killed
// after a call and before its record calls again, under the same id.
func (c *cluster) checkOutside(products []product) (wrong []string, again int, err error) {
	times, err := c.toldOutside()
	if err != nil {
		return nil, 0, err
	}
	for _, p := range products {
		for _, line := range []string{p.mail(), p.index()} {
			if times[line] == 0 {
				wrong = append(wrong, fmt.Sprintf("nobody was told %q", line))
			}
			again += max(0, times[line]-1)
		}
	}
	return wrong, again, nil
}

// shown wants that the views show each product as it should be in the end.
func (l *launcher) shown(ctx context.Context) (wrong []string) {
	shown := map[string]bool{}
	for found, err := range l.results.All(ctx, "") {
		if err != nil {
			return append(wrong, err.Error())
		}
		d := found.Document
		shown[found.Key+" "+d.Name] = d.Price != nil && d.Price.Amount.String() == "12.5"
	}
	for _, p := range l.launched {
		if !shown[string(p.id)+" "+p.name] {
			wrong = append(wrong, "shoppers do not find "+p.name+" with its price")
		}
	}
	if len(shown) != len(l.launched) {
		wrong = append(wrong, fmt.Sprintf("%d products can be found, %d were launched", len(shown), len(l.launched)))
	}
	return wrong
}
