package draw

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/storm/model"
)

// boardPlan gives every note its column and row: first in its frame, then on
// the board, where frames hang side by side and below each other.
type boardPlan struct {
	*plan
	noted    map[*model.Element]bool
	stepSpot map[*step]int                       // in its cluster
	under    map[*model.Element][]*model.Element // projections under an event, or a command that they are for
	alone    map[*model.Element]bool             // projections under no event of their frame
	primary  map[*model.Element]*step            // where an event happens first

	invokers map[*model.Element][]*policy

	home    *extent // the frame that is being placed
	spots   []spot
	joins   []join
	spotOf  map[*model.Element]int // the note that links go to
	extents []*extent
	rows    int // so far, in the frame
}

// extent is the part of the board that a frame covers.
type extent struct {
	frame    *frame
	part     int // of the board's length, from the left
	shelf    int // of its height, from the top
	from, to int // rows
	lo, hi   int // columns, both included
	used     map[slot]bool
	moved    map[slot]slot // columns that stand elsewhere than the frame
	bands    []stripe
	lanes    []stripe
}

// stripe is a range of rows with a name.
type stripe struct {
	from, to int
	name     string
}

func newBoardPlan(p *plan) *boardPlan {
	b := &boardPlan{
		plan:     p,
		noted:    map[*model.Element]bool{},
		stepSpot: map[*step]int{},
		under:    map[*model.Element][]*model.Element{},
		alone:    map[*model.Element]bool{},
		primary:  map[*model.Element]*step{},
		spotOf:   map[*model.Element]int{},
		invokers: map[*model.Element][]*policy{},
	}
	for _, q := range p.policies {
		for c := range q.element.Policy.Invokes.All() {
			b.invokers[c] = append(b.invokers[c], q)
		}
	}
	b.findPrimaries()
	b.adoptStickies()
	for _, f := range p.frames {
		b.hostProjections(f)
	}
	for _, f := range p.frames {
		b.placeFrame(f)
	}
	b.hang()
	b.markUse()
	b.park()
	b.stack()
	return b
}

// findPrimaries finds, for each event, the step where it happens first.
func (b *boardPlan) findPrimaries() {
	for _, s := range b.steps {
		for _, e := range s.events {
			if first := b.primary[e]; first == nil || earlier(e, s, first) {
				b.primary[e] = s
			}
		}
	}
}

// earlier reports whether an event happens first in s and not in t: best in its
// own module, there as far left as it can.
func earlier(e *model.Element, s, t *step) bool {
	if s.frame != t.frame {
		return s.frame.module == e.Module || t.frame.module != e.Module && s.order < t.order
	}
	return cmp.Or(cmp.Compare(s.rank, t.rank), cmp.Compare(s.order, t.order)) < 0
}

// adoptStickies moves the stickies of those who only issue commands, or are
// only informed, to the note that theirs is on.
func (b *boardPlan) adoptStickies() {
	adopt := func(from, to *model.Element) {
		if to != nil && len(b.stickies[from]) > 0 {
			b.stickies[to] = append(b.stickies[to], b.stickies[from]...)
			delete(b.stickies, from)
		}
	}
	for _, s := range b.steps {
		for _, a := range s.issuers {
			if len(a.Handles) == 0 {
				adopt(a, s.command)
			}
		}
	}
	for _, f := range b.frames {
		for _, view := range f.projections {
			for _, a := range view.View.Informs {
				adopt(a, view)
			}
		}
	}
}

// groupKey is a band and a lane of a frame.
type groupKey struct{ band, lane int }

