package server_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/wire"
)

// TestSeveral runs two servers of the same boards on one PostgreSQL and one NATS:
// operations, cursors, private notes, repeats and the deletion of a board cross from
// one to the other.
func TestSeveral(t *testing.T) {
	database, broker := behind(t)
	folder := t.TempDir()
	write(t, small, folder, "s.storm")
	both := func(c *server.Config) {
		c.Path, c.Store, c.NATS = folder, database, broker
	}
	one, two := start(t, both), start(t, both)
	ann, bob := one.enter("Ann"), two.enter("Bob")
	board := only(t, ann).ID
	a, b := ann.open(board), bob.open(board)
	a.await("the notes of the storm", func() bool { return len(a.wall.Notes) == 2 })
	b.await("the notes of the storm", func() bool { return len(b.wall.Notes) == 2 })
	for i := range 20 {
		name := fmt.Sprintf("note-%d", i)
		from, to := a, b
		if i%2 == 1 {
			from, to = b, a
		}
		from.do("AddNotes", notes(note(name, name)))
		to.sees(name, name)
	}
	a.text("s.storm", "note-19")
	b.text("s.storm", "note-19")
	who := ann.me.Person.ID
	a.send(`{"t":"here","x":7,"y":8,"select":["note-1"]}`)
	b.await("Ann's cursor", func() bool { return b.here[who].X != nil && *b.here[who].X == 7 })

	id := a.say("RewriteNote", map[string]any{"id": "note-1", "text": "once"})
	a.acknowledged(id)
	b.sees("note-1", "once")
	b.sayAs(id, "RewriteNote", map[string]any{"id": "note-1", "text": "once"}) // as after another server took over
	b.await("the repeat", func() bool { _, ok := b.dones[id]; return ok })

	alone := note("secret-1", secret)
	alone["private"] = true
	a.do("StartPhase", map[string]any{"phase": "explore"})
	a.do("AddNotes", notes(alone))
	a.do("AddNotes", notes(note("after-1", "for all")))
	b.sees("after-1", "for all")
	if b.heard(secret) {
		t.Error("a private note was told by the other server")
	}
	last := a.at()
	b.await("the same operations", func() bool { return b.seq >= last })
	a.close()
	b.await("Ann to be gone", func() bool { _, there := b.here[who]; return !there })
	a.connect()
	a.await("Bob", func() bool { _, there := a.here[bob.me.Person.ID]; return there })

	if status, _ := ann.call("DELETE", "/api/boards/"+board, nil); status != http.StatusNoContent {
		t.Fatalf("delete: %d", status)
	}
	b.await("goodbye", func() bool { return b.bye != nil && b.bye.Reason == wire.ByeDeleted })
	bob.refused(http.StatusNotFound, "GET", "/api/boards/"+board+"/state", nil)
}
