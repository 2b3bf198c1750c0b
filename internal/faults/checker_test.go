//go:build linux

package faults

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
)

// The checker knows what the modules are to do and what the runtime promises,
// and reads nothing but what the processes have left behind. It shares no code
// with what it checks but the naming of ids.

// publishers are who publishes what, and who hears all of it.
var publishers = []struct {
	module  string
	types   []string
	hearers []string
}{
	{ordersName, []string{"Placed", "Changed", "Confirmed"}, []string{paymentsName, shippingName}},
	{shippingName, []string{"Shipped"}, []string{ordersName}},
}

// policies are what answers what. To is empty for a command to the own module,
// which leads to one event there.
var policies = []struct {
	module, name string
	from, event  string // from is empty for an own event
	to, command  string
	stream       string // kind of the event that the command leads to
	leads        string // that event, in the module that has the command
}{
	{ordersName, "PayPolicy", "", "Placed", paymentsName, "Pay", "Payment", "Paid"},
	{ordersName, "AdjustPolicy", "", "Changed", shippingName, "Adjust", "Parcel", "Adjusted"},
	{paymentsName, "NotePolicy", ordersName, "Changed", "", "", "Ledger", "Noted"},
	{paymentsName, "ChargePolicy", "", "Paid", "", "", "Bank", "Charged"},
	{paymentsName, "ConfirmPolicy", "", "Charged", ordersName, "Confirm", "Order", "Confirmed"},
	{shippingName, "ShipPolicy", ordersName, "Confirmed", "", "", "Parcel", "Shipped"},
	{shippingName, "ClosePolicy", "", "Shipped", ordersName, "Close", "Order", "Closed"},
}

// tally is how much was looked at.
type tally struct {
	records, commands, crossed, answers, effects, documents int
}

func (t *tally) add(o tally) {
	t.records += o.records
	t.commands += o.commands
	t.crossed += o.crossed
	t.answers += o.answers
	t.effects += o.effects
	t.documents += o.documents
}

// checker looks at evidence.
type checker struct {
	evidence
	acks      map[string]acknowledged
	newBoard  bool // the new version of Shipping was last
	wrong     mistakes
	seen      tally
	byCommand map[string]map[landfall.ID][]*store.Record // by module
	explained map[*store.Record]bool
}

// check returns what is wrong when everything is at rest.
func check(ev evidence, acks map[string]acknowledged, newBoard bool) (mistakes, tally) {
	c := &checker{evidence: ev, acks: acks, newBoard: newBoard, byCommand: map[string]map[landfall.ID][]*store.Record{}, explained: map[*store.Record]bool{}}
	for _, module := range moduleNames {
		c.inOrder(module)
	}
	c.acknowledged()
	for _, p := range publishers {
		for _, hearer := range p.hearers {
			c.heard(p.module, p.types, hearer)
		}
	}
	for _, from := range moduleNames {
		for _, to := range moduleNames {
			c.received(from, to)
		}
	}
	c.answered()
	c.unexplained()
	c.numbered()
	c.performed()
	c.projected()
	return c.wrong, c.seen
}

// inOrder wants positions and versions without gaps, each id once, and the events
// of a command together.
func (c *checker) inOrder(module string) {
	records := c.logs[module]
	versions, ids := map[string]uint64{}, map[landfall.ID]bool{}
	c.byCommand[module] = map[landfall.ID][]*store.Record{}
	for i := range records {
		r := &records[i]
		c.seen.records++
		if r.Position != uint64(i)+1 {
			c.wrong.add("%s: position %d where %d is due", module, r.Position, i+1)
		}
		if versions[r.Stream]++; r.Version != versions[r.Stream] {
			c.wrong.add("%s: %s has version %d where %d is due", module, r.Stream, r.Version, versions[r.Stream])
		}
		if ids[r.ID] {
			c.wrong.add("%s: the record %s is there twice", module, r.ID)
		}
		ids[r.ID] = true
		group := append(c.byCommand[module][r.Command()], r)
		c.byCommand[module][r.Command()] = group
		if store.IndexOf(r.ID) != len(group)-1 || r.Position != group[0].Position+uint64(len(group)-1) || r.Stream != group[0].Stream {
			c.wrong.add("%s: command %s took effect in parts or again at position %d", module, r.Command(), r.Position)
		}
	}
}

// acknowledged wants every command from outside to have the effect that its
// sender was told, once, in the order in which it was sent.
func (c *checker) acknowledged() {
	orders := map[string][]acknowledged{}
	for key, a := range c.acks {
		c.seen.commands++
		orders[a.order] = append(orders[a.order], a)
		records := c.byCommand[ordersName][store.KeyedCommandID(key)]
		if len(records) != len(a.events) {
			c.wrong.add("%s was acknowledged with %d events, and has %d", key, len(a.events), len(records))
			continue
		}
		for i, r := range records {
			c.explained[r] = true
			if e := a.events[i]; r.ID != e.id || r.Type != e.kind || r.Position != e.position || r.Version != e.version || r.Stream != "Order/"+a.order {
				c.wrong.add("%s was acknowledged as %+v; there is %s version %d of %s at %d", key, e, r.Type, r.Version, r.Stream, r.Position)
			}
		}
	}
	for order, all := range orders {
		slices.SortFunc(all, func(a, b acknowledged) int { return a.sequence - b.sequence })
		c.followRules(order, all)
	}
}

