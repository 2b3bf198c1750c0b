package landfall_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

// FuzzStoredEvents writes an event of any name and any data into a log. Whoever
// reads it either can, or says which event it is; nothing panics, nothing is
// passed over, and another account goes on.
func FuzzStoredEvents(f *testing.F) {
	for _, seed := range []struct{ kind, data string }{
		{"Deposited", `{"Amount":5}`},
		{"Deposited", `{"Amount":5e400}`},
		{"Deposited", `null`},
		{"Deposited", `[1,2`},
		{"PaidIn", `{"Cents":"100"}`},
		{"PaidIn.2", `{"Cents":100,"Cents":true}`},
		{"TellerSmiled", "\xff"},
		{"Nobody knows", `{}`},
	} {
		f.Add(seed.kind, []byte(seed.data))
	}
	f.Fuzz(func(t *testing.T, kind string, data []byte) {
		s := memory.New()
		if kind == "" || len(kind) > 256 || strings.ContainsRune(kind, 0) || strings.ToValidUTF8(kind, "") != kind {
			return // no store takes such a name
		}
		r := write(t, s, "Bank", "Account/a", kind, string(data), time.Now())
		h := open(t, s, modern())
		do(t, h, "b", Deposit{1})
		settle(t, h)
		if got := documents[Statement](t, h, "Statements")["b"].Balance; got != 1 {
			t.Errorf("the other account shows %d", got)
		}
		_, err := h.Event(ctx, r.ID)
		readable := err == nil
		if !readable && (!errors.Is(err, landfall.ErrUnreadable) || !strings.Contains(err.Error(), r.ID.String())) {
			t.Errorf("got %v, want ErrUnreadable with the event's id", err)
		}
		if letters := h.DeadLetters(); readable != (len(letters) == 0) {
			t.Errorf("readable: %v, dead letters: %+v", readable, letters)
		}
		if _, err := h.Dispatch(ctx, landfall.To("a", Thank{})); readable != (err == nil) {
			t.Errorf("readable: %v, and a command says %v", readable, err)
		}
		if err := h.Rebuild(ctx, "Statements", nil); err != nil {
			t.Error(err)
		}
		shut(t, h)
	})
}
