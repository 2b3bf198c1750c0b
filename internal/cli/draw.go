package cli

import (
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall/draw"
)

type drawFlags struct{ out, view, theme, format string }

var themes = []draw.Theme{draw.Light, draw.Dark}

func (c *command) drawCommand() *cobra.Command {
	var flags drawFlags
	cmd := &cobra.Command{
		Use:     "draw [PATH] [NAME] -o FILE",
		Short:   "Draw a storm as the board that the session left",
		GroupID: "read",
		Long: `Draw writes a picture of a storm. The ending of the file says which: .svg, .png,
.mmd (Mermaid), .dot (Graphviz) or .md (Markdown with the picture and the words).
With -o - the picture goes to standard output, as SVG or as --format says.

The views:

  storm            the whole board, time from left to right
  modules          the messages that run between modules
  flow NAME        one named flow, step by step
  aggregate NAME   one aggregate or system with all that touches it
  teams            the messages and flows that cross teams

NAME may be left out where the storm has only one.`,
		Example: `  landfall draw -o storm.svg
  landfall draw shop.storm -o modules.png --view modules --theme dark
  landfall draw --view flow "happy path" -o happy.svg`,
		Args:              atMost(2),
		ValidArgsFunction: completePath,
		RunE:              func(cmd *cobra.Command, args []string) error { return c.draw(cmd, args, flags) },
	}
	cmd.Flags().StringVarP(&flags.out, "output", "o", "", "write the picture to this `FILE` (.svg, .png, .mmd, .dot or .md)")
	wordFlag(cmd, &flags.view, "view", string(draw.StormView), "storm, modules, flow, aggregate or teams", draw.Views)
	wordFlag(cmd, &flags.theme, "theme", string(draw.Light), "light or dark", themes)
	wordFlag(cmd, &flags.format, "format", "", "of the picture, whatever the file is called", draw.Formats)
	return cmd
}

func (c *command) draw(cmd *cobra.Command, args []string, flags drawFlags) error {
	options, err := drawOptions(cmd, flags)
	if err != nil {
		return err
	}
	format, err := pictureFormat(cmd, flags)
	if err != nil {
		return err
	}
	path, name, err := pathAndName(cmd, args, options.View)
	if err != nil {
		return err
	}
	options.Name = name
	src, err := c.loadSound(path)
	if err != nil {
		return err
	}
	picture, err := draw.Render(src.Model, format, options)
	if errors.Is(err, draw.ErrNoName) {
		return usage(cmd, "%s", strings.TrimPrefix(err.Error(), "draw: "))
	}
	if err != nil {
		return err
	}
	return c.write(flags.out, picture)
}

func drawOptions(cmd *cobra.Command, flags drawFlags) (draw.Options, error) {
	view, name, named := strings.Cut(flags.view, " ")
	var o draw.Options
	var err error
	if o.View, err = oneOf(cmd, "view", view, draw.Views); err != nil {
		return o, err
	}
	if named {
		o.Name = strings.TrimSpace(name)
	}
	o.Theme, err = oneOf(cmd, "theme", flags.theme, themes)
	return o, err
}

// pictureFormat returns the format that was said, or that the file's name says.
func pictureFormat(cmd *cobra.Command, flags drawFlags) (draw.Format, error) {
	switch {
	case flags.out == "":
		return "", usage(cmd, "say where to: -o storm.svg, or -o - for standard output")
	case flags.format != "":
		return oneOf(cmd, "format", flags.format, draw.Formats)
	case flags.out == "-":
		return draw.SVGFormat, nil
	}
	format, err := draw.FormatOf(flags.out)
	if err != nil {
		return "", usage(cmd, "%s", strings.TrimPrefix(err.Error(), "draw: "))
	}
	return format, nil
}

// pathAndName tells the path of the storm from the name of what is drawn. A
// single word is the path when there is something at it.
func pathAndName(cmd *cobra.Command, args []string, view draw.View) (path, name string, err error) {
	isPath := func(word string) bool {
		_, err := os.Stat(word)
		return word == "-" || err == nil
	}
	named := view == draw.FlowView || view == draw.AggregateView
	switch {
	case len(args) == 0:
		return ".", "", nil
	case len(args) == 2 && !named:
		return "", "", usage(cmd, "the view %s takes no name, but there is %q", view, args[1])
	case len(args) == 2 && !isPath(args[0]) && isPath(args[1]):
		return args[1], args[0], nil
	case len(args) == 2:
		return args[0], args[1], nil
	case named && !isPath(args[0]):
		return ".", args[0], nil
	}
	return args[0], "", nil
}
