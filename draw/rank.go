package draw

import (
	"cmp"
	"container/heap"
	"slices"

	"github.com/landfall-go/landfall/storm/model"
)

// ranker gives each step and each policy its column of time. Each frame has
// columns of its own: in it, a command comes after the policies that invoke it,
// a policy after its events, an event where it happens first. What no policy of
// the frame invokes comes after what stands before it in the file. A loop is
// entered where the file enters it.
type ranker struct {
	*plan
	listeners map[*model.Element][]*policy // policies by what triggers them in their frame
	heard     map[heardKey]bool

	ready    queue[*step] // all that they wait for has its column
	started  queue[*policy]
	invoked  queue[*step] // some policy that invokes them has its column
	sequel   queue[*step] // no policy invokes them
	everyone queue[*step]
}

type heardKey struct {
	event *model.Element
	frame *frame
}

func (p *plan) rank() {
	r := &ranker{plan: p, listeners: map[*model.Element][]*policy{}, heard: map[heardKey]bool{}}
	r.connect()
	for {
		r.flow()
		if !r.unlock() {
			break
		}
	}
	r.placeForeign()
}

// connect counts what each step and each policy waits for.
func (r *ranker) connect() {
	for _, q := range r.policies {
		for e := range q.element.Policy.On.All() {
			if r.happensIn(e, q.frame) && !slices.Contains(r.listeners[e], q) {
				r.listeners[e] = append(r.listeners[e], q)
				q.waits++
			}
		}
		for c := range q.element.Policy.Invokes.All() {
			for _, s := range r.byCommand[c] {
				if s.frame != q.frame {
					continue
				}
				q.invokes = append(q.invokes, s)
				if q.waits > 0 {
					s.waits++
				}
			}
		}
	}
	for _, s := range r.steps {
		r.everyone.add(s, 0, s.order)
		switch {
		case s.waits > 0:
			s.prev = nil // what invokes it says when it comes
		case s.prev == nil:
			r.ready.add(s, 0, s.order)
		default:
			s.waits = 1
			r.sequel.add(s, 0, s.order)
		}
	}
}

func (p *plan) happensIn(e *model.Element, f *frame) bool {
	return slices.ContainsFunc(p.emitters[e], func(s *step) bool { return s.frame == f })
}

// placeForeign puts a policy that something outside its frame triggers before
// the first command that it invokes.
func (r *ranker) placeForeign() {
	for _, q := range r.policies {
		if q.set {
			continue
		}
		q.set, q.foreign = true, true
		for i, s := range q.invokes {
			if i == 0 || s.rank-1 < q.rank {
				q.rank = s.rank - 1
			}
		}
	}
}

// flow places all steps that wait for nothing, and what follows from them.
func (r *ranker) flow() {
	for r.ready.Len() > 0 {
		s := r.ready.take()
		if s.set {
			continue
		}
		s.set = true
		for _, e := range s.events {
			r.happens(e, s)
		}
		for _, n := range s.next {
			if n.prev == s && !n.set {
				n.follow(s)
				r.ready.add(n, n.rank, n.order)
			}
		}
	}
}

// follow puts a step behind the one that the file puts before it.
func (s *step) follow(before *step) {
	switch {
	case s.beside:
		s.rank, s.band = before.rank, before.band
	case s.band == before.band:
		s.rank = before.rank + 1
	}
}

// happens tells the policies of an event that it has its column.
func (r *ranker) happens(e *model.Element, s *step) {
	key := heardKey{e, s.frame}
	if r.heard[key] {
		return
	}
	r.heard[key] = true
	for _, q := range r.listeners[e] {
		if q.frame != s.frame {
			continue
		}
		if q.rank <= s.rank {
			q.rank, q.band = s.rank, s.band
		}
		if q.waits--; q.waits == 0 {
			r.place(q)
		} else if !q.touched {
			q.touched = true
			r.started.add(q, 0, q.order)
		}
	}
}

func (r *ranker) place(q *policy) {
	if q.set {
		return
	}
	q.set = true
	for _, s := range q.invokes {
		if s.set {
			continue
		}
		if s.rank <= q.rank+1 {
			s.rank, s.band = q.rank+1, q.band
		}
		if s.waits--; s.waits == 0 {
			r.ready.add(s, s.rank, s.order)
		} else if !s.touched {
			s.touched = true
			r.invoked.add(s, 0, s.order)
		}
	}
}

// unlock lets something go on that waits for itself: best a policy that one of
// its events has triggered already, or else a command that one of its policies
// invokes, or the next step of the file.
func (r *ranker) unlock() bool {
	for r.started.Len() > 0 {
		if q := r.started.take(); !q.set {
			r.place(q)
			return true
		}
	}
	for _, waiting := range []*queue[*step]{&r.invoked, &r.sequel, &r.everyone} {
		for waiting.Len() > 0 {
			if s := waiting.take(); !s.set {
				if s.prev != nil && s.prev.set {
					s.follow(s.prev)
				}
				r.ready.add(s, s.rank, s.order)
				return true
			}
		}
	}
	return false
}

// queue gives what has the smallest column, and of those what comes first in
// the file.
type queue[T any] struct{ list []queued[T] }

type queued[T any] struct {
	item        T
	rank, order int
	number      int
}

func (q *queue[T]) add(item T, rank, order int) {
	heap.Push(q, queued[T]{item, rank, order, len(q.list)})
}

func (q *queue[T]) take() T { return heap.Pop(q).(queued[T]).item }

// Len returns how many items wait.
func (q *queue[T]) Len() int { return len(q.list) }

// Less orders by rank, then by order, then as they came.
func (q *queue[T]) Less(i, j int) bool {
	a, b := q.list[i], q.list[j]
	return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.order, b.order), cmp.Compare(a.number, b.number)) < 0
}

// Swap exchanges two items.
func (q *queue[T]) Swap(i, j int) { q.list[i], q.list[j] = q.list[j], q.list[i] }

// Push adds an item at the end, for heap.Push.
func (q *queue[T]) Push(x any) { q.list = append(q.list, x.(queued[T])) }

// Pop takes the last item, for heap.Pop.
func (q *queue[T]) Pop() any {
	last := q.list[len(q.list)-1]
	q.list = q.list[:len(q.list)-1]
	return last
}
