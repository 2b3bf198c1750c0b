package server_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
)

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
	first := e.conn // he comes back by another
	go func() {
		for first.Write(context.Background(), websocket.MessageText, []byte(`{"t":"here","x":1,"y":2}`)) == nil {
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
	for i := range 220 { // commands that come too fast have to wait, and none is lost
		e.say("RewriteNote", map[string]any{"id": "note-1", "text": strings.Repeat("x", i+1)})
		if i%40 == 39 {
			b.do("MoveNotes", map[string]any{"places": []any{map[string]any{"id": "note-1", "x": i, "y": 20, "w": 120, "h": 80}}})
		}
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("the other was held up: %v", took)
	}
}

// TestHeavy lets a person wait who fills the board with large texts, from however many
// pages, and nobody else.
func TestHeavy(t *testing.T) {
	s := start(t, func(c *server.Config) { c.Limits.Bytes = 1000 }) // 120,000 at once
	eve, bob := s.enter("Eve"), s.enter("Bob")
	board := eve.board("Ordering")
	e, b := eve.open(board), bob.open(board)
	large := func(id string) map[string]any {
		var list []map[string]any
		for i := range 6 {
			n := note(fmt.Sprintf("%s-%d", id, i), "x")
			n["doc"] = strings.Repeat("y", session.MaxDoc-1000)
			list = append(list, n)
		}
		return notes(list...)
	}
	e.do("AddNotes", large("one"))
	e.do("AddNotes", large("two"))
	e.say("AddNotes", large("three"))
	eve.open(board).say("AddNotes", large("four"))
	b.sees("two-5", "x")
	for i := range 20 {
		b.do("AddNotes", notes(note(fmt.Sprintf("bob-%d", i), "x")))
	}
	b.look(func() {
		if b.wall.Notes["three-0"] != nil || b.wall.Notes["four-0"] != nil {
			t.Error("as much as one likes can be put onto a board")
		}
	})
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
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) { // until the server has noticed
		conn, _, err := cid.dial("/api/boards/"+board+"/live", nil)
		if err == nil {
			_ = conn.CloseNow()
			return
		}
		if time.Since(begin) > patience {
			t.Fatal("a place that was left is not given to another:", err)
		}
	}
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
