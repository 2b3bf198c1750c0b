package session_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/store"
)

func TestRefusals(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ä", n) }
	tests := []struct {
		name    string
		given   func(*table)
		command landfall.Command
		want    string
	}{
		{"a long text", (*table).flow, session.RewriteNote{ID: "placed", Text: long(2001)}, "The note has 2001 characters; at most 2000 fit."},
		{"a control character", (*table).flow, session.RewriteNote{ID: "placed", Text: "a\x00b"}, "The note has a character that cannot be shown."},
		{"a long description", (*table).flow, session.DescribeNote{ID: "placed", Doc: long(10001)}, "The description has 10001 characters; at most 10000 fit."},
		{"a long comment", (*table).flow, session.WriteComment{ID: "c001", Note: "placed", Text: long(4001)}, "The comment has 4001 characters; at most 4000 fit."},
		{"an empty comment", (*table).flow, session.WriteComment{ID: "c001", Note: "placed", Text: " \n"}, "The comment is empty."},
		{"a name of two lines", nil, session.NameBoard{Name: "a\nb"}, "The board's name must be one line."},
		{"no name", nil, session.NameBoard{Name: " "}, "The board's name is missing."},
		{"a long name", nil, session.NameBoard{Name: long(201)}, "The board's name has 201 characters; at most 200 fit."},
		{"no id", nil, session.AddNotes{Notes: []session.NoteData{note("a/b!", session.KindEvent, "")}}, `"a/b!" is no id: it has 4 to 40 letters, digits, hyphens or underscores.`},
		{"a short id", nil, session.AddNotes{Notes: []session.NoteData{note("abc", session.KindEvent, "")}}, `"abc" is no id: it has 4 to 40 letters, digits, hyphens or underscores.`},
		{"the board's id", nil, session.AddNotes{Notes: []session.NoteData{note("board", session.KindEvent, "")}}, "The id board is in use already."},
		{"an id twice", nil, session.AddNotes{Notes: []session.NoteData{note("n001", session.KindEvent, ""), note("n001", session.KindEvent, "")}}, "The id n001 is in use already."},
		{"an unknown kind", nil, session.AddNotes{Notes: []session.NoteData{note("n001", "saga", "")}}, `notes: the kind "saga" is no member of Kind`},
		{"no notes", nil, session.AddNotes{}, "There is nothing to put on the wall."},
		{"a huge note", nil, session.AddNotes{Notes: []session.NoteData{{ID: "n001", Kind: session.KindEvent, W: -1}}}, "A note cannot be -1 pixels wide or high."},
		{"two places", (*table).flow, session.MoveNotes{Places: []session.Place{{ID: "placed"}, {ID: "placed", X: 1}}}, "A note cannot be in two places."},
		{"a link to nothing", (*table).flow, session.LinkNotes{Links: []session.LinkData{{ID: "l001", From: "placed", To: "gone"}}}, "The note is no longer there."},
		{"a link of a sticky", crowded, session.LinkNotes{Links: []session.LinkData{{ID: "l001", From: "placed", To: "hot1"}}}, "A hotspot takes no links."},
		{"an event on an event", (*table).flow, session.AttachSticky{ID: "placed", On: []string{"place"}}, "An event is not put on other notes; hotspots, opportunities, rules and notes are."},
		{"a sticky on itself", crowded, session.AttachSticky{ID: "hot1", On: []string{"hot1"}}, "A sticky cannot be on itself."},
		{"an answered event", (*table).flow, session.AnswerHotspot{ID: "placed", Answer: "Yes"}, "Only hotspots are answered, not an event."},
		{"an event with a team", (*table).flow, session.AssignTeam{ID: "placed", Team: "Red"}, "Only modules have a team, not an event."},
		{"a merge with itself", (*table).flow, session.MergeNotes{Into: "placed", From: []string{"placed"}}, "A note cannot be merged with itself."},
		{"a vote when there is none", (*table).flow, session.PlaceVote{ID: "placed", Votes: 1, By: "ann"}, "The voting is closed."},
		{"a vote against", voting, session.PlaceVote{ID: "placed", Votes: -1, By: "ann"}, "There are no negative votes."},
		{"no votes for anyone", nil, session.AllowVotes{}, "Everyone has between 1 and 100 votes."},
		{"a timer of a year", nil, session.SetTimer{Seconds: 365 * 24 * 60 * 60}, "The timer runs for at most a day."},
		{"no phase", nil, session.StartPhase{Phase: "lunch"}, `the phase "lunch" is no member of Phase`},
		{"a file outside", nil, session.BringInStep{Files: []session.FileChange{{Path: "../a.storm"}}}, `"../a.storm" is no path of a file of the storm.`},
		{"a file with carriage returns", nil, session.BringInStep{Files: []session.FileChange{{Path: "a.storm", Text: "a\r\n"}}}, "The lines of a file end with a line feed alone."},
		{"a file too large", nil, session.BringInStep{Files: []session.FileChange{{Path: "a.storm", Text: strings.Repeat("a", session.MaxFile+1)}}}, "The file has 4194305 bytes; at most 4194304 are allowed."},
		{"an edit of no file", nil, session.EditText{Path: "a.storm"}, `There is no file "a.storm".`},
		{"an edit that does not fit", texts, session.EditText{Path: "a.storm", Version: 1, Changes: session.ChangeSet("[9]")}, "the change does not fit the text: it goes on where the text ends, or within a character"},
		{"an edit that is too short", texts, session.EditText{Path: "a.storm", Version: 1, Changes: session.ChangeSet("[7]")}, "the change does not fit the text: it ends 1 units before the text"},
		{"a property that is none", (*table).flow, session.BringInStep{Changes: []session.Change{{ID: "placed", Set: session.Properties{{Name: "colour", Value: []byte(`1`)}}}}}, "A note has no colour."},
		{"a value that is none", (*table).flow, session.BringInStep{Changes: []session.Change{{ID: "placed", Set: session.Properties{{Name: "x", Value: []byte(`"1"`)}}}}}, "x: json: cannot unmarshal string into Go value of type int"},
		{"a link that means something else", (*table).flow, session.BringInStep{Changes: []session.Change{{ID: "l-one", Set: session.Properties{{Name: "verb", Value: []byte(`"emits"`)}}}}}, `The link l-one says "leads to", not "emits".`},
		{"a person brought in", (*table).flow, session.BringInStep{Changes: []session.Change{{ID: "eve1", Set: session.Properties{{Name: "type", Value: []byte(`"person"`)}}}}}, `There is no item "eve1".`},
		{"the board taken away", (*table).flow, session.BringInStep{Changes: []session.Change{{ID: "board", Gone: true}}}, "board is neither a note nor a link."},
		{"the board's phase brought in", (*table).flow, session.BringInStep{Changes: []session.Change{{ID: "board", Set: session.Properties{{Name: "phase", Value: []byte(`"explore"`)}}}}}, "The storm can give the board a name, and nothing else."},
		{"an empty name brought in", (*table).flow, session.BringInStep{Changes: []session.Change{{ID: "board", Set: session.Properties{{Name: "name", Value: []byte(`" "`)}}}}}, "The board's name is missing."},
		{"a private note brought in", secret, session.BringInStep{Changes: []session.Change{{ID: "hid1", Gone: true}}}, "The note hid1 is private."},
		{"nothing to redo", (*table).flow, session.RedoStep{By: "ann"}, "There is nothing of yours to do again."},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			b := newTable(t)
			if x.given != nil {
				x.given(b)
			}
			before := b.encoded()
			if got := b.refused(x.command); got != x.want {
				t.Errorf("it is refused because\n%s\nand not\n%s", got, x.want)
			}
			same(t, "it changes the wall", before, b.encoded())
		})
	}
}

