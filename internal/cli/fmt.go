package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/format"
)

type fmtFlags struct{ list, diff, write bool }

func (c *command) fmtCommand() *cobra.Command {
	var flags fmtFlags
	cmd := &cobra.Command{
		Use:     "fmt [PATH]",
		Short:   "Print storms in their one canonical form",
		GroupID: "write",
		Long: `Fmt works as gofmt does. Without flags it prints the formatted text; -w writes it
back to the files instead, -l lists the files that would change, -d shows how
they would change. The flags can be combined. In a folder it takes the storm
files of all folders below too.

With -d, files that would change make the exit code 1. A file with mistakes in
its text is not formatted: they are reported, and the exit code is 2.`,
		Example: `  landfall fmt -w
  landfall fmt -l examples
  landfall fmt - < draft.storm`,
		Args:              atMost(1),
		ValidArgsFunction: completePath,
		RunE:              func(_ *cobra.Command, args []string) error { return c.fmt(pathOf(args), flags) },
	}
	cmd.Flags().BoolVarP(&flags.list, "list", "l", false, "list files that are not in canonical form")
	cmd.Flags().BoolVarP(&flags.diff, "diff", "d", false, "show differences")
	cmd.Flags().BoolVarP(&flags.write, "write", "w", false, "write the result to the files")
	return cmd
}

// errText says that a file has mistakes, which were reported.
var errText = errors.New("not formatted: files with mistakes in their text")

func (c *command) fmt(path string, flags fmtFlags) error {
	if path == "-" {
		text, err := c.readStdin()
		if err != nil {
			return err
		}
		if flags.write {
			return errors.New("there is no file to write back to: standard input was read")
		}
		return c.formatFile(stdinName, text, flags)
	}
	paths, err := stormFiles(path)
	if err != nil {
		return err
	}
	var found, failed error
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		switch err := c.formatFile(p, text, flags); {
		case errors.Is(err, ErrFound):
			found = err
		case errors.Is(err, errText):
			failed = err
		case err != nil:
			return err
		}
	}
	return errors.Join(failed, found)
}

// stormFiles returns the storm files at a path, and in all folders below.
func stormFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, noSuchPath(path, err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var out []string
	err = filepath.WalkDir(path, func(p string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && filepath.Ext(p) == storm.Extension {
			out = append(out, p)
		}
		return err
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("%s: %w", path, storm.ErrNoStorm)
	}
	return out, err
}

func (c *command) formatFile(path string, text []byte, flags fmtFlags) error {
	formatted, err := format.Source(text)
	if err != nil {
		return c.refuse(path, text, err)
	}
	if !flags.list && !flags.diff && !flags.write {
		_, err := c.Out.Write(formatted)
		return err
	}
	if bytes.Equal(text, formatted) {
		return nil
	}
	if flags.list {
		fmt.Fprintln(c.Out, path)
	}
	if flags.write {
		if err := writeFile(path, formatted); err != nil {
			return err
		}
	}
	if flags.diff {
		if _, err := c.Out.Write(diff.Diff(path+".orig", text, path, formatted)); err != nil {
			return err
		}
		return ErrFound
	}
	return nil
}

// refuse reports the mistakes of a file that cannot be formatted.
func (c *command) refuse(path string, text []byte, err error) error {
	var list diag.List
	if !errors.As(err, &list) {
		return err
	}
	src := storm.Parse(storm.File{Path: path, Text: text})
	p := c.printer(c.Err, src)
	for _, d := range list {
		d.Place.File = path
		d.Fixes = nil
		p.diagnostic(d)
	}
	return errText
}
