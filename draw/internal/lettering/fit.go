package lettering

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// LineHeight is the distance of two lines, in sizes.
const LineHeight = 1.18

// Text is text that was fitted: lines of one size.
type Text struct {
	Lines []string
	Size  float64
	Cut   bool // not all of it could be shown
}

// Height returns the height of all lines.
func (t Text) Height() float64 { return float64(len(t.Lines)) * t.Size * LineHeight }

// worthBreaking reports whether to break words at hyphens and the like, for
// text that fits at one size with its words whole and at a greater one without.
func worthBreaking(whole, broken float64) bool {
	const legible = 9
	return whole < broken*0.7 || whole < legible && whole < broken
}

// Fit breaks the text into lines and finds the greatest size, from most down
// to least in steps of a half, at which it fits into the width and height. A
// line is broken inside a word at a mark such as a hyphen, if that lets it be
// much larger, and anywhere only when the word alone is wider than the box at
// the least size. What does not fit even then ends in an ellipsis.
func Fit(text string, width, height, most, least float64, w Weight) Text {
	words, parts := split(text, w)
	if len(words) == 0 {
		return Text{Size: most}
	}
	out, ok := fit(words, width, height, most, least)
	if len(parts) > len(words) && (!ok || out.Size < most) {
		if broken, fits := fit(parts, width, height, most, least); fits && (!ok || worthBreaking(out.Size, broken.Size)) {
			out, ok = broken, true
		}
	}
	if ok {
		return out
	}
	rows := max(1, int(height/(least*LineHeight)))
	lines, ok := wrap(parts, width/least, rows, true)
	if !ok {
		last := len(lines) - 1
		lines[last] = cut(lines[last], width/least, w)
	}
	return Text{Lines: lines, Size: least, Cut: !ok}
}

func fit(words []word, width, height, most, least float64) (Text, bool) {
	for size := most; size >= least; size -= 0.5 {
		if lines, ok := wrap(words, width/size, int(height/(size*LineHeight)), false); ok {
			return Text{Lines: lines, Size: size}, true
		}
	}
	return Text{}, false
}

// Clip returns the text, or as much of it as fits on a line with an ellipsis.
func Clip(text string, width, size float64, w Weight) string {
	if Width(text, size, w) <= width {
		return text
	}
	return cut(text, width/size, w)
}

// word is a word with its width in ems; glue says that no space stands before.
type word struct {
	text   string
	width  float64
	weight Weight
	glue   bool
}

// split takes text apart at spaces, and again after hyphens and the like.
func split(text string, w Weight) (words, parts []word) {
	for _, field := range strings.Fields(text) {
		words = append(words, word{field, Width(field, 1, w), w, false})
		glue := false
		for field != "" {
			at := breakAfter(field)
			part := field[:at]
			parts = append(parts, word{part, Width(part, 1, w), w, glue})
			field, glue = field[at:], true
		}
	}
	return words, parts
}

// breakAfter returns where a line may be broken inside a word: behind one of
// its marks that has at least three letters around it.
func breakAfter(field string) int {
	for i, r := range field {
		end := i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			end = i + 1
		}
		if i < 3 || len(field)-end < 3 {
			continue
		}
		if strings.ContainsRune("-/_.:,&+", r) || unicode.Is(unicode.Han, r) {
			return end
		}
	}
	return len(field)
}

// wrap puts words into lines, filling each; false means that they are too many
// or too wide. force breaks words that are too wide and returns as many lines
// as there may be.
func wrap(words []word, width float64, rows int, force bool) ([]string, bool) {
	p := paragraph{width: width}
	for _, w := range words {
		if !p.add(w, force) {
			return nil, false
		}
	}
	p.end()
	if len(p.lines) <= rows {
		return p.lines, true
	}
	if force {
		return p.lines[:rows], false
	}
	return nil, false
}

// paragraph is lines that are being filled.
type paragraph struct {
	width float64
	lines []string
	line  strings.Builder
	used  float64
}

func (p *paragraph) end() {
	if p.line.Len() > 0 {
		p.lines = append(p.lines, p.line.String())
		p.line.Reset()
		p.used = 0
	}
}

// add adds a word, in a new line if need be. It returns false for a word that
// is too wide for any, unless that is to be broken.
func (p *paragraph) add(w word, force bool) bool {
	space := 0.0
	if p.line.Len() > 0 && !w.glue {
		space = Width(" ", 1, w.weight)
	}
	if p.used+space+w.width > p.width {
		p.end()
		space = 0
	}
	for w.width > p.width {
		if !force {
			return false
		}
		head := prefix(w.text, p.width, w.weight)
		p.line.WriteString(head)
		p.end()
		w.text = w.text[len(head):]
		w.width = Width(w.text, 1, w.weight)
	}
	if space > 0 {
		p.line.WriteByte(' ')
	}
	p.line.WriteString(w.text)
	p.used += space + w.width
	return true
}

// prefix returns the longest beginning of a word that fits, at least one
// character.
func prefix(text string, width float64, w Weight) string {
	used := 0.0
	for i, r := range text {
		used += Width(string(r), 1, w)
		if used > width && i > 0 {
			return text[:i]
		}
	}
	return text
}

func cut(line string, width float64, w Weight) string {
	const ellipsis = "…"
	room := width - Width(ellipsis, 1, w)
	if Width(line, 1, w) > room {
		line = prefix(line, room, w)
	}
	return strings.TrimRight(line, " ,.;:-") + ellipsis
}
