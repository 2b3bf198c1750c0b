package landing

import (
	"cmp"
	"maps"
	"slices"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Open finds out how a wall and the files of its storm stand to each other, and
// brings them together: the text is what counts where they differ, except for what
// people did at the wall after the two were in step ([Since]), and for notes that have
// not landed yet. files are the texts as they shall be; a wall that is still
// empty is laid out anew, with what layout remembers in its place. layout may be nil.
func Open(wall *session.Wall, files []storm.File, layout *Layout, options ...Option) (*State, Step) {
	s := empty(options...)
	pending := s.begin(wallBefore(wall, s.was))
	s.was = nil
	first := len(wall.Notes) == 0
	f := s.follow(wall)
	f.layout = layout
	next, step := f.text(files, first)
	for id := range wall.Notes {
		if n := wall.Notes[id]; pending[id] || next.notes[id] == nil && lands(n) {
			next.waiting[id] = true // it has not landed yet
		}
	}
	for id := range wall.Links {
		if next.links[id] == nil && !f.changes.isGone(id) {
			next.waiting[id] = true
		}
	}
	return next, step
}

// wallBefore returns a wall as it was before some of its items changed. It has the items only,
// and not which links belong to which note.
func wallBefore(wall *session.Wall, was map[string]session.Item) *session.Wall {
	if len(was) == 0 {
		return wall
	}
	w := session.Wall{Notes: maps.Clone(wall.Notes), Links: maps.Clone(wall.Links), Files: maps.Clone(wall.Files), Board: wall.Board}
	for id, item := range was {
		delete(w.Notes, id)
		delete(w.Links, id)
		delete(w.Files, id)
		switch item := item.(type) {
		case *session.Note:
			w.Notes[id] = item
		case *session.Link:
			w.Links[id] = item
		case *session.File:
			w.Files[id] = item
		case *session.BoardInfo:
			w.Board = item
		}
	}
	return &w
}

// begin lets the state know a wall and its text as they are in step. It returns what the
// wall has otherwise than the text.
func (s *State) begin(wall *session.Wall) map[string]bool {
	if len(wall.Files) > 0 {
		s.src = storm.Parse(wallFiles(wall)...)
		if broken(s.src) == nil {
			s.model = s.src.Model
		}
	}
	for _, n := range slices.SortedFunc(maps.Values(wall.Notes), oldest) {
		switch {
		case n.Kind == session.KindLine && n.Element == "" && !n.Private:
			s.bind(n, "") // it stands at no event until it is moved
		case n.Element == "" || n.Private:
		case !s.has(n.Element): // it was out of the text, and has not come back yet
		case n.Kind == session.KindLine:
			s.bind(n, atLine+n.Element)
		default: // also what is empty, or a label, by now
			s.bind(n, n.Element)
		}
	}
	if wall.Board != nil {
		s.title = cmp.Or(nameOf(s.model.Name), wall.Board.Name)
	}
	pending := s.asTextSays(wall)
	s.knowLinks(wall)
	return pending
}

// oldest orders notes by when they were put on the wall.
func oldest(a, b *session.Note) int {
	return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID))
}

// has reports whether the text has an element, a sticky or a module. Of a text that cannot
// be read it is assumed.
func (s *State) has(id string) bool {
	return len(s.src.Files) == 0 || broken(s.src) != nil || s.model.Element(id) != nil || s.model.Sticky(id) != nil ||
		kindIn(id) == ast.Module && s.model.Module(moduleName(id)) != nil
}

// asTextSays lets the state know of each note what the text says of it, and returns those
// that the wall has otherwise: they were changed on the wall just before it was closed.
func (s *State) asTextSays(wall *session.Wall) map[string]bool {
	pending := map[string]bool{}
	for id := range s.notes {
		if s.learnt(wall.Notes[id]) {
			pending[id] = true
		}
	}
	return pending
}

// learnt lets the state know of a note what the text says of what it stands for, and reports
// whether the note says anything else.
func (s *State) learnt(n *session.Note) bool {
	element := s.Element(n.ID)
	said := s.inText(n, element)
	// What the text says is not taken back: another note may say it.
	if n.Doc == "" {
		said.Doc = ""
	}
	if n.Answer == "" {
		said.Answer = ""
	}
	if n.Team == "" {
		said.Team = ""
	}
	if sameNote(said, n) {
		return false
	}
	s.notes[n.ID] = &standing{note: said, element: element}
	return true
}

