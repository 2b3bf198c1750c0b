package draw

import (
	"strings"

	"github.com/landfall-go/landfall/draw/internal/lettering"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// noteSize is the side of a square note.
const noteSize = 112.0

// sizes are the sizes of notes. Those that show their data are larger.
type sizes struct {
	width, height float64
	data          bool
}

// sizesFor returns sizes for notes that show no data, or all of it.
func sizesFor(p *plan, data bool) sizes {
	z := sizes{width: noteSize, height: noteSize, data: data}
	if !data {
		return z
	}
	z.width = 176
	for e := range p.storm.Elements() {
		if p.only.has(e) {
			z.height = max(z.height, dataTop+float64(len(dataOf(e)))*dataSize*lettering.LineHeight+2*inset)
		}
	}
	return z
}

const (
	dataSize = 12.0
	dataTop  = 52.0 // room for the name above the data
)

// of returns the size of a note of its kind.
func (z sizes) of(k ast.Kind) (w, h float64) {
	switch k {
	case ast.Aggregate:
		return z.width + 16, z.height
	case ast.System:
		return z.width + 52, z.height
	case ast.Policy:
		return z.width + 32, z.height
	}
	return z.width, z.height
}

// loose returns the size of a note in a column of notes that are all as wide: an
// actor is small, a system less high than it is wide.
func (z sizes) loose(k ast.Kind) (w, h float64) {
	switch k {
	case ast.Actor:
		return 76, 76
	case ast.System:
		return z.width, 76
	}
	return z.width, z.height
}

// sticky returns the size of a sticky, small enough to be turned in its cell.
func (z sizes) sticky(k ast.Kind) (w, h float64) {
	if k == ast.Hotspot {
		return 94, 94
	}
	return 104, 96
}

// dataOf returns the fields of an element, a line each. Types of its own module
// go without the module's name.
func dataOf(e *model.Element) []string {
	var out []string
	for _, f := range e.Fields {
		name := f.Type.String()
		if !e.Module.IsFree() {
			name = strings.ReplaceAll(name, ast.Quote(e.Module.Name)+".", "")
		}
		out = append(out, f.Name+" "+name)
	}
	return out
}
