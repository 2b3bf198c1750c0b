package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/landfall-go/landfall/board/landing"
)

// Draft is a text that shall be written.
type Draft struct {
	Path string
	Base string // the text that was read or written last; "" for a new file
	Text string
}

// Conflict is a file that was changed on the disk in a way that cannot be merged. To
// write mine nevertheless, land it again with the digest of theirs.
type Conflict struct {
	Path   string `json:"path"`
	Base   string `json:"base"`
	Mine   string `json:"mine"`
	Theirs string `json:"theirs"`
	Digest string `json:"digest"`
}

// Landed says what became of the drafts.
type Landed struct {
	// Files are those that are on the disk now as said, each with its text. Where that is
	// not the text of its draft, it was merged, and the wall has to follow it.
	Files     []File
	Merged    []string // the paths of those that were merged
	Conflicts []Conflict
}

// Land writes texts and the layout. What was changed on the disk since a draft's base is
// merged; where that cannot be done, the file is left alone and returned as a conflict,
// unless overwrite has for its path the digest of what is there. layout may be nil. Files
// that have been written stay written when another fails: the error is the first.
func (p *Place) Land(drafts []Draft, layout *landing.Layout, overwrite map[string]string) (*Landed, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	landed := &Landed{}
	var first error
	for _, d := range drafts {
		if err := p.check(d.Path); err != nil {
			return landed, err
		}
	}
	for _, d := range drafts {
		if err := p.land(d, overwrite[d.Path], landed); err != nil && first == nil {
			first = err
		}
	}
	if layout != nil {
		if err := p.landLayout(layout); err != nil && first == nil {
			first = err
		}
	}
	return landed, first
}

// check refuses paths that are not those of the storm.
func (p *Place) check(name string) error {
	ok := filepath.IsLocal(name) && filepath.Base(name) == name && landing.IsStorm(name) && !strings.HasPrefix(name, ".")
	if p.file != "" {
		ok = name == p.file
	}
	if !ok {
		return fmt.Errorf("%q: %w in %s", name, ErrPath, p.dir)
	}
	return nil
}

// mostTries is how often a file is looked at again that changes while it is written.
const mostTries = 5

func (p *Place) land(d Draft, overwrite string, landed *Landed) error {
	for range mostTries {
		data, info, err := p.bytes(d.Path)
		if err != nil {
			return err
		}
		is, sum := inMemory(data), noFile
		if info != nil {
			sum = digest(data)
		}
		text, merged := d.Text, false
		switch {
		case info != nil && is == d.Text:
			p.known[d.Path] = stampOf(info, data)
			landed.Files = append(landed.Files, File{d.Path, is, sum})
			return nil
		case overwrite == sum, info != nil && is == d.Base, info == nil && d.Base == "":
		case info == nil:
			landed.Conflicts = append(landed.Conflicts, Conflict{d.Path, d.Base, d.Text, "", sum})
			return nil
		default:
			if text, merged = landing.Merge(d.Base, d.Text, is); !merged {
				landed.Conflicts = append(landed.Conflicts, Conflict{d.Path, d.Base, d.Text, is, sum})
				return nil
			}
		}
		out := onDisk(text, data)
		if err := p.write(filepath.Join(p.dir, d.Path), out, func() bool { return p.is(d.Path, sum) }); err != nil {
			if errors.Is(err, errMoved) {
				continue
			}
			return err
		}
		if merged {
			landed.Merged = append(landed.Merged, d.Path)
		}
		landed.Files = append(landed.Files, File{d.Path, text, digest(out)})
		return p.remember(d.Path, out)
	}
	return fmt.Errorf("%s changes all the time: something else writes it; try again", d.Path)
}

// is reports whether a file has the digest.
func (p *Place) is(name, sum string) bool {
	data, info, err := p.bytes(name)
	if err != nil || info == nil {
		return err == nil && sum == noFile
	}
	return digest(data) == sum
}

func (p *Place) remember(name string, data []byte) error {
	info, err := os.Stat(filepath.Join(p.dir, name))
	if err != nil {
		return fmt.Errorf("look at what was written: %w", err)
	}
	p.known[name] = stampOf(info, data)
	return nil
}

// landLayout writes the layout, together with what others changed in it.
func (p *Place) landLayout(l *landing.Layout) error {
	data, err := os.ReadFile(p.layout)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the layout: %w", err)
	}
	if err == nil && string(data) != string(p.places) {
		if theirs, err := landing.DecodeLayout(data); err == nil {
			base, err := landing.DecodeLayout(p.places)
			if err != nil {
				base = &landing.Layout{}
			}
			l = landing.MergeLayouts(base, l, theirs)
		}
	}
	out := l.Encode()
	if string(out) == string(data) {
		p.places = out
		return nil
	}
	if err := p.write(p.layout, out, func() bool { return true }); err != nil {
		return err
	}
	p.places = out
	return nil
}

// errMoved says that a file has changed while its new text was being written.
var errMoved = errors.New("the file has changed")

// write puts bytes in the place of a file's, all or none: they are written to another
// file beside it and made durable, and that one gets the name. A link stays one. still is
// asked in the last moment whether the file is as it was.
func (p *Place) write(path string, data []byte, still func() bool) (err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	temp, err := os.CreateTemp(dir, "."+name+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}()
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Chmod(mode), temp.Sync(), temp.Close())
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if !still() {
		return errMoved
	}
	if err = os.Rename(temp.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return syncDir(dir)
}

// syncDir makes a rename in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("make the folder durable: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return fmt.Errorf("make the folder durable: %w", err)
	}
	return nil
}
