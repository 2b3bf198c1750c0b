package drift

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
	"github.com/landfall-go/landfall/storm/spell"
)

// thing is what the code has for an element of the storm.
type thing struct {
	kind   ast.Kind
	name   string // its Go name, or the name given in the wiring
	stable string // of messages
	key    string // of messages, aggregates, values and enums: the Go type
	place  ast.Place
	wired  ast.Place
	module *Module
	former []Renamed

	command    *Command
	event      *Event
	policies   []*Policy // the parts that one policy of the storm is wired as
	projection *Projection
	aggregate  *Aggregate
}

// things returns what a module of the code has.
func (m *Module) things() []*thing {
	var out []*thing
	add := func(t thing) *thing {
		t.module = m
		t.stable = cmp.Or(t.stable, t.name)
		out = append(out, &t)
		return &t
	}
	for _, a := range m.Aggregates {
		add(thing{kind: ast.Aggregate, name: a.GoName, stable: a.Name, key: a.Package + "." + a.GoName, place: a.Place, wired: a.Place, aggregate: a})
	}
	for _, s := range m.Systems {
		add(thing{kind: ast.System, name: s.Name, place: s.Place, wired: s.Place})
	}
	for _, c := range m.Commands {
		add(thing{kind: ast.Command, name: c.GoName, stable: c.Name, key: c.key(), place: c.Place, wired: c.Wired, former: c.Formerly, command: c})
	}
	for _, e := range m.Events {
		add(thing{kind: ast.Event, name: e.GoName, stable: e.Name, key: e.key(), place: e.Place, wired: e.Place, former: e.Formerly, event: e})
	}
	for _, p := range m.Policies {
		add(thing{kind: ast.Policy, name: p.Name, place: p.Wired, wired: p.Wired, policies: []*Policy{p}})
	}
	for _, p := range m.Projections {
		add(thing{kind: ast.Projection, name: p.Name, place: p.Wired, wired: p.Wired, projection: p})
	}
	return out
}

func (m *Message) key() string { return m.Package + "." + m.GoName }

// kinds that can be held against code, aggregates and systems first, so that
// what they do is compared when they are known.
var codeKinds = [...]ast.Kind{ast.Aggregate, ast.System, ast.Event, ast.Command, ast.Policy, ast.Projection}

// namesOf returns the names that code may have for an element, as the generator
// gives them: its Go name, the name as the storm has it, that of a part of the
// wiring; with its kind behind it or its module before it where that was taken.
func namesOf(e *model.Element) []string {
	goName := e.GoName()
	kind := e.Kind.String()
	out := []string{goName, e.Name, gen.PartName(e), goName + strings.ToUpper(kind[:1]) + kind[1:]}
	if !e.Module.IsFree() {
		out = append(out, model.GoName(ast.NoKind, e.Module.Name)+goName)
	}
	return out
}

// ownNames is how many of namesOf are an element's own; the others are made of
// them.
const ownNames = 3

// answersTo reports whether a thing has one of the names of an element.
func (t *thing) answersTo(e *model.Element) bool {
	names := namesOf(e)
	return slices.Contains(names[:ownNames+1], t.name) || slices.Contains(names[:2], t.stable)
}

// likeness says how much two names are alike, from 0 to 1: by their letters, or
// by the words that they share in any order.
func likeness(a, b string) float64 {
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	longest := max(len(x), len(y), 1)
	letters := 1 - float64(spell.Within(x, y, longest))/float64(longest)
	return max(letters, sharedWords(a, b))
}

func sharedWords(a, b string) float64 {
	x, y := words(a), words(b)
	shared := 0
	for _, w := range x {
		if i := slices.Index(y, w); i >= 0 {
			shared++
			y = slices.Delete(y, i, i+1)
		}
	}
	if shared == 0 {
		return 0
	}
	return float64(shared) / float64(len(x)+len(y))
}

func words(name string) []string {
	list := model.Words(name)
	for i, w := range list {
		w = strings.ToLower(w)
		if len(w) > 3 {
			w = strings.TrimSuffix(w, "s") // one or many
		}
		list[i] = w
	}
	return list
}

// sameLetters reports whether two names differ in case and signs only.
func sameLetters(a, b string) bool { return strings.EqualFold(letters(a), letters(b)) }

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
