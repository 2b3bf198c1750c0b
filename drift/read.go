package drift

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// ErrCode says that the Go code cannot be read: it does not compile, or no
// package fits the patterns. The message says where, and what to do.
var ErrCode = errors.New("the Go code cannot be read")

// mode is what is needed of the packages: the trees and types of those that
// match, and of what they import no more than the compiler exports.
const mode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
	packages.NeedTypes | packages.NeedTypesSizes | packages.NeedTypesInfo | packages.NeedSyntax

// Read reads the wiring of all modules in the packages that match the patterns,
// which are those of the go command and are relative to dir. Nothing is run.
// Tests are left out.
//
// The error is ErrCode, or that of the context.
func Read(ctx context.Context, dir string, patterns ...string) (*Code, error) {
	return read(ctx, dir, dir, patterns)
}

// read loads from one folder; places are relative to another.
func read(ctx context.Context, from, dir string, patterns []string) (*Code, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCode, err)
	}
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	fset := token.NewFileSet()
	pkgs, err := packages.Load(&packages.Config{Context: ctx, Mode: mode, Dir: from, Fset: fset}, patterns...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCode, err)
	}
	sources, err := usable(pkgs, patterns, dir)
	if err != nil {
		return nil, err
	}
	return readSources(dir, fset, sources), nil
}

func usable(pkgs []*packages.Package, patterns []string, dir string) ([]*source, error) {
	var sources []*source
	for _, p := range pkgs {
		if len(p.Errors) > 0 && matters(p) {
			return nil, broken(p, dir)
		}
		if len(p.Syntax) > 0 && p.Types != nil && matters(p) {
			sources = append(sources, &source{p.PkgPath, p.Types, p.TypesInfo, p.Syntax})
		}
	}
	if len(pkgs) == 0 {
		return nil, fmt.Errorf("%w: %s names no Go package; name the folder of the project, or its packages: ./... is all below a folder",
			ErrCode, strings.Join(patterns, " "))
	}
	return sources, nil
}

// matters reports whether a package can take part in the wiring of modules: it
// imports the runtime, or something that does, or it could not be loaded.
func matters(p *packages.Package) bool {
	if p.PkgPath == root || len(p.Imports) == 0 && len(p.Errors) > 0 {
		return true
	}
	seen := map[*packages.Package]bool{}
	var reaches func(*packages.Package) bool
	reaches = func(p *packages.Package) bool {
		for path, imported := range p.Imports {
			if path == root {
				return true
			}
			if !seen[imported] {
				seen[imported] = true
				if reaches(imported) {
					return true
				}
			}
		}
		return false
	}
	return reaches(p)
}

func broken(p *packages.Package, dir string) error {
	var lines []string
	for _, e := range p.Errors {
		lines = append(lines, strings.ReplaceAll(e.Error(), dir+string(filepath.Separator), ""))
	}
	more := ""
	if len(lines) > 3 {
		more = fmt.Sprintf(" (and %d more)", len(lines)-3)
		lines = lines[:3]
	}
	return fmt.Errorf("%w: package %s does not compile:\n\t%s%s\nMend that first; go build shows all of it",
		ErrCode, p.PkgPath, strings.Join(lines, "\n\t"), more)
}

// readSources makes the model of packages that are loaded.
func readSources(dir string, fset *token.FileSet, sources []*source) *Code {
	slices.SortFunc(sources, func(a, b *source) int { return strings.Compare(a.path, b.path) })
	code := &Code{Dir: dir}
	x := newIndex(fset, sources)
	w := x.wirings(func(types.Object, token.Pos) []value { return nil })
	b := &builder{
		index: x, dir: dir, ev: w.evaluator, code: code,
		imported: func(*types.Func, string) *Builds { return nil },
	}
	code.reader = b
	b.all(w)
	return code
}

// all makes the modules of all wirings.
func (b *builder) all(w *wirings) {
	for _, p := range w.modules {
		b.build(p)
	}
	for _, u := range w.unread {
		b.code.Unread = append(b.code.Unread, b.unread(u, "a module"))
	}
	slices.SortStableFunc(b.code.Modules, func(a, b *Module) int { return strings.Compare(a.Name, b.Name) })
	handled := map[string]bool{}
	for _, m := range b.code.Modules {
		for _, c := range m.Commands {
			handled[c.key()] = true
		}
	}
	for _, m := range b.code.Modules {
		for _, a := range m.Aggregates {
			a.Idle = (&moduleBuilder{builder: b, m: m}).idle(a, handled)
		}
	}
	b.crossings()
	b.findSilences()
}
