package session

import (
	"encoding/json"
	"maps"
)

// How much of the past can be undone: so many steps of each person, and so many
// changes of each person in all of them.
const (
	MaxSteps   = 200
	maxEntries = 20_000
)

// past is what each person did last, and who set what. Every event is a moment;
// moments are counted, and a step has the number of its first.
type past struct {
	moment    int
	written   map[string]*writers
	histories map[string]*history
}

// writer is who set a property or made an item, and in which step.
type writer struct {
	By   string
	Step int
}

// writers are those of an item.
type writers struct {
	Born       writer            `json:"b,omitzero"`
	Properties map[string]writer `json:"p,omitempty"` // those set since
	// There is the moment since when the item is there.
	There int `json:"t,omitempty"`
}

// history is what a person did, and what of it they took back.
type history struct {
	Done   []step `json:"done,omitempty"`
	Undone []step `json:"undone,omitempty"`
}

// step is what one gesture did: the entries say how it is taken back, or done
// again, from the last to the first.
type step struct {
	Number  int     `json:"n"`
	Gesture string  `json:"g,omitempty"`
	Entries []entry `json:"e,omitempty"`
}

// entry is how one change is taken back. It is one of three: a property is set to
// Value; an item that was made goes (Item is nil); Item, which went, comes back.
type entry struct {
	ID       string          `json:"i"`
	Property string          `json:"p,omitempty"`
	Value    json.RawMessage `json:"v,omitempty"`
	// After is what the change made of votes.
	After json.RawMessage `json:"a,omitempty"`
	Item  Item            `json:"item,omitempty"`
	// Writer is who had set the property before, and Writers of the item.
	Writer  writer   `json:"w,omitzero"`
	Writers *writers `json:"ws,omitempty"`
	// Expected is the last writer of a property if nobody has gone on from it.
	Expected writer `json:"e,omitzero"`
	// Since is the moment after which nobody else may have touched an item that
	// goes.
	Since int `json:"s,omitempty"`
}

func newPast() *past {
	return &past{written: map[string]*writers{}, histories: map[string]*history{}}
}

// untracked says whether a property follows from others, or is the server's own.
func untracked(property string) bool {
	return property == "verb" || property == "element" || property == "type"
}

func (p *past) of(person string) *history {
	h := p.histories[person]
	if h == nil {
		h = &history{}
		p.histories[person] = h
	}
	return h
}

// writer returns who set a property last.
func (p *past) writer(id, property string) writer { return p.written[id].of(property) }

func (w *writers) of(property string) writer {
	if w == nil {
		return writer{}
	}
	if last, ok := w.Properties[property]; ok {
		return last
	}
	return w.Born
}

// touchedByOthers says whether anyone but the person made the item or set a
// property of it after the moment.
func (w *writers) touchedByOthers(person string, since int) bool {
	if w == nil {
		return false
	}
	other := func(by writer) bool { return by.By != person && by.Step > since }
	if other(w.Born) {
		return true
	}
	for _, by := range w.Properties {
		if other(by) {
			return true
		}
	}
	return false
}

func (w *writers) clone() *writers {
	if w == nil {
		return &writers{}
	}
	return &writers{Born: w.Born, Properties: maps.Clone(w.Properties), There: w.There}
}

func (p *past) setWriter(id, property string, by writer) {
	w := p.written[id]
	switch {
	case w == nil:
		w = &writers{}
		p.written[id] = w
		fallthrough
	case w.Born != by:
		if w.Properties == nil {
			w.Properties = map[string]writer{}
		}
		w.Properties[property] = by
	default:
		delete(w.Properties, property)
	}
}

// happen makes the changes of an event, and remembers how to take them back.
func (p *past) happen(w *Wall, by, gesture string, undoable bool, changes []Change) {
	p.moment++
	s := &step{Number: p.moment, Gesture: gesture}
	var h *history
	goesOn := false
	if undoable && by != "" {
		h = p.of(by)
		if n := len(h.Done); gesture != "" && n > 0 && len(h.Undone) == 0 && p.goesOn(&h.Done[n-1], gesture, by, changes) {
			s, goesOn = &h.Done[n-1], true
		}
	}
	m := mark{past: p, step: s, writer: func(string, string, json.RawMessage) writer { return writer{by, s.Number} }}
	for i := range changes {
		before, after := w.apply(&changes[i])
		m.change(&changes[i], before, after)
	}
	if h == nil {
		return
	}
	if !goesOn && len(s.Entries) > 0 {
		h.Done = append(h.Done, *s)
	}
	h.Undone = nil
	h.bound()
}

// pass makes the changes of an event that is no work on the items: whose they are,
// they stay.
func (p *past) pass(w *Wall, changes []Change) {
	p.moment++
	w.Apply(changes)
}

