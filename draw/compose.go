package draw

import (
	"slices"

	"github.com/landfall-go/landfall/draw/internal/grid"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Distances of the storm view.
const (
	actorWidth   = 68.0
	rowGap       = 28.0
	frameGap     = 40.0
	framePad     = 22.0
	footPad      = 8.0 // at the foot of a frame beside a higher one, whose rows it must not part
	partGap      = 18.0
	frameHead    = 44.0
	bandGap      = 40.0
	laneGap      = 34.0
	sectionStrip = 30.0
	margin       = 40.0
)

// composer makes the scene of a board from its plan.
type composer struct {
	*boardPlan
	sizes
	slots    []slot
	board    grid.Board
	links    []sceneLink // as those of the board
	bars     []bar
	sections []sectionMark
	layout   *grid.Layout
	scene    *Scene
	notes    []int // of each spot, its main note
	ids      map[string]int

	published map[*model.Element]bool
}

// sceneLink is what a link of the board means.
type sceneLink struct {
	verb   model.Verb
	dashed bool
	plain  bool
}

// bar is a pivotal line.
type bar struct{ channel, from, to int }

// sectionMark is the label of a section in a band.
type sectionMark struct {
	name       string
	home       *extent
	first      int // row
	lo, hi     int // columns
	level      int
	continuing bool
}

// boardScene draws the whole storm, or the part of it that is selected.
func boardScene(s *model.Storm, only *selection, title string, data bool) *Scene {
	p := newPlan(s, only)
	b := newBoardPlan(p)
	c := &composer{boardPlan: b, sizes: sizesFor(p, data), slots: b.slots(), scene: &Scene{Title: title}, ids: map[string]int{}, published: map[*model.Element]bool{}}
	for m := range s.All() {
		for _, e := range m.Publishes {
			c.published[e] = true
		}
	}
	c.measure()
	c.findBars()
	c.findSections()
	c.makeCols()
	c.makeRows()
	c.makeItems()
	c.makeLinks()
	c.layout = c.board.Lay()
	c.drawFrames()
	c.drawNotes()
	c.drawLinks()
	c.drawRules()
	finish(c.scene, c.layout.Width, c.layout.Height)
	return c.scene
}

// measure finds the columns that each frame covers.
func (c *composer) measure() {
	for _, x := range c.extents {
		x.lo, x.hi = len(c.slots)-1, 0
	}
	for _, s := range c.spots {
		s.home.lo, s.home.hi = min(s.home.lo, c.col(s)), max(s.home.hi, c.col(s))
	}
	for _, x := range c.extents {
		if x.lo > x.hi {
			x.lo, _ = slices.BinarySearchFunc(c.slots, x.first(), compareSlots)
			x.hi = x.lo
		}
	}
}

func (c *composer) col(s spot) int {
	at, _ := slices.BinarySearchFunc(c.slots, s.slot(), compareSlots)
	return at
}

// makeCols sizes the columns.
func (c *composer) makeCols() {
	c.board.Cols = make([]grid.Col, len(c.slots))
	for i, s := range c.slots {
		col := grid.Col{Width: c.width, Gap: c.gapBefore(i)}
		switch s.sub {
		case subActor:
			col.Width = actorWidth
		case subPolicy:
			col.Width, _ = c.of(ast.Policy)
		}
		c.board.Cols[i] = col
	}
	for _, s := range c.spots {
		if e := s.cell.element; e != nil && s.sub == subHandler {
			w, _ := c.of(e.Kind)
			col := &c.board.Cols[c.col(s)]
			col.Width = max(col.Width, w)
		}
	}
	for _, x := range c.extents {
		if x.frame.module.IsFree() {
			continue
		}
		c.board.Cols[x.lo].Before = framePad
		if x.lo > 0 && c.slots[x.lo-1].part != c.slots[x.lo].part {
			c.board.Cols[x.lo].Before += partGap
		}
		c.board.Cols[x.hi].After = framePad
	}
}

// gapBefore returns the least width of the channel before a column. What
// belongs together stands close, and further from what comes next.
func (c *composer) gapBefore(i int) float64 {
	if i == 0 {
		return 0
	}
	before, s := c.slots[i-1], c.slots[i]
	switch {
	case before.part != s.part:
		return rowGap
	case before.rank != s.rank && before.sub == subEvent && s.sub == subEvent:
		return 20
	case before.rank != s.rank:
		return 46
	case before.sub == subActor && s.sub == subCommand:
		return 5
	case s.sub == subPolicy:
		return 34
	}
	return 26
}

// makeRows sizes the rows: room for the heads of frames, and for sections.
func (c *composer) makeRows() {
	c.board.Rows = make([]grid.Row, c.rows)
	for i := range c.board.Rows {
		c.board.Rows[i] = grid.Row{Height: c.height, Gap: rowGap}
	}
	for _, x := range c.extents {
		if x.to == x.from {
			continue
		}
		first, last := &c.board.Rows[x.from], &c.board.Rows[x.to-1]
		if x.shelf > 0 {
			first.Gap = frameGap
		}
		if !x.frame.module.IsFree() {
			first.Above = frameHead
			if x.to == c.tallest(x.shelf) {
				last.Below = framePad
			}
		}
		for _, s := range x.lanes[min(1, len(x.lanes)):] {
			c.board.Rows[s.from].Gap = laneGap
		}
		for _, s := range x.bands[min(1, len(x.bands)):] {
			c.board.Rows[s.from].Gap = bandGap
		}
	}
	for _, m := range c.sections {
		row := &c.board.Rows[m.first]
		head := 0.0
		if m.home.from == m.first && !m.home.frame.module.IsFree() {
			head = frameHead
		}
		row.Above = max(row.Above, head+float64(m.level+1)*sectionStrip+6)
	}
}

// tallest returns the row behind the last of a shelf.
func (c *composer) tallest(shelf int) int {
	end := 0
	for _, x := range c.extents {
		if x.shelf == shelf {
			end = max(end, x.to)
		}
	}
	return end
}

func (c *composer) makeItems() {
	c.board.Items = make([]grid.Item, len(c.spots))
	for i, s := range c.spots {
		item := grid.Item{Col: c.col(s), Row: s.row, Span: s.span, W: c.width, H: c.height}
		switch {
		case s.sub == subActor:
			item.W = actorWidth
		case s.cell.sticky != nil:
			item.W, item.H = c.sticky(s.cell.sticky.Kind)
		case s.sub == subHandler || s.sub == subPolicy:
			item.W = c.board.Cols[item.Col].Width
			if s.cell.element.Kind == ast.Aggregate {
				item.W, _ = c.of(ast.Aggregate)
			}
		case s.cell.element != nil && s.sub == subEvent:
			item.W, item.H = c.loose(s.cell.element.Kind)
		}
		c.board.Items[i] = item
	}
}

// Classes of links: those of one class may share their way.
const (
	flowClass = iota
	viewClass
	stopClass
	pinClass
)

func (c *composer) link(from, to int, l sceneLink, class int) *grid.Link {
	c.links = append(c.links, l)
	c.board.Links = append(c.board.Links, grid.Link{From: from, To: to, Class: class,
		FromRow: c.spots[from].row, ToRow: c.spots[to].row})
	return &c.board.Links[len(c.board.Links)-1]
}

func (c *composer) makeLinks() {
	for _, j := range c.joins {
		l := sceneLink{verb: j.verb, dashed: j.verb == pinned, plain: j.verb == pinned}
		link := c.link(j.from, j.to, l, flowClass)
		link.FromRow, link.ToRow, link.Down = j.row, j.row, j.verb == pinned
	}
	for _, q := range c.policies {
		p := q.element.Policy
		for e := range p.On.All() {
			c.linkElements(e, q.element, sceneLink{verb: model.Triggers}, flowClass)
		}
		for _, e := range p.Unless {
			c.linkElements(e, q.element, sceneLink{verb: model.Stops, dashed: true}, stopClass)
		}
		for _, e := range p.Using {
			c.linkElements(e, q.element, sceneLink{verb: model.Supports}, viewClass)
		}
		for e := range p.Invokes.All() {
			c.linkElements(q.element, e, sceneLink{verb: model.Invokes}, flowClass)
		}
	}
	for _, f := range c.frames {
		for _, view := range f.projections {
			for _, e := range view.View.UpdatedBy {
				c.linkElements(e, view, sceneLink{verb: model.Updates}, viewClass)
			}
		}
	}
	c.linkStickies()
}

// linkStickies links a sticky that is on several elements with all but the
// first, which it stands under.
func (c *composer) linkStickies() {
	for i, s := range c.spots {
		if s.cell.sticky == nil {
			continue
		}
		first := true
		for _, t := range s.cell.sticky.On {
			at, ok := c.spotOf[t.Element]
			if t.Element == nil || !ok {
				continue
			}
			if !first {
				l := c.link(i, at, sceneLink{verb: pinned, dashed: true, plain: true}, pinClass)
				l.Right = c.col(s) >= c.col(c.spots[at])
			}
			first = false
		}
	}
}

func (c *composer) linkElements(from, to *model.Element, l sceneLink, class int) {
	i, ok := c.spotOf[from]
	j, ok2 := c.spotOf[to]
	if !ok || !ok2 || i == j {
		return
	}
	link := c.link(i, j, l, class)
	if l.verb == model.Updates {
		link.Down = true
		link.Right = c.board.Items[j].Col <= c.board.Items[i].Col
	}
}
