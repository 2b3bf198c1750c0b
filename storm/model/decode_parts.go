package model

import (
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
)

// fillModule fills in what a module and its elements say of others.
func (d *decoder) fillModule(at string, in *moduleJSON) {
	m := d.modules[in.Name]
	m.Publishes = d.elements(at+".publishes", in.Publishes, ast.Event)
	m.Pivotal = d.elements(at+".pivotal", in.Pivotal, ast.Event)
	for _, e := range m.Pivotal {
		e.Pivotal = true
	}
	for i := range in.Elements {
		x := &in.Elements[i]
		e := d.index[(&Element{Kind: x.Kind, Name: x.Name, Module: m}).ID()]
		if e != nil {
			d.fillElement(fmt.Sprintf("%s.elements[%d]", at, i), e, x)
		}
	}
	for i, x := range in.Flows {
		m.Flows = append(m.Flows, d.handling(fmt.Sprintf("%s.flows[%d]", at, i), nil, x))
	}
	for i, x := range in.Timers {
		events := d.elements(fmt.Sprintf("%s.timers[%d]", at, i), x.Events, ast.Event)
		m.Timers = append(m.Timers, &Timer{Meta: x.meta(), Every: x.Every, Events: events})
	}
	d.fillNotes(at, m, in)
	for i, x := range in.Scenarios {
		m.Scenarios = append(m.Scenarios, d.scenario(fmt.Sprintf("%s.scenarios[%d]", at, i), x))
	}
}

func (d *decoder) fillNotes(at string, m *Module, in *moduleJSON) {
	for i, x := range in.Stickies {
		where := fmt.Sprintf("%s.stickies[%d]", at, i)
		if !x.Kind.IsSticky() {
			d.fail(where, "a sticky is a hotspot, an opportunity, a rule or a note")
		}
		s := &Sticky{Meta: x.meta(), Kind: x.Kind, Module: m, Text: x.Text, Resolved: x.Resolved}
		for _, id := range x.On {
			s.On = append(s.On, d.target(where, id))
		}
		m.Stickies = append(m.Stickies, s)
	}
	for i, x := range in.Lanes {
		elements := d.elements(fmt.Sprintf("%s.lanes[%d]", at, i), x.Elements)
		m.Lanes = append(m.Lanes, &Lane{Meta: x.meta(), Name: x.Name, Elements: elements})
	}
	for i, x := range in.Walks {
		steps := d.elements(fmt.Sprintf("%s.walks[%d]", at, i), x.Steps)
		m.Walks = append(m.Walks, &Walk{Meta: x.meta(), Name: x.Name, Steps: steps})
	}
}

func (d *decoder) fillElement(at string, e *Element, x *elementJSON) {
	e.Meta, e.Was, e.Meaning = x.meta(), x.Was, x.Meaning
	e.HasData = x.HasData || len(x.Fields) > 0 || len(x.Members) > 0
	for i, f := range x.Fields {
		where := fmt.Sprintf("%s.fields[%d]", at, i)
		if !ast.IsIdentifier(f.Name) {
			d.fail(where, "%q is no name of a field", f.Name)
		}
		e.Fields = append(e.Fields, &Field{Doc: cleanDoc(f.Doc), Name: f.Name, Was: f.Was, Type: d.typ(where, f.Type)})
	}
	for _, m := range x.Members {
		if !ast.IsIdentifier(m.Name) {
			d.fail(at, "%q is no name of a member", m.Name)
		}
		e.Members = append(e.Members, &Member{Doc: cleanDoc(m.Doc), Name: m.Name})
	}
	for i, h := range x.Handles {
		e.Handles = append(e.Handles, d.handling(fmt.Sprintf("%s.handles[%d]", at, i), e, h))
	}
	if e.Kind == ast.Policy {
		e.Policy = d.policy(at, x.Policy)
	}
	if e.Kind == ast.Projection {
		e.View = &Projection{}
		if v := x.Projection; v != nil {
			e.View.UpdatedBy = d.elements(at, v.UpdatedBy, ast.Event)
			e.View.Informs = d.elements(at, v.Informs, ast.Actor)
		}
	}
}

