package drift

import (
	"fmt"
	"slices"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// Compare holds the code against the storm and returns what differs, sorted. It
// changes neither, and is safe for concurrent use.
func Compare(storm *model.Storm, code *Code) List {
	c := newComparison(storm, code)
	c.run()
	return c.silenced()
}

// comparison is one comparison.
type comparison struct {
	storm *model.Storm
	code  *Code
	found List

	modules map[*model.Module]*Module
	things  map[*Module][]*thing
	pairs   map[*model.Element]*thing
	backs   map[*thing]*model.Element
	byKey   map[thingKey]*thing       // by Go type
	values  map[*model.Element]string // the Go name of values and enums
	facts   *facts
	// undeclared are the types that the storm only names, and that were reported.
	undeclared map[string]bool
	heard      map[*Heard]*model.Element // what the modules hear of each other

	oneOfMany bool // the code is a part of the storm's
	alone     bool // there is no storm
}

func newComparison(storm *model.Storm, code *Code) *comparison {
	c := &comparison{
		storm: storm, code: code,
		modules: map[*model.Module]*Module{}, things: map[*Module][]*thing{},
		pairs: map[*model.Element]*thing{}, backs: map[*thing]*model.Element{},
		byKey: map[thingKey]*thing{}, values: map[*model.Element]string{}, facts: factsOf(storm),
		undeclared: map[string]bool{}, heard: map[*Heard]*model.Element{},
	}
	for _, m := range code.Modules {
		c.things[m] = m.things()
		for _, t := range c.things[m] {
			c.byKey[thingKey{m, t.kind, t.key}] = t
		}
	}
	return c
}

type thingKey struct {
	module *Module
	kind   ast.Kind
	name   string
}

func (c *comparison) run() {
	c.unread()
	c.pairModules()
	for _, m := range c.storm.Modules {
		if code := c.modules[m]; code != nil {
			c.pairElements(m, code)
		}
	}
	c.pairFree()
	c.pairValues()
	c.missing()
	for e, t := range c.pairs {
		c.links(e, t)
		c.history(e, t)
	}
	for s, m := range c.modules {
		c.published(s, m)
		c.heardFrom(s, m)
	}
	c.data()
	for _, m := range c.code.Modules {
		c.itself(m)
	}
	c.crossings()
	c.found.sort()
}

// report adds a difference of an element. Any of the places may be zero.
func (c *comparison) report(code diag.Code, element string, storm, golang ast.Place, format string, args ...any) *Difference {
	kind, _ := kindOf(code)
	c.found = append(c.found, Difference{
		Code: code, Severity: kind.Severity, Element: element, Message: fmt.Sprintf(format, args...),
		Storm: storm, Go: golang, parts: []string{element},
	})
	return &c.found[len(c.found)-1]
}

// touches notes further elements that a difference keeps from being done.
func (d *Difference) touches(elements ...*model.Element) *Difference {
	for _, e := range elements {
		if e != nil {
			d.parts = append(d.parts, e.ID())
		}
	}
	return d
}

func (d *Difference) mend(m Mend) *Difference {
	d.Mends = append(d.Mends, m)
	return d
}

// named returns an element in a sentence: the command Move.
func named(e *model.Element) string { return "the " + e.Kind.String() + " " + ast.Quote(e.Name) }

// unread reports what could not be read.
func (c *comparison) unread() {
	for _, u := range c.code.Unread {
		c.report(Unreadable, "", ast.Place{}, u.Place, "cannot read this wiring here: %s", u.Why).mend(readable)
	}
	for _, m := range c.code.Modules {
		for _, u := range m.Unread {
			c.report(Unreadable, "module:"+ast.Quote(m.Name), c.placeOf(m), u.Place, "cannot read this wiring here: %s", u.Why).mend(readable)
		}
	}
}

var readable = Mend{Message: "write the parts so that they can be read without running the code: as arguments, variables, " +
	"constants, or functions that return them without conditions"}

// placeOf returns the place of the storm's module of that name.
func (c *comparison) placeOf(m *Module) ast.Place {
	for _, s := range c.storm.Modules {
		if sameModule(s, m) {
			return s.At()
		}
	}
	return ast.Place{}
}

func sameModule(s *model.Module, m *Module) bool {
	return m.Name == s.Name || m.Name == gen.ModuleName(s.Name)
}

// pairModules finds the module of the code for each one of the storm.
func (c *comparison) pairModules() {
	taken := map[*Module]bool{}
	for _, s := range c.storm.Modules {
		for _, m := range c.code.Modules {
			switch {
			case !sameModule(s, m):
			case c.modules[s] == nil:
				c.modules[s], taken[m] = m, true
			default:
				taken[m] = true
				c.report(WiredTwice, "module:"+ast.Quote(s.Name), s.At(), m.Place,
					"module %s is wired twice; the other is at %s", ast.Quote(s.Name), c.modules[s].Place).
					mend(Mend{Message: "give one of them another name, or read the packages of one program only"})
			}
		}
	}
	c.renamedModules(taken)
	for _, s := range c.storm.Modules {
		if c.modules[s] == nil && c.facts.builds(s) && !c.oneOfMany {
			c.report(NoModuleInCode, "module:"+ast.Quote(s.Name), s.At(), ast.Place{},
				"module %s is in the storm, but no landfall.NewModule wires it", ast.Quote(s.Name)).
				mend(generate).mend(Mend{Message: "or name its packages with --code"})
		}
	}
	for _, m := range c.code.Modules {
		if !taken[m] && !c.isHomeOfFree(m) && !c.alone {
			c.report(NoModuleInFile, "module:"+ast.Quote(m.Name), c.storm.Place, m.Place,
				"module %s is wired in the code, but is not in the storm", ast.Quote(m.Name)).mend(c.declareModule(m))
		}
	}
}

// renamedModules finds modules that were left over on both sides and have the
// same things in them.
func (c *comparison) renamedModules(taken map[*Module]bool) {
	for _, s := range c.storm.Modules {
		if c.modules[s] != nil {
			continue
		}
		var best *Module
		most := 0.5
		for _, m := range c.code.Modules {
			score := c.overlap(s, m)
			if slices.Contains(s.Was, m.Name) {
				score = 1
			}
			if !taken[m] && score > most {
				best, most = m, score
			}
		}
		if best == nil {
			continue
		}
		c.modules[s], taken[best] = best, true
		c.report(Renaming, "module:"+ast.Quote(s.Name), s.At(), best.Place,
			"module %s of the storm looks like module %s of the code", ast.Quote(s.Name), ast.Quote(best.Name)).
			mend(c.renameModule(s, best.Name)).
			mend(Mend{Message: fmt.Sprintf("or write landfall.NewModule(%q, …) in the code; its log is kept under the name, so move that too", s.Name)})
	}
}

// overlap returns which part of a module's commands and events the other has.
func (c *comparison) overlap(s *model.Module, m *Module) float64 {
	total, same := 0, 0
	for _, e := range s.Elements {
		if e.Kind != ast.Command && e.Kind != ast.Event {
			continue
		}
		total++
		if slices.ContainsFunc(c.things[m], func(t *thing) bool { return t.kind == e.Kind && t.answersTo(e) }) {
			same++
		}
	}
	return float64(same) / float64(max(total, 1))
}

// isHomeOfFree reports whether a module of the code is where the things live
// that the storm has put in no module yet.
func (c *comparison) isHomeOfFree(m *Module) bool {
	return c.overlap(c.storm.Free, m) > 0 || len(c.storm.Modules) == 0 && m.Name == model.GoName(ast.NoKind, c.storm.Name)
}
