package server_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
)

// TestNoSuchID knows no board and no invite by what is no id of any.
func TestNoSuchID(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	for _, id := range []string{"%00", "*", "%2a", "%2e%2e", "..%2f..%2fx", "%ff", "x%20y", strings.Repeat("a", 3000), strings.ToUpper(board), board + "%2f", "catalog"} {
		for _, path := range []string{"/state", "/history", "/invites", "/export?to=storm"} {
			ann.refused(http.StatusNotFound, "GET", "/api/boards/"+id+path, nil)
		}
		ann.refused(http.StatusNotFound, "PATCH", "/api/boards/"+id, wire.PatchBoard{})
		ann.refused(http.StatusNotFound, "DELETE", "/api/boards/"+id, nil)
		ann.refused(http.StatusNotFound, "DELETE", "/api/boards/"+board+"/invites/"+id, nil)
	}
	for _, path := range []string{"/.landfall/", "/x/y/z", "/api", "/b/x/y", "/api/boards/" + board + "/state/x"} {
		ann.refused(http.StatusNotFound, "GET", path, nil)
	}
}

// TestImportTooLarge refuses a storm that no board can have before it is read.
func TestImportTooLarge(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	for text, why := range map[string]string{
		"storm X\n" + strings.Repeat("# x\n", session.MaxFile/4): "larger than the 4 MB",
		"storm X\n\xff":         "not UTF-8 in line 2",
		"storm X\n\nevent \x00": "a zero byte in line 3",
	} {
		req, err := http.NewRequest("POST", ann.base+"/api/boards/"+board+"/import?name=x.STORM", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", ann.origin)
		res, err := ann.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		_, _ = body.ReadFrom(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(body.String(), why) {
			t.Errorf("%d %s, want %q", res.StatusCode, body.String(), why)
		}
	}
}

// TestLandAgain keeps nothing for a landing of what the disk has already.
func TestLandAgain(t *testing.T) {
	folder := t.TempDir()
	text := "storm Ordering\n\n" + strings.Repeat("# Nothing of this is a statement.\n", 20_000) + "event Paid\n"
	if err := os.WriteFile(filepath.Join(folder, "s.storm"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, func(c *server.Config) { c.Path, c.Store = folder, "" })
	ann := s.enter("Ann")
	var boards []wire.Summary
	ann.must("GET", "/api/boards", nil, &boards)
	a := ann.open(boards[0].ID)
	for range 10 {
		ann.must("POST", "/api/boards/"+boards[0].ID+"/land", wire.Land{}, nil)
	}
	a.await("who landed", func() bool { return a.wall.Board.LandedBy == ann.me.Person.ID })
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	size := int64(0)
	files, err := filepath.Glob(filepath.Join(folder, ".landfall", "*.board.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	if size > int64(6*len(text)) {
		t.Errorf("ten landings of %d bytes that changed nothing are kept as %d bytes", len(text), size)
	}
}
