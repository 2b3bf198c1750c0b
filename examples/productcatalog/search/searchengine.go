package search

import (
	"context"
	"fmt"
	"io"

	"github.com/landfall-go/landfall"
)

// SearchEngine is the index that the shop rents. This one writes down what it is
// asked for.
type SearchEngine struct {
	Out io.Writer
}

// IndexOffer puts an offer into the index. To put it there twice does no harm.
func (s SearchEngine) IndexOffer(_ context.Context, c IndexOffer, _ landfall.ID) ([]landfall.Event, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if err := s.write("index %s: %s, %s", c.Product, c.Name, priceTag(c.Price)); err != nil {
		return nil, err
	}
	return []landfall.Event{OfferIndexed(c)}, nil
}

// DropOffer takes an offer out of the index.
func (s SearchEngine) DropOffer(_ context.Context, c DropOffer, _ landfall.ID) ([]landfall.Event, error) {
	if err := s.write("drop %s", c.Product); err != nil {
		return nil, err
	}
	return []landfall.Event{OfferDropped(c)}, nil
}

func (s SearchEngine) write(format string, args ...any) error {
	_, err := fmt.Fprintf(s.Out, "  search engine: "+format+"\n", args...)
	return err
}

func priceTag(m *Money) string {
	if m == nil {
		return "no price yet"
	}
	return m.Amount.StringFixed(2) + " " + string(m.Currency)
}
