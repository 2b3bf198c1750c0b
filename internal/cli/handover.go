package cli

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall/storm/handover"
)

func (c *command) glossaryCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:     "glossary [PATH]",
		Short:   "Write the dictionary of terms",
		GroupID: "read",
		Long: `Glossary writes the dictionary of a storm as Markdown: the terms of each module,
what each is and means, how the others use it and where it stands; and the words
that stand for several things.`,
		Example: `  landfall glossary
  landfall glossary -o docs/glossary.md`,
		Args:              atMost(1),
		ValidArgsFunction: completePath,
		RunE: func(_ *cobra.Command, args []string) error {
			src, err := c.loadSound(pathOf(args))
			if err != nil {
				return err
			}
			return c.write(out, handover.Glossary(src.Model))
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "write to this `FILE.md`")
	return cmd
}

func (c *command) tasksCommand() *cobra.Command {
	var out string
	var code []string
	cmd := &cobra.Command{
		Use:     "tasks [PATH]",
		Short:   "Write the backlog: what is to be built",
		GroupID: "read",
		Long: `Tasks writes the backlog of a storm as Markdown: by team and module, what is to be
answered and what is to be built, in a sensible order.`,
		Example: `  landfall tasks
  landfall tasks shop.storm -o backlog.md`,
		Args:              atMost(1),
		ValidArgsFunction: completePath,
		RunE: func(cmd *cobra.Command, args []string) error {
			path := pathOf(args)
			src, err := c.loadSound(path)
			if err != nil {
				return err
			}
			var progress handover.Progress
			if c.Comparer != nil && len(code) > 0 {
				if progress, err = c.Comparer.Progress(cmd.Context(), CompareOptions{Path: path, Code: code}, src); err != nil {
					return err
				}
			}
			return c.write(out, handover.Tasks(src.Model, progress))
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "write to this `FILE.md`")
	if c.Comparer != nil {
		cmd.Long += "\n\nWith --code, what the Go code has, as the storm says, is ticked."
		cmd.Example += "\n  landfall tasks --code ./..."
		cmd.Flags().StringSliceVar(&code, "code", nil, "tick what is built in these Go `packages`")
	}
	return cmd
}

func (c *command) reportCommand() *cobra.Command {
	var out string
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "report [PATH]",
		Short:   "Say what the board reveals about flows and teams",
		GroupID: "read",
		Long: `Report steps back from a storm and writes what it reveals, as Markdown: the flows
and the teams that they cross, where work is handed from one team to another, how
many messages run between modules, the open hotspots, and how much there is in
each module.`,
		Example: `  landfall report
  landfall report --json | jq '.handOffs | length'`,
		Args:              atMost(1),
		ValidArgsFunction: completePath,
		RunE: func(_ *cobra.Command, args []string) error {
			src, err := c.loadSound(pathOf(args))
			if err != nil {
				return err
			}
			summary := handover.Summarize(src.Model)
			text := summary.Markdown()
			if asJSON {
				if text, err = json.MarshalIndent(summary, "", "  "); err != nil {
					return err
				}
				text = append(text, '\n')
			}
			return c.write(out, text)
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "write to this `FILE`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return cmd
}
