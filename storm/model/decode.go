package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
)

// ErrJSON says that a text is not the JSON form of a storm.
var ErrJSON = errors.New("not the JSON form of a storm")

// Unmarshal reads the JSON form of a storm. The error wraps ErrJSON and tells
// the place in the JSON, such as modules[1].elements[3]. What has a default may
// be left out: the timeline then is the order of the elements.
func Unmarshal(data []byte) (*Storm, error) {
	var in stormJSON
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJSON, err)
	}
	d := &decoder{in: &in, storm: &Storm{Free: &Module{}}, index: map[string]*Element{}, modules: map[string]*Module{}}
	d.read()
	if d.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJSON, d.err)
	}
	return d.storm, nil
}

// decoder builds a model from its JSON form. It keeps the first error and goes
// on with nothing in the place of what is wrong.
type decoder struct {
	in      *stormJSON
	storm   *Storm
	index   map[string]*Element
	modules map[string]*Module
	err     error
}

func (d *decoder) fail(at, format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...))
	}
}

func (d *decoder) read() {
	s := d.storm
	s.Name, s.Doc, s.Ignores, s.Level, s.Stated = d.in.Name, cleanDoc(d.in.Doc), d.in.Ignores, d.in.Level, d.in.Stated
	d.modules[""] = s.Free
	for i := range d.in.Modules {
		d.makeModule(i, &d.in.Modules[i])
	}
	d.timeline()
	for i := range d.in.Modules {
		d.fillModule(fmt.Sprintf("modules[%d]", i), &d.in.Modules[i])
	}
	if !s.Stated || s.Level == ast.NoLevel {
		s.Stated = false
		s.Level = Reached(s)
	}
}

// cleanDoc gives a doc comment the form that it has when read from text.
func cleanDoc(doc string) string {
	lines := strings.Split(doc, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\r")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func (m metaJSON) meta() Meta { return Meta{Doc: cleanDoc(m.Doc), Ignores: m.Ignores} }

// makeModule makes a module and its elements, so that others can refer to them.
func (d *decoder) makeModule(i int, in *moduleJSON) {
	m := d.modules[in.Name]
	switch {
	case m == nil:
		m = &Module{Name: in.Name}
		d.modules[in.Name] = m
		d.storm.Modules = append(d.storm.Modules, m)
	case in.Name != "" || i > 0:
		d.fail(fmt.Sprintf("modules[%d]", i), "module %q is there twice", in.Name)
	}
	m.Meta, m.Was, m.Team = in.meta(), in.Was, in.Team
	for j := range in.Elements {
		x := &in.Elements[j]
		e := &Element{Kind: x.Kind, Name: x.Name, Module: m}
		at := fmt.Sprintf("modules[%d].elements[%d]", i, j)
		if !x.Kind.IsElement() || strings.TrimSpace(x.Name) == "" {
			d.fail(at, "an element has a kind and a name")
			continue
		}
		id := e.ID()
		if x.ID != "" && x.ID != id {
			d.fail(at, "the id is %s and not %s", id, x.ID)
		}
		if d.index[id] != nil {
			d.fail(at, "%s is there twice", id)
		}
		d.index[id] = e
	}
}

// timeline puts the elements into the order of the notes.
func (d *decoder) timeline() {
	s := d.storm
	for _, x := range d.in.Sections {
		m := d.modules[x.Module]
		if m == nil {
			d.fail("sections", "there is no module %q", x.Module)
			return
		}
		s.Sections = append(s.Sections, &Section{Meta: x.meta(), Name: x.Name, Module: m})
	}
	seen := map[*Element]bool{}
	note := func(e *Element, section *Section) {
		if e == nil {
			return
		}
		if !seen[e] {
			seen[e] = true
			e.Module.Elements = append(e.Module.Elements, e)
		}
		s.Timeline = append(s.Timeline, Note{Element: e, Section: section})
	}
	for i, run := range d.in.Timeline {
		var section *Section
		if run.Section != nil {
			if n := *run.Section; n < 0 || n >= len(s.Sections) {
				d.fail(fmt.Sprintf("timeline[%d]", i), "there is no section %d", n)
				return
			}
			section = s.Sections[*run.Section]
		}
		for _, id := range run.Notes {
			note(d.element(fmt.Sprintf("timeline[%d]", i), id), section)
		}
	}
	for i := range d.in.Modules {
		for _, x := range d.in.Modules[i].Elements {
			e := &Element{Kind: x.Kind, Name: x.Name, Module: d.modules[d.in.Modules[i].Name]}
			if e = d.index[e.ID()]; e != nil && !seen[e] {
				note(e, nil)
			}
		}
	}
}

func (d *decoder) element(at, id string, kinds ...ast.Kind) *Element {
	e := d.index[id]
	if e == nil {
		d.fail(at, "there is no element %s", id)
		return nil
	}
	for _, k := range kinds {
		if e.Kind == k {
			return e
		}
	}
	if len(kinds) > 0 {
		d.fail(at, "%s is no %s", id, kinds[0])
		return nil
	}
	return e
}

func (d *decoder) elements(at string, ids []string, kinds ...ast.Kind) []*Element {
	var out []*Element
	for _, id := range ids {
		if e := d.element(at, id, kinds...); e != nil {
			out = append(out, e)
		}
	}
	return out
}

func (d *decoder) choice(at string, ids [][]string, kind ast.Kind) Choice {
	var out Choice
	for _, all := range ids {
		if len(all) == 0 {
			d.fail(at, "an alternative without elements")
		}
		out = append(out, d.elements(at, all, kind))
	}
	return out
}

func (d *decoder) target(at, id string) Target {
	if name, ok := strings.CutPrefix(id, "module:"); ok {
		if m := d.modules[ast.Unquote(name)]; m != nil && !m.IsFree() {
			return Target{Module: m}
		}
		d.fail(at, "there is no %s", id)
		return Target{}
	}
	return Target{Element: d.element(at, id)}
}
