// Package typescript writes Go types as TypeScript, as encoding/json would write
// their values. It serves the generation of the board's protocol.
package typescript

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// Source is what reflection does not tell: the comments of types and fields, and
// the values of constants, by "package.Name".
type Source struct {
	comments map[string]string
	values   map[string][]string
}

// Read reads the Go files of packages, each given by its folder.
func Read(folders ...string) (*Source, error) {
	s := &Source{comments: map[string]string{}, values: map[string][]string{}}
	for _, folder := range folders {
		paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			return nil, err
		}
		if len(paths) == 0 {
			return nil, fmt.Errorf("%s has no Go files: %w", folder, fs.ErrNotExist)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			if err := s.file(path); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

func (s *Source) file(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments)
	if err != nil {
		return err
	}
	for _, decl := range file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				s.typeSpec(file.Name.Name, d, spec)
			case *ast.ValueSpec:
				s.valueSpec(file.Name.Name, spec)
			}
		}
	}
	return nil
}

func (s *Source) typeSpec(pkg string, d *ast.GenDecl, spec *ast.TypeSpec) {
	name := pkg + "." + spec.Name.Name
	doc := spec.Doc
	if doc == nil && len(d.Specs) == 1 {
		doc = d.Doc
	}
	s.comments[name] = strings.TrimSpace(doc.Text())
	fields, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range fields.Fields.List {
		for _, id := range f.Names {
			text := f.Doc.Text()
			if text == "" {
				text = f.Comment.Text()
			}
			s.comments[name+"."+id.Name] = strings.TrimSpace(text)
		}
	}
}

// valueSpec keeps text constants of a named type.
func (s *Source) valueSpec(pkg string, spec *ast.ValueSpec) {
	kind, ok := spec.Type.(*ast.Ident)
	if !ok {
		return
	}
	for _, v := range spec.Values {
		if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			name := pkg + "." + kind.Name
			s.values[name] = append(s.values[name], "'"+strings.Trim(lit.Value, "\"`")+"'")
		}
	}
}

// Writer writes types, each once and after those that it was given before.
type Writer struct {
	source *Source
	names  map[reflect.Type]string
	as     map[reflect.Type]string
	omit   map[string]bool
	fixed  map[string]string
	taken  map[string]reflect.Type
	done   map[reflect.Type]bool
	out    strings.Builder
}

// NewWriter returns a writer with the comments of a source. What names has goes
// before the Go names of types, where two packages have the same.
func NewWriter(s *Source, names map[reflect.Type]string) *Writer {
	return &Writer{source: s, names: names, as: map[reflect.Type]string{}, omit: map[string]bool{}, fixed: map[string]string{}, taken: map[string]reflect.Type{}, done: map[reflect.Type]bool{}}
}

// As says how a type is written that writes its own JSON.
func (w *Writer) As(t reflect.Type, text string) { w.as[t] = text }

// Fix gives the field of a struct the type that is written as text.
func (w *Writer) Fix(t reflect.Type, field, text string) { w.fixed[t.String()+"."+field] = text }

// Omit leaves fields of these names out of what is written after it.
func (w *Writer) Omit(fields ...string) {
	clear(w.omit)
	for _, f := range fields {
		w.omit[f] = true
	}
}

// Text adds text as it is.
func (w *Writer) Text(format string, args ...any) { fmt.Fprintf(&w.out, format, args...) }

// String returns all that was written.
func (w *Writer) String() string { return w.out.String() }

// Name returns what a named type is called, and writes it if that was not done.
func (w *Writer) Name(t reflect.Type) string {
	name := w.names[t]
	if name == "" {
		name = t.Name()
	}
	if other, taken := w.taken[name]; taken && other != t {
		panic(fmt.Sprintf("both %v and %v are called %s in TypeScript; give NewWriter a name for one", other, t, name))
	}
	w.taken[name] = t
	if w.done[t] {
		return name
	}
	w.done[t] = true
	var text string
	switch t.Kind() {
	case reflect.Struct:
		text = w.structure(t, name)
	case reflect.String:
		text = w.union(t, name)
	default:
		text = fmt.Sprintf("export type %s = %s\n", name, w.underlying(t))
	}
	w.Text("%s%s\n", comment("", w.source.comments[t.String()]), text)
	return name
}

func (w *Writer) union(t reflect.Type, name string) string {
	values := w.source.values[t.String()]
	if len(values) == 0 {
		return fmt.Sprintf("export type %s = string\n", name)
	}
	return fmt.Sprintf("export type %s = %s\n", name, strings.Join(values, " | "))
}

func (w *Writer) structure(t reflect.Type, name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "export interface %s {\n", name)
	w.fields(&b, t)
	b.WriteString("}\n")
	return b.String()
}

func (w *Writer) fields(b *strings.Builder, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		if f.Anonymous && tag == "" {
			w.fields(b, indirect(f.Type))
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if !f.IsExported() || name == "-" || w.omit[name] {
			continue
		}
		if name == "" {
			name = f.Name
		}
		b.WriteString(comment("  ", w.source.comments[t.String()+"."+f.Name]))
		optional := ""
		if all := strings.Split(options, ","); slices.Contains(all, "omitempty") || slices.Contains(all, "omitzero") {
			optional = "?"
		}
		kind := f.Tag.Get("ts")
		if fixed := w.fixed[t.String()+"."+f.Name]; fixed != "" {
			kind = fixed
		}
		if kind == "" {
			kind = w.Type(f.Type)
			if f.Type.Kind() == reflect.Pointer && optional == "" {
				kind += " | null"
			}
		}
		fmt.Fprintf(b, "  %s%s: %s\n", name, optional, kind)
	}
}

func indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// Type returns how a type is written where it is used.
func (w *Writer) Type(t reflect.Type) string {
	t = indirect(t)
	if text := w.as[t]; text != "" {
		return text
	}
	if t.PkgPath() != "" && t.String() != "json.RawMessage" {
		return w.Name(t)
	}
	return w.underlying(t)
}

func (w *Writer) underlying(t reflect.Type) string {
	if t.String() == "json.RawMessage" {
		return "unknown"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		return "number"
	case reflect.Slice, reflect.Array:
		element := w.Type(t.Elem())
		if strings.Contains(element, " ") {
			element = "(" + element + ")"
		}
		return element + "[]"
	case reflect.Map:
		return fmt.Sprintf("Record<%s, %s>", w.Type(t.Key()), w.Type(t.Elem()))
	case reflect.Interface:
		return "unknown"
	}
	panic(fmt.Sprintf("there is no TypeScript for %v; give its field a ts tag", t))
}

// comment writes a Go comment as one of TypeScript.
func comment(indent, text string) string {
	if text == "" {
		return ""
	}
	text = strings.NewReplacer("*/", "* /", "[", "", "]", "").Replace(text)
	lines := strings.Split(text, "\n")
	if len(lines) == 1 {
		return indent + "/** " + lines[0] + " */\n"
	}
	var b strings.Builder
	b.WriteString(indent + "/**\n")
	for _, line := range lines {
		b.WriteString(strings.TrimRight(indent+" * "+line, " ") + "\n")
	}
	b.WriteString(indent + " */\n")
	return b.String()
}
