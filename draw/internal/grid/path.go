package grid

// settle moves the ends of links that would lie on another's: where what comes
// in at a row turns off behind where what leaves at that row begins.
func (r *router) settle(lanes []int) {
	type cell struct{ channel, row int }
	reach := map[cell]int{} // the rightmost lane that something comes in to
	for i := range r.ways {
		w := &r.ways[i]
		if w.out == nil {
			continue
		}
		_, fromRow, _, _ := r.ends(i)
		at := cell{w.out.channel, fromRow}
		if lane, ok := reach[at]; !ok || w.out.lane > lane {
			reach[at] = w.out.lane
		}
	}
	for i := range r.ways {
		w := &r.ways[i]
		last := w.in
		if w.kind == bend {
			last = w.out
		}
		if last == nil || r.Links[i].Right {
			continue
		}
		_, _, _, toRow := r.ends(i)
		if lane, ok := reach[cell{last.channel, toRow}]; ok && lane > last.lane {
			w.low = true
		}
	}
}

// shift is how far below the middle a link arrives that keeps out of the way.
const shift = 0.2

// path returns the points of a link.
func (r *router) path(i int, l *Layout, colLane, rowLane func(gap, lane int) float64) []Point {
	link, w := r.Links[i], r.ways[i]
	from, to := l.Boxes[link.From], l.Boxes[link.To]
	if w.kind == down {
		x := from.X + from.W/2
		return []Point{{x, from.Y + from.H}, {x, to.Y}}
	}
	_, fromRow, _, toRow := r.ends(i)
	start := Point{from.X + from.W, l.Rows[fromRow] + r.Rows[fromRow].Height/2}
	end := Point{to.X, l.Rows[toRow] + r.Rows[toRow].Height/2}
	if link.Right {
		end.X = to.X + to.W
	}
	if w.low || link.Right {
		end.Y += min(r.Items[link.To].H, r.Rows[toRow].Height) * shift
	}
	switch w.kind {
	case bend:
		x := colLane(w.out.channel, w.out.lane)
		return []Point{start, {x, start.Y}, {x, end.Y}, end}
	case detour:
		x1, x2 := colLane(w.out.channel, w.out.lane), colLane(w.in.channel, w.in.lane)
		y := rowLane(w.over.channel, w.over.lane)
		return []Point{start, {x1, start.Y}, {x1, y}, {x2, y}, {x2, end.Y}, end}
	}
	return []Point{start, end}
}