// followRules wants the answers that the rules of an order demand.
func (c *checker) followRules(order string, all []acknowledged) {
	placed, last := false, uint64(0)
	for i, a := range all {
		_, places := a.command.(Place)
		if a.sequence != i {
			c.wrong.add("%s: command %d was acknowledged, and not %d", order, a.sequence, i)
		}
		if refused := placed == places; a.rejected != refused || len(a.events) > 1 || !refused && len(a.events) == 0 {
			c.wrong.add("%s: the answer to command %d, %+v, is %+v", order, i, a.command, a)
		}
		placed = placed || places
		for _, e := range a.events {
			if e.position <= last {
				c.wrong.add("%s: command %d took effect before the one before it", order, i)
			}
			last = e.position
		}
	}
}

// pick returns the records that fit, in their order.
func (c *checker) pick(module string, fits func(*store.Record) bool) (picked []*store.Record) {
	for i := range c.logs[module] {
		if r := &c.logs[module][i]; fits(r) {
			picked = append(picked, r)
		}
	}
	return picked
}

// heard wants what one module published in the log of the other, all of it, once
// and in the same order.
func (c *checker) heard(source string, types []string, hearer string) {
	published := c.pick(source, func(r *store.Record) bool { return slices.Contains(types, r.Type) })
	heard := c.pick(hearer, func(r *store.Record) bool { return strings.HasPrefix(r.Type, "@"+source+".") })
	c.compare(source+" to "+hearer, published, heard, func(r *store.Record) crossing {
		return crossing{id: r.ID, stream: "@" + source + "." + r.Stream, kind: "@" + source + "." + r.Type, trigger: r.Trigger}
	}, func(r *store.Record) crossing {
		return crossing{id: r.Trigger, stream: r.Stream, kind: r.Type, trigger: c.idIn(r, "landfall.trigger")}
	})
}

// received wants the commands that one module sent in the log of the other, all
// of them, once and in the same order, and that each took effect once or was
// refused by the rules.
func (c *checker) received(from, to string) {
	sent := c.pick(from, func(r *store.Record) bool { return strings.HasPrefix(r.Type, ">"+to+".") })
	received := c.pick(to, func(r *store.Record) bool { return strings.HasPrefix(r.Stream, "<"+from+"/") })
	c.compare(from+" to "+to, sent, received, func(r *store.Record) crossing {
		return crossing{
			id: c.idIn(r, "landfall.command"), stream: "<" + from + "/" + strings.TrimPrefix(r.Stream, ">"+to+"/"),
			kind: "<" + strings.TrimPrefix(r.Type, ">"+to+"."), trigger: r.Trigger,
		}
	}, func(r *store.Record) crossing {
		return crossing{id: r.Trigger, stream: r.Stream, kind: r.Type, trigger: c.idIn(r, "landfall.trigger")}
	})
	for _, r := range received {
		c.tookEffect(to, r)
	}
}

// tookEffect looks at what a received command led to.
func (c *checker) tookEffect(module string, r *store.Record) {
	effects := c.byCommand[module][r.Trigger]
	want := 1
	var data struct{ Amount int }
	if err := json.Unmarshal(r.Data, &data); err != nil {
		c.wrong.add("%s: %s at %d: %v", module, r.Type, r.Position, err)
	}
	if r.Type == "<Pay" && data.Amount%unlucky == 0 {
		want = 0 // nobody pays that
	}
	if len(effects) != want {
		c.wrong.add("%s: the command %s at position %d took effect %d times, want %d", module, r.Type, r.Position, len(effects), want)
	}
	for _, e := range effects {
		if e.Position < r.Position {
			c.wrong.add("%s: the command %s at position %d took effect before it was there", module, r.Type, r.Position)
		}
		c.derived(module, e, r.Type, r.Correlation)
		c.explained[e] = true
	}
}

func (c *checker) derived(module string, r *store.Record, from string, correlation landfall.ID) {
	if r.Correlation != correlation {
		c.wrong.add("%s: %s at position %d has another correlation than %s", module, r.Type, r.Position, from)
	}
}

// crossing is what must be the same on both sides.
type crossing struct {
	id, trigger  landfall.ID
	stream, kind string
}

