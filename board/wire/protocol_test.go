package wire_test

import (
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		t.Errorf("%s is stale; run go test ./board/wire -update (-file +types):\n%s", protocolFile, diff)
	}
}

func protocol(t *testing.T) string {
	t.Helper()
	source, err := typescript.Read(".")
	if err != nil {
		t.Fatal(err)
	}
	w := typescript.NewWriter(source, nil)
	w.Text("// Code generated from the Go types of board/wire and board/session. DO NOT EDIT.\n// go test ./board/wire -update writes it.\n\n")
	union(w, "ClientMessage", wire.Do{}, wire.Here{}, wire.Ping{})
	union(w, "ServerMessage", wire.Welcome{}, wire.Tick{}, wire.No{}, wire.Done{}, wire.Problems{}, wire.Reload{}, wire.Bye{}, wire.Pong{})
	for _, body := range []any{
		wire.Error{}, wire.Me{}, wire.Enter{}, wire.Summary{}, wire.NewBoard{}, wire.PatchBoard{}, wire.State{}, wire.History{},
		wire.Duplicate{}, wire.Modules{}, wire.Land{}, wire.Landed{}, wire.Imported{}, wire.NewInvite{}, wire.Invite{},
	} {
		w.Type(reflect.TypeOf(body))
	}
	limits(w)
	return strings.TrimRight(w.String(), "\n") + "\n"
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
