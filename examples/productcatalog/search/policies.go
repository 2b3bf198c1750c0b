package search

import "github.com/landfall-go/landfall"

// IndexPolicy has an offer indexed.
func IndexPolicy(e ProductOffered, m landfall.Metadata) []landfall.Command {
	return []landfall.Command{IndexOffer{Product: m.Aggregate, Name: e.Name, Price: e.Price}}
}

// IndexPolicyOnOfferPriced has the new price of an offer indexed. What has no
// name is not offered.
func IndexPolicyOnOfferPriced(e OfferPriced, m landfall.Metadata) []landfall.Command {
	if e.Name == "" {
		return nil
	}
	return []landfall.Command{IndexOffer{Product: m.Aggregate, Name: e.Name, Price: e.Price}}
}

// DropPolicy drops from the index what is hidden.
func DropPolicy(_ ProductHidden, m landfall.Metadata) []landfall.Command {
	return []landfall.Command{DropOffer{Product: m.Aggregate}}
}