// A board that is not open refuses everything but to be opened.
func TestNothingIsDoneBeforeTheBoardIsOpen(t *testing.T) {
	for command := range decisions {
		if command.Name() == "OpenBoard" || command.Name() == "UnlinkNotes" {
			continue
		}
		b := &table{t: t, wall: session.NewWall()}
		if _, err := b.try(valid(command)); err == nil && command.Name() != "RemoveComment" {
			t.Errorf("%s is not refused", command.Name())
		}
	}
}

func TestWhatOthersWriteAloneIsNotThere(t *testing.T) {
	b := newTable(t)
	secret(b)
	b.flow()
	hidden := []landfall.Command{
		session.RewriteNote{ID: "hid1", Text: "x", By: "ann"},
		session.MoveNotes{Places: []session.Place{{ID: "hid1", X: 1}}, By: "ann"},
		session.WriteComment{ID: "c001", Note: "hid1", Text: "x", By: "ann"},
		session.LinkNotes{Links: []session.LinkData{{ID: "l001", From: "place", To: "hid1"}}, By: "ann"},
		session.MergeNotes{Into: "placed", From: []string{"hid1"}, By: "ann"},
		session.KeepApart{ID: "a001", A: "hid1", B: "placed", By: "ann"},
		session.ChangeKind{Ids: []string{"hid1"}, Kind: session.KindCommand, By: "ann"},
		session.DescribeNote{ID: "hid1", Doc: "x", By: "ann"},
	}
	for _, c := range hidden {
		if why := b.refused(c); !strings.HasSuffix(why, "no longer there.") {
			t.Errorf("%T tells that there is a note: %s", c, why)
		}
	}
	if e, err := b.try(session.RemoveNotes{Ids: []string{"hid1"}, By: "ann"}); len(e) > 0 || err != nil {
		t.Errorf("somebody else's private note is removed: %v %v", e, err)
	}
	if e, err := b.try(session.RevealNotes{Ids: []string{"hid1"}, By: "ann"}); len(e) > 0 || err != nil {
		t.Errorf("somebody else's private note is revealed: %v %v", e, err)
	}
	b.must(session.RewriteNote{ID: "hid1", Text: "mine", By: "bob"})
}

