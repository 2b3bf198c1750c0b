package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/productcatalog/catalog"
	"github.com/landfall-go/landfall/examples/productcatalog/inventory"
	"github.com/landfall-go/landfall/examples/productcatalog/pricing"
	"github.com/landfall-go/landfall/examples/productcatalog/search"
	"github.com/landfall-go/landfall/hosting"
	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
)

const (
	// inFlight is how many products are launched at the same time at most.
	inFlight = 2000
	// attempt is how long one attempt of a command may take; then it is sent
	// again under the same key, because its process may have been killed.
	attempt = 2 * time.Second
	// watched is how many products a second are looked for in Search at most,
	// because looking is work too.
	watched = 20
)

// product is one that the load launches.
type product struct {
	id   landfall.AggregateID
	name string
}

// launch returns the commands that launch the product, in their order.
func (p product) launch() []landfall.Command {
	return []landfall.Command{
		catalog.CreateProduct{Name: p.name, Category: "Tea"},
		catalog.DescribeProduct{Text: "First flush"},
		pricing.SetPrice{Price: pricing.Money{Amount: decimal.RequireFromString("12.50"), Currency: pricing.CurrencyEUR}},
		catalog.PublishProduct{},
	}
}

// launcher launches products and measures what can be seen from outside.
type launcher struct {
	system  *hosting.System
	results landfall.View[search.Results]
	stock   landfall.Repository[inventory.Stock]
	prices  landfall.Repository[pricing.ProductPrice]

	accepted, published, visible *histogram
	commands, again              atomic.Int64

	mu       sync.Mutex
	launched []product // whose commands were all accepted
	last     time.Time // when the last of them was
}

func (c *cluster) launcher(ctx context.Context) (*launcher, error) {
	l := &launcher{accepted: newHistogram(), published: newHistogram(), visible: newHistogram()}
	options := hosting.Options{NATS: c.nats, NATSPrefix: c.prefix}
	options.Config.Logger = slog.New(slog.NewTextHandler(io.Discard, nil)) // the processes have logs
	var err error
	if l.system, err = hosting.Connect(ctx, options, outside(io.Discard)...); err != nil {
		return nil, err
	}
	if l.results, err = landfall.ViewOf[search.Results](l.system.Host, "Results"); err != nil {
		return nil, err
	}
	if l.stock, err = landfall.RepositoryOf[inventory.Stock](l.system.Host); err != nil {
		return nil, err
	}
	l.prices, err = landfall.RepositoryOf[pricing.ProductPrice](l.system.Host)
	return l, err
}

// listen measures when published events come to a listener.
func (l *launcher) listen(ctx context.Context, c *cluster) (stop func() error, err error) {
	road, err := nats.Connect(ctx, c.nats, nats.WithPrefix(c.prefix), nats.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err != nil {
		return nil, err
	}
	_, err = road.Subscribe(transport.Topic{From: "Catalog"}, "Load", func(_ context.Context, d transport.Delivery) error {
		now := time.Now()
		for i := range d.Messages {
			l.published.record(now.Sub(d.Messages[i].Time))
		}
		return nil
	})
	return road.Close, err
}

// launch launches products at the rate for as long as it lasts, and returns when
// all have been. A product that is late does not delay those that follow, up to
// the bound of products in flight.
func (l *launcher) launch(ctx context.Context, rate float64, lasting time.Duration) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var launching sync.WaitGroup
	places := make(chan struct{}, inFlight)
	begun := time.Now()
	lookEvery := max(1, int(rate/watched))
	for n := range int(rate * lasting.Seconds()) {
		due := begun.Add(time.Duration(float64(n) / rate * float64(time.Second)))
		if !sleepUntil(ctx, due) {
			break
		}
		places <- struct{}{}
		launching.Go(func() {
			defer func() { <-places }()
			p := product{landfall.NewAggregateID(), fmt.Sprintf("Product %07d", n)}
			if err := l.launchOne(ctx, p, due, n%lookEvery == 0); err != nil {
				cancel(fmt.Errorf("%s: %w", p.name, err))
			}
		})
	}
	launching.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

func sleepUntil(ctx context.Context, due time.Time) bool {
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

func (l *launcher) launchOne(ctx context.Context, p product, due time.Time, look bool) error {
	var last landfall.Result
	for _, c := range p.launch() {
		var err error
		if last, err = l.send(ctx, p, c); err != nil {
			return fmt.Errorf("%s: %w", name(c), err)
		}
		l.accepted.record(time.Since(due))
		due = time.Now() // the others are due when the one before was accepted
	}
	l.mu.Lock()
	l.launched, l.last = append(l.launched, p), time.Now()
	l.mu.Unlock()
	if look && len(last.Events) > 0 {
		return l.look(ctx, p, last.Events[0].Time)
	}
	return nil
}

// send sends a command until it is accepted. Its key lets it take effect once.
func (l *launcher) send(ctx context.Context, p product, c landfall.Command) (landfall.Result, error) {
	begun := time.Now()
	for {
		trying, cancel := context.WithTimeout(ctx, attempt)
		r, err := l.system.Host.Dispatch(trying, landfall.Message{To: p.id, Command: c, Key: string(p.id) + "/" + name(c), Actor: "load"})
		cancel()
		if err == nil {
			l.commands.Add(1)
			return r, nil
		}
		gone := errors.Is(err, landfall.ErrUnavailable) || errors.Is(err, landfall.ErrClosed) || errors.Is(err, context.DeadlineExceeded)
		if !gone || ctx.Err() != nil || time.Since(begun) > patience {
			return r, err
		}
		l.again.Add(1)
	}
}

// look asks Search until shoppers find the product.
func (l *launcher) look(ctx context.Context, p product, since time.Time) error {
	for ; time.Since(since) < patience; time.Sleep(time.Millisecond) {
		found, err := l.results.Get(ctx, string(p.id))
		if err == nil && found.Name != "" {
			l.visible.record(time.Since(since))
			return nil
		}
		if err != nil && !errors.Is(err, landfall.ErrNotFound) && !errors.Is(err, landfall.ErrUnavailable) {
			return err
		}
	}
	return fmt.Errorf("shoppers did not find it within %v", patience)
}

// settle waits until each product has come to every module that can be asked.
func (l *launcher) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, 2*patience, fmt.Errorf("not everything was answered within %v", 2*patience))
	defer cancel()
	const callers = 32
	products := make(chan product)
	var asking sync.WaitGroup
	for range callers {
		asking.Go(func() {
			for p := range products {
				for ctx.Err() == nil && !l.settled(ctx, p) {
					time.Sleep(5 * time.Millisecond)
				}
			}
		})
	}
	for _, p := range l.launched {
		products <- p
	}
	close(products)
	asking.Wait()
	return context.Cause(ctx)
}

func (l *launcher) settled(ctx context.Context, p product) bool {
	price, err := l.prices.Load(ctx, p.id)
	if err != nil || price.State.Name == "" {
		return false
	}
	stock, err := l.stock.Load(ctx, p.id)
	if err != nil || stock.State.Name == "" {
		return false
	}
	found, err := l.results.Get(ctx, string(p.id))
	return err == nil && found.Name != "" && found.Price != nil
}
