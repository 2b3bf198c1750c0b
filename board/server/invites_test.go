package server_test

import (
	"context"
	"net"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/server/internal/catalog"
	"github.com/landfall-go/landfall/board/wire"
)

// startShared runs a server as on a network. Its address has to be loopback here, so
// a public URL says that it is not for this machine alone.
func startShared(t *testing.T, change func(*server.Config)) *running {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return start(t, func(c *server.Config) {
		c.Listen, c.PublicURL = address, "http://"+address
		if change != nil {
			change(c)
		}
	})
}

// invited lets somebody in with a link.
func (r *running) invited(name, link string) *person {
	r.t.Helper()
	p := r.visitor()
	_, token, _ := strings.Cut(link, "#")
	p.must("POST", "/api/enter", wire.Enter{Name: name, Invite: token}, &p.me)
	return p
}

// TestInvites gives roles by links, and takes them away.
func TestInvites(t *testing.T) {
	s := startShared(t, nil)
	ann := s.enter("Ann")
	board, other := ann.board("Ordering"), ann.board("Other")
	links := map[wire.Role]wire.Invite{}
	for _, role := range []wire.Role{wire.Facilitator, wire.Participant, wire.Viewer} {
		var i wire.Invite
		ann.must("POST", "/api/boards/"+board+"/invites", wire.NewInvite{Role: role}, &i)
		links[role] = i
	}
	ann.refused(http.StatusBadRequest, "POST", "/api/boards/"+board+"/invites", wire.NewInvite{Role: "king"})
	bob, vic := s.invited("Bob", links[wire.Participant].Link), s.invited("Vic", links[wire.Viewer].Link)
	if bob.me.Board != board || len(bob.me.Boards) != 1 || bob.me.Open || bob.me.Role != "" {
		t.Errorf("Bob is told %+v", bob.me)
	}
	var list []wire.Summary
	bob.must("GET", "/api/boards", nil, &list)
	if len(list) != 1 || list[0].ID != board || list[0].Role != wire.Participant {
		t.Errorf("Bob sees %+v", list)
	}
	for _, path := range []string{"/state", "/history", "/live", "/invites"} {
		bob.refused(http.StatusNotFound, "GET", "/api/boards/"+other+path, nil)
	}
	bob.refused(http.StatusForbidden, "GET", "/api/boards/"+board+"/invites", nil)
	bob.refused(http.StatusForbidden, "POST", "/api/boards/"+board+"/invites", wire.NewInvite{Role: wire.Facilitator})
	bob.refused(http.StatusForbidden, "POST", "/api/boards", wire.NewBoard{Name: "Mine"})
	bob.refused(http.StatusForbidden, "DELETE", "/api/boards/"+board, nil)
	bob.refused(http.StatusForbidden, "PATCH", "/api/boards/"+board, wire.PatchBoard{})
	a, b, v := ann.open(board), bob.open(board), vic.open(board)
	b.do("AddNotes", notes(note("note-1", "x")))
	if no := b.no("StartPhase", map[string]any{"phase": "explore"}); no.Code != wire.Forbidden {
		t.Errorf("a participant leads: %+v", no)
	}
	for what, data := range map[string]any{"AddNotes": notes(note("note-2", "x")), "UndoStep": map[string]any{}, "StartPhase": map[string]any{"phase": "explore"}} {
		if no := v.no(what, data); no.Code != wire.Forbidden {
			t.Errorf("a viewer gives %s: %+v", what, no)
		}
	}
	a.do("StartPhase", map[string]any{"phase": "explore"})
	v.await("the phase", func() bool { return v.wall.Board.Phase == "explore" })

	status, _ := ann.call("DELETE", "/api/boards/"+board+"/invites/"+links[wire.Participant].ID, nil)
	if status != http.StatusNoContent {
		t.Fatalf("revoke: %d", status)
	}
	b.await("goodbye", func() bool { return b.bye != nil })
	if b.bye.Reason != wire.ByeRevoked {
		t.Errorf("bye: %+v", b.bye)
	}
	<-b.ended
	bob.refused(http.StatusNotFound, "GET", "/api/boards/"+board+"/state", nil)
	bob.refused(http.StatusForbidden, "POST", "/api/enter", wire.Enter{Name: "Bob", Invite: strings.Split(links[wire.Participant].Link, "#")[1]})
	v.send(`{"t":"ping"}`)
	v.await("the pong", func() bool { return len(v.others) > 0 })
	var invites []wire.Invite
	ann.must("GET", "/api/boards/"+board+"/invites", nil, &invites)
	for _, i := range invites {
		if i.Link != "" || i.Revoked != (i.Role == wire.Participant) || (i.Used == 1) == (i.Role == wire.Facilitator) {
			t.Errorf("listed: %+v", i)
		}
	}
	ann.refused(http.StatusNotFound, "DELETE", "/api/boards/"+board+"/invites/nothing", nil)
}

