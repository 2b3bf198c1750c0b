package inprocess_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/inprocess"
)

var topic = transport.Topic{From: "Rover"}

func publish(t interface{ Fatal(...any) }, conn transport.Transport, size int, numbers ...uint64) {
	var all []transport.Message
	for _, n := range numbers {
		all = append(all, transport.Message{Number: n, After: n - 1, Type: "x", Data: make([]byte, size)})
	}
	if err := conn.Publish(context.Background(), topic, all); err != nil {
		t.Fatal(err)
	}
}

// collect adds the numbers that come to all; with that, it fails when fail says so.
func collect(all *[]uint64, fail func() bool) func(context.Context, transport.Delivery) error {
	return func(_ context.Context, d transport.Delivery) error {
		if fail != nil && fail() {
			return errors.New("disk full")
		}
		for _, m := range d.Messages {
			*all = append(*all, m.Number)
		}
		return nil
	}
}

func span(from, to uint64) (all []uint64) {
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

// TestKept: a bus keeps so many messages and bytes, and forgets the oldest.
func TestKept(t *testing.T) {
	for name, test := range map[string]struct {
		option inprocess.Option
		size   int
		want   []uint64
	}{
		"messages": {inprocess.WithKept(10, 1<<20), 10, span(16, 25)},
		"bytes":    {inprocess.WithKept(1000, 50_000), 10_000, span(22, 25)},
		"one":      {inprocess.WithKept(1, 1<<20), 10, span(25, 25)},
		"default":  {func(*inprocess.Bus) {}, 10, span(1, 25)},
		"too big":  {inprocess.WithKept(1000, 50_000), 60_000, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn := inprocess.New(test.option).Connect()
				defer conn.Close()
				for n := uint64(1); n <= 25; n += 5 {
					publish(t, conn, test.size, span(n, n+4)...)
				}
				var got []uint64
				if _, err := conn.Subscribe(topic, "Map", collect(&got, nil)); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if !slices.Equal(got, test.want) {
					t.Errorf("got %v, want %v", got, test.want)
				}
			})
		})
	}
}

// TestOneFails: what one subscription cannot take, another under the name does.
func TestOneFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := inprocess.New()
		broken, whole := bus.Connect(), bus.Connect()
		defer whole.Close()
		defer broken.Close()
		var none, all []uint64
		if _, err := broken.Subscribe(topic, "Map", collect(&none, func() bool { return true })); err != nil {
			t.Fatal(err)
		}
		publish(t, broken, 10, span(1, 1200)...)
		synctest.Wait()
		if _, err := whole.Subscribe(topic, "Map", collect(&all, nil)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		slices.Sort(all)
		if !slices.Equal(all, span(1, 1200)) {
			t.Errorf("%d of 1200 came", len(all))
		}
	})
}

// TestAtLeastOnce: whatever fails, comes and goes, each message that the bus
// keeps is taken.
func TestAtLeastOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.IntRange(0, 4), 1, 40).Draw(rt, "steps")
		fails := rapid.SliceOfN(rapid.Bool(), 1, 30).Draw(rt, "fails")
		synctest.Test(t, func(t *testing.T) {
			conn := inprocess.New().Connect()
			defer conn.Close()
			var got []uint64
			fail := func() bool {
				if len(fails) == 0 {
					return false
				}
				first := fails[0]
				fails = fails[1:]
				return first
			}
			var stops []func()
			subscribe := func() {
				stop, err := conn.Subscribe(topic, "Map", collect(&got, fail))
				if err != nil {
					t.Fatal(err)
				}
				stops = append(stops, stop)
			}
			last := uint64(0)
			for _, step := range steps {
				switch {
				case step == 0 && len(stops) > 0:
					stops[0]()
					stops = stops[1:]
				case step == 1 && len(stops) == 0:
					subscribe()
				case step == 2:
					time.Sleep(time.Second)
				default:
					publish(t, conn, 10, span(last+1, last+uint64(step)*200)...)
					last += uint64(step) * 200
				}
			}
			if len(stops) == 0 {
				subscribe()
			}
			time.Sleep(5 * time.Minute)
			synctest.Wait()
			slices.Sort(got)
			if got = slices.Compact(got); !slices.Equal(got, span(1, last)) {
				t.Errorf("%d of %d came", len(got), last)
			}
		})
	})
}