func TestAFileIsTakenAway(t *testing.T) {
	b := newTable(t)
	texts(b)
	b.must(session.BringInStep{Changes: []session.Change{{ID: session.FileID("a.storm"), Gone: true}}})
	if n := len(b.board.Wall().Files); n != 0 {
		t.Errorf("there are %d files", n)
	}
}

func TestStepsOfOneGestureAreUndoneTogether(t *testing.T) {
	b := newTable(t)
	b.flow()
	before := b.encoded()
	b.must(session.RewriteNote{ID: "placed", Text: "O", Gesture: "typing", By: "ann"},
		session.MoveNotes{Places: []session.Place{{ID: "place", X: 9, W: 100, H: 60}}, By: "bob"},
		session.RewriteNote{ID: "placed", Text: "Or", Gesture: "typing", By: "ann"},
		session.RewriteNote{ID: "placed", Text: "Ord", Gesture: "typing", By: "ann"},
		session.UndoStep{By: "bob"}, session.UndoStep{By: "ann"})
	same(t, "the gesture is not undone as one", before, b.encoded())
}

func TestUndoLeavesWhatOthersHaveGoneOnFrom(t *testing.T) {
	b := newTable(t)
	b.flow()
	b.must(session.RewriteNote{ID: "placed", Text: "Paid", By: "bob"},
		session.WriteComment{ID: "c001", Note: "policy", Text: "Really?", By: "bob"})
	e := b.must(session.UndoStep{By: "ann"}).(session.StepUndone)
	if got := strings.Join(e.Kept, " "); got != "placed policy" {
		t.Errorf("kept are %q", got)
	}
	w := b.board.Wall()
	if w.Notes["place"] != nil || w.Notes["placed"] == nil || w.Notes["policy"] == nil || len(w.Links) != 0 || w.Comments["c001"] == nil {
		t.Errorf("the wall is %s", b.encoded())
	}
}

func TestUndoOfARemovalBringsItsLinksAndCommentsBack(t *testing.T) {
	b := newTable(t)
	crowded(b)
	before := b.encoded()
	b.must(session.RemoveNotes{Ids: []string{"placed"}, By: "cat"}, session.UndoStep{By: "cat"})
	same(t, "something is missing", before, b.encoded())
	b.must(session.RemoveNotes{Ids: []string{"placed"}, By: "cat"}, session.RemoveNotes{Ids: []string{"place"}, By: "bob"}, session.UndoStep{By: "cat"})
	w := b.board.Wall()
	if w.Links["l-one"] != nil || w.Links["l-two"] == nil || w.Comments["c-one"] == nil || w.Aparts["a001"] != nil {
		t.Errorf("the wall is %s", b.encoded())
	}
}

