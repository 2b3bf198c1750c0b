package server_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
)

const small = `// A comment that stays.
storm "Ordering"

PlaceOrder -> OrderPlaced
`

func read(t *testing.T, path ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, text string, path ...string) {
	t.Helper()
	at := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// text waits until the text of a file holds something.
func (b *browser) text(file, part string) {
	b.t.Helper()
	b.await(file+" with "+part, func() bool {
		f := b.wall.Files["file:"+file]
		return f != nil && strings.Contains(f.Text, part)
	})
}

// find returns the id of a note.
func (b *browser) find(is func(*session.Note) bool) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, n := range b.wall.Notes {
		if is(n) {
			return id
		}
	}
	b.t.Fatal("there is no such note")
	return ""
}

func only(t *testing.T, p *person) wire.Summary {
	t.Helper()
	var list []wire.Summary
	p.must("GET", "/api/boards", nil, &list)
	if len(list) != 1 {
		t.Fatalf("boards: %+v", list)
	}
	return list[0]
}

// TestStorm opens a storm that is there: its notes are on the wall, a gesture changes
// its text, an edit of the text changes the wall, and it lands without losing a word.
func TestStorm(t *testing.T) {
	folder := t.TempDir()
	write(t, small, folder, "ordering.storm")
	s := start(t, func(c *server.Config) { c.Path = filepath.Join(folder, "ordering.storm") })
	ann := s.enter("Ann")
	board := only(t, ann)
	if board.Name != "Ordering" || board.Path != "ordering.storm" {
		t.Errorf("the board is %+v", board)
	}
	a := ann.open(board.ID)
	a.await("the notes of the storm", func() bool { return len(a.wall.Notes) == 2 && len(a.wall.Links) == 1 })
	placed := a.find(func(n *session.Note) bool { return n.Kind == "event" })
	a.do("RewriteNote", map[string]any{"id": placed, "text": "Order Accepted"})
	a.text("ordering.storm", "OrderAccepted")
	a.do("AddNotes", notes(note("note-1", "Order shipped")))
	a.text("ordering.storm", "Order shipped")
	var file *session.File
	a.look(func() { file = a.wall.Files["file:ordering.storm"] })
	a.do("EditText", map[string]any{"path": "ordering.storm", "version": file.Version, "client": "c", "changes": []any{len(file.Text), []any{0, `"Order delivered"`, ""}}})
	a.await("the note of the text", func() bool {
		for _, n := range a.wall.Notes {
			if n.Text == "Order delivered" {
				return true
			}
		}
		return false
	})
	if read(t, folder, "ordering.storm") != small {
		t.Error("the file was written before anybody landed it")
	}
	var landed wire.Landed
	ann.must("POST", "/api/boards/"+board.ID+"/land", wire.Land{}, &landed)
	text := read(t, folder, "ordering.storm")
	for _, part := range []string{"// A comment that stays.", "OrderAccepted", "Order shipped", "Order delivered"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q did not land:\n%s", part, text)
		}
	}
	if len(landed.Landed) != 1 || len(landed.Conflicts) != 0 {
		t.Errorf("landed: %+v", landed)
	}
	a.await("that it landed", func() bool { return a.wall.Board.LandedBy == ann.me.Person.ID })
	a.await("the problems", func() bool {
		for _, o := range a.others {
			if o == "problems" {
				return true
			}
		}
		return false
	})
}

