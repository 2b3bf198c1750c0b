// Package cli is the command line landfall. [Main] is the whole program but for
// the process around it; cmd/landfall only calls it.
//
// Each command lives in a file of its own, named after it. What a command does
// beyond reading flags, files and printing belongs into the packages that it
// calls: storm/…, draw, gen, drift.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitFine  = 0
	exitFound = 1 // the storm has errors, or something differs
	exitWrong = 2 // the command line is wrong, or a file cannot be read or written
)

// Main is the program. Its zero value has all commands but those that need the
// [Generator] and the [Comparer]; [New] has them.
type Main struct {
	Version   string    // empty means that of the build
	Generator Generator // makes and updates Go projects
	Comparer  Comparer  // holds storms and Go code against each other
}

// New returns the program as it is shipped.
func New() *Main { return &Main{Generator: projects{}, Comparer: code{}} }

// Run runs one command line and returns the exit code: 0 when all is well, 1
// when the storm has errors or something differs, 2 when the command line is
// wrong or a file cannot be read or written. Colours are used only where stdout
// and stderr are terminals, and not when NO_COLOR is set.
func (m *Main) Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := &command{Main: m, Streams: Streams{In: stdin, Out: stdout, Err: stderr}}
	root := c.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return c.exit(root.ExecuteContext(ctx))
}

// Streams are what a command reads and writes.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// command is one run of the program.
type command struct {
	*Main
	Streams
}

// ErrFound ends a command with the exit code 1. The command has said why.
var ErrFound = errors.New("found something")

// usageError is a mistake in the command line.
type usageError struct {
	message string
	command string // whose help says more
}

func (e *usageError) Error() string { return e.message }

// usage returns a mistake in the command line of a command.
func usage(cmd *cobra.Command, format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...), cmd.CommandPath()}
}

// exit says what went wrong, and returns the exit code.
func (c *command) exit(err error) int {
	var wrong *usageError
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, ErrFound):
		return exitFound
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(c.Err, "landfall: stopped")
		return exitWrong
	case errors.As(err, &wrong):
		fmt.Fprintf(c.Err, "landfall: %s\nRun '%s --help' for how it is used.\n", wrong.message, wrong.command)
		return exitWrong
	}
	fmt.Fprintf(c.Err, "landfall: %s\n", strings.TrimPrefix(err.Error(), "draw: "))
	return exitWrong
}

// root returns the tree of all commands.
func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "landfall",
		Short: "From an Event Storming session to a running system",
		Long: `Landfall takes an Event Storming session to a running system.

A storm is the model of a session as text: a file that ends in .storm, or a
folder of such files. Where a command takes a PATH, it is one of the two; the
current folder when it is left out, and - is standard input.`,
		Example: `  landfall import workshop.json -o workshop.storm   # a board of another tool
  landfall check                                    # what is wrong with the storm here
  landfall draw -o storm.svg                        # the board as a picture`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       c.version(),
		Args:          func(cmd *cobra.Command, args []string) error { return c.unknownCommand(cmd, args) },
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("landfall {{.Version}}\n")
	root.SetFlagErrorFunc(unknownFlag)
	root.AddGroup(
		&cobra.Group{ID: "write", Title: "Write a storm:"},
		&cobra.Group{ID: "read", Title: "Read what it says:"},
	)
	root.AddCommand(
		c.boardCommand(), c.checkCommand(), c.fmtCommand(), c.importCommand(),
		c.drawCommand(), c.glossaryCommand(), c.tasksCommand(), c.reportCommand(), c.exportCommand(),
		c.versionCommand(),
	)
	if build := c.buildCommands(); len(build) > 0 {
		root.AddGroup(&cobra.Group{ID: "build", Title: "Build it:"})
		root.AddCommand(build...)
	}
	root.SetHelpCommand(c.helpCommand(root))
	return root
}
