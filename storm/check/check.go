// Package check finds what is wrong with a storm, or smells: the questions a
// good facilitator asks in front of the board.
//
// A check is a value, [Check], with a stable code, and a severity for each
// level of a storm: what is an error in a design may be nothing yet in a big
// picture. [All] lists the checks, [Run] runs them.
//
// A check is silenced where it stands, by a comment on the statement:
//
//	//landfall:ignore S104 the registry of companies does call it an update
package check

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// Check is one check.
type Check struct {
	Code diag.Code
	Name string // a few words with hyphens, as stable as the code
	Doc  string // what it looks for, and why that matters
	// Severities at the levels big picture, process and design.
	Severities [3]diag.Severity
	Run        func(*Pass)
}

// Severity returns how much the check's findings matter at a level.
func (c *Check) Severity(level ast.Level) diag.Severity {
	if level == ast.NoLevel {
		level = ast.Design
	}
	return c.Severities[level-ast.BigPicture]
}

// Config says how to check. Its zero value is the usual way.
type Config struct {
	Level    ast.Level                   // in place of the storm's own
	Severity map[diag.Code]diag.Severity // in place of the checks' own

	// Thresholds; zero means the default.
	Duplicate      float64 // score from which names count as near-duplicates; 0.8
	AggregateRatio float64 // times the commands that other aggregates handle in the middle; 3
	AggregateLeast int     // commands below which an aggregate is never large; 8
	ChattyMessages int     // different messages between two modules; 8
	MessageFields  int     // fields in a message between modules; 12
	TeamsInFlow    int     // teams that a flow may cross; 3
}

func (c Config) withDefaults() Config {
	c.Duplicate = cmp.Or(c.Duplicate, 0.8)
	c.AggregateRatio = cmp.Or(c.AggregateRatio, 3)
	c.AggregateLeast = cmp.Or(c.AggregateLeast, 8)
	c.ChattyMessages = cmp.Or(c.ChattyMessages, 8)
	c.MessageFields = cmp.Or(c.MessageFields, 12)
	c.TeamsInFlow = cmp.Or(c.TeamsInFlow, 3)
	return c
}

// Run runs all checks on a storm and returns what they find, sorted. It is safe
// for concurrent use.
func Run(s *model.Storm, config Config) diag.List {
	return run(s, config, All())
}

func run(s *model.Storm, config Config, checks []*Check) diag.List {
	p := &Pass{Storm: s, Config: config.withDefaults(), Level: cmp.Or(config.Level, s.Level)}
	p.checks = checks
	p.facts = collect(s)
	p.silence = silences(s)
	for _, c := range checks {
		p.severity = p.severityOf(c)
		if p.severity == diag.Off {
			continue
		}
		p.code = c.Code
		c.Run(p)
	}
	p.unusedSilence()
	return p.result()
}

func (p *Pass) severityOf(c *Check) diag.Severity {
	if s, ok := p.Config.Severity[c.Code]; ok {
		return s
	}
	return c.Severity(p.Level)
}

// Pass is one run over one storm, as a check sees it.
type Pass struct {
	Storm  *model.Storm
	Config Config
	Level  ast.Level
	*facts

	checks   []*Check
	code     diag.Code
	severity diag.Severity
	found    []*diag.Diagnostic
	silence  *silence
}

// report adds a finding at a place, unless it is silenced there or on one of
// the parts that it is about. The result is never nil, so that a check can go on
// to complete what nobody will see.
func (p *Pass) report(at ast.Place, about []*model.Meta, format string, args ...any) *diag.Diagnostic {
	d := &diag.Diagnostic{Code: p.code, Severity: p.severity, Place: at, Message: fmt.Sprintf(format, args...)}
	if !p.silence.covers(p.code, at, about) {
		p.found = append(p.found, d)
	}
	return d
}

// element reports a finding about an element, where it is declared.
func (p *Pass) element(e *model.Element, format string, args ...any) *diag.Diagnostic {
	return p.report(e.At(), []*model.Meta{&e.Meta, &e.Module.Meta}, format, args...)
}

// elementAt reports a finding about an element elsewhere.
func (p *Pass) elementAt(at ast.Place, e *model.Element, format string, args ...any) *diag.Diagnostic {
	return p.report(at, []*model.Meta{&e.Meta, &e.Module.Meta}, format, args...)
}

func (p *Pass) result() diag.List {
	list := make(diag.List, len(p.found))
	for i, d := range p.found {
		list[i] = *d
	}
	list.Sort()
	return list
}

func related(at ast.Place, format string, args ...any) diag.Related {
	return diag.Related{Place: at, Message: fmt.Sprintf(format, args...)}
}

// elements yields the elements of one kind that belong to the storm.
func (p *Pass) elements(kind ast.Kind) []*model.Element { return p.byKind[kind] }

// Find returns the check of a code or a name, or nil.
func Find(codeOrName string) *Check { return find(All(), codeOrName) }

func find(checks []*Check, codeOrName string) *Check {
	i := slices.IndexFunc(checks, func(c *Check) bool {
		return string(c.Code) == codeOrName || c.Name == codeOrName
	})
	if i < 0 {
		return nil
	}
	return checks[i]
}
