package exporter

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// schemas writes data as JSON Schema, as the code that is generated of a storm
// encodes it.
type schemas struct {
	ref  func(e *model.Element) string // where the schema of a value or an enum is
	used []*model.Element              // values and enums that were referred to, each once
	seen map[*model.Element]bool
}

// of returns the schema of an element: of a message, a value or an enum.
func (s *schemas) of(e *model.Element) object {
	var o object
	o.put("title", e.Label())
	o.put("description", e.Doc)
	if e.Kind == ast.Enum {
		o.put("type", "string")
		var members []any
		for _, m := range e.Members {
			members = append(members, m.Name)
		}
		o.put("enum", members)
		return o
	}
	o.put("type", "object")
	var properties object
	var required []any
	for _, f := range e.Fields {
		properties.put(f.Name, s.field(f))
		if f.Type != nil && !f.Type.Optional && f.Type.List == nil { // an empty list is left out
			required = append(required, f.Name)
		}
	}
	o.put("properties", properties)
	o.put("required", required)
	return o
}

func (s *schemas) field(f *model.Field) any {
	t := s.typ(f.Type)
	if f.Doc == "" {
		return t
	}
	if len(t) == 1 && t[0].key == "$ref" {
		return object{{"description", f.Doc}, {"allOf", []any{t}}}
	}
	return append(object{{"description", f.Doc}}, without(t, "description")...)
}

func without(o object, key string) object {
	var out object
	for _, f := range o {
		if f.key != key {
			out = append(out, f)
		}
	}
	return out
}

// basic says how the basic types are encoded.
var basic = map[model.Basic]object{
	model.Text:     {{"type", "string"}},
	model.Int:      {{"type", "integer"}, {"format", "int64"}},
	model.Decimal:  {{"type", "string"}, {"format", "decimal"}},
	model.Bool:     {{"type", "boolean"}},
	model.Time:     {{"type", "string"}, {"format", "date-time"}},
	model.Date:     {{"type", "string"}, {"format", "date"}},
	model.Duration: {{"type", "integer"}, {"format", "int64"}, {"description", "nanoseconds"}},
	model.ID:       {{"type", "string"}},
}

func (s *schemas) typ(t *model.Type) object {
	switch {
	case t == nil:
		return object{{"type", "string"}}
	case t.List != nil:
		return object{{"type", "array"}, {"items", s.typ(t.List)}}
	case t.Of != nil:
		if !s.seen[t.Of] {
			s.seen[t.Of] = true
			s.used = append(s.used, t.Of)
		}
		return object{{"$ref", s.ref(t.Of)}}
	case t.Basic != "":
		return basic[t.Basic]
	}
	return object{{"description", "a " + t.Unknown + ", which the storm does not declare"}}
}

// rest gives the schemas of the values and enums that were referred to, and of
// those that they refer to.
func (s *schemas) rest(put func(e *model.Element, schema object)) {
	for i := 0; i < len(s.used); i++ {
		put(s.used[i], s.of(s.used[i]))
	}
}
