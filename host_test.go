package landfall_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/model"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// TestStopIsClean closes a host under load: what was acknowledged is there,
// what was not is refused, nobody waits for ever, and the next host answers
// what is left. goleak in TestMain sees that no goroutine stays. (Promise 8.)
func TestStopIsClean(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		acknowledged := map[string]bool{}
		var mu sync.Mutex
		for round := range 5 {
			h := open(t, db, chained()...)
			h.Start()
			var callers sync.WaitGroup
			for c := range 8 {
				callers.Go(func() {
					for n := 0; ; n++ {
						r, err := h.Dispatch(ctx, landfall.To(account(c%3), Deposit{n + 1}))
						if errors.Is(err, landfall.ErrClosed) {
							return
						}
						if err != nil {
							t.Error(err)
							return
						}
						mu.Lock()
						acknowledged[r.Events[0].ID.String()] = true
						mu.Unlock()
					}
				})
			}
			for range 2 { // others who use the host in other ways
				callers.Go(func() {
					for h.Settle(ctx) == nil {
					}
				})
			}
			time.Sleep(time.Duration(round+1) * 2 * time.Millisecond)
			shut(t, h)
			head := len(records(t, db, "Bank"))
			callers.Wait()
			if n := len(records(t, db, "Bank")); n != head {
				t.Errorf("%d events were written after Close", n-head)
			}
			db.reopen(t)
		}
		h := open(t, db, chained()...)
		settle(t, h)
		holds(t, t, h, db, acknowledged)
	})
}

// TestCloseWithoutStart: a program that settles by hand may be closed while it
// does.
func TestCloseWithoutStart(t *testing.T) {
	s := memory.New()
	for range 50 {
		h := openWith(t, landfall.Config{Store: s, Modules: chained(), SnapshotEvery: 1})
		for n := range 5 {
			do(t, h, account(n), Deposit{1})
		}
		var work sync.WaitGroup
		work.Go(func() {
			if err := h.Settle(ctx); err != nil && !errors.Is(err, landfall.ErrClosed) {
				t.Error(err)
			}
		})
		work.Go(func() {
			if err := h.Rebuild(ctx, "Statements", nil); err != nil && !errors.Is(err, landfall.ErrClosed) {
				t.Error(err)
			}
		})
		shut(t, h)
		work.Wait()
	}
}

// TestCloseWaitsForTheOutside: what has begun ends, and is recorded.
func TestCloseWaitsForTheOutside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		var h *landfall.Host
		h = open(t, s, bank(), mail(func(ctx context.Context, c Post, id landfall.ID) error {
			time.Sleep(10 * time.Second)
			// It may ask the host while Close waits, and is refused at once.
			if _, err := h.Dispatch(ctx, landfall.To("fees", Deposit{1})); !errors.Is(err, landfall.ErrClosed) {
				t.Errorf("got %v, want ErrClosed", err)
			}
			return nil
		}))
		start := time.Now()
		answered := make(chan error)
		go func() {
			_, err := h.Dispatch(ctx, landfall.To("ann", Post{"dear"}))
			answered <- err
		}()
		synctest.Wait()
		time.Sleep(time.Second)
		closed := make(chan error)
		go func() { closed <- h.Close() }()
		if err := <-answered; err != nil {
			t.Error(err)
		}
		if err := <-closed; err != nil || time.Since(start) != 10*time.Second {
			t.Errorf("Close: %v after %v", err, time.Since(start))
		}
		if n := len(records(t, s, "Mail")); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
	})
}

// TestNobodyIsAskedTwiceAfterAStop: positions are saved.
func TestNobodyIsAskedTwiceAfterAStop(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		var asked atomic.Int32
		counting := landfall.When("CountingPolicy", func(Deposited, landfall.Metadata) []landfall.Command {
			asked.Add(1)
			return nil
		}, landfall.Sends(Thank{}))
		for n := range 3 {
			h := open(t, db, bank(counting))
			h.Start()
			do(t, h, "a", Deposit{1})
			settle(t, h)
			shut(t, h)
			if asked.Load() != int32(n+1) {
				t.Errorf("after run %d the policy was asked %d times", n+1, asked.Load())
			}
			db.reopen(t)
		}
	})
}

