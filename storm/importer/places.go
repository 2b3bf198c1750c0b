package importer

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Places is where things lie on a board, in its own units; y grows downwards.
type Places struct {
	Notes  []Place // each note that the storm has, in the order of the file
	Areas  []Place // frames and themes
	Lines  []Place // vertical lines; H is 0 when they go over the whole height
	Lanes  []Place // the lines above lanes, of which only Y counts
	Labels []Place // texts that are no stickies
}

// Place is where one thing lies: its corner at the upper left, and its size, which is 0
// where the format does not say.
type Place struct {
	ID         string // on the board
	Element    string // of a note, an area or a line: the id of the element, the sticky or the module in the storm; may be empty
	Kind       ast.Kind
	Text       string
	X, Y, W, H float64
}

// signs takes down where lines, lanes and labels lie, before they are read.
func (b *board) signs() *Places {
	p := &Places{}
	for _, l := range b.lines {
		p.Lines = append(p.Lines, Place{ID: l.id, Text: l.label, X: l.x, Y: l.y1, H: l.y2 - l.y1})
	}
	for _, l := range b.lanes {
		p.Lanes = append(p.Lanes, Place{ID: l.id, Text: l.label, Y: l.y})
	}
	for _, l := range b.labels {
		p.Labels = append(p.Labels, Place{ID: l.id, Text: l.text, X: l.box.x, Y: l.box.y, W: l.box.w, H: l.box.h})
	}
	return p
}

// complete adds the notes and the areas with what they are in the storm. It returns nil
// for a board without positions.
func (b *board) complete(p *Places) *Places {
	if !b.placed {
		return nil
	}
	for _, n := range b.notes {
		if !n.placed {
			continue
		}
		p.Notes = append(p.Notes, Place{
			ID: n.id, Element: n.stormID(), Kind: n.kind, Text: n.text, X: n.box.x, Y: n.box.y, W: n.box.w, H: n.box.h,
		})
	}
	for _, a := range b.areas {
		place := Place{ID: a.id, Text: a.name, Kind: ast.Module, X: a.box.x, Y: a.box.y, W: a.box.w, H: a.box.h}
		if a.module != nil {
			place.Element = "module:" + ast.Quote(a.module.name)
		}
		p.Areas = append(p.Areas, place)
	}
	byID := map[string]*line{}
	for _, l := range b.lines {
		byID[l.id] = l
	}
	for i := range p.Lines {
		if l := byID[p.Lines[i].ID]; l != nil && l.at != nil {
			p.Lines[i].Element = l.at.stormID()
		}
	}
	return p
}

// stormID returns the id that a note has in the storm.
func (n *note) stormID() string {
	m := &model.Module{}
	if n.module != nil {
		m.Name = n.module.name
	}
	if n.element == nil {
		return (&model.Sticky{Kind: n.kind, Module: m, Text: n.text}).ID()
	}
	if m.Name = ""; n.element.module != nil {
		m.Name = n.element.module.name
	}
	return (&model.Element{Kind: n.element.kind, Name: n.element.name, Module: m}).ID()
}
