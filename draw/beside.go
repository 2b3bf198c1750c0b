package draw

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/storm/model"
)

// policyGroup says where in its frame a policy goes: beside what triggers it,
// or else what it invokes.
func (b *boardPlan) policyGroup(q *policy) groupKey {
	group := groupKey{}
	found := false
	for e := range q.element.Policy.On.All() {
		if s := b.primary[e]; s != nil && s.frame == q.frame && !found {
			group, found = groupKey{s.band, s.lane}, true
		}
	}
	for _, s := range q.invokes {
		if s.frame == q.frame && !found {
			group, found = groupKey{s.band, s.lane}, true
		}
	}
	if lane, ok := q.frame.laneOf[q.element]; ok {
		group.lane = lane
	}
	return group
}

// placePolicies puts the policies of a column beside the events of their frame
// that trigger them.
func (b *boardPlan) placePolicies(list []*policy, rank, top int) int {
	rows := map[*policy]int{}
	var local []*policy
	for _, q := range list {
		if !q.foreign {
			rows[q] = b.rowBeside(b.triggers(q), top)
			local = append(local, q)
		}
	}
	byRow(local, rows)
	row := top
	for _, q := range local {
		row = b.placeOne(cell{element: q.element}, rank, subPolicy, max(row, rows[q]))
	}
	return row
}

// placeForeign puts the policies that something outside of their frame triggers
// beside the commands that they invoke, as far as there is room.
func (b *boardPlan) placeForeign(list []*policy, rank, top int) int {
	rows := map[*policy]int{}
	var foreign []*policy
	taken := map[int]bool{}
	for _, q := range list {
		if q.foreign {
			rows[q] = b.rowBeside(b.invoked(q), top)
			foreign = append(foreign, q)
			continue
		}
		at := b.spots[b.spotOf[q.element]].row
		for i := range 1 + len(b.stickies[q.element]) {
			taken[at+i] = true
		}
	}
	byRow(foreign, rows)
	bottom := top
	for _, q := range foreign {
		height := 1 + len(b.stickies[q.element])
		row := rows[q]
		for i := 0; i < height; i++ {
			if taken[row+i] {
				row, i = row+i+1, -1
			}
		}
		for i := range height {
			taken[row+i] = true
		}
		bottom = max(bottom, b.placeOne(cell{element: q.element}, rank, subPolicy, row))
	}
	return bottom
}

func byRow(list []*policy, rows map[*policy]int) {
	slices.SortStableFunc(list, func(x, y *policy) int {
		return cmp.Or(cmp.Compare(rows[x], rows[y]), cmp.Compare(x.order, y.order))
	})
}

func (b *boardPlan) triggers(q *policy) []*model.Element {
	return slices.Concat(q.element.Policy.On...)
}

func (b *boardPlan) invoked(q *policy) []*model.Element {
	return slices.Concat(q.element.Policy.Invokes...)
}

// rowBeside returns the row of the first of the elements that stands in this
// group, or else the top.
func (b *boardPlan) rowBeside(list []*model.Element, top int) int {
	for _, e := range list {
		if at, ok := b.spotOf[e]; ok && b.spots[at].home == b.home && b.spots[at].row >= top {
			return b.spots[at].row
		}
	}
	return top
}
