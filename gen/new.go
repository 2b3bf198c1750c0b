package gen

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

//go:embed sample.storm
var sample []byte

// Sample returns the storm that a project begins with when there is none: a
// library that lends books.
func Sample() storm.File { return storm.File{Path: "library.storm", Text: bytes.Clone(sample)} }

// ProjectOptions say how a new project is made.
type ProjectOptions struct {
	// Module is the module path, such as "example.com/library". It is needed.
	Module string
	// Version is the version of Landfall that the project needs. Empty means
	// that of the program that runs, where it is known.
	Version string
	// Replace is the folder of a Landfall to use in its place, for work on
	// Landfall itself.
	Replace string
}

// ErrVersion says that neither a version of Landfall nor a folder was given.
var ErrVersion = errors.New("the version of Landfall is not known")

// ErrNotEmpty says that a new project was to be made where something is.
var ErrNotEmpty = errors.New("the folder is not empty")

// Project returns all files of a new project: those of [Files], the storm, and
// go.mod, Makefile, README.md and .gitignore. Without files of a storm it is
// that of [Sample]. The error is ErrUnfit, with the diagnostics that say why,
// or ErrVersion.
func Project(files []storm.File, o ProjectOptions) (map[string][]byte, diag.List, error) {
	if len(files) == 0 {
		files = []storm.File{Sample()}
	}
	mod, err := o.goMod()
	if err != nil {
		return nil, nil, err
	}
	src := storm.Parse(files...)
	if err := src.Diagnostics.Err(); err != nil {
		return nil, src.Diagnostics, fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	out, diags := Files(src.Model, Options{Import: o.Module})
	if err := diags.Err(); err != nil {
		return nil, diags, fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	name := "."
	for _, f := range src.Files {
		name = path.Base(filepath.ToSlash(f.Path))
		out[name] = f.Text
	}
	if len(src.Files) > 1 {
		name = "."
	}
	out["go.mod"] = mod
	out["Makefile"] = []byte(strings.ReplaceAll(makefileText, "STORM", name))
	out["README.md"] = readme(src.Model, o, name)
	out[".gitignore"] = []byte("*.db\n*.db-*\n*.db.*\n*.nats/\n/" + path.Base(o.Module) + "\n")
	return out, diags, nil
}

//go:embed makefile.txt
var makefileText string

//go:embed readme.md.txt
var readmeText string

func (o ProjectOptions) goMod() ([]byte, error) {
	version := o.Version
	if version == "" && o.Replace == "" {
		version = running()
	}
	replace := ""
	if o.Replace != "" {
		if version == "" {
			version = "v0.0.0"
		}
		replace = fmt.Sprintf("\nreplace %s => %s\n", landfallPath, modulePath(o.Replace))
	}
	if version == "" {
		return nil, fmt.Errorf("%w: name a version, or the folder of a Landfall to use", ErrVersion)
	}
	return fmt.Appendf(nil, "module %s\n\ngo 1.26\n\nrequire %s %s\n%s", o.Module, landfallPath, version, replace), nil
}

// modulePath returns a folder as go.mod writes it.
func modulePath(dir string) string {
	if strings.ContainsAny(dir, " \t\"'`()[]{},") {
		return fmt.Sprintf("%q", dir)
	}
	return dir
}

// running returns the version of Landfall in the program that runs, or "".
func running() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == landfallPath && strings.HasPrefix(m.Version, "v") && !strings.Contains(m.Version, "+dirty") {
			return m.Version
		}
	}
	return ""
}

func readme(s *model.Storm, o ProjectOptions, stormFile string) []byte {
	p := newProject(s, Options{Import: o.Module})
	title := s.Name
	if title == "" {
		title = path.Base(o.Module)
	}
	var table strings.Builder
	command := "COMMAND some-id"
	for _, m := range p.modules {
		team := ""
		if m.model.Team != "" {
			team = ", of the team " + m.model.Team
		}
		fmt.Fprintf(&table, "| %s/ | the module %s%s: decisions, policies and projections are yours |\n", m.dir, m.name, team)
		if len(m.aggregates) > 0 && len(m.aggregates[0].decisions) > 0 && command == "COMMAND some-id" {
			command = m.aggregates[0].decisions[0].command.Name + " some-id"
		}
	}
	if stormFile == "." {
		stormFile = "the files that end in .storm"
	}
	text := strings.NewReplacer("TITLE", title, "DOC", s.Doc, "STORM", stormFile, "TABLE", table.String(), "COMMAND", command).Replace(readmeText)
	return []byte(strings.Replace(text, "\n\n\n", "\n\n", 1))
}

// New makes a new project in a folder, which must be missing or empty, and has
// the go command find the modules that it needs. It returns the diagnostics of
// [Project]. The error is ErrNotEmpty or one of Project, and then nothing was
// written; or one of the file system or of the go command, and then what was
// written stays.
func New(ctx context.Context, dir string, files []storm.File, o ProjectOptions) (diag.List, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("%s: %w; name another", dir, ErrNotEmpty)
	}
	if o.Replace != "" {
		if o.Replace, err = filepath.Abs(o.Replace); err != nil {
			return nil, err
		}
	}
	project, diags, err := Project(files, o)
	if err != nil {
		return diags, err
	}
	plan := &Plan{}
	for name, text := range project {
		plan.Changes = append(plan.Changes, Change{Write, name, text})
	}
	if err := plan.Apply(dir); err != nil {
		return diags, err
	}
	return diags, resolveModules(ctx, dir)
}

// resolveModules completes go.mod and go.sum. Other than go mod tidy, it asks
// for nothing that the project itself does not need.
func resolveModules(ctx context.Context, dir string) error {
	cmd := exec.CommandContext(ctx, "go", "list", "-mod=mod", "-deps", "-test", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("find the modules that the project needs: %w\n%s", err, stderr.Bytes())
	}
	return nil
}
