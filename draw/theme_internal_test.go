package draw

import (
	"image/color"
	"math"
	"testing"
)

// Text has to stand out from its ground as WCAG asks for: 4.5 to 1.
func TestTextIsLegible(t *testing.T) {
	for _, theme := range []Theme{Light, Dark} {
		p := theme.palette()
		for paper, c := range p.papers {
			if r := contrast(c, p.inkOn(paper, false)); r < 4.5 {
				t.Errorf("%s: text on %s has a contrast of %.1f", theme, paper, r)
			}
			if r := contrast(p.fade(paper), p.inkOn(paper, true)); r < 4.5 {
				t.Errorf("%s: text on faded %s has a contrast of %.1f", theme, paper, r)
			}
		}
		for _, ground := range []color.RGBA{p.ground, p.panel} {
			for _, role := range []LabelRole{TitleLabel, HeadingLabel, SectionLabel, QuietLabel} {
				if r := contrast(ground, p.labelColor(role)); r < 4.5 {
					t.Errorf("%s: %s has a contrast of %.1f", theme, role, r)
				}
			}
			for verb := range p.links {
				if r := contrast(ground, p.linkColor(verb)); r < 3 {
					t.Errorf("%s: the link %q has a contrast of %.1f", theme, verb, r)
				}
			}
		}
	}
}

func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.RGBA) float64 {
	channel := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(c.R) + 0.7152*channel(c.G) + 0.0722*channel(c.B)
}

// Every verb and paper that pictures use has its place in both palettes.
func TestPalettesAreComplete(t *testing.T) {
	for paper := range lightPalette.papers {
		if _, ok := darkPalette.papers[paper]; !ok {
			t.Errorf("dark has no %s", paper)
		}
	}
	for verb := range lightPalette.links {
		if _, ok := darkPalette.links[verb]; !ok {
			t.Errorf("dark has no %q", verb)
		}
	}
	if len(lightPalette.rules) != len(darkPalette.rules) {
		t.Error("the rules differ")
	}
}
