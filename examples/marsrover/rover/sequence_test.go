package rover_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
)

func TestASequenceIsReadLetterByLetter(t *testing.T) {
	got, err := rover.Sequence("RML")
	want := []landfall.Command{rover.TurnRight{}, rover.Move{}, rover.TurnLeft{}}
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("Sequence = %v, %v; want %v", got, err, want)
	}
}

func TestASequenceNamesWhatItCannotRead(t *testing.T) {
	for _, c := range []struct {
		text, character string
		place           int
	}{
		{"RMX", "X", 3},
		{"rM", "r", 1},
		{"RM M", " ", 3},
		{"MMé", "é", 3},
		{"éX", "é", 1},
		{"M\xffL", "\xff", 2},
		{"RM\n", "\n", 3},
	} {
		_, err := rover.Sequence(c.text)
		var wrong *rover.SequenceError
		if !errors.As(err, &wrong) || wrong.Character != c.character || wrong.Place != c.place {
			t.Errorf("Sequence(%q): %v; want %q at place %d", c.text, err, c.character, c.place)
		}
	}
}

func FuzzSequence(f *testing.F) {
	for _, seed := range []string{"", "RMLMM", "RMX", "é", "M\xff", "MMMMMMMMMM\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		commands, err := rover.Sequence(text)
		bad := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune("RLM", r) })
		if bad < 0 {
			if err != nil || len(commands) != len(text) {
				t.Fatalf("Sequence(%q) = %d commands, %v", text, len(commands), err)
			}
			return
		}
		var wrong *rover.SequenceError
		if !errors.As(err, &wrong) {
			t.Fatalf("Sequence(%q) = %v, want an error", text, err)
		}
		place := utf8.RuneCountInString(text[:bad]) + 1
		if wrong.Place != place || !strings.HasPrefix(text[bad:], wrong.Character) || wrong.Character == "" {
			t.Fatalf("Sequence(%q): %v; the first bad character is at place %d", text, err, place)
		}
	})
}
