package server_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/session"
)

// TestTakeOver kills the one of two servers that works on the text, after it has
// acknowledged what was done at the wall and before the text has followed. The other
// goes on: what was removed stays removed, and the text follows.
func TestTakeOver(t *testing.T) {
	database, broker := behind(t)
	folder := filepath.Join(t.TempDir(), "s")
	write(t, "storm \"S\"\n\nCustomer -> PlaceOrder -> OrderPlaced\n\"Order lost\"\n\"Parcel returned\"\n", folder, "s.storm")
	first := startChild(t, folder, "127.0.0.1:0", database, broker)
	ann := first.enter("Ann")
	board := only(t, ann).ID
	a := ann.open(board)
	a.await("the notes of the storm", func() bool { return len(a.wall.Notes) == 5 && len(a.wall.Links) == 2 })
	second := start(t, func(c *server.Config) { c.Path, c.Store, c.NATS = folder, database, broker })
	b := second.enter("Bob").open(board)
	a.do("AddNotes", notes(note("note-1", "First")))
	b.text("s.storm", "First")
	called := func(text string) string {
		return a.find(func(n *session.Note) bool { return n.Text == text })
	}
	link, customer := "", called("Customer")
	a.look(func() { link = a.wall.LinksOf(customer)[0] })
	ids := []string{
		a.say("RemoveNotes", map[string]any{"ids": []string{called("Order lost")}}),
		a.say("UnlinkNotes", map[string]any{"ids": []string{link}}),
		a.say("RewriteNote", map[string]any{"id": called("Parcel returned"), "text": "Parcel came back"}),
	}
	for _, id := range ids {
		a.acknowledged(id)
	}
	first.kill()
	<-a.ended
	b.text("s.storm", "Parcel came back")
	b.do("AddNotes", notes(note("note-2", "Second")))
	b.text("s.storm", "Second")
	b.look(func() {
		text := b.wall.Files["file:s.storm"].Text
		for _, gone := range []string{"Order lost", "Parcel returned", "Customer ->"} {
			if strings.Contains(text, gone) {
				t.Errorf("the text still has %q:\n%s", gone, text)
			}
		}
		if len(b.wall.Notes) != 6 || len(b.wall.Links) != 1 {
			t.Errorf("the wall has %d notes and %d links", len(b.wall.Notes), len(b.wall.Links))
		}
	})
}
