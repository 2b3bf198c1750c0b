package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
)

func (m *Main) rovers() *cobra.Command {
	return m.query("rovers", "List the rovers that were started", `  marsrover rovers
  marsrover rovers --db fleet.db --json
  marsrover rovers --nats nats://127.0.0.1:4222`,
		func(ctx context.Context, s *system, _ []string, asJSON bool) error {
			ids := []string{}
			for start, err := range s.starts.All(ctx, "") {
				if err != nil {
					return err
				}
				ids = append(ids, start.Key)
			}
			return m.list(ids, asJSON)
		})
}

func (m *Main) path() *cobra.Command {
	return m.query("path ID", "Show where a rover has stood, the start included", `  marsrover path 0198c7a2-5f3e-7b1d-9c44-2f6f0a1b3c5d
  marsrover path $(marsrover rovers | tail -1) --json`,
		func(ctx context.Context, s *system, args []string, asJSON bool) error {
			id := landfall.AggregateID(args[0])
			if _, err := s.known(ctx, id); err != nil {
				return err
			}
			path, err := s.path(ctx, id)
			if err != nil {
				return err
			}
			if asJSON {
				return m.list(path, true)
			}
			return m.list([]string{pathLine(path)}, false)
		})
}

func (m *Main) obstacles() *cobra.Command {
	return m.query("obstacles", "List the obstacles that rovers have found", `  marsrover obstacles
  marsrover obstacles --json`,
		func(ctx context.Context, s *system, _ []string, asJSON bool) error {
			var points []rover.Point
			for found, err := range s.obstacles.All(ctx, "") {
				if err != nil {
					return err
				}
				points = append(points, found.Document.Points...)
			}
			return m.list(distinct(points), asJSON)
		})
}

func (m *Main) show() *cobra.Command {
	var svg string
	c := m.query("show ID", "Show a rover on its grid", `  marsrover show 0198c7a2-5f3e-7b1d-9c44-2f6f0a1b3c5d
  marsrover show $(marsrover rovers | tail -1) --svg rover.svg`,
		func(ctx context.Context, s *system, args []string, asJSON bool) error {
			r, err := s.report(ctx, landfall.AggregateID(args[0]))
			if err != nil {
				return err
			}
			return m.present(r, view{json: asJSON, svg: svg})
		})
	svgFlag(c.Flags(), &svg)
	return c
}

// query makes a command that shows something of what is there.
func (m *Main) query(use, short, example string, show func(context.Context, *system, []string, bool) error) *cobra.Command {
	var w where
	var asJSON bool
	c := &cobra.Command{
		Use:     use,
		Short:   short,
		Example: example,
		Args:    arguments(strings.Fields(use)[1:]...),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := m.open(c.Context(), &w)
			if err != nil {
				return err
			}
			return s.end(show(c.Context(), s, args, asJSON))
		},
	}
	w.addFlags(c.Flags())
	jsonFlag(c.Flags(), &asJSON)
	return c
}
