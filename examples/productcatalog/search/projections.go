package search

import "github.com/landfall-go/landfall"

// Results is what a shopper sees of a product. What has no name is not on offer,
// though it may have a price.
type Results struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Price       *Money `json:"price,omitempty"`
}

// ProductOffered shows the product.
func (r *Results) ProductOffered(e ProductOffered, _ landfall.Metadata) {
	r.Name, r.Description = e.Name, e.Description
	if e.Price != nil {
		r.Price = e.Price
	}
}

// Priced shows the price.
func (r *Results) Priced(e OfferPriced, _ landfall.Metadata) { r.Price = e.Price }

// ProductHidden shows the product no more.
func (r *Results) ProductHidden(ProductHidden, landfall.Metadata) { r.Name, r.Description = "", "" }

// projectResults wires the projection: a document a product.
func projectResults() landfall.Part {
	return landfall.Project("Results",
		landfall.On((*Results).ProductOffered),
		landfall.On((*Results).Priced),
		landfall.On((*Results).ProductHidden),
	)
}
