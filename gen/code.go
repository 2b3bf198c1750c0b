package gen

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// written is what there is in a folder.
type written struct {
	generated map[string][]byte       // files that are generated, by name
	files     map[string]bool         // Go files that people wrote
	declared  map[string]*declaration // in these, by name: MarsRover, MarsRover.Move
	imports   []string                // of all files
	pkg       string                  // what people call the package
	calls     map[string]bool         // functions of the package that people call
	retired   []string                // events
}

// declaration is something that a person declared.
type declaration struct {
	file string
	line int
	open bool   // a type whose methods may stand elsewhere
	role string // what it is by its signature: decision, policy or projection
}

// read reads a folder, which may be missing.
func read(fsys fs.FS, dir string) (*written, error) {
	w := &written{generated: map[string][]byte{}, files: map[string]bool{}, declared: map[string]*declaration{}, calls: map[string]bool{}}
	entries, err := fs.ReadDir(fsys, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return w, nil
	}
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		content, err := fs.ReadFile(fsys, path.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		if IsGenerated(e.Name(), content) {
			w.generated[e.Name()] = content
			w.imports = append(w.imports, imports(content)...)
			continue
		}
		w.files[e.Name()] = true
		if err := w.parse(path.Join(dir, e.Name()), content); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// parse notes what a file declares.
func (w *written) parse(name string, content []byte) error {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, content, parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("read what is there, to leave it alone: %w", err)
	}
	if !strings.HasSuffix(name, "_test.go") {
		w.pkg = f.Name.Name
	}
	w.imports = append(w.imports, paths(f)...)
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			w.call(call)
		}
		return true
	})
	for _, d := range f.Decls {
		at := declaration{file: path.Base(name), line: fset.Position(d.Pos()).Line}
		switch d := d.(type) {
		case *ast.FuncDecl:
			w.function(d, at)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				w.spec(spec, at)
			}
		}
	}
	return nil
}

// call notes what people call, and which events they retire.
func (w *written) call(call *ast.CallExpr) {
	switch typeName(call.Fun) {
	case "landfall.Retired":
		for _, arg := range call.Args {
			w.retired = append(w.retired, text(arg))
		}
	default:
		if name, ok := call.Fun.(*ast.Ident); ok {
			w.calls[name.Name] = true
		}
	}
}

func (w *written) function(d *ast.FuncDecl, at declaration) {
	name := d.Name.Name
	at.role = role(d)
	if d.Recv != nil && len(d.Recv.List) == 1 {
		name = receiverType(d.Recv.List[0].Type) + "." + name
	}
	w.declared[name] = &at
}

func (w *written) spec(spec ast.Spec, at declaration) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		at.open = spec.Assign.IsValid() || embeds(spec.Type)
		w.declared[spec.Name.Name] = &at
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			w.declared[name.Name] = &at
		}
	}
}

// embeds reports whether a type gets methods from others.
func embeds(t ast.Expr) bool {
	s, ok := t.(*ast.StructType)
	if !ok {
		return true
	}
	for _, field := range s.Fields.List {
		if len(field.Names) == 0 {
			return true
		}
	}
	return false
}

func receiverType(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiverType(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}

// role says what a function is for, by its signature.
func role(d *ast.FuncDecl) string {
	if !d.Name.IsExported() && !strings.HasPrefix(d.Name.Name, "project") {
		return ""
	}
	results := list(typeNames(d.Type.Results), "and")
	params := typeNames(d.Type.Params)
	switch {
	case d.Recv != nil && results == "[]landfall.Event and error" && len(params) == 1 && !strings.Contains(params[0], "."):
		return "command"
	case d.Recv != nil && results == "[]landfall.Event and error" && len(params) == 3 && params[2] == "landfall.ID":
		return "command"
	case d.Recv == nil && results == "[]landfall.Command" && len(params) == 2 && params[1] == "landfall.Metadata":
		return "policy"
	case d.Recv == nil && results == "landfall.Part" && len(params) == 0 && strings.HasPrefix(d.Name.Name, "project"):
		return "projection"
	}
	return ""
}

// typeNames returns the types of parameters or results as they are written, as
// far as they are names.
func typeNames(list *ast.FieldList) []string {
	if list == nil {
		return nil
	}
	var names []string
	for _, field := range list.List {
		for range max(1, len(field.Names)) {
			names = append(names, typeName(field.Type))
		}
	}
	return names
}

func typeName(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.Ident:
		return t.Name
	case *ast.SelectorExpr:
		return typeName(t.X) + "." + t.Sel.Name
	case *ast.ArrayType:
		return "[]" + typeName(t.Elt)
	case *ast.StarExpr:
		return "*" + typeName(t.X)
	}
	return "?"
}

// imports returns the paths that a file imports, or nil when it is no Go.
func imports(content []byte) []string {
	f, err := parser.ParseFile(token.NewFileSet(), "", content, parser.ImportsOnly)
	if err != nil {
		return nil
	}
	return paths(f)
}

func paths(f *ast.File) []string {
	var out []string
	for _, spec := range f.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// emitted returns the names under which the events of a generated wiring are
// stored.
func emitted(content []byte) []string {
	f, err := parser.ParseFile(token.NewFileSet(), "", content, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	var names []string
	named := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch fn := call.Fun.(type) {
		case *ast.SelectorExpr:
			if fn.Sel.Name == "Emits" {
				names = append(names, literalTypes(call.Args)...)
			}
		case *ast.IndexExpr: // landfall.Named[T]("name")
			if typeName(fn.X) == "landfall.Named" && len(call.Args) == 1 {
				named[typeName(fn.Index)] = text(call.Args[0])
			}
		}
		return true
	})
	for i, name := range names {
		if stored := named[name]; stored != "" {
			names[i] = stored
		}
	}
	return names
}

func literalTypes(args []ast.Expr) []string {
	var names []string
	for _, arg := range args {
		if literal, ok := arg.(*ast.CompositeLit); ok {
			names = append(names, typeName(literal.Type))
		}
	}
	return names
}

// text returns the value of a string that is written out, or "".
func text(e ast.Expr) string {
	literal, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	s, err := strconv.Unquote(literal.Value)
	if err != nil {
		return ""
	}
	return s
}
