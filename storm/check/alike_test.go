package check_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/storm/check"
)

func TestAlike(t *testing.T) {
	names := []string{"Order placed", "Invoice sent", "order  placed", "Placed order", "Order plaved", "Bill sent", "Order placed", "Nothing like it"}
	want := []check.Likeness{
		{0, 2, 1, "the same letters"},
		{0, 3, 0.97, "the order of words"},
		{0, 4, 1 - 1.0/11, "the spelling"},
		{1, 5, 0.85, "words that mean the same"},
		{0, 6, 1, "the same letters"},
	}
	if diff := cmp.Diff(want, check.Alike(names, 0.8)); diff != "" {
		t.Error(diff)
	}
	if got := check.Alike(nil, 0); got != nil {
		t.Error(got)
	}
}
