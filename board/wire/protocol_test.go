package wire_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/board/wire/typescript"
)

var update = flag.Bool("update", false, "write protocol.ts anew")

const protocolFile = "../web/src/wire/protocol.ts"

// TestProtocol holds the browser's types against those of Go.
func TestProtocol(t *testing.T) {
	got := protocol(t)
	if *update {
		if err := os.WriteFile(protocolFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(protocolFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is stale; run go test ./board/wire -update (- in the file, + of the types):\n%s", protocolFile, diff)
	}
}

func protocol(t *testing.T) string {
	t.Helper()
	source, err := typescript.Read(".", "../session")
	if err != nil {
		t.Fatal(err)
	}
	w := typescript.NewWriter(source, map[reflect.Type]string{
		reflect.TypeFor[session.Person]():    "PersonItem",
		reflect.TypeFor[session.BoardInfo](): "BoardItem",
		reflect.TypeFor[session.File]():      "FileItem",
		reflect.TypeFor[session.Role]():      "PersonRole",
	})
	w.As(reflect.TypeFor[session.Properties](), "Record<string, unknown>")
	w.As(reflect.TypeFor[session.ChangeSet](), "unknown[]")
	w.Text("// Code generated from the Go types of board/wire and board/session. DO NOT EDIT.\n// go test ./board/wire -update writes it.\n\n")
	union(w, "ClientMessage", wire.Do{}, wire.Here{}, wire.Ping{})
	union(w, "ServerMessage", wire.Welcome{}, wire.Tick{}, wire.No{}, wire.Done{}, wire.Problems{}, wire.Reload{}, wire.Bye{}, wire.Pong{})
	for _, body := range []any{
		wire.Error{}, wire.Person{}, wire.Me{}, wire.Enter{}, wire.Summary{}, wire.NewBoard{}, wire.PatchBoard{}, wire.State{}, wire.History{},
		wire.Duplicate{}, wire.Modules{}, wire.Land{}, wire.Landed{}, wire.Imported{}, wire.Tidy{}, wire.Tidied{}, wire.NewInvite{}, wire.Invite{},
	} {
		w.Type(reflect.TypeOf(body))
	}
	items(w)
	commands(w)
	limits(w)
	return strings.TrimRight(w.String(), "\n") + "\n"
}

// items writes what lies on a wall, and how it changes.
func items(w *typescript.Writer) {
	all := map[string]any{
		"note": session.Note{}, "link": session.Link{}, "comment": session.Comment{}, "apart": session.Apart{},
		"person": session.Person{}, "board": session.BoardInfo{}, "file": session.File{},
	}
	var values []any
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w.Fix(reflect.TypeOf(all[name]), "Type", "'"+name+"'")
		values = append(values, all[name])
	}
	w.Text("// The items of a wall. What is empty, zero or false may be left out.\n\n")
	union(w, "Item", values...)
	w.Type(reflect.TypeFor[session.Change]())
}

// commands writes what a page may send in a Do.
func commands(w *typescript.Writer) {
	all := []any{
		session.NameBoard{}, session.AddNotes{}, session.RewriteNote{}, session.MoveNotes{}, session.TidyNotes{},
		session.ChangeKind{}, session.RemoveNotes{}, session.LinkNotes{}, session.UnlinkNotes{}, session.MarkPivotal{},
		session.DescribeNote{}, session.AttachSticky{}, session.AnswerHotspot{}, session.AssignTeam{}, session.MergeNotes{},
		session.KeepApart{}, session.RevealNotes{}, session.WriteComment{}, session.SettleComment{}, session.RemoveComment{},
		session.PlaceVote{}, session.UndoStep{}, session.RedoStep{}, session.EditText{}, session.SetGoals{},
		session.StartPhase{}, session.SetTimer{}, session.AllowVotes{}, session.CloseVotes{},
	}
	w.Omit("by", "at") // the server says by whom and when
	w.Text("// The commands. Fields that are empty, zero or false may be left out.\n\n")
	var lines strings.Builder
	for _, c := range all {
		name := w.Type(reflect.TypeOf(c))
		fmt.Fprintf(&lines, "  %s: %s\n", name, name)
	}
	w.Omit()
	w.Text("/** Commands are the fields of each command, by its name. */\nexport interface Commands {\n%s}\n\n", lines.String())
}

// union writes a type that is one of several.
func union(w *typescript.Writer, name string, of ...any) {
	var names []string
	for _, v := range of {
		names = append(names, w.Type(reflect.TypeOf(v)))
	}
	w.Text("export type %s = %s\n\n", name, strings.Join(names, " | "))
}

func limits(w *typescript.Writer) {
	w.Text("/** Limits of what a browser may send. */\nexport const limits = {\n")
	for _, l := range []struct {
		name  string
		value int
	}{
		{"message", wire.MaxMessage}, {"body", wire.MaxBody}, {"import", wire.MaxImport}, {"selected", wire.MaxSelected},
		{"draft", wire.MaxDraft}, {"coordinate", wire.MaxCoordinate}, {"name", wire.MaxName},
	} {
		w.Text("  %s: %d,\n", l.name, l.value)
	}
	w.Text("} as const\n")
}
