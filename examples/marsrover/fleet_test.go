package main

import (
	"context"
	"io"
	"path/filepath"
	"testing"
)

// BenchmarkFleet drives fleets of 1,000 rovers on SQLite, with all that follows.
func BenchmarkFleet(b *testing.B) {
	var events, commands int64
	m := &Main{Stdout: io.Discard, Stderr: io.Discard}
	s, err := m.createDB(context.Background(), filepath.Join(b.TempDir(), "fleet.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.close()
	var t tally
	s.trace.heard = t.hear
	s.console.to(io.Discard, all)
	s.host.Start()
	b.ReportAllocs()
	seed := uint64(0)
	for b.Loop() {
		seed++
		if err := newFleet(1000, 50, seed).drive(b.Context(), s.host, &t); err != nil {
			b.Fatal(err)
		}
		if err := s.host.Settle(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	events, commands = t.events.Load(), t.commands.Load()
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(commands)/b.Elapsed().Seconds(), "commands/s")
}
