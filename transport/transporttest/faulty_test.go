package transporttest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/inprocess"
	"github.com/landfall-go/landfall/transport/transporttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var rover = transport.Topic{From: "Rover"}

// TestNoFaults: without faults it is a transport like any other.
func TestNoFaults(t *testing.T) {
	transporttest.Run(t, transporttest.Features{Open: func(*testing.T) transporttest.Road {
		bus := inprocess.New()
		return transporttest.Road{
			Connect: func(*testing.T) transport.Transport {
				return transporttest.NewFaulty(bus.Connect(), transporttest.Faults{})
			},
			Lose: func(*testing.T) { bus.Lose() },
		}
	}})
}

// numbers publishes a thousand messages, ten at a time, through faults, and
// returns the numbers that came.
func numbers(t *testing.T, faults transporttest.Faults) (got []uint64) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		sender, receiver := transporttest.NewFaulty(bus.Connect(), faults), bus.Connect()
		_, err := receiver.Subscribe(rover, "Map", func(_ context.Context, d transport.Delivery) error {
			for _, m := range d.Messages {
				got = append(got, m.Number)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for n := uint64(1); n <= 1000; n += 10 {
			var batch []transport.Message
			for i := n; i < n+10; i++ {
				batch = append(batch, transport.Message{Number: i, After: i - 1, ID: uuid.New(), Type: "x"})
			}
			if err := sender.Publish(t.Context(), rover, batch); err != nil && !errors.Is(err, transport.ErrUnavailable) {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		time.Sleep(time.Second)
		synctest.Wait()
		for _, conn := range []transport.Transport{sender, receiver} {
			if err := conn.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
	return got
}

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		faults          transporttest.Faults
		least, most     int // messages that come
		missing, sorted bool
	}{
		"none":      {transporttest.Faults{}, 1000, 1000, false, true},
		"drop":      {transporttest.Faults{Seed: 1, Drop: 0.3}, 600, 800, true, true},
		"duplicate": {transporttest.Faults{Seed: 2, Duplicate: 0.3}, 1200, 1400, false, false},
		"reorder":   {transporttest.Faults{Seed: 3, Reorder: 0.3}, 1000, 1000, false, false},
		"delay":     {transporttest.Faults{Seed: 4, Delay: 0.3}, 1000, 1000, false, false},
		"fail":      {transporttest.Faults{Seed: 5, FailPublish: 0.5}, 600, 900, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			got := numbers(t, test.faults)
			if len(got) < test.least || len(got) > test.most {
				t.Errorf("%d messages came, want %d to %d", len(got), test.least, test.most)
			}
			if sorted := slices.IsSorted(got); sorted != test.sorted {
				t.Errorf("sorted: %t", sorted)
			}
			slices.Sort(got)
			if missing := len(slices.Compact(got)) < 1000; missing != test.missing {
				t.Errorf("missing: %t", missing)
			}
		})
	}
}

func TestFailingCallsAndHeads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		caller, callee := transporttest.NewFaulty(bus.Connect(), transporttest.Faults{Seed: 1, FailCalls: 0.5, DropHeads: 0.5}), bus.Connect()
		defer callee.Close()
		defer caller.Close()
		answered, heads, failed := 0, 0, 0
		if _, err := callee.Answer("Rover", "echo", func(_ context.Context, request []byte) []byte { answered++; return request }); err != nil {
			t.Fatal(err)
		}
		_, err := callee.Subscribe(rover, "Map", func(context.Context, transport.Delivery) error { heads++; return nil })
		if err != nil {
			t.Fatal(err)
		}
		for n := range uint64(200) {
			if _, err := caller.Call(t.Context(), "Rover", "echo", nil); errors.Is(err, transport.ErrUnavailable) {
				failed++
			}
			if err := caller.Announce(t.Context(), rover, n+1); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if failed < 60 || failed > 140 || answered < 200-failed+20 || answered > 180 {
			t.Errorf("of 200 calls, %d failed and %d were answered", failed, answered)
		}
		if heads < 60 || heads > 140 {
			t.Errorf("of 200 announcements, %d came", heads)
		}
	})
}

// TestCut: nothing passes a cut, and all goes on after it.
func TestCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		island, mainland := transporttest.NewFaulty(bus.Connect(), transporttest.Faults{}), bus.Connect()
		defer mainland.Close()
		defer island.Close()
		var got []uint64
		_, err := island.Subscribe(rover, "Map", func(_ context.Context, d transport.Delivery) error {
			for _, m := range d.Messages {
				got = append(got, m.Number)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := island.Answer("Map", "echo", func(_ context.Context, request []byte) []byte { return request }); err != nil {
			t.Fatal(err)
		}
		publish := func(n uint64) error {
			return mainland.Publish(t.Context(), rover, []transport.Message{{Number: n, After: n - 1, Type: "x"}})
		}
		say := func(what string) string {
			synctest.Wait()
			_, called := mainland.Call(t.Context(), "Map", "echo", nil)
			out := island.Announce(t.Context(), rover, 1)
			return fmt.Sprintf("%s: had %v; reached %t; reaches %t", what, got, called == nil, out == nil)
		}
		var story []string
		for n, what := range []string{"whole", "cut", "healed"} {
			switch what {
			case "cut":
				island.Cut()
			case "healed":
				island.Heal()
			}
			synctest.Wait()
			if err := publish(uint64(n) + 1); err != nil {
				t.Fatal(err)
			}
			story = append(story, say(what))
		}
		want := []string{
			"whole: had [1]; reached true; reaches true",
			"cut: had [1]; reached false; reaches false",
			"healed: had [1 2 3]; reached true; reaches true",
		}
		if !slices.Equal(story, want) {
			t.Errorf("got %q\nwant %q", story, want)
		}
	})
}
