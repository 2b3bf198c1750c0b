package check

// cycles returns the loops of a graph: each strongly connected set of nodes that
// leads back to itself, found from the starts, as the list of those of its
// nodes that are among the starts, in their order. Tarjan's algorithm, without
// recursion, so that a long chain needs no deep stack.
func cycles[T comparable](starts []T, next func(T) []T) [][]T {
	t := &tarjan[T]{next: next, index: map[T]int{}, low: map[T]int{}, onStack: map[T]bool{}, set: map[T]int{}}
	for _, s := range starts {
		if _, seen := t.index[s]; !seen {
			t.visit(s)
		}
	}
	members := map[int][]T{}
	var order []int
	for _, s := range starts {
		id, ok := t.set[s]
		if !ok {
			continue
		}
		if members[id] == nil {
			order = append(order, id)
		}
		members[id] = append(members[id], s)
	}
	var out [][]T
	for _, id := range order {
		out = append(out, members[id])
	}
	return out
}

type tarjan[T comparable] struct {
	next    func(T) []T
	index   map[T]int
	low     map[T]int
	stack   []T
	onStack map[T]bool
	set     map[T]int // of the nodes in loops
	sets    int
}

type frame[T comparable] struct {
	node T
	next []T
}

func (t *tarjan[T]) visit(start T) {
	frames := []frame[T]{t.enter(start)}
	for len(frames) > 0 {
		top := &frames[len(frames)-1]
		if len(top.next) > 0 {
			to := top.next[0]
			top.next = top.next[1:]
			if _, seen := t.index[to]; !seen {
				frames = append(frames, t.enter(to))
			} else if t.onStack[to] {
				t.low[top.node] = min(t.low[top.node], t.index[to])
			}
			continue
		}
		node := top.node
		frames = frames[:len(frames)-1]
		if len(frames) > 0 {
			parent := frames[len(frames)-1].node
			t.low[parent] = min(t.low[parent], t.low[node])
		}
		if t.low[node] == t.index[node] {
			t.leave(node)
		}
	}
}

func (t *tarjan[T]) enter(node T) frame[T] {
	t.index[node] = len(t.index)
	t.low[node] = t.index[node]
	t.stack = append(t.stack, node)
	t.onStack[node] = true
	return frame[T]{node, t.next(node)}
}

// leave takes a connected set from the stack, and keeps it when it is a loop.
func (t *tarjan[T]) leave(root T) {
	from := len(t.stack) - 1
	for t.stack[from] != root {
		from--
	}
	set := t.stack[from:]
	t.stack = t.stack[:from]
	loop := len(set) > 1
	for _, n := range set {
		t.onStack[n] = false
		for _, to := range t.next(n) {
			loop = loop || to == n
		}
	}
	if !loop {
		return
	}
	t.sets++
	for _, n := range set {
		t.set[n] = t.sets
	}
}
