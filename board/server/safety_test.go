package server_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"testing"
	"time"

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

// TestTokens lets nobody in with a wrong token, or none.
func TestTokens(t *testing.T) {
	s := startShared(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	stranger := s.visitor()
	for _, token := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("x", 5000), "../../", "\x00"} {
		stranger.refused(http.StatusForbidden, "POST", "/api/enter", wire.Enter{Name: "Eve", Invite: token})
	}
	for _, path := range []string{"/api/boards", "/api/boards/" + board + "/state", "/api/boards/" + board + "/live", "/api/boards/" + board + "/export?to=storm"} {
		stranger.refused(http.StatusUnauthorized, "GET", path, nil)
	}
	if _, _, err := stranger.dial("/api/boards/"+board+"/live", http.Header{"Cookie": {"landfall-7070=" + strings.Repeat("A", 43)}}); err == nil {
		t.Error("a socket was opened with a wrong cookie")
	}
	for name, status := range map[string]int{"": http.StatusBadRequest, "\u200b \t": http.StatusBadRequest, strings.Repeat("x", 81): http.StatusRequestEntityTooLarge} {
		_, token, _ := strings.Cut(s.Link(), "#")
		stranger.refused(status, "POST", "/api/enter", wire.Enter{Name: name, Invite: token})
	}
	limited := false
	for range 100 {
		status, _ := stranger.call("POST", "/api/enter", wire.Enter{Name: "Eve", Invite: "guess"})
		limited = limited || status == http.StatusTooManyRequests
	}
	if !limited {
		t.Error("guessing is not slowed down")
	}
	for range 100 { // of the same address, as behind a proxy
		s.enter("Ann")
	}
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

// TestOrigin refuses what other pages make a browser send, and other names of this
// machine (DNS rebinding).
func TestOrigin(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	own := ann.origin
	port := own[strings.LastIndex(own, ":"):]
	for _, origin := range []string{"", "null", "http://evil.example", "https://127.0.0.1" + port, "http://127.0.0.1:1", "http://localhost" + port, own + ".evil.example"} {
		ann.origin = origin
		ann.refused(http.StatusForbidden, "POST", "/api/boards", wire.NewBoard{Name: "x"})
		ann.refused(http.StatusForbidden, "DELETE", "/api/boards/"+board, nil)
		header := http.Header{"Origin": {origin}}
		if conn, res, err := ann.dial("/api/boards/"+board+"/live", header); err == nil {
			_ = conn.CloseNow()
			t.Errorf("a socket was opened from %q", origin)
		} else if res == nil || res.StatusCode != http.StatusForbidden {
			t.Errorf("a socket from %q: %v", origin, err)
		}
	}
	for host, status := range map[string]int{
		"evil.example": 421, "evil.example" + port: 421, "127.0.0.1:1": 421, "192.168.1.1" + port: 421,
		"localhost" + port: 200, "127.0.0.1" + port: 200, "[::1]" + port: 200,
	} {
		req, _ := http.NewRequest("GET", own+"/api/me", nil)
		req.Host = host
		res, err := ann.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != status {
			t.Errorf("the host %q: %d, want %d", host, res.StatusCode, status)
		}
	}
}

// TestHeaders looks at what browsers are forbidden.
func TestHeaders(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	board := ann.board("<script>alert(1)</script>")
	for path, want := range map[string]string{
		"/": "text/html; charset=utf-8", "/b/" + board: "text/html; charset=utf-8", "/join": "text/html; charset=utf-8",
		"/assets/app-1.js": "text/javascript; charset=utf-8", "/favicon.svg": "image/svg+xml",
		"/api/me": "application/json; charset=utf-8", "/api/boards": "application/json; charset=utf-8",
		"/api/boards/" + board + "/state": "application/json; charset=utf-8", "/nothing": "application/json; charset=utf-8",
		"/api/nothing": "application/json; charset=utf-8", "/assets/../server.go": "", "/index.html": "application/json; charset=utf-8",
	} {
		res, err := ann.http.Get(ann.base + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		h := res.Header
		if want != "" && h.Get("Content-Type") != want {
			t.Errorf("%s is %q, want %q", path, h.Get("Content-Type"), want)
		}
		csp := h.Get("Content-Security-Policy")
		if want != "" && (h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "default-src 'none'")) {
			t.Errorf("%s: %v", path, h)
		}
		if strings.HasPrefix(want, "text/html") && (strings.Contains(csp, "'unsafe") || !strings.Contains(csp, "script-src 'self'; style-src 'self' 'nonce-")) {
			t.Errorf("%s may run scripts of its own: %s", path, csp)
		}
	}
	for _, c := range ann.http.Jar.Cookies(mustURL(ann.base)) {
		if len(c.Value) != 43 {
			t.Errorf("the cookie's token is %q", c.Value)
		}
	}
	res, err := http.Post(ann.base+"/api/enter", "application/json", strings.NewReader(`{"name":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("a request without an Origin: %d", res.StatusCode)
	}
}

// TestMalformed sends what no page sends; each is refused, and the socket goes on.
func TestMalformed(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	b := ann.open(ann.board("Ordering"))
	id := "0199f3a0-0000-7000-8000-000000000000"
	for _, c := range []struct {
		text string
		code wire.Code
		id   string
	}{
		{``, wire.Invalid, ""}, {`{`, wire.Invalid, ""}, {`null`, wire.Invalid, ""}, {`[]`, wire.Invalid, ""}, {`{"t":"x"}`, wire.Invalid, ""},
		{"{\"t\":\"\xc3\x28\"}", wire.Invalid, ""},
		{`{"t":"do","id":"1","what":"A","data":{}}`, wire.Invalid, ""},
		{`{"t":"do","id":"` + id + `","what":"A","data":` + strings.Repeat("[", 50_000) + `}`, wire.Invalid, ""},
		{`{"t":"do","id":"` + id + `","what":"A"}`, wire.Invalid, id},
		{`{"t":"do","id":"` + id + `","what":"NameBoard","data":{"name":"` + strings.Repeat("x", wire.MaxMessage) + `"}}`, wire.TooLarge, id},
		{`{"t":"here","x":"1"}`, wire.Invalid, ""}, {`{"t":"ping","x":1}`, wire.Invalid, ""},
	} {
		b.forget()
		b.send(c.text)
		b.await("the refusal", func() bool { return len(b.nos) == 1 })
		if no := b.refusal(c.id); no.Code != c.code {
			t.Errorf("%.60s: %+v, want %s for %q", c.text, no, c.code, c.id)
		}
	}
	b.do("AddNotes", notes(note("note-1", "still there")))
	b.forget()
	if err := b.conn.Write(context.Background(), websocket.MessageBinary, []byte(`{"t":"ping"}`)); err != nil {
		t.Fatal(err)
	}
	b.await("the refusal of binary", func() bool { return len(b.nos) == 1 })
	for range 20 { // the last of them may find the socket closed
		_ = b.conn.Write(context.Background(), websocket.MessageText, []byte("nonsense"))
	}
	b.await("goodbye", func() bool { return b.bye != nil && b.bye.Reason == wire.ByeFlood })
}

// TestHuge sends more than any limit allows: the socket is closed, and nothing is
// kept of it.
func TestHuge(t *testing.T) {
	s := start(t, nil)
	ann, bob := s.enter("Ann"), s.enter("Bob")
	board := ann.board("Ordering")
	a, b := ann.open(board), bob.open(board)
	_ = a.conn.Write(context.Background(), websocket.MessageText, []byte(`{"t":"do","data":"`+strings.Repeat("x", 3*wire.MaxMessage)))
	<-a.ended
	b.do("AddNotes", notes(note("note-1", "still there")))
	status, _ := ann.call("POST", "/api/boards", wire.NewBoard{Name: strings.Repeat("x", 2*wire.MaxBody)})
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge body: %d", status)
	}
}

// TestFlood closes a socket that sends without end, while another goes on.
func TestFlood(t *testing.T) {
	s := start(t, func(c *server.Config) { c.Limits.Messages, c.Limits.Commands = 50, 20 })
	eve, bob := s.enter("Eve"), s.enter("Bob")
	board := eve.board("Ordering")
	e, b := eve.open(board), bob.open(board)
	go func() {
		for e.conn.Write(context.Background(), websocket.MessageText, []byte(`{"t":"here","x":1,"y":2}`)) == nil {
			continue
		}
	}()
	<-e.ended
	if e.bye == nil || e.bye.Reason != wire.ByeFlood {
		t.Errorf("bye: %+v", e.bye)
	}
	b.do("AddNotes", notes(note("note-1", "still there")))
	e.connect()
	begin := time.Now()
	var last string
	for i := range 220 { // commands that come too fast have to wait, and none is lost
		last = e.say("RewriteNote", map[string]any{"id": "note-1", "text": strings.Repeat("x", i+1)})
		if i%40 == 39 {
			b.do("MoveNotes", map[string]any{"places": []any{map[string]any{"id": "note-1", "x": i, "y": 20, "w": 120, "h": 80}}})
		}
	}
	_ = last
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("the other was held up: %v", took)
	}
}

// TestCrowd bounds how many browsers are on a board.
func TestCrowd(t *testing.T) {
	s := start(t, func(c *server.Config) { c.Limits.Sockets, c.Limits.PerPerson = 3, 2 })
	ann, bob, cid := s.enter("Ann"), s.enter("Bob"), s.enter("Cid")
	board := ann.board("Ordering")
	ann.open(board)
	ann.open(board)
	if _, _, err := ann.dial("/api/boards/"+board+"/live", nil); err == nil {
		t.Error("a third page of one person was let in")
	}
	b := bob.open(board)
	if _, res, err := cid.dial("/api/boards/"+board+"/live", nil); err == nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a fourth browser: %v", err)
	}
	b.close()
	cid.open(board)
}

// TestSlow gives up a browser that does not read, and holds up nobody else.
func TestSlow(t *testing.T) {
	s := start(t, func(c *server.Config) {
		c.Limits.Commands, c.Limits.Messages, c.Limits.Behind, c.Limits.Stalled = 1e6, 1e6, 100_000, 300*time.Millisecond
	})
	ann, bob := s.enter("Ann"), s.enter("Bob")
	board := ann.board("Ordering")
	a := ann.open(board)
	bob.http.Transport = &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err == nil {
			err = conn.(*net.TCPConn).SetReadBuffer(4096) // so that little is on its way
		}
		return conn, err
	}}
	conn, _, err := bob.dial("/api/boards/"+board+"/live?since=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	a.do("AddNotes", notes(note("note-1", "x")))
	gone := func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return len(a.gone) > 0
	}
	for i := 0; !gone() && i < 4000; i += 50 {
		last := ""
		for j := range 50 {
			last = a.say("WriteComment", map[string]any{"id": fmt.Sprintf("comment-%d", i+j), "note": "note-1", "text": strings.Repeat("y", 3900)})
		}
		a.acknowledged(last)
	}
	a.await("that the one who does not read is given up", func() bool { return len(a.gone) > 0 })
	a.do("AddNotes", notes(note("note-2", "still there")))
}