// hostProjections puts each projection under the last of the events that feed
// it, where most of them stand.
func (b *boardPlan) hostProjections(f *frame) {
	type host struct {
		groupKey
		rank    int
		handler *model.Element
	}
	for _, view := range f.projections {
		count := map[host]int{}
		var best host
		for _, e := range view.View.UpdatedBy {
			s := b.primary[e]
			if s == nil || s.frame != f {
				continue
			}
			h := host{groupKey{s.band, s.lane}, s.rank, s.handler}
			count[h]++
			if count[best] < count[h] || count[best] == count[h] && h.rank > best.rank {
				best = h
			}
		}
		var under *model.Element
		for _, e := range view.View.UpdatedBy {
			s := b.primary[e]
			if s == nil || s.frame != f || (host{groupKey{s.band, s.lane}, s.rank, s.handler}) != best {
				continue
			}
			if under == nil || b.order[e] > b.order[under] {
				under = e
			}
		}
		if under == nil {
			under = b.commandOf(f, view)
		}
		if under == nil {
			b.alone[view] = true
			continue
		}
		b.under[under] = append(b.under[under], view)
	}
}

// commandOf returns the first command of the frame that someone issues whom the
// projection informs.
func (b *boardPlan) commandOf(f *frame, view *model.Element) *model.Element {
	for _, s := range f.steps {
		for _, a := range view.View.Informs {
			if s.command != nil && slices.Contains(s.issuers, a) {
				return s.command
			}
		}
	}
	return nil
}

// column is what happens in one column of time in one group.
type column struct {
	steps    []*step
	clusters []*cluster
	policies []*policy
	views    []*model.Element
}

// groups are the columns of the groups of a frame.
type groups map[groupKey]map[int]*column

func (g groups) at(key groupKey, rank int) *column {
	if g[key] == nil {
		g[key] = map[int]*column{}
	}
	if g[key][rank] == nil {
		g[key][rank] = &column{}
	}
	return g[key][rank]
}

// groupsOf sorts what happens in a frame into groups.
func (b *boardPlan) groupsOf(f *frame) groups {
	g := groups{}
	for _, s := range f.steps {
		parts := []*step{s}
		if len(s.loose) > 0 {
			parts = splitByLane(s)
		}
		for _, part := range parts {
			c := g.at(groupKey{part.band, part.lane}, part.rank)
			c.steps = append(c.steps, part)
		}
	}
	for _, q := range f.policies {
		c := g.at(b.policyGroup(q), q.rank)
		c.policies = append(c.policies, q)
	}
	for _, view := range f.projections {
		if b.alone[view] {
			c := g.at(groupKey{0, f.laneOf[view]}, 0)
			c.views = append(c.views, view)
		}
	}
	return g
}

// placeFrame gives the notes of a frame their rows, group by group.
func (b *boardPlan) placeFrame(f *frame) {
	g := b.groupsOf(f)
	if len(g) == 0 && len(f.parked) == 0 && (f.module.IsFree() || b.only != nil) {
		return
	}
	x := &extent{frame: f}
	b.extents = append(b.extents, x)
	b.home, b.rows = x, 0
	for band := range f.bands {
		start := b.rows
		for lane, name := range f.lanes {
			columns := g[groupKey{band, lane}]
			if len(columns) == 0 {
				continue
			}
			top := b.rows
			b.placeGroup(columns)
			x.lanes = append(x.lanes, stripe{top, b.rows, name})
		}
		if b.rows > start {
			x.bands = append(x.bands, stripe{start, b.rows, ""})
		}
	}
	x.to = b.rows
}

// splitByLane splits a column of loose notes by their lanes.
func splitByLane(s *step) []*step {
	var out []*step
	for _, n := range s.loose {
		i := slices.IndexFunc(out, func(part *step) bool { return part.lane == n.lane })
		if i < 0 {
			i = len(out)
			part := *s
			part.loose, part.lane = nil, n.lane
			out = append(out, &part)
		}
		out[i].loose = append(out[i].loose, n)
	}
	return out
}

