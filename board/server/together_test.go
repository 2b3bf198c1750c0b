package server_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/wire"
)

// TestTogether lets two browsers work on one wall.
func TestTogether(t *testing.T) {
	s := start(t, nil)
	ann, bob := s.enter("Ann"), s.enter("Bob")
	board := ann.board("Ordering")
	a, b := ann.open(board), bob.open(board)
	a.do("AddNotes", notes(note("note-1", "Order placed")))
	b.sees("note-1", "Order placed")
	b.do("RewriteNote", map[string]any{"id": "note-1", "text": "Order paid"})
	a.sees("note-1", "Order paid")
	a.do("MoveNotes", map[string]any{"places": []any{map[string]any{"id": "note-1", "x": 500, "y": 20, "w": 120, "h": 80}}})
	b.await("the move", func() bool { return b.wall.Notes["note-1"].X == 500 })
	b.look(func() {
		if by := b.wall.Notes["note-1"].By; by != ann.me.Person.ID {
			t.Errorf("the note is by %q", by)
		}
		if got := b.wall.People[ann.me.Person.ID]; got == nil || got.Name != "Ann" {
			t.Errorf("Bob does not know Ann: %+v", got)
		}
	})
	c := s.enter("Cid").open(board)
	c.await("the same wall", func() bool { return len(c.wall.Notes) == 1 && len(c.wall.People) == 3 })
	a.await("Cid", func() bool { return len(a.wall.People) == 3 })
	if a.encoded() != c.encoded() {
		t.Errorf("two browsers see different walls:\n%s\n%s", a.encoded(), c.encoded())
	}
}

// TestUndo takes back one's own step after another's.
func TestUndo(t *testing.T) {
	s := start(t, nil)
	ann, bob := s.enter("Ann"), s.enter("Bob")
	board := ann.board("Ordering")
	a, b := ann.open(board), bob.open(board)
	a.do("AddNotes", notes(note("note-1", "A"), note("note-2", "B")))
	a.do("RewriteNote", map[string]any{"id": "note-1", "text": "A2"})
	b.sees("note-1", "A2")
	b.do("RewriteNote", map[string]any{"id": "note-2", "text": "B2"})
	a.sees("note-2", "B2")
	a.do("UndoStep", map[string]any{})
	b.sees("note-1", "A")
	b.sees("note-2", "B2")
	a.do("RedoStep", map[string]any{})
	b.sees("note-1", "A2")
}

// TestUndoKept tells whoever undoes what stayed because others went on from it, and
// nobody else.
func TestUndoKept(t *testing.T) {
	s := start(t, nil)
	ann, bob := s.enter("Ann"), s.enter("Bob")
	board := ann.board("Ordering")
	a, b := ann.open(board), bob.open(board)
	a.do("AddNotes", notes(note("note-1", "A"), note("note-2", "B")))
	b.sees("note-1", "A")
	b.do("RewriteNote", map[string]any{"id": "note-2", "text": "B2"})
	a.sees("note-2", "B2")
	a.do("UndoStep", map[string]any{})
	b.await("the undo", func() bool { return b.wall.Notes["note-1"] == nil })
	for who, want := range map[*browser]string{a: "note-2", b: ""} {
		who.look(func() {
			i := slices.IndexFunc(who.ops, func(op wire.Op) bool { return op.What == "StepUndone" })
			if i < 0 {
				t.Fatal("nothing was undone")
			}
			if got := strings.Join(who.ops[i].Kept, " "); got != want {
				t.Errorf("kept are %q, not %q", got, want)
			}
		})
	}
	for who, want := range map[*person]string{ann: "note-2", bob: ""} {
		var h wire.History
		who.must("GET", "/api/boards/"+board+"/history", nil, &h)
		for _, op := range h.Ops {
			if got := strings.Join(op.Kept, " "); op.What == "StepUndone" && got != want {
				t.Errorf("the history keeps %q, not %q", got, want)
			}
		}
	}
}

// TestStale gives an edit of a text that came too late a code of its own.
func TestStale(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	a := ann.open(ann.board("Ordering"))
	a.do("AddNotes", notes(note("note-1", "Order placed")))
	var path string
	a.await("the text", func() bool {
		for _, f := range a.wall.Files {
			path = f.Path
		}
		return path != ""
	})
	if no := a.no("EditText", map[string]any{"path": path, "version": 1_000_000, "changes": []any{}, "client": "x"}); no.Code != wire.Stale {
		t.Errorf("it is refused as %s: %s", no.Code, no.Message)
	}
}

