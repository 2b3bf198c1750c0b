package server

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/landfall-go/landfall/board/landing/disk"
	"github.com/landfall-go/landfall/board/server/internal/live"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
)

// whyUnfit says why no board can have a text, or "".
func whyUnfit(text string) string {
	at := strings.IndexFunc(text, func(r rune) bool { return r == 0 || r == utf8.RuneError })
	line := 0
	if at >= 0 {
		line = 1 + strings.Count(text[:at], "\n")
	}
	switch {
	case at >= 0 && text[at] == 0:
		return fmt.Sprintf("has a zero byte in line %d; save it as UTF-8", line)
	case at >= 0 && !utf8.ValidString(text):
		return fmt.Sprintf("has characters that are not UTF-8 in line %d; save it as UTF-8", line)
	case at >= 0: // no board can show it, nor tell it from what was not UTF-8
		return fmt.Sprintf("has the character U+FFFD in line %d, which stands for one that was lost; write what was meant", line)
	case len(text) > session.MaxFile:
		return fmt.Sprintf("is larger than the %d MB that a board holds; make several files of it, in a folder", session.MaxFile>>20)
	}
	return ""
}

// fits says whether a board can have a file of the disk, and remembers why not. It
// needs the lock.
func (t *text) fits(f disk.File) bool {
	why := whyUnfit(f.Text)
	if why == "" {
		delete(t.misfit, f.Path)
		return true
	}
	if t.misfit == nil {
		t.misfit = map[string]string{}
	}
	t.misfit[f.Path] = why
	return false
}

// fitting returns the files that a board can have.
func (t *text) fitting(c *disk.Contents) []disk.File {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.layout = ""; c.LayoutErr != nil {
		t.layout = c.LayoutErr.Error()
		t.logger.Warn("the layout is not used", "error", c.LayoutErr)
	}
	return slices.DeleteFunc(slices.Clone(c.Files), func(f disk.File) bool { return !t.fits(f) })
}

// usable refuses a storm whose files no board can have, unless the board has
// them already, as they were.
func (t *text) usable(c *disk.Contents, w *session.Wall) error {
	for _, f := range c.Files {
		if why := whyUnfit(f.Text); why != "" && w.Files[session.FileID(f.Path)] == nil {
			return &failure{http.StatusConflict, wire.Rejected, f.Path + " " + why}
		}
	}
	return nil
}

// misread says why the files of a storm cannot be read.
func (s *Server) misread(err error) error {
	if told := failed(err); told != err {
		return told
	}
	return &failure{http.StatusConflict, wire.Rejected, s.local(err)}
}

// clash remembers whether a file on the disk cannot be merged.
func (t *text) clash(path string, does bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !does {
		delete(t.clashes, path)
		return
	}
	if t.clashes == nil {
		t.clashes = map[string]bool{}
	}
	t.clashes[path] = true
}

// onDisk returns what there is to say about the files on the disk, at the beginning of
// theirs, or of the first. These are warnings: the storm itself may be sound.
func (t *text) onDisk() []wire.Problem {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []wire.Problem
	first := t.file
	if src := t.state.Source(); len(src.Files) > 0 {
		first = src.Files[0].Path
	}
	for _, path := range slices.Sorted(maps.Keys(t.misfit)) {
		out = append(out, wire.Problem{
			Code: "disk", Severity: "warning", Path: path, Notes: []string{},
			Message: fmt.Sprintf("%s on the disk %s", path, t.misfit[path]),
			Help:    "until then the board goes on with the text that it has",
		})
	}
	for _, path := range slices.Sorted(maps.Keys(t.clashes)) {
		out = append(out, wire.Problem{
			Code: "disk", Severity: "warning", Path: path, Notes: []string{},
			Message: path + " was changed on the disk at the same lines as here",
			Help:    "land: that shows both side by side, and writes nothing before you have chosen",
		})
	}
	if t.lost {
		out = append(out, wire.Problem{
			Code: "disk", Severity: "warning", Path: first, Notes: []string{},
			Message: "the file of this board was deleted or replaced on the server: what is done now is lost when the server ends",
			Help:    "land now, and start the server again",
		})
	}
	if t.layout != "" {
		out = append(out, wire.Problem{
			Code: "disk", Severity: "warning", Path: first, Notes: []string{},
			Message: "the layout on the disk cannot be read: " + t.layout,
			Help:    "mend it and open the board again, or land: that writes it anew",
		})
	}
	return out
}

// watchStore looks whether the file that keeps the session is still there: a database
// goes on in a file that was deleted, and everything would be lost in silence.
func (t *text) watchStore() {
	mine, err := os.Stat(t.store)
	if err != nil {
		return
	}
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for {
		select {
		case <-t.ctx.Done():
			return
		case <-ticker.C:
		}
		now, err := os.Stat(t.store)
		lost := errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(mine, now)
		t.mu.Lock()
		news := lost != t.lost
		t.lost = lost
		t.mu.Unlock()
		if !news {
			continue
		}
		if lost {
			t.logger.Error("the file of the session was deleted or replaced; land the board, and start the server again", "file", t.store)
		}
		t.board.StepSoon()
	}
}

// landable refuses to land over a file that cannot be merged, nor be shown.
func (t *text) landable(drafts []disk.Draft) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range drafts {
		if m, unfit := t.misfit[d.Path]; unfit {
			return &failure{http.StatusConflict, wire.Rejected, fmt.Sprintf("%s on the disk %s, or move it away; then land again", d.Path, m)}
		}
	}
	return nil
}

// manyTries is after how many steps in a row that the board did not take they are
// looked at.
const manyTries = 2

// errVain says that the board does not take what would bring text and wall together.
var errVain = &failure{http.StatusConflict, wire.Rejected,
	"text and wall cannot be brought together: one has what the other cannot hold, such as too many notes, too long a text, or a character that cannot be shown; undo the last steps, or mend the text"}

// tried counts steps that the board did not take, and refuses one when nothing
// of what it is about has changed since the last: it is not that people went on.
func (t *text) tried(b *session.BringInStep, w *session.Wall, n live.News) error {
	if len(b.Files) == 0 && len(b.Changes) == 0 {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tries++; t.tries < manyTries {
		return nil
	}
	about := sha256.New()
	enc := json.NewEncoder(about)
	for _, id := range slices.Sorted(slices.Values(n.Dirty)) {
		if err := enc.Encode(w.Item(id)); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.Files)) {
		fmt.Fprintln(about, id, w.Files[id].Version)
	}
	fmt.Fprintln(about, n.Anew, len(t.news), t.taken != nil, len(t.misfit))
	was := t.vain
	if t.vain = [sha256.Size]byte(about.Sum(nil)); was == t.vain {
		t.tries = 0 // it is tried anew when somebody asks again
		return errVain
	}
	return nil
}
