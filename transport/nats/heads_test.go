package nats

import (
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"github.com/landfall-go/landfall/transport"
)

// TestLateHeads: a head is late when nothing of its own topic has come for five
// seconds, whatever comes of others.
func TestLateHeads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rover, base := transport.Topic{From: "Rover", To: "Map"}, transport.Topic{From: "Base", To: "Map"}
		h := newHeads()
		want := func(got, want map[transport.Topic]uint64) {
			t.Helper()
			if !maps.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		}
		h.set(rover, 7)
		h.set(base, 3)
		time.Sleep(4 * time.Second)
		h.moved(rover)
		h.set(rover, 9)
		want(h.late(), nil)
		time.Sleep(2 * time.Second)
		want(h.late(), map[transport.Topic]uint64{base: 3})
		h.moved(base) // which has no head now
		time.Sleep(4 * time.Second)
		want(h.late(), map[transport.Topic]uint64{rover: 9})
		h.set(rover, 10)
		want(h.all(), map[transport.Topic]uint64{rover: 10})
		want(h.all(), nil)
	})
}
