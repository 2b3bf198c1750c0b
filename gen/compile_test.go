package gen_test

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/go/packages"
)

const landfall = "github.com/landfall-go/landfall"

// fset has the positions of everything that is compiled.
var fset = token.NewFileSet()

// others imports what projects may import, from what the compiler exports of it.
// It is made once, and not safe for concurrent use.
var others = sync.OnceValues(func() (types.Importer, error) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedExportFile | packages.NeedImports | packages.NeedDeps},
		landfall, landfall+"/landfalltest", landfall+"/hosting",
		"bytes", "cmp", "context", "encoding/json", "errors", "fmt", "io", "maps", "os", "os/signal", "slices", "strings", "syscall", "testing", "time",
		"github.com/golang-sql/civil", "github.com/shopspring/decimal", "github.com/spf13/pflag")
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	packages.Visit(pkgs, nil, func(p *packages.Package) { files[p.PkgPath] = p.ExportFile })
	return importer.ForCompiler(fset, "gc", func(name string) (io.ReadCloser, error) {
		if files[name] == "" {
			return nil, fmt.Errorf("the project imports %s; name it in compile_test.go", name)
		}
		return os.Open(files[name])
	}), nil
})

// project imports the packages of a project, from its files.
type project struct {
	files  fstest.MapFS
	others types.Importer
	own    map[string]*types.Package
	fail   func(error)
}

// compile checks that a project is formatted Go without errors, tests included.
func compile(t *testing.T, files fstest.MapFS) {
	t.Helper()
	for _, err := range mistakes(t, files) {
		t.Error(err)
	}
}

// mistakes returns what the compiler and the formatter would say.
func mistakes(t *testing.T, files fstest.MapFS) []error {
	t.Helper()
	var errs []error
	others, err := others()
	if err != nil {
		t.Fatal(err)
	}
	p := &project{files: files, others: others, own: map[string]*types.Package{}}
	p.fail = func(err error) { errs = append(errs, err) }
	dirs := map[string]bool{}
	for name, f := range files {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		dirs[path.Dir(name)] = true
		if formatted, err := format.Source(f.Data); err != nil || string(formatted) != string(f.Data) {
			errs = append(errs, fmt.Errorf("%s is not formatted: %v", name, err))
		}
	}
	for dir := range dirs {
		p.check(dir, true)
	}
	return errs
}

// Import implements types.Importer.
func (p *project) Import(name string) (*types.Package, error) {
	dir, own := strings.CutPrefix(name, options.Import+"/")
	if !own {
		return p.others.Import(name)
	}
	if p.own[dir] == nil {
		p.own[dir] = p.check(dir, false)
	}
	return p.own[dir], nil
}

func (p *project) check(dir string, tests bool) *types.Package {
	var files []*ast.File
	var names []string
	for name := range p.files {
		if path.Dir(name) == dir && strings.HasSuffix(name, ".go") && (tests || !strings.HasSuffix(name, "_test.go")) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, p.files[name].Data, parser.SkipObjectResolution)
		if err != nil {
			p.fail(err)
		}
		files = append(files, f)
	}
	config := types.Config{Importer: p, Error: p.fail}
	pkg, _ := config.Check(options.Import+"/"+dir, fset, files, nil)
	return pkg
}
