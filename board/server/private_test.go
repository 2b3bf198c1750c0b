package server_test

import (
	"testing"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/wire"
)

const secret = "nobody else may read this"

// TestPrivate keeps what is written alone from everyone else: from ticks, states,
// histories, cursors and catch-ups, to the byte.
func TestPrivate(t *testing.T) {
	s := start(t, nil)
	ann, bob, eve := s.enter("Ann"), s.enter("Bob"), s.enter("Eve")
	board := ann.board("Ordering")
	a, b, e := ann.open(board), bob.open(board), eve.open(board)
	a.do("StartPhase", map[string]any{"phase": "explore"})
	alone := note("secret-1", secret)
	alone["private"] = true
	a.do("AddNotes", notes(alone))
	a.do("AddNotes", notes(note("public-1", "for all")))
	a.do("LinkNotes", map[string]any{"links": []any{}}) // refused or nothing: it must not tell either
	a.do("WriteComment", map[string]any{"id": "comment-1", "note": "secret-1", "text": secret + " as a comment"})
	a.do("RewriteNote", map[string]any{"id": "secret-1", "text": secret + " rewritten"})
	a.send(`{"t":"here","editing":"secret-1","draft":"` + secret + ` draft","select":["secret-1","public-1"],"drag":{"ids":["secret-1"],"dx":1,"dy":2}}`)
	id := ann.me.Person.ID
	b.await("the selection of what all may see", func() bool {
		at := b.here[id]
		return at.Select != nil && len(*at.Select) == 1
	})
	b.close()
	b.connect() // with what was kept in memory
	late := s.enter("Late").open(board)
	b.do("AddNotes", notes(note("public-2", "of Bob")))
	late.sees("public-2", "of Bob")
	e.sees("public-2", "of Bob")
	for _, other := range []*browser{b, e, late} {
		_, history := other.who.call("GET", "/api/boards/"+board+"/history", nil)
		_, state := other.who.call("GET", "/api/boards/"+board+"/state", nil)
		other.also(history, state)
		for _, hidden := range []string{secret, "secret-1", "comment-1"} {
			if other.heard(hidden) {
				t.Errorf("somebody else was told of %q", hidden)
			}
		}
	}
	a.sees("secret-1", secret+" rewritten")
	fresh := ann.open(board)
	fresh.sees("secret-1", secret+" rewritten")
	fresh.await("the comment", func() bool { return fresh.wall.Comments["comment-1"] != nil })
	if no := b.no("RewriteNote", map[string]any{"id": "secret-1", "text": "mine"}); no.Code != wire.Rejected {
		t.Errorf("writing on another's private note: %+v", no)
	}

	a.do("StartPhase", map[string]any{"phase": "timeline"}) // the policy reveals
	b.sees("secret-1", secret+" rewritten")
	late.await("the comment", func() bool { return late.wall.Comments["comment-1"] != nil })
	again := s.enter("Again").open(board)
	last := again.at()
	b.await("the last operation", func() bool { return b.seq >= last })
	again.await("everyone", func() bool { return len(again.wall.People) == 5 })
	b.await("everyone", func() bool { return len(b.wall.People) == 5 })
	if b.encoded() != again.encoded() {
		t.Errorf("what was revealed step by step differs from the state:\n%s\n%s", b.encoded(), again.encoded())
	}
	a.await("everyone", func() bool { return len(a.wall.People) == 5 })
	if a.encoded() != again.encoded() {
		t.Errorf("the author sees something else:\n%s\n%s", a.encoded(), again.encoded())
	}
}

// TestPrivateAfterRestart finds what is private in the log again.
func TestPrivateAfterRestart(t *testing.T) {
	folder := t.TempDir()
	open := func(c *server.Config) { c.Path, c.Store = folder, "" }
	s := start(t, open)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	a := ann.open(board)
	alone := note("secret-1", secret)
	alone["private"] = true
	a.do("StartPhase", map[string]any{"phase": "explore"})
	a.do("AddNotes", notes(alone))
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	a.await("goodbye", func() bool { return a.bye != nil })
	a.look(func() {
		if a.bye.Reason != wire.ByeStopping {
			t.Errorf("bye: %+v", a.bye)
		}
	})
	s = start(t, open)
	b := s.enter("Bob").open(board)
	_, history := b.who.call("GET", "/api/boards/"+board+"/history", nil)
	b.also(history)
	if b.heard(secret) || b.heard("secret-1") {
		t.Error("somebody else was told of the private note after a restart")
	}
	b.await("the board", func() bool { return len(b.wall.Notes) == 0 && b.wall.Board != nil && b.wall.Board.Name == "Ordering" })
}
