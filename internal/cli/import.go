package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/importer"
)

func (c *command) importCommand() *cobra.Command {
	var out string
	var force bool
	cmd := &cobra.Command{
		Use:     "import FILE",
		Short:   "Make a storm of a board of another tool",
		GroupID: "write",
		Long: `Import reads a board of another tool and makes a storm of it. What the file is
shows from its content:

  boards of free stickies   kinds, positions, vertical lines, lanes, labels, areas
  typed graphs              nodes, contexts, relations, properties
  Excalidraw drawings       by the colours of the stickies, with their arrows
  Miro boards               what the REST interface returns for items and connectors
  JSON of landfall export   the model itself

The order of time comes from the positions; vertical lines become pivotal events,
labels become sections. What cannot be known stays a free note. A report on
standard error says what was read, what was decided, and what was not known.`,
		Example: `  landfall import workshop.json -o workshop.storm
  landfall import board.excalidraw | landfall check -`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage(cmd, "name the file of a board, or - for standard input")
			}
			return atMost(1)(cmd, args)
		},
		RunE: func(_ *cobra.Command, args []string) error { return c.importBoard(args[0], out, force) },
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "write the storm to this `FILE`")
	cmd.Flags().BoolVar(&force, "force", false, "write even over a file that is there")
	return cmd
}

func (c *command) importBoard(path, out string, force bool) error {
	if filepath.Ext(path) == storm.Extension {
		return fmt.Errorf("%s is a storm already; landfall check reads it", path)
	}
	data, err := c.readBoard(path)
	if err != nil {
		return err
	}
	if _, err := os.Stat(out); out != "" && out != "-" && err == nil && !force {
		return fmt.Errorf("%s is there already; name another file, or say --force", out)
	}
	result, err := importer.Read(path, data)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := c.write(out, result.Text); err != nil {
		return err
	}
	fmt.Fprint(c.Err, result.Report)
	return nil
}

// readBoard reads the file of a board, of one that is too large no more than
// shows it.
func (c *command) readBoard(path string) ([]byte, error) {
	in := c.In
	if path != "-" {
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, noSuchPath(path, err)
		}
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, fmt.Errorf("%s is a folder; name the file of a board", path)
		}
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, importer.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return data, nil
}
