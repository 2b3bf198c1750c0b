package gen

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// Action says what becomes of a file.
type Action string

// The actions.
const (
	Write    Action = "write"    // a generated file is missing or differs
	Remove   Action = "remove"   // a generated file that the storm has no use for any more
	Scaffold Action = "scaffold" // a file for people, with what nobody wrote yet
)

// Change is a file that is to be changed.
type Change struct {
	Action  Action
	Path    string // relative to the project, with slashes
	Content []byte // nil for Remove
}

// Missing is something that the generated code needs and nobody wrote. The
// compiler will name it.
type Missing struct {
	Name     string // MarsRover.Reverse
	Path     string // of the file that it belongs into
	Skeleton string // Go to begin with
}

// Leftover is something that a person wrote and that the storm has no use for.
// Nothing removes it but a person.
type Leftover struct {
	Path string
	Line int // 0 for the whole file
	Name string
}

// String returns the place and the name.
func (l Leftover) String() string {
	if l.Line == 0 {
		return fmt.Sprintf("%s: %s", l.Path, l.Name)
	}
	return fmt.Sprintf("%s:%d: %s", l.Path, l.Line, l.Name)
}

// Plan is what has to be done to a project to make it what its storm says.
type Plan struct {
	Changes     []Change   // sorted by path
	Missing     []Missing  // in the order of the storm
	Leftovers   []Leftover // sorted by place
	Diagnostics diag.List  // as those of Files
}

// ErrUnfit says that a storm cannot be generated. The message holds the
// diagnostics that say why.
var ErrUnfit = errors.New("the storm cannot be generated")

// Compare holds a project against its storm. It writes nothing. The error is
// ErrUnfit, or says which file could not be read, is no Go, or is in the way of
// a generated one.
func Compare(project fs.FS, s *model.Storm, o Options) (*Plan, error) {
	p := newProject(s, o)
	if err := p.diags.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	c := &comparison{project: p, fsys: project, plan: &Plan{}, written: map[string]*written{}}
	if err := c.readAll(); err != nil {
		return nil, err
	}
	p.options.NoMain = o.NoMain || c.written["."].otherProgram()
	for _, m := range p.modules {
		m.written = c.written[m.dir].declared
	}
	files := p.generated()
	units := p.units()
	if err := c.generated(files); err != nil {
		return nil, err
	}
	scaffolds := p.scaffolds(c.unwritten(units))
	c.leftovers(units)
	c.forgotten()
	p.diags.Sort()
	c.plan.Diagnostics = p.diags
	if err := p.diags.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	for name, text := range scaffolds {
		c.change(Scaffold, name, text)
	}
	slices.SortFunc(c.plan.Changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(c.plan.Leftovers, func(a, b Leftover) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Name, b.Name))
	})
	return c.plan, nil
}

