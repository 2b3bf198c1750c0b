package inventory

import (
	"fmt"

	"github.com/landfall-go/landfall"
)

// ReorderPolicy tells the warehouse to order in time.
func ReorderPolicy(e StockRanLow, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{NotifyTeam{Team: "Warehouse", Message: fmt.Sprintf("%d of %s are left", e.Left, e.Name)}}
}
