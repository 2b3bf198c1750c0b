package pricing

import "github.com/landfall-go/landfall"

// PriceList is what an analyst sees of a product's price, and how often it was
// adjusted.
type PriceList struct {
	Price   Money `json:"price"`
	Changes int   `json:"changes"`
}

// PriceSet shows the first price.
func (l *PriceList) PriceSet(e PriceSet, _ landfall.Metadata) {
	l.Price = e.Price
}

// PriceAdjusted shows and counts another one.
func (l *PriceList) PriceAdjusted(e PriceAdjusted, _ landfall.Metadata) {
	l.Price = e.Price
	l.Changes++
}

// projectPriceList wires the projection: a document a product.
func projectPriceList() landfall.Part {
	return landfall.Project("PriceList",
		landfall.On((*PriceList).PriceSet),
		landfall.On((*PriceList).PriceAdjusted),
	)
}
