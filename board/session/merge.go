package session

import (
	"cmp"
	"slices"
	"strings"

	"github.com/landfall-go/landfall"
)

// MergeNotes makes one note of several that mean the same. Nothing that was said is
// lost.
func (b Board) MergeNotes(c MergeNotes) ([]landfall.Event, error) {
	into, err := b.note(c.Into, c.By)
	if err != nil {
		return nil, err
	}
	from := make([]*Note, 0, len(c.From))
	goes := make(map[string]bool, len(c.From))
	for _, id := range c.From {
		n, err := b.note(id, c.By)
		if err != nil {
			return nil, err
		}
		if n == into || goes[id] {
			return nil, landfall.Reject("A note cannot be merged with itself.")
		}
		if n.Kind != into.Kind || n.Kind.isShape() {
			return nil, landfall.Reject("Only notes of the same kind are merged, not %s and %s.", into.Kind.article(), n.Kind.article())
		}
		goes[id] = true
		from = append(from, n)
	}
	if len(from) == 0 {
		return nil, landfall.Reject("There is nothing to merge.")
	}
	if len(from) > MaxWas {
		return nil, landfall.Reject("A note takes in at most %d others.", MaxWas)
	}
	e := NotesMerged{Into: into.ID, By: c.By, At: c.At}
	for _, n := range from {
		e.From = append(e.From, n.ID)
	}
	if e.Merged, err = united(into, from, goes); err != nil {
		return nil, err
	}
	m := merging{wall: b.Wall(), into: into.ID, goes: goes, event: &e}
	m.rewire(b.linksOf(append([]string{into.ID}, e.From...)))
	m.move()
	return one(e)
}

// united returns what the note is after it has taken in others.
func united(into *Note, from []*Note, goes map[string]bool) (Merged, error) {
	m := Merged{Doc: into.Doc, Answer: into.Answer, Pivotal: into.Pivotal, Private: into.Private,
		Authors: slices.Clone(into.Authors), Was: slices.Clone(into.Was)}
	votes := map[string]int{}
	add := func(n *Note) {
		for p, v := range n.Votes {
			votes[p] += v
		}
		for _, on := range n.On {
			if on != into.ID && !goes[on] && !slices.Contains(m.On, on) {
				m.On = append(m.On, on)
			}
		}
	}
	add(into)
	for _, n := range from {
		add(n)
		m.Doc, m.Answer = joined(m.Doc, n.Doc), joined(m.Answer, n.Answer)
		m.Pivotal = m.Pivotal || n.Pivotal
		m.Private = m.Private && n.Private
		for _, a := range append([]string{n.By}, n.Authors...) {
			if a != into.By && !slices.Contains(m.Authors, a) {
				m.Authors = append(m.Authors, a)
			}
		}
		for _, was := range append([]string{n.Text}, n.Was...) {
			if was != into.Text && !slices.Contains(m.Was, was) {
				m.Was = append(m.Was, was)
			}
		}
	}
	for _, p := range sorted(votes) {
		m.Votes = append(m.Votes, Vote{p, votes[p]})
	}
	return m, m.check()
}

func (m *Merged) check() error {
	if len(m.Was) > MaxWas || len(m.On) > MaxOn {
		return landfall.Reject("A note takes in at most %d others.", MaxWas)
	}
	if err := checkText("The description of both", m.Doc, MaxDoc); err != nil {
		return err
	}
	return checkText("The answer of both", m.Answer, MaxAnswer)
}

// joined puts one text below another, unless it says nothing new.
func joined(a, b string) string {
	switch {
	case b == "" || strings.Contains(a, b):
		return a
	case a == "":
		return b
	}
	return a + "\n\n" + b
}

// merging finds what refers to the notes that go, and lets it refer to the one
// that stays.
type merging struct {
	wall  *Wall
	into  string
	goes  map[string]bool
	event *NotesMerged
}

func (m *merging) stays(id string) string {
	if m.goes[id] {
		return m.into
	}
	return id
}

// rewire moves links over. Links of the one note come first, so that they are
// kept where another would be there twice.
func (m *merging) rewire(links []string) {
	drawn := map[pair]bool{}
	for _, id := range links {
		if l := m.wall.Links[id]; !m.goes[l.From] && !m.goes[l.To] {
			drawn[pair{l.From, l.To}] = true
		}
	}
	for _, id := range links {
		l := m.wall.Links[id]
		if !m.goes[l.From] && !m.goes[l.To] {
			continue
		}
		ends := pair{m.stays(l.From), m.stays(l.To)}
		if ends.from == ends.to || drawn[ends] {
			m.event.Unlinked = append(m.event.Unlinked, id)
			continue
		}
		drawn[ends] = true
		m.event.Links = append(m.event.Links, LinkData{id, ends.from, ends.to, l.Verb})
	}
}

// move takes over comments, what is kept apart, and the stickies on the notes.
func (m *merging) move() {
	e := m.event
	for id, c := range m.wall.Comments {
		if m.goes[c.Note] {
			e.Comments = append(e.Comments, id)
		}
	}
	slices.Sort(e.Comments)
	m.keepApart()
	for id, n := range m.wall.Notes {
		if m.goes[id] || id == m.into || !slices.ContainsFunc(n.On, func(on string) bool { return m.goes[on] }) {
			continue
		}
		var on []string
		for _, other := range n.On {
			if other = m.stays(other); !slices.Contains(on, other) {
				on = append(on, other)
			}
		}
		e.Attached = append(e.Attached, Attachment{id, on})
	}
	sortAttached(e.Attached)
}

// keepApart moves what was said not to be the same; where both are one now, it is
// forgotten.
func (m *merging) keepApart() {
	known := map[pair]bool{}
	for _, a := range m.wall.Aparts {
		if !m.goes[a.A] && !m.goes[a.B] {
			known[between(a.A, a.B)] = true
		}
	}
	for _, id := range sorted(m.wall.Aparts) {
		a := m.wall.Aparts[id]
		if !m.goes[a.A] && !m.goes[a.B] {
			continue
		}
		x, y := m.stays(a.A), m.stays(a.B)
		if x == y || known[between(x, y)] {
			m.event.Together = append(m.event.Together, id)
			continue
		}
		known[between(x, y)] = true
		m.event.Aparts = append(m.event.Aparts, ApartData{id, x, y})
	}
}

// between returns a pair that is the same both ways round.
func between(a, b string) pair {
	if b < a {
		a, b = b, a
	}
	return pair{a, b}
}

func sortAttached(a []Attachment) {
	slices.SortFunc(a, func(a, b Attachment) int { return cmp.Compare(a.ID, b.ID) })
}

// KeepApart remembers that two notes do not mean the same.
func (b Board) KeepApart(c KeepApart) ([]landfall.Event, error) {
	for _, id := range []string{c.A, c.B} {
		if _, err := b.note(id, c.By); err != nil {
			return nil, err
		}
	}
	if c.A == c.B {
		return nil, landfall.Reject("A note is the same as itself.")
	}
	if err := b.checkNew(c.ID, nil); err != nil {
		return nil, err
	}
	for _, a := range b.Wall().Aparts {
		if between(a.A, a.B) == between(c.A, c.B) {
			return nil, nil
		}
	}
	if len(b.Wall().Aparts) >= MaxAparts {
		return nil, landfall.Reject("The wall remembers %d pairs that are not the same, and no more.", MaxAparts)
	}
	return one(NotesKeptApart(c))
}
