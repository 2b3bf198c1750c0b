package format_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/storm/format"
)

// The rover's file is the norm of the language: it is its own canonical form.
func TestRoverIsCanonical(t *testing.T) {
	src, err := os.ReadFile("../../examples/marsrover/marsrover.storm")
	if err != nil {
		t.Fatal(err)
	}
	got, err := format.Source(src)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(src), string(got)); diff != "" {
		t.Errorf("(-source +formatted)\n%s", diff)
	}
}
