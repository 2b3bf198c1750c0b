package catalog

import (
	"slices"

	"github.com/landfall-go/landfall"
)

// Product is what the shop sells, as its manager describes it.
type Product struct {
	Name         string        `json:"name"`
	Category     string        `json:"category"`
	Stage        Stage         `json:"stage"`
	Descriptions []Description `json:"descriptions,omitempty"`
}

// Create brings a product into the catalog, as a draft.
func (p Product) Create(c CreateProduct) ([]landfall.Event, error) {
	// Open: Who decides on the category when two managers disagree?
	if p.Stage != "" {
		return nil, landfall.Reject("the product exists already: %s", p.Name)
	}
	return []landfall.Event{ProductCreated(c)}, nil
}

// Describe gives the description in the shop's own language.
func (p Product) Describe(c DescribeProduct) ([]landfall.Event, error) {
	return p.described(Description{Language: LanguageEN, Text: c.Text})
}

// Translate gives the description in another language.
func (p Product) Translate(c TranslateProduct) ([]landfall.Event, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return p.described(c.Description)
}

func (p Product) described(d Description) ([]landfall.Event, error) {
	if err := p.alive(); err != nil {
		return nil, err
	}
	if slices.Contains(p.Descriptions, d) {
		return nil, nil
	}
	return []landfall.Event{ProductDescribed{d}}, nil
}

// Publish shows the product to shoppers.
func (p Product) Publish(PublishProduct) ([]landfall.Event, error) {
	if err := p.alive(); err != nil {
		return nil, err
	}
	if p.Stage == StagePublished {
		return nil, nil
	}
	english := slices.IndexFunc(p.Descriptions, func(d Description) bool { return d.Language == LanguageEN })
	if english < 0 {
		return nil, landfall.Reject("the product has no English description yet")
	}
	return []landfall.Event{ProductPublished{p.Name, p.Category, p.Descriptions[english].Text}}, nil
}

// Discontinue ends a product. What shoppers could buy is sold off.
func (p Product) Discontinue(c DiscontinueProduct) ([]landfall.Event, error) {
	if err := p.alive(); err != nil {
		return nil, err
	}
	events := []landfall.Event{ProductDiscontinued(c)}
	if p.Stage == StagePublished {
		events = append(events, SellOffStarted{p.Name})
	}
	return events, nil
}

// alive refuses what needs a product that is there.
func (p Product) alive() error {
	switch p.Stage {
	case "":
		return landfall.Reject("there is no such product")
	case StageDiscontinued:
		return landfall.Reject("%s is discontinued", p.Name)
	}
	return nil
}

// Apply changes the product to what it is after the event.
func (p *Product) Apply(event landfall.Event) {
	switch e := event.(type) {
	case ProductCreated:
		p.Stage, p.Name, p.Category = StageDraft, e.Name, e.Category
	case ProductDescribed:
		p.describe(e.Description)
	case ProductPublished:
		p.Stage = StagePublished
	case ProductDiscontinued:
		p.Stage = StageDiscontinued
	}
}

// describe replaces the description in the same language.
func (p *Product) describe(d Description) {
	others := slices.DeleteFunc(slices.Clone(p.Descriptions), func(other Description) bool { return other.Language == d.Language })
	p.Descriptions = append(others, d)
}
