package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
)

const sequenceHelp = `COMMANDS is a sequence of R (turn right), L (turn left) and M (move one square
ahead), such as RMLMM; "-" reads it from the standard input. An obstacle ends it:
the rover is turned off, and the commands left are not sent.`

const outputHelp = `Commands and events are printed as they happen, then the grid, and the rover's
coordinate alone on the last line. With --quiet or --json, the console's message
of an obstacle goes to the standard error.`

const remoteHelp = `With --nats the rover is driven in a system that runs, such as one of "marsrover
serve". What its policies do is printed by its own processes; the grid and the
rover's status at the end are those after its policies have answered.`

func (m *Main) run() *cobra.Command {
	world := rover.World{Width: 10, Height: 10}
	at := startFlag{text: "0,0,N", direction: rover.N}
	var obstacles obstaclesFlag
	var w where
	var v view
	c := &cobra.Command{
		Use:   "run COMMANDS",
		Short: "Start a rover and drive it",
		Long:  "Run puts a new rover on a grid and drives it.\n\n" + sequenceHelp + "\n\n" + outputHelp + "\n\n" + remoteHelp,
		Example: `  marsrover run RMLMM
  marsrover run --world 4x4 --at 0,0,N --obstacle 2,2 RMMLMMMMMM
  marsrover run --json --obstacle 2,2 --obstacle 0,3 MMMMM
  marsrover run --quiet --svg rover.svg RMLMM
  marsrover run --nats nats://127.0.0.1:4222 --obstacle 2,2 RMMLMMMMMM`,
		Args: arguments("COMMANDS"),
		RunE: func(c *cobra.Command, args []string) error {
			commands, err := sequence(c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			first, err := start(world, at, obstacles)
			if err != nil {
				return err
			}
			s, err := m.create(c.Context(), &w)
			if err != nil {
				return err
			}
			id := landfall.NewAggregateID()
			return s.end(m.drive(c, s, id, append([]landfall.Command{first}, commands...), v))
		},
	}
	c.Flags().Var(worldFlag{&world}, "world", "width and height of the grid")
	c.Flags().Var(&at, "at", "where the rover starts, facing N, E, S or W; 0,0 is at the lower left")
	c.Flags().Var(&obstacles, "obstacle", "a square that is blocked; may be repeated")
	w.addFlags(c.Flags())
	v.flags(c.Flags())
	return c
}

func (m *Main) goOn() *cobra.Command {
	var w where
	var v view
	c := &cobra.Command{
		Use:   "continue ID COMMANDS",
		Short: "Go on with a rover of an earlier run",
		Long:  "Continue drives a rover that was started before.\n\n" + sequenceHelp + "\n\n" + outputHelp + "\n\n" + remoteHelp,
		Example: `  marsrover continue 0198c7a2-5f3e-7b1d-9c44-2f6f0a1b3c5d MMRM
  marsrover continue $(marsrover rovers | tail -1) LLM`,
		Args: arguments("ID", "COMMANDS"),
		RunE: func(c *cobra.Command, args []string) error {
			commands, err := sequence(c.InOrStdin(), args[1])
			if err != nil {
				return err
			}
			s, err := m.open(c.Context(), &w)
			if err != nil {
				return err
			}
			id := landfall.AggregateID(args[0])
			if _, err := s.known(c.Context(), id); err != nil {
				return s.end(err)
			}
			return s.end(m.drive(c, s, id, commands, v))
		},
	}
	w.addFlags(c.Flags())
	v.flags(c.Flags())
	return c
}

func (m *Main) drive(c *cobra.Command, s *system, id landfall.AggregateID, commands []landfall.Command, v view) error {
	if v.json || v.quiet {
		s.console.to(m.Stderr, all)
	} else {
		s.console.to(m.Stdout, all)
		s.trace.shown.Store(true)
	}
	driven, err := s.drive(c.Context(), id, commands)
	if err != nil {
		return unfinished(id, len(commands), driven, reason(c.Context(), err))
	}
	r, err := s.report(c.Context(), id)
	if err != nil {
		return err
	}
	r.Remaining = &driven.Left
	return m.present(r, v)
}

// unfinished says what became of the rover when a run failed.
func unfinished(id landfall.AggregateID, commands int, driven landfall.Report, err error) error {
	done := commands - driven.Left
	if errors.Is(err, landfall.ErrRejected) {
		return fmt.Errorf("%w (%d of %d commands were carried out)", err, done, commands)
	}
	return fmt.Errorf(`%w: %d of %d commands to rover %s were carried out, and are kept; "marsrover continue" goes on`,
		err, done, commands, id)
}

// reason returns why the context ended, such as a signal, or else the error.
func reason(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

func dbFlag(flags *pflag.FlagSet, file *string) {
	flags.StringVar(file, "db", "marsrover.db", "the `FILE` of the database")
}

func jsonFlag(flags *pflag.FlagSet, asJSON *bool) {
	flags.BoolVar(asJSON, "json", false, "print JSON")
}

func svgFlag(flags *pflag.FlagSet, file *string) {
	flags.StringVar(file, "svg", "", "save a picture of the grid as `FILE`")
}

func (v *view) flags(flags *pflag.FlagSet) {
	flags.BoolVar(&v.json, "json", false, "print one JSON object and no log")
	flags.BoolVar(&v.quiet, "quiet", false, "print the coordinate only")
	svgFlag(flags, &v.svg)
}
