package drift

import (
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/txtar"

	"github.com/landfall-go/landfall/storm"
)

var update = flag.Bool("update", false, "write what the tests get into their archives")

// exported returns an importer of what the compiler exports of the packages
// that archives may import; it is made once for all tests.
var exported = sync.OnceValues(func() (types.Importer, error) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedExportFile | packages.NeedImports | packages.NeedDeps},
		root, "context", "encoding/json", "errors", "fmt", "io", "os", "slices", "strings", "time",
		"github.com/golang-sql/civil", "github.com/shopspring/decimal")
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	packages.Visit(pkgs, nil, func(p *packages.Package) { exports[p.PkgPath] = p.ExportFile })
	return importer.ForCompiler(token.NewFileSet(), "gc", func(name string) (io.ReadCloser, error) {
		if exports[name] == "" {
			return nil, fmt.Errorf("the archive imports %s; name it in load_test.go", name)
		}
		return os.Open(exports[name])
	}), nil
})

type files map[string]string

func archive(t testing.TB, name string) (files, *txtar.Archive) {
	t.Helper()
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	all := files{}
	for _, f := range a.Files {
		all[f.Name] = string(f.Data)
	}
	return all, a
}

// program is Go code that is type-checked in memory.
type program struct {
	fset    *token.FileSet
	trees   map[string][]*ast.File // by folder
	checked map[string]*source
	known   types.Importer
	errs    []error
}

// load reads the Go files, each folder a package of the Go module "shop".
func load(t testing.TB, all files) (*Code, error) {
	t.Helper()
	p, sources := checked(t, all)
	if len(p.errs) > 0 {
		return nil, p.errs[0]
	}
	return readSources("/shop", p.fset, sources), nil
}

func check(t testing.TB, all files) (*token.FileSet, []*source) {
	t.Helper()
	p, sources := checked(t, all)
	if len(p.errs) > 0 {
		t.Fatal(p.errs[0])
	}
	return p.fset, sources
}

func checked(t testing.TB, all files) (*program, []*source) {
	t.Helper()
	known, err := exported()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{fset: token.NewFileSet(), trees: map[string][]*ast.File{}, checked: map[string]*source{}, known: known}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		tree, err := parser.ParseFile(p.fset, "/shop/"+name, all[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		p.trees[path.Dir(name)] = append(p.trees[path.Dir(name)], tree)
	}
	var sources []*source
	for _, dir := range slices.Sorted(maps.Keys(p.trees)) {
		if s := p.check(dir); s != nil {
			sources = append(sources, s)
		}
	}
	return p, sources
}

func (p *program) check(dir string) *source {
	if s, ok := p.checked[dir]; ok {
		return s
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{},
	}
	config := types.Config{Importer: p, Error: func(err error) { p.errs = append(p.errs, err) }}
	pkg, _ := config.Check("shop/"+dir, p.fset, p.trees[dir], info)
	s := &source{"shop/" + dir, pkg, info, p.trees[dir]}
	p.checked[dir] = s
	return s
}

// Import returns a package of the archive, or one that was loaded.
func (p *program) Import(name string) (*types.Package, error) {
	if dir, ok := strings.CutPrefix(name, "shop/"); ok && p.trees[dir] != nil {
		return p.check(dir).pkg, nil
	}
	return p.known.Import(name)
}

func stormOf(t testing.TB, all files) *storm.Source {
	t.Helper()
	var list []storm.File
	for name, text := range all {
		if strings.HasSuffix(name, storm.Extension) {
			list = append(list, storm.File{Path: name, Text: []byte(text)})
		}
	}
	src := storm.Parse(list...)
	if err := src.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	return src
}

func (f files) source(name string) ([]byte, error) {
	if text, ok := f[name]; ok {
		return []byte(text), nil
	}
	return nil, os.ErrNotExist
}

// golden compares with the last file of an archive, or writes it.
func golden(t *testing.T, name string, a *txtar.Archive, got string) {
	t.Helper()
	last := &a.Files[len(a.Files)-1]
	if *update {
		last.Data = []byte(got)
		if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := string(last.Data); got != want {
		t.Errorf("got:\n%s\nwant:\n%s\nIf what it says now is right: go test ./drift -update", got, want)
	}
}

func archives(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no archive matches %s: %v", pattern, err)
	}
	return names
}

func parses(all files) bool {
	for name, text := range all {
		if strings.HasSuffix(name, ".go") {
			if _, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution); err != nil {
				return false
			}
		}
	}
	return true
}