// TestRefusalsForPeople tells nobody the names of what is inside when a command is
// refused.
func TestRefusalsForPeople(t *testing.T) {
	s := startShared(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	var i wire.Invite
	ann.must("POST", "/api/boards/"+board+"/invites", wire.NewInvite{Role: wire.Participant}, &i)
	a, b := ann.open(board), s.invited("Bob", i.Link).open(board)
	a.do("AddNotes", notes(note("first", "x")))
	var path string
	a.await("the text", func() bool {
		for _, f := range a.wall.Files {
			path = f.Path
		}
		return path != ""
	})
	inside := regexp.MustCompile(`[a-z][A-Z]|Board/|Session|json|invalid|rejected|\bversion\b`)
	for _, c := range []struct {
		who  *browser
		what string
		data string
	}{
		{a, "EditText", `{"path":"PATH","version":1000000,"changes":[],"client":"x"}`},
		{a, "EditText", `{"path":"nothing.storm","version":1,"changes":[],"client":"x"}`},
		{a, "EditText", `{"path":"PATH","version":1,"changes":[7],"client":"x"}`},
		{a, "RewriteNote", `{"id":"nothing","text":"x"}`},
		{a, "AddNotes", `{"notes":[{"id":"first","kind":"event","text":"x"}]}`},
		{a, "LinkNotes", `{"links":[{"id":"link-1","from":"first","to":"first"}]}`},
		{a, "StartPhase", `{"phase":"lunch"}`},
		{a, "RewriteNote", `{"id":"first","words":"x"}`},
		{a, "RewriteNote", `{"id":1}`},
		{a, "RenameNote", `{"id":"first"}`},
		{b, "StartPhase", `{"phase":"explore"}`},
	} {
		no := c.who.no(c.what, json.RawMessage(strings.Replace(c.data, "PATH", path, 1)))
		if no.Message == "" || inside.MatchString(no.Message) {
			t.Errorf("%s %s: somebody is told %q", c.what, c.data, no.Message)
		}
	}
}

// TestRejected tells why a command is refused, and changes nothing.
func TestRejected(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	a := ann.open(ann.board("Ordering"))
	a.do("AddNotes", notes(note("first", "x")))
	for _, c := range []struct {
		what string
		data any
		code wire.Code
	}{
		{"RewriteNote", map[string]any{"id": "nothing", "text": "x"}, wire.Rejected},
		{"RedoStep", map[string]any{}, wire.Rejected},
		{"AddNotes", notes(note("x", "the id is too short")), wire.Rejected},
		{"AddNotes", notes(note("note-1", strings.Repeat("x", 100_000))), wire.Rejected},
		{"AddNotes", map[string]any{"notes": "none"}, wire.Invalid},
		{"AddNotes", map[string]any{"stickies": []any{}}, wire.Invalid},
		{"Dance", map[string]any{}, wire.Invalid},
		{"BringInStep", map[string]any{}, wire.Invalid},
		{"JoinBoard", map[string]any{}, wire.Invalid},
	} {
		if no := a.no(c.what, c.data); no.Code != c.code || no.Message == "" {
			t.Errorf("%s: %+v, want the code %s", c.what, no, c.code)
		}
	}
	a.do("AddNotes", notes(note("note-1", "x")))
	if n := a.count("NotesAdded"); n != 2 || a.count("NoteRewritten")+a.count("StepRedone") > 0 {
		t.Errorf("refused commands led to operations; %d times notes were added", n)
	}
}

// TestReconnect loses the line in the middle, and sends again what was not
// acknowledged: nothing is lost, and nothing is there twice.
func TestReconnect(t *testing.T) {
	s := start(t, nil)
	ann, bob := s.enter("Ann"), s.enter("Bob")
	board := ann.board("Ordering")
	a, b := ann.open(board), bob.open(board)
	ids := map[string]string{}
	for round := range 5 {
		sent := []string{}
		for i := range 20 {
			name := fmt.Sprintf("note-%d-%d", round, i)
			ids[name] = a.say("AddNotes", notes(note(name, name)))
			sent = append(sent, name)
		}
		if round%2 == 0 { // some have been acknowledged by then, some not
			time.Sleep(time.Duration(round) * 3 * time.Millisecond)
		}
		a.close()
		b.do("AddNotes", notes(note(fmt.Sprintf("bobs-%d", round), "meanwhile")))
		a.connect()
		for _, name := range sent {
			a.sayAs(ids[name], "AddNotes", notes(note(name, name)))
		}
		for _, name := range sent {
			a.acknowledged(ids[name])
		}
	}
	b.await("all notes", func() bool { return len(b.wall.Notes) == 105 })
	a.await("all notes", func() bool { return len(a.wall.Notes) == 105 && a.seq == b.seq })
	if a.encoded() != b.encoded() {
		t.Error("two browsers see different walls")
	}
	if added := b.count("NotesAdded"); added != 105 {
		t.Errorf("%d notes were added, want 105", added)
	}
}

// TestRepeat answers a repeat with what the first led to, also under an id that is
// not one of the runtime's.
func TestRepeat(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	a := ann.open(ann.board("Ordering"))
	for _, id := range []string{uuid.NewString(), "0199f3a0-0000-7000-8000-000000000000"} {
		name := "note-" + id[:4]
		a.sayAs(id, "AddNotes", notes(note(name, "once")))
		a.acknowledged(id)
		a.sayAs(id, "AddNotes", notes(note(name, "once")))
		a.await("the repeat", func() bool { _, ok := a.dones[id]; return ok })
		a.look(func() {
			at := slices.IndexFunc(a.ops, func(o wire.Op) bool { return o.ID == id })
			if at < 0 || a.dones[id].Seq != a.ops[at].Seq {
				t.Errorf("the repeat of %s was answered with %+v", id, a.dones[id])
			}
		})
	}
}

// TestAsleep comes back after more operations than are kept in memory, and after
// so many that fetching the state is better.
func TestAsleep(t *testing.T) {
	s := start(t, func(c *server.Config) { c.Limits.Commands, c.Limits.Messages = 1e6, 1e6 })
	ann, bob := s.enter("Ann"), s.enter("Bob")
	board := ann.board("Ordering")
	a, b := ann.open(board), bob.open(board)
	b.do("AddNotes", notes(note("note-1", "0")))
	a.sees("note-1", "0")
	a.close()
	last := ""
	for i := range 3000 {
		last = b.say("RewriteNote", map[string]any{"id": "note-1", "text": fmt.Sprint(i)})
	}
	b.acknowledged(last)
	a.connect()
	a.sees("note-1", "2999")
	if n := a.count("NoteRewritten"); n != 2999 { // the first says what is there
		t.Errorf("%d operations came", n)
	}
	a.close()
	for i := range 5100 {
		last = b.say("RewriteNote", map[string]any{"id": "note-1", "text": fmt.Sprint("again ", i)})
	}
	b.acknowledged(last)
	a.others = nil
	a.connect()
	<-a.ended
	if len(a.others) != 1 || a.others[0] != "reload" {
		t.Fatalf("got %v, want to be told to reload", a.others)
	}
	a.fetch()
	a.connect()
	a.sees("note-1", "again 5099")
	var h wire.History
	ann.must("GET", "/api/boards/"+board+"/history?after=10&max=50", nil, &h)
	if len(h.Ops) != 50 || h.Ops[0].Seq != 11 || h.Seq != 60 || h.Head < a.at() {
		t.Errorf("history: %d operations from %d, up to %d of %d", len(h.Ops), h.Ops[0].Seq, h.Seq, h.Head)
	}
}

// TestPresence shows where others are, and that they have left.
func TestPresence(t *testing.T) {
	s := start(t, nil)
	ann, bob := s.enter("Ann"), s.enter("Bob")
	board := ann.board("Ordering")
	a, b := ann.open(board), bob.open(board)
	a.do("AddNotes", notes(note("note-1", "Order placed")))
	b.sees("note-1", "Order placed")
	id := ann.me.Person.ID
	a.send(`{"t":"here","x":1.5,"y":-3,"select":["note-1"]}`)
	b.await("the cursor", func() bool { return b.here[id].X != nil && *b.here[id].X == 1.5 && b.here[id].Select != nil })
	a.send(`{"t":"here","editing":"note-1","draft":"Order pl"}`)
	b.await("the draft", func() bool { return b.here[id].Draft != nil && *b.here[id].Draft == "Order pl" && *b.here[id].X == 1.5 })
	a.send(`{"t":"here","drag":{"ids":["note-1"],"dx":5,"dy":6}}`)
	b.await("the drag", func() bool { return b.here[id].Drag != nil && b.here[id].Drag.DX == 5 })
	c := s.enter("Cid").open(board)
	c.look(func() {
		if at := c.here[id]; at.X == nil || *at.X != 1.5 {
			t.Errorf("somebody who comes later sees Ann at %+v", at)
		}
	})
	second := ann.open(board)
	a.close()
	a.connect()
	a.close()
	b.send(`{"t":"ping"}`)
	b.await("the pong", func() bool { return len(b.others) > 0 && b.others[len(b.others)-1] == "pong" })
	b.look(func() {
		if len(b.gone) != 0 {
			t.Error("Ann is gone, though she has another page open")
		}
	})
	second.close()
	b.await("Ann to be gone", func() bool { _, there := b.here[id]; return !there })
}
