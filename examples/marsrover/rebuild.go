package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall"
)

// rebuilt is what became of one projection.
type rebuilt struct {
	Projection string  `json:"projection"`
	Events     uint64  `json:"events"`
	Seconds    float64 `json:"seconds"`
}

func (m *Main) rebuild() *cobra.Command {
	var db string
	var asJSON bool
	c := &cobra.Command{
		Use:   "rebuild",
		Short: "Build all projections anew from the log",
		Long: `Rebuild builds each projection anew from the log, beside the one in use, and then
swaps them. Its progress goes to the standard error.`,
		Example: "  marsrover rebuild\n  marsrover rebuild --db fleet.db",
		Args:    arguments(),
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := m.openDB(c.Context(), db)
			if err != nil {
				return err
			}
			return s.end(m.rebuildAll(c.Context(), s, asJSON))
		},
	}
	dbFlag(c.Flags(), &db)
	jsonFlag(c.Flags(), &asJSON)
	return c
}

func (m *Main) rebuildAll(ctx context.Context, s *system, asJSON bool) error {
	done := []rebuilt{}
	for _, name := range s.host.Projections() {
		one, err := m.rebuildOne(ctx, s, name)
		if err != nil {
			return err
		}
		done = append(done, one)
		if asJSON {
			continue
		}
		if _, err := fmt.Fprintf(m.Stdout, "%s: rebuilt from %s events in %.2f s\n", name, comma(one.Events), one.Seconds); err != nil {
			return err
		}
	}
	if asJSON {
		return writeJSON(m.Stdout, done)
	}
	return nil
}

func (m *Main) rebuildOne(ctx context.Context, s *system, name string) (rebuilt, error) {
	bar := &progress{out: m.Stderr, bar: m.Bars, what: name}
	defer bar.stop()
	begun := time.Now()
	one := rebuilt{Projection: name}
	err := s.host.Rebuild(ctx, name, func(p landfall.Progress) {
		one.Events = p.Done
		bar.at(p.Done, p.Total)
	})
	one.Seconds = time.Since(begun).Seconds()
	return one, err
}
