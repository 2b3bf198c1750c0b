package session

import (
	"encoding/json"
	"maps"
)

// How much of the past can be undone: so many steps of each person, so many changes
// of each person in all of them, and so many of all people.
const (
	MaxSteps      = 200
	maxEntries    = 20_000
	maxAllEntries = 60_000
)

// past is what each person did last, and who set what. Every event is a moment;
// moments are counted, and a step has the number of its first.
type past struct {
	moment    int
	written   map[string]*writers
	histories map[string]*history
}

// writer is who set a property or made an item, and at which moment.
type writer struct {
	By string
	At int
}

// writers are those of an item.
type writers struct {
	Born       writer            `json:"b,omitzero"`
	Properties map[string]writer `json:"p,omitempty"` // those set since
	// Back is who brought the item back last, after it was gone.
	Back writer `json:"back,omitzero"`
}

// history is what a person did, and what of it they took back.
type history struct {
	Done   []step `json:"done,omitempty"`
	Undone []step `json:"undone,omitempty"`
	// Sealed says that no gesture goes on with the last step.
	Sealed bool `json:"sealed,omitempty"`
	// Entries is how many there are in all steps.
	Entries int `json:"entries,omitempty"`
}

// step is what one gesture did: the entries say how it is taken back, or done
// again, from the last to the first. Last is the last moment of the gesture, and
// Undone that at which it was undone.
type step struct {
	Number  int     `json:"n"`
	Last    int     `json:"l"`
	Undone  int     `json:"u,omitempty"`
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

// expects says whether a property is still as the step's entry left it. Where an
// undo left it to what the same person had set before, it may be from doing that
// again.
func (s *step) expects(e *entry, last writer, person string) bool {
	if e.Expected.At < s.Number {
		return last == e.Expected || last.By == person && e.Expected.By == person
	}
	return last.By == e.Expected.By && last.At >= s.Number && last.At <= s.Last
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
	other := func(by writer) bool { return by.By != person && by.At > since }
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
	return &writers{Born: w.Born, Properties: maps.Clone(w.Properties), Back: w.Back}
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
	s := &step{Number: p.moment, Last: p.moment, Gesture: gesture}
	var h *history
	goesOn := false
	switch {
	case by == "":
	case undoable:
		h = p.of(by)
		if n := len(h.Done); n > 0 && gesture != "" && h.Done[n-1].Gesture == gesture && len(h.Undone) == 0 && !h.Sealed {
			s, goesOn = &h.Done[n-1], true
			s.Last = p.moment
		}
	case p.histories[by] != nil:
		p.histories[by].Sealed = true
	}
	if undoable && !goesOn {
		s.Entries = make([]entry, 0, len(changes)) // at least, nearly always
	}
	now := writer{by, p.moment}
	m := mark{past: p, step: s, now: now, writer: func(string, string, json.RawMessage) writer { return now }}
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
	h.Undone, h.Sealed = nil, false
	p.bound(h)
}

// pass makes the changes of an event that is no work on the items: whose they are,
// they stay.
func (p *past) pass(w *Wall, changes []Change) {
	p.moment++
	w.Apply(changes)
}

// bound forgets the oldest steps when there are too many.
func (p *past) bound(h *history) {
	h.count()
	for len(h.Done) > MaxSteps || h.Entries > maxEntries && len(h.Done) > 1 {
		h.forget()
	}
	all := 0
	for _, h := range p.histories {
		all += h.Entries
	}
	for all > maxAllEntries {
		longest := h
		for _, person := range sorted(p.histories) {
			if other := p.histories[person]; len(other.Done) > 0 && (len(longest.Done) == 0 || other.Entries > longest.Entries) {
				longest = other
			}
		}
		if len(longest.Done) == 0 {
			return
		}
		before := longest.Entries
		longest.forget()
		all -= before - longest.Entries
	}
}

func (h *history) count() {
	h.Entries = 0
	for _, steps := range [][]step{h.Done, h.Undone} {
		for i := range steps {
			h.Entries += len(steps[i].Entries)
		}
	}
}

// forget forgets the oldest step.
func (h *history) forget() {
	h.Entries -= len(h.Done[0].Entries)
	h.Done[0] = step{}
	h.Done = h.Done[1:]
}

// takeBack makes the changes of a step that is undone.
func (p *past) takeBack(w *Wall, by string, changes []Change) {
	h := p.of(by)
	if n := len(h.Done); n > 0 {
		undone := p.reverse(w, by, h.Done[n-1], changes, true)
		undone.Undone = p.moment
		h.Done, h.Undone = h.Done[:n-1], append(h.Undone, undone)
		h.count()
	}
}

// doAgain makes the changes of a step that was undone and is done again.
func (p *past) doAgain(w *Wall, by string, changes []Change) {
	h := p.of(by)
	if n := len(h.Undone); n > 0 {
		done := p.reverse(w, by, h.Undone[n-1], changes, false)
		done.Number, done.Last = p.moment, p.moment
		h.Undone, h.Done = h.Undone[:n-1], append(h.Done, done)
		h.count()
	}
}

// reverse makes changes that follow from a step's entries, and returns the step
// that leads back again. With restore, properties belong again to whoever had set
// them before.
func (p *past) reverse(w *Wall, by string, s step, changes []Change, restore bool) step {
	p.moment++
	back := step{Number: s.Number, Last: s.Last, Gesture: s.Gesture}
	now := writer{by, p.moment}
	m := mark{past: p, step: &back, now: now, back: true, entries: map[string][]*entry{}}
	for i := range s.Entries {
		e := &s.Entries[i]
		m.entries[e.ID] = append(m.entries[e.ID], e)
	}
	m.writer = func(id, property string, value json.RawMessage) writer {
		if e := m.entry(id, property); restore && e != nil && (property == "votes" || string(e.Value) == string(value)) {
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
	now    writer
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
				w.Back = m.now
				m.past.written[c.ID] = w
				return
			}
		}
	}
	m.past.written[c.ID] = &writers{Born: m.now}
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
		if !m.back && last.By == by.By && last.At >= m.step.Number {
			m.past.setWriter(c.ID, p.Name, by)
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
