package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Change is what happens to one item of the wall. It has the item's id and one of
// three things: properties that are set (which make the item when the property
// type is among them), Gone, or an edit of a file's text.
type Change struct {
	ID   string     `json:"id"`
	Set  Properties `json:"set,omitempty"`
	Gone bool       `json:"gone,omitempty"`
	Edit *Edit      `json:"edit,omitempty"`
}

// Edit is a change to the text of a file, which has the version afterwards.
type Edit struct {
	Version int       `json:"version"`
	Changes ChangeSet `json:"changes"`
	// Client is the page that made it, which has it already.
	Client string `json:"client,omitempty"`
}

// Properties are some of an item's properties by their names, in order. In JSON
// they are an object.
type Properties []Property

// Property is a property of an item and what it is set to, as JSON.
type Property struct {
	Name  string
	Value json.RawMessage
}

// Type returns the type of the item that the properties make, or "" when they
// change one.
func (p Properties) Type() ItemType {
	var t ItemType
	if raw := p.Get("type"); raw != nil {
		_ = json.Unmarshal(raw, &t)
	}
	return t
}

// Get returns the value of a property, or nil when it is not among them.
func (p Properties) Get(name string) json.RawMessage {
	for i := range p {
		if p[i].Name == name {
			return p[i].Value
		}
	}
	return nil
}

// MarshalJSON writes the properties as an object.
func (p Properties) MarshalJSON() ([]byte, error) {
	size := 2
	for i := range p {
		size += len(p[i].Name) + len(p[i].Value) + 4
	}
	out := append(make([]byte, 0, size), '{')
	for i := range p {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendQuote(out, p[i].Name)
		out = append(out, ':')
		out = append(out, p[i].Value...)
	}
	return append(out, '}'), nil
}

// UnmarshalJSON reads an object. A name that comes twice is an error, and so is
// one that no property could have.
func (p *Properties) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		if string(data) == "null" {
			return nil
		}
		return errors.New("the properties of a change are no object")
	}
	*p = (*p)[:0]
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		property := Property{Name: name.(string)}
		if !isPropertyName(property.Name) {
			return fmt.Errorf("%.40q is no name of a property", property.Name)
		}
		if p.Get(property.Name) != nil {
			return fmt.Errorf("the property %s comes twice", property.Name)
		}
		if err := d.Decode(&property.Value); err != nil {
			return err
		}
		*p = append(*p, property)
	}
	return nil
}

// isPropertyName says whether a name has letters only, so that it needs no escapes.
func isPropertyName(name string) bool {
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return name != "" && len(name) <= 40
}

// encode writes a value as JSON, the way the properties of items are written.
func encode(v any) json.RawMessage {
	switch v := v.(type) {
	case int:
		return strconv.AppendInt(nil, int64(v), 10)
	case bool:
		return strconv.AppendBool(nil, v)
	case string:
		if isPlain(v) {
			return append(append(append(make([]byte, 0, len(v)+2), '"'), v...), '"')
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("session: %T is not for JSON: %v", v, err)) // a mistake in this package
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// isPlain says whether a text stands in JSON as it is.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// set makes a change that sets properties, given as names and values in turn.
func set(id string, pairs ...any) Change {
	c := Change{ID: id, Set: make(Properties, 0, len(pairs)/2)}
	for i := 0; i < len(pairs); i += 2 {
		c.Set = append(c.Set, Property{pairs[i].(string), encode(pairs[i+1])})
	}
	return c
}

// and adds a property to a change, unless it has its zero value.
func (c *Change) and(name string, value any, zero bool) {
	if !zero {
		c.Set = append(c.Set, Property{name, encode(value)})
	}
}

func gone(id string) Change { return Change{ID: id, Gone: true} }
