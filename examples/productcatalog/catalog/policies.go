package catalog

import (
	"fmt"

	"github.com/landfall-go/landfall"
)

// RequestPricePolicy asks for the price that a new product needs before anyone
// may see it.
func RequestPricePolicy(e ProductCreated, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{RequestPrice{Name: e.Name}}
}

// OfferProductPolicy lets shoppers find what is published.
func OfferProductPolicy(e ProductPublished, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{OfferProduct{Name: e.Name, Description: e.Description}}
}

// HideProductPolicy keeps from shoppers what is discontinued.
func HideProductPolicy(_ ProductDiscontinued, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{HideProduct{}}
}

// SellOffPolicy halves the price of what is left.
func SellOffPolicy(_ SellOffStarted, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{MarkDown{Percent: 50}}
}

// ForgottenDraftPolicy reminds the product's managers of what they began.
func ForgottenDraftPolicy(e ProductCreated, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{NotifyTeam{
		Team:    "Product Management",
		Message: fmt.Sprintf("%s is a draft for 30 days", e.Name),
	}}
}
