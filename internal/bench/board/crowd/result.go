package crowd

import (
	"fmt"
	"slices"
	"time"
)

// Result is what a session was like.
type Result struct {
	Browsers int
	// Rate is how many operations there were a second, and Frames and Bytes what the
	// server told all browsers together a second.
	Rate, Frames, Bytes float64
	// Lost is how many operations somebody was never told of. It has to be zero.
	Lost int
	// Resident and Peak are the server's megabytes, at the end and at most.
	Resident, Peak float64
	// Server and Clients are how many processors the server, and the process of all
	// browsers, were at work on.
	Server, Clients float64

	times []time.Duration // from send to seen by all, in order
}

// At returns the time from send to seen by all that a share of the operations, such
// as 0.99, did not exceed.
func (r *Result) At(share float64) time.Duration {
	if len(r.times) == 0 {
		return 0
	}
	return r.times[min(len(r.times)-1, int(share*float64(len(r.times))))]
}

// Header is that of a table of results.
const Header = "| browsers | operations/s | sent to seen by all, ms: 50 % | 90 % | 99 % | most | lost | frames/s | MB/s | server: MB | peak MB | CPUs | browsers' CPUs |\n" +
	"|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"

// String returns the result as a row of the table.
func (r *Result) String() string {
	ms := func(share float64) float64 { return float64(r.At(share)) / 1e6 }
	return fmt.Sprintf("| %d | %.0f | %.1f | %.1f | %.1f | %.1f | %d | %.0f | %.1f | %.0f | %.0f | %.2f | %.2f |",
		r.Browsers, r.Rate, ms(0.5), ms(0.9), ms(0.99), ms(1), r.Lost, r.Frames, r.Bytes/1e6, r.Resident, r.Peak, r.Server, r.Clients)
}

// count finds out when everyone had seen each operation, and what somebody was never
// told of.
func (r *Result) count(all []*browser) {
	first := all[0]
	for _, b := range all {
		for id, at := range b.sent {
			seq, ok := first.ids[id]
			if !ok {
				r.Lost++
				continue
			}
			last := at
			for _, other := range all {
				t, told := other.toldOf(seq)
				if !told {
					r.Lost++
				} else if t.After(last) {
					last = t
				}
			}
			r.times = append(r.times, last.Sub(at))
		}
	}
	slices.Sort(r.times)
	head := uint64(0)
	for _, b := range all {
		if n := len(b.ticks); n > 0 {
			head = max(head, b.ticks[n-1].seq)
		}
	}
	for _, b := range all {
		r.Lost += int(head-b.seq) - int(b.ops.Load())
	}
}

// toldOf returns when a browser was told of an operation.
func (b *browser) toldOf(seq uint64) (time.Time, bool) {
	n, _ := slices.BinarySearchFunc(b.ticks, seq, func(s seen, seq uint64) int {
		if s.seq < seq {
			return -1
		}
		return 1
	})
	if n == len(b.ticks) {
		return time.Time{}, false
	}
	return b.ticks[n].at, true
}
