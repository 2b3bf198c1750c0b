package landing

import "sort"

// match is a run of lines that two texts have in common.
type match struct{ a, b, n int }

// matches returns the runs of lines that two texts have in common, in their order.
// Lines that come once in both hold them together (the patience difference); what is
// between those is compared by the algorithm of Myers, up to a bound, so that time
// and memory stay small for texts that have little in common.
func matches(a, b []string) []match {
	d := &differ{}
	ids := map[string]int32{}
	d.compare(intern(ids, a), intern(ids, b), 0, 0)
	return d.runs
}

func intern(ids map[string]int32, lines []string) []int32 {
	out := make([]int32, len(lines))
	for i, l := range lines {
		id, ok := ids[l]
		if !ok {
			id = int32(len(ids))
			ids[l] = id
		}
		out[i] = id
	}
	return out
}

type differ struct{ runs []match }

// add notes a run, as one with the run before it where they touch.
func (d *differ) add(a, b, n int) {
	if n == 0 {
		return
	}
	if last := len(d.runs) - 1; last >= 0 && d.runs[last].a+d.runs[last].n == a && d.runs[last].b+d.runs[last].n == b {
		d.runs[last].n += n
		return
	}
	d.runs = append(d.runs, match{a, b, n})
}

// compare finds the runs of a and b, which begin at lines i and j.
func (d *differ) compare(a, b []int32, i, j int) {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	d.add(i, j, start)
	a, b, i, j = a[start:], b[start:], i+start, j+start
	end := 0
	for end < len(a) && end < len(b) && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	tailA, tailB := i+len(a)-end, j+len(b)-end
	a, b = a[:len(a)-end], b[:len(b)-end]
	if len(a) > 0 && len(b) > 0 {
		anchors := anchors(a, b)
		if len(anchors) == 0 {
			d.myers(a, b, i, j)
		} else {
			x, y := 0, 0
			for _, m := range anchors {
				d.compare(a[x:m.a], b[y:m.b], i+x, j+y)
				d.add(i+m.a, j+m.b, 1)
				x, y = m.a+1, m.b+1
			}
			d.compare(a[x:], b[y:], i+x, j+y)
		}
	}
	d.add(tailA, tailB, end)
}

// anchors returns the longest list of lines in the same order of those that come
// once in each text.
func anchors(a, b []int32) []match {
	type count struct{ inA, inB, at int }
	counts := map[int32]*count{}
	for _, l := range a {
		if counts[l] == nil {
			counts[l] = &count{}
		}
		counts[l].inA++
	}
	for j, l := range b {
		if c := counts[l]; c != nil {
			c.inB++
			c.at = j
		}
	}
	var pairs []match
	for i, l := range a {
		if c := counts[l]; c.inA == 1 && c.inB == 1 {
			pairs = append(pairs, match{i, c.at, 1})
		}
	}
	return increasing(pairs)
}

// increasing returns the longest part of the pairs in which b grows, too.
func increasing(pairs []match) []match {
	var tops []int // the last pair of the best list of each length
	before := make([]int, len(pairs))
	for i, p := range pairs {
		at := sort.Search(len(tops), func(k int) bool { return pairs[tops[k]].b > p.b })
		before[i] = -1
		if at > 0 {
			before[i] = tops[at-1]
		}
		if at == len(tops) {
			tops = append(tops, i)
		} else {
			tops[at] = i
		}
	}
	out := make([]match, len(tops))
	if len(tops) == 0 {
		return nil
	}
	for k, i := len(tops)-1, tops[len(tops)-1]; k >= 0; k, i = k-1, before[i] {
		out[k] = pairs[i]
	}
	return out
}

// mostSteps bounds the differences that are looked for between two anchors.
const mostSteps = 400

// myers finds the runs along a shortest way from the start of both to their ends; of
// texts with too many differences none.
func (d *differ) myers(a, b []int32, i, j int) {
	n, m := len(a), len(b)
	most := min(n+m, mostSteps)
	v := make([]int, 2*most+3)
	mid := most + 1
	var trace [][]int
	for step := 0; step <= most; step++ {
		trace = append(trace, append([]int(nil), v[mid-step-1:mid+step+2]...))
		for k := -step; k <= step; k += 2 {
			x := v[mid+k-1] + 1
			if k == -step || k != step && v[mid+k-1] < v[mid+k+1] {
				x = v[mid+k+1]
			}
			for x < n && x-k < m && x-k >= 0 && a[x] == b[x-k] {
				x++
			}
			v[mid+k] = x
			if x >= n && x-k >= m {
				d.back(trace, n, m, i, j)
				return
			}
		}
	}
}

// back follows the steps from the ends to the start.
func (d *differ) back(trace [][]int, x, y, i, j int) {
	var runs []match
	for step := len(trace) - 1; step >= 0; step-- {
		v := trace[step] // diagonals -step-1 to step+1
		at := func(k int) int { return v[k+step+1] }
		k := x - y
		before := k - 1
		if k == -step || k != step && at(k-1) < at(k+1) {
			before = k + 1
		}
		px := at(before)
		py := px - before
		if step == 0 {
			px, py = 0, 0
		}
		for x > px && y > py {
			x, y = x-1, y-1
			runs = append(runs, match{i + x, j + y, 1})
		}
		x, y = px, py
	}
	for r := len(runs) - 1; r >= 0; r-- {
		d.add(runs[r].a, runs[r].b, 1)
	}
}
