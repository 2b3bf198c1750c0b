package main

import (
	"context"
	"fmt"
	"os"
)

// The life of a product, from its creation to its sell-off, over five modules.
func Example() {
	if err := story(context.Background(), os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// product manager: CreateProduct
	//   mail to Pricing Desk: Darjeeling needs a price
	//   Catalog.ProductCreated
	//     Pricing.PriceRequested
	//       Notification.TeamNotified
	//     Inventory.TrackingStarted
	// product manager: PublishProduct
	//   rejected: the product has no English description yet
	// product manager: DescribeProduct
	//   Catalog.ProductDescribed
	// product manager: TranslateProduct
	//   Catalog.ProductDescribed
	// pricing analyst: SetPrice
	//   Pricing.PriceSet
	//     Search.OfferPriced
	// product manager: PublishProduct
	//   search engine: index tea-1: Darjeeling, 12.50 EUR
	//   Catalog.ProductPublished
	//     Search.ProductOffered
	//       Search.OfferIndexed
	// clerk: ReceiveDelivery
	//   Inventory.GoodsArrived
	// clerk: PickItems
	//   mail to Warehouse: 3 of Darjeeling are left
	//   Inventory.ItemsPicked
	//   Inventory.StockRanLow
	//     Notification.TeamNotified
	// pricing analyst: RaisePrice
	//   search engine: index tea-1: Darjeeling, 14.95 EUR
	//   Pricing.PriceAdjusted
	//     Search.OfferPriced
	//       Search.OfferIndexed
	// product manager: DiscontinueProduct
	//   search engine: drop tea-1
	//   Catalog.ProductDiscontinued
	//     Inventory.OrderingStopped
	//     Search.ProductHidden
	//       Search.OfferDropped
	//   Catalog.SellOffStarted
	//     Pricing.PriceAdjusted
	//       Search.OfferPriced
	// clerk: PickItems
	//   rejected: there are 3 items, not 4
	// in the end: 7.48 EUR after 2 adjustments, 3 left, shoppers do not find it
}
