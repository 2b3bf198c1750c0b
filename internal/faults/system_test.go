//go:build linux

package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/landfall-go/landfall"
)

// The system under test sells things: an order is placed and changed from
// outside, paid for in Payments, confirmed, shipped by Shipping and closed.
//
//	Orders    --Placed, Changed, Confirmed-->  Payments, Shipping
//	Shipping  --Shipped-->                     Orders
//	Orders    --Pay-->      Payments           Payments --Confirm--> Orders
//	Orders    --Adjust-->   Shipping           Shipping --Close-->   Orders, after a while
//
// Changed and Adjusted are numbered by the order, so that their order can be
// seen wherever they get.

// Commands.
type (
	Place   struct{ Amount int }
	Change  struct{ Number int }
	Confirm struct{ Amount int }
	Close   struct{}

	Pay    struct{ Amount int }
	Note   struct{ Number int }
	Charge struct{ Amount int }

	Adjust struct{ Number int }
	Ship   struct{}
)

// Events.
type (
	Placed struct{ Amount int }
	// PlacedIn is Placed as the new version of a module knows it.
	PlacedIn struct {
		Amount   int
		Currency string
	}
	Changed   struct{ Number int }
	Confirmed struct{ Amount int }
	Closed    struct{}

	Paid    struct{ Amount int }
	Noted   struct{ Number int }
	Charged struct{ Amount int }

	Adjusted struct{ Number int }
	Shipped  struct{}
)

// Amounts that mean something.
const (
	unlucky      = 13  // Payments refuses its multiples
	poisonPay    = 901 // Payments cannot answer Pay
	poisonShip   = 902 // a policy of Shipping cannot answer Confirmed
	poisonBoard  = 903 // a projection of Shipping cannot fold Placed
	leastPoison  = 901
	currency     = "EUR" // of orders that the new version has placed
	remindAfter  = 250 * time.Millisecond
	slowBy       = 25 * time.Millisecond
	poisonFile   = "poison"
	slowFile     = "slow"
	outsideFile  = "outside"
	ordersName   = "Orders"
	paymentsName = "Payments"
	shippingName = "Shipping"
)

// Order is an aggregate of Orders.
type Order struct {
	Placed    bool
	Changes   int
	Confirmed bool
	Closed    bool
}

func (o Order) Place(c Place) ([]landfall.Event, error) { return o.place(Placed(c)) }
func (o Order) PlaceIn(c Place) ([]landfall.Event, error) {
	return o.place(PlacedIn{c.Amount, currency})
}
func (o Order) Change(c Change) ([]landfall.Event, error)   { return o.later(Changed(c)) }
func (o Order) Confirm(c Confirm) ([]landfall.Event, error) { return o.later(Confirmed(c)) }
func (o Order) Close(Close) ([]landfall.Event, error)       { return o.later(Closed{}) }

func (o Order) place(e landfall.Event) ([]landfall.Event, error) {
	if o.Placed {
		return nil, landfall.Reject("it is placed already")
	}
	return []landfall.Event{e}, nil
}

func (o Order) later(e landfall.Event) ([]landfall.Event, error) {
	_, confirms := e.(Confirmed)
	_, closes := e.(Closed)
	switch {
	case !o.Placed:
		return nil, landfall.Reject("it was never placed")
	case o.Closed && closes, o.Confirmed && confirms:
		return nil, landfall.Reject("that has happened")
	}
	return []landfall.Event{e}, nil
}

func (o *Order) Apply(e landfall.Event) {
	switch e.(type) {
	case Placed, PlacedIn:
		o.Placed = true
	case Changed:
		o.Changes++
	case Confirmed:
		o.Confirmed = true
	case Closed:
		o.Closed = true
	}
}

// Payment and Ledger are aggregates of Payments.
type (
	Payment struct{ Paid bool }
	Ledger  struct{ Last int }
)

// outsides is what the parts of a module know beside their messages.
type outsides struct {
	folder   string
	poisoned flagFile
	slow     flagFile
}

func newOutsides(folder string) *outsides {
	return &outsides{folder: folder, poisoned: flagFile{path: filepath.Join(folder, poisonFile)}, slow: flagFile{path: filepath.Join(folder, slowFile)}}
}

// flagFile is on while the file is there. It looks now and then.
type flagFile struct {
	path   string
	looked atomic.Int64
	there  atomic.Bool
}