func (c *checker) compare(way string, sent, got []*store.Record, ofSent, ofGot func(*store.Record) crossing) {
	c.seen.crossed += len(got)
	times := map[landfall.ID]int{}
	for _, r := range got {
		times[ofGot(r).id]++
		c.explained[r] = true
	}
	for _, r := range sent {
		if n := times[ofSent(r).id]; n != 1 {
			c.wrong.add("%s: %s at position %d of the sender got there %d times", way, r.Type, r.Position, n)
		}
	}
	if len(sent) != len(got) {
		c.wrong.add("%s: %d were sent, %d got there", way, len(sent), len(got))
	}
	for i := range min(len(sent), len(got)) {
		s, g := sent[i], got[i]
		if want, is := ofSent(s), ofGot(g); want != is {
			c.wrong.add("%s: number %d is %+v, and got there as %+v", way, i, want, is)
			return
		}
		if !sameJSON(s.Data, g.Data) || s.Correlation != g.Correlation || s.Actor != g.Actor || !s.Time.Equal(g.Time) {
			c.wrong.add("%s: %s at position %d was changed on its way: %s by %q at %v became %s by %q at %v", way, s.Type, s.Position, s.Data, s.Actor, s.Time, g.Data, g.Actor, g.Time)
		}
	}
}

// idIn returns an id from the metadata of a record.
func (c *checker) idIn(r *store.Record, key string) (id landfall.ID) {
	var all map[string]string
	if len(r.Metadata) == 0 {
		return id
	}
	if err := json.Unmarshal(r.Metadata, &all); err != nil {
		c.wrong.add("%s at position %d: %v", r.Type, r.Position, err)
	}
	if text, ok := all[key]; ok {
		if err := id.UnmarshalText([]byte(text)); err != nil {
			c.wrong.add("%s at position %d: %v", r.Type, r.Position, err)
		}
	}
	return id
}

func sameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// answered wants one answer of each policy to each of its events.
func (c *checker) answered() {
	for _, p := range policies {
		kind := p.event
		if p.from != "" {
			kind = "@" + p.from + "." + p.event
		}
		for _, e := range c.pick(p.module, func(r *store.Record) bool { return r.Type == kind }) {
			c.seen.answers++
			id := e.ID
			if p.from != "" {
				id = e.Trigger
			}
			command := store.DerivedCommandID(p.module+"."+p.name, id, 0)
			_, order, _ := strings.Cut(e.Stream, "/")
			at, stream, leads := command, p.stream+"/"+order, p.leads
			if p.to != "" {
				at, stream, leads = store.DerivedCommandID("sent", command, 0), ">"+p.to+"/"+order, ">"+p.to+"."+p.command
			}
			answers := c.byCommand[p.module][at]
			if len(answers) != 1 {
				c.wrong.add("%s.%s answered %s at position %d %d times", p.module, p.name, e.Type, e.Position, len(answers))
			}
			for _, r := range answers {
				c.explained[r] = true
				c.derived(p.module, r, e.Type, e.Correlation)
				if r.Stream != stream || r.Type != leads || r.Trigger != id || r.Position <= e.Position || p.to != "" && c.idIn(r, "landfall.command") != command {
					c.wrong.add("%s.%s answered %s at position %d with %s on %s at %d", p.module, p.name, e.Type, e.Position, r.Type, r.Stream, r.Position)
				}
			}
		}
	}
}

// unexplained wants nothing that nobody caused.
func (c *checker) unexplained() {
	for _, module := range moduleNames {
		for i := range c.logs[module] {
			if r := &c.logs[module][i]; !c.explained[r] {
				c.wrong.add("%s: %s on %s at position %d comes from nothing that should lead to it", module, r.Type, r.Stream, r.Position)
			}
		}
	}
}

// numbered wants the numbers of an order's changes in order, wherever they got.
func (c *checker) numbered() {
	for _, line := range []struct{ module, kind string }{
		{ordersName, "Changed"}, {paymentsName, "@Orders.Changed"}, {paymentsName, "Noted"}, {shippingName, "<Adjust"}, {shippingName, "Adjusted"},
	} {
		last := map[string]int{}
		for _, r := range c.pick(line.module, func(r *store.Record) bool { return r.Type == line.kind }) {
			var data struct{ Number int }
			if err := json.Unmarshal(r.Data, &data); err != nil {
				c.wrong.add("%s: position %d: %v", line.module, r.Position, err)
			}
			if last[r.Stream]++; data.Number != last[r.Stream] {
				c.wrong.add("%s: %s number %d of %s at position %d comes where %d is due", line.module, line.kind, data.Number, r.Stream, r.Position, last[r.Stream])
			}
		}
	}
}

// performed wants everything that was done outside recorded once, and everything
// that is recorded done at least once.
func (c *checker) performed() {
	recorded := map[landfall.ID]int{}
	for _, r := range c.pick(paymentsName, func(r *store.Record) bool { return r.Type == "Charged" }) {
		c.seen.effects++
		recorded[r.Command()]++
		if c.outside[r.Command()] == 0 {
			c.wrong.add("the charge %s is recorded, and was never made", r.Command())
		}
	}
	for id, times := range c.outside {
		if recorded[id] != 1 {
			c.wrong.add("the charge %s was made %d times, and is recorded %d times", id, times, recorded[id])
		}
	}
}
