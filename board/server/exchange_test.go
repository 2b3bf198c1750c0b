package server_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
)

// upload sends a file.
func (p *person) upload(path, text string) (int, []byte) {
	p.t.Helper()
	req, err := http.NewRequest("POST", p.base+path, strings.NewReader(text))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Origin", p.origin)
	res, err := p.http.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res.StatusCode, data
}

// TestExchange imports into an empty board and into one with notes, and exports all
// formats as files that no browser shows.
func TestExchange(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	board := ann.board("<script>alert(1)</script>")
	api := "/api/boards/" + board
	a := ann.open(board)
	if status, data := ann.upload(api+"/import?name=ordering.storm", small); status != http.StatusOK {
		t.Fatalf("import: %d %s", status, data)
	}
	a.await("the notes of the file", func() bool { return len(a.wall.Notes) == 2 && len(a.wall.Links) == 1 })
	if status, data := ann.upload(api+"/import?name=more.storm", "storm \"More\"\n\n\"<img src=x onerror=alert(1)>\"\n"); status != http.StatusOK {
		t.Fatalf("import: %d %s", status, data)
	}
	a.await("the notes of the second file", func() bool { return len(a.wall.Notes) == 3 })
	a.do("UndoStep", map[string]any{})
	a.await("that the import is undone as one step", func() bool { return len(a.wall.Notes) == 2 })
	a.do("RedoStep", map[string]any{})
	for _, c := range []struct{ name, text string }{{"x.storm", "storm {"}, {"x.json", "{}"}, {"x.json", "nonsense"}, {"", ""}} {
		if status, data := ann.upload(api+"/import?name="+c.name, c.text); status != http.StatusUnprocessableEntity {
			t.Errorf("import of %q: %d %s", c.text, status, data)
		}
	}
	if status, _ := ann.upload(api+"/import?name=x.json", strings.Repeat("x", wire.MaxImport+1)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge import: %d", status)
	}
	for to, kind := range map[string]string{
		"storm": "text/plain", "json": "application/json", "svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf",
		"mermaid": "text/", "cml": "text/plain", "eventcatalog": "application/zip", "markdown": "text/markdown",
	} {
		res, err := ann.http.Get(ann.base + api + "/export?to=" + to)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		h := res.Header
		if res.StatusCode != http.StatusOK || len(data) == 0 || !strings.HasPrefix(h.Get("Content-Type"), kind) ||
			!strings.HasPrefix(h.Get("Content-Disposition"), "attachment; filename=") || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %d, %d bytes, %v", to, res.StatusCode, len(data), h)
		}
		if to == "svg" && (bytes.Contains(data, []byte("<img")) || bytes.Contains(data, []byte("<script"))) {
			t.Errorf("markup in the picture: %s", data)
		}
	}
	for _, query := range []string{"to=exe", "to=svg&theme=pink", "to=png&scale=1000", "to=png&scale=NaN", ""} {
		ann.refused(http.StatusBadRequest, "GET", api+"/export?"+query, nil)
	}
	var found []wire.Duplicate
	ann.must("GET", api+"/duplicates?least=0.8", nil, &found)
	ann.refused(http.StatusBadRequest, "GET", api+"/duplicates?least=NaN", nil)
	var modules wire.Modules
	ann.must("GET", api+"/modules", nil, &modules)
	if status, data := ann.call("GET", api+"/minutes", nil); status != http.StatusOK || bytes.Contains(data, []byte("<script>")) {
		t.Errorf("minutes: %d %s", status, data)
	}
}

// TestImportTooMuch refuses what does not fit on a board, and nothing is left of it.
func TestImportTooMuch(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	a := ann.open(board)
	many := strings.Builder{}
	for i := range session.MaxNotes + 1 {
		fmt.Fprintf(&many, "event E%d {}\n", i)
	}
	status, data := ann.upload("/api/boards/"+board+"/import?name=a.storm", many.String())
	if status != http.StatusRequestEntityTooLarge || !strings.Contains(string(data), "20001 notes, and a board holds 20000") {
		t.Errorf("too many notes: %d %s", status, data)
	}
	status, data = ann.upload("/api/boards/"+board+"/import?name=a.storm", "OrderPlaced\n"+strings.Repeat("// much\n", session.MaxFile/8+1))
	if status != http.StatusRequestEntityTooLarge || !strings.Contains(string(data), "larger than the 4 MB") {
		t.Errorf("a text too large: %d %s", status, data)
	}
	a.do("AddNotes", notes(note("note-1", "Order shipped")))
	ann.must("POST", "/api/boards/"+board+"/land", wire.Land{}, nil)
	a.look(func() {
		if len(a.wall.Notes) != 1 {
			t.Errorf("%d notes are on the wall", len(a.wall.Notes))
		}
	})
}

// TestViewer may take things out, and put nothing in.
func TestViewer(t *testing.T) {
	s := startShared(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	var i wire.Invite
	ann.must("POST", "/api/boards/"+board+"/invites", wire.NewInvite{Role: wire.Viewer}, &i)
	vic := s.invited("Vic", i.Link)
	vic.refused(http.StatusForbidden, "POST", "/api/boards/"+board+"/land", wire.Land{})
	if status, _ := vic.upload("/api/boards/"+board+"/import?name=a.storm", small); status != http.StatusForbidden {
		t.Errorf("a viewer imports: %d", status)
	}
	if status, _ := vic.call("GET", "/api/boards/"+board+"/export?to=storm", nil); status != http.StatusOK {
		t.Errorf("a viewer exports: %d", status)
	}
}