// Apply makes the changes in the project's folder, which is made when it is
// missing. It stops at the first file that it cannot write or remove; what is
// done stays done, and another Compare finds the rest.
func (p *Plan) Apply(dir string) error {
	for _, c := range p.Changes {
		name := filepath.Join(dir, filepath.FromSlash(c.Path))
		if c.Action == Remove {
			if err := os.Remove(name); err != nil {
				return err
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, c.Content, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// comparison is a Compare under way.
type comparison struct {
	project *project
	fsys    fs.FS
	plan    *Plan
	written map[string]*written // by folder
	old     []string            // folders of modules that the storm does not have any more
}

func (c *comparison) change(action Action, name string, content []byte) {
	c.plan.Changes = append(c.plan.Changes, Change{action, name, content})
}

// readAll reads what there is in the folders of the project: those of its
// modules, and those of modules that the program imports still.
func (c *comparison) readAll() error {
	look := func(dir string) (err error) {
		if c.written[dir] == nil {
			c.written[dir], err = read(c.fsys, dir)
		}
		return err
	}
	if err := look("."); err != nil {
		return err
	}
	for _, m := range c.project.modules {
		if err := look(m.dir); err != nil {
			return err
		}
	}
	for _, path := range c.written["."].imports {
		dir, own := strings.CutPrefix(path, c.project.options.Import+"/")
		if !own || strings.Contains(dir, "/") || c.written[dir] != nil {
			continue
		}
		if err := look(dir); err != nil {
			return err
		}
		if len(c.written[dir].generated) > 0 {
			c.old = append(c.old, dir)
		}
	}
	return nil
}

// otherProgram reports whether there is a program that wires the modules itself,
// or a package that is none.
func (w *written) otherProgram() bool {
	if w.pkg != "" && w.pkg != "main" {
		return true
	}
	return w.declared["main"] != nil && (!w.calls["modules"] || w.declared["modules"] != nil)
}

// generated compares the generated files. It refuses to write over a file that
// is not marked.
func (c *comparison) generated(files map[string][]byte) error {
	for name, text := range files {
		if c.written[path.Dir(name)].files[path.Base(name)] {
			return fmt.Errorf("%s is in the way: a file of that name is generated, but this one does not begin with %q; rename it: %w", name, Mark, fs.ErrExist)
		}
		if have := c.written[path.Dir(name)].generated[path.Base(name)]; !bytes.Equal(have, text) {
			c.change(Write, name, text)
		}
	}
	for dir, w := range c.written {
		for name := range w.generated {
			if full := path.Join(dir, name); files[full] == nil && (dir != "." || isProgramFile(name)) {
				c.change(Remove, full, nil)
			}
		}
	}
	return nil
}

func isProgramFile(name string) bool {
	return name == "modules_gen.go" || name == "modules_gen_test.go"
}

// unwritten returns the units that nobody wrote, each with the path of a file
// that does not exist, and notes what is missing of the others.
func (c *comparison) unwritten(units []unit) []unit {
	var out []unit
	for _, u := range units {
		w := c.written[path.Dir(u.path)]
		if d := w.declared[u.declares]; d != nil {
			c.parts(u, w, d)
			continue
		}
		switch {
		case !w.files[path.Base(u.path)]:
		case u.alone != "" && !w.files[path.Base(u.alone)]:
			u.path = u.alone
		default:
			c.missing(u.declares, u.path, u.pkg, u.write)
			continue
		}
		out = append(out, u)
	}
	return out
}

// parts notes the methods that a unit lacks, unless they may come from
// elsewhere.
func (c *comparison) parts(u unit, w *written, d *declaration) {
	if d.open {
		return
	}
	for _, part := range u.parts {
		if w.declared[part.declares] == nil {
			c.missing(part.declares, path.Join(path.Dir(u.path), d.file), u.pkg, part.write)
		}
	}
}

func (c *comparison) missing(name, path string, m *module, write func(*file)) {
	f := c.project.file("main", false)
	if m != nil {
		f = m.file(false)
	}
	write(f)
	c.plan.Missing = append(c.plan.Missing, Missing{name, path, strings.TrimSpace(f.body.String()) + "\n"})
}

// forgotten warns of events that the wiring had and that the storm does not have
// any more: those that are stored could not be read.
func (c *comparison) forgotten() {
	for _, m := range c.project.modules {
		known := slices.Clone(c.written[m.dir].retired)
		for _, e := range m.events {
			known = append(append(known, e.Name), e.Was...)
		}
		for _, name := range appendNew(nil, emitted(c.written[m.dir].generated["module_gen.go"])...) {
			if !slices.Contains(known, name) {
				c.project.report("G122", m.model.At(), fmt.Sprintf("module %s had an event %s; where it is stored, it could not be read any more", m.title, name),
					fmt.Sprintf("if it has another name now, give it that: event … was %s; if it means nothing any more, append landfall.Retired(%q) in %s/module.go", ast.Quote(name), name, m.dir))
			}
		}
	}
}

// leftovers finds what people wrote for elements that are gone.
func (c *comparison) leftovers(units []unit) {
	wanted := map[string]bool{}
	for _, u := range units {
		wanted[path.Dir(u.path)+":"+u.declares] = true
		for _, part := range u.parts {
			wanted[path.Dir(u.path)+":"+part.declares] = true
		}
	}
	for dir, w := range c.written {
		if slices.Contains(c.old, dir) {
			for name := range w.files {
				c.plan.Leftovers = append(c.plan.Leftovers, Leftover{Path: path.Join(dir, name), Name: "the storm has no module for this package"})
			}
			continue
		}
		for name, d := range w.declared {
			if d.role != "" && dir != "." && !wanted[dir+":"+name] {
				c.plan.Leftovers = append(c.plan.Leftovers, Leftover{path.Join(dir, d.file), d.line, "the storm has no " + d.role + " for " + name})
			}
		}
	}
}
