package draw

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/storm/model"
)

// sub is a column of notes within a column of time.
type sub uint8

const (
	subActor sub = iota
	subCommand
	subHandler
	subEvent
	subPolicy
	subs
)

// spot is a note's place on the board.
type spot struct {
	home *extent
	rank int
	sub  sub
	row  int // of its frame, later of the board
	span int
	cell cell

	section *model.Section // of a loose note
	fixed   *slot          // the column, where it does not follow from the frame
}

// cell is what stands at a spot: an element's note, a sticky's, a timer's, or
// the small notes of those who issue a command.
type cell struct {
	element *model.Element
	sticky  *model.Sticky
	timer   *model.Timer
	actors  []*model.Element
	again   bool // the element has a note elsewhere that links go to
}

// cluster is what stands together: an aggregate or a system between its
// commands and events, or a few commands with the events that they share, or a
// column of loose notes. Its rows count from its own top.
type cluster struct {
	steps   []*step
	handler *model.Element
	spots   []spot
	height  int
	desired int // the row where a policy leads straight to it; -1 for none
	order   int
	joins   []join
}

// join is a link inside a cluster, between two of its spots.
type join struct {
	from, to int
	row      int // of the end that is a single row
	verb     model.Verb
}

// clusters puts the steps of one column of time together.
func (b *boardPlan) clusters(steps []*step) []*cluster {
	byHandler := map[*model.Element]*cluster{}
	byEvent := map[*model.Element]*cluster{}
	var out []*cluster
	for _, s := range steps {
		var c *cluster
		if s.handler != nil {
			c = byHandler[s.handler]
		} else {
			for _, e := range s.events {
				c = cmp.Or(c, byEvent[e])
			}
		}
		if c == nil {
			c = &cluster{handler: s.handler, order: s.order, desired: -1}
			out = append(out, c)
		}
		c.steps = append(c.steps, s)
		if s.handler != nil {
			byHandler[s.handler] = c
			continue
		}
		for _, e := range s.events {
			byEvent[e] = c
		}
	}
	for _, c := range out {
		b.arrange(c)
	}
	return out
}

// arrange gives the notes of a cluster their rows: commands on the left, events
// on the right, those that belong together side by side.
func (b *boardPlan) arrange(c *cluster) {
	if len(c.steps) == 1 && len(c.steps[0].loose) > 0 {
		b.arrangeLoose(c)
		return
	}
	handler := -1
	if c.handler != nil {
		handler = c.put(spot{sub: subHandler, span: 1, cell: b.cellOf(c.handler)})
	}
	row, end := 0, 0
	for _, group := range bySharedEvents(c.steps) {
		row, end = b.arrangeGroup(c, group, handler, row)
	}
	c.height = row
	if handler >= 0 {
		c.spots[handler].span = max(end, 1)
		below := b.pin(c, handler, max(end, 1))
		c.height = max(c.height, below)
	}
}

func (b *boardPlan) arrangeLoose(c *cluster) {
	row := 0
	for _, n := range c.steps[0].loose {
		if n.sticky != nil {
			c.put(spot{sub: subEvent, row: row, cell: cell{sticky: n.sticky}, section: n.section})
			row++
			continue
		}
		at := c.put(spot{sub: subEvent, row: row, cell: b.cellOf(n.element), section: n.section})
		row = b.pin(c, at, row+1)
	}
	c.height = row
}

func (c *cluster) put(s spot) int {
	s.span = max(s.span, 1)
	c.spots = append(c.spots, s)
	return len(c.spots) - 1
}

// pin puts the stickies on a note below it, and returns the next free row.
func (b *boardPlan) pin(c *cluster, at, row int) int {
	s := c.spots[at]
	if s.cell.again {
		return row
	}
	for _, sticky := range b.stickies[s.cell.element] {
		next := c.put(spot{sub: s.sub, row: row, cell: cell{sticky: sticky}})
		c.joins = append(c.joins, join{from: at, to: next, verb: pinned})
		at, row = next, row+1
	}
	return row
}

// arrangeGroup arranges commands that share events. It returns the next free
// row, and the row behind the last command or event.
func (b *boardPlan) arrangeGroup(c *cluster, group []*step, handler, top int) (next, end int) {
	row := top
	rows := make(map[*step]int, len(group))
	for _, s := range group {
		rows[s] = row
		if s.command != nil || s.timer != nil {
			row = b.arrangeCommand(c, s, handler, row)
			end = max(end, rows[s]+1)
		}
	}
	events, mean := meanRows(group, rows)
	next = row
	if len(group) == 1 && len(events) > 2 {
		next += b.center(c, group[0], handler, top, len(events))
	}
	row = top
	for _, e := range events {
		row = max(row, mean[e])
		end = max(end, row+1)
		row = b.arrangeEvent(c, e, group, handler, row)
	}
	return max(next, row), end
}

