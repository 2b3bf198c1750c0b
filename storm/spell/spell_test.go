package spell_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/storm/spell"
)

func TestNearest(t *testing.T) {
	words := []string{"event", "actor", "aggregate", "policy", "team", "term"}
	for word, want := range map[string]string{
		"evnt": "event", "Event": "event", "aggergate": "aggregate", "polcy": "policy",
		"tem": "team", "zebra": "", "x": "", "": "", "event": "",
	} {
		if got := spell.Nearest(word, words); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"abc", "abc", 0}, {"abc", "", 3}, {"abc", "abd", 1}, {"abc", "acb", 1},
		{"ca", "abc", 3}, {"Öl", "Ol", 1}, {"kitten", "sitting", 3},
	} {
		if got := spell.Distance(c.a, c.b); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// The distance is the same both ways, and Within is exact up to its limit.
func TestWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[abcé]{0,12}`)
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := spell.Distance(a, b)
		if back := spell.Distance(b, a); back != d {
			t.Errorf("%d one way, %d the other", d, back)
		}
		limit := rapid.IntRange(0, 12).Draw(t, "limit")
		if got := spell.Within([]rune(a), []rune(b), limit); got != min(d, limit+1) {
			t.Errorf("Within(%q, %q, %d) = %d, want %d", a, b, limit, got, min(d, limit+1))
		}
	})
}
