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
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/parse"
	"github.com/landfall-go/landfall/storm/spell"
)

// stdinName is what standard input is called in messages.
const stdinName = "<standard input>"

// pathOf returns the path that a command was given, or the current folder.
func pathOf(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

// completePath completes the path of a storm.
func completePath(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"storm"}, cobra.ShellCompDirectiveFilterFileExt
}

// load reads the storm at a path.
func (c *command) load(path string) (*storm.Source, error) {
	if path == "-" {
		text, err := c.readStdin()
		if err != nil {
			return nil, err
		}
		return storm.Parse(storm.File{Path: stdinName, Text: text}), nil
	}
	src, err := storm.Load(path)
	if err != nil {
		return nil, noSuchPath(path, err)
	}
	return src, nil
}

// readStdin reads standard input, of what is too large no more than shows it.
func (c *command) readStdin() ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(c.In, parse.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read standard input: %w", err)
	}
	return text, nil
}

// noSuchPath suggests a file for one that is not there.
func noSuchPath(path string, err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	dir, name := filepath.Split(path)
	entries, _ := os.ReadDir(filepath.Clean(dir + "."))
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if near := spell.Nearest(name, names); near != "" {
		return fmt.Errorf("there is no file or folder %s; did you mean %s?", path, filepath.Join(dir, near))
	}
	return fmt.Errorf("there is no file or folder %s", path)
}

// loadSound reads a storm that has no errors in its text. One that has is
// refused, with the errors.
func (c *command) loadSound(path string) (*storm.Source, error) {
	src, err := c.load(path)
	if err != nil {
		return nil, err
	}
	errs := src.Diagnostics.AtLeast(diag.Error)
	if len(errs) == 0 {
		return src, nil
	}
	p := c.printer(c.Err, src)
	for _, d := range errs {
		p.diagnostic(d)
	}
	p.line("The text of the storm has %s; nothing was written.", plural(len(errs), "error"))
	return nil, ErrFound
}

// write writes a result to the file that was named, or to standard output.
func (c *command) write(path string, text []byte) error {
	if path == "" || path == "-" {
		_, err := c.Out.Write(text)
		return err
	}
	return writeFile(path, text)
}

// writeFile writes a file at once: whoever reads it sees the old text or the
// new, and when it cannot be written the old one stays. The rights of a file
// that was there stay too.
func writeFile(path string, text []byte) error {
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		if info.IsDir() {
			return fmt.Errorf("%s is a folder; name a file", path)
		}
		mode = info.Mode().Perm()
		if !info.Mode().IsRegular() { // a device or a pipe
			return os.WriteFile(path, text, mode)
		}
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	dir := filepath.Dir(path)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot write %s: there is no folder %s", path, dir)
	}
	f, err := os.CreateTemp(dir, ".landfall-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}
