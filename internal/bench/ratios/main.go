// Command ratios measures Landfall against its raw limits, each pair in the same
// run, and prints the ratios beside those that are promised.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/landfall-go/landfall/internal/bench"
	"github.com/landfall-go/landfall/internal/bench/board/crowd"
)

func main() {
	if child, err := bench.Child(); child {
		exit(err)
	}
	if child, err := crowd.Child(); child {
		exit(err)
	}
	testing.Init()
	var s sizes
	flag.IntVar(&s.events, "events", 1_000_000, "events in the log that is read and rebuilt")
	flag.IntVar(&s.messages, "messages", 100_000, "messages that cross from process to process, at least 50")
	flag.IntVar(&s.aggregates, "aggregates", 100_000, "aggregates that the broker is to have no memory of")
	flag.IntVar(&s.shots, "shots", 300, "single commands whose latency is measured")
	flag.IntVar(&s.rounds, "rounds", 3, "how often each pair is measured; the median ratio counts")
	flag.DurationVar(&s.session, "session", 20*time.Second, "how long a session on the board lasts")
	only := flag.String("only", "", "measure one part alone: "+strings.Join(names(), ", "))
	flag.Parse()
	exit(run(s, *only))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "ratios:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// sizes say how much is measured.
type sizes struct {
	events, messages, aggregates, shots, rounds int
	session                                     time.Duration
}

// parts of the table, in their order.
var parts = []struct {
	name    string
	measure func(t *table, s sizes, folder string) error
}{
	{"runtime", oneProcess},
	{"postgres", onPostgres},
	{"hops", acrossProcesses},
	{"storm", language},
	{"board", onTheBoard},
}

func names() (all []string) {
	for _, p := range parts {
		all = append(all, p.name)
	}
	return all
}

func run(s sizes, only string) error {
	if only != "" && !slices.Contains(names(), only) {
		return fmt.Errorf("there is no part %q; the parts are %s", only, strings.Join(names(), ", "))
	}
	fmt.Printf("%s, %s/%s; medians of %d rounds, each pair measured in turn\n\n", bench.Machine(), runtime.GOOS, runtime.GOARCH, s.rounds)
	folder, err := os.MkdirTemp("", "landfall-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	t := &table{rounds: s.rounds}
	for _, p := range parts {
		if only == "" || only == p.name {
			if err := p.measure(t, s, folder); err != nil {
				return err
			}
		}
	}
	return t.failures()
}

// oneProcess measures the runtime in memory and on SQLite.
func oneProcess(t *table, s sizes, folder string) error {
	history, err := bench.MakeHistory(folder, s.events)
	if err != nil {
		return err
	}
	t.alone("in memory, one goroutine: load, decide, encode, append, project", bench.Memory, "commands/s", 600_000)
	t.allocations(8)
	t.pair("  against the same work by hand, without a runtime", bench.Memory, "commands/s", bench.ByHand(true), "commands/s", 0)
	// 600,000 was set where this loop made 1,200,000.
	t.pair("  against the same by hand and without encoding", bench.Memory, "commands/s", bench.ByHand(false), "commands/s", 0.50)
	t.pair("SQLite FULL, 64 callers, against 64 raw inserts a transaction", bench.Durable(64, bench.Driver()), "commands/s", bench.RawAppend(64), "events/s", 0.80)
	t.pair("the same with the rover's policies and projections at work", bench.Durable(64), "commands/s", bench.RawAppend(64), "events/s", 0)
	t.pair("SQLite FULL, one caller, against raw one-insert transactions", bench.Durable(1, bench.Driver()), "commands/s", bench.RawAppend(1), "events/s", 0.80)
	t.pair("the chain from an obstacle to both policies' events, against plain commands", bench.Chain, "events/s", bench.Durable(64, bench.Driver()), "commands/s", 0.50)
	t.pair(fmt.Sprintf("rebuild from %d events, against raw read and decode", history.Events), bench.Rebuild(history), "events/s", bench.RawRead(history), "events/s", 0.60)
	if err := t.memory(history, 100); err != nil {
		return err
	}
	t.pair("command after 100,000 events, against one after 10: time", bench.Aged(100_000), "ns/command", bench.Aged(10), "ns/command", -1.2)
	return nil
}

// language measures the storm file's tools.
func language(t *table, _ sizes, _ string) error {
	t.pair("storm of 10,000 elements: parse, against go/parser", bench.StormParse, "MB/s", bench.GoParse, "MB/s", 0.50)
	t.within("  check it", bench.StormCheck, 0.3)
	t.within("  draw it", bench.StormDraw, 2)
	return nil
}

// table prints rows as they are measured.
type table struct {
	rounds int
	last   testing.BenchmarkResult
	missed int
}

func (t *table) alone(what string, f func(*testing.B), unit string, wanted float64) {
	var values []float64
	for range t.rounds {
		values = append(values, t.measure(f).Extra[unit])
	}
	t.print(what, fmt.Sprintf("%.0f %s", median(values), unit), median(values) >= wanted, fmt.Sprintf("at least %.0f", wanted))
}

// within measures something that must not take longer than so many seconds.
func (t *table) within(what string, f func(*testing.B), most float64) {
	var values []float64
	for range t.rounds {
		values = append(values, t.measure(f).Extra["s"])
	}
	t.print(what, fmt.Sprintf("%.2f s", median(values)), median(values) < most, fmt.Sprintf("under %.1f s", most))
}

func (t *table) allocations(most int64) {
	t.print("  its allocations", fmt.Sprintf("%d", t.last.AllocsPerOp()), t.last.AllocsPerOp() <= most, fmt.Sprintf("at most %d", most))
}

// memory measures a rebuild in a process of its own, since what was measured here
// before leaves memory behind.
func (t *table) memory(history bench.History, most float64) error {
	var values []float64
	for range t.rounds {
		megabytes, err := bench.RebuildMemory(history)
		if err != nil {
			return err
		}
		values = append(values, megabytes)
	}
	t.print("  the memory of a process that rebuilds", fmt.Sprintf("%.0f MB", median(values)), median(values) < most, fmt.Sprintf("under %.0f MB", most))
	return nil
}

// pair measures two and compares them. A wanted ratio below zero is an upper
// bound, zero is none.
func (t *table) pair(what string, f func(*testing.B), unit string, limit func(*testing.B), limitUnit string, wanted float64) {
	var ours, raws []float64
	var measured testing.BenchmarkResult
	for range t.rounds {
		raws = append(raws, t.measure(limit).Extra[limitUnit])
		measured = t.measure(f)
		ours = append(ours, measured.Extra[unit])
	}
	t.last = measured
	t.compare(what, ours, raws, limitUnit, wanted)
}

// compare prints the median of the ratios of what was measured in the same
// round.
func (t *table) compare(what string, ours, raws []float64, unit string, wanted float64) {
	ratios := make([]float64, len(ours))
	for i := range ours {
		ratios[i] = ours[i] / raws[i]
	}
	ratio := median(ratios)
	value := fmt.Sprintf("%.2f (%.0f of %.0f %s)", ratio, median(ours), median(raws), unit)
	switch {
	case wanted > 0:
		t.print(what, value, ratio >= wanted, fmt.Sprintf("at least %.2f", wanted))
	case wanted < 0:
		t.print(what, value, ratio <= -wanted, fmt.Sprintf("at most %.2f", -wanted))
	default:
		t.print(what, value, true, "")
	}
}

func (t *table) measure(f func(*testing.B)) testing.BenchmarkResult {
	runtime.GC()
	t.last = testing.Benchmark(f)
	return t.last
}

func (t *table) print(what, value string, ok bool, wanted string) {
	mark := "ok    "
	if !ok {
		mark = "MISSED"
		t.missed++
	}
	fmt.Printf("%s  %-76s %-44s %s\n", mark, what, value, wanted)
}

func (t *table) failures() error {
	if t.missed > 0 {
		return fmt.Errorf("%d of the figures are short of what is promised; is the machine busy?", t.missed)
	}
	return nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
