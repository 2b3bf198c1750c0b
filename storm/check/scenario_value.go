package check

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
	"github.com/landfall-go/landfall/storm/spell"
)

var scenarioValue = &Check{
	Code: "S502", Name: "scenario-value",
	Doc:        "A scenario gives a field a value that does not fit its type.",
	Severities: [3]diag.Severity{diag.Error, diag.Error, diag.Error},
	Run: func(p *Pass) {
		p.eachMessage(func(s *model.Scenario, m *model.Module, msg *model.Message) {
			about := []*model.Meta{&s.Meta, &m.Meta}
			p.object(about, msg.Element.Fields, msg.Data)
		})
	},
}

func (p *Pass) object(about []*model.Meta, fields []*model.Field, data *model.Value) {
	seen := map[string]bool{}
	for _, pair := range data.Pairs {
		if seen[pair.Name] {
			p.report(pair.Place, about, "the field %s is given twice", pair.Name)
		}
		seen[pair.Name] = true
		if f := fieldOf(fields, pair.Name); f != nil && f.Type != nil {
			p.fits(about, f.Type, pair.Value)
		}
	}
}

// fits reports a value that is not of the type.
func (p *Pass) fits(about []*model.Meta, t *model.Type, v *model.Value) {
	switch {
	case t.Optional && v.Kind == ast.Word && v.Text == "none":
	case t.List != nil:
		if v.Kind != ast.Array {
			p.misfit(about, t, v)
			return
		}
		for _, item := range v.Items {
			p.fits(about, t.List, item)
		}
	case t.Of != nil && t.Of.Kind == ast.Value:
		if v.Kind != ast.Object {
			p.misfit(about, t, v)
			return
		}
		p.object(about, t.Of.Fields, v)
	case t.Of != nil:
		if v.Kind != ast.Word || !isMember(t.Of, v.Text) {
			p.misfit(about, t, v)
		}
	case t.Basic != "" && !model.Fits(t.Basic, v):
		p.misfit(about, t, v)
	}
}

func isMember(enum *model.Element, name string) bool {
	for _, m := range enum.Members {
		if m.Name == name {
			return true
		}
	}
	return len(enum.Members) == 0
}

func (p *Pass) misfit(about []*model.Meta, t *model.Type, v *model.Value) {
	d := p.report(v.Place, about, "%s is no %s", v, t)
	switch {
	case t.Of != nil && t.Of.Kind == ast.Enum:
		var names []string
		for _, m := range t.Of.Members {
			names = append(names, m.Name)
		}
		d.Help = "its members are " + strings.Join(names, ", ")
		if near := spell.Nearest(v.Text, names); near != "" {
			d.Fixes = []diag.Fix{{Message: "write " + near, Safe: true, Edits: []diag.Edit{replace(v.Place, near)}}}
		}
	case t.List != nil:
		d.Help = "a list stands in brackets: [a, b]"
	case t.Of != nil:
		d.Help = "a value stands in braces: { field value, field value }"
	default:
		d.Help = "write it as " + model.Sample(t.Basic)
	}
}
