package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/handover"
)

// Generator makes Go projects of storms, and keeps them up with their storms.
// Its methods print for people, and return ErrFound when something was found
// that makes the exit code 1.
type Generator interface {
	// NewProject makes a new project.
	NewProject(ctx context.Context, s Streams, o NewOptions) error
	// Generate generates the code of a project again, or says what would change.
	Generate(ctx context.Context, s Streams, o GenerateOptions) error
}

// NewOptions say which project is made.
type NewOptions struct {
	Dir    string // the folder, missing or empty
	From   string // the path of the storm; empty for a sample
	Module string // the module path; empty for one after the folder
	Source string // the folder of a Landfall to build with; empty for the released one
}

// GenerateOptions say what is generated.
type GenerateOptions struct {
	Path  string // of the storm
	Out   string // the folder of the project; empty for that of the storm
	Check bool   // write nothing, and find what would change
}

// Comparer holds storms and Go code against each other. Its methods print for
// people, and return ErrFound when there is a difference.
type Comparer interface {
	// Compare says what differs.
	Compare(ctx context.Context, s Streams, o CompareOptions) error
	// Progress says how far each element of a storm is built.
	Progress(ctx context.Context, o CompareOptions, src *storm.Source) (handover.Progress, error)
}

// CompareOptions say what is compared.
type CompareOptions struct {
	Path string   // of the storm
	Code []string // patterns of packages, as for the go command
	JSON bool     // print JSON
}

// buildCommands returns the commands of what is plugged in.
func (c *command) buildCommands() []*cobra.Command {
	var out []*cobra.Command
	if c.Generator != nil {
		out = append(out, c.newCommand(), c.genCommand())
	}
	if c.Comparer != nil {
		out = append(out, c.driftCommand())
	}
	return out
}

func (c *command) newCommand() *cobra.Command {
	var o NewOptions
	cmd := &cobra.Command{
		Use:     "new DIR",
		Short:   "Make a running Go project of a storm",
		GroupID: "build",
		Long: `New makes a Go project that builds, runs and passes its tests at once: the code of
the storm's modules, a program with an embedded store, a module file, a Makefile
and tests of the scenarios. Without --from it begins with a small sample.`,
		Example: `  landfall new shop --from shop.storm --module example.com/shop
  landfall new playground`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage(cmd, "name the folder of the project")
			}
			return atMost(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dir = args[0]
			return c.Generator.NewProject(cmd.Context(), c.Streams, o)
		},
	}
	cmd.Flags().StringVar(&o.From, "from", "", "the `PATH` of the storm")
	cmd.Flags().StringVar(&o.Source, "landfall", "", "build with the Landfall in this `DIR`, not with the released one")
	cmd.Flags().StringVar(&o.Module, "module", "", "the module path, such as `example.com/shop`")
	return cmd
}

func (c *command) genCommand() *cobra.Command {
	var o GenerateOptions
	cmd := &cobra.Command{
		Use:     "gen [PATH]",
		Short:   "Generate the Go code of a storm, again",
		GroupID: "build",
		Long: `Gen brings the generated Go code of a project up to its storm. Files that are
generated are marked as such and written anew; what people write is never
touched: where the storm asks for more, a scaffold is added once, or the compiler
asks for it.

With --check nothing is written, and the exit code is 1 when something would
change.`,
		Example: `  landfall gen
  landfall gen shop.storm --out ./shop
  landfall gen --check`,
		Args:              atMost(1),
		ValidArgsFunction: completePath,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Path = pathOf(args)
			return c.Generator.Generate(cmd.Context(), c.Streams, o)
		},
	}
	cmd.Flags().StringVar(&o.Out, "out", "", "the `DIR` of the project (default: that of the storm)")
	cmd.Flags().BoolVar(&o.Check, "check", false, "write nothing, and fail when something would change")
	return cmd
}

func (c *command) driftCommand() *cobra.Command {
	var o CompareOptions
	cmd := &cobra.Command{
		Use:     "drift [PATH]",
		Short:   "Hold a storm and its Go code against each other",
		GroupID: "build",
		Long: `Drift reads the wiring and the types of Go code, without running it, and says where
it and the storm part ways: with the place on both sides, and the command or the
edit that mends it. A difference makes the exit code 1.`,
		Example: `  landfall drift
  landfall drift shop.storm --code ./shop/...
  landfall drift --json`,
		Args:              atMost(1),
		ValidArgsFunction: completePath,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Path = pathOf(args)
			return c.Comparer.Compare(cmd.Context(), c.Streams, o)
		},
	}
	cmd.Flags().StringSliceVar(&o.Code, "code", nil, "the Go `packages` (default: those in the folder of the storm and below)")
	cmd.Flags().BoolVar(&o.JSON, "json", false, "report as JSON")
	return cmd
}
