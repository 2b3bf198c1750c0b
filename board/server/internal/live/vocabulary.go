package live

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
)

// events are all that a board tells; a test holds them against the module's wiring.
var events = named(
	session.BoardOpened{}, session.BoardNamed{}, session.PersonJoined{}, session.NotesAdded{}, session.NoteRewritten{},
	session.NotesMoved{}, session.NotesTidied{}, session.KindChanged{}, session.NotesRemoved{}, session.NotesLinked{},
	session.NotesUnlinked{}, session.PivotalMarked{}, session.NoteDescribed{}, session.StickyAttached{},
	session.HotspotAnswered{}, session.TeamAssigned{}, session.NotesMerged{}, session.NotesKeptApart{},
	session.NotesRevealed{}, session.CommentWritten{}, session.CommentSettled{}, session.CommentRemoved{},
	session.VotePlaced{}, session.StepUndone{}, session.StepRedone{}, session.TextEdited{}, session.GoalsSet{},
	session.PhaseStarted{}, session.TimerSet{}, session.VotesAllowed{}, session.VotesClosed{}, session.BroughtInStep{},
	session.StormLanded{},
)

func named(values ...any) map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for _, v := range values {
		t := reflect.TypeOf(v)
		types[t.Name()] = t
	}
	return types
}

// decodeEvent reads an event as the log keeps it.
func decodeEvent(name string, data []byte) (landfall.Event, error) {
	t := events[name]
	if t == nil {
		return nil, fmt.Errorf("the event %s is unknown; was the board written by a newer version? %w", name, landfall.ErrUnreadable)
	}
	v := reflect.New(t)
	if err := json.Unmarshal(data, v.Interface()); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", name, landfall.ErrUnreadable, err)
	}
	return v.Elem().Interface(), nil
}
