package disk_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/landing/disk"
	"github.com/landfall-go/landfall/board/session"
)

const text = "storm \"S\"\n\"A\"\n\"B\"\n\"C\"\n\"D\"\n"

func place(t *testing.T, content string) (*disk.Place, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.storm")
	if content != "" {
		write(t, path, content)
	}
	p, err := disk.At(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(); err != nil {
		t.Fatal(err)
	}
	return p, path
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func land(t *testing.T, p *disk.Place, base, mine string, overwrite map[string]string) *disk.Landed {
	t.Helper()
	landed, err := p.Land([]disk.Draft{{Path: "s.storm", Base: base, Text: mine}}, nil, overwrite)
	if err != nil {
		t.Fatal(err)
	}
	return landed
}

func TestLandWritesWhatNobodyElseChanged(t *testing.T) {
	p, path := place(t, text)
	mine := strings.Replace(text, "A", "A2", 1)
	landed := land(t, p, text, mine, nil)
	if read(t, path) != mine || len(landed.Files) != 1 || len(landed.Merged)+len(landed.Conflicts) != 0 {
		t.Fatalf("%+v\n%s", landed, read(t, path))
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is %v now", info.Mode())
	}
	entries, _ := os.ReadDir(filepath.Dir(path))
	if len(entries) != 1 {
		t.Errorf("something was left behind: %v", entries)
	}
}

func TestLandMakesANewFile(t *testing.T) {
	p, path := place(t, "")
	land(t, p, "", text, nil)
	if read(t, path) != text {
		t.Fatal(read(t, path))
	}
}

func TestLandMerges(t *testing.T) {
	p, path := place(t, text)
	write(t, path, strings.Replace(text, "\"D\"", "\"D2\"", 1))
	landed := land(t, p, text, strings.Replace(text, "\"A\"", "\"A2\"", 1), nil)
	want := "storm \"S\"\n\"A2\"\n\"B\"\n\"C\"\n\"D2\"\n"
	if read(t, path) != want || !slices.Equal(landed.Merged, []string{"s.storm"}) || landed.Files[0].Text != want {
		t.Fatalf("%+v\n%s", landed, read(t, path))
	}
}

func TestLandNeverClobbers(t *testing.T) {
	p, path := place(t, text)
	theirs := strings.Replace(text, "\"B\"", "\"Theirs\"", 1)
	mine := strings.Replace(text, "\"B\"", "\"Mine\"", 1)
	write(t, path, theirs)
	landed := land(t, p, text, mine, nil)
	if len(landed.Conflicts) != 1 || len(landed.Files) != 0 || read(t, path) != theirs {
		t.Fatalf("%+v\n%s", landed, read(t, path))
	}
	c := landed.Conflicts[0]
	if c.Base != text || c.Mine != mine || c.Theirs != theirs {
		t.Errorf("%+v", c)
	}
	write(t, path, theirs+"\"More\"\n")
	if landed := land(t, p, text, mine, map[string]string{"s.storm": c.Digest}); len(landed.Conflicts) != 1 {
		t.Fatal("what came after the question was overwritten")
	} else {
		c = landed.Conflicts[0]
	}
	land(t, p, text, mine, map[string]string{"s.storm": c.Digest})
	if read(t, path) != mine {
		t.Fatal(read(t, path))
	}
}

func TestLandAsksWhenTheFileIsGone(t *testing.T) {
	p, path := place(t, text)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	landed := land(t, p, text, text+"\"E\"\n", nil)
	if len(landed.Conflicts) != 1 {
		t.Fatalf("%+v", landed)
	}
	land(t, p, text, text+"\"E\"\n", map[string]string{"s.storm": landed.Conflicts[0].Digest})
	if read(t, path) != text+"\"E\"\n" {
		t.Fatal(read(t, path))
	}
}

func TestLineEndsStay(t *testing.T) {
	crlf := strings.ReplaceAll(text, "\n", "\r\n")
	p, path := place(t, crlf)
	c, err := p.Read()
	if err != nil || c.Files[0].Text != text {
		t.Fatalf("%q %v", c.Files, err)
	}
	land(t, p, text, text+"\"E\"\n", nil)
	if read(t, path) != crlf+"\"E\"\r\n" {
		t.Fatalf("%q", read(t, path))
	}
}

func TestLinksStay(t *testing.T) {
	_, path := place(t, text)
	link := filepath.Join(t.TempDir(), "s.storm")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	p, err := disk.At(link)
	if err != nil {
		t.Fatal(err)
	}
	land(t, p, text, text+"\"E\"\n", nil)
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 || read(t, path) != text+"\"E\"\n" {
		t.Fatalf("%v %v %q", info, err, read(t, path))
	}
}

func TestOnlyFilesOfTheStorm(t *testing.T) {
	p, _ := place(t, text)
	for _, path := range []string{"other.storm", "../s.storm", "/etc/s.storm", "a/s.storm", "s.txt", ""} {
		if _, err := p.Land([]disk.Draft{{Path: path, Text: "x"}}, nil, nil); !errors.Is(err, disk.ErrPath) {
			t.Errorf("%q: %v", path, err)
		}
	}
	folder, err := disk.At(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"../s.storm", "/etc/s.storm", "a/s.storm", "s.txt", "", ".storm", ".x.storm"} {
		if _, err := folder.Land([]disk.Draft{{Path: path, Text: "x"}}, nil, nil); !errors.Is(err, disk.ErrPath) {
			t.Errorf("%q: %v", path, err)
		}
	}
	if _, err := disk.At("nothing.txt"); !errors.Is(err, disk.ErrPath) {
		t.Error(err)
	}
}

func TestLayoutLandsAndIsMerged(t *testing.T) {
	p, path := place(t, text)
	note := func(id string, x int) *session.Note {
		return &session.Note{Type: session.NoteItem, ID: id, Kind: session.KindEvent, X: x, W: 1, H: 1, Element: "event:" + id}
	}
	mine := &landing.Layout{Notes: []*session.Note{note("aaaa", 1), note("bbbb", 1)}}
	if _, err := p.Land(nil, mine, nil); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(filepath.Dir(path), "s.layout.json")
	theirs := &landing.Layout{Notes: []*session.Note{note("aaaa", 1), note("bbbb", 5), note("cccc", 5)}}
	write(t, file, string(theirs.Encode()))
	mine = &landing.Layout{Notes: []*session.Note{note("aaaa", 9), note("bbbb", 1)}}
	if _, err := p.Land(nil, mine, nil); err != nil {
		t.Fatal(err)
	}
	want := &landing.Layout{Notes: []*session.Note{note("aaaa", 9), note("bbbb", 5), note("cccc", 5)}}
	if read(t, file) != string(want.Encode()) {
		t.Fatal(read(t, file))
	}
}

// What an editor writes is told once, and what is landed is not told.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, path := place(t, text)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var mu sync.Mutex
		var told []disk.File
		go p.Watch(ctx, time.Second, func(f []disk.File) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, f...)
		}, func(err error) { t.Error(err) })
		wait := func() []disk.File {
			time.Sleep(1100 * time.Millisecond)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			out := told
			told = nil
			return out
		}
		if got := wait(); len(got) != 0 {
			t.Fatalf("nothing happened, but %v", got)
		}
		write(t, path, text+"\"E\"\n")
		if got := wait(); len(got) != 1 || got[0].Text != text+"\"E\"\n" || got[0].Digest == "" {
			t.Fatalf("after an edit: %v", got)
		}
		land(t, p, text+"\"E\"\n", text+"\"F\"\n", nil)
		if got := wait(); len(got) != 0 {
			t.Fatalf("after landing: %v", got)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if got := wait(); len(got) != 1 || got[0].Digest != "" {
			t.Fatalf("after it is gone: %v", got)
		}
		if got := wait(); len(got) != 0 {
			t.Fatalf("told again: %v", got)
		}
		cancel()
	})
}

