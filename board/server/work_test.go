package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
)

// asked counts the answers to a request that somebody makes again and again, and looks
// at what they are told when it is too often.
func (p *person) asked(times int, method, path string) (served, refused int) {
	p.t.Helper()
	for range times {
		req, err := http.NewRequest(method, p.base+path, strings.NewReader("{}"))
		if err != nil {
			p.t.Fatal(err)
		}
		req.Header.Set("Origin", p.origin)
		req.Header.Set("Content-Type", "application/json")
		res, err := p.http.Do(req)
		if err != nil {
			p.t.Fatal(err)
		}
		_ = res.Body.Close()
		switch after, _ := strconv.Atoi(res.Header.Get("Retry-After")); {
		case res.StatusCode != http.StatusTooManyRequests:
			served++
		case after < 1 || after > 3600:
			p.t.Fatalf("%s: it is to be tried again after %q", path, res.Header.Get("Retry-After"))
		default:
			refused++
		}
	}
	return served, refused
}

// TestWork lets nobody keep the server busy with what is asked for over HTTP, whatever
// it is; another is answered as ever.
func TestWork(t *testing.T) {
	for _, path := range []string{
		"GET /state", "GET /history", "GET /modules", "GET /duplicates", "GET /minutes", "GET /export?to=storm", "GET /export?to=svg",
		"POST /import?name=x.json", "POST /tidy", "POST /land", "GET /invites", "GET /live",
	} {
		t.Run(path, func(t *testing.T) {
			s := start(t, func(c *server.Config) { c.Limits.Work = 0.5 }) // 50 at once
			eve, bob := s.enter("Eve"), s.enter("Bob")
			board := bob.board("Ordering")
			method, rest, _ := strings.Cut(path, " ")
			served, refused := eve.asked(80, method, "/api/boards/"+board+rest)
			if refused < 20 || served == 0 {
				t.Errorf("of 80 that were asked for at once %d were done and %d refused", served, refused)
			}
			if e := eve.refused(http.StatusTooManyRequests, "GET", "/api/boards", nil); e.Code != wire.TooFast {
				t.Errorf("refused with %+v", e)
			}
			bob.must("GET", "/api/boards/"+board+"/state", nil, nil)
		})
	}
}

// TestStrangers slows down who makes cookies up.
func TestStrangers(t *testing.T) {
	s := startShared(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	name := ann.http.Jar.Cookies(mustURL(ann.base))[0].Name
	eve := s.visitor()
	limited := false
	for range 1100 {
		req, err := http.NewRequest("GET", eve.base+"/api/boards/"+board+"/state", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: name, Value: strings.Repeat("A", 43)})
		res, err := eve.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		limited = limited || res.StatusCode == http.StatusTooManyRequests
		if res.StatusCode < 400 {
			t.Fatalf("a made-up cookie: %d", res.StatusCode)
		}
	}
	if !limited {
		t.Error("cookies can be made up as fast as one likes")
	}
	s.enter("Bob") // from the same address, as behind a proxy
}

// TestDrawings lets one person have no more than some pictures made at once.
func TestDrawings(t *testing.T) {
	s := start(t, nil)
	eve, bob := s.enter("Eve"), s.enter("Bob")
	eve.http.Timeout, bob.http.Timeout = 2*time.Minute, 2*time.Minute // with the race detector a picture takes seconds
	board := eve.board("Ordering")
	b := eve.open(board)
	var list []map[string]any
	for i := range 20 {
		n := note(fmt.Sprintf("note-%d", i), "Order placed")
		n["x"], n["y"] = 200*(i%10), 200*(i/10)
		list = append(list, n)
	}
	b.do("AddNotes", notes(list...))
	var all sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 8 {
		all.Go(func() {
			status, _ := eve.call("GET", "/api/boards/"+board+"/export?to=png", nil)
			mu.Lock()
			defer mu.Unlock()
			statuses[status]++
		})
	}
	all.Wait()
	if statuses[http.StatusOK] < 3 || statuses[http.StatusOK]+statuses[http.StatusTooManyRequests] != 8 || statuses[http.StatusTooManyRequests] == 0 {
		t.Errorf("of eight pictures at once: %v", statuses)
	}
	bob.must("GET", "/api/boards/"+board+"/export?to=storm", nil, nil)
}

// TestHistoryInParts tells what happened in parts of some megabytes, and misses
// nothing.
func TestHistoryInParts(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	a := ann.open(board)
	for i := range 12 { // of half a megabyte each
		var list []map[string]any
		for k := range 50 {
			n := note(fmt.Sprintf("note-%d-%d", i, k), "x")
			n["doc"] = strings.Repeat("y", session.MaxDoc-10)
			list = append(list, n)
		}
		a.do("AddNotes", notes(list...))
	}
	after, parts, seen := uint64(0), 0, map[string]bool{}
	for {
		status, data := ann.call("GET", fmt.Sprintf("/api/boards/%s/history?after=%d", board, after), nil)
		if status != http.StatusOK || len(data) > 5<<20 {
			t.Fatalf("%d with %d bytes", status, len(data))
		}
		var h wire.History
		if err := json.Unmarshal(data, &h); err != nil {
			t.Fatal(err)
		}
		for _, o := range h.Ops {
			if o.Seq <= after || o.Seq > h.Seq {
				t.Fatalf("operation %d between %d and %d", o.Seq, after, h.Seq)
			}
			var changes []session.Change
			if err := json.Unmarshal(o.Changes, &changes); err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				seen[c.ID] = true
			}
		}
		parts++
		if h.Seq >= h.Head {
			break
		}
		if h.Seq <= after {
			t.Fatalf("no way on after %d", after)
		}
		after = h.Seq
	}
	if parts < 2 {
		t.Errorf("six megabytes came in %d part", parts)
	}
	for i := range 12 {
		for k := range 50 {
			if !seen[fmt.Sprintf("note-%d-%d", i, k)] {
				t.Fatalf("note-%d-%d is missing", i, k)
			}
		}
	}
}
