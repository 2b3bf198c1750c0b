package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
	"github.com/landfall-go/landfall/storm/spell"
)

var unknownType = &Check{
	Code: "S401", Name: "unknown-type",
	Doc:        "A field has a type that is neither of the language nor a value or an enum of the storm.",
	Severities: [3]diag.Severity{diag.Off, diag.Hint, diag.Error},
	Run: func(p *Pass) {
		for e := range p.Storm.Elements() {
			for _, f := range e.Fields {
				for t := f.Type; t != nil; t = t.List {
					if t.Unknown != "" {
						p.unknownType(e, t)
					}
				}
			}
		}
	},
}

func (p *Pass) unknownType(e *model.Element, t *model.Type) {
	d := p.elementAt(t.Place, e, "there is no value or enum %s", t.Unknown)
	names := []string{"text", "int", "decimal", "bool", "time", "date", "duration", "id"}
	for _, m := range []*model.Module{e.Module, p.Storm.Free} {
		for _, kind := range []ast.Kind{ast.Value, ast.Enum} {
			for _, v := range m.Of(kind) {
				names = append(names, v.Name)
			}
		}
	}
	near := foreignTypes[strings.ToLower(t.Unknown)]
	if near == "" {
		near = spell.Nearest(t.Unknown, names)
	}
	if near == "" {
		near = foreignTypes[spell.Nearest(strings.ToLower(t.Unknown), foreignNames)]
	}
	if near == "" {
		d.Help = "declare it: value " + ast.Quote(t.Unknown) + " { … }, or enum " + ast.Quote(t.Unknown) + " { … }"
		return
	}
	d.Message += "; did you mean " + near + "?"
	at := t.Place
	if t.Optional {
		at.End.Offset--
		at.End.Column--
	}
	d.Fixes = []diag.Fix{{Message: "write " + near, Safe: true, Edits: []diag.Edit{replace(at, near)}}}
}

var foreignNames = slices.Sorted(maps.Keys(foreignTypes))

// foreignTypes are what other languages call the types of this one.
var foreignTypes = map[string]string{
	"string": "text", "str": "text", "varchar": "text", "char": "text", "integer": "int", "int64": "int",
	"int32": "int", "long": "int", "number": "decimal", "float": "decimal", "float64": "decimal",
	"double": "decimal", "boolean": "bool", "datetime": "time", "timestamp": "time", "instant": "time",
	"uuid": "id", "guid": "id", "localdate": "date", "timespan": "duration", "interval": "duration",
}
