package drift

import (
	"fmt"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

// Analyzer holds the modules that a package wires against their storm, within
// go vet or any other driver of go/analysis.
//
// It sees one package at a time, so a module of the storm that no package wires
// is for [Run] to find. Without the flag storm, the storm is what lies in the
// package's folder or in the nearest one above it, up to that of go.mod; where
// there is none, the code is held against its own declarations only.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:      "drift",
		Doc:       "hold the wiring of Landfall modules against their storm\n\nEach difference has a code; docs/drift.md explains them.",
		URL:       "https://pkg.go.dev/" + root + "/drift",
		FactTypes: []analysis.Fact{(*knowledge)(nil)},
	}
	path := a.Flags.String("storm", "", "the storm file or folder; off for none (default: the nearest one above the package)")
	hints := a.Flags.Bool("hints", false, "report hints too")
	a.Run = func(pass *analysis.Pass) (any, error) { return nil, analyze(pass, *path, *hints) }
	return a
}

func analyze(pass *analysis.Pass, path string, hints bool) error {
	if !reachesRuntime(pass.Pkg) || pass.Pkg.Path() == root {
		return nil
	}
	src := &source{path: pass.Pkg.Path(), pkg: pass.Pkg, info: pass.TypesInfo}
	for _, f := range pass.Files {
		if !strings.HasSuffix(pass.Fset.Position(f.FileStart).Filename, "_test.go") {
			src.files = append(src.files, f)
		}
	}
	p := &vetting{pass: pass, src: src, decoder: newDecoder(src)}
	code, w := p.read()
	p.tell(w)
	if len(src.files) == 0 || len(code.Modules)+len(code.Unread) == 0 {
		return nil
	}
	model := storm.Parse().Model
	name := p.find(path)
	if name != "" {
		loaded, err := storm.Load(name)
		if err == nil {
			err = loaded.Diagnostics.Err()
		}
		if err != nil {
			return fmt.Errorf("the storm cannot be read: %w", err)
		}
		model = loaded.Model
	}
	c := newComparison(model, code)
	c.oneOfMany, c.alone = true, name == ""
	c.run()
	least := diag.Error
	if hints {
		least = diag.Hint
	}
	for _, d := range c.silenced().AtLeast(least) {
		p.report(d, code)
	}
	return nil
}

