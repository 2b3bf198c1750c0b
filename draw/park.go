package draw

import (
	"cmp"
	"math"
	"slices"
)

// slot is a column of notes: a part of the board, a column of time in it, and a
// column in that.
type slot struct {
	part int
	rank int
	sub  sub
}

func compareSlots(a, b slot) int {
	return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.rank, b.rank), cmp.Compare(a.sub, b.sub))
}

// slot returns the column that the note stands in.
func (s spot) slot() slot {
	if s.fixed != nil {
		return *s.fixed
	}
	at := slot{s.home.part, s.rank, s.sub}
	if to, ok := s.home.moved[at]; ok {
		return to
	}
	return at
}

// slots returns the columns of notes that the board has, from left to right.
func (b *boardPlan) slots() []slot {
	used := map[slot]bool{}
	filled := map[*extent]bool{}
	for _, s := range b.spots {
		used[s.slot()] = true
		filled[s.home] = true
	}
	for _, x := range b.extents {
		if !filled[x] {
			used[x.first()] = true
		}
	}
	if len(used) == 0 {
		used[slot{0, 0, subEvent}] = true
	}
	return sortedSlots(used)
}

// first returns the column of a frame without notes.
func (x *extent) first() slot { return slot{max(x.part, 0), 0, subEvent} }

func sortedSlots(set map[slot]bool) []slot {
	out := make([]slot, 0, len(set))
	for s := range set {
		out = append(out, s)
	}
	slices.SortFunc(out, compareSlots)
	return out
}

// leastParking is how many columns the foot of a frame has, where there is room.
const leastParking = 4

// park puts the stickies that are on nothing at the foot of their frame.
func (b *boardPlan) park() {
	wide := slices.DeleteFunc(b.slots(), func(s slot) bool { return s.sub == subActor })
	for _, x := range b.extents {
		b.home = x
		room := b.room(x, wide)
		for i, s := range x.frame.parked {
			at := room[i%len(room)]
			spot := b.put(spot{rank: at.rank, sub: at.sub, row: x.to + i/len(room), cell: cell{sticky: s}})
			if x.part < 0 {
				b.spots[spot].fixed = &at
			}
		}
		x.to += (len(x.frame.parked) + len(room) - 1) / len(room)
		x.to = max(x.to, 1) // an empty module is a frame too
	}
}

// room returns the columns for the foot of a frame: those that it covers, or a
// few more of its part of the board.
func (b *boardPlan) room(x *extent, wide []slot) []slot {
	var part []slot
	lo, hi := -1, -1
	for _, s := range wide {
		if s.part != x.part && x.part >= 0 {
			continue
		}
		if x.used[s] {
			if lo < 0 {
				lo = len(part)
			}
			hi = len(part)
		}
		part = append(part, s)
	}
	if len(part) == 0 {
		return []slot{{x.part, 0, subEvent}}
	}
	lo = max(lo, 0)
	hi = min(max(hi+1, lo+leastParking), len(part))
	return part[lo:hi]
}

// hang hangs the frames on the board: what is in no module on top, the modules
// below it in rows, read like a text. How many stand in a row depends on their
// number alone, so that no edit inside a module moves the others elsewhere.
func (b *boardPlan) hang() {
	var free *extent
	named := 0
	for _, x := range b.extents {
		if x.frame.module.IsFree() {
			free = x
			continue
		}
		named++
	}
	parts := int(math.Ceil(math.Sqrt(float64(named))))
	shelf, i := 0, 0
	for _, x := range b.extents {
		if x == free {
			x.shelf, shelf = shelf, shelf+1
			continue
		}
		x.part, x.shelf = i%parts, shelf+i/parts
		i++
	}
	if free != nil && named > 0 {
		free.part = -1
		b.spread(free, parts)
	}
}

// spread gives what is in no module the columns of the modules below it, from
// left to right, and columns of its own behind them when these do not do.
func (b *boardPlan) spread(free *extent, parts int) {
	own, board := map[slot]bool{}, map[slot]bool{}
	loose := true
	for _, s := range b.spots {
		if s.home != free {
			board[s.slot()] = true
			continue
		}
		own[s.slot()] = true
		loose = loose && s.sub == subEvent
	}
	fits := func(a, b slot) bool { return a.sub == b.sub || loose && b.sub != subActor }
	columns := sortedSlots(board)
	free.moved = map[slot]slot{}
	for _, s := range sortedSlots(own) {
		for len(columns) > 0 && !fits(s, columns[0]) {
			columns = columns[1:]
		}
		if len(columns) == 0 {
			free.moved[s] = slot{parts, s.rank, s.sub}
			continue
		}
		free.moved[s], columns = columns[0], columns[1:]
	}
}

// stack gives each shelf its rows: from here on, rows count over all of them.
func (b *boardPlan) stack() {
	var heights []int
	for _, x := range b.extents {
		for len(heights) <= x.shelf {
			heights = append(heights, 0)
		}
		heights[x.shelf] = max(heights[x.shelf], x.to)
	}
	b.rows = 0
	tops := make([]int, len(heights))
	for i, h := range heights {
		tops[i] = b.rows
		b.rows += h
	}
	for _, x := range b.extents {
		top := tops[x.shelf]
		x.from, x.to = top, top+x.to
		for _, list := range [][]stripe{x.bands, x.lanes} {
			for i := range list {
				list[i].from += top
				list[i].to += top
			}
		}
	}
	for i := range b.joins {
		j := &b.joins[i]
		j.row += b.spots[j.from].home.from
	}
	for i := range b.spots {
		b.spots[i].row += b.spots[i].home.from
	}
}
