package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/diag"
)

// projects is the Generator of package gen.
type projects struct{}

// NewProject implements Generator.
func (g projects) NewProject(ctx context.Context, s Streams, o NewOptions) error {
	var src *storm.Source
	var files []storm.File
	if o.From != "" {
		var err error
		if src, err = storm.Load(o.From); err != nil {
			return noSuchPath(o.From, err)
		}
		files = src.Files
	}
	options := gen.ProjectOptions{Module: o.Module, Replace: o.Source}
	if options.Module == "" {
		dir, err := filepath.Abs(o.Dir)
		if err != nil {
			return err
		}
		options.Module = strings.ToLower(filepath.Base(dir))
	}
	if err := module.CheckImportPath(options.Module); err != nil {
		return fmt.Errorf("%w; name the module with --module, such as --module example.com/shop", err)
	}
	if info, err := os.Stat(o.Dir); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file; name a folder that is new or empty", o.Dir)
	}
	if options.Replace == "" && fromClone() {
		options.Replace = sourceFolder() // its version need not be published
	}
	found, err := gen.New(ctx, o.Dir, files, options)
	if errors.Is(err, gen.ErrVersion) {
		// Built from source, not from a release: build the project with the same.
		if options.Replace = sourceFolder(); options.Replace != "" {
			found, err = gen.New(ctx, o.Dir, files, options)
		}
	}
	report(s, src, found)
	switch {
	case errors.Is(err, gen.ErrUnfit):
		return ErrFound
	case err != nil:
		return err
	}
	fmt.Fprintf(s.Out, "made %s; next: cd %s && make test && make run\n", o.Dir, o.Dir)
	return nil
}

// fromClone says whether this program was built in a clone, not from a published
// version.
func fromClone() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "vcs" })
}

// sourceFolder returns the folder that this program was built from, or "" when
// it is not there any more.
func sourceFolder() string {
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		return ""
	}
	folder := filepath.Join(filepath.Dir(file), "..", "..")
	text, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	if err != nil || modfile.ModulePath(text) != "github.com/landfall-go/landfall" {
		return ""
	}
	return folder
}

// Generate implements Generator.
func (g projects) Generate(_ context.Context, s Streams, o GenerateOptions) error {
	src, err := storm.Load(o.Path)
	if err != nil {
		return noSuchPath(o.Path, err)
	}
	dir := o.Out
	if dir == "" {
		dir = folderOf(o.Path)
	}
	path, err := importPath(dir)
	if err != nil {
		return err
	}
	if src.Diagnostics.Err() != nil {
		report(s, src, src.Diagnostics)
		return ErrFound
	}
	plan, err := gen.Compare(os.DirFS(dir), src.Model, gen.Options{Import: path})
	if plan != nil {
		report(s, src, plan.Diagnostics)
	}
	switch {
	case errors.Is(err, gen.ErrUnfit):
		return ErrFound
	case err != nil:
		return err
	}
	if !o.Check {
		if err := plan.Apply(dir); err != nil {
			return err
		}
	}
	tell(s, plan, dir)
	if o.Check && len(plan.Changes) > 0 {
		fmt.Fprintf(s.Err, "landfall: %s would change; run landfall gen %s\n", plural(len(plan.Changes), "file"), o.Path)
		return ErrFound
	}
	return nil
}

// tell prints what a plan does, and what it leaves to people.
func tell(s Streams, plan *gen.Plan, dir string) {
	for _, c := range plan.Changes {
		fmt.Fprintf(s.Out, "%-8s %s\n", c.Action, filepath.Join(dir, filepath.FromSlash(c.Path)))
	}
	for _, m := range plan.Missing {
		fmt.Fprintf(s.Out, "missing  %s in %s; begin with\n\n\t%s\n\n", m.Name, filepath.Join(dir, filepath.FromSlash(m.Path)),
			strings.ReplaceAll(strings.TrimSpace(m.Skeleton), "\n", "\n\t"))
	}
	for _, l := range plan.Leftovers {
		fmt.Fprintf(s.Out, "unused   %s; the storm does not have it any more\n", l)
	}
}

// report prints diagnostics with their lines.
func report(s Streams, src *storm.Source, found diag.List) {
	p := (&command{Streams: s}).printer(s.Err, src)
	for _, d := range found {
		p.diagnostic(d)
	}
}

// folderOf returns the folder of a storm's path.
func folderOf(path string) string {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return filepath.Dir(path)
	}
	return path
}

// importPath returns the import path of a folder, by the go.mod in it or above.
func importPath(dir string) (string, error) {
	full, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for up := full; ; up = filepath.Dir(up) {
		text, err := os.ReadFile(filepath.Join(up, "go.mod"))
		if err == nil {
			module := modfile.ModulePath(text)
			if module == "" {
				return "", fmt.Errorf("%s names no module", filepath.Join(up, "go.mod"))
			}
			rel, err := filepath.Rel(up, full)
			if err != nil || rel == "." {
				return module, err
			}
			return module + "/" + filepath.ToSlash(rel), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if up == filepath.Dir(up) {
			return "", fmt.Errorf("%s lies in no Go module; run 'go mod init', or make a project with 'landfall new'", dir)
		}
	}
}
