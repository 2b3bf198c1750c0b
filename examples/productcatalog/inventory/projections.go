package inventory

import (
	"github.com/golang-sql/civil"

	"github.com/landfall-go/landfall"
)

// StockLevels is what a clerk sees of a product in the warehouse.
type StockLevels struct {
	OnHand  int        `json:"onHand"`
	Arrived civil.Date `json:"arrived,omitzero"` // last
	Stopped bool       `json:"stopped"`
}

// GoodsArrived adds to what is there.
func (l *StockLevels) GoodsArrived(e GoodsArrived, _ landfall.Metadata) {
	l.OnHand += e.Items
	l.Arrived = e.Arrived
}

// ItemsPicked takes from what is there.
func (l *StockLevels) ItemsPicked(e ItemsPicked, _ landfall.Metadata) { l.OnHand -= e.Items }

// OrderingStopped says that this is all.
func (l *StockLevels) OrderingStopped(OrderingStopped, landfall.Metadata) { l.Stopped = true }

// projectStockLevels wires the projection: a document a product.
func projectStockLevels() landfall.Part {
	return landfall.Project("StockLevels",
		landfall.On((*StockLevels).GoodsArrived),
		landfall.On((*StockLevels).ItemsPicked),
		landfall.On((*StockLevels).OrderingStopped),
	)
}
