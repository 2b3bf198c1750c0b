package session_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
)

var update = flag.Bool("update", false, "write the golden files anew")

// example is a golden file: what a command changes on a wall. The tests of the
// browser read them, too.
type example struct {
	Name    string           `json:"name"`
	Items   []session.Item   `json:"items"`
	Command command          `json:"command"`
	By      string           `json:"by"`
	At      int64            `json:"at"`
	Event   string           `json:"event,omitempty"`
	Changes []session.Change `json:"changes"`
	// Refused is why the command is refused; then it changes nothing.
	Refused string `json:"refused,omitempty"`
}

type command struct {
	What string          `json:"what"`
	Data json.RawMessage `json:"data"`
}

const exampleTime = 1_800_000_000_000

// examples are commands by name, with what was done before.
var examples = []struct {
	name   string
	given  func(*table)
	by     string
	what   string
	data   string
	server bool // what only the server does
	stays  bool // nothing changes
}{
	{name: "name-board", what: "NameBoard", data: `{"name":"Shipping"}`},
	{name: "join", what: "JoinBoard", data: `{"person":{"id":"bob","name":"Bob","color":"#aa0000","role":"participant"}}`, server: true},
	{name: "add-event", what: "AddNotes", data: `{"notes":[{"id":"n001","kind":"event","text":"Order placed","x":10,"y":-20,"w":112,"h":112}],"gesture":"g1"}`},
	{name: "add-everything", given: (*table).flow, what: "AddNotes", data: `{"notes":[
		{"id":"n001","kind":"hotspot","text":"Who \"pays\" <this>?","x":10,"y":20,"w":112,"h":112,"on":["placed"],"answer":"Ann","doc":"More\nof it"},
		{"id":"n002","kind":"module","text":"Orders","x":0,"y":0,"w":900,"h":700,"team":"Red"},
		{"id":"n003","kind":"event","text":"Paid","x":5,"y":5,"w":112,"h":112,"module":"n002","pivotal":true}]}`},
	{name: "add-linked", given: (*table).flow, what: "AddNotes", data: `{"notes":[{"id":"n001","kind":"projection","text":"Orders","x":300,"y":0,"w":112,"h":112}],"links":[{"id":"l001","from":"placed","to":"n001"}]}`},
	{name: "add-private", given: writing, what: "AddNotes", data: `{"notes":[{"id":"n001","kind":"event","text":"Secret","x":0,"y":0,"w":112,"h":112,"private":true}]}`},
	{name: "add-private-too-late", what: "AddNotes", data: `{"notes":[{"id":"n001","kind":"event","text":"No secret","x":0,"y":0,"w":112,"h":112,"private":true}]}`},
	{name: "add-twice", given: (*table).flow, what: "AddNotes", data: `{"notes":[{"id":"placed","kind":"event","text":"Again","x":0,"y":0,"w":112,"h":112}]}`},
	{name: "rewrite", given: (*table).flow, what: "RewriteNote", data: `{"id":"placed","text":"Order paid","gesture":"g1"}`},
	{name: "rewrite-as-it-is", given: (*table).flow, what: "RewriteNote", data: `{"id":"placed","text":"Order placed"}`, stays: true},
	{name: "rewrite-gone", what: "RewriteNote", data: `{"id":"placed","text":"Order paid"}`},
	{name: "move", given: framed, what: "MoveNotes", data: `{"places":[{"id":"placed","x":40,"y":50,"w":100,"h":60,"module":"frame"},{"id":"policy","x":1,"y":2,"w":3,"h":4,"module":""}],"gesture":"drag1"}`},
	{name: "move-some-gone", given: (*table).flow, what: "MoveNotes", data: `{"places":[{"id":"placed","x":40,"y":50,"w":100,"h":60,"module":"gone"},{"id":"lost","x":1,"y":2,"w":3,"h":4,"module":""}]}`},
	{name: "move-too-far", given: (*table).flow, what: "MoveNotes", data: `{"places":[{"id":"placed","x":10000001,"y":0,"w":100,"h":60,"module":""}]}`},
	{name: "tidy", given: (*table).flow, what: "TidyNotes", data: `{"places":[{"id":"place","x":0,"y":0,"w":100,"h":60,"module":""},{"id":"placed","x":120,"y":0,"w":100,"h":60,"module":""}]}`},
	{name: "change-kind", given: (*table).flow, what: "ChangeKind", data: `{"ids":["placed"],"kind":"aggregate"}`},
	{name: "change-kind-of-frame", given: framed, what: "ChangeKind", data: `{"ids":["frame"],"kind":"event"}`},
	{name: "remove", given: crowded, what: "RemoveNotes", data: `{"ids":["placed"]}`},
	{name: "remove-frame", given: framed, what: "RemoveNotes", data: `{"ids":["frame"]}`},
	{name: "remove-gone", what: "RemoveNotes", data: `{"ids":["gone"]}`, stays: true},
	{name: "link", given: unlinked, what: "LinkNotes", data: `{"links":[{"id":"l001","from":"place","to":"placed"}]}`},
	{name: "link-twice", given: (*table).flow, what: "LinkNotes", data: `{"links":[{"id":"l001","from":"place","to":"placed"}]}`, stays: true},
	{name: "link-impossible", given: unlinked, what: "LinkNotes", data: `{"links":[{"id":"l001","from":"placed","to":"place"}]}`},
	{name: "link-itself", given: unlinked, what: "LinkNotes", data: `{"links":[{"id":"l001","from":"placed","to":"placed"}]}`},
	{name: "unlink", given: (*table).flow, what: "UnlinkNotes", data: `{"ids":["l-one"]}`},
	{name: "pivotal", given: (*table).flow, what: "MarkPivotal", data: `{"ids":["placed"],"pivotal":true}`},
	{name: "pivotal-command", given: (*table).flow, what: "MarkPivotal", data: `{"ids":["place"],"pivotal":true}`},
	{name: "describe", given: (*table).flow, what: "DescribeNote", data: `{"id":"placed","doc":"It is on its way."}`},
	{name: "attach", given: crowded, what: "AttachSticky", data: `{"id":"hot1","on":["policy","place"]}`},
	{name: "answer", given: crowded, what: "AnswerHotspot", data: `{"id":"hot1","answer":"The shop does."}`},
	{name: "team", given: framed, what: "AssignTeam", data: `{"id":"frame","team":"Blue"}`},
	{name: "merge", given: doubled, what: "MergeNotes", data: `{"into":"placed","from":["again"]}`},
	{name: "merge-kinds", given: (*table).flow, what: "MergeNotes", data: `{"into":"placed","from":["place"]}`},
	{name: "keep-apart", given: doubled, what: "KeepApart", data: `{"id":"a002","a":"placed","b":"again"}`},
	{name: "reveal", given: secret, by: "bob", what: "RevealNotes", data: `{"ids":["hid1"]}`},
	{name: "reveal-all", given: secret, what: "RevealNotes", data: `{"all":true}`},
	{name: "comment", given: (*table).flow, what: "WriteComment", data: `{"id":"c001","note":"placed","text":"Really?"}`},
	{name: "settle-comment", given: crowded, what: "SettleComment", data: `{"id":"c-one","settled":true}`},
	{name: "remove-comment", given: crowded, what: "RemoveComment", data: `{"id":"c-one"}`},
	{name: "vote", given: voting, what: "PlaceVote", data: `{"id":"placed","votes":2}`},
	{name: "vote-too-much", given: voting, what: "PlaceVote", data: `{"id":"placed","votes":4}`},
	{name: "undo", given: rewritten, what: "UndoStep", data: `{}`},
	{name: "undo-nothing", given: rewritten, by: "bob", what: "UndoStep", data: `{}`},
	{name: "redo", given: undone, what: "RedoStep", data: `{}`},
	{name: "edit-text", given: texts, what: "EditText", data: `{"path":"a.storm","version":1,"changes":[6,[1,"\"B\"","","// 🙂"],1],"client":"page1"}`},
	{name: "edit-old-text", given: texts, what: "EditText", data: `{"path":"a.storm","version":0,"changes":[8],"client":"page1"}`},
	{name: "goals", what: "SetGoals", data: `{"goals":["Know the domain","Find the modules"]}`},
	{name: "phase", what: "StartPhase", data: `{"phase":"explore"}`},
	{name: "timer", what: "SetTimer", data: `{"seconds":90}`},
	{name: "allow-votes", given: voting, what: "AllowVotes", data: `{"each":5}`},
	{name: "close-votes", given: voting, what: "CloseVotes", data: `{}`},
	{name: "bring-in", given: texts, what: "BringInStep", server: true, data: `{"files":[{"path":"a.storm","version":1,"changes":[8,[0,"","event X"]]},{"path":"b.storm","version":0,"text":"storm \"B\"\n"}],
		"changes":[{"id":"new1","set":{"type":"note","kind":"event","text":"X","x":5,"y":6,"w":112,"h":112,"element":"event:X"}},{"id":"place","gone":true}]}`},
	{name: "land", given: texts, what: "LandStorm", data: `{"files":[{"path":"a.storm","text":"storm A\n"}]}`, server: true},
}

