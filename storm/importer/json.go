package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
	"strconv"
	"strings"
)

// decode reads one JSON document. The error has the position of the mistake.
func decode(data []byte) (any, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("the file is empty")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	var doc any
	if err := d.Decode(&doc); err != nil {
		return nil, mistake(data, err, d.InputOffset())
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, mistake(data, errors.New("there is more after the end of the document"), d.InputOffset())
	}
	return doc, nil
}

// mistake says where the JSON is wrong.
func mistake(data []byte, err error, at int64) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		at, err = int64(len(data)), errors.New("the JSON ends too early")
	case errors.As(err, &syntax):
		at = syntax.Offset - 1
	}
	at = max(0, min(at, int64(len(data))))
	before := data[:at]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:]))) + 1
	return fmt.Errorf("line %d, column %d: %w", line, column, err)
}

// object is a JSON object. Its methods take what is there, in whatever form, and
// give the zero value for what is not.
type object map[string]any

func asObject(v any) object {
	m, _ := v.(map[string]any)
	return m
}

// object returns an object in the object.
func (o object) object(key string) object { return asObject(o[key]) }

// list returns a list of objects: those of a list, or the values of an object in
// the order of their keys. A text in a list is an object with that text. What has no id has its number or its key as its id.
func (o object) list(key string) []object {
	return asList(o[key])
}

func asList(v any) []object {
	var out []object
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			if text, ok := item.(string); ok {
				item = map[string]any{"text": text}
			}
			if m := asObject(item); m != nil {
				if m.text("id") == "" {
					m["id"] = "#" + strconv.Itoa(i+1)
				}
				out = append(out, m)
			}
		}
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			m := asObject(v[k])
			if m == nil {
				continue
			}
			if m.text("id") == "" {
				m["id"] = k
			}
			out = append(out, m)
		}
	}
	return out
}

// isList reports whether there is something that list would read.
func (o object) isList(key string) bool {
	switch o[key].(type) {
	case []any, map[string]any:
		return true
	}
	return false
}

// text returns the first of the fields that has a text, or a number as text.
func (o object) text(keys ...string) string {
	for _, key := range keys {
		switch v := o[key].(type) {
		case string:
			if strings.TrimSpace(v) != "" {
				return v
			}
		case float64:
			return strconv.FormatFloat(v, 'f', -1, 64)
		case bool:
			return strconv.FormatBool(v)
		}
	}
	return ""
}

// number returns the first of the fields that has a finite number, or a text
// that is one.
func (o object) number(keys ...string) (float64, bool) {
	for _, key := range keys {
		switch v := o[key].(type) {
		case float64:
			return v, true
		case string:
			v = strings.TrimSuffix(strings.TrimSpace(v), "px")
			if n, err := strconv.ParseFloat(v, 64); err == nil && !math.IsInf(n, 0) && !math.IsNaN(n) {
				return n, true
			}
		}
	}
	return 0, false
}

// numberOr returns the number, or what it is when there is none.
func (o object) numberOr(otherwise float64, keys ...string) float64 {
	if n, ok := o.number(keys...); ok {
		return n
	}
	return otherwise
}

// truth reports whether a field is true, as a truth value or as a text.
func (o object) truth(key string) bool {
	switch v := o[key].(type) {
	case bool:
		return v
	case string:
		return strings.EqualFold(v, "true")
	}
	return false
}