// TestMerge merges what others write to the disk, and asks about what cannot be.
func TestMerge(t *testing.T) {
	folder := t.TempDir()
	write(t, "storm \"S\"\n\n\"One\"\n\n\"Two\"\n\n\"Three\"\n", folder, "s.storm")
	s := start(t, func(c *server.Config) { c.Path = folder })
	ann := s.enter("Ann")
	board := only(t, ann).ID
	a := ann.open(board)
	a.await("the notes", func() bool { return len(a.wall.Notes) == 3 })
	time.Sleep(20 * time.Millisecond)
	write(t, strings.Replace(read(t, folder, "s.storm"), `"Three"`, `"Four"`, 1), folder, "s.storm")
	a.await("what was written to the disk", func() bool {
		for _, n := range a.wall.Notes {
			if n.Text == "Four" {
				return true
			}
		}
		return false
	})
	one := a.find(func(n *session.Note) bool { return n.Text == "One" })
	theirs := strings.Replace(read(t, folder, "s.storm"), `"One"`, `"Theirs"`, 1)
	a.do("RewriteNote", map[string]any{"id": one, "text": "Mine"})
	a.text("s.storm", "Mine")
	write(t, theirs, folder, "s.storm")
	a.await("that all are told", func() bool {
		return strings.Contains(string(a.raw), "s.storm was changed on the disk at the same lines")
	})
	var landed wire.Landed
	ann.must("POST", "/api/boards/"+board+"/land", wire.Land{}, &landed)
	if len(landed.Conflicts) != 1 || len(landed.Landed) != 0 || read(t, folder, "s.storm") != theirs {
		t.Fatalf("landed: %+v, the file:\n%s", landed, read(t, folder, "s.storm"))
	}
	c := landed.Conflicts[0]
	ann.must("POST", "/api/boards/"+board+"/land", wire.Land{Overwrite: map[string]string{c.Path: c.Digest}}, &landed)
	if len(landed.Conflicts) != 0 || !strings.Contains(read(t, folder, "s.storm"), "Mine") {
		t.Errorf("landed: %+v", landed)
	}
}

// TestFolder begins with nothing: a board that lands in a file named after the
// folder, and others in folders of their own.
func TestFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "My Project")
	write(t, small, folder, "shop", "a.storm")
	if err := os.RemoveAll(filepath.Join(folder, "shop")); err != nil {
		t.Fatal(err)
	}
	config := func(c *server.Config) { c.Path, c.Store = folder, "" }
	s := start(t, config)
	ann := s.enter("Ann")
	first := only(t, ann)
	if first.Path != "my-project.storm" || first.Name != "My project" {
		t.Errorf("the first board is %+v", first)
	}
	a := ann.open(first.ID)
	a.do("AddNotes", notes(note("note-1", "Order placed")))
	a.text("my-project.storm", "Order placed")
	ann.must("POST", "/api/boards/"+first.ID+"/land", wire.Land{}, nil)
	if text := read(t, folder, "my-project.storm"); !strings.Contains(text, "Order placed") {
		t.Errorf("landed:\n%s", text)
	}
	second := ann.board("Billing & Co")
	b := ann.open(second)
	b.do("AddNotes", notes(note("note-1", "Bill sent")))
	ann.must("POST", "/api/boards/"+second+"/land", wire.Land{}, nil)
	if text := read(t, folder, "billing-co", "billing-co.storm"); !strings.Contains(text, "Bill sent") || !strings.Contains(text, `"Billing & Co"`) {
		t.Errorf("landed:\n%s", text)
	}
	third := ann.board("Billing & Co")
	ann.open(third).close()
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	write(t, small, folder, "shop", "orders.storm")
	s = start(t, config)
	ann = s.enter("Ann")
	var list []wire.Summary
	ann.must("GET", "/api/boards", nil, &list)
	paths := map[string]wire.Summary{}
	for _, b := range list {
		paths[b.Path] = b
	}
	if len(list) != 4 || paths["shop"].Name != "Ordering" || paths["billing-co/billing-co.storm"].ID != second || paths["billing-co-2/billing-co-2.storm"].ID != third {
		t.Errorf("after a restart: %+v", list)
	}
	again := ann.open(second)
	again.await("the note of before", func() bool { return len(again.wall.Notes) == 1 })
	if no := paths["billing-co/billing-co.storm"]; no.Notes != 1 || no.Changed == 0 {
		t.Errorf("the list shows %+v", no)
	}
}