func writing(b *table) { b.must(session.StartPhase{Phase: session.PhaseExplore, By: "ann", At: 3}) }

func secret(b *table) {
	writing(b)
	n := note("hid1", session.KindEvent, "Hidden")
	n.Private = true
	b.must(session.AddNotes{Notes: []session.NoteData{n}, By: "bob", At: 4})
	n.ID = "hid2"
	b.must(session.AddNotes{Notes: []session.NoteData{n}, By: "ann", At: 5})
}

func framed(b *table) {
	b.flow()
	b.must(session.AddNotes{Notes: []session.NoteData{note("frame", session.KindModule, "Orders")}, By: "ann", At: 3},
		session.MoveNotes{Places: []session.Place{{ID: "policy", X: 9, Y: 9, W: 100, H: 60, Module: "frame"}}, By: "ann", At: 4})
}

func crowded(b *table) {
	b.flow()
	hot := note("hot1", session.KindHotspot, "Who pays?")
	hot.On = []string{"placed", "place"}
	b.must(session.AddNotes{Notes: []session.NoteData{hot}, By: "bob", At: 3},
		session.WriteComment{ID: "c-one", Note: "placed", Text: "Why?", By: "bob", At: 4},
		session.KeepApart{ID: "a001", A: "place", B: "placed", By: "bob", At: 5})
}