func TestAVoteIsTakenBackBesideThoseOfOthers(t *testing.T) {
	b := newTable(t)
	voting(b)
	b.must(session.PlaceVote{ID: "placed", Votes: 2, By: "ann"}, session.PlaceVote{ID: "placed", Votes: 3, By: "bob"}, session.UndoStep{By: "ann"})
	if votes := b.board.Wall().Notes["placed"].Votes; votes["ann"] != 0 || votes["bob"] != 3 {
		t.Errorf("the votes are %v", votes)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	b := newTable(t)
	b.flow()
	for i := range session.MaxSteps + 50 {
		b.must(session.MoveNotes{Places: []session.Place{{ID: "placed", X: i + 1, W: 100, H: 60}}, By: "ann"})
	}
	n := 0
	for ; ; n++ {
		if _, err := b.try(session.UndoStep{By: "ann"}); err != nil {
			break
		}
	}
	if n != session.MaxSteps {
		t.Errorf("%d steps are undone", n)
	}
	if x := b.board.Wall().Notes["placed"].X; x != 50 {
		t.Errorf("the note lies at %d", x)
	}
}

// What one event could not bring back is not taken away at once; what is taken away
// can be brought back.
func TestAWholeWallIsTakenAwayInParts(t *testing.T) {
	b := newTable(t)
	var ids []string
	for i := range 20 {
		c := session.AddNotes{By: "ann"}
		for j := range 50 {
			n := note(fmt.Sprintf("note-%d-%d", i, j), session.KindEvent, strings.Repeat("\"", session.MaxText))
			n.Doc = strings.Repeat("ä", session.MaxDoc/2)
			ids = append(ids, n.ID)
			c.Notes = append(c.Notes, n)
		}
		b.must(c)
	}
	before := b.encoded()
	if why := b.refused(session.RemoveNotes{Ids: ids, By: "bob"}); !strings.HasPrefix(why, "That is too much") {
		t.Error(why)
	}
	b.must(session.RemoveNotes{Ids: ids[:700], By: "bob"})
	undone := b.must(session.UndoStep{By: "bob"})
	data, err := json.Marshal(undone)
	if err != nil || len(data) > store.MaxData {
		t.Errorf("the event has %d bytes, %v", len(data), err)
	}
	same(t, "the wall is another", before, b.encoded())
}

func TestThePastOfAllIsBounded(t *testing.T) {
	b := newTable(t)
	c := session.AddNotes{By: "ann"}
	for i := range 2000 {
		c.Notes = append(c.Notes, note(fmt.Sprintf("note-%d", i), session.KindEvent, "x"))
	}
	b.must(c)
	x := 0
	for person := range 10 {
		for range 6 {
			x++
			tidy := session.TidyNotes{By: fmt.Sprint("person", person)}
			for _, n := range c.Notes {
				tidy.Places = append(tidy.Places, session.Place{ID: n.ID, X: x, W: 100, H: 60})
			}
			b.must(tidy)
		}
	}
	data, err := json.Marshal(&b.board)
	if err != nil || len(data) > store.MaxData {
		t.Errorf("a board that was tidied 50 times has %d bytes, %v", len(data), err)
	}
}

func TestRoles(t *testing.T) {
	want := map[string]string{"OpenBoard": "", "JoinBoard": "", "BringInStep": "", "LandStorm": "",
		"NameBoard": "facilitator", "StartPhase": "facilitator", "SetTimer": "facilitator", "SetGoals": "facilitator", "AllowVotes": "facilitator", "CloseVotes": "facilitator"}
	for command := range decisions {
		c := valid(command)
		allowed := ""
		for _, role := range []session.Role{session.RoleViewer, session.RoleParticipant, session.RoleFacilitator} {
			if session.Allowed(c, role) {
				allowed += string(role)
			}
		}
		expected, special := want[command.Name()]
		if !special {
			expected = "participantfacilitator"
		}
		if allowed != expected {
			t.Errorf("%s is allowed to %q", command.Name(), allowed)
		}
	}
	if all := (session.RevealNotes{All: true}); session.Allowed(all, session.RoleParticipant) || !session.Allowed(all, session.RoleFacilitator) {
		t.Error("who may reveal all notes is another")
	}
	if session.Allowed(struct{}{}, session.RoleFacilitator) {
		t.Error("what is no command is allowed")
	}
}

func TestDecode(t *testing.T) {
	at := time.UnixMilli(1234)
	c, err := session.Decode("RewriteNote", []byte(`{"id":"n001","text":"x","by":"eve","at":99}`), "ann", at)
	if want := (session.RewriteNote{ID: "n001", Text: "x", By: "ann", At: 1234}); err != nil || c != landfall.Command(want) {
		t.Errorf("it is %+v, %v", c, err)
	}
	for what, data := range map[string]string{
		"BringInStep": `{}`, "Explode": `{}`, "RewriteNote": `{"id":1}`, "MoveNotes": `{"places":[{"id":"n001","z":1}]}`,
		"SetTimer": `{"seconds":1} {}`, "UndoStep": `[]`, "SetGoals": ``, "EditText": `{"path":"a","colour":1}`,
	} {
		if c, err := session.Decode(what, []byte(data), "ann", at); err == nil {
			t.Errorf("%s %s is read as %+v", what, data, c)
		}
	}
}

func TestShare(t *testing.T) {
	b := newTable(t)
	secret(b)
	b.flow()
	b.must(session.WriteComment{ID: "c001", Note: "hid1", Text: "Mine", By: "bob", At: 9},
		session.AddNotes{Notes: []session.NoteData{note("n001", session.KindPolicy, "Open")}, Links: []session.LinkData{{ID: "l001", From: "hid1", To: "n001"}}, By: "bob", At: 10})
	w := b.wall.Clone()
	if n, all := len(w.VisibleTo("ann")), w.Len(); n != all-3 {
		t.Errorf("ann sees %d of %d items", n, all)
	}
	rewritten := w.Share(session.Changes(b.must(session.RewriteNote{ID: "hid1", Text: "Still", By: "bob", At: 11})))
	if len(rewritten.Public) != 0 || len(rewritten.For("bob")) != 1 || len(rewritten.For("ann")) != 0 {
		t.Errorf("a private note is told as %+v", rewritten)
	}
	shown := w.Share(session.Changes(b.must(session.RevealNotes{All: true, By: "ann", At: 12})))
	if len(shown.Public) != 4 || len(shown.Alone) != 0 {
		t.Errorf("what is revealed is told as %+v", shown)
	}
	for _, c := range shown.Public {
		if c.Set.Type() == "" {
			t.Errorf("%+v is not whole", c)
		}
	}
	same(t, "sharing changes the wall in another way", b.encoded(), encoded(t, w))
}

// What a person is told makes the wall that they see.
func TestWhatPeopleAreToldIsWhatTheySee(t *testing.T) {
	for _, given := range []func(*table){secret, doubled, framed, voting} {
		told := map[string]*session.Wall{"ann": session.NewWall(), "bob": session.NewWall(), "eve": session.NewWall()}
		server := session.NewWall()
		b := &table{t: t, wall: session.NewWall(), told: func(e landfall.Event) {
			shared := server.Share(session.Changes(e))
			for person, w := range told {
				w.Apply(shared.For(person))
				if got, want := len(w.Items()), len(server.VisibleTo(person)); got != want {
					t.Errorf("after %T, %s sees %d items, not %d", e, person, got, want)
				}
			}
		}}
		b.must(session.OpenBoard{Name: "B", By: "ann", At: 1})
		given(b)
		_, _ = b.try(session.RevealNotes{All: true, By: "ann", At: 20})
		for person, w := range told {
			same(t, person+" sees another wall", encoded(t, server), encoded(t, w))
		}
	}
}
