package draw

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/draw/internal/grid"
	"github.com/landfall-go/landfall/draw/internal/lettering"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// findBars finds where a line stands for a pivotal event: behind its column,
// through the band of its frame.
func (c *composer) findBars() {
	seen := map[bar]bool{}
	for _, s := range c.spots {
		e := s.cell.element
		if e == nil || e.Kind != ast.Event || !e.Pivotal || s.cell.again {
			continue
		}
		mark := bar{channel: c.col(s) + 1, from: s.home.from, to: s.home.to - 1}
		for _, band := range s.home.bands {
			if len(s.home.bands) > 1 && band.from <= s.row && s.row < band.to {
				mark.from, mark.to = band.from, band.to-1
			}
		}
		if !seen[mark] {
			seen[mark] = true
			c.bars = append(c.bars, mark)
			c.board.Bars = append(c.board.Bars, grid.Bar{Channel: mark.channel, From: mark.from, To: mark.to})
		}
	}
}

// findSections finds over which columns of each band a section lies. Those
// that would overlap go above each other.
func (c *composer) findSections() {
	type key struct {
		section *model.Section
		home    *extent
		first   int
	}
	at := map[key]int{}
	known := map[*model.Section]bool{}
	for _, s := range c.spots {
		section := c.sectionOf(s)
		if section == nil {
			continue
		}
		k := key{section, s.home, c.bandStart(s)}
		i, ok := at[k]
		if !ok {
			i = len(c.sections)
			at[k] = i
			c.sections = append(c.sections, sectionMark{name: section.Name, home: s.home, first: k.first, lo: c.col(s), continuing: known[section]})
			known[section] = true
		}
		mark := &c.sections[i]
		mark.lo, mark.hi = min(mark.lo, c.col(s)), max(mark.hi, c.col(s))
	}
	slices.SortStableFunc(c.sections, func(a, b sectionMark) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.lo, b.lo), cmp.Compare(b.hi, a.hi))
	})
	ends := map[[2]int]int{} // by row and level, the last column in use
	for i := range c.sections {
		m := &c.sections[i]
		for {
			end, ok := ends[[2]int{m.first, m.level}]
			if !ok || end < m.lo {
				break
			}
			m.level++
		}
		ends[[2]int{m.first, m.level}] = m.hi
	}
}

// sectionOf returns the section that the first note of an element, or any note
// in a column of loose notes, lies in.
func (c *composer) sectionOf(s spot) *model.Section {
	e := s.cell.element
	switch {
	case s.section != nil:
		return s.section
	case e == nil || s.cell.again:
		return nil
	case e.Kind == ast.Command && c.handled[e] || e.Kind == ast.Event:
		return c.section[e]
	}
	return nil
}

// bandStart returns the first row of the band that a note stands in.
func (c *composer) bandStart(s spot) int {
	for _, band := range s.home.bands {
		if band.from <= s.row && s.row < band.to {
			return band.from
		}
	}
	return s.home.from
}

// drawFrames draws the modules' frames with their heads, and the lanes in them.
func (c *composer) drawFrames() {
	accents := accentsOf(c.storm)
	for _, x := range c.extents {
		if x.to == x.from {
			continue
		}
		m := x.frame.module
		left := c.layout.Cols[x.lo] - framePad + 4
		right := c.layout.Width - 4
		if next := x.hi + 1; next < len(c.board.Cols) {
			right = c.layout.Cols[next] - c.board.Cols[next].Before - 4
		}
		first := c.board.Rows[x.from]
		top := c.layout.Rows[x.from] - first.Above + 4
		bottom := c.layout.Rows[x.to-1] + c.height + footPad
		if c.board.Rows[x.to-1].Below > 0 {
			bottom += framePad - 4 - footPad
		}
		if !m.IsFree() {
			name := ast.Quote(m.Name)
			box := Rect{X: left, Y: top, W: right - left, H: bottom - top}
			c.scene.Frames = append(c.scene.Frames, Frame{ID: "module:" + name, Box: box, Accent: accents[m]})
			c.scene.Labels = append(c.scene.Labels, frameHeading(m, box)...)
		}
		c.drawBands(x, left, right)
		c.drawLanes(x, left, right)
	}
}

// drawBands draws a line where a wall that is too long goes on below.
func (c *composer) drawBands(x *extent, left, right float64) {
	for i := 1; i < len(x.bands); i++ {
		y := c.layout.Rows[x.bands[i-1].to-1] + c.height + bandGap/2
		c.scene.Rules = append(c.scene.Rules, Rule{BandRule, Point{X: left + 6, Y: y}, Point{X: right - 6, Y: y}})
	}
}

func (c *composer) drawLanes(x *extent, left, right float64) {
	for _, s := range x.lanes {
		if s.name == "" {
			continue
		}
		y := c.layout.Rows[s.from] - laneGap/2 - 4
		c.scene.Rules = append(c.scene.Rules, Rule{LaneRule, Point{X: left + 6, Y: y}, Point{X: right - 6, Y: y}})
		c.scene.Labels = append(c.scene.Labels, Label{Role: QuietLabel, At: Point{X: left + 10, Y: y + 13}, Text: s.name, Size: 12, Bold: true, Plate: FramePlate})
	}
}

// drawRules draws pivotal events and sections.
func (c *composer) drawRules() {
	for i, b := range c.bars {
		x := c.layout.Bars[i]
		top := c.layout.Rows[b.from] - 8
		bottom := c.layout.Rows[b.to] + c.height + 8
		c.scene.Rules = append(c.scene.Rules, Rule{PivotalRule, Point{X: x, Y: top}, Point{X: x, Y: bottom}})
	}
	for _, m := range c.sections {
		left, right := c.layout.Cols[m.lo], c.layout.Cols[m.hi]+c.board.Cols[m.hi].Width
		y := c.layout.Rows[m.first] - 12 - float64(m.level)*sectionStrip
		name := m.name
		if m.continuing {
			name = "… " + name
		}
		plate := FramePlate
		if m.home.frame.module.IsFree() {
			plate = GroundPlate
		}
		c.scene.Rules = append(c.scene.Rules, Rule{SectionRule, Point{X: left, Y: y}, Point{X: right, Y: y}})
		c.scene.Labels = append(c.scene.Labels, Label{Role: SectionLabel, At: Point{X: left, Y: y - 6}, Size: 15, Bold: true,
			Text: lettering.Clip(name, max(right-left, c.height), 15, lettering.Bold), Plate: plate})
	}
}