func doubled(b *table) {
	crowded(b)
	again := note("again", session.KindEvent, "Order was placed")
	again.Doc = "Said twice"
	b.must(session.AddNotes{Notes: []session.NoteData{again, note("paid", session.KindProjection, "Orders")}, By: "bob", At: 6, Links: []session.LinkData{
		{ID: "l-three", From: "place", To: "again"}, {ID: "l-four", From: "again", To: "paid"}}},
		session.AttachSticky{ID: "hot1", On: []string{"again"}, By: "bob", At: 7},
		session.WriteComment{ID: "c-two", Note: "again", Text: "Twice", By: "ann", At: 8},
		session.AllowVotes{Each: 3, By: "ann", At: 9},
		session.PlaceVote{ID: "again", Votes: 1, By: "ann", At: 10},
		session.PlaceVote{ID: "placed", Votes: 1, By: "ann", At: 10},
		session.PlaceVote{ID: "again", Votes: 2, By: "bob", At: 11})
}

func unlinked(b *table) {
	b.flow()
	b.must(session.UnlinkNotes{Ids: []string{"l-one", "l-two"}, By: "ann", At: 3})
}

func voting(b *table) {
	b.flow()
	b.must(session.AllowVotes{Each: 3, By: "ann", At: 3}, session.PlaceVote{ID: "placed", Votes: 1, By: "bob", At: 4}, session.PlaceVote{ID: "place", Votes: 1, By: "ann", At: 5})
}

func rewritten(b *table) {
	b.flow()
	b.must(session.RewriteNote{ID: "placed", Text: "Order paid", By: "ann", At: 3})
}

