package search

import "github.com/landfall-go/landfall"

// Offer is a product as shoppers see it. Its price and its description come
// from different modules, in any order.
type Offer struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Price       *Money `json:"price,omitempty"`
	Offered     bool   `json:"offered"`
}

// OfferProduct shows a product, with its price if that came first.
func (o Offer) OfferProduct(c OfferProduct) ([]landfall.Event, error) {
	return []landfall.Event{ProductOffered{Name: c.Name, Description: c.Description, Price: o.Price}}, nil
}

// ShowPrice shows a price, or keeps it until there is a product to show.
func (o Offer) ShowPrice(c ShowPrice) ([]landfall.Event, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return []landfall.Event{OfferPriced{Name: o.Name, Price: &c.Price}}, nil
}

// HideProduct takes away what is shown.
func (o Offer) HideProduct(HideProduct) ([]landfall.Event, error) {
	if !o.Offered {
		return nil, nil
	}
	return []landfall.Event{ProductHidden{}}, nil
}

// Apply changes the offer to what it is after the event.
func (o *Offer) Apply(event landfall.Event) {
	switch e := event.(type) {
	case ProductOffered:
		o.Name, o.Description, o.Offered = e.Name, e.Description, true
	case OfferPriced:
		o.Price = e.Price
	case ProductHidden:
		o.Name, o.Offered = "", false
	}
}
