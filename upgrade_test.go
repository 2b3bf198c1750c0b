package landfall_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

// Summary is a document as an old version of a module knows it, and FullSummary as a
// new one does.
type (
	Summary     struct{ Count int }
	FullSummary struct{ Count, Sum int }
)

// TestAProjectionChangesInARollingUpgrade: while instances of both versions run,
// those go on with it that know its shape; when none is left, it is built anew,
// and so it is when an upgrade is taken back.
func TestAProjectionChangesInARollingUpgrade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		older := landfall.Project("Summaries", landfall.On(func(d *Summary, e Deposited, _ landfall.Metadata) { d.Count++ }))
		newer := landfall.Project("Summaries", landfall.On(func(d *FullSummary, e Deposited, _ landfall.Metadata) {
			d.Count++
			d.Sum += e.Amount
		}))
		s := memory.New()
		shows := func(h *landfall.Host, want FullSummary) {
			t.Helper()
			eventually(t, "shown", func() bool {
				return cmp.Equal(map[string]FullSummary{"a": want}, documents[FullSummary](t, h, "Summaries"))
			})
			time.Sleep(10 * time.Second)
			if d := cmp.Diff(map[string]FullSummary{"a": want}, documents[FullSummary](t, h, "Summaries")); d != "" {
				t.Errorf("later (-want +got)\n%s", d)
			}
		}
		first := startInstance(t, s, older)
		do(t, first.Host, "a", Deposit{1})
		second := startInstance(t, s, newer)
		third := startInstance(t, s, newer)
		for range 10 { // whoever would have it
			do(t, second.Host, "a", Deposit{2})
			time.Sleep(time.Second)
		}
		shows(second.Host, FullSummary{Count: 11})
		first.die()
		do(t, second.Host, "a", Deposit{2})
		shows(second.Host, FullSummary{12, 23})
		again := startInstance(t, s, older)
		do(t, again.Host, "a", Deposit{2})
		shows(third.Host, FullSummary{13, 25})
		shut(t, second.Host)
		shut(t, third.Host)
		do(t, again.Host, "a", Deposit{2})
		eventually(t, "built anew", func() bool {
			return cmp.Equal(map[string]Summary{"a": {14}}, documents[Summary](t, again.Host, "Summaries"))
		})
	})
}
