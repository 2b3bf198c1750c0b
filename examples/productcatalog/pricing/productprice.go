package pricing

import (
	"github.com/shopspring/decimal"

	"github.com/landfall-go/landfall"
)

// ProductPrice is what a product costs, or that it waits for a price.
type ProductPrice struct {
	Name  string `json:"name"`
	Price Money  `json:"price"`
}

// RequestPrice asks the pricing desk to set a price.
func (p ProductPrice) RequestPrice(c RequestPrice) ([]landfall.Event, error) {
	return []landfall.Event{PriceRequested(c)}, nil
}

// SetPrice gives the product its first price, or another one in its place.
func (p ProductPrice) SetPrice(c SetPrice) ([]landfall.Event, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if err := moreThanNothing(c.Price.Amount); err != nil {
		return nil, err
	}
	return []landfall.Event{PriceSet(c)}, nil
}

// RaisePrice adds to the price.
func (p ProductPrice) RaisePrice(c RaisePrice) ([]landfall.Event, error) {
	return p.adjust(p.Price.Amount.Add(c.By))
}

// LowerPrice takes from the price.
func (p ProductPrice) LowerPrice(c LowerPrice) ([]landfall.Event, error) {
	return p.adjust(p.Price.Amount.Sub(c.By))
}

// cents is how many digits a price has after the point.
const cents = 2

// MarkDown takes a part off the price, and the cents to the shop's favour. What
// has no price yet is left alone.
func (p ProductPrice) MarkDown(c MarkDown) ([]landfall.Event, error) {
	if p.Price.Amount.IsZero() {
		return nil, nil
	}
	if c.Percent <= 0 || c.Percent >= 100 {
		return nil, landfall.Reject("a markdown of %d%% is not between 1%% and 99%%", c.Percent)
	}
	left := decimal.New(int64(100-c.Percent), -2)
	return p.adjust(p.Price.Amount.Mul(left).RoundUp(cents))
}

// adjust gives the product another price in the same currency.
func (p ProductPrice) adjust(amount decimal.Decimal) ([]landfall.Event, error) {
	if p.Price.Amount.IsZero() {
		return nil, landfall.Reject("the product has no price yet")
	}
	if err := moreThanNothing(amount); err != nil {
		return nil, err
	}
	return []landfall.Event{PriceAdjusted{Old: p.Price, Price: Money{amount, p.Price.Currency}}}, nil
}

func moreThanNothing(amount decimal.Decimal) error {
	if !amount.IsPositive() {
		return landfall.Reject("a price of %s is not more than nothing", amount)
	}
	return nil
}

// Apply changes the price to what it is after the event.
func (p *ProductPrice) Apply(event landfall.Event) {
	switch e := event.(type) {
	case PriceRequested:
		p.Name = e.Name
	case PriceSet:
		p.Price = e.Price
	case PriceAdjusted:
		p.Price = e.Price
	}
}
