package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
)

// result is what was measured of one arrangement of processes.
type result struct {
	Processes int     `json:"processes"`
	Store     string  `json:"store"`
	CPUs      int     `json:"cpus"`
	Rate      float64 `json:"productsPerSecondWanted"`
	Seconds   float64 `json:"secondsLaunching"`
	// Settled is how long it took after the last launch until all was answered, as
	// far as this program could see by asking.
	Settled  float64 `json:"secondsUntilSettled"`
	Products int     `json:"products"`
	Commands int64   `json:"commands"`
	Again    int64   `json:"commandsSentAgain"`
	Messages int     `json:"messages"`
	Records  int     `json:"records"`

	Accepted  spread `json:"accepted"`
	Published spread `json:"published"`
	Answered  spread `json:"answered"`
	Visible   spread `json:"visible"`
	// Backlog is at the end of each second how many events another module had
	// yet to answer.
	Backlog []int `json:"backlog"`
	// CPU is what all processes of modules took, in seconds.
	CPU float64 `json:"cpuSeconds"`

	Killed string   `json:"killed,omitempty"`
	Twice  int      `json:"outsideCalledAgain"`
	Wrong  []string `json:"wrong"`
}

// spread are percentiles in milliseconds.
type spread struct {
	Count int64   `json:"count"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P99   float64 `json:"p99"`
	P999  float64 `json:"p999"`
	Max   float64 `json:"max"`
}

// histogram counts durations up to ten minutes to three digits. It is safe for
// concurrent use.
type histogram struct {
	mu sync.Mutex
	h  *hdrhistogram.Histogram
}

func newHistogram() *histogram {
	return &histogram{h: hdrhistogram.New(1, int64(10*time.Minute/time.Microsecond), 3)}
}

func (h *histogram) record(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	// Within the bounds it cannot fail; two clocks of a machine may differ by a bit.
	_ = h.h.RecordValue(min(max(d.Microseconds(), 1), h.h.HighestTrackableValue()))
}

func (h *histogram) spread() spread {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := func(q float64) float64 { return float64(h.h.ValueAtQuantile(q)) / 1000 }
	return spread{h.h.TotalCount(), at(50), at(90), at(99), at(99.9), float64(h.h.Max()) / 1000}
}

// measure starts the processes, launches products, stops everything, and looks
// at what is left.
func (l *load) measure(ctx context.Context, dir string, processes int) (r result, err error) {
	c, err := l.start(ctx, dir, processes)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, c.end()) }()
	x, err := c.launcher(ctx)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, x.system.Close()) }()
	stopListening, err := x.listen(ctx, c)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, stopListening()) }()

	r = result{Processes: processes, Store: l.store, CPUs: runtime.NumCPU(), Rate: l.rate, Killed: l.kill, Wrong: []string{}}
	if l.store != "sqlite" {
		r.Store = "PostgreSQL" // its URL may hold a password
	}
	begun := time.Now()
	if err := l.disturb(ctx, c, func() error { return x.launch(ctx, l.rate, l.lasting) }); err != nil {
		return r, err
	}
	r.Seconds = x.last.Sub(begun).Seconds()
	if err := x.settle(ctx); err != nil {
		r.Wrong = append(r.Wrong, err.Error())
	}
	if err := c.awaitOutside(ctx, x.launched); err != nil {
		r.Wrong = append(r.Wrong, err.Error())
	}
	r.Settled = time.Since(x.last).Seconds()
	r.Wrong = append(r.Wrong, x.shown(ctx)...)
	if err := c.stop(); err != nil {
		return r, err
	}
	return r, r.fill(ctx, c, x)
}

// disturb kills a process half-way, when it is to, and starts it again.
func (l *load) disturb(ctx context.Context, c *cluster, launch func() error) error {
	if l.kill == "" {
		return launch()
	}
	launched := make(chan error, 1)
	go func() { launched <- launch() }()
	disturbed := func() error {
		if !sleepUntil(ctx, time.Now().Add(l.lasting/2)) {
			return context.Cause(ctx)
		}
		p := c.running(l.kill)
		p.kill()
		if !sleepUntil(ctx, time.Now().Add(l.down)) {
			return context.Cause(ctx)
		}
		if err := p.start(); err != nil {
			return err
		}
		return p.ready(ctx, 2)
	}()
	return errors.Join(<-launched, disturbed)
}

// fill takes the figures from the logs, and checks them.
func (r *result) fill(ctx context.Context, c *cluster, x *launcher) error {
	all, err := c.logs(ctx)
	if err != nil {
		return err
	}
	r.Products, r.Commands, r.Again = len(x.launched), x.commands.Load(), x.again.Load()
	for _, records := range all {
		r.Records += len(records)
	}
	r.Accepted, r.Published, r.Visible = x.accepted.spread(), x.published.spread(), x.visible.spread()
	answers := all.answers()
	answered := newHistogram()
	for _, a := range answers {
		answered.record(a.answered.Sub(a.happened))
	}
	r.Answered, r.Backlog = answered.spread(), backlog(answers)
	for _, p := range c.all {
		r.CPU += p.cpu.Seconds()
	}
	wrong, messages := all.check(x.launched)
	outside, twice, err := c.checkOutside(x.launched)
	r.Messages, r.Twice = messages, twice
	r.Wrong = append(append(r.Wrong, wrong...), outside...) // never nil, for JSON
	return err
}

// answer is an event that another module has answered with one of its own.
type answer struct{ happened, answered time.Time }

// answers pairs each event with those that follow from it in other modules.
func (all logs) answers() (pairs []answer) {
	type origin struct {
		module string
		time   time.Time
	}
	events := map[landfall.ID]origin{}
	for module, records := range all {
		for i := range records {
			if r := &records[i]; own(r) {
				events[r.ID] = origin{module, r.Time}
			}
		}
	}
	for module, records := range all {
		for i := range records {
			r := &records[i]
			from, ok := events[r.Trigger]
			if own(r) && ok && from.module != module {
				pairs = append(pairs, answer{from.time, r.Time})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b answer) int { return cmp.Compare(a.happened.UnixNano(), b.happened.UnixNano()) })
	return pairs
}

// own says whether a record is an event of its module, and no message.
func own(r *store.Record) bool { return r.Type[0] != '>' && r.Type[0] != '<' && r.Type[0] != '@' }

// backlog counts at the end of each second what had happened and was not answered.
func backlog(pairs []answer) []int {
	if len(pairs) == 0 {
		return []int{}
	}
	begun := pairs[0].happened
	var counts []int
	grow := func(second int) {
		for len(counts) <= second {
			counts = append(counts, 0)
		}
	}
	for _, p := range pairs {
		from, to := int(p.happened.Sub(begun)/time.Second), int(p.answered.Sub(begun)/time.Second)
		grow(max(from, to))
		for second := from; second < to; second++ {
			counts[second]++
		}
	}
	return counts
}

// awaitOutside waits until the mail server and the search engine were told of each
// product: what tells them cannot be asked how far it is.
func (c *cluster) awaitOutside(ctx context.Context, products []product) error {
	for begun := time.Now(); time.Since(begun) < patience; {
		times, err := c.toldOutside()
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(products, func(p product) bool { return times[p.mail()] == 0 || times[p.index()] == 0 }) {
			return nil
		}
		if !sleepUntil(ctx, time.Now().Add(20*time.Millisecond)) {
			return context.Cause(ctx)
		}
	}
	return fmt.Errorf("the mail server and the search engine were not told of every product within %v", patience)
}
