package landfall_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
	"github.com/landfall-go/landfall/transport/inprocess"
)

// TestWhatIsSentAgainMayHaveOthersBetween: the numbers of messages leave places
// out, for what is not published.
func TestWhatIsSentAgainMayHaveOthersBetween(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		here, there := memory.New(), memory.New()
		leaky := &lossy{Transport: bus.Connect()}
		b := startWith(t, leaky, landfall.Config{Store: here, Modules: []landfall.Module{openBank()}})
		start(t, bus, there, audit())
		leaky.loses.Store(true)
		for i := range 5 {
			do(t, b.Host, "a", Deposit{i + 2})
			do(t, b.Host, "a", Withdraw{1})
			do(t, b.Host, "a", Withdraw{1})
		}
		time.Sleep(time.Second / 2)
		leaky.loses.Store(false)
		do(t, b.Host, "a", Deposit{9})
		eventually(t, "all were checked", func() bool { return count(t, there, "Audit", "Checked") == 6 })
	})
}

// TestTheLastMessagesBeforeARestart get lost on the road, and nothing comes after
// them.
func TestTheLastMessagesBeforeARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		here, there := memory.New(), memory.New()
		leaky := &lossy{Transport: bus.Connect()}
		leaky.loses.Store(true)
		b := startWith(t, leaky, landfall.Config{Store: here, Modules: []landfall.Module{openBank()}})
		start(t, bus, there, audit())
		time.Sleep(10 * time.Second) // until nobody asks for what was missed at the start
		do(t, b.Host, "a", Deposit{2})
		do(t, b.Host, "a", Withdraw{1})
		time.Sleep(100 * time.Millisecond) // less than until an announcement
		b.stop()
		start(t, bus, here, openBank())
		eventually(t, "it was checked", func() bool { return count(t, there, "Audit", "Checked") == 1 })
	})
}

// TestFieldsOfAnotherVersion: what a new version of a module has published
// reaches those who know it, also by way of an old instance of the module.
func TestFieldsOfAnotherVersion(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		write(t, db, "Bank", "Account/a", "Deposited", `{"Amount":2,"Currency":"EUR"}`, time.Now())
		type Deposited struct {
			Amount   int
			Currency string
		}
		type Seen struct{ Currencies []string }
		newer := landfall.NewModule("Newer",
			landfall.HearsFrom("Bank", Deposited{}),
			landfall.Project("Seen", landfall.On(func(d *Seen, e Deposited, _ landfall.Metadata) {
				d.Currencies = append(d.Currencies, e.Currency)
			})))
		h := open(t, db, openBank(), newer)
		do(t, h, "a", Deposit{3})
		settle(t, h)
		if d := cmp.Diff(map[string]Seen{"a": {[]string{"EUR", ""}}}, documents[Seen](t, h, "Seen")); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
	})
}
