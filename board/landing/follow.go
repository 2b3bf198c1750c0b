package landing

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
)

// FollowWall lets the text follow the wall. dirty has the ids of the notes and links
// that were added, changed or removed since the state was made; nil says that any
// may have been. The files of the wall must have the text that the state has read;
// where they do not, the step that [State.FollowText] gives comes first.
func (s *State) FollowWall(wall *session.Wall, dirty []string) (*State, Step) {
	f := s.follow(wall)
	f.collect(dirty)
	if s.isBehind(wall) {
		next, step := s.FollowText(wall)
		for id := range f.dirty {
			next.waiting[id] = true
		}
		return next, step
	}
	if broken(s.src) != nil {
		for id := range f.dirty {
			f.waiting[id] = true
		}
		return f.State, Step{}
	}
	clear(f.waiting)
	before := s.model
	f.batch = edit.Begin(s.src)
	f.nameStorm()
	f.frames()
	f.elements()
	f.stickies()
	f.remove()
	f.joints()
	f.marks()
	f.order()
	change := f.batch.Change()
	f.src, f.model = change.Source, change.Source.Model
	if f.deep || attached(before, f.model) {
		f.reconcile(before, change.Renamed, false)
	}
	f.learn()
	f.tellElements()
	return f.State, Step{Files: f.files(s), Changes: f.changes.list}
}

// follower is a step from the wall to the text, or back.
type follower struct {
	*State  // as it will be
	old     *State
	wall    *session.Wall
	batch   *edit.Batch
	changes *changes
	dirty   map[string]bool // notes and links
	again   map[string]bool // notes that stand for something else than before
	new     map[string]bool // dirty notes that the text did not have before
	lost    map[string]bool // elements, stickies and modules that lost a note
	deep    bool            // more than the notes at hand may have changed in the text
	added   []addition
	rest    map[string]string // doc comments of elements that change their kind, by their notes
	order_  []string          // notes whose place in time may have changed
	room    *room
	layout  *Layout
	first   bool     // the wall is laid out anew
	unlined []string // events that a vertical line stood at
	strays  map[ast.Kind][]*session.Note
	made    map[string]*session.Note // notes as this step makes them
}

// collect finds out what is dirty: what was named, what was refused or had to wait,
// or else whatever is not as the state knows it.
func (f *follower) collect(dirty []string) {
	if dirty == nil {
		for id, n := range f.wall.Notes {
			if old := f.notes[id]; old == nil || old.note != n {
				f.dirty[id] = true
			}
		}
		for id := range f.notes {
			if f.wall.Notes[id] == nil {
				f.dirty[id] = true
			}
		}
		for id, l := range f.wall.Links {
			if old := f.links[id]; old == nil || old.link != l {
				f.dirty[id] = true
			}
		}
		for id := range f.links {
			if f.wall.Links[id] == nil {
				f.dirty[id] = true
			}
		}
	}
	for _, id := range dirty {
		f.dirty[id] = true
	}
	for id := range f.waiting {
		f.dirty[id] = true
	}
	for id := range f.refused {
		if f.wall.Notes[id] == nil && f.wall.Links[id] == nil {
			delete(f.refused, id) // it was said once
		}
		f.dirty[id] = true
	}
	f.new = map[string]bool{}
	for id := range f.dirty {
		f.new[id] = f.Element(id) == ""
	}
}

// isFresh reports whether a dirty note is in the text, and not as the state knows
// it.
func (f *follower) live(id string) *session.Note {
	n := f.wall.Notes[id]
	if n == nil || !lands(n) {
		return nil
	}
	return n
}

// dirtyNotes returns the dirty notes that are in the text and of certain kinds, in
// the order of the wall: from left to right, then from the top.
func (f *follower) dirtyNotes(of func(ast.Kind) bool) []*session.Note {
	var out []*session.Note
	for id := range f.dirty {
		if n := f.live(id); n != nil && of(kindOf(n)) {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, leftToRight)
	return out
}

func leftToRight(a, b *session.Note) int {
	return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y), cmp.Compare(a.ID, b.ID))
}

// leave unbinds the dirty notes of certain kinds that are in the text no more: they
// are gone, private, empty or of another kind.
func (f *follower) leave(of func(ast.Kind) bool) {
	for _, id := range slices.Sorted(maps.Keys(f.dirty)) {
		old := f.notes[id]
		if old == nil || old.element == "" || !of(kindIn(old.element)) {
			continue
		}
		n := f.live(id)
		switch {
		case n == nil:
			f.lost[old.element] = true
			f.forget(id)
			if n := f.wall.Notes[id]; n != nil && !n.Private && n.Element != "" {
				f.changes.set(id, "element", "")
			}
		case kindOf(n) != kindIn(old.element):
			f.keepDoc(n, old.element)
			f.lost[old.element] = true
			f.bind(n, "")
		}
	}
}

// bind lets a note stand for an element; what it stood for before has lost it.
func (f *follower) bind(n *session.Note, element string) {
	if was := f.Element(n.ID); was != "" && was != element {
		f.lost[was] = true
		if event := lineEvent(was); event != was {
			f.unlined = append(f.unlined, event)
		}
	}
	f.State.bind(n, element)
}

