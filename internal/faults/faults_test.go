//go:build linux

package faults

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/landfall-go/landfall/internal/postgrescluster"
)

var (
	rounds = flag.Int("faults.rounds", 1, "rounds of each fault")
	seed   = flag.Uint64("faults.seed", 0, "of chance; zero takes another one each time")
	only   = flag.String("faults.run", "", "regular expression of the faults to run")
	slowly = flag.Duration("faults.slow", 3*time.Second, "how long a consumer is slower than its producer")
	keep   = flag.Bool("faults.keep", false, "show what the processes said")
)

// fault is a way to break a system.
type fault struct {
	name   string
	layout layout
	// inject breaks things, and mends them again, while the load runs.
	inject func(w *world)
	// before runs when the load has ended and before the system is to come to
	// rest.
	before func(w *world)
	most   int // rounds, where one takes long
}

// row is a line of the table.
type row struct {
	name              string
	rounds            int
	kills, cuts       int
	commands, repeats int
	looks             int
	events, crossed   int
	again             int
	tally             tally
	peak              int
	breaches          int
	took              time.Duration
}

// TestFaults breaks the system in every way, some rounds each.
func TestFaults(t *testing.T) {
	pattern, err := regexp.Compile(*only)
	if err != nil {
		t.Fatal(err)
	}
	first := *seed
	if first == 0 {
		first = rand.Uint64()
	}
	t.Logf("seed %d (-faults.seed)", first)
	var rows []*row
	for i, f := range faults {
		if !pattern.MatchString(f.name) {
			continue
		}
		r := &row{name: f.name}
		rows = append(rows, r)
		t.Run(f.name, func(t *testing.T) {
			t.Parallel() // they wait, mostly
			var cluster *postgrescluster.Cluster
			if f.layout.postgres {
				var err error
				if cluster, err = postgrescluster.Start(t.Context(), postgrescluster.Options{}); err != nil {
					t.Fatal(err)
				}
				defer func() { _ = cluster.Stop() }() // nothing more is asked of it
			}
			count := *rounds
			if f.most > 0 {
				count = min(count, f.most)
			}
			for n := range count {
				chance := rand.New(rand.NewPCG(first, uint64(i)<<32|uint64(n)))
				t.Run(fmt.Sprint(n), func(t *testing.T) { f.round(t, r, chance, cluster) })
			}
		})
	}
	if len(rows) == 0 {
		t.Fatalf("no fault fits %q", *only)
	}
	t.Cleanup(func() { t.Log(table(rows)) })
}

// round breaks a new system once.
func (f *fault) round(t *testing.T, r *row, chance *rand.Rand, cluster *postgrescluster.Cluster) {
	begun := time.Now()
	w := newWorld(t, f.layout, chance, cluster)
	defer func() {
		if t.Failed() || *keep {
			w.complain()
		}
	}()
	loading, stop := context.WithCancel(context.Background())
	defer stop()
	go w.weigh(loading)
	loaded := make(chan error, 1)
	rate := f.layout.rate
	if rate == 0 {
		rate = 150
	}
	loadSeed := chance.Uint64()
	go func() { loaded <- w.load.run(loading, rate, loadSeed) }()
	w.pause(200*time.Millisecond, 500*time.Millisecond)
	f.inject(w)
	w.pause(200*time.Millisecond, 400*time.Millisecond)
	w.load.enough()
	stop()
	if err := <-loaded; err != nil {
		t.Errorf("after everything was mended: %v", err)
	}
	if f.before != nil {
		f.before(w)
	}
	lacking := w.rest(missing)
	for _, l := range lacking {
		t.Errorf("it does not come to rest: %s", l)
	}
	if n := w.dead(); n > 0 {
		t.Errorf("%d dead letters", n)
	}
	ev, wrong := w.finish()
	for _, p := range w.all() {
		wrong = append(wrong, p.crashes()...)
	}
	acks, contradictions := w.load.snapshot()
	checked, seen := check(ev, acks, w.newBoard)
	wrong = append(append(wrong, contradictions...), checked...)
	for i, text := range wrong {
		if i == 12 {
			t.Errorf("… and %d mistakes more", len(wrong)-i)
			break
		}
		t.Error(text)
	}
	if seen.commands < 30 || seen.crossed < 30 || seen.effects == 0 {
		t.Errorf("too little happened for the round to mean anything: %+v", seen)
	}
	r.rounds++
	r.kills += w.kills
	r.cuts += w.cuts
	r.commands += len(acks)
	r.repeats += w.load.repeats
	r.looks += w.load.looks
	r.events += seen.records - seen.crossed
	r.crossed += seen.crossed
	r.again += readAgain(filepath.Join(w.folder, againFile))
	r.tally.add(seen)
	r.peak = max(r.peak, int(w.peak.Load()))
	r.breaches += len(wrong) + len(lacking)
	r.took += time.Since(begun)
}

func readAgain(path string) (sum int) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var n int
		if _, err := fmt.Sscan(line, &n); err == nil {
			sum += n
		}
	}
	return sum
}

func (w *world) complain() {
	for _, p := range append(w.all(), w.servers...) {
		w.t.Logf("%s says:\n%s", p.name, p.complaints())
	}
}

func table(rows []*row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-42s %6s %5s %4s %8s %7s %7s %7s %7s %6s | %7s %7s %6s %6s | %8s %6s\n",
		"fault", "rounds", "kills", "cuts", "commands", "records", "crossed", "again", "repeats", "looks", "answers", "effects", "docs", "MB", "breaches", "took")
	for _, r := range rows {
		fmt.Fprintf(&b, "%-42s %6d %5d %4d %8d %7d %7d %7d %7d %6d | %7d %7d %6d %6d | %8d %6s\n",
			r.name, r.rounds, r.kills, r.cuts, r.commands, r.tally.records, r.crossed, r.again, r.repeats, r.looks,
			r.tally.answers, r.tally.effects, r.tally.documents, r.peak>>20, r.breaches, r.took.Round(time.Second))
	}
	return b.String()
}
