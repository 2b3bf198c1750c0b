package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
)

// TestMisfit does not open a board of a file that no board can have, and says why.
func TestMisfit(t *testing.T) {
	for name, c := range map[string]struct{ text, why string }{
		"latin1": {"storm \"x\"\n\n\"Bestellung best\xe4tigt\"\n", "not UTF-8 in line 3"},
		"zero":   {"storm \"x\"\n\x00", "zero byte in line 2"},
		"lost":   {"\"Bestellung best\ufffdtigt\"\n", "U+FFFD in line 1"},
		"large":  {strings.Repeat("// much\n", session.MaxFile/8+1), "larger than the 4 MB"},
		"huge":   {strings.Repeat("// much\n", 3<<20), "24 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			write(t, c.text, folder, "a.storm")
			s := start(t, func(c *server.Config) { c.Path, c.Store = folder, "" })
			ann := s.enter("Ann")
			board := only(t, ann).ID
			e := ann.refused(http.StatusConflict, "GET", "/api/boards/"+board+"/state", nil)
			if !strings.Contains(e.Message, "a.storm") || !strings.Contains(e.Message, c.why) || strings.Contains(e.Message, folder) {
				t.Errorf("it is told %q", e.Message)
			}
			if read(t, folder, "a.storm") != c.text {
				t.Error("the file was written")
			}
			write(t, small, folder, "a.storm") // it is mended
			a := ann.open(board)
			a.await("the notes", func() bool { return len(a.wall.Notes) == 2 })
		})
	}
}

// TestMisfitMeanwhile goes on with what the board has when something else spoils the
// file, and does not land over it.
func TestMisfitMeanwhile(t *testing.T) {
	folder := t.TempDir()
	write(t, small, folder, "a.storm")
	config := func(c *server.Config) { c.Path, c.Store = folder, "" }
	s := start(t, config)
	ann := s.enter("Ann")
	board := only(t, ann).ID
	a := ann.open(board)
	a.await("the notes", func() bool { return len(a.wall.Notes) == 2 })
	const spoilt = "storm \"x\"\n\"\xe4\"\n"
	write(t, spoilt, folder, "a.storm")
	a.await("the problem", func() bool {
		return strings.Contains(string(a.raw), "a.storm on the disk has characters that are not UTF-8 in line 2")
	})
	a.do("AddNotes", notes(note("note-1", "Order shipped")))
	a.text("a.storm", "Order shipped")
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	s = start(t, config) // a board that has a text of its own opens
	ann = s.enter("Ann")
	a = ann.open(board)
	a.await("the notes", func() bool { return len(a.wall.Notes) == 3 })
	e := ann.refused(http.StatusConflict, "POST", "/api/boards/"+board+"/land", wire.Land{})
	if !strings.Contains(e.Message, "not UTF-8 in line 2; save it as UTF-8, or move it away") || read(t, folder, "a.storm") != spoilt {
		t.Fatalf("it is told %q", e.Message)
	}
	write(t, strings.Replace(small, "A comment", "Another comment", 1), folder, "a.storm") // it is mended
	a.text("a.storm", "Another comment")
	ann.must("POST", "/api/boards/"+board+"/land", wire.Land{}, nil)
	if text := read(t, folder, "a.storm"); !strings.Contains(text, "Order shipped") || !strings.Contains(text, "Another comment") {
		t.Errorf("landed:\n%s", text)
	}
}

// TestVain says that a wall cannot have what its text says, in place of trying for ever.
func TestVain(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	a := ann.open(board)
	a.text("ordering.storm", "Ordering")
	edit := func(changes func(length int) []any) {
		t.Helper()
		var version, length int
		a.look(func() {
			f := a.wall.Files["file:ordering.storm"]
			version, length = f.Version, session.Units(f.Text)
		})
		a.do("EditText", map[string]any{"path": "ordering.storm", "version": version, "client": "c", "changes": changes(length)})
	}
	const lost = "\"Best\ufffdtigt\""
	edit(func(n int) []any { return []any{n, []any{0, lost, ""}} })
	e := ann.refused(http.StatusConflict, "POST", "/api/boards/"+board+"/land", wire.Land{})
	if !strings.Contains(e.Message, "a character that cannot be shown") {
		t.Errorf("it is told %q", e.Message)
	}
	edit(func(n int) []any {
		return []any{n - session.Units(lost) - 1, []any{session.Units(lost) + 1, "\"Mended\"", ""}}
	})
	ann.must("POST", "/api/boards/"+board+"/land", wire.Land{}, nil)
	a.await("the note", func() bool {
		for _, n := range a.wall.Notes {
			if n.Text == "Mended" {
				return true
			}
		}
		return false
	})
}
