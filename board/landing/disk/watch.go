package disk

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// stamp is by what a file is seen to have changed. The zero stamp is that of a file that
// is not there.
type stamp struct {
	changed time.Time
	size    int64
	digest  string
}

func stampOf(info fs.FileInfo, data []byte) stamp {
	return stamp{info.ModTime(), info.Size(), digest(data)}
}

// settled is how old a time of change must be for a file to be unchanged when it has the
// same: clocks of file systems are coarse.
const settled = 2 * time.Second

// Watch looks at the files of the storm again and again, until the context ends, and tells
// of those that somebody else has changed: each as it is now, with Digest "" when it is
// gone. What Land writes is not told. Errors of the file system are told by failed, and it
// goes on. Both are called one after the other.
func (p *Place) Watch(ctx context.Context, every time.Duration, changed func([]File), failed func(error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		files, err := p.look()
		if err != nil {
			failed(err)
		}
		if len(files) > 0 {
			changed(files)
		}
	}
}

// look returns the files that are other than they were known.
func (p *Place) look() ([]File, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	names, err := p.names()
	if err != nil {
		return nil, err
	}
	for name := range p.known {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []File
	for _, name := range names {
		was := p.known[name]
		info, err := os.Stat(filepath.Join(p.dir, name))
		if err == nil && was.size == info.Size() && was.changed.Equal(info.ModTime()) && time.Since(was.changed) > settled {
			continue
		}
		f, err := p.read(name)
		if err != nil {
			return out, err
		}
		switch {
		case f == nil && was.digest != "":
			out = append(out, File{Path: name})
		case f != nil && f.Digest != was.digest:
			out = append(out, *f)
		}
	}
	return out, nil
}
