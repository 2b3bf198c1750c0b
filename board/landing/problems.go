package landing

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/check"
	"github.com/landfall-go/landfall/storm/diag"
)

// Problems returns all that there is to say about the storm: what the text could not
// take from the wall, errors of the text, and what the checks find; each with the notes
// that it is about, and with places in UTF-16 units. The checks read the whole storm, so
// that it is best asked when people have paused.
func (s *State) Problems(wall *session.Wall) []wire.Problem {
	var out []wire.Problem
	for _, id := range slices.Sorted(maps.Keys(s.refused)) {
		out = append(out, s.refused[id])
	}
	if d := s.Broken(); d != nil && len(s.waiting) > 0 {
		p := wire.Problem{Code: codeBroken, Severity: "error", Path: d.Place.File, Notes: []string{},
			Message: fmt.Sprintf("The text has an error in line %d, so that %d changes of the wall wait.", d.Place.Start.Line, len(s.waiting)),
			Help:    "mend the text; then they come into it"}
		for _, id := range slices.Sorted(maps.Keys(s.waiting)) {
			if wall.Notes[id] != nil {
				p.Notes = append(p.Notes, id)
			}
		}
		out = append(out, p)
	}
	m := s.newMapper()
	for _, d := range s.src.Check(check.Config{}) {
		if d.Severity != diag.Off {
			out = append(out, m.problem(&d))
		}
	}
	return out
}

// mapper finds the notes and the places in units of UTF-16 of diagnostics.
type mapper struct {
	*State
	marks map[string][]mark // where something is named, by file
	units map[string]*units
}

// mark is a place where something of the storm is written.
type mark struct {
	start, end int32
	id         string
}

func (s *State) newMapper() *mapper {
	m := &mapper{State: s, marks: map[string][]mark{}, units: map[string]*units{}}
	add := func(at ast.Place, id string) {
		if at.IsValid() {
			m.marks[at.File] = append(m.marks[at.File], mark{at.Start.Offset, at.End.Offset, id})
		}
	}
	for mod := range s.src.Model.All() {
		for _, at := range mod.Declared {
			add(at, moduleID(mod.Name))
		}
		for _, st := range mod.Stickies {
			add(st.Place, st.ID())
		}
		for _, e := range mod.Elements {
			id := e.ID()
			for _, at := range e.Mentions {
				add(at.Full, id)
			}
		}
	}
	for _, list := range m.marks {
		slices.SortFunc(list, func(a, b mark) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	}
	for i := range s.src.Files {
		f := &s.src.Files[i]
		m.units[f.Path] = &units{text: f.Text}
	}
	return m
}

func (m *mapper) problem(d *diag.Diagnostic) wire.Problem {
	p := wire.Problem{Code: string(d.Code), Severity: d.Severity.String(), Message: d.Message, Help: d.Help, Path: d.Place.File, Notes: m.notesAt(d)}
	p.From, p.To = m.unit(d.Place.File, int(d.Place.Start.Offset)), m.unit(d.Place.File, int(d.Place.End.Offset))
	for _, f := range d.Fixes {
		fix := wire.Fix{Message: f.Message}
		for _, e := range f.Edits {
			fix.Edits = append(fix.Edits, wire.TextEdit{Path: e.File, From: m.unit(e.File, e.Start), To: m.unit(e.File, e.End), Insert: e.New})
		}
		p.Fixes = append(p.Fixes, fix)
	}
	return p
}

// notesAt returns the notes of what is written at a diagnostic's places.
func (m *mapper) notesAt(d *diag.Diagnostic) []string {
	notes := []string{}
	places := []ast.Place{d.Place}
	for _, r := range d.Related {
		places = append(places, r.Place)
	}
	for _, at := range places {
		for _, id := range m.idsAt(at) {
			for _, note := range m.holders[id] {
				if !slices.Contains(notes, note) {
					notes = append(notes, note)
				}
			}
		}
	}
	return notes
}

// idsAt returns what is written at a place: what covers all of it, the innermost
// first, or else what stands first in it.
func (m *mapper) idsAt(at ast.Place) []string {
	list := m.marks[at.File]
	first, _ := slices.BinarySearchFunc(list, at.Start.Offset, func(x mark, offset int32) int { return cmp.Compare(x.start, offset) })
	for i := first - 1; i >= 0 && i > first-40; i-- {
		if list[i].start <= at.Start.Offset && at.End.Offset <= list[i].end {
			return []string{list[i].id}
		}
	}
	for i := first; i < len(list) && list[i].start <= at.End.Offset; i++ {
		if list[i].end >= at.Start.Offset {
			return []string{list[i].id}
		}
	}
	return nil
}

func (m *mapper) unit(path string, offset int) int {
	if u := m.units[path]; u != nil {
		return u.at(offset)
	}
	return 0
}

// units counts UTF-16 units up to places in a text. Places that grow are counted on
// from those before.
type units struct {
	text        []byte
	bytes, sums []int // every so many bytes
}

const unitStep = 512

func (u *units) at(offset int) int {
	offset = min(max(offset, 0), len(u.text))
	if u.bytes == nil {
		u.count()
	}
	i, _ := slices.BinarySearch(u.bytes, offset+1)
	from, n := u.bytes[i-1], u.sums[i-1]
	return n + session.Units(string(u.text[from:offset]))
}

func (u *units) count() {
	u.bytes, u.sums = []int{0}, []int{0}
	at, n := 0, 0
	for at < len(u.text) {
		end := min(at+unitStep, len(u.text))
		for end < len(u.text) && !utf8.RuneStart(u.text[end]) {
			end++
		}
		n += session.Units(string(u.text[at:end]))
		at = end
		u.bytes, u.sums = append(u.bytes, at), append(u.sums, n)
	}
}