// keepDoc remembers what was said of an element that changes its kind.
func (f *follower) keepDoc(n *session.Note, element string) {
	if len(f.holders[element]) > 1 {
		return
	}
	if e := f.batch.Model().Element(element); e != nil && n.Doc == "" {
		f.rest[n.ID] = e.Doc
	}
}

// do carries out a gesture, and lets notes and links follow what it renames.
func (f *follower) do(g edit.Gesture) error {
	renamed, err := f.batch.Do(g)
	if err != nil {
		return err
	}
	f.renamed(renamed)
	return nil
}

// doAll carries out gestures that do not rest on one another, and returns the error of
// each.
func (f *follower) doAll(all []edit.Gesture) []error {
	renamed, errs := f.batch.DoAll(all...)
	f.renamed(renamed)
	return errs
}

func (f *follower) renamed(renamed map[string]string) {
	f.rename(renamed)
	for from, to := range renamed {
		if f.lost[from] {
			delete(f.lost, from)
			f.lost[to] = true
		}
	}
}

// refuse keeps what the text could not take as a problem of a note or a link.
func (f *follower) refuse(id string, err error, notes ...string) {
	f.refused[id] = wire.Problem{Code: codeOf(err), Severity: "error", Message: sentence(err), Help: helpFor(err), Notes: notes}
}

// The codes of problems that the checker does not know.
const (
	codeTaken   = "W001" // the name is taken
	codeKind    = "W002" // not possible between these
	codeInUse   = "W003" // still in use
	codeUnsound = "W004" // anything else
	codeBroken  = "W005" // the text has an error, so that the wall waits
)

func codeOf(err error) string {
	switch {
	case errors.Is(err, edit.ErrTaken):
		return codeTaken
	case errors.Is(err, edit.ErrKind):
		return codeKind
	case errors.Is(err, edit.ErrInUse):
		return codeInUse
	}
	return codeUnsound
}

func helpFor(err error) string {
	switch {
	case errors.Is(err, edit.ErrTaken):
		return "give it another name, or merge the two; until then the text has it as before"
	case errors.Is(err, edit.ErrKind):
		return "link it differently, or change the kind of a note; until then it is on the wall only"
	case errors.Is(err, edit.ErrInUse):
		return "change what uses it first"
	}
	return "change the note, or write it in the text"
}

func sentence(err error) string { return "Not in the text: " + err.Error() }

// module returns the name of the module whose frame a note lies in, or "".
func (f *follower) module(n *session.Note) string {
	if frame := f.notes[n.Module]; n.Module != "" && frame != nil && kindIn(frame.element) == ast.Module {
		return moduleName(frame.element)
	}
	return ""
}

// knows reports whether the state has the note just as it is.
func (f *follower) remember(n *session.Note) {
	delete(f.refused, n.ID)
	f.notes[n.ID] = &standing{note: n, element: f.Element(n.ID)}
}

// files returns the edits of the files since a state.
func (f *follower) files(before *State) []FileEdit {
	var out []FileEdit
	for _, file := range f.src.Files {
		text := string(file.Text)
		old := before.src.File(file.Path)
		switch {
		case old == nil:
			out = append(out, FileEdit{Path: file.Path, Text: text, New: true})
		case string(old.Text) != text:
			out = append(out, FileEdit{Path: file.Path, Text: text, Changes: Between(string(old.Text), text)})
		}
	}
	return out
}

// tellElements writes on notes what they stand for, where that is new.
func (f *follower) tellElements() {
	for id, n := range f.notes {
		if now := f.wall.Notes[id]; now != nil && now.Element != lineEvent(n.element) {
			f.changes.set(id, "element", lineEvent(n.element))
		}
	}
	for id := range f.dirty { // what came back to the wall may stand for nothing any more
		if n := f.wall.Notes[id]; n != nil && f.notes[id] == nil && n.Element != "" {
			f.changes.set(id, "element", "")
		}
	}
	f.knowChanges()
	slices.SortStableFunc(f.changes.list, func(a, b session.Change) int {
		return cmp.Or(cmp.Compare(rankOf(a), rankOf(b)), strings.Compare(a.ID, b.ID))
	})
	f.changes.at = nil
}

// knowChanges lets the state know the notes as the step changes them, so that what
// somebody changes back afterwards is seen to be a change.
func (f *follower) knowChanges() {
	for _, c := range f.changes.list {
		old := f.notes[c.ID]
		if old == nil || f.wall.Notes[c.ID] == nil || len(c.Set) == 0 || len(c.Set) == 1 && c.Set[0].Name == "element" {
			continue
		}
		now := *old.note
		now.On = slices.Clone(now.On)                   // the wall's is read by others
		if json.Unmarshal(encode(c.Set), &now) == nil { // what this package writes can be read
			f.notes[c.ID] = &standing{note: &now, element: old.element}
		}
	}
}

// rankOf orders changes: notes come before their links, and links go before their
// notes.
func rankOf(c session.Change) int {
	switch {
	case c.Gone:
		return 0
	case c.Set.Type() == session.LinkItem:
		return 2
	}
	return 1
}

// freshID returns an id that nothing has or had a moment ago.
func (f *follower) freshID() string {
	for {
		id := f.newID()
		_, changed := f.changes.at[id]
		if !changed && f.wall.Item(id) == nil && f.notes[id] == nil && f.links[id] == nil && !f.layout.has(id) {
			return id
		}
	}
}
