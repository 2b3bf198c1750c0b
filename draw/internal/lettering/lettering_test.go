package lettering_test

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/draw/internal/lettering"
)

// Liberation Sans has the widths of Arial, which are known.
func TestWidthIsThatOfArial(t *testing.T) {
	for text, want := range map[string]float64{"": 0, " ": 569, "A": 1366, "i": 455, "W": 1933, "0": 1139, "Mars": 1706 + 1139 + 682 + 1024} {
		if got := lettering.Width(text, 2048, lettering.Regular); math.Abs(got-want) > 2 {
			t.Errorf("%q is %v wide, want %v", text, got, want)
		}
	}
	if lettering.Width("Bold", 10, lettering.Bold) <= lettering.Width("Bold", 10, lettering.Regular) {
		t.Error("bold letters are not wider")
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		text          string
		width, height float64
		want          string
		cut           bool
	}{
		{"Order Placed", 100, 100, "Order|Placed", false},
		{"Go", 100, 100, "Go", false},
		{"", 100, 100, "", false},
		{"   \n ", 100, 100, "", false},
		{"EventPizza.com", 100, 100, "EventPizza.com", false},
		{"one two three four five six seven eight nine ten eleven twelve", 60, 20, "one two three four five|six seven eight nine…", true},
	} {
		got := lettering.Fit(c.text, c.width, c.height, 18, 6, lettering.Regular)
		if lines := strings.Join(got.Lines, "|"); lines != c.want || got.Cut != c.cut {
			t.Errorf("%q: %q, cut %v", c.text, lines, got.Cut)
		}
	}
}

// Whatever is to be written stays inside, loses nothing unless it says so, and
// is as large as it can be.
func TestFitKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("abc WXYZ-/. äß審é"))).Draw(t, "text")
		width := rapid.Float64Range(30, 200).Draw(t, "width")
		height := rapid.Float64Range(20, 200).Draw(t, "height")
		got := lettering.Fit(text, width, height, 20, 6, lettering.Regular)
		if got.Height() > height+0.01 {
			t.Fatalf("%v is higher than %v", got, height)
		}
		for _, line := range got.Lines {
			if w := lettering.Width(line, got.Size, lettering.Regular); w > width+0.01 {
				t.Fatalf("%q is %v wide, more than %v", line, w, width)
			}
			if !utf8.ValidString(line) {
				t.Fatalf("%q is torn", line)
			}
		}
		if kept := squeeze(strings.Join(got.Lines, "")); !got.Cut && kept != squeeze(text) {
			t.Fatalf("%q became %q", text, kept)
		}
	})
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func TestClip(t *testing.T) {
	if got := lettering.Clip("Team", 100, 12, lettering.Regular); got != "Team" {
		t.Error(got)
	}
	got := lettering.Clip("Team Fulfilment", 60, 12, lettering.Regular)
	if !strings.HasSuffix(got, "…") || lettering.Width(got, 12, lettering.Regular) > 60 {
		t.Error(got)
	}
}

func TestShape(t *testing.T) {
	g := lettering.Shape('A', lettering.Regular)
	if len(g.Curves) < 8 || g.Curves[0].Op != 'M' {
		t.Errorf("%+v", g)
	}
	if len(lettering.Shape(' ', lettering.Regular).Curves) != 0 {
		t.Error("a space has a shape")
	}
}
