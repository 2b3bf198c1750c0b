package landfall_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/store"
)

// folded folds the statements from the log itself, without the runtime.
func folded(t testing.TB, s store.Store) map[string]Statement {
	t.Helper()
	all := map[string]Statement{}
	for _, r := range records(t, s, "Bank") {
		_, id, _ := strings.Cut(r.Stream, "/")
		var e struct{ Amount int }
		if err := json.Unmarshal(r.Data, &e); err != nil {
			t.Fatal(err)
		}
		statement := all[id]
		switch r.Type {
		case "Deposited":
			statement.move(e.Amount)
		case "Withdrawn":
			statement.move(-e.Amount)
		default:
			continue
		}
		all[id] = statement
	}
	return all
}