// arrangeCommand puts down a command, or the timer in its place, and who issues
// it.
func (b *boardPlan) arrangeCommand(c *cluster, s *step, handler, row int) int {
	content := cell{timer: s.timer}
	if s.command != nil {
		content = b.cellOf(s.command)
	}
	at := c.put(spot{sub: subCommand, row: row, cell: content})
	b.stepSpot[s] = at
	if len(s.issuers) > 0 {
		c.put(spot{sub: subActor, row: row, cell: cell{actors: s.issuers}})
	}
	if handler >= 0 {
		c.joins = append(c.joins, join{at, handler, row, model.HandedTo})
	}
	row = b.pin(c, at, row+1)
	if content.again {
		return row
	}
	return b.putUnder(c, s.command, subCommand, row)
}

// putUnder puts the projections of an event or a command below it.
func (b *boardPlan) putUnder(c *cluster, e *model.Element, in sub, row int) int {
	for _, view := range b.under[e] {
		at := c.put(spot{sub: in, row: row, cell: b.cellOf(view)})
		row = b.pin(c, at, row+1)
	}
	return row
}

// center moves a command that leads to several events beside the middle one.
func (b *boardPlan) center(c *cluster, s *step, handler, top, events int) int {
	shift := (events - 1) / 2
	for i := range c.spots {
		if c.spots[i].row >= top && c.spots[i].sub <= subCommand {
			c.spots[i].row += shift
		}
	}
	for i := range c.joins {
		if j := &c.joins[i]; j.to == handler && j.from == b.stepSpot[s] && s.command != nil {
			j.row += shift
		}
	}
	return shift
}

// arrangeEvent puts down an event, its stickies, and the projections under it.
func (b *boardPlan) arrangeEvent(c *cluster, e *model.Element, group []*step, handler, row int) int {
	main := slices.Contains(group, b.primary[e])
	at := c.put(spot{sub: subEvent, row: row, cell: cell{element: e, again: !main}})
	if handler >= 0 {
		c.joins = append(c.joins, join{handler, at, row, model.Emits})
	} else {
		for _, s := range group {
			if (s.command != nil || s.timer != nil) && slices.Contains(s.events, e) {
				c.joins = append(c.joins, join{b.stepSpot[s], at, row, model.LeadsTo})
			}
		}
	}
	row = b.pin(c, at, row+1)
	if !main {
		return row
	}
	return b.putUnder(c, e, subEvent, row)
}

// cellOf returns a note of the element, and remembers that it has one.
func (b *boardPlan) cellOf(e *model.Element) cell {
	again := b.noted[e]
	b.noted[e] = true
	return cell{element: e, again: again}
}

// meanRows returns the events of steps, each once and in the order of the rows in
// the middle of the steps that lead to them, and those rows.
func meanRows(group []*step, rows map[*step]int) ([]*model.Element, map[*model.Element]int) {
	var out []*model.Element
	sum, count := map[*model.Element]int{}, map[*model.Element]int{}
	for _, s := range group {
		for _, e := range s.events {
			if count[e] == 0 {
				out = append(out, e)
			}
			sum[e] += rows[s]
			count[e]++
		}
	}
	for _, e := range out {
		sum[e] /= count[e]
	}
	slices.SortStableFunc(out, func(a, b *model.Element) int { return cmp.Compare(sum[a], sum[b]) })
	return out, sum
}

// bySharedEvents groups steps that lead to the same events, in the order of
// their first.
func bySharedEvents(steps []*step) [][]*step {
	group := make([]int, len(steps))
	find := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	first := map[*model.Element]int{}
	for i, s := range steps {
		group[i] = i
		for _, e := range s.events {
			if j, ok := first[e]; ok {
				a, b := find(i), find(j)
				group[max(a, b)] = min(a, b)
				continue
			}
			first[e] = i
		}
	}
	var out [][]*step
	at := map[int]int{}
	for i, s := range steps {
		root := find(i)
		if _, ok := at[root]; !ok {
			at[root] = len(out)
			out = append(out, nil)
		}
		out[at[root]] = append(out[at[root]], s)
	}
	return out
}

// pinned joins a sticky to what it is on.
const pinned model.Verb = "is on"
