package pricing

import "github.com/landfall-go/landfall"

// ShowPricePolicy shows the first price to shoppers.
func ShowPricePolicy(e PriceSet, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{ShowPrice(e)}
}

// ShowPricePolicyOnPriceAdjusted shows every later one.
func ShowPricePolicyOnPriceAdjusted(e PriceAdjusted, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{ShowPrice{Price: e.Price}}
}

// AskForPricePolicy tells the desk that a product waits for its price.
func AskForPricePolicy(e PriceRequested, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{NotifyTeam{Team: "Pricing Desk", Message: e.Name + " needs a price"}}
}
