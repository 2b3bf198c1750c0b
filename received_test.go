package landfall_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
	"github.com/landfall-go/landfall/transport/inprocess"
)

// TestTheOutsideIsNotFlooded by commands of another module, however many there
// are; each is delivered once.
func TestTheOutsideIsNotFlooded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		var now, most, posted atomic.Int64
		letters := mail(func(ctx context.Context, _ Post, _ landfall.ID) error {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer now.Add(-1)
			posted.Add(1)
			time.Sleep(time.Second)
			return nil
		})
		there := memory.New()
		b := startWith(t, bus.Connect(), landfall.Config{Store: memory.New(), Modules: []landfall.Module{bank(
			landfall.When("LetterPolicy", func(e Deposited, _ landfall.Metadata) []landfall.Command {
				return []landfall.Command{Post{"dear"}}
			}, landfall.SendsTo("Mail", Post{})),
		)}})
		for i := range 300 {
			do(t, b.Host, account(i), Deposit{1})
		}
		start(t, bus, there, letters)
		eventually(t, "all were posted", func() bool { return count(t, there, "Mail", "Posted") == 300 })
		if posted.Load() != 300 || most.Load() > 64 || most.Load() < 32 {
			t.Errorf("%d letters were posted, up to %d at once; want 300, and up to 64", posted.Load(), most.Load())
		}
	})
}
