// Package disk reads a storm and the layout of its wall from the disk, and lands them
// there: it never overwrites what an editor or git wrote meanwhile, and never leaves
// half of a file.
//
//	place, err := disk.At("rover.storm")
//	contents, err := place.Read()
//	…
//	landed, err := place.Land(drafts, layout, nil)
//
// A text that nobody else has changed is written. One that was changed is merged, line by
// line, with what is there now; what cannot be merged is a [Conflict], and that file stays
// as it is until somebody has decided.
//
// In memory, lines end with \n, as in a browser; a file that has \r\n on the disk keeps
// them.
package disk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/parse"
)

// Place is where a storm lies: in a file, or in a folder with all the storm files of it.
// It is safe for concurrent use.
type Place struct {
	dir    string
	file   string // the name of its file; "" for a folder
	layout string // the path of the layout

	mu     sync.Mutex
	known  map[string]stamp // what was read or written last
	places []byte           // the layout as it was read or written last
}

// ErrPath says that a path is not that of a storm.
var ErrPath = errors.New("not the path of a storm")

// At returns the place of a storm: a folder that there is, or a file with the ending
// .storm, which need not be there yet. The error wraps ErrPath or is that of the file
// system.
func At(path string) (*Place, error) {
	p := &Place{dir: filepath.Dir(path), file: filepath.Base(path), known: map[string]stamp{}}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		p.dir, p.file = path, ""
		p.layout = filepath.Join(path, "layout.json")
		return p, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("look for the storm: %w", err)
	case !landing.IsStorm(path):
		return nil, fmt.Errorf("%s: %w: name a folder, or a file with the ending %s", path, ErrPath, storm.Extension)
	}
	p.layout = landing.LayoutPath(path, false)
	return p, nil
}

// File is a file of a storm.
type File struct {
	Path   string // in the folder of the storm
	Text   string // with line ends as in memory
	Digest string // of the bytes on the disk
}

// Contents are the files of a storm and the layout of its wall.
type Contents struct {
	Files  []File          // sorted by path; none where there is no storm yet
	Layout *landing.Layout // nil where there is none
	// LayoutErr says why the layout could not be read. The wall can be laid out anew.
	LayoutErr error
}

// Storm returns the files as the storm has them.
func (c *Contents) Storm() []storm.File {
	files := make([]storm.File, len(c.Files))
	for i, f := range c.Files {
		files[i] = storm.File{Path: f.Path, Text: []byte(f.Text)}
	}
	return files
}

// Read reads the storm.
func (p *Place) Read() (*Contents, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := &Contents{}
	names, err := p.names()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		f, err := p.read(name)
		if err != nil {
			return nil, err
		}
		if f != nil {
			c.Files = append(c.Files, *f)
		}
	}
	data, err := os.ReadFile(p.layout)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		c.LayoutErr = fmt.Errorf("read the layout: %w", err)
	default:
		p.places = data
		if c.Layout, err = landing.DecodeLayout(data); err != nil {
			c.LayoutErr = fmt.Errorf("%s: %w", p.layout, err)
		}
	}
	return c, nil
}

// names returns the names of the storm's files, sorted.
func (p *Place) names() ([]string, error) {
	if p.file != "" {
		return []string{p.file}, nil
	}
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of the storm: %w", err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && landing.IsStorm(e.Name()) && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// read reads a file and remembers it; nil when it is not there.
func (p *Place) read(name string) (*File, error) {
	data, info, err := p.bytes(name)
	if err != nil {
		return nil, err
	}
	if info == nil {
		p.known[name] = stamp{}
		return nil, nil
	}
	p.known[name] = stampOf(info, data)
	return &File{Path: name, Text: inMemory(data), Digest: digest(data)}, nil
}

// bytes returns what a file has on the disk; without info it is not there.
func (p *Place) bytes(name string) ([]byte, fs.FileInfo, error) {
	path := filepath.Join(p.dir, name)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the storm: %w", err)
	}
	if info.Size() > parse.MaxSize {
		return nil, nil, fmt.Errorf("%s has %d MB: a file of a storm has %d at most", path, info.Size()>>20, parse.MaxSize>>20)
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the storm: %w", err)
	}
	return data, info, nil
}

// inMemory returns a text with the line ends of memory.
func inMemory(data []byte) string {
	if bytes.IndexByte(data, '\r') < 0 {
		return string(data)
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
}

// onDisk returns a text with the line ends that the file had.
func onDisk(text string, was []byte) []byte {
	if breaks := bytes.Count(was, []byte("\r\n")); breaks == 0 || 2*breaks < bytes.Count(was, []byte("\n")) {
		return []byte(text)
	}
	return []byte(strings.ReplaceAll(text, "\n", "\r\n"))
}

// digest returns what tells the bytes of a file from others.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// noFile is the digest of a file that is not there.
const noFile = "none"
