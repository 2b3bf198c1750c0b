package server_test

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/wire"
)

// TestNames opens storms and folders whatever they are called.
func TestNames(t *testing.T) {
	folder := t.TempDir()
	long := strings.Repeat("long", 60)
	for at, text := range map[string]string{
		"überweisung/a.storm": "A -> B\n", "日本/a.storm": "A -> B\n", "🚀 rocket/a.storm": "A -> B\n", "---/a.storm": "A -> B\n",
		long + "/a.storm": "A -> B\n",
		"blank/a.storm":   "storm \"   \"\n", "endless/a.storm": "storm \"" + strings.Repeat("x y", 300) + "\"\n",
		"tabs/a.storm": "storm \"a\\tb\"\n", "rtl/a.storm": "storm \"\u05d0\u05d1\"\n",
		"joined/a.storm": "storm \"می\u200cخواهم 👩\u200d💻\"\n",
	} {
		write(t, text, folder, filepath.FromSlash(at))
	}
	s := start(t, func(c *server.Config) { c.Path, c.Store = folder, "" })
	ann := s.enter("Ann")
	var list []wire.Summary
	ann.must("GET", "/api/boards", nil, &list)
	names := map[string]string{}
	for _, b := range list {
		names[b.Path] = b.Name
		if b.Name == "" || !utf8.ValidString(b.Name) || strings.ContainsRune(b.Name, utf8.RuneError) {
			t.Errorf("%s is called %q", b.Path, b.Name)
		}
		a := ann.open(b.ID)
		a.await("that "+b.Path+" is open", func() bool { return a.wall.Board != nil })
		a.do("AddNotes", notes(note("note-1", "Order placed")))
		if b.Path != "blank" { // which is an error of syntax, so that the wall waits
			a.text("a.storm", "Order placed")
		}
		a.look(func() {
			if a.wall.Board.Name != b.Name {
				t.Errorf("%s is called %q on the wall and %q in the list", b.Path, a.wall.Board.Name, b.Name)
			}
		})
		a.close()
	}
	for path, want := range map[string]string{"überweisung": "Überweisung", "🚀 rocket": "🚀 rocket", "---": "Storm", "blank": "Blank", "tabs": "a b", "joined": "می\u200cخواهم 👩\u200d💻"} {
		if names[path] != want {
			t.Errorf("%s is called %q, want %q", path, names[path], want)
		}
	}
}

// TestRenamedAtOnce keeps the name that a new board is given before it has a text.
func TestRenamedAtOnce(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	board := ann.board("Ordering")
	a := ann.open(board)
	for _, name := range []string{"Shop", "Larger shop", "Largest shop"} {
		var sum wire.Summary
		ann.must("PATCH", "/api/boards/"+board, wire.PatchBoard{Name: &name}, &sum)
		if sum.Name != name {
			t.Errorf("renamed to %q it is called %q", name, sum.Name)
		}
	}
	a.text("ordering.storm", `storm "Largest shop"`)
	a.do("AddNotes", notes(note("note-1", "Order placed")))
	a.text("ordering.storm", "Order placed")
	a.look(func() {
		if a.wall.Board.Name != "Largest shop" {
			t.Errorf("the board is called %q", a.wall.Board.Name)
		}
	})
}

// TestSameName makes many boards of one name at once: each lands in a folder of its own.
func TestSameName(t *testing.T) {
	s := start(t, nil)
	ann := s.enter("Ann")
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() { ann.board("Ordering") })
	}
	all.Wait()
	var list []wire.Summary
	ann.must("GET", "/api/boards", nil, &list)
	paths := map[string]bool{}
	for _, b := range list {
		paths[b.Path] = true
	}
	if len(list) != 13 || len(paths) != 13 {
		t.Errorf("%d boards land in %d places", len(list), len(paths))
	}
}
