package live

import (
	"encoding/json"
	"testing"

	"github.com/landfall-go/landfall/board/session"
)

// TestOperationsAreWrittenAsJSON holds what is written by hand against what the
// changes are in JSON.
func TestOperationsAreWrittenAsJSON(t *testing.T) {
	for _, changes := range [][]session.Change{
		nil,
		{},
		{{ID: "note-1", Gone: true}},
		{
			{ID: "note-1", Set: session.Properties{{Name: "x", Value: json.RawMessage("-12")}, {Name: "text", Value: json.RawMessage(`"<b>\u2028\"&"`)}}},
			{ID: "file:a \"b\" <ü>.storm", Edit: &session.Edit{Version: 3, Changes: session.ChangeSet("[1,[0,\"<a>\"]]"), Client: "c"}},
			{ID: "note-2", Set: session.Properties{}},
		},
	} {
		want := "[]"
		if len(changes) > 0 {
			want = string(encode(changes))
		}
		if got := string(appendChanges(nil, changes)); got != want {
			t.Errorf("written as\n%s\nand in JSON\n%s", got, want)
		}
	}
}