// TestRevokedAtOnce does nothing any more for who was put out, however long their
// browser takes to go.
func TestRevokedAtOnce(t *testing.T) {
	s := startShared(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	var i wire.Invite
	ann.must("POST", "/api/boards/"+board+"/invites", wire.NewInvite{Role: wire.Participant}, &i)
	a, bob := ann.open(board), s.invited("Bob", i.Link)
	conn, _, err := bob.dial("/api/boards/"+board+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	add := func(id string) {
		t.Helper()
		text := `{"t":"do","id":"` + uuid.NewString() + `","what":"AddNotes","data":{"notes":[{"id":"` + id + `","kind":"event","text":"x","x":1,"y":1,"w":9,"h":9}]}}`
		if err := conn.Write(context.Background(), websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	add("note-1")
	a.sees("note-1", "x")
	if status, _ := ann.call("DELETE", "/api/boards/"+board+"/invites/"+i.ID, nil); status != http.StatusNoContent {
		t.Fatalf("revoke: %d", status)
	}
	add("note-2")
	conn.SetReadLimit(-1)
	for err == nil { // to its end, which the server may have to wait for
		_, _, err = conn.Read(context.Background())
	}
	a.await("that Bob is gone", func() bool { return slices.Contains(a.gone, bob.me.Person.ID) })
	a.do("AddNotes", notes(note("note-3", "y")))
	a.look(func() {
		if a.wall.Notes["note-2"] != nil {
			t.Error("what came after the link was revoked was done")
		}
	})
}

// TestDeletedForAll says to who was invited, too, that the board was deleted.
func TestDeletedForAll(t *testing.T) {
	s := startShared(t, nil)
	ann := s.enter("Ann")
	for range 10 {
		board := ann.board("Ordering")
		var i wire.Invite
		ann.must("POST", "/api/boards/"+board+"/invites", wire.NewInvite{Role: wire.Viewer}, &i)
		all := []*browser{ann.open(board), s.invited("Vic", i.Link).open(board)}
		if status, _ := ann.call("DELETE", "/api/boards/"+board, nil); status != http.StatusNoContent {
			t.Fatalf("delete: %d", status)
		}
		for _, b := range all {
			b.await("goodbye", func() bool { return b.bye != nil })
			b.look(func() {
				if b.bye.Reason != wire.ByeDeleted {
					t.Errorf("%s is told %+v", b.who.me.Person.Name, b.bye)
				}
			})
		}
	}
}

// TestInvitesForgotten lets links be made and revoked without end.
func TestInvitesForgotten(t *testing.T) {
	s := startShared(t, nil)
	ann := s.enter("Ann")
	api := "/api/boards/" + ann.board("Ordering") + "/invites"
	var i wire.Invite
	for range 210 {
		ann.must("POST", api, wire.NewInvite{Role: wire.Viewer}, &i)
		ann.must("DELETE", api+"/"+i.ID, nil, nil)
	}
	var list []wire.Invite
	ann.must("GET", api, nil, &list)
	if len(list) > 60 || list[len(list)-1].ID != i.ID {
		t.Errorf("%d links are listed, the last is not %s", len(list), i.ID)
	}
	for range 200 {
		ann.must("POST", api, wire.NewInvite{Role: wire.Viewer}, &i)
	}
	ann.refused(http.StatusConflict, "POST", api, wire.NewInvite{Role: wire.Viewer})
}

// TestUsedUp bounds how many people come by one link.
func TestUsedUp(t *testing.T) {
	s := startShared(t, nil)
	ann := s.enter("Ann")
	var i wire.Invite
	ann.must("POST", "/api/boards/"+ann.board("Ordering")+"/invites", wire.NewInvite{Role: wire.Viewer}, &i)
	bob := s.invited("Bob", i.Link)
	_, token, _ := strings.Cut(i.Link, "#")
	crowd := s.visitor()
	for range catalog.MaxUsed - 1 {
		crowd.must("POST", "/api/enter", wire.Enter{Name: "Eve", Invite: token}, nil)
		crowd.http.Jar, _ = cookiejar.New(nil)
	}
	crowd.refused(http.StatusForbidden, "POST", "/api/enter", wire.Enter{Name: "Eve", Invite: token})
	bob.must("POST", "/api/enter", wire.Enter{Name: "Robert", Invite: token}, nil)
}

// TestViewerPresence shows where a viewer is, and nothing that they would write.
func TestViewerPresence(t *testing.T) {
	s := startShared(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	var i wire.Invite
	ann.must("POST", "/api/boards/"+board+"/invites", wire.NewInvite{Role: wire.Viewer}, &i)
	a, v := ann.open(board), s.invited("Vic", i.Link).open(board)
	a.do("AddNotes", notes(note("note-1", "Order placed")))
	v.send(`{"t":"here","x":7,"select":["note-1"],"editing":"note-1","draft":"defaced","drag":{"ids":["note-1"],"dx":9,"dy":0}}`)
	id := v.who.me.Person.ID
	a.await("the cursor", func() bool { return a.here[id].X != nil && a.here[id].Select != nil })
	a.look(func() {
		if at := a.here[id]; at.Draft != nil || at.Editing != nil || at.Drag != nil {
			t.Errorf("a viewer is seen to write: %+v", at)
		}
	})
}
