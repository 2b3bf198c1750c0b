package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/golang-sql/civil"
	"github.com/shopspring/decimal"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/productcatalog/catalog"
	"github.com/landfall-go/landfall/examples/productcatalog/inventory"
	"github.com/landfall-go/landfall/examples/productcatalog/pricing"
	"github.com/landfall-go/landfall/examples/productcatalog/search"
	"github.com/landfall-go/landfall/store/memory"
)

// step is a command that somebody issues about the product.
type step struct {
	actor   string
	command landfall.Command
}

// tea is the life of a product, as it was told at the board.
var tea = []step{
	{"product manager", catalog.CreateProduct{Name: "Darjeeling", Category: "Tea"}},
	{"product manager", catalog.PublishProduct{}},
	{"product manager", catalog.DescribeProduct{Text: "First flush"}},
	{"product manager", catalog.TranslateProduct{Description: catalog.Description{Language: catalog.LanguageDE, Text: "Erste Ernte"}}},
	{"pricing analyst", pricing.SetPrice{Price: pricing.Money{Amount: decimal.RequireFromString("12.50"), Currency: pricing.CurrencyEUR}}},
	{"product manager", catalog.PublishProduct{}},
	{"clerk", inventory.ReceiveDelivery{Items: 12, Arrived: civil.Date{Year: 2026, Month: 5, Day: 10}}},
	{"clerk", inventory.PickItems{Items: 9}},
	{"pricing analyst", pricing.RaisePrice{By: decimal.RequireFromString("2.45")}},
	{"product manager", catalog.DiscontinueProduct{Reason: "no supplier"}},
	{"clerk", inventory.PickItems{Items: 4}},
}

// story lets the product live, in memory, and tells what happens.
func story(ctx context.Context, out io.Writer) error {
	store := memory.New()
	defer store.Close()
	host, err := landfall.Open(ctx, landfall.Config{Store: store, Modules: outside(out)})
	if err != nil {
		return err
	}
	defer host.Close()
	for _, s := range tea {
		if err := take(ctx, host, s, out); err != nil {
			return err
		}
	}
	return look(ctx, host, out)
}

// take issues the command of a step, and settles what it causes.
func take(ctx context.Context, host *landfall.Host, s step, out io.Writer) error {
	message := landfall.To("tea-1", s.command)
	message.Actor = s.actor
	fmt.Fprintf(out, "%s: %s\n", s.actor, name(s.command))
	result, err := host.Dispatch(ctx, message)
	if errors.Is(err, landfall.ErrRejected) {
		fmt.Fprintf(out, "  rejected: %v\n", reason(err))
		return nil
	}
	if err != nil {
		return err
	}
	if err := host.Settle(ctx); err != nil {
		return err
	}
	for _, event := range result.Events {
		consequence, err := host.Consequences(ctx, event.ID)
		if err != nil {
			return err
		}
		happened(consequence, "  ", out)
	}
	return nil
}

// happened prints an event and what it led to, by their names.
func happened(c landfall.Consequence, indent string, out io.Writer) {
	fmt.Fprintf(out, "%s%s.%s\n", indent, c.Module, c.Type)
	for _, led := range c.Led {
		happened(led, indent+"  ", out)
	}
}

func name(c landfall.Command) string {
	full := fmt.Sprintf("%T", c)
	return full[strings.LastIndex(full, ".")+1:]
}

// reason returns why a command was rejected, without where.
func reason(err error) error {
	var r *landfall.Rejection
	if errors.As(err, &r) {
		return r
	}
	return err
}

// look prints what the projections show in the end.
func look(ctx context.Context, host *landfall.Host, out io.Writer) error {
	prices, err := landfall.ViewOf[pricing.PriceList](host, "PriceList")
	if err != nil {
		return err
	}
	stock, err := landfall.ViewOf[inventory.StockLevels](host, "StockLevels")
	if err != nil {
		return err
	}
	results, err := landfall.ViewOf[search.Results](host, "Results")
	if err != nil {
		return err
	}
	price, err := prices.Get(ctx, "tea-1")
	if err != nil {
		return err
	}
	level, err := stock.Get(ctx, "tea-1")
	if err != nil {
		return err
	}
	result, err := results.Get(ctx, "tea-1")
	if err != nil {
		return err
	}
	found := map[bool]string{true: "find it", false: "do not find it"}[result.Name != ""]
	fmt.Fprintf(out, "in the end: %s %s after %d adjustments, %d left, shoppers %s\n",
		price.Price.Amount.StringFixed(2), price.Price.Currency, price.Changes, level.OnHand, found)
	return nil
}