// Whoever writes when, no line that somebody wrote and nobody removed is lost, unless it
// is told as a conflict.
func TestNothingIsLost(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		path := filepath.Join(dir, "s.storm")
		write(t, path, text)
		p, err := disk.At(path)
		if err != nil {
			r.Fatal(err)
		}
		base, mine := text, text
		for i := range rapid.IntRange(1, 6).Draw(r, "steps") {
			lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
			at := rapid.IntRange(0, len(lines)-1).Draw(r, "line")
			in := "\"New " + string(rune('a'+i)) + "\"\n"
			if rapid.Bool().Draw(r, "theirs") {
				now := strings.SplitAfter(read(t, path), "\n")
				write(t, path, strings.Join(slices.Insert(now, min(at, len(now)-1), in), ""))
				continue
			}
			now := strings.SplitAfter(mine, "\n")
			mine = strings.Join(slices.Insert(now, min(at, len(now)-1), in), "")
			before := read(t, path)
			landed := land(t, p, base, mine, nil)
			after := read(t, path)
			if len(landed.Conflicts) > 0 {
				if after != before {
					r.Fatalf("a conflict, but the file was changed")
				}
				mine, base = before, before // they take theirs
				continue
			}
			for line := range strings.Lines(before + mine) {
				if !strings.Contains(after, line) {
					r.Fatalf("%q is lost", line)
				}
			}
			base, mine = after, after
		}
	})
}
