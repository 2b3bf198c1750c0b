package cli

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm/exporter"
	"github.com/landfall-go/landfall/storm/model"
)

type exportFlags struct{ to, out, module string }

// The formats of other tools.
var exportFormats = []string{"json", "mermaid", "asyncapi", "cml", "eventcatalog"}

func (c *command) exportCommand() *cobra.Command {
	var flags exportFlags
	cmd := &cobra.Command{
		Use:     "export [PATH] --to FORMAT",
		Short:   "Write a storm in the format of another tool",
		GroupID: "read",
		Long: `Export writes a storm for another tool:

  json           the model itself, with a schema; landfall import reads it back
  mermaid        a flowchart of Mermaid
  asyncapi       AsyncAPI 3.0: what a module publishes, accepts, hears and sends over NATS
  cml            Context Mapper's language, with the context map
  eventcatalog   the folder of a catalog for EventCatalog

An AsyncAPI document is that of one module: name it with --module, or give a
folder with -o for a document of each. It is YAML, or JSON for a file that ends
in .json. EventCatalog always needs a folder; files in it that the catalog does
not have stay as they are.`,
		Example: `  landfall export --to json -o storm.json
  landfall export --to asyncapi --module Rover -o rover.yaml
  landfall export --to asyncapi -o api/
  landfall export --to eventcatalog -o catalog`,
		Args:              atMost(1),
		ValidArgsFunction: completePath,
		RunE:              func(cmd *cobra.Command, args []string) error { return c.export(cmd, pathOf(args), flags) },
	}
	wordFlag(cmd, &flags.to, "to", "", "the format: "+strings.Join(exportFormats, ", "), exportFormats)
	cmd.Flags().StringVarP(&flags.out, "output", "o", "", "write to this `FILE` or folder")
	cmd.Flags().StringVar(&flags.module, "module", "", "the `NAME` of the module of an AsyncAPI document")
	return cmd
}

func (c *command) export(cmd *cobra.Command, path string, flags exportFlags) error {
	to, err := oneOf(cmd, "to", flags.to, exportFormats)
	if err != nil {
		return err
	}
	if flags.module != "" && to != "asyncapi" {
		return usage(cmd, "--module is for --to asyncapi only")
	}
	if to == "eventcatalog" && (flags.out == "" || flags.out == "-") {
		return usage(cmd, "a catalog is a folder: name it with -o")
	}
	src, err := c.loadSound(path)
	if err != nil {
		return err
	}
	switch to {
	case "json":
		return c.one(flags.out)(exporter.JSON(src.Model))
	case "mermaid":
		return c.one(flags.out)(draw.Mermaid(src.Model, draw.Options{}))
	case "cml":
		return c.write(flags.out, exporter.CML(src.Model))
	case "eventcatalog":
		files, err := exporter.EventCatalog(src.Model)
		if err != nil {
			return err
		}
		return writeFolder(flags.out, files)
	}
	return c.exportAsyncAPI(cmd, src.Model, flags)
}

// one writes a single file, when there was no error in making it.
func (c *command) one(out string) func([]byte, error) error {
	return func(text []byte, err error) error {
		if err != nil {
			return err
		}
		return c.write(out, text)
	}
}

func (c *command) exportAsyncAPI(cmd *cobra.Command, s *model.Storm, flags exportFlags) error {
	modules, err := speaking(cmd, s, flags.module)
	if err != nil {
		return err
	}
	if isFolder(flags.out) {
		files := map[string][]byte{}
		for _, m := range modules {
			if files[exporter.ModuleName(s, m)+".yaml"], err = exporter.AsyncAPI(s, m); err != nil {
				return err
			}
		}
		return writeFolder(flags.out, files)
	}
	if len(modules) > 1 {
		return usage(cmd, "%d modules have messages: name one with --module (%s), or a folder with -o",
			len(modules), strings.Join(moduleNames(modules), ", "))
	}
	if filepath.Ext(flags.out) == ".json" {
		return c.one(flags.out)(exporter.AsyncAPIJSON(s, modules[0]))
	}
	return c.one(flags.out)(exporter.AsyncAPI(s, modules[0]))
}

// isFolder reports whether a path is that of a folder, or is written like one.
func isFolder(path string) bool {
	if path == "" || path == "-" {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir() || os.IsPathSeparator(path[len(path)-1])
}

// speaking returns the modules that exchange messages, or the one that was
// named.
func speaking(cmd *cobra.Command, s *model.Storm, name string) ([]*model.Module, error) {
	if name != "" {
		m := s.Module(name)
		if m == nil {
			names := moduleNames(s.Modules)
			return nil, usage(cmd, "there is no module %s%s", name, suggestion(name, names))
		}
		if _, err := exporter.AsyncAPI(s, m); errors.Is(err, exporter.ErrNoMessages) {
			return nil, fmt.Errorf("module %s: %w", name, err)
		}
		return []*model.Module{m}, nil
	}
	var out []*model.Module
	for m := range s.All() {
		if _, err := exporter.AsyncAPI(s, m); err == nil {
			out = append(out, m)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("no module of the storm exchanges messages yet: it publishes nothing and has no commands")
	}
	return out, nil
}

func moduleNames(list []*model.Module) []string {
	var out []string
	for _, m := range list {
		if !m.IsFree() {
			out = append(out, m.Name)
		}
	}
	return out
}

// writeFolder writes files into a folder, which is made when it is missing.
func writeFolder(dir string, files map[string][]byte) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file; name a folder", dir)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := writeFile(path, files[name]); err != nil {
			return err
		}
	}
	return nil
}
