package grid

import (
	"cmp"
	"container/heap"
	"slices"
)

// netKey says which links share a piece of their way: those of one class, from
// one end, in one channel or corridor.
type netKey struct {
	channel int
	end     int // 2*item for its links out, 2*item+1 for its links in
	row     int // the row at which a box of several rows is left or reached
	class   int
}

// net is a line in a channel or a corridor that one link or several run in.
// Its range is in quarters of a track: track i has its middle at 4i+2, the gap
// before it lies at 4i.
type net struct {
	channel int
	order   int // of the first link in it
	lo, hi  int
	sinks   bool  // its first link runs towards greater numbers
	left    []int // rows at which something comes in from before
	right   []int // rows at which something goes on behind
	lane    int
}

// join gives each link the nets that it runs in.
func (r *router) join() {
	out, in := map[netKey]int{}, map[netKey]int{}
	for i, w := range r.ways {
		if w.kind == bend {
			out[r.key(i, w.first, true)]++
			in[r.key(i, w.first, false)]++
		}
	}
	for i := range r.ways {
		_, fromRow, _, toRow := r.ends(i)
		w := &r.ways[i]
		from, to := 4*fromRow+2, 4*toRow+2
		switch w.kind {
		case bend:
			key := r.key(i, w.first, true)
			if into := r.key(i, w.first, false); out[key] == 1 && in[into] > 1 {
				key = into
			}
			w.out = extend(r.vertical, key, i, from, to)
			w.out.left = append(w.out.left, fromRow)
			if !r.Links[i].Right {
				w.out.right = append(w.out.right, toRow)
			}
		case detour:
			w.out = extend(r.vertical, r.key(i, w.first, true), i, from, 4*w.along)
			w.out.left = append(w.out.left, fromRow)
			over := r.key(i, w.along, true)
			w.over = extend(r.horizontal, over, i, 4*w.first, 4*w.second)
			w.in = extend(r.vertical, r.key(i, w.second, false), i, 4*w.along, to)
			if !r.Links[i].Right {
				w.in.right = append(w.in.right, toRow)
			}
		}
	}
	r.joinBars()
}

// joinBars makes a net of each bar, as if it came before everything else.
func (r *router) joinBars() {
	for i, b := range r.Bars {
		key := netKey{channel: b.Channel, end: -1 - i}
		n := extend(r.vertical, key, i-len(r.Bars), 4*b.From, 4*b.To+4)
		r.bars = append(r.bars, n)
	}
}

// key returns the key of a link's net on its way out of its first box, or into
// its last.
func (r *router) key(i, channel int, out bool) netKey {
	l := r.Links[i]
	_, fromRow, _, toRow := r.ends(i)
	if out {
		return netKey{channel, 2 * l.From, fromRow, l.Class}
	}
	return netKey{channel, 2*l.To + 1, toRow, l.Class}
}

func extend(nets map[netKey]*net, key netKey, order, from, to int) *net {
	n := nets[key]
	if n == nil {
		n = &net{channel: key.channel, order: order, lo: min(from, to), hi: max(from, to), sinks: to >= from}
		nets[key] = n
	}
	n.lo, n.hi = min(n.lo, from, to), max(n.hi, from, to)
	return n
}

// lanes gives every net a lane, and returns how many lanes each of n gaps has.
func (r *router) lanes(nets map[netKey]*net, n int) []int {
	gaps := make([][]*net, n)
	for _, net := range nets {
		gaps[net.channel] = append(gaps[net.channel], net)
	}
	counts := make([]int, n)
	for i, list := range gaps {
		slices.SortFunc(list, compareNets)
		counts[i] = assign(list)
	}
	return counts
}

// compareNets orders the nets of a gap from left to right, so that few of them
// cross: of those that sink, the lower starts further left; of those that rise,
// the upper.
func compareNets(a, b *net) int {
	if a.sinks != b.sinks {
		if a.sinks {
			return 1
		}
		return -1
	}
	by := cmp.Compare(a.hi, b.hi)
	if a.sinks {
		by = cmp.Compare(b.lo, a.lo)
	}
	return cmp.Or(by, cmp.Compare(a.order, b.order), cmp.Compare(a.lo, b.lo))
}

// assign gives each net of a gap the first lane where no other lies beside it,
// to the right of the nets that have to be left of it: one that comes in
// at a row must turn off before one that leaves at that row begins. It returns
// the number of lanes.
func assign(list []*net) int {
	after := precedence(list)
	waits := make([]int, len(list))
	for _, next := range after {
		for _, j := range next {
			waits[j]++
		}
	}
	least := make([]int, len(list))
	var lanes lanes
	for _, i := range inOrder(after, waits) {
		lane := lanes.take(list[i], least[i])
		list[i].lane = lane
		for _, j := range after[i] {
			least[j] = max(least[j], lane+1)
		}
	}
	return len(lanes)
}

// inOrder returns the numbers of nets so that each comes after those that it
// waits for, and otherwise in their order. Where they wait for each other in a
// circle, it begins with the first.
func inOrder(after [][]int, waits []int) []int {
	var ready intHeap
	for i, w := range waits {
		if w == 0 {
			heap.Push(&ready, i)
		}
	}
	done := make([]bool, len(waits))
	order := make([]int, 0, len(waits))
	for first := 0; len(order) < len(waits); {
		i := 0
		if ready.Len() > 0 {
			i = heap.Pop(&ready).(int)
		} else {
			for done[first] {
				first++
			}
			i = first
		}
		if done[i] {
			continue
		}
		done[i] = true
		order = append(order, i)
		for _, j := range after[i] {
			if waits[j]--; waits[j] == 0 && !done[j] {
				heap.Push(&ready, j)
			}
		}
	}
	return order
}

// lanes are the lanes of a gap with the nets in them.
type lanes []spans

// take gives a net the first lane from least on that is free.
func (l *lanes) take(n *net, least int) int {
	lane := least
	for lane < len(*l) && !(*l)[lane].add(n) {
		lane++
	}
	if lane >= len(*l) {
		*l = append(*l, make([]spans, lane+1-len(*l))...)
		(*l)[lane].add(n)
	}
	return lane
}

// precedence returns, for each net, those that have to lie right of it.
func precedence(list []*net) [][]int {
	into := map[int][]int{}
	for i, n := range list {
		for _, row := range n.left {
			into[row] = append(into[row], i)
		}
	}
	after := make([][]int, len(list))
	for j, n := range list {
		for _, row := range n.right {
			for _, i := range into[row] {
				if i != j && !slices.Contains(after[i], j) {
					after[i] = append(after[i], j)
				}
			}
		}
	}
	return after
}

// spans are ranges without overlap, sorted.
type spans struct{ list []*net }

// add adds a net unless it touches one that is there.
func (s *spans) add(n *net) bool {
	at, _ := slices.BinarySearchFunc(s.list, n.lo, func(x *net, lo int) int { return cmp.Compare(x.lo, lo) })
	if at < len(s.list) && s.list[at].lo <= n.hi || at > 0 && s.list[at-1].hi >= n.lo {
		return false
	}
	s.list = slices.Insert(s.list, at, n)
	return true
}

// intHeap is a heap.Interface: the smallest number comes first.
type intHeap []int

// Len returns how many numbers there are.
func (h intHeap) Len() int { return len(h) }

// Less says whether the first number is smaller.
func (h intHeap) Less(i, j int) bool { return h[i] < h[j] }

// Swap exchanges two numbers.
func (h intHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push adds a number at the end, for heap.Push.
func (h *intHeap) Push(x any) { *h = append(*h, x.(int)) }

// Pop takes the last number, for heap.Pop.
func (h *intHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
