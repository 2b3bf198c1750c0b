// Package lettering measures text and fits it to a box.
//
// It measures with Liberation Sans, which has the widths of Arial and
// Helvetica, so that one measure holds for almost every screen and printer; a
// picture names these fonts and needs to carry none. What is fitted leaves
// room for a substitute that is up to a sixth wider.
//
// All functions are safe for concurrent use.
package lettering

import (
	"sync"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Families is the list of fonts, best first, that have the measured widths.
const Families = `"Liberation Sans", Arimo, Arial, Helvetica, sans-serif`

// Weight is how heavy letters are.
type Weight uint8

// The weights.
const (
	Regular Weight = iota
	Bold
)

// face is a font with what was read of it so far.
type face struct {
	font   *sfnt.Font
	mu     sync.Mutex
	buf    sfnt.Buffer
	glyphs map[rune]*Glyph
	ascii  [128]float64
}

// Glyph is the shape of a character, in ems; y grows downwards from the
// baseline.
type Glyph struct {
	Advance float64
	Curves  []Curve
}

// Curve is a piece of an outline. Op is 'M' for a move, 'L' for a line, 'Q' for
// a quadratic and 'C' for a cubic curve; its points are the first of Args.
type Curve struct {
	Op   byte
	Args [3][2]float64
}

var faces = sync.OnceValue(func() [2]*face {
	return [2]*face{open(liberationsansregular.TTF), open(liberationsansbold.TTF)}
})

func open(ttf []byte) *face {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		panic("lettering: the font of the program cannot be read: " + err.Error())
	}
	out := &face{font: f, glyphs: map[rune]*Glyph{}}
	for r := range out.ascii {
		out.ascii[r] = out.glyph(rune(r)).Advance
	}
	return out
}

// Shape returns the shape of a character.
func Shape(r rune, w Weight) *Glyph {
	f := faces()[w]
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.glyph(r)
}

// em is the size at which outlines are read, large enough to lose nothing.
const em = 1024

func (f *face) glyph(r rune) *Glyph {
	if g := f.glyphs[r]; g != nil {
		return g
	}
	index, err := f.font.GlyphIndex(&f.buf, r)
	g := &Glyph{Advance: 1} // as wide as it is high, where the font lacks it
	if err == nil && (index != 0 || r < 0x20) {
		if a, err := f.font.GlyphAdvance(&f.buf, index, fixed.I(em), font.HintingNone); err == nil {
			g.Advance = float64(a) / 64 / em
		}
	}
	if segments, err := f.font.LoadGlyph(&f.buf, index, fixed.I(em), nil); err == nil {
		g.Curves = curves(segments)
	}
	f.glyphs[r] = g
	return g
}

func curves(segments sfnt.Segments) []Curve {
	out := make([]Curve, len(segments))
	for i, s := range segments {
		c := Curve{Op: "MLQC"[s.Op]}
		for j, p := range s.Args {
			c.Args[j] = [2]float64{float64(p.X) / 64 / em, float64(p.Y) / 64 / em}
		}
		out[i] = c
	}
	return out
}

// Width returns the width of a line of text at a size.
func Width(text string, size float64, w Weight) float64 {
	f := faces()[w]
	sum := 0.0
	for _, r := range text {
		if r < 128 {
			sum += f.ascii[r]
			continue
		}
		f.mu.Lock()
		sum += f.glyph(r).Advance
		f.mu.Unlock()
	}
	return sum * size
}