// placeGroup places the columns of a group from left to right, and takes as
// many rows as the longest of them.
func (b *boardPlan) placeGroup(columns map[int]*column) {
	ranks := make([]int, 0, len(columns))
	for rank := range columns {
		ranks = append(ranks, rank)
	}
	slices.Sort(ranks)
	highest := 0
	for _, rank := range ranks {
		c := columns[rank]
		c.clusters = b.clusters(c.steps)
		highest = max(highest, c.height())
	}
	top, bottom := b.rows, b.rows+1
	floor := top + highest*7/4
	for _, rank := range ranks {
		c := columns[rank]
		row := b.placeClusters(c.clusters, rank, top, floor)
		for _, view := range c.views {
			row = b.placeOne(cell{element: view}, rank, subEvent, row)
		}
		bottom = max(bottom, row, b.placePolicies(c.policies, rank, top))
	}
	for _, rank := range ranks {
		bottom = max(bottom, b.placeForeign(columns[rank].policies, rank, top))
	}
	b.rows = bottom
}

// height returns how many rows a column has that begins at the top.
func (c *column) height() int {
	rows := len(c.views)
	for _, x := range c.clusters {
		rows += x.height
	}
	return rows
}

// placeClusters puts the clusters of a column below each other, each at the row
// from which a policy leads straight to it, if that row is still free and the
// cluster ends above the floor: or else a long chain would run down a stair.
func (b *boardPlan) placeClusters(list []*cluster, rank, top, floor int) int {
	for _, c := range list {
		b.wish(c, top)
		if c.desired+c.height > floor {
			c.desired = -1
		}
	}
	slices.SortStableFunc(list, func(x, y *cluster) int {
		return cmp.Or(cmp.Compare(x.wishOr(1<<30), y.wishOr(1<<30)), cmp.Compare(x.order, y.order))
	})
	row := top
	for _, c := range list {
		row = max(row, c.desired)
		b.place(c, rank, row)
		row += c.height
	}
	return row
}

func (c *cluster) wishOr(none int) int {
	if c.desired < 0 {
		return none
	}
	return c.desired
}

// wish finds the row at which the policy that invokes a cluster's command leads
// straight to it.
func (b *boardPlan) wish(c *cluster, top int) {
	for _, s := range c.steps {
		if s.command == nil {
			continue
		}
		for _, q := range b.invokers[s.command] {
			at, ok := b.spotOf[q.element]
			if !ok || b.spots[at].home != b.home || b.spots[at].row < top {
				continue
			}
			c.desired = max(top, b.spots[at].row-c.spots[b.stepSpot[s]].row)
			return
		}
	}
}

// place puts a cluster onto the board.
func (b *boardPlan) place(c *cluster, rank, row int) {
	base := len(b.spots)
	for _, s := range c.spots {
		s.rank, s.row = rank, s.row+row
		b.put(s)
	}
	for _, j := range c.joins {
		b.joins = append(b.joins, join{base + j.from, base + j.to, j.row + row, j.verb})
	}
}

func (b *boardPlan) put(s spot) int {
	s.span, s.home = max(s.span, 1), b.home
	at := len(b.spots)
	b.spots = append(b.spots, s)
	if e := s.cell.element; e != nil && !s.cell.again {
		b.spotOf[e] = at
	}
	return at
}

// placeOne puts a note and its stickies onto the board.
func (b *boardPlan) placeOne(content cell, rank int, in sub, row int) int {
	at := b.put(spot{rank: rank, sub: in, row: row, cell: content})
	row++
	for _, sticky := range b.stickies[content.element] {
		next := b.put(spot{rank: rank, sub: in, row: row, cell: cell{sticky: sticky}})
		b.joins = append(b.joins, join{at, next, row, pinned})
		at, row = next, row+1
	}
	return row
}

// markUse notes which columns each frame has notes in.
func (b *boardPlan) markUse() {
	for _, x := range b.extents {
		x.used = map[slot]bool{}
	}
	for _, s := range b.spots {
		s.home.used[s.slot()] = true
	}
}
