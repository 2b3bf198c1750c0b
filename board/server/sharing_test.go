package server_test

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/wire"
)

// TestOwnersLink makes another link at each start. Who came by an earlier one leads on,
// until the server is started to put them out.
func TestOwnersLink(t *testing.T) {
	folder, l := t.TempDir(), listener(t)
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	again := func(revoke bool) *running {
		return start(t, func(c *server.Config) {
			c.Path, c.Store, c.Listen, c.PublicURL, c.RevokeOwners = folder, "", address, "http://"+address, revoke
		})
	}
	s := again(false)
	_, first, _ := strings.Cut(s.Link(), "#")
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	var i wire.Invite
	ann.must("POST", "/api/boards/"+board+"/invites", wire.NewInvite{Role: wire.Participant}, &i)
	bob := s.invited("Bob", i.Link)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}

	s = again(false)
	ann.must("GET", "/api/boards/"+board+"/invites", nil, nil)
	eve := s.visitor()
	eve.refused(http.StatusForbidden, "POST", "/api/enter", wire.Enter{Name: "Eve", Invite: first})
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}

	s = again(true)
	ann.refused(http.StatusNotFound, "GET", "/api/boards/"+board+"/state", nil)
	ann.refused(http.StatusForbidden, "POST", "/api/boards", wire.NewBoard{Name: "Mine"})
	ann.refused(http.StatusForbidden, "POST", "/api/enter", wire.Enter{Name: "Ann"})
	bob.must("GET", "/api/boards/"+board+"/state", nil, nil) // by an invite
	_, token, _ := strings.Cut(s.Link(), "#")
	ann.must("POST", "/api/enter", wire.Enter{Name: "Ann", Invite: token}, nil)
	ann.must("GET", "/api/boards/"+board+"/invites", nil, nil)
}

func listener(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestRevokedIsOut leaves nothing to who came by a link that was revoked.
func TestRevokedIsOut(t *testing.T) {
	s := startShared(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	var i wire.Invite
	ann.must("POST", "/api/boards/"+board+"/invites", wire.NewInvite{Role: wire.Participant}, &i)
	bob := s.invited("Bob", i.Link)
	ann.must("DELETE", "/api/boards/"+board+"/invites/"+i.ID, nil, nil)
	var list []wire.Summary
	bob.must("GET", "/api/boards", nil, &list)
	if len(list) != 0 {
		t.Errorf("somebody who is out sees %+v", list)
	}
	bob.refused(http.StatusForbidden, "POST", "/api/enter", wire.Enter{Name: "Bob"})
	for _, path := range []string{"/state", "/history", "/live", "/export?to=storm", "/minutes", "/modules", "/duplicates"} {
		bob.refused(http.StatusNotFound, "GET", "/api/boards/"+board+path, nil)
	}
}

// TestRemembered knows somebody as long as they come back, and not for ever.
func TestRemembered(t *testing.T) {
	s := startShared(t, func(c *server.Config) { c.Limits.Remembered = 300 * time.Millisecond })
	ann := s.enter("Ann")
	cookie := ann.http.Jar.Cookies(mustURL(ann.base))[0]
	deadline := time.Now().Add(patience)
	for status := 0; status != http.StatusUnauthorized; {
		if time.Now().After(deadline) {
			t.Fatal("a cookie is good for ever")
		}
		req, err := http.NewRequest("GET", ann.base+"/api/boards", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(cookie) // whatever the browser makes of its age
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		status = res.StatusCode
		time.Sleep(10 * time.Millisecond)
	}

	s = startShared(t, nil)
	ann = s.enter("Ann")
	for range 2 {
		res, err := ann.http.Get(ann.base + "/api/me")
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		c := res.Cookies()
		if len(c) != 1 || c[0].MaxAge != 30*24*60*60 || !c[0].HttpOnly || c[0].SameSite != http.SameSiteStrictMode {
			t.Errorf("who comes back is remembered by %v", c)
		}
	}
}

// TestRoom lets a room full of people in by one link at once.
func TestRoom(t *testing.T) {
	s := startShared(t, func(c *server.Config) { c.Path, c.Store = t.TempDir(), "" })
	ann := s.enter("Ann")
	var i wire.Invite
	invites := "/api/boards/" + ann.board("Ordering") + "/invites"
	ann.must("POST", invites, wire.NewInvite{Role: wire.Participant}, &i)
	_, token, _ := strings.Cut(i.Link, "#")
	var all sync.WaitGroup
	for range 100 {
		p := s.visitor()
		all.Go(func() {
			if status, data := p.call("POST", "/api/enter", wire.Enter{Name: "Bob", Invite: token}); status != http.StatusOK {
				t.Errorf("%d %s", status, data)
			}
		})
	}
	all.Wait()
	var list []wire.Invite
	ann.must("GET", invites, nil, &list)
	if len(list) != 1 || list[0].Used != 100 {
		t.Errorf("of a hundred who came in there are %+v", list)
	}
}