func (d *decoder) policy(at string, x *policyJSON) *Policy {
	if x == nil {
		return &Policy{}
	}
	if _, ok := ast.ParseDuration(x.After); !ok && x.After != "" {
		d.fail(at, "%q is no duration", x.After)
	}
	return &Policy{
		On: d.choice(at, x.On, ast.Event), After: x.After, Unless: d.elements(at, x.Unless, ast.Event),
		Using: d.elements(at, x.Using, ast.Projection), Invokes: d.choice(at, x.Invokes, ast.Command),
	}
}

func (d *decoder) handling(at string, handler *Element, x handlingJSON) *Handling {
	h := &Handling{
		Meta: x.meta(), Handler: handler, Issuers: d.elements(at, x.Issuers, ast.Actor, ast.System),
		Commands: d.elements(at, x.Commands, ast.Command), Events: d.choice(at, x.Events, ast.Event),
	}
	if len(h.Commands) == 0 && (len(h.Events) == 0 || len(h.Issuers) > 0) {
		d.fail(at, "a line of flow has commands or events, and issuers only with commands")
	}
	return h
}

// typ reads a type as Type.String writes it.
func (d *decoder) typ(at, text string) *Type {
	t := &Type{}
	if rest, ok := strings.CutSuffix(text, "?"); ok {
		t.Optional, text = true, rest
	}
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		t.List = d.typ(at, text[1:len(text)-1])
		return t
	}
	if t.Basic = BasicOf(text); t.Basic != "" {
		return t
	}
	for _, kind := range []string{"value:", "enum:"} {
		if e := d.index[kind+text]; e != nil {
			t.Of = e
			return t
		}
	}
	if strings.Trim(text, " []?") == "" {
		d.fail(at, "%q is no type", text)
	}
	t.Unknown = text
	return t
}

func (d *decoder) scenario(at string, x scenarioJSON) *Scenario {
	messages := func(list []messageJSON, kinds ...ast.Kind) []*Message {
		var out []*Message
		for _, m := range list {
			if e := d.element(at, m.Of, kinds...); e != nil {
				out = append(out, &Message{Element: e, Data: d.data(at, m.Data)})
			}
		}
		return out
	}
	return &Scenario{
		Meta: x.meta(), Name: x.Name, Given: messages(x.Given, ast.Event),
		When: messages(x.When, ast.Command, ast.Event), Then: messages(x.Then, ast.Event, ast.Command, ast.Projection),
		Nothing: x.Nothing, Rejected: x.Rejected, Reason: x.Reason,
	}
}

func (d *decoder) data(at string, x *valueJSON) *Value {
	if x == nil {
		return nil
	}
	if x.Object == nil {
		d.fail(at, "the data of a message is an object")
		return nil
	}
	return d.value(at, *x)
}

func (d *decoder) value(at string, x valueJSON) *Value {
	switch {
	case x.Text != nil:
		return &Value{Kind: ast.Text, Text: *x.Text}
	case x.Number != nil:
		if !ast.IsNumber(*x.Number) {
			d.fail(at, "%q is no number", *x.Number)
		}
		return &Value{Kind: ast.Number, Text: *x.Number}
	case x.Word != nil:
		if !ast.IsIdentifier(*x.Word) {
			d.fail(at, "%q is no word", *x.Word)
		}
		return &Value{Kind: ast.Word, Text: *x.Word}
	case x.Array != nil:
		v := &Value{Kind: ast.Array}
		for _, item := range *x.Array {
			v.Items = append(v.Items, d.value(at, item))
		}
		return v
	case x.Object != nil:
		v := &Value{Kind: ast.Object}
		for _, p := range *x.Object {
			if !ast.IsIdentifier(p.Name) {
				d.fail(at, "%q is no name of a field", p.Name)
			}
			v.Pairs = append(v.Pairs, Pair{Name: p.Name, Value: d.value(at, p.Value)})
		}
		return v
	}
	d.fail(at, "a value is a word, a text, a number, an object or an array")
	return &Value{}
}