func (f *flagFile) on() bool {
	if now := time.Now().UnixMilli(); now-f.looked.Load() > 20 {
		_, err := os.Stat(f.path)
		f.there.Store(err == nil)
		f.looked.Store(now)
	}
	return f.there.Load()
}

func (o *outsides) pay(p Payment, c Pay) ([]landfall.Event, error) {
	switch {
	case c.Amount == poisonPay && o.poisoned.on():
		return nil, errors.New("the paper is jammed")
	case c.Amount%unlucky == 0:
		return nil, landfall.Reject("nobody pays %d", c.Amount)
	case p.Paid:
		return nil, landfall.Reject("it is paid")
	}
	return []landfall.Event{Paid(c)}, nil
}

func (p *Payment) Apply(e landfall.Event) {
	if _, ok := e.(Paid); ok {
		p.Paid = true
	}
}

func (l Ledger) Note(c Note) ([]landfall.Event, error) { return []landfall.Event{Noted(c)}, nil }

func (l *Ledger) Apply(e landfall.Event) {
	if n, ok := e.(Noted); ok {
		l.Last = n.Number
	}
}

// charge is the bank: what it has done is a line of a file.
func (o *outsides) charge(_ context.Context, c Charge, id landfall.ID) ([]landfall.Event, error) {
	f, err := os.OpenFile(filepath.Join(o.folder, outsideFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(f, "%s %d\n", id, c.Amount)
	return []landfall.Event{Charged(c)}, errors.Join(err, f.Close())
}

// Parcel is the aggregate of Shipping.
type Parcel struct {
	Last    int
	Shipped bool
}

func (p Parcel) Adjust(c Adjust) ([]landfall.Event, error) { return []landfall.Event{Adjusted(c)}, nil }

func (p Parcel) Ship(Ship) ([]landfall.Event, error) {
	if p.Shipped {
		return nil, landfall.Reject("it is gone")
	}
	return []landfall.Event{Shipped{}}, nil
}

func (p *Parcel) Apply(e landfall.Event) {
	switch e := e.(type) {
	case Adjusted:
		p.Last = e.Number
	case Shipped:
		p.Shipped = true
	}
}

// Documents of projections.
type (
	Status struct {
		Amount, Changes   int
		Confirmed, Closed bool
	}
	Track struct{ Shipped int }
	Heard struct{ Amounts, Numbers []int }
	Board struct {
		Amount, Last int
		Confirmed    bool
	}
	// BoardIn is Board in the new version.
	BoardIn struct {
		Amount, Last int
		Confirmed    bool
		Currency     string
	}
)

func (s *Status) changed(Changed, landfall.Metadata)     { s.Changes++ }
func (s *Status) confirmed(Confirmed, landfall.Metadata) { s.Confirmed = true }
func (s *Status) closed(Closed, landfall.Metadata)       { s.Closed = true }

func (h *Heard) placed(e Placed, _ landfall.Metadata)   { h.Amounts = append(h.Amounts, e.Amount) }
func (h *Heard) changed(e Changed, _ landfall.Metadata) { h.Numbers = append(h.Numbers, e.Number) }

// modules returns the module of the name as a version knows it.
func module(name string, isNew bool, o *outsides) landfall.Module {
	switch name {
	case ordersName:
		return orders(isNew)
	case paymentsName:
		return payments(o)
	case shippingName:
		return shipping(isNew, o)
	}
	panic("no module " + name)
}

func one(c landfall.Command) []landfall.Command { return []landfall.Command{c} }

func orders(isNew bool) landfall.Module {
	parts := []landfall.Part{
		landfall.Handle(Order.Change, landfall.Emits(Changed{})),
		landfall.Handle(Order.Confirm, landfall.Emits(Confirmed{})),
		landfall.Handle(Order.Close, landfall.Emits(Closed{})),
		landfall.When("AdjustPolicy", func(e Changed, _ landfall.Metadata) []landfall.Command { return one(Adjust(e)) }, landfall.SendsTo(shippingName, Adjust{})),
		landfall.HearsFrom(shippingName, Shipped{}),
		landfall.Project("Tracking", landfall.On(func(t *Track, _ Shipped, _ landfall.Metadata) { t.Shipped++ })),
	}
	folds := []landfall.Fold{landfall.On((*Status).changed), landfall.On((*Status).confirmed), landfall.On((*Status).closed)}
	pay := func(amount int) []landfall.Command { return one(Pay{amount}) }
	if isNew {
		parts = append(parts,
			landfall.Named[PlacedIn]("Placed"),
			landfall.Handle(Order.PlaceIn, landfall.Emits(PlacedIn{})), landfall.Publishes(PlacedIn{}, Changed{}, Confirmed{}),
			landfall.When("PayPolicy", func(e PlacedIn, _ landfall.Metadata) []landfall.Command { return pay(e.Amount) }, landfall.SendsTo(paymentsName, Pay{})))
		folds = append(folds, landfall.On(func(s *Status, e PlacedIn, _ landfall.Metadata) { s.Amount = e.Amount }))
	} else {
		parts = append(parts,
			landfall.Handle(Order.Place, landfall.Emits(Placed{})), landfall.Publishes(Placed{}, Changed{}, Confirmed{}),
			landfall.When("PayPolicy", func(e Placed, _ landfall.Metadata) []landfall.Command { return pay(e.Amount) }, landfall.SendsTo(paymentsName, Pay{})))
		folds = append(folds, landfall.On(func(s *Status, e Placed, _ landfall.Metadata) { s.Amount = e.Amount }))
	}
	return landfall.NewModule(ordersName, append(parts, landfall.Project("Status", folds...))...)
}

func payments(o *outsides) landfall.Module {
	return landfall.NewModule(paymentsName,
		landfall.HearsFrom(ordersName, Placed{}, Changed{}),
		landfall.Handle(o.pay, landfall.Emits(Paid{})),
		landfall.Handle(Ledger.Note, landfall.Emits(Noted{})),
		landfall.Perform("Bank", o.charge, landfall.Emits(Charged{})),
		landfall.When("NotePolicy", func(e Changed, _ landfall.Metadata) []landfall.Command { return one(Note(e)) }, landfall.Sends(Note{})),
		landfall.When("ChargePolicy", func(e Paid, _ landfall.Metadata) []landfall.Command { return one(Charge(e)) }, landfall.Sends(Charge{})),
		landfall.When("ConfirmPolicy", func(e Charged, _ landfall.Metadata) []landfall.Command { return one(Confirm(e)) }, landfall.SendsTo(ordersName, Confirm{})),
		landfall.Project("Heard", landfall.On((*Heard).placed), landfall.On((*Heard).changed)),
	)
}

func shipping(isNew bool, o *outsides) landfall.Module {
	ship := func(e Confirmed, _ landfall.Metadata) []landfall.Command {
		if e.Amount == poisonShip && o.poisoned.on() {
			panic("the van is broken")
		}
		return one(Ship{})
	}
	parts := []landfall.Part{
		landfall.Handle(Parcel.Adjust, landfall.Emits(Adjusted{})),
		landfall.Handle(Parcel.Ship, landfall.Emits(Shipped{})),
		landfall.Publishes(Shipped{}),
		landfall.When("ShipPolicy", ship, landfall.Sends(Ship{})),
		landfall.When("ClosePolicy", func(Shipped, landfall.Metadata) []landfall.Command { return one(Close{}) },
			landfall.SendsTo(ordersName, Close{}), landfall.After(remindAfter)),
	}
	if isNew {
		parts = append(parts, landfall.Named[PlacedIn]("Placed"), landfall.HearsFrom(ordersName, PlacedIn{}, Changed{}, Confirmed{}),
			landfall.Project("Board",
				landfall.On(func(b *BoardIn, e PlacedIn, _ landfall.Metadata) {
					b.Amount, b.Currency = o.shown(e.Amount), e.Currency
				}),
				landfall.On(func(b *BoardIn, e Changed, _ landfall.Metadata) { b.Last = o.shown(e.Number) }),
				landfall.On(func(b *BoardIn, _ Confirmed, _ landfall.Metadata) { b.Confirmed = true })))
	} else {
		parts = append(parts, landfall.HearsFrom(ordersName, Placed{}, Changed{}, Confirmed{}),
			landfall.Project("Board",
				landfall.On(func(b *Board, e Placed, _ landfall.Metadata) { b.Amount = o.shown(e.Amount) }),
				landfall.On(func(b *Board, e Changed, _ landfall.Metadata) { b.Last = o.shown(e.Number) }),
				landfall.On(func(b *Board, _ Confirmed, _ landfall.Metadata) { b.Confirmed = true })))
	}
	return landfall.NewModule(shippingName, parts...)
}

// shown is what the board's folds go through: they are slow at times, and cannot
// take what is poisoned.
func (o *outsides) shown(n int) int {
	if o.slow.on() {
		time.Sleep(slowBy)
	}
	if n == poisonBoard && o.poisoned.on() {
		panic("the chalk is broken")
	}
	return n
}
