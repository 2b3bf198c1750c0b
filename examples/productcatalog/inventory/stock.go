package inventory

import "github.com/landfall-go/landfall"

// Stock is what the warehouse has of a product.
type Stock struct {
	Name    string `json:"name"`
	Items   int    `json:"items"`
	Low     bool   `json:"low"`
	Stopped bool   `json:"stopped"` // nothing is ordered any more
}

// Track gives a product its place in the warehouse.
func (s Stock) Track(c TrackStock) ([]landfall.Event, error) {
	if s.Name != "" {
		return nil, nil
	}
	return []landfall.Event{TrackingStarted(c)}, nil
}

// ReceiveDelivery takes in what was ordered.
func (s Stock) ReceiveDelivery(c ReceiveDelivery) ([]landfall.Event, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return s.arrived(GoodsArrived(c))
}

// TakeBackReturn takes in what a customer sent back.
func (s Stock) TakeBackReturn(c TakeBackReturn) ([]landfall.Event, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return s.arrived(GoodsArrived(c))
}

func (s Stock) arrived(e GoodsArrived) ([]landfall.Event, error) {
	if s.Name == "" {
		return nil, landfall.Reject("the warehouse has no place for this product")
	}
	if e.Items < 1 {
		return nil, landfall.Reject("%d items cannot arrive", e.Items)
	}
	return []landfall.Event{e}, nil
}

// lowMark is how many items are few.
const lowMark = 5

// PickItems takes items out, and says when few are left, unless nothing is
// ordered any more.
func (s Stock) PickItems(c PickItems) ([]landfall.Event, error) {
	if c.Items < 1 {
		return nil, landfall.Reject("%d items cannot be picked", c.Items)
	}
	left := s.Items - c.Items
	if left < 0 {
		return nil, landfall.Reject("there are %d items, not %d", s.Items, c.Items)
	}
	events := []landfall.Event{ItemsPicked(c)}
	if left < lowMark && !s.Low && !s.Stopped {
		events = append(events, StockRanLow{s.Name, left})
	}
	return events, nil
}

// StopOrdering has the warehouse sell what it has.
func (s Stock) StopOrdering(StopOrdering) ([]landfall.Event, error) {
	if s.Stopped {
		return nil, nil
	}
	return []landfall.Event{OrderingStopped{}}, nil
}

// Apply changes the stock to what it is after the event.
func (s *Stock) Apply(event landfall.Event) {
	switch e := event.(type) {
	case TrackingStarted:
		s.Name = e.Name
	case GoodsArrived:
		s.Items += e.Items
		s.Low = s.Low && s.Items < lowMark
	case ItemsPicked:
		s.Items -= e.Items
	case StockRanLow:
		s.Low = true
	case OrderingStopped:
		s.Stopped = true
	}
}