// inText returns a note as it would be if it said what the text says of what it stands for.
func (s *State) inText(n *session.Note, id string) *session.Note {
	said, kind := *n, kindIn(id)
	if kind != ast.NoKind { // of a line it is none
		said.Kind = session.Kind(kind.String())
	}
	if e := s.model.Element(id); e != nil {
		if !reads(e.Name, spelled(n)) {
			said.Text = e.Label()
		}
		said.Doc, said.Pivotal = clip(saidOf(e), session.MaxDoc), e.Pivotal
		frame := s.notes[n.Module]
		if frame != nil && frame.element != moduleID(e.Module.Name) {
			said.Module = ""
		}
	} else if st := s.model.Sticky(id); kind.IsSticky() && st != nil {
		said.Text, said.Answer, said.Doc = clip(st.Text, session.MaxText), clip(st.Resolved, session.MaxAnswer), clip(st.Doc, session.MaxDoc)
		if spelled(&said) == spelled(n) {
			said.Text = n.Text
		}
	} else if m := s.model.Module(moduleName(id)); kind == ast.Module && m != nil {
		said.Team, said.Doc = clip(m.Team, session.MaxName), clip(m.Doc, session.MaxDoc)
		if !reads(m.Name, spelled(n)) {
			said.Text = model.Label(m.Name)
		}
	}
	return &said
}

// sameNote reports whether two notes say the same and lie at the same place.
func sameNote(a, b *session.Note) bool {
	return a == b || a.Kind == b.Kind && a.Text == b.Text && a.X == b.X && a.Y == b.Y && a.W == b.W && a.H == b.H &&
		a.Module == b.Module && a.Private == b.Private && a.Pivotal == b.Pivotal && a.Answer == b.Answer && a.Doc == b.Doc &&
		a.Team == b.Team && slices.Equal(a.On, b.On) && slices.Equal(a.Was, b.Was)
}

// notYet lets all wait that is otherwise on the wall than the text has it.
func (f *follower) notYet() {
	for id, n := range f.wall.Notes {
		switch old := f.notes[id]; {
		case old == nil && (lands(n) || n.Kind == session.KindLine && !n.Private),
			old != nil && !sameNote(old.note, n):
			f.waiting[id] = true
		}
	}
	for id := range f.notes {
		if f.wall.Notes[id] == nil {
			f.waiting[id] = true
		}
	}
	for id, l := range f.wall.Links {
		if old := f.links[id]; old == nil || *old.link != *l {
			f.waiting[id] = true
		}
	}
	for id := range f.links {
		if f.wall.Links[id] == nil {
			f.waiting[id] = true
		}
	}
}

// knowLinks lets the state know the links of a wall that the text has.
func (s *State) knowLinks(wall *session.Wall) {
	for id, l := range wall.Links {
		from, to := s.Element(l.From), s.Element(l.To)
		a, b := s.model.Element(from), s.model.Element(to)
		if a != nil && b != nil && linked(s.model, a, b) {
			s.links[id] = &joint{l, from, to}
		}
	}
}

// wallFiles returns the files as the wall has them.
func wallFiles(wall *session.Wall) []storm.File {
	var files []storm.File
	for _, f := range wall.Files {
		files = append(files, storm.File{Path: f.Path, Text: []byte(f.Text)})
	}
	return files
}

// FollowText lets the wall follow the text. Without files the texts are those of the
// wall, which somebody has edited; with files, such as those that were changed on the
// disk, these take their place, and the step has the edits of the texts, too. While the
// text has an error of syntax, the wall stays as it is.
//
// Where [State.Waiting] is true after it, the wall has changes that FollowWall can bring
// into the text now.
func (s *State) FollowText(wall *session.Wall, files ...storm.File) (*State, Step) {
	if files == nil {
		files = wallFiles(wall)
	}
	return s.follow(wall).text(files, false)
}

// follow begins a step.
func (s *State) follow(wall *session.Wall) *follower {
	return &follower{
		State: s.copied(), old: s, wall: wall, changes: newChanges(wall), dirty: map[string]bool{}, new: map[string]bool{},
		lost: map[string]bool{}, again: map[string]bool{}, rest: map[string]string{}, made: map[string]*session.Note{},
	}
}

func (f *follower) text(files []storm.File, first bool) (*State, Step) {
	before := f.model
	f.notYet()
	f.src = storm.Parse(files...)
	if broken(f.src) == nil {
		f.model = f.src.Model
		renamed := follow(before, f.model)
		f.rename(renamed)
		f.first = first
		f.nameBoard(before.Name, f.model.Name)
		f.reconcile(before, renamed, true)
		f.tellElements()
	}
	return f.State, Step{Files: f.fileEdits(), Changes: f.changes.list}
}

// fileEdits returns what makes the texts of the wall those of the state.
func (f *follower) fileEdits() []FileEdit {
	var out []FileEdit
	for _, file := range f.src.Files {
		text := string(file.Text)
		old := f.wall.Files[session.FileID(file.Path)]
		switch {
		case old == nil:
			out = append(out, FileEdit{Path: file.Path, Text: text, New: true})
		case old.Text != text:
			out = append(out, FileEdit{Path: file.Path, Text: text, Changes: Between(old.Text, text)})
		}
	}
	return out
}

// isBehind reports whether the wall has other texts than those that were read.
func (s *State) isBehind(wall *session.Wall) bool {
	if len(wall.Files) != len(s.src.Files) {
		return len(wall.Files) > 0
	}
	for _, f := range s.src.Files {
		if file := wall.Files[session.FileID(f.Path)]; file == nil || file.Text != string(f.Text) {
			return true
		}
	}
	return false
}
