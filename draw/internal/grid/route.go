package grid

import (
	"slices"
)

// way says how a link goes.
type way struct {
	kind    wayKind
	first   int // the channel that it takes first
	along   int // the corridor
	second  int // the channel that it takes last
	in, out *net
	over    *net
	low     bool // it arrives below the middle, out of another's way
}

type wayKind uint8

const (
	straight wayKind = iota // along the row
	down                    // from the lower side to the upper side of the next box
	bend                    // along the row, a channel, along the row
	detour                  // a channel, a corridor, a channel
)

// run is a piece of a link along a row, as the channels that it touches.
type run struct {
	lo, hi int
	item   int // whose end it is
}

type router struct {
	*Board
	filled [][]int // per row, the columns with a box, sorted
	tall   [][]int // per corridor, the columns with a box across it, sorted
	runs   [][]run // per row
	ways   []way

	vertical   map[netKey]*net
	horizontal map[netKey]*net
	bars       []*net
}

func newRouter(b *Board) *router {
	r := &router{
		Board:      b,
		filled:     make([][]int, len(b.Rows)),
		tall:       make([][]int, len(b.Rows)+1),
		runs:       make([][]run, len(b.Rows)),
		ways:       make([]way, len(b.Links)),
		vertical:   map[netKey]*net{},
		horizontal: map[netKey]*net{},
	}
	for _, item := range b.Items {
		from, to := item.span()
		for row := from; row < to; row++ {
			r.filled[row] = append(r.filled[row], item.Col)
			if row > from {
				r.tall[row] = append(r.tall[row], item.Col)
			}
		}
	}
	for _, list := range slices.Concat(r.filled, r.tall) {
		slices.Sort(list)
	}
	return r
}

// free reports whether none of the sorted columns lies in lo..hi-1.
func free(cols []int, lo, hi int) bool {
	at, _ := slices.BinarySearch(cols, lo)
	return at == len(cols) || cols[at] >= hi
}

// routeAll decides the ways of all links, then joins those that may share
// theirs. Links that are a straight line go first, so that none is bent to
// make room for another.
func (r *router) routeAll() {
	for i := range r.Links {
		if !r.direct(i) {
			r.ways[i].first = -1
		}
	}
	for i := range r.Links {
		if r.ways[i].first < 0 {
			r.route(i)
		}
	}
	r.join()
}

// ends returns the columns and rows that a link joins.
func (r *router) ends(i int) (fromCol, fromRow, toCol, toRow int) {
	l := r.Links[i]
	from, to := r.Items[l.From], r.Items[l.To]
	return from.Col, endRow(from, l.FromRow), to.Col, endRow(to, l.ToRow)
}

func endRow(item Item, row int) int {
	first, end := item.span()
	if end-first == 1 {
		return first
	}
	return min(max(row, first), end-1)
}

// direct takes a link straight along its row, or straight down.
func (r *router) direct(i int) bool {
	l := r.Links[i]
	fromCol, fromRow, toCol, toRow := r.ends(i)
	if _, end := r.Items[l.From].span(); l.Down && fromCol == toCol && end == r.Items[l.To].Row {
		r.ways[i] = way{kind: down}
		return true
	}
	if fromRow != toRow || toCol <= fromCol || l.Right {
		return false
	}
	if !free(r.filled[fromRow], fromCol+1, toCol) {
		return false
	}
	piece := run{fromCol + 1, toCol, -1 - i}
	if toCol > fromCol+1 && r.taken(fromRow, piece) {
		return false
	}
	if toCol > fromCol+1 {
		r.runs[fromRow] = append(r.runs[fromRow], piece)
	}
	r.ways[i] = way{kind: straight}
	return true
}

// route takes a link through one channel where its rows allow it, otherwise
// through two and a corridor.
func (r *router) route(i int) {
	l := r.Links[i]
	fromCol, fromRow, toCol, toRow := r.ends(i)
	last := toCol
	if l.Right {
		last = toCol + 1
	}
	if k, ok := r.bendAt(l, fromCol, fromRow, last, toRow); ok {
		r.ways[i] = way{kind: bend, first: k}
		r.claim(fromRow, run{fromCol + 1, k, l.From})
		if !l.Right {
			r.claim(toRow, run{k, toCol, -1 - l.To})
		}
		return
	}
	first := fromCol + 1
	r.ways[i] = way{kind: detour, first: first, along: r.corridor(fromRow, toRow, first, last), second: last}
}

// bendAt looks for a channel that a link can reach along its first row, and
// its end from there along its last row. The nearest to its start is best:
// there, the links of one box share their way.
func (r *router) bendAt(l Link, fromCol, fromRow, last, toRow int) (int, bool) {
	lo := fromCol + 1
	if last < lo {
		return 0, false
	}
	if l.Right {
		return last, last == lo
	}
	reach := last
	if at, _ := slices.BinarySearch(r.filled[fromRow], lo); at < len(r.filled[fromRow]) {
		reach = min(last, r.filled[fromRow][at])
	}
	back := lo
	if at, _ := slices.BinarySearch(r.filled[toRow], last); at > 0 {
		back = max(lo, r.filled[toRow][at-1]+1)
	}
	for k := back; k <= reach; k++ {
		if !r.taken(fromRow, run{lo, k, l.From}) && !r.taken(toRow, run{k, last, -1 - l.To}) {
			return k, true
		}
	}
	return 0, false
}

// taken reports whether another end's piece lies where this one would. Pieces
// that stay within one channel keep out of each other's way by their lanes.
func (r *router) taken(row int, piece run) bool {
	if piece.lo >= piece.hi {
		return false
	}
	for _, other := range r.runs[row] {
		if other.item != piece.item && other.lo <= piece.hi && piece.lo <= other.hi {
			return true
		}
	}
	return false
}

func (r *router) claim(row int, piece run) {
	if piece.lo >= piece.hi {
		return
	}
	for i, other := range r.runs[row] {
		if other.item == piece.item {
			r.runs[row][i].lo = min(other.lo, piece.lo)
			r.runs[row][i].hi = max(other.hi, piece.hi)
			return
		}
	}
	r.runs[row] = append(r.runs[row], piece)
}

// corridor returns a corridor that no box crosses between two channels: the
// one nearest to the last row on the way there, or else the nearest beyond. The
// first and the last corridor of a board are always free.
func (r *router) corridor(fromRow, toRow, k1, k2 int) int {
	lo, hi := min(k1, k2), max(k1, k2)
	open := func(h int) bool { return h >= 0 && h < len(r.tall) && free(r.tall[h], lo, hi) }
	if fromRow < toRow {
		for h := toRow; h > fromRow; h-- {
			if open(h) {
				return h
			}
		}
	}
	for h := toRow + 1; h <= fromRow; h++ {
		if open(h) {
			return h
		}
	}
	top, bottom := min(fromRow, toRow), max(fromRow, toRow)+1
	for {
		if open(bottom) {
			return bottom
		}
		if open(top) {
			return top
		}
		top, bottom = top-1, bottom+1
	}
}