// goesOn says whether changes belong to a step: they are of one gesture, and on
// items that were there when it began, or that it made. (So whoever touched an item
// after some moment did so in a step that began after it.)
func (p *past) goesOn(s *step, gesture, by string, changes []Change) bool {
	if s.Gesture != gesture {
		return false
	}
	for i := range changes {
		if w := p.written[changes[i].ID]; w != nil && w.There > s.Number && w.Born != (writer{by, s.Number}) {
			return false
		}
	}
	return true
}

// bound forgets the oldest steps when there are too many.
func (h *history) bound() {
	entries := 0
	for i := len(h.Done) - 1; i >= 0; i-- {
		entries += len(h.Done[i].Entries)
		if i < len(h.Done)-1 && entries > maxEntries || len(h.Done)-i > MaxSteps {
			h.Done = append([]step(nil), h.Done[i+1:]...)
			return
		}
	}
}

// takeBack makes the changes of a step that is undone.
func (p *past) takeBack(w *Wall, by string, changes []Change) {
	h := p.of(by)
	if n := len(h.Done); n > 0 {
		undone := p.reverse(w, by, h.Done[n-1], changes)
		h.Done, h.Undone = h.Done[:n-1], append(h.Undone, undone)
	}
}

// doAgain makes the changes of a step that was undone and is done again.
func (p *past) doAgain(w *Wall, by string, changes []Change) {
	h := p.of(by)
	if n := len(h.Undone); n > 0 {
		done := p.reverse(w, by, h.Undone[n-1], changes)
		h.Undone, h.Done = h.Undone[:n-1], append(h.Done, done)
	}
}

// reverse makes changes that follow from a step's entries, and returns the step
// that leads back again.
func (p *past) reverse(w *Wall, by string, s step, changes []Change) step {
	p.moment++
	back := step{Number: s.Number, Gesture: s.Gesture}
	m := mark{past: p, step: &back, back: true, entries: map[string][]*entry{}}
	for i := range s.Entries {
		e := &s.Entries[i]
		m.entries[e.ID] = append(m.entries[e.ID], e)
	}
	now := writer{by, p.moment}
	m.writer = func(id, property string, value json.RawMessage) writer {
		if e := m.entry(id, property); e != nil && (property == "votes" || string(e.Value) == string(value)) {
			return e.Writer
		}
		return now
	}
	for i := range changes {
		before, after := w.apply(&changes[i])
		m.change(&changes[i], before, after)
	}
	return back
}

// mark remembers changes in a step.
type mark struct {
	past   *past
	step   *step
	writer func(id, property string, value json.RawMessage) writer
	// When a step is reversed:
	back    bool
	entries map[string][]*entry // of the step that is reversed, by item
}

// entry returns the first entry of an item's property, or of its coming back.
func (m *mark) entry(id, property string) *entry {
	for _, e := range m.entries[id] {
		if e.Property == property {
			return e
		}
	}
	return nil
}

func (m *mark) add(e entry) { m.step.Entries = append(m.step.Entries, e) }

// change remembers one change, which made one item of another.
func (m *mark) change(c *Change, before, after Item) {
	switch {
	case before == nil && after == nil, before == after:
	case before == nil:
		m.made(c)
		m.add(entry{ID: c.ID, Since: m.past.moment})
	case after == nil:
		m.add(entry{ID: c.ID, Item: before, Writers: m.past.written[c.ID]})
		delete(m.past.written, c.ID)
	case c.Edit == nil:
		m.properties(c, before, after)
	}
}

// made notes who made an item: when it comes back, whoever did before.
func (m *mark) made(c *Change) {
	if m.back {
		for _, e := range m.entries[c.ID] {
			if e.Item != nil {
				w := e.Writers.clone()
				w.There = m.past.moment
				m.past.written[c.ID] = w
				return
			}
		}
	}
	m.past.written[c.ID] = &writers{Born: m.writer(c.ID, "", nil), There: m.past.moment}
}

func (m *mark) properties(c *Change, before, after Item) {
	s := before.schema()
	for _, p := range c.Set {
		n, ok := s.number(p.Name)
		if !ok || untracked(p.Name) {
			continue
		}
		was, is := s.get(before, n), s.get(after, n)
		if string(was) == string(is) {
			continue
		}
		last := m.past.writer(c.ID, p.Name)
		by := m.writer(c.ID, p.Name, is)
		if !m.back && last == by {
			continue // the step has an entry that leads back further
		}
		m.past.setWriter(c.ID, p.Name, by)
		e := entry{ID: c.ID, Property: p.Name, Value: was, Writer: last, Expected: by}
		if p.Name == "votes" {
			e.After = is
		}
		m.add(e)
	}
}
