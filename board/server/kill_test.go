package server_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
)

// asServer makes the test's own program a server, to be killed.
const asServer = "LANDFALL_TEST_BOARD"

func TestMain(m *testing.M) {
	if folder := os.Getenv(asServer); folder != "" {
		if err := serve(folder, os.Getenv(asServer+"_ADDRESS"), os.Getenv(asServer+"_STORE"), os.Getenv(asServer+"_NATS")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func serve(folder, address, store, nats string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	s, err := server.New(ctx, server.Config{
		Path: folder, Pages: pages, Listen: address, Store: store, NATS: nats, Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	if err != nil {
		return err
	}
	fmt.Println(s.URL())
	return s.Run(ctx)
}

// child is a server in a process of its own.
type child struct {
	t    *testing.T
	cmd  *exec.Cmd
	base string
}

func startChild(t *testing.T, folder, address, store, nats string) *child {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, cmd: exec.Command(program)}
	c.cmd.Env = append(os.Environ(), asServer+"="+folder, asServer+"_ADDRESS="+address, asServer+"_STORE="+store, asServer+"_NATS="+nats)
	c.cmd.Stderr = os.Stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server did not start: %v", err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	c.base = strings.TrimSuffix(strings.TrimSpace(line), "/")
	return c
}

func (c *child) kill() {
	if c.cmd.ProcessState == nil {
		_ = c.cmd.Process.Kill()
		_ = c.cmd.Wait()
	}
}

func (c *child) enter(name string) *person {
	c.t.Helper()
	jar, _ := cookiejar.New(nil)
	p := &person{t: c.t, base: c.base, origin: c.base, http: &http.Client{Jar: jar, Timeout: patience, Transport: &http.Transport{}}}
	c.t.Cleanup(p.http.CloseIdleConnections)
	p.must("POST", "/api/enter", wire.Enter{Name: name}, &p.me)
	return p
}

// TestKill kills the server again and again in the middle of a session. What was
// acknowledged is there, and what was not is sent again: nothing is lost, and
// nothing is there twice.
func TestKill(t *testing.T) {
	folder := t.TempDir()
	write(t, small, folder, "s.storm")
	c := startChild(t, folder, "127.0.0.1:0", "", "")
	address := strings.TrimPrefix(c.base, "http://")
	ann := c.enter("Ann")
	board := only(t, ann).ID
	a := ann.open(board)
	type sent struct{ id, note string }
	var all, open []sent
	for round := range 4 {
		for i := range 150 {
			s := sent{uuid.NewString(), fmt.Sprintf("note-%d-%d", round, i)}
			all, open = append(all, s), append(open, s)
			a.sayAs(s.id, "AddNotes", notes(note(s.note, "text of "+s.note)))
		}
		time.Sleep(time.Duration(20+60*round) * time.Millisecond)
		c.kill()
		<-a.ended
		a.mu.Lock()
		acknowledged := map[string]bool{}
		for _, op := range a.ops {
			acknowledged[op.ID] = true
		}
		seen := a.seq
		a.mu.Unlock()
		open = slices.DeleteFunc(open, func(s sent) bool { return acknowledged[s.id] })
		t.Logf("round %d: killed at %d, %d of %d not acknowledged", round, seen, len(open), len(all))
		c = startChild(t, folder, address, "", "")
		fresh := ann.open(board)
		fresh.look(func() {
			for _, s := range all {
				if acknowledged[s.id] && fresh.wall.Notes[s.note] == nil {
					t.Errorf("%s was acknowledged and is lost", s.note)
				}
			}
		})
		fresh.close()
		a.connect()
		for _, s := range open {
			a.sayAs(s.id, "AddNotes", notes(note(s.note, "text of "+s.note)))
		}
	}
	for _, s := range open {
		a.acknowledged(s.id)
	}
	var h wire.History
	ann.must("GET", "/api/boards/"+board+"/history?max=5000", nil, &h)
	times := map[string]int{}
	for _, op := range h.Ops {
		if op.What == "NotesAdded" {
			times[op.ID]++
		}
	}
	for _, s := range all {
		if times[s.id] != 1 {
			t.Errorf("%s was added %d times", s.note, times[s.id])
		}
	}
	fresh := ann.open(board)
	fresh.await("all notes", func() bool { return len(fresh.wall.Notes) == len(all)+2 })
}

// TestKillBeforeStep kills the server after it has acknowledged what was done at the wall,
// and before the text has followed: the wall is as people left it, and the text follows.
func TestKillBeforeStep(t *testing.T) {
	folder := t.TempDir()
	write(t, `storm "Ordering"

Customer -> PlaceOrder -> OrderPlaced
Clerk -> ShipOrder -> OrderShipped
"Order lost"
"Parcel returned"
"Money back"
`, folder, "s.storm")
	c := startChild(t, folder, "127.0.0.1:0", "", "")
	ann := c.enter("Ann")
	board := only(t, ann).ID
	a := ann.open(board)
	a.await("the notes of the storm", func() bool { return len(a.wall.Notes) == 9 && len(a.wall.Links) == 4 })
	called := func(text string) string {
		return a.find(func(n *session.Note) bool { return n.Text == text })
	}
	link := ""
	customer, lost, back := called("Customer"), called("Order lost"), called("Money back")
	a.look(func() { link = a.wall.LinksOf(customer)[0] })
	a.do("AddNotes", notes(note("note-1", "First")))
	a.text("s.storm", "First") // wall and text have been in step
	var said []string
	for _, s := range []struct {
		what string
		data map[string]any
	}{
		{"RemoveNotes", map[string]any{"ids": []string{lost}}},
		{"UnlinkNotes", map[string]any{"ids": []string{link}}},
		{"RewriteNote", map[string]any{"id": called("Parcel returned"), "text": "Parcel came back"}},
		{"ChangeKind", map[string]any{"ids": []string{back}, "kind": "hotspot"}},
		{"AddNotes", notes(note("note-2", "Second"))},
	} {
		said = append(said, a.say(s.what, s.data))
	}
	for _, id := range said {
		a.acknowledged(id)
	}
	c.kill()
	<-a.ended
	startChild(t, folder, strings.TrimPrefix(c.base, "http://"), "", "")
	b := ann.open(board)
	b.text("s.storm", "Second")
	b.do("AddNotes", notes(note("note-3", "Third")))
	b.text("s.storm", "Third")
	b.look(func() {
		var texts []string
		for _, n := range b.wall.Notes {
			texts = append(texts, string(n.Kind)+" "+n.Text)
		}
		slices.Sort(texts)
		want := []string{
			"actor Clerk", "actor Customer", "command Place Order", "command Ship Order", "event First", "event Order Placed", "event Order Shipped",
			"event Parcel came back", "event Second", "event Third", "hotspot Money back",
		}
		if !slices.Equal(texts, want) {
			t.Errorf("the wall has %q, want %q", texts, want)
		}
		if len(b.wall.Links) != 3 || b.wall.Links[link] != nil {
			t.Errorf("the wall has the links %v", b.wall.Links)
		}
		text := b.wall.Files["file:s.storm"].Text
		for part, there := range map[string]bool{"Order lost": false, "Parcel returned": false, "Parcel came back": true, "Customer ->": false, `hotspot "Money back"`: true} {
			if strings.Contains(text, part) != there {
				t.Errorf("that the text has %q is %v:\n%s", part, !there, text)
			}
		}
	})
}
