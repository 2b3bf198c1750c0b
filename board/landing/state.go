package landing

import (
	"crypto/rand"
	"maps"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// State is how the text of a storm and the wall stand to each other. It is never
// changed, and may be used by several at once.
type State struct {
	src     *storm.Source // the text as it was read last
	model   *model.Storm  // of the last text that had no error of syntax
	notes   map[string]*standing
	links   map[string]*joint
	holders map[string][]string // the notes that stand for an element, a sticky or a module
	waiting map[string]bool     // notes and links that changed while the text could not be read
	refused map[string]wire.Problem
	title   string            // the name of the board, as text and wall had it in common
	buried  map[string]string // the declarations of elements that went, by their ids

	// NewID makes the ids of notes and links that a step puts on the wall.
	newID func() string
	was   map[string]session.Item // how items were that have changed since wall and text were in step
}

// standing is a note as the text has it.
type standing struct {
	note    *session.Note
	element string // "" for what is on the wall alone
}

// joint is a link as the text has it, between two elements.
type joint struct {
	link     *session.Link
	from, to string
}

// Step is what brings the wall and the text together.
type Step struct {
	Files   []FileEdit
	Changes []session.Change
}

// IsEmpty reports whether there is nothing to do.
func (s *Step) IsEmpty() bool { return len(s.Files)+len(s.Changes) == 0 }

// FileEdit is a change of a file's text.
type FileEdit struct {
	Path    string
	Changes session.ChangeSet // against the text as the wall has it
	Text    string            // after them
	New     bool              // the wall has no such file yet
}

// Event returns the changes of files as [session.BringInStep] takes them, for the
// versions that the wall has.
func (s *Step) Event(wall *session.Wall) session.BringInStep {
	c := session.BringInStep{Changes: s.Changes}
	for _, f := range s.Files {
		change := session.FileChange{Path: f.Path, Changes: f.Changes}
		if file := wall.Files[session.FileID(f.Path)]; file != nil && !f.New {
			change.Version = file.Version
		} else {
			change.Changes, change.Text = nil, f.Text
		}
		c.Files = append(c.Files, change)
	}
	return c
}

// Option sets up a state.
type Option func(*State)

// WithIDs says how the ids of new notes and links are made. They must differ from
// all on the wall.
func WithIDs(next func() string) Option { return func(s *State) { s.newID = next } }

// Since says how the items were that have changed on the wall since it and the text were in
// step, and nil for those that were not there. Then [Open] knows what people did that
// the text does not have yet; else it takes the text for what counts.
func Since(was map[string]session.Item) Option { return func(s *State) { s.was = was } }

// empty returns the state in which nothing is known.
func empty(options ...Option) *State {
	s := &State{
		src: storm.Parse(), notes: map[string]*standing{}, links: map[string]*joint{},
		holders: map[string][]string{}, waiting: map[string]bool{}, refused: map[string]wire.Problem{}, buried: map[string]string{}, newID: randomID,
	}
	s.model = s.src.Model
	for _, o := range options {
		o(s)
	}
	return s
}

// NewIDs returns what makes the ids of new items: each call gives another.
func NewIDs() func() string { return randomID }

// randomID returns an id of 12 letters, as browsers make them.
func randomID() string { return rand.Text()[:12] }

// copied returns a state that can be changed. Its lists are still shared.
func (s *State) copied() *State {
	c := *s
	c.notes, c.links, c.holders = maps.Clone(s.notes), maps.Clone(s.links), maps.Clone(s.holders)
	c.waiting, c.refused, c.buried = maps.Clone(s.waiting), maps.Clone(s.refused), maps.Clone(s.buried)
	return &c
}

// Source returns the storm as it was read last.
func (s *State) Source() *storm.Source { return s.src }

// Model returns the model of the last text that could be read.
func (s *State) Model() *model.Storm { return s.model }

// Element returns the id of the element, the sticky or the module that a note
// stands for, or "".
func (s *State) Element(note string) string {
	if n := s.notes[note]; n != nil {
		return n.element
	}
	return ""
}

// Notes returns the notes that stand for an element, a sticky or a module. The list
// is the state's.
func (s *State) Notes(element string) []string { return s.holders[element] }

// Waiting reports whether the wall has changes that the text could not take because
// it has an error of syntax.
func (s *State) Waiting() bool { return len(s.waiting) > 0 }

// Broken returns the first error of syntax of the text, or nil.
func (s *State) Broken() *diag.Diagnostic { return broken(s.src) }

// broken returns the first error of syntax: a code from E001 to E099.
func broken(src *storm.Source) *diag.Diagnostic {
	for i := range src.Diagnostics {
		if d := &src.Diagnostics[i]; strings.HasPrefix(string(d.Code), "E0") {
			return d
		}
	}
	return nil
}

// bind lets a note stand for an element, or with "" for none.
func (s *State) bind(n *session.Note, element string) {
	if old := s.notes[n.ID]; old != nil && old.element != element && old.element != "" {
		s.drop(old.element, n.ID)
	}
	if element != "" && !slices.Contains(s.holders[element], n.ID) {
		s.holders[element] = append(slices.Clip(s.holders[element]), n.ID)
	}
	s.notes[n.ID] = &standing{note: n, element: element}
}

// forget takes out a note that is on the wall no more.
func (s *State) forget(id string) {
	if old := s.notes[id]; old != nil && old.element != "" {
		s.drop(old.element, id)
	}
	delete(s.notes, id)
	delete(s.refused, id)
}

func (s *State) drop(element, note string) {
	left := make([]string, 0, len(s.holders[element]))
	for _, id := range s.holders[element] {
		if id != note {
			left = append(left, id)
		}
	}
	if len(left) == 0 {
		delete(s.holders, element)
		return
	}
	s.holders[element] = left
}

// rename lets notes and links follow elements to their new ids.
func (s *State) rename(renamed map[string]string) {
	if len(renamed) == 0 {
		return
	}
	moved := map[string][]string{}
	for from, to := range renamed {
		if ids := s.holders[atLine+from]; len(ids) > 0 && from != to {
			moved[atLine+to] = append(moved[atLine+to], ids...)
			delete(s.holders, atLine+from)
		}
		if ids := s.holders[from]; from != to && len(ids) > 0 {
			moved[to] = append(moved[to], ids...)
			delete(s.holders, from)
		}
	}
	for to, ids := range moved {
		slices.Sort(ids)
		s.holders[to] = append(slices.Clip(s.holders[to]), ids...)
		for _, id := range ids {
			s.notes[id] = &standing{note: s.notes[id].note, element: to}
		}
	}
	for id, l := range s.links {
		from, a := renamed[l.from]
		to, b := renamed[l.to]
		if !a && !b {
			continue
		}
		next := &joint{l.link, l.from, l.to}
		if a {
			next.from = from
		}
		if b {
			next.to = to
		}
		s.links[id] = next
	}
}