// TestAHostThatOpensWhileAnotherWrites misses nothing in between.
func TestAHostThatOpensWhileAnotherWrites(t *testing.T) {
	s := memory.New()
	first := open(t, s, bank())
	do(t, first, "a", Deposit{1})
	h := open(t, s, bank(statements()))
	settle(t, h)
	shut(t, h)
	tap := &tapped{Store: s, listen: func() { do(t, first, "a", Deposit{2}) }}
	h = open(t, tap, bank(statements()))
	settle(t, h)
	sameStatements(t, s, h)
}

// TestSettleWaitsForTheBackground and for nothing else.
func TestSettleWaitsForTheBackground(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		h := open(t, db, chained()...)
		h.Start()
		for n := range 30 {
			do(t, h, account(n%3), Deposit{n + 1})
			if n%10 == 0 {
				settle(t, h)
				sameStatements(t, db, h)
				if thanks, letters := count(t, db, "Bank", "Thanked"), count(t, db, "Mail", "Posted"); thanks != n+1 || letters != n+1 {
					t.Errorf("after %d deposits there are %d thanks and %d letters", n+1, thanks, letters)
				}
			}
		}
		h.Start() // again does nothing
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		do(t, h, "a", Deposit{1})
		if err := h.Settle(cancelled); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// TestAFollowerThatFallsBehindReadsTheStore: what is kept in memory for those
// who follow the log is bounded, and nothing is lost by it. (Promise 7.)
func TestAFollowerThatFallsBehindReadsTheStore(t *testing.T) {
	s := memory.New()
	reads := 0
	h := open(t, &tapped{Store: s, read: func() { reads++ }}, bank(tally()))
	const n = 100_000
	for i := range n {
		do(t, h, account(i%7), Deposit{1})
	}
	settle(t, h)
	sum := 0
	for _, d := range documents[Tally](t, h, "Tally") {
		sum += d.N
	}
	if sum != n {
		t.Errorf("%d of %d events show", sum, n)
	}
	if reads == 0 {
		t.Errorf("all %d events were kept in memory", n)
	}
}

// TestDescribe shows a whole program as data, and brings it through JSON.
func TestDescribe(t *testing.T) {
	described, err := landfall.Describe(
		modern(
			landfall.When("LetterPolicy", silent[Thanked], landfall.SendsTo("Mail", Post{}), landfall.After(month), landfall.Unless(Withdrawn{})),
			landfall.ProjectInto("Own", noTables{}, landfall.Hears(Deposited{}, Withdrawn{})),
			landfall.Named[Withdrawn]("MoneyTaken"),
		),
		mail(nil, landfall.Timeout(time.Minute)),
	)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.MarshalIndent(described, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, filepath.Join("testdata", "describe.json"), string(data)+"\n")
	var back model.Model
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(described, back); d != "" {
		t.Errorf("(-before +after)\n%s", d)
	}
}

// TestOpenFailsAsAWhole when the store does, and leaves nothing behind.
func TestOpenFailsAsAWhole(t *testing.T) {
	for _, collection := range []string{"consumers", "projections"} {
		tap := &tapped{Store: memory.New(), get: func(c string) error {
			if c == collection {
				return store.ErrCorrupt
			}
			return nil
		}}
		_, err := landfall.Open(ctx, landfall.Config{Store: tap, Modules: chained(), Logger: quiet})
		if !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("%s: got %v", collection, err)
		}
	}
	closed := memory.New()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := landfall.Open(ctx, landfall.Config{Store: closed, Modules: chained()}); !errors.Is(err, landfall.ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}
