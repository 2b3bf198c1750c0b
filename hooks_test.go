package landfall_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// TestHooks sees a command from its arrival to its events.
func TestHooks(t *testing.T) {
	var seen notebook
	hooks := landfall.Hooks{
		Command: func(_ context.Context, m landfall.Message) { seen.note(fmt.Sprintf("command %T", m.Command)) },
		Events:  func(_ context.Context, e []landfall.Recorded) { seen.note("event " + e[0].Type) },
		Around: func(ctx context.Context, op landfall.Operation) (context.Context, func(error)) {
			seen.note("begin " + op.Kind + " " + op.Name)
			return ctx, func(err error) { seen.note(fmt.Sprintf("end %s %v", op.Kind, err)) }
		},
	}
	h := openWith(t, landfall.Config{Store: memory.New(), Modules: []landfall.Module{bank(thanks())}, Hooks: hooks})
	send(t, h, landfall.Message{To: "a", Command: Deposit{5}, Key: "k"})
	send(t, h, landfall.Message{To: "a", Command: Deposit{5}, Key: "k"})
	_, _ = h.Dispatch(ctx, landfall.To("a", Withdraw{9}))
	settle(t, h)
	want := []string{
		"begin dispatch Deposit", "command landfall_test.Deposit", "begin load Account", "end load <nil>",
		"begin append Deposit", "end append <nil>", "event Deposited", "end dispatch <nil>",
		// The repeat finds out at the store, and says nothing of events.
		"begin dispatch Deposit", "command landfall_test.Deposit", "begin append Deposit",
		"end append DUPLICATE", "end dispatch <nil>",
		"begin dispatch Withdraw", "command landfall_test.Withdraw", "begin load Account", "end load <nil>", "end dispatch REJECTED",
		"begin policy ThankPolicy", "begin dispatch Thank", "command landfall_test.Thank",
		"begin append Thank", "end append <nil>", "event Thanked", "end dispatch <nil>", "end policy <nil>",
	}
	var got []string
	for _, line := range seen.all() {
		if strings.Contains(line, store.ErrDuplicate.Error()) {
			line = "end append DUPLICATE"
		}
		if strings.Contains(line, "the balance is 5") {
			line = "end dispatch REJECTED"
		}
		got = append(got, line)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
