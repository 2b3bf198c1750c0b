package landfall_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

// TestInstancesReadNoMoreThanWasWritten of an aggregate that two of them decide
// on in turn: what one has in memory it keeps when the other was first.
func TestInstancesReadNoMoreThanWasWritten(t *testing.T) {
	const history, commands = 400, 100
	ctx := context.Background()
	s := memory.New()
	var read atomic.Int64
	open := func() *landfall.Host {
		tap := &tapped{Store: s, readStream: func(_ string, records int) { read.Add(int64(records)) }}
		return openWith(t, landfall.Config{Store: shared{tap}, Modules: []landfall.Module{bank()}, SnapshotEvery: 10 * history})
	}
	hosts := []*landfall.Host{open(), open()}
	for range history {
		if _, err := hosts[0].Dispatch(ctx, landfall.To("ann", Deposit{1})); err != nil {
			t.Fatal(err)
		}
	}
	read.Store(0)
	for n := range commands {
		if _, err := hosts[n%2].Dispatch(ctx, landfall.To("ann", Deposit{1})); err != nil {
			t.Fatal(err)
		}
	}
	// The second loads it once, in pages; then each reads what the other wrote.
	if most := int64(history + 2*commands + 100); read.Load() > most {
		t.Errorf("%d records were read, at most %d are new to one of them", read.Load(), most)
	}
}

// TestInstancesDecideOnThePresent while they race for a few accounts: no state in
// memory may part from the log, or money would be made or lost.
func TestInstancesDecideOnThePresent(t *testing.T) {
	ctx := context.Background()
	s := memory.New()
	var hosts []*landfall.Host
	for range 3 {
		hosts = append(hosts, openWith(t, landfall.Config{Store: shared{&tapped{Store: s}}, Modules: []landfall.Module{bank()}, SnapshotEvery: 7}))
	}
	var sums [2]atomic.Int64
	var wg sync.WaitGroup
	for worker := range 9 {
		wg.Go(func() {
			host, random := hosts[worker%3], rand.New(rand.NewPCG(1, uint64(worker)))
			for range 150 {
				account, amount := random.IntN(2), 1+random.IntN(9)
				to := landfall.AggregateID(fmt.Sprintf("account-%d", account))
				message, sign := landfall.To(to, Deposit{amount}), 1
				if random.IntN(2) == 0 {
					message, sign = landfall.To(to, Withdraw{amount}), -1
				}
				result, err := host.Dispatch(ctx, message)
				if err == nil && len(result.Events) > 0 {
					sums[account].Add(int64(sign * amount))
				}
			}
		})
	}
	wg.Wait()
	for account := range sums {
		to := landfall.AggregateID(fmt.Sprintf("account-%d", account))
		balance := int(sums[account].Load())
		if balance < 0 {
			t.Errorf("%s was overdrawn: %d", to, balance)
		}
		for n, host := range hosts {
			// All that there is can be withdrawn at each of them, and no more.
			if _, err := host.Dispatch(ctx, landfall.To(to, Withdraw{balance + 1})); err == nil {
				t.Errorf("instance %d let %d go from %s, which has %d", n, balance+1, to, balance)
			}
			if _, err := host.Dispatch(ctx, landfall.To(to, Withdraw{balance})); balance > 0 && err != nil {
				t.Errorf("instance %d: %v", n, err)
			}
			if _, err := host.Dispatch(ctx, landfall.To(to, Deposit{max(balance, 1)})); err != nil {
				t.Errorf("instance %d: %v", n, err)
			}
			balance = max(balance, 1)
		}
	}
}
