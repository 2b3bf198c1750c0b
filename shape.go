package landfall

import (
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

var (
	jsonMarshaler   = reflect.TypeFor[json.Marshaler]()
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textMarshaler   = reflect.TypeFor[encoding.TextMarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// carriesItself says that the type has its own way to JSON and back.
func carriesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(jsonMarshaler) && p.Implements(jsonUnmarshaler) ||
		p.Implements(textMarshaler) && p.Implements(textUnmarshaler)
}

// lossy names what JSON would lose of a type, or returns "".
func lossy(t reflect.Type) string { return lossyIn(t, t.String(), map[reflect.Type]bool{}) }

func lossyIn(t reflect.Type, path string, seen map[reflect.Type]bool) string {
	if seen[t] || carriesItself(t) {
		return ""
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Complex64, reflect.Complex128:
		return fmt.Sprintf("%s is a %s, which JSON cannot carry", path, t.Kind())
	case reflect.Interface:
		return fmt.Sprintf("%s is an interface, which JSON cannot bring back", path)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return lossyIn(t.Elem(), path, seen)
	case reflect.Map:
		return lossyIn(t.Elem(), path, seen)
	case reflect.Struct:
		return lossyFields(t, path, seen)
	default:
		return ""
	}
}

func lossyFields(t reflect.Type, path string, seen map[reflect.Type]bool) string {
	for field := range t.Fields() {
		name := path + "." + field.Name
		if field.Tag.Get("json") == "-" {
			continue // left out on purpose
		}
		if !field.IsExported() && !field.Anonymous {
			return name + " is unexported, so JSON would lose it; export it"
		}
		if loss := lossyIn(field.Type, name, seen); loss != "" {
			return loss
		}
	}
	return ""
}

// shapeOf returns a fingerprint of what a type looks like in JSON. A snapshot
// of another shape is not used.
func shapeOf(t reflect.Type) string {
	var b strings.Builder
	writeShape(&b, t, map[reflect.Type]bool{})
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:8])
}

func writeShape(b *strings.Builder, t reflect.Type, seen map[reflect.Type]bool) {
	if seen[t] || carriesItself(t) {
		b.WriteString(t.String())
		return
	}
	seen[t] = true
	defer delete(seen, t)
	b.WriteString(t.Kind().String())
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		writeShape(b, t.Elem(), seen)
	case reflect.Map:
		writeShape(b, t.Key(), seen)
		writeShape(b, t.Elem(), seen)
	case reflect.Struct:
		for field := range t.Fields() {
			fmt.Fprintf(b, "{%s %s ", field.Name, field.Tag.Get("json"))
			writeShape(b, field.Type, seen)
			b.WriteByte('}')
		}
	}
}
