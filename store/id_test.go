package store_test

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/store"
)

func TestEventID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		command := store.CommandOf(id)
		n, m := rapid.IntRange(0, store.MaxRecords-1).Draw(t, "n"), rapid.IntRange(0, store.MaxRecords-1).Draw(t, "m")
		event := store.EventID(command, n)
		if store.CommandOf(event) != command || store.IndexOf(event) != n || store.IndexOf(command) != -1 {
			t.Fatalf("event %d of %s is %s, which is event %d of %s", n, command, event, store.IndexOf(event), store.CommandOf(event))
		}
		// An index over the events of a command is in their order.
		if other := store.EventID(command, m); (bytes.Compare(event[:], other[:]) < 0) != (n < m) {
			t.Fatalf("events %d and %d are out of order: %s, %s", n, m, event, other)
		}
	})
}

func TestNewCommandIDsAscend(t *testing.T) {
	now := time.Now()
	last := store.NewCommandID(now)
	for i := range 10_000 {
		// The clock may stand still, or go back.
		id := store.NewCommandID(now.Add(time.Duration(i%7-3) * time.Millisecond))
		if bytes.Compare(id[:], last[:]) <= 0 {
			t.Fatalf("%s came after %s", id, last)
		}
		if id.Version() != 7 || id.Variant() != uuid.RFC4122 || store.CommandOf(id) != id {
			t.Fatalf("%s is not a command's id", id)
		}
		last = id
	}
}

func TestNewCommandIDsDiffer(t *testing.T) {
	var mu sync.Mutex
	seen := map[uuid.UUID]bool{}
	var wait sync.WaitGroup
	now := time.Now()
	for range 8 {
		wait.Go(func() {
			for range 1000 {
				id := store.NewCommandID(now)
				mu.Lock()
				if seen[id] {
					t.Errorf("%s was made twice", id)
				}
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	wait.Wait()
}

func TestGivenCommandIDs(t *testing.T) {
	event := store.EventID(store.NewCommandID(time.Now()), 2)
	ids := map[uuid.UUID]string{}
	for name, id := range map[string]uuid.UUID{
		"key a":               store.KeyedCommandID("a"),
		"key b":               store.KeyedCommandID("b"),
		"policy, first":       store.DerivedCommandID("TurnOffPolicy", event, 0),
		"policy, second":      store.DerivedCommandID("TurnOffPolicy", event, 1),
		"other policy":        store.DerivedCommandID("NotifyObstacleFoundPolicy", event, 0),
		"policy, other event": store.DerivedCommandID("TurnOffPolicy", store.EventID(event, 3), 0),
	} {
		if other, ok := ids[id]; ok {
			t.Errorf("%s and %s have the same id", name, other)
		}
		ids[id] = name
		if store.CommandOf(id) != id || id.Version() != 8 || id.Variant() != uuid.RFC4122 {
			t.Errorf("the id of %s is not a command's: %s", name, id)
		}
	}
	keyed, derived := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for range 2 {
		keyed[store.KeyedCommandID("a")], derived[store.DerivedCommandID("p", event, 1)] = true, true
	}
	if len(keyed) != 1 || len(derived) != 1 {
		t.Error("the same answer has another id")
	}
}
