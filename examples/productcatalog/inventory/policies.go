package inventory

import (
	"fmt"

	"github.com/landfall-go/landfall"
)

// ReorderPolicy tells the warehouse to order in time.
func ReorderPolicy(e StockRanLow, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{NotifyTeam{Team: "Warehouse", Message: fmt.Sprintf("%d of %s are left", e.Left, e.Name)}}
}

// TrackStockPolicy gives a new product its place.
func TrackStockPolicy(e ProductCreated, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{TrackStock{Name: e.Name}}
}

// LastOrdersPolicy has the warehouse order no more of what the catalog gives up.
func LastOrdersPolicy(ProductDiscontinued, landfall.Metadata) []landfall.Command {
	return []landfall.Command{StopOrdering{}}
}