func undone(b *table) {
	rewritten(b)
	b.must(session.UndoStep{By: "ann", At: 4})
}

func texts(b *table) {
	b.flow()
	b.must(session.BringInStep{Files: []session.FileChange{{Path: "a.storm", Text: "storm A\n"}}, At: 3})
}

// run carries an example out.
func run(t *testing.T, i int) example {
	x := examples[i]
	b := newTable(t)
	if x.given != nil {
		x.given(b)
	}
	if x.by == "" {
		x.by = "ann"
	}
	var data bytes.Buffer
	if err := json.Compact(&data, []byte(x.data)); err != nil {
		t.Fatal(err)
	}
	out := example{Name: x.name, Items: b.board.Wall().Items(), By: x.by, At: exampleTime, Command: command{x.what, data.Bytes()}, Changes: []session.Change{}}
	c := decoded(t, x.what, x.data, x.by, x.server)
	events, err := b.try(c)
	if err != nil {
		out.Refused = err.Error()
	}
	if (len(events) == 0 && err == nil) != x.stays {
		t.Errorf("it leads to %d events", len(events))
	}
	for _, e := range events {
		out.Event = reflect.TypeOf(e).Name()
		out.Changes = append(out.Changes, session.Changes(e)...)
	}
	return out
}

// decoded returns a command that came from a browser, or from the server itself.
func decoded(t *testing.T, what, data, by string, server bool) landfall.Command {
	if !server {
		c, err := session.Decode(what, []byte(data), by, time.UnixMilli(exampleTime))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if _, err := session.Decode(what, []byte(data), by, time.UnixMilli(exampleTime)); err == nil {
		t.Errorf("a browser may issue %s", what)
	}
	for command := range decisions {
		if command.Name() == what {
			c := reflect.New(command)
			if err := json.Unmarshal([]byte(data), c.Interface()); err != nil {
				t.Fatal(err)
			}
			c.Elem().FieldByName("By").SetString(by)
			c.Elem().FieldByName("At").SetInt(exampleTime)
			return c.Elem().Interface()
		}
	}
	t.Fatalf("there is no command %s", what)
	return nil
}

// TestChanges holds what commands change against the golden files, which the
// browser's tests read, too. go test ./board/session -update writes them.
func TestChanges(t *testing.T) {
	dir := filepath.Join("testdata", "changes")
	known := map[string]bool{}
	shown := map[string]bool{}
	for i, x := range examples {
		known[x.name+".json"], shown[x.what] = true, true
		t.Run(x.name, func(t *testing.T) {
			got, err := json.MarshalIndent(run(t, i), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			name := filepath.Join(dir, x.name+".json")
			if *update {
				if err := os.MkdirAll(dir, 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, got, 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "another change than in "+name, string(want), string(got))
		})
	}
	for c := range decisions {
		if !shown[c.Name()] && c.Name() != "OpenBoard" {
			t.Errorf("no example shows %s", c.Name())
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !known[f.Name()] && strings.HasSuffix(f.Name(), ".json") {
			t.Errorf("%s belongs to no example; remove it", f.Name())
		}
	}
}

// What the changes of an event make of the wall that they were taken from is what
// the board makes of it.
func TestChangesAreReadAgain(t *testing.T) {
	for i, x := range examples {
		t.Run(x.name, func(t *testing.T) {
			data, err := json.Marshal(run(t, i))
			if err != nil {
				t.Fatal(err)
			}
			var file struct {
				Items   json.RawMessage
				Changes []session.Change
			}
			if err := json.Unmarshal(data, &file); err != nil {
				t.Fatal(err)
			}
			w, err := session.DecodeWall(file.Items)
			if err != nil {
				t.Fatal(err)
			}
			w.Apply(file.Changes)
			b := newTable(t)
			if x.given != nil {
				x.given(b)
			}
			by := x.by
			if by == "" {
				by = "ann"
			}
			_, _ = b.try(decoded(t, x.what, x.data, by, x.server))
			same(t, "another wall", b.encoded(), encoded(t, w))
			same(t, "another wall by its changes", b.encoded(), encoded(t, b.wall))
		})
	}
}
