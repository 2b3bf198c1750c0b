package landfalltest

import (
	"encoding/json"
	"reflect"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/internal/inspect"
)

// shows folds all that has happened and compares the documents.
func (c *check) shows() {
	want := map[*inspect.Projection]map[string]any{}
	if c.scenario.Part != "" && c.projection(c.scenario.Part) != nil {
		want[c.projection(c.scenario.Part)] = map[string]any{}
	}
	for key, doc := range c.scenario.Shows {
		p := c.projectionOf(doc)
		if p == nil {
			return
		}
		if want[p] == nil {
			want[p] = map[string]any{}
		}
		want[p][key] = pointed(doc)
	}
	if len(want) == 0 {
		c.mistake("the scenario expects no documents; name the projection in Part")
		return
	}
	for _, p := range c.module.Projections { // in the order of the wiring
		if documents, concerned := want[p]; concerned {
			c.showsIn(p, documents)
		}
	}
}

func (c *check) projection(name string) *inspect.Projection {
	for _, p := range c.module.Projections {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// projectionOf finds the projection with documents of this type; nil says that
// it is not clear which, which is a mistake.
func (c *check) projectionOf(doc any) *inspect.Projection {
	t := reflect.TypeOf(pointed(doc))
	var fitting []*inspect.Projection
	var names []string
	for _, p := range c.module.Projections {
		if p.Document == t {
			fitting = append(fitting, p)
			names = append(names, p.Name)
		}
	}
	if p := c.projection(c.scenario.Part); p != nil {
		if p.Document != t {
			c.mistake("projection %s has documents of type %v, not %v", p.Name, p.Document, t)
			return nil
		}
		return p
	}
	switch len(fitting) {
	case 0:
		c.mistake("no projection of module %s has documents of type %v", c.module.Name, t)
		return nil
	case 1:
		return fitting[0]
	default:
		c.mistake("several projections have documents of type %v: %s; name one in Part", t, list(names))
		return nil
	}
}

// showsIn folds twice: as it goes on in memory, and as it goes on after each
// event from what was stored. Both must show the same.
func (c *check) showsIn(p *inspect.Projection, want map[string]any) {
	defer c.panics("projection " + p.Name)
	documents := c.fold(p, func(doc any) any { return doc })
	stored := c.fold(p, copied)
	if d := difference(documents, stored); d != "" {
		c.mistake("the documents of projection %s do not survive JSON (-before +after):\n%s", p.Name, d)
	}
	c.same(p.Name+" shows", want, documents)
}

func (c *check) fold(p *inspect.Projection, keep func(any) any) map[string]any {
	documents := map[string]any{}
	for _, e := range c.history.events {
		f, folds := p.Folds[reflect.TypeOf(e.Event)]
		if !folds {
			continue
		}
		own := *e
		own.Event = copied(e.Event)
		c.foldOne(p, f, documents, &own, keep)
	}
	for key, doc := range documents {
		documents[key] = pointed(doc)
	}
	return documents
}

func (c *check) foldOne(p *inspect.Projection, f inspect.Fold, documents map[string]any, e *landfall.Recorded, keep func(any) any) {
	key := f.Key(e)
	if key == "" {
		c.mistake("projection %s has an empty key for %s", p.Name, e.Type)
		return
	}
	if f.Fold == nil {
		delete(documents, key)
		return
	}
	doc := documents[key]
	if doc == nil {
		doc = p.New()
	}
	f.Fold(doc, e)
	documents[key] = keep(doc)
}

// copied returns the value as it comes back from JSON.
func copied(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return v
	}
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		back := reflect.New(t.Elem())
		if json.Unmarshal(data, back.Interface()) != nil {
			return v
		}
		return back.Interface()
	}
	back := reflect.New(t)
	if json.Unmarshal(data, back.Interface()) != nil {
		return v
	}
	return back.Elem().Interface()
}

// pointed returns what a pointer points to, and any other value as it is.
func pointed(v any) any {
	if value := reflect.ValueOf(v); value.Kind() == reflect.Pointer && !value.IsNil() {
		return value.Elem().Interface()
	}
	return v
}
