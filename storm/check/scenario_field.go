package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
	"github.com/landfall-go/landfall/storm/spell"
)

var scenarioField = &Check{
	Code: "S501", Name: "scenario-field",
	Doc:        "A scenario gives a field that its event or command does not have.",
	Severities: [3]diag.Severity{diag.Error, diag.Error, diag.Error},
	Run: func(p *Pass) {
		p.eachMessage(func(s *model.Scenario, m *model.Module, msg *model.Message) {
			p.fields(s, m, msg.Element, msg.Element.Fields, msg.Data)
		})
	},
}

func (p *Pass) eachMessage(do func(*model.Scenario, *model.Module, *model.Message)) {
	for m := range p.Storm.All() {
		for _, s := range m.Scenarios {
			for _, list := range [][]*model.Message{s.Given, s.When, s.Then} {
				for _, msg := range list {
					if msg.Data != nil {
						do(s, m, msg)
					}
				}
			}
		}
	}
}

// fields finds the fields of an object that its element does not have, within
// values too.
func (p *Pass) fields(s *model.Scenario, m *model.Module, of *model.Element, fields []*model.Field, data *model.Value) {
	for _, pair := range data.Pairs {
		f := fieldOf(fields, pair.Name)
		if f == nil {
			d := p.report(pair.Place, []*model.Meta{&s.Meta, &m.Meta}, "%s has no field %s", of, pair.Name)
			p.nearField(d, of, fields, pair)
			continue
		}
		p.within(s, m, f.Type, pair.Value)
	}
}

// within goes down into lists and values.
func (p *Pass) within(s *model.Scenario, m *model.Module, t *model.Type, v *model.Value) {
	switch {
	case t == nil:
	case t.List != nil && v.Kind == ast.Array:
		for _, item := range v.Items {
			p.within(s, m, t.List, item)
		}
	case t.Of != nil && t.Of.Kind == ast.Value && v.Kind == ast.Object:
		p.fields(s, m, t.Of, t.Of.Fields, v)
	}
}

func (p *Pass) nearField(d *diag.Diagnostic, of *model.Element, fields []*model.Field, pair model.Pair) {
	d.Related = []diag.Related{related(of.At(), "%s", of)}
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	if near := spell.Nearest(pair.Name, names); near != "" {
		d.Message += "; did you mean " + near + "?"
		d.Fixes = []diag.Fix{{Message: "write " + near, Safe: true, Edits: []diag.Edit{replace(pair.Place, near)}}}
		return
	}
	d.Help = "add the field to the " + of.Kind.String() + ", or leave it out here"
}

func fieldOf(fields []*model.Field, name string) *model.Field {
	for _, f := range fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}
