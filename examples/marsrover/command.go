package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Exit codes of the program.
const (
	exitDone   = 0 // also when the rover found an obstacle
	exitFailed = 1
	exitUsage  = 2 // bad input; nothing was stored and no file made
)

// Main is the program with its connections to the world.
type Main struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Colours says that Stdout shows colours.
	Colours bool
	// Bars says that Stderr is a terminal, on which a progress bar can move.
	Bars bool
}

// Run performs one command line and returns the exit code.
func (m Main) Run(ctx context.Context, args ...string) int {
	out := &output{to: m.Stdout}
	m.Stdout = out
	started := false
	root := m.commands()
	root.SetArgs(args)
	root.SetIn(m.Stdin)
	root.SetOut(m.Stdout)
	root.SetErr(m.Stderr)
	root.PersistentPreRun = func(*cobra.Command, []string) { started = true }
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = out.err
	}
	if err == nil {
		return exitDone
	}
	m.complain(err)
	var bad *badInput
	if !started || errors.As(err, &bad) {
		return exitUsage
	}
	return exitFailed
}

// complain prints an error, and what joined errors have in common once: a full
// disk troubles the closing of the database too.
func (m *Main) complain(err error) {
	said := map[string]bool{}
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); !said[line] {
			said[line] = true
			fmt.Fprintf(m.Stderr, "marsrover: %s\n", line)
		}
	}
}

// badInput is a mistake in what the user typed.
type badInput struct{ error }

func (b *badInput) Unwrap() error { return b.error }

// output remembers that writing failed, so that a report that reached nobody
// is not taken for success.
type output struct {
	to  io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	if err != nil && o.err == nil {
		o.err = fmt.Errorf("write the output: %w", err)
	}
	return n, err
}

func (m *Main) commands() *cobra.Command {
	root := &cobra.Command{
		Use:   "marsrover",
		Short: "Drive rovers over a grid",
		Long: `Marsrover drives rovers over a grid, which wraps at its edges and may hold obstacles.

What a rover did is kept in a database, by default marsrover.db in the current
folder, and later commands show it or go on from there. Serve runs the modules
for good, in one process or in several; the other commands reach them with --nats.`,
		Example: `  marsrover run RMLMM
  marsrover run --world 4x4 --obstacle 2,2 RMMLMMMMMM
  marsrover rovers`,
		SuggestionsMinimumDistance: 2,

		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          unknownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(suggestFlag)
	root.AddCommand(m.run(), m.goOn(), m.rovers(), m.path(), m.obstacles(), m.show(), m.fleet(), m.rebuild(), m.deadLetters(), m.serve())
	return root
}

// unknownCommand names the commands that were perhaps meant.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("unknown command %q%s", args[0], meant(c.SuggestionsFor(args[0]), `see "marsrover help"`))
}

// suggestFlag names the flags that were perhaps meant.
func suggestFlag(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	known := &cobra.Command{SuggestionsMinimumDistance: 2} // it knows how to compare names
	c.Flags().VisitAll(func(f *pflag.Flag) {
		known.AddCommand(&cobra.Command{Use: f.Name, Run: func(*cobra.Command, []string) {}})
	})
	flags := known.SuggestionsFor(unknown.GetSpecifiedName())
	for i := range flags {
		flags[i] = "--" + flags[i]
	}
	return fmt.Errorf("%w%s", err, meant(flags, fmt.Sprintf(`see "%s --help"`, c.CommandPath())))
}

func meant(names []string, otherwise string) string {
	if len(names) == 0 {
		return "; " + otherwise
	}
	return "; did you mean " + strings.Join(names, " or ") + "?"
}

// arguments wants exactly these arguments, and says which one is missing.
func arguments(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return fmt.Errorf(`%s is missing; see "%s --help"`, names[len(args)], c.CommandPath())
		case len(args) > len(names):
			return fmt.Errorf(`the argument %q is one too many; see "%s --help"`, args[len(names)], c.CommandPath())
		}
		return nil
	}
}
