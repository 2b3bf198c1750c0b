package importer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// board is what the readers of all formats make.
type board struct {
	format  Format
	name    string
	doc     []string // what is said of the board as a whole
	level   ast.Level
	notes   []*note // in the order of the file
	lines   []*line
	lanes   []*lane
	labels  []*label
	areas   []*area
	modules []*module
	links   []*link
	report  *Report

	placed   bool // the notes have positions, which give the time
	sections []*stretch
}

// note is a note with a text.
type note struct {
	id     string
	text   string
	kind   ast.Kind
	box    box
	placed bool
	area   *area   // that it lies in
	module *module // nil outside of all
	order  float64 // the time, when the format has it
	timed  bool
	doc    []string
	laneID string

	pivotal   bool
	resolved  string // the answer to a hotspot
	exclusive bool   // of a policy: it invokes one of its commands
	hue       hue    // of a sticky whose kind comes from its colour
	turned    bool

	// where it comes in time
	rank    int
	column  int
	section *stretch
	element *element // that it is a note of; nil for a free text
}

// box is where something lies: its corner at the upper left, and its size.
type box struct{ x, y, w, h float64 }

func (b box) middle() (x, y float64) { return b.x + b.w/2, b.y + b.h/2 }

func (b box) holds(x, y float64) bool {
	return b.x <= x && x <= b.x+b.w && b.y <= y && y <= b.y+b.h
}

// line is a vertical line: a boundary in time.
type line struct {
	id     string
	x      float64
	y1, y2 float64 // equal when it goes over the whole height
	label  string
	event  string // id of the note of its event, when the format says so
	at     *note  // the event that it stands at
}

// lane is a horizontal line: below it begins a lane.
type lane struct {
	id    string
	y     float64
	label string
}

// label is a text that is no sticky.
type label struct {
	id   string
	text string
	box  box
	area *area
}

// area is a frame or a theme: a region with a name.
type area struct {
	id     string
	name   string
	box    box
	module *module
}

// module is a context.
type module struct {
	id   string
	name string
	doc  []string
}

// stretch is a part of the time line under a label.
type stretch struct {
	name string
	band int
	x    float64 // where it begins
}

// link is an arrow between two notes.
type link struct {
	id       string
	from, to *note
	verb     model.Verb // what the format says that it is, or empty
	relation string     // the format's word for it
	text     string     // what is written on it
}

func newBoard(f Format) *board {
	return &board{format: f, report: &Report{}}
}

// kinds maps the words of tools, in small letters without anything else, to
// kinds.
var kinds = map[string]ast.Kind{
	"event": ast.Event, "domainevent": ast.Event, "businessevent": ast.Event, "integrationevent": ast.Event,
	"pivotalevent": ast.Event,
	"command":      ast.Command, "action": ast.Command, "usecase": ast.Command,
	"actor": ast.Actor, "person": ast.Actor, "people": ast.Actor, "persona": ast.Actor, "user": ast.Actor,
	"role": ast.Actor, "agent": ast.Actor,
	"system": ast.System, "externalsystem": ast.System, "external": ast.System, "service": ast.System,
	"thirdparty": ast.System,
	"policy":     ast.Policy, "reaction": ast.Policy, "automation": ast.Policy, "process": ast.Policy,
	"processmanager": ast.Policy, "saga": ast.Policy,
	"readmodel": ast.Projection, "projection": ast.Projection, "view": ast.Projection, "query": ast.Projection,
	"information": ast.Projection,
	"aggregate":   ast.Aggregate, "aggregateroot": ast.Aggregate,
	"constraint": ast.Rule, "rule": ast.Rule, "invariant": ast.Rule, "businessrule": ast.Rule,
	"hotspot": ast.Hotspot, "question": ast.Hotspot, "issue": ast.Hotspot, "problem": ast.Hotspot,
	"risk": ast.Hotspot, "conflict": ast.Hotspot, "painpoint": ast.Hotspot,
	"opportunity": ast.Opportunity, "idea": ast.Opportunity,
	"glossary": ast.Term, "term": ast.Term, "definition": ast.Term,
	"note": ast.Note, "comment": ast.Note, "text": ast.Note, "annotation": ast.Note,
}