// TestFiles makes the files of a folder boards of their own once one of them is, and
// leads who names a file to its board.
func TestFiles(t *testing.T) {
	folder := t.TempDir()
	write(t, small, folder, "a.storm")
	write(t, "storm \"Other\"\n", folder, "b.storm")
	s := start(t, func(c *server.Config) { c.Path, c.Store, c.Listen = filepath.Join(folder, "b.storm"), "", "" })
	first := only(t, s.enter("Ann"))
	if first.Path != "b.storm" || s.Link() != s.URL()+"b/"+first.ID {
		t.Errorf("%s leads to %+v", s.Link(), first)
	}
	if _, err := server.New(t.Context(), server.Config{Path: folder, Pages: pages}); err == nil || !strings.Contains(err.Error(), "another landfall board serves this folder") {
		t.Errorf("a second server: %v", err)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	s = startShared(t, func(c *server.Config) { c.Path, c.Store = folder, "" })
	ann := s.enter("Ann")
	var list []wire.Summary
	ann.must("GET", "/api/boards", nil, &list)
	if len(list) != 2 || list[0].Path+list[1].Path != "a.stormb.storm" && list[0].Path+list[1].Path != "b.storma.storm" || ann.me.Board != "" {
		t.Errorf("in the folder there are %+v; %+v", list, ann.me)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	s = startShared(t, func(c *server.Config) { c.Path, c.Store = filepath.Join(folder, "b.storm"), "" })
	if ann = s.enter("Ann"); ann.me.Board != first.ID {
		t.Errorf("the link leads to %q", ann.me.Board)
	}
}

// TestLost tells everyone when the file of the session is deleted under the server.
func TestLost(t *testing.T) {
	folder := t.TempDir()
	s := start(t, func(c *server.Config) { c.Path, c.Store = folder, "" })
	ann := s.enter("Ann")
	a := ann.open(only(t, ann).ID)
	a.do("AddNotes", notes(note("note-1", "Order placed")))
	if err := os.RemoveAll(filepath.Join(folder, ".landfall")); err != nil {
		t.Fatal(err)
	}
	a.await("the problem", func() bool { return strings.Contains(string(a.raw), "the file of this board was deleted") })
	ann.must("POST", "/api/boards/"+a.board+"/land", wire.Land{}, nil)
	if !strings.Contains(read(t, folder, filepath.Base(folder)+".storm"), "Order placed") {
		t.Error("it did not land")
	}
}

// TestDelete leaves nothing of what was said on a board but what has landed, and renames and archives
// others.
func TestDelete(t *testing.T) {
	folder := t.TempDir()
	s := start(t, func(c *server.Config) { c.Path, c.Store = folder, "" })
	ann, bob := s.enter("Ann"), s.enter("Bob")
	board := ann.board("Secret plans")
	b := bob.open(board)
	b.do("AddNotes", notes(note("note-1", "the very secret plan")))
	var sum wire.Summary
	name, archived := "Plans", true
	ann.must("PATCH", "/api/boards/"+board, wire.PatchBoard{Name: &name, Archived: &archived}, &sum)
	if sum.Name != "Plans" || !sum.Archived {
		t.Errorf("renamed: %+v", sum)
	}
	b.await("the new name", func() bool { return b.wall.Board.Name == "Plans" })
	if status, _ := ann.call("DELETE", "/api/boards/"+board, nil); status != http.StatusNoContent {
		t.Fatalf("delete: %d", status)
	}
	b.await("goodbye", func() bool { return b.bye != nil && b.bye.Reason == wire.ByeDeleted })
	bob.refused(http.StatusNotFound, "GET", "/api/boards/"+board+"/state", nil)
	bob.refused(http.StatusNotFound, "DELETE", "/api/boards/"+board, nil)
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if data, err := os.ReadFile(path); err == nil && strings.Contains(string(data), "very secret") {
			t.Errorf("%s still has it", path)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "secret-plans")); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}

// TestAlways lands without being told to.
func TestAlways(t *testing.T) {
	folder := t.TempDir()
	s := start(t, func(c *server.Config) { c.Path, c.LandAlways = filepath.Join(folder, "s.storm"), true })
	ann := s.enter("Ann")
	a := ann.open(only(t, ann).ID)
	a.do("AddNotes", notes(note("note-1", "Order placed")))
	deadline := time.Now().Add(patience)
	for {
		data, _ := os.ReadFile(filepath.Join(folder, "s.storm"))
		if strings.Contains(string(data), "Order placed") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("it did not land:\n%s", data)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestIdle closes a board that nobody looks at, and opens it again.
func TestIdle(t *testing.T) {
	folder := t.TempDir()
	s := start(t, func(c *server.Config) { c.Path, c.Store, c.Limits.Open = folder, "", 50*time.Millisecond })
	ann := s.enter("Ann")
	board := only(t, ann).ID
	for i := range 3 {
		a := ann.open(board)
		a.do("AddNotes", notes(note("note-"+string(rune('a'+i)), "x")))
		a.close()
		time.Sleep(150 * time.Millisecond)
	}
	a := ann.open(board)
	a.await("all notes", func() bool { return len(a.wall.Notes) == 3 })
}
