package server_test

import (
	"net/http"
	"testing"

	"github.com/landfall-go/landfall/board/wire"
)

// placed is a note at a place.
func placed(id string, x, y int) map[string]any {
	n := note(id, id)
	n["x"], n["y"] = x, y
	return n
}

// place returns where a browser sees a note.
func (b *browser) place(id string) (x, y int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.wall.Notes[id]
	return n.X, n.Y
}

// TestTidy puts some notes and then all of them into order, each time as one step of the
// person who asked for it.
func TestTidy(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	path := "/api/boards/" + board + "/tidy"
	a := ann.open(board)
	a.do("AddNotes", notes(placed("note-1", 0, 0), placed("note-2", 40, 30), placed("note-3", 1000, 900), placed("note-4", 1020, 910)))
	places := func() (all [4][2]int) {
		for i, id := range []string{"note-1", "note-2", "note-3", "note-4"} {
			all[i][0], all[i][1] = a.place(id)
		}
		return all
	}
	before := places()
	var moved wire.Tidied
	ann.must("POST", path, wire.Tidy{IDs: []string{"note-1", "note-2"}}, &moved)
	if moved.Moved == 0 {
		t.Error("nothing was moved")
	}
	a.await("that two notes are in order", func() bool {
		one, two := a.wall.Notes["note-1"], a.wall.Notes["note-2"]
		return one.Y == two.Y && one.X+one.W < two.X
	})
	if x, y := a.place("note-4"); x != 1020 || y != 910 {
		t.Errorf("a note that was not to be moved is at %d, %d", x, y)
	}
	ann.must("POST", path, wire.Tidy{}, &moved)
	a.await("that all notes are in order", func() bool {
		three, four := a.wall.Notes["note-3"], a.wall.Notes["note-4"]
		return three.Y == four.Y && three.X+three.W < four.X
	})
	ann.must("POST", path, wire.Tidy{}, &moved)
	if moved.Moved != 0 {
		t.Errorf("%d notes moved that were in order", moved.Moved)
	}
	a.do("UndoStep", map[string]any{})
	a.do("UndoStep", map[string]any{})
	if after := places(); after != before {
		t.Errorf("undone, they lie at %v, not at %v", after, before)
	}
	for _, body := range []any{map[string]any{"ids": "note-1"}, map[string]any{"id": []string{}}} {
		ann.refused(http.StatusBadRequest, "POST", path, body)
	}
}

// TestTidyRoles lets participants tidy, and viewers not.
func TestTidyRoles(t *testing.T) {
	s := startShared(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	path := "/api/boards/" + board + "/tidy"
	a := ann.open(board)
	a.do("AddNotes", notes(placed("note-1", 0, 0), placed("note-2", 40, 30)))
	for role, status := range map[wire.Role]int{wire.Participant: http.StatusOK, wire.Viewer: http.StatusForbidden} {
		var i wire.Invite
		ann.must("POST", "/api/boards/"+board+"/invites", wire.NewInvite{Role: role}, &i)
		guest := s.invited(string(role), i.Link)
		if got, data := guest.call("POST", path, wire.Tidy{}); got != status {
			t.Errorf("%s: %d %s", role, got, data)
		}
	}
	s.visitor().refused(http.StatusUnauthorized, "POST", path, wire.Tidy{})
}
