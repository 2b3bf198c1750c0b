package live

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
)

// TestVocabulary holds the list of events against the wiring.
func TestVocabulary(t *testing.T) {
	described, err := landfall.Describe(session.Module())
	if err != nil {
		t.Fatal(err)
	}
	var wantEvents []string
	for _, e := range described.Modules[0].Events {
		wantEvents = append(wantEvents, e.Name)
	}
	slices.Sort(wantEvents)
	if diff := cmp.Diff(wantEvents, slices.Sorted(maps.Keys(events))); diff != "" {
		t.Errorf("events (-wired +listed):\n%s", diff)
	}
}
