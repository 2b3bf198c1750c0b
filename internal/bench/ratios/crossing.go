package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/landfall-go/landfall/internal/bench"
)

// onPostgres measures the store on PostgreSQL.
func onPostgres(t *table, s sizes, _ string) (err error) {
	server, err := bench.StartServer()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	t.pair("PostgreSQL, 64 callers, against raw inserts of 64 rows on one connection", server.Append(64), "events/s", server.RawAppend(64), "events/s", 0.70)
	t.pair("  the same through the runtime: load, decide, append", server.Durable(64), "events/s", server.RawAppend(64), "events/s", 0)
	past, err := server.MakePast(s.events / 5)
	if err != nil {
		return err
	}
	t.pair(fmt.Sprintf("PostgreSQL, read %d events for a rebuild, against raw pages of 1,000", past.Events), past.Read, "events/s", past.RawRead, "events/s", 0.60)
	t.pair("  rebuild from them, against raw read and decode", past.Rebuild, "events/s", past.RawDecode, "events/s", 0)
	return nil
}

// acrossProcesses measures what goes from a module to another: sender, broker
// and receiver are three processes, with SQLite FULL under both modules.
func acrossProcesses(t *table, s sizes, folder string) error {
	if err := t.hops("events that cross processes, 64 callers, against both stores' durable rate", s, folder, bench.Events); err != nil {
		return err
	}
	if err := t.hops("the same with WithEventBatches, where several events share a message", s, folder, bench.EventBatches); err != nil {
		return err
	}
	if err := t.hops("commands that cross processes, 64 callers, the same", s, folder, bench.Commands); err != nil {
		return err
	}
	if err := t.latency("one event, idle: from accepted in a module to read in another by who waits", s, folder, bench.Events, true, 3*time.Millisecond); err != nil {
		return err
	}
	if err := t.latency("  to seen by who watches", s, folder, bench.Events, false, 0); err != nil {
		return err
	}
	if err := t.latency("one command of a policy to another module, likewise, by who waits", s, folder, bench.Commands, true, 0); err != nil {
		return err
	}
	return t.broker(s, folder)
}

// inside has something measured in a new folder, which is removed again.
func inside(folder string, measure func(folder string) error) error {
	own, err := os.MkdirTemp(folder, "processes-")
	if err != nil {
		return err
	}
	return errors.Join(measure(own), os.RemoveAll(own))
}

// hops compares what crosses with the durable rate of the slower store: of the two
// stores when both are written at once, as they are by a hop, since they share the
// cores and the disk; and, for comparison, of one that has the machine for itself.
func (t *table) hops(what string, s sizes, folder string, crossing bench.Crossing) error {
	var ours, together, alone []float64
	var hops []bench.Hops
	for range t.rounds {
		err := inside(folder, func(folder string) error {
			one, err := bench.StoreRate(folder, 1, s.messages)
			if err != nil {
				return err
			}
			both, err := bench.StoreRate(folder, 2, s.messages)
			if err != nil {
				return err
			}
			h, err := bench.Hop(folder, crossing, s.messages)
			alone, together, ours, hops = append(alone, one), append(together, both), append(ours, h.Records), append(hops, h)
			return err
		})
		if err != nil {
			return err
		}
	}
	t.compare(what, ours, together, "records/s", 0.60)
	t.compare("  against the rate of one store that has the machine for itself", ours, alone, "records/s", 0)
	value := func(of func(bench.Hops) float64) float64 {
		var values []float64
		for _, h := range hops {
			values = append(values, of(h))
		}
		return median(values)
	}
	t.print("  its messages", fmt.Sprintf("%.0f messages/s", value(func(h bench.Hops) float64 { return h.Messages })), true, "")
	t.print("  processor time a message: sender, broker, receiver", fmt.Sprintf("%.0f, %.0f, %.0f µs",
		value(func(h bench.Hops) float64 { return h.Processor[0] }),
		value(func(h bench.Hops) float64 { return h.Processor[1] }),
		value(func(h bench.Hops) float64 { return h.Processor[2] })), true, "")
	return nil
}

// latency prints the median and the 99th of a hundred of single commands. The
// median must be within the bound, when there is one.
func (t *table) latency(what string, s sizes, folder string, crossing bench.Crossing, waits bool, most time.Duration) error {
	var l bench.Latencies
	err := inside(folder, func(folder string) (err error) {
		l, err = bench.Latency(folder, crossing, waits, s.shots)
		return err
	})
	if err != nil {
		return err
	}
	median, wanted := bench.Percentile(l.Accepted, 50), ""
	if most > 0 {
		wanted = fmt.Sprintf("median at most %.0f ms", most.Seconds()*1000)
	}
	t.print(what, fmt.Sprintf("median %s ms, p99 %s ms", milliseconds(median), milliseconds(bench.Percentile(l.Accepted, 99))), most == 0 || median <= most, wanted)
	if most > 0 {
		t.print("  from its sending on", fmt.Sprintf("median %s ms, p99 %s ms", milliseconds(bench.Percentile(l.Sent, 50)), milliseconds(bench.Percentile(l.Sent, 99))), true, "")
	}
	return nil
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()*1000) }

// broker compares what a broker keeps after as many messages about few and about
// many aggregates, once: it has to be waited for.
func (t *table) broker(s sizes, folder string) error {
	const few = 100
	var kept [2]bench.BrokerMemory
	for i, aggregates := range []int{few, s.aggregates} {
		err := inside(folder, func(folder string) (err error) {
			kept[i], err = bench.MemoryOfBroker(folder, aggregates, s.aggregates)
			return err
		})
		if err != nil {
			return err
		}
	}
	ofFew, ofMany, last := []float64{kept[0].Resident}, []float64{kept[1].Resident}, kept[1]
	t.compare(fmt.Sprintf("the broker's memory after %d messages: %d aggregates, against %d", s.aggregates, s.aggregates, few), ofMany, ofFew, "MB", -1.2)
	t.print("  of it", fmt.Sprintf("%.0f MB heap, %.0f MB of JetStream, %.0f MB on disk", last.Heap, last.JetStream, last.Disk), true, fmt.Sprintf("%d streams, %d consumers", last.Streams, last.Consumers))
	return nil
}
