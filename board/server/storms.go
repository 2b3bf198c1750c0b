package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/landfall-go/landfall/board/server/internal/catalog"
	"github.com/landfall-go/landfall/storm"
)

// Bounds of the search for storms below a folder.
const (
	maxFolders = 5000
	maxLevels  = 6
)

// look finds the storms that are boards, as paths relative to the root, which it
// settles.
func (s *Server) look() ([]string, error) {
	at, err := filepath.Abs(s.config.Path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(at)
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.HasSuffix(at, storm.Extension):
		if _, err := os.Stat(filepath.Dir(at)); err != nil {
			return nil, fmt.Errorf("there is no folder %s", filepath.Dir(s.config.Path))
		}
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file or folder %s", s.config.Path)
	case err != nil:
		return nil, err
	case info.IsDir():
		s.root = at
		return s.below()
	case !strings.HasSuffix(at, storm.Extension):
		return nil, fmt.Errorf("%s is no storm: its name does not end in %s", s.config.Path, storm.Extension)
	}
	s.root = filepath.Dir(at)
	return []string{filepath.Base(at)}, nil
}

// below returns the folders with storms, the root first; a root without any is a
// board of its own that has not landed yet.
func (s *Server) below() ([]string, error) {
	var found []string
	folders := 0
	err := filepath.WalkDir(s.root, func(p string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(s.root, p)
		switch {
		case err != nil:
			if d != nil && d.IsDir() && rel != "." {
				return fs.SkipDir // what may not be read is no board
			}
			return err
		case !d.IsDir():
			return nil
		case rel != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata"):
			return fs.SkipDir
		case strings.Count(filepath.ToSlash(rel), "/") >= maxLevels:
			return fs.SkipDir
		}
		if folders++; folders > maxFolders {
			return fs.SkipAll
		}
		if _, err := storm.Paths(p); err == nil {
			found = append(found, filepath.ToSlash(rel))
		}
		return nil
	})
	if err == nil && len(found) == 0 {
		found = []string{slug(filepath.Base(s.root)) + storm.Extension}
	}
	return found, err
}

// enroll puts storms that were found into the catalog.
func (s *Server) enroll(ctx context.Context, storms []string) error {
	all, err := s.catalog.Boards(ctx)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, b := range all {
		known[b.Path] = true
	}
	for _, p := range s.unknown(storms, known) {
		b := catalog.Board{ID: catalog.IDOf(p), Name: s.nameOf(p), Path: p, Made: time.Now().UTC()}
		if err := s.catalog.Add(ctx, b); err != nil && !conflict(err) { // another server has found it too
			return err
		}
	}
	return nil
}

// unknown returns the storms that are no boards yet. Of a folder with files that are
// boards of their own the others become such, too.
func (s *Server) unknown(storms []string, known map[string]bool) []string {
	var out []string
	for _, p := range storms {
		if known[p] {
			continue
		}
		files, err := storm.Paths(filepath.Join(s.root, filepath.FromSlash(p)))
		var others []string
		for _, f := range files {
			if f = path.Join(p, filepath.Base(f)); !known[f] {
				others = append(others, f)
			}
		}
		if err != nil || len(others) == len(files) || strings.HasSuffix(p, storm.Extension) {
			others = []string{p}
		}
		out = append(out, others...)
	}
	return out
}

// nameOf returns the name that a storm gives itself, or that of its file, as a board
// can have it.
func (s *Server) nameOf(p string) string {
	if src, err := storm.Load(filepath.Join(s.root, filepath.FromSlash(p))); err == nil {
		if name := asName(src.Model.Name); name != "" {
			return name
		}
	}
	name := strings.TrimSuffix(path.Base(p), storm.Extension)
	if p == "." {
		name = filepath.Base(s.root)
	}
	name = asName(strings.NewReplacer("-", " ", "_", " ").Replace(name))
	if name == "" {
		return "Storm"
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// slug makes a name fit for files.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 60 {
			break
		}
	}
	if out := strings.Trim(b.String(), "-"); out != "" {
		return out
	}
	return "storm"
}
