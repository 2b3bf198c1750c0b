package catalog

import (
	"slices"

	"github.com/landfall-go/landfall"
)

// Assortment is what a manager sees of each product, until it is discontinued.
type Assortment struct {
	Name      string     `json:"name"`
	Languages []Language `json:"languages,omitempty"`
	Published bool       `json:"published"`
}

// Created shows a new product.
func (a *Assortment) Created(e ProductCreated, _ landfall.Metadata) { a.Name = e.Name }

// Described shows that there is a description.
func (a *Assortment) Described(e ProductDescribed, _ landfall.Metadata) {
	if !slices.Contains(a.Languages, e.Description.Language) {
		a.Languages = append(a.Languages, e.Description.Language)
	}
}

// ProductPublished shows that the product can be found.
func (a *Assortment) ProductPublished(ProductPublished, landfall.Metadata) { a.Published = true }

// projectAssortment wires the projection: a document a product.
func projectAssortment() landfall.Part {
	return landfall.Project("Assortment",
		landfall.On((*Assortment).Created),
		landfall.On((*Assortment).Described),
		landfall.On((*Assortment).ProductPublished),
		landfall.Removes(func(_ ProductDiscontinued, m landfall.Metadata) string { return string(m.Aggregate) }),
	)
}

// Categories shows how many products a category was given.
type Categories struct {
	Category string `json:"category"`
	Products int    `json:"products"`
}

// Published counts a product.
func (c *Categories) Published(e ProductPublished, _ landfall.Metadata) {
	c.Category = e.Category
	c.Products++
}

// projectCategories wires the projection: a document a category.
func projectCategories() landfall.Part {
	category := func(e ProductPublished, _ landfall.Metadata) string { return e.Category }
	return landfall.Project("Categories", landfall.OnKey(category, (*Categories).Published))
}
