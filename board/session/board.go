package session

import (
	"reflect"

	"github.com/landfall-go/landfall"
)

// Board is a wall with all that lies on it, and what everyone may still undo. Its
// decisions read it, and only Apply changes it; in JSON it is its whole state.
type Board struct {
	wall *Wall
	past *past
	// landed is the text of each file as it was written to the disk last.
	landed map[string]string
}

// Wall returns the wall as it is now. It is the board's own, and must not be
// changed: use [Wall.Clone].
func (b *Board) Wall() *Wall {
	if b.wall == nil {
		return emptyWall
	}
	return b.wall
}

var emptyWall = NewWall()

// Landed returns the text of a file as it was written to the disk last, and
// whether it was.
func (b *Board) Landed(path string) (string, bool) {
	text, ok := b.landed[path]
	return text, ok
}

// Apply changes the board to what it is after the event.
func (b *Board) Apply(event landfall.Event) {
	if b.wall == nil {
		b.wall, b.past, b.landed = NewWall(), newPast(), map[string]string{}
	}
	switch e := event.(type) {
	case StepUndone:
		b.past.takeBack(b.wall, e.By, e.Changes)
	case StepRedone:
		b.past.doAgain(b.wall, e.By, e.Changes)
	case StormLanded:
		for _, f := range e.Files {
			b.landed[f.Path] = f.Text
		}
		b.wall.Apply(Changes(event))
	case NotesRevealed, VotesAllowed:
		b.past.pass(b.wall, Changes(event)) // nobody's work on the notes themselves
	default:
		undoable, gesture := steps(event)
		b.past.happen(b.wall, By(event), gesture, undoable, Changes(event))
	}
}

// By returns the id of the person who did what the event tells, or "" when the
// server did it.
func By(event landfall.Event) string {
	if by := reflect.ValueOf(event).FieldByName("By"); by.IsValid() {
		return by.String()
	}
	return ""
}

// steps says whether an event is a step that can be undone, and of which gesture
// it is a part.
func steps(event landfall.Event) (undoable bool, gesture string) {
	switch e := event.(type) {
	case NotesAdded:
		return true, e.Gesture
	case NotesMoved:
		return true, e.Gesture
	case NoteRewritten:
		return true, e.Gesture
	case NotesTidied, KindChanged, NotesRemoved, NotesLinked, NotesUnlinked, PivotalMarked, NoteDescribed, StickyAttached,
		HotspotAnswered, TeamAssigned, NotesMerged, NotesKeptApart, CommentWritten, CommentSettled, CommentRemoved, VotePlaced, GoalsSet:
		return true, ""
	}
	return false, ""
}

// one returns an event, as decisions do.
func one(event landfall.Event) ([]landfall.Event, error) { return []landfall.Event{event}, nil }

// open refuses what cannot be done before the board is opened.
func (b *Board) open() error {
	if b.Wall().Board == nil {
		return errNotOpen
	}
	return nil
}

// note returns a note that the person sees, or says that it is not there.
func (b *Board) note(id, by string) (*Note, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	n := b.Wall().Notes[id]
	if n == nil || n.HiddenFrom(by) {
		return nil, errNoteGone
	}
	return n, nil
}

// seen returns those of the ids, each once, that are notes which the person sees.
// That none is, is refused.
func (b *Board) seen(ids []string, by string) ([]string, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	out := make([]string, 0, len(ids))
	once := make(map[string]bool, len(ids))
	for _, id := range ids {
		if n := b.Wall().Notes[id]; n != nil && !n.HiddenFrom(by) && !once[id] {
			once[id] = true
			out = append(out, id)
		}
	}
	if len(out) == 0 {
		return nil, errNotesGone
	}
	return out, nil
}

// HiddenFrom says whether the person does not see the note, because somebody else
// wrote it alone.
func (n *Note) HiddenFrom(person string) bool { return n.Private && n.By != person }
