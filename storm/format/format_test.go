package format_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm/format"
)

// Each archive is a text and its canonical form, or why it has none.
func TestCanonicalForm(t *testing.T) {
	golden.Run(t, "testdata/*.txtar", []string{"out.storm", "error"}, func(t *testing.T, input []golden.File) []golden.File {
		out, err := format.Source([]byte(input[0].Data))
		if err != nil {
			return []golden.File{{Name: "error", Data: err.Error() + "\n"}}
		}
		return []golden.File{{Name: "out.storm", Data: string(out)}}
	})
}

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
