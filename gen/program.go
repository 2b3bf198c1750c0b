package gen

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// modulesFile writes the modules of the program and their commands by name.
func (p *project) modulesFile() *file {
	f := p.file("main", true)
	params, calls := p.moduleCalls(f)
	if len(calls) == 0 {
		return f
	}
	f.use(landfallPath)
	doc := "modules returns the modules of the storm"
	if len(params) > 0 {
		doc += ", with the external systems that they hand commands to"
	}
	f.comment("", doc+".")
	f.p("func modules(%s) []landfall.Module {\n\treturn []landfall.Module{", strings.Join(params, ", "))
	for _, call := range calls {
		f.p("\t\t%s", call)
	}
	f.p("\t}\n}\n")
	p.commandsByName(f)
	return f
}

// moduleCalls returns what makes each module, and the external systems that are
// needed for it as parameters.
func (p *project) moduleCalls(f *file) (params, calls []string) {
	used := map[string]bool{}
	for _, m := range p.modules {
		used[m.pkg] = true
	}
	for _, m := range p.modules {
		if !m.alive() {
			continue
		}
		f.use(p.importPath(m))
		var args []string
		for _, s := range m.systems {
			name := s.param
			if used[name] {
				name = unexported(model.GoName(ast.NoKind, m.name)) + s.name
			}
			for used[name] {
				name += "System"
			}
			used[name] = true
			params = append(params, name+" "+m.pkg+"."+s.name)
			args = append(args, name)
		}
		calls = append(calls, fmt.Sprintf("%s.Module(%s),", m.pkg, strings.Join(args, ", ")))
	}
	return params, calls
}

func (p *project) commandsByName(f *file) {
	f.use("bytes")
	f.use("encoding/json")
	f.comment("", "commands reads each command of the modules from JSON, by its name.")
	f.p("var commands = map[string]func([]byte) (landfall.Command, error){")
	for _, m := range p.modules {
		for _, h := range slices.Concat(m.aggregates, m.systems) {
			for _, d := range h.decisions {
				f.p("\t%q: read[%s.%s],", m.name+"."+d.command.Name, m.pkg, m.names[d.command])
			}
		}
	}
	f.p("}\n")
	f.p(`func read[C any](data []byte) (landfall.Command, error) {
	var c C
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&c)
	return c, err
}`)
}

func (p *project) importPath(m *module) string { return p.options.Import + "/" + m.dir }

// programUnits returns what people write beside the modules.
func (p *project) programUnits() []unit {
	units := []unit{{path: "main.go", declares: "main", write: p.writeMain}}
	if len(p.systems()) > 0 {
		units = append(units, unit{
			path: "main_test.go", alone: "modules_test.go", declares: "modulesUnderTest",
			write: func(f *file) {
				f.use(landfallPath)
				f.comment("", "modulesUnderTest are the modules with stand-ins for the outside.")
				f.p("func modulesUnderTest() []landfall.Module { return modules(%s) }", p.systemArgs(f))
			},
		})
	}
	return units
}

func (p *project) systems() []*handler {
	var all []*handler
	for _, m := range p.modules {
		all = append(all, m.systems...)
	}
	return all
}

// systemArgs returns an empty external system for each that the modules need.
func (p *project) systemArgs(f *file) string {
	var args []string
	for _, m := range p.modules {
		for _, s := range m.systems {
			f.use(p.importPath(m))
			args = append(args, m.pkg+"."+s.name+"{}")
		}
	}
	return strings.Join(args, ", ")
}

//go:embed wiring_test.go.txt
var wiringTestText string

// wiringTest writes a test of the whole wiring, which holds what people wrote of
// it against the storm.
func (p *project) wiringTest() *file {
	f := p.file("main", true)
	for _, path := range []string{"slices", "testing", landfallPath} {
		f.use(path)
	}
	f.comment("", "hears says which events the storm's projections hear.")
	f.p("var hears = map[string][]string{")
	for _, m := range p.modules {
		for _, x := range m.projections {
			var names []string
			for _, fold := range x.folds {
				name := fold.event.Name
				if home := p.of(fold.event); home != m {
					name = home.name + "." + name
				}
				names = append(names, fmt.Sprintf("%q", name))
			}
			slices.Sort(names)
			f.p("\t%q: {%s},", m.name+"."+PartName(x.element), strings.Join(names, ", "))
		}
	}
	f.p("}\n")
	modules := "modules()"
	if len(p.systems()) > 0 {
		modules = "modulesUnderTest()"
	}
	f.body.WriteString(strings.ReplaceAll(wiringTestText, "MODULES", modules))
	return f
}

//go:embed main.go.txt
var mainText string

// writeMain writes the program.
func (p *project) writeMain(f *file) {
	for _, path := range []string{
		"cmp", "context", "encoding/json", "errors", "fmt", "io", "maps", "os", "os/signal", "slices", "strings", "syscall",
		pflagPath, landfallPath, hostingPath,
	} {
		f.use(path)
	}
	args := p.systemArgs(f)
	f.doc = []string{"Command " + p.title() + " runs the modules of the storm " + quoted(p.storm.Name) + " in one process or in several."}
	f.body.WriteString(strings.NewReplacer("NAME", p.title(), "SYSTEMS", args).Replace(mainText))
}

func quoted(name string) string {
	if name == "" {
		return "without a name"
	}
	return `"` + name + `"`
}
