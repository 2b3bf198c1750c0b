package landing

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/board/session"
)

// drawText draws a text of few different lines, so that many are the same.
func drawText(t *rapid.T, label string) string {
	lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "", "é", "𝄞𝄞", "module M {", "}"}), 0, 14).Draw(t, label)
	text := strings.Join(lines, "\n")
	if rapid.Bool().Draw(t, label+" ends its line") {
		text += "\n"
	}
	return text
}

// change draws another text that comes of one by a few replacements of lines.
func change(t *rapid.T, text, label string) string {
	lines := splitLines(text)
	for range rapid.IntRange(0, 3).Draw(t, label) {
		at := rapid.IntRange(0, len(lines)).Draw(t, label+" at")
		end := rapid.IntRange(at, min(len(lines), at+2)).Draw(t, label+" end")
		in := splitLines(drawText(t, label+" in"))
		if len(in) > 0 && !strings.HasSuffix(in[len(in)-1], "\n") {
			in[len(in)-1] += "\n"
		}
		lines = slices.Concat(lines[:at], in[:min(len(in), 2)], lines[end:])
	}
	return strings.Join(lines, "")
}

func TestMatchesAreMatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := splitLines(drawText(t, "a")), splitLines(drawText(t, "b"))
		i, j := 0, 0
		for _, m := range matches(a, b) {
			if m.a < i || m.b < j || !slices.Equal(a[m.a:m.a+m.n], b[m.b:m.b+m.n]) {
				t.Fatalf("%q and %q do not match at %+v", a, b, m)
			}
			i, j = m.a+m.n, m.b+m.n
		}
	})
}

func TestBetweenLeadsFromOneToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawText(t, "a")
		b := drawText(t, "b")
		if rapid.Bool().Draw(t, "near") {
			b = change(t, a, "change")
		}
		c := Between(a, b)
		if c == nil {
			if a != b {
				t.Fatalf("nothing between %q and %q", a, b)
			}
			return
		}
		if got, err := c.Apply(a); err != nil || got != b {
			t.Fatalf("%s makes %q of %q, not %q: %v", c, got, a, b, err)
		}
	})
}

func TestBetweenTouchesOnlyWhatChanged(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"one\ntwo\nthree\n", "one\n2\nthree\n", `[4,[3,"2"],7]`},
		{"one\ntwo\nthree\n", "one\ntwo\nand\nthree\n", `[8,[0,"and",""],6]`},
		{"𝄞 one\n", "𝄞 two\n", `[3,[3,"two"],1]`},
		{"", "a\nb", `[[0,"a","b"]]`},
		{"a\nb\n", "", `[[4]]`},
		{"é", "è", `[[1,"è"]]`},
	} {
		if got := Between(c.a, c.b); string(got) != c.want {
			t.Errorf("%q -> %q: %s, want %s", c.a, c.b, got, c.want)
		}
	}
	var _ session.ChangeSet = Between("a", "b")
}

// What one side leaves alone is as the other has it; the sides are alike; and where
// both changes are far apart, they meet.
func TestMergeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := drawText(t, "base")
		mine, theirs := change(t, base, "mine"), change(t, base, "theirs")
		if got, ok := Merge(base, mine, base); !ok || got != mine {
			t.Fatalf("mine alone: %q %v", got, ok)
		}
		if got, ok := Merge(base, base, theirs); !ok || got != theirs {
			t.Fatalf("theirs alone: %q %v", got, ok)
		}
		if got, ok := Merge(base, mine, mine); !ok || got != mine {
			t.Fatalf("the same twice: %q %v", got, ok)
		}
		a, okA := Merge(base, mine, theirs)
		b, okB := Merge(base, theirs, mine)
		if okA != okB || a != b {
			t.Fatalf("the sides are not alike: %q %v, %q %v", a, okA, b, okB)
		}
		if okA {
			// Every line that one side put in is in what they made.
			for _, side := range []string{mine, theirs} {
				for _, r := range replacements(splitLines(base), splitLines(side)) {
					for _, l := range r.lines {
						if !strings.Contains(a, strings.TrimSuffix(l, "\n")) {
							t.Fatalf("the line %q of a side is lost in %q", l, a)
						}
					}
				}
			}
		}
	})
}

func TestMergeFarApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		head, tail := drawText(t, "head"), drawText(t, "tail")
		middle := "\n1\n2\n3\n"
		newHead, newTail := drawText(t, "new head"), drawText(t, "new tail")
		got, ok := Merge(head+middle+tail, newHead+middle+tail, head+middle+newTail)
		if !ok || got != newHead+middle+newTail {
			t.Fatalf("%q %v", got, ok)
		}
	})
}

func TestMergeRefusesTheSameLines(t *testing.T) {
	for _, c := range [][3]string{
		{"a\nb\nc\n", "a\nx\nc\n", "a\ny\nc\n"},
		{"a\nb\n", "a\nb\nmine\n", "a\nb\ntheirs\n"},
		{"a\nb\nc\n", "x\nb\nc\n", "a\ny\nc\n"}, // lines that touch
		{"", "a\n", "b\n"},
	} {
		if got, ok := Merge(c[0], c[1], c[2]); ok {
			t.Errorf("%q: merged to %q", c, got)
		}
	}
}