// kindOf returns the kind for a tool's word, or NoKind.
func kindOf(word string) ast.Kind {
	word = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, word)
	for _, suffix := range []string{"", "sticky", "stickynote", "note", "s"} {
		if short, ok := strings.CutSuffix(word, suffix); ok {
			if k := kinds[short]; k != ast.NoKind {
				return k
			}
		}
	}
	return ast.NoKind
}

// levelOf returns the level for a tool's word, or NoLevel.
func levelOf(word string) ast.Level {
	word = strings.ToLower(word)
	switch {
	case strings.Contains(word, "big"):
		return ast.BigPicture
	case strings.Contains(word, "process"):
		return ast.Process
	case strings.Contains(word, "design"):
		return ast.Design
	}
	return ast.NoLevel
}

// cleanName makes one line of a text, without what cannot be seen.
func cleanName(text string) string {
	return strings.Join(strings.Fields(clean(text)), " ")
}

// clean takes out of a text what cannot be seen, and blanks at the ends of its
// lines and around it.
func clean(text string) string {
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(text)
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), r == '\u200b', r == '\ufeff':
			return -1
		}
		return r
	}, text)
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// add puts a note on the board, or reports that it has no text.
func (b *board) add(n *note, what string) *note {
	raw := n.text
	if n.kind.IsElement() || n.kind == ast.NoKind {
		n.text = cleanName(raw)
	} else {
		n.text = clean(raw)
	}
	if n.text == "" {
		b.report.left(n.id, "%s without a text", what)
		return nil
	}
	b.notes = append(b.notes, n)
	return n
}

// addLabel puts a label on the board, or reports that it has no text.
func (b *board) addLabel(l *label) {
	if l.text = cleanName(l.text); l.text == "" {
		b.report.left(l.id, "a label without a text")
		return
	}
	b.labels = append(b.labels, l)
}

// prepare completes what all formats leave open.
func (b *board) prepare() {
	b.report.Verticals, b.report.Lanes, b.report.Labels = len(b.lines), len(b.lanes), len(b.labels)
	b.report.Areas = len(b.areas) + len(b.modules)
	b.colour()
	for _, n := range b.notes {
		if n.kind == ast.NoKind {
			n.kind = ast.Note
		}
	}
	if b.level == ast.NoLevel {
		b.level = b.reached()
	}
	b.placeModules()
}

// reached returns the level that the kinds of the notes belong to.
func (b *board) reached() ast.Level {
	level := ast.BigPicture
	for _, n := range b.notes {
		switch n.kind {
		case ast.Aggregate:
			return ast.Design
		case ast.Command, ast.Policy, ast.Projection:
			level = ast.Process
		}
	}
	return level
}

// placeModules puts the notes into areas; where an area holds an aggregate, the
// areas are the modules of a design.
func (b *board) placeModules() {
	design := false
	for _, n := range b.notes {
		if n.area == nil && n.placed {
			n.area = b.areaAt(n.box.middle())
		}
		design = design || n.area != nil && n.kind == ast.Aggregate
	}
	for _, l := range b.labels {
		if l.area == nil {
			l.area = b.areaAt(l.box.middle())
		}
	}
	if !design {
		return
	}
	for _, n := range b.notes {
		if n.area == nil {
			continue
		}
		if n.area.module == nil {
			n.area.module = b.module(n.area.id, n.area.name)
			b.report.decide(n.area.id, "the area %s is a module, as there are aggregates on the board", ast.QuoteText(n.area.name))
		}
		n.module = n.area.module
	}
}

// areaAt returns the smallest area that a point lies in, or nil.
func (b *board) areaAt(x, y float64) *area {
	var best *area
	for _, a := range b.areas {
		if a.box.holds(x, y) && (best == nil || a.box.w*a.box.h < best.box.w*best.box.h) {
			best = a
		}
	}
	return best
}

// module returns the module of a name, and makes it when it is new.
func (b *board) module(id, name string) *module {
	for _, m := range b.modules {
		if m.name == name {
			return m
		}
	}
	m := &module{id: id, name: name}
	b.modules = append(b.modules, m)
	return m
}