// reachesRuntime reports whether a package can wire anything: it imports the
// runtime, or something that does.
func reachesRuntime(p *types.Package) bool {
	seen := map[*types.Package]bool{}
	var reaches func(*types.Package) bool
	reaches = func(p *types.Package) bool {
		for _, imported := range p.Imports() {
			if imported.Path() == root {
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

// vetting is the work on one package.
type vetting struct {
	pass    *analysis.Pass
	src     *source
	decoder *decoder
	builder *builder
}

func (p *vetting) known(path string) *knowledge {
	imported := p.decoder.packages[path]
	if imported == nil || imported == p.src.pkg {
		return nil
	}
	k := &knowledge{}
	if !p.pass.ImportPackageFact(imported, k) {
		return nil
	}
	return k
}

func (p *vetting) read() (*Code, *wirings) {
	dir := "."
	if len(p.src.files) > 0 {
		dir = filepath.Dir(p.pass.Fset.Position(p.src.files[0].FileStart).Filename)
	}
	code := &Code{Dir: dir}
	x := newIndex(p.pass.Fset, []*source{p.src})
	w := x.wirings(p.imported)
	p.builder = &builder{index: x, dir: dir, ev: w.evaluator, code: code, imported: p.importedBuilds}
	code.reader = p.builder
	p.builder.all(w)
	return code, w
}

func (p *vetting) imported(obj types.Object, at token.Pos) []value {
	if obj.Pkg() == nil {
		return nil
	}
	if k := p.known(obj.Pkg().Path()); k != nil {
		return p.decoder.all(k.Results[fullName(obj)], at)
	}
	return nil
}

func fullName(obj types.Object) string {
	if f, ok := obj.(*types.Func); ok {
		return f.Origin().FullName()
	}
	return obj.Pkg().Path() + "." + obj.Name()
}

func (p *vetting) importedBuilds(f *types.Func, message string) *Builds {
	if f.Pkg() == nil {
		return nil
	}
	k := p.known(f.Pkg().Path())
	if k == nil {
		return nil
	}
	list, ok := k.Events[f.Origin().FullName()]
	if message == "Command" {
		list, ok = k.Commands[f.Origin().FullName()]
	}
	if !ok {
		return nil
	}
	out := &Builds{}
	for _, t := range list.Messages {
		out.Messages = append(out.Messages, Ref{typ: p.decoder.typ(t)})
	}
	for _, why := range list.Unread {
		out.Unread = append(out.Unread, Unread{Why: why})
	}
	return out
}

// tell exports what other packages may need to know of this one.
func (p *vetting) tell(w *wirings) {
	k := &knowledge{Results: map[string][]encoded{}, Events: map[string]encodedBuilds{}, Commands: map[string]encodedBuilds{}}
	w.found = func(*partValue) {}
	for _, fn := range w.order {
		if fn.obj == nil {
			continue
		}
		if returnsWiring(fn.obj.Signature()) {
			k.Results[fn.obj.FullName()] = encodeAll(w.unbound(fn))
		}
		for message, into := range map[string]map[string]encodedBuilds{"Event": k.Events, "Command": k.Commands} {
			if b, ok := p.builder.constructs(fn, message); ok {
				into[fn.obj.FullName()] = b
			}
		}
	}
	for _, name := range p.src.pkg.Scope().Names() {
		if v, ok := p.src.pkg.Scope().Lookup(name).(*types.Var); ok && holdsWiring(v.Type()) && w.globals[p.src.path+"."+name] != nil {
			f := &frame{src: p.src, vars: map[types.Object]value{}}
			k.Results[p.src.path+"."+name] = []encoded{encode(w.globalValue(f, v))}
		}
	}
	if len(k.Results)+len(k.Events)+len(k.Commands) > 0 {
		p.pass.ExportPackageFact(k)
	}
}

func returnsWiring(sig *types.Signature) bool {
	return sig.Results().Len() > 0 && holdsWiring(sig.Results().At(0).Type())
}

func holdsWiring(t types.Type) bool {
	if s, ok := t.Underlying().(*types.Slice); ok {
		t = s.Elem()
	}
	return isWiring(t) || isRuntimeType(t, "Event") || isRuntimeType(t, "Command")
}

// find returns the path of the storm, or nothing.
func (p *vetting) find(path string) string {
	if path == "off" {
		return ""
	}
	if path != "" {
		return path
	}
	dir := p.builder.dir
	for {
		if found, _ := filepath.Glob(filepath.Join(dir, "*"+storm.Extension)); len(found) > 0 {
			return dir
		}
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || filepath.Dir(dir) == dir {
			return ""
		}
		dir = filepath.Dir(dir)
	}
}

func (p *vetting) report(d Difference, code *Code) {
	at, end := p.pos(d.Go)
	if !at.IsValid() {
		at, end = p.pos(code.anchor())
	}
	message := string(d.Code) + ": " + d.Message
	if storm := d.Storm; storm.IsValid() {
		storm.File = p.near(storm.File)
		message += " (storm: " + storm.String() + ")"
	}
	out := analysis.Diagnostic{Pos: at, End: end, Category: string(d.Code), Message: message}
	for _, m := range d.Mends {
		if edits, ok := p.edits(m.Edits); ok {
			out.SuggestedFixes = append(out.SuggestedFixes, analysis.SuggestedFix{Message: m.Message, TextEdits: edits})
		}
	}
	p.pass.Report(out)
}

// near returns a path as seen from the package.
func (p *vetting) near(name string) string {
	if abs, err := filepath.Abs(name); err == nil {
		if rel, err := filepath.Rel(p.builder.dir, abs); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return name
}

// anchor returns a place in the package for what has none there.
func (c *Code) anchor() ast.Place {
	if len(c.Modules) > 0 {
		return c.Modules[0].Place
	}
	return c.Unread[0].Place
}

func (p *vetting) pos(at ast.Place) (start, end token.Pos) {
	if !at.IsValid() {
		return token.NoPos, token.NoPos
	}
	for _, f := range p.src.files {
		file := p.pass.Fset.File(f.FileStart)
		if p.builder.relative(file.Name()) == at.File && int(at.End.Offset) <= file.Size() {
			return file.Pos(int(at.Start.Offset)), file.Pos(int(at.End.Offset))
		}
	}
	return token.NoPos, token.NoPos
}

func (p *vetting) edits(list []diag.Edit) ([]analysis.TextEdit, bool) {
	var out []analysis.TextEdit
	for _, e := range list {
		at := ast.Place{File: e.File}
		at.Start, at.End = ast.Pos{Offset: int32(e.Start), Line: 1}, ast.Pos{Offset: int32(e.End), Line: 1}
		start, end := p.pos(at)
		if !start.IsValid() {
			return nil, false
		}
		out = append(out, analysis.TextEdit{Pos: start, End: end, NewText: []byte(e.New)})
	}
	return out, len(out) > 0
}
