// Package storm reads storms: the model of an Event Storming session as text.
//
// A storm is a file, or a folder whose files together make one model. [Load]
// reads it; the [Source] that it returns has the text and the tree of each
// file, the model of them all, and what is wrong with them:
//
//	src, err := storm.Load("examples/marsrover")
//	…
//	for _, d := range src.Check(check.Config{}) {
//		fmt.Println(d)
//	}
//
// Each stage is a package of its own, and can be used alone:
//
//   - storm/parse reads a file into a tree, storm/ast; storm/format prints it
//   - storm/resolve makes the model, storm/model, of all the trees
//   - storm/check finds smells in a model; storm/diag is what it finds
//   - storm/edit changes the text of a storm, a gesture at a time
//
// None of them knows how a storm is drawn, generated or run.
package storm

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/check"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
	"github.com/landfall-go/landfall/storm/parse"
	"github.com/landfall-go/landfall/storm/resolve"
)

// Extension is what the names of storm files end with.
const Extension = ".storm"

// ErrNoStorm says that there is no storm file where one was looked for.
var ErrNoStorm = errors.New("no storm file")

// File is one file of a storm.
type File struct {
	Path string
	Text []byte
	Tree *ast.File
}

// Source is a storm as it was read.
type Source struct {
	Files       []File       // sorted by path
	Model       *model.Storm // never nil
	Diagnostics diag.List    // errors of syntax and names, sorted
}

// Load reads a storm: a file, or all the storm files of a folder, but not those
// of the folders in it. The error is ErrNoStorm for a folder without any, or
// that of the file system. What is wrong with the text is no error but is in
// Source.Diagnostics.
func Load(path string) (*Source, error) {
	paths, err := Paths(path)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, p := range paths {
		text, err := read(p)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Path: filepath.ToSlash(p), Text: text})
	}
	return Parse(files...), nil
}

// Paths returns the paths of the files that Load would read.
func Paths(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), Extension) {
			paths = append(paths, filepath.Join(path, e.Name()))
		}
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s: %w: write one with the ending %s, or name another folder", path, ErrNoStorm, Extension)
	}
	return paths, nil
}

// read reads a file, of one that is too large no more than shows it.
func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().IsRegular() && info.Size() > parse.MaxSize {
		return make([]byte, parse.MaxSize+1), nil
	}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the storm: %w", err)
	}
	return text, err
}

// Parse makes a storm of files that are in memory already; their trees are
// filled in.
func Parse(files ...File) *Source {
	src := &Source{Files: slices.Clone(files)}
	slices.SortFunc(src.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	var trees []*ast.File
	for i := range src.Files {
		f := &src.Files[i]
		tree, diags := parse.File(f.Path, f.Text)
		f.Tree = tree
		trees = append(trees, tree)
		src.Diagnostics = append(src.Diagnostics, diags...)
	}
	m, diags := resolve.Files(trees)
	src.Model = m
	src.Diagnostics = append(src.Diagnostics, diags...)
	src.Diagnostics.Sort()
	return src
}

// Check returns everything there is to say about the storm: the errors of its
// text, and what the checks find.
func (s *Source) Check(config check.Config) diag.List {
	all := slices.Concat(s.Diagnostics, check.Run(s.Model, config))
	all.Sort()
	return all
}

// File returns the file of that path, or nil.
func (s *Source) File(path string) *File {
	for i := range s.Files {
		if s.Files[i].Path == path {
			return &s.Files[i]
		}
	}
	return nil
}
