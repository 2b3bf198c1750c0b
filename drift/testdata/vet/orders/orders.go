// want package:"landfall: 6 functions and variables"

// Package orders is the module Orders.
package orders

import (
	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/drift/testdata/vet/parts"
)

func Module() landfall.Module {
	return landfall.NewModule(parts.Name, // want `D104: the event Lost is in the code, but not in the storm \(storm: ../shop.storm:3:8\)`
		landfall.Handle(Order.Place, landfall.Emits(OrderPlaced{})),
		landfall.Handle(Order.Cancel, landfall.Emits(OrderCancelled{}, OrderPlaced{})), // want `D202: the command CancelOrder leads to OrderPlaced in the code, but not in the storm \(storm: ../shop.storm:6:5\)`
		landfall.Handle(Order.Lose, parts.Both()),                                      // want `D104: the command LoseOrder is in the code, but not in the storm .*`
		landfall.Handle(Order.Wrap, parts.Maybe(OrderPlaced{})),                        // want `D001: cannot read this wiring here: the events of WrapOrder: it comes from another package, and depends on what that is called with; landfall drift reads all packages together .*` `D104: the command WrapOrder is in the code.*`
		landfall.When("CancelLate", cancel, append(parts.Wait(), landfall.Sends(CancelOrder{}))...),
		landfall.Project("OpenOrders", landfall.On((*Open).Placed)), // want `D209: OrderCancelled updates the projection OpenOrders in the storm, but the code does not let it hear that event .*`
	)
}

type PlaceOrder struct{}
type CancelOrder struct{}
type LoseOrder struct{}
type WrapOrder struct{}
type OrderCancelled struct{}

type OrderPlaced struct {
	Article string `json:"article"`
	Amount  string `json:"amount"` // want `D303: amount of the event OrderPlaced is int in the storm, but string in the code .*`
}

type Order struct{}

func (*Order) Apply(landfall.Event) {}

func (Order) Place(PlaceOrder) ([]landfall.Event, error) {
	return append(parts.Lose(), OrderPlaced{}), nil // want `D401: the decision on PlaceOrder constructs the event Lost, which its landfall.Emits does not declare .*`
}

func (Order) Cancel(CancelOrder) ([]landfall.Event, error) {
	return []landfall.Event{OrderCancelled{}, OrderPlaced{}}, nil
}

func (Order) Lose(LoseOrder) ([]landfall.Event, error) { return parts.Lose(), nil }

func (Order) Wrap(WrapOrder) ([]landfall.Event, error) { return nil, nil }

func cancel(OrderPlaced, landfall.Metadata) []landfall.Command {
	return []landfall.Command{CancelOrder{}}
}

type Open struct{}

func (*Open) Placed(OrderPlaced, landfall.Metadata) {}
