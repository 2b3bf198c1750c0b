package server

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/landing/disk"
	"github.com/landfall-go/landfall/board/server/internal/catalog"
	"github.com/landfall-go/landfall/board/server/internal/live"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
)

const (
	// watchEvery is how often the files are looked at for what others wrote.
	watchEvery = time.Second
	// landAfter is how long a board that always lands waits for more.
	landAfter = 500 * time.Millisecond
)

// maxAhead bounds how many steps of a busy wall go before the news of the disk.
const maxAhead = 10

// text is the storm of a board: in memory, and on the disk. It implements
// live.Landing.
type text struct {
	name   string // of the storm, when it is new
	file   string // of the storm, when there is none yet
	at     string // its path on the disk
	always bool
	place  *disk.Place
	store  string // the file that keeps the session, or ""
	logger *slog.Logger
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup
	board  *live.Board
	ready  chan struct{} // the wall and the text are known to each other
	ahead  int           // steps of the wall that went before news
	first  sync.Once
	differ chan struct{} // text and disk differ

	mu      sync.Mutex
	state   *landing.State
	news    []news
	taken   *adopted          // what is to be taken in place of what there is
	misfit  map[string]string // why no board can have these files on the disk
	clashes map[string]bool   // files on the disk that cannot be merged
	lost    bool              // the file that keeps the session was taken away
	layout  string            // why the layout on the disk is not used, or ""
	tries   int               // steps since the last that was accepted
	vain    [sha256.Size]byte // the last of many
}

// adopted is a storm for a board that is empty.
type adopted struct {
	text   string
	layout *landing.Layout
}

// news is a file that has another text than the wall's.
type news struct {
	path, text string
	base       string // what both come from
	known      bool   // there is a base
	onDisk     bool   // the disk has the text
}

func (s *Server) textOf(b catalog.Board) (*text, error) {
	at := filepath.Join(s.root, filepath.FromSlash(b.Path))
	place, err := disk.At(at)
	if err != nil {
		return nil, fmt.Errorf("the storm of the board: %w", err)
	}
	file := filepath.Base(at)
	if !strings.HasSuffix(file, storm.Extension) {
		file = slug(file) + storm.Extension
	}
	t := &text{
		name: b.Name, file: file, at: at, always: s.config.LandAlways, place: place, store: s.place.File(s.ref(b)), logger: s.logger.With("board", b.ID),
		ready: make(chan struct{}), differ: make(chan struct{}, 1),
	}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t, nil
}

// start lets the text follow the disk, and the disk the text.
func (t *text) start(b *live.Board) {
	t.board = b
	t.work.Go(func() {
		select {
		case <-t.ready:
		case <-t.ctx.Done():
			return
		}
		t.place.Watch(t.ctx, watchEvery, t.changed, func(err error) {
			t.logger.Warn("the storm's files cannot be looked at", "error", err)
		})
	})
	if t.store != "" {
		t.work.Go(t.watchStore)
	}
	if t.always {
		t.work.Go(t.landAlways)
	}
}

func (t *text) stop() {
	t.cancel()
	t.work.Wait()
}

// changed takes up what others wrote to the disk.
func (t *text) changed(files []disk.File) {
	known := t.board.OnDisk()
	t.mu.Lock()
	for _, f := range files {
		if f.Digest == "" {
			delete(t.misfit, f.Path)
		}
		if f.Digest == "" || !t.fits(f) { // gone, or of no use: the wall keeps what it has
			continue
		}
		base, ok := known[f.Path]
		t.news = append(t.news, news{path: f.Path, text: f.Text, base: base, known: ok, onDisk: true})
	}
	t.mu.Unlock()
	t.board.StepSoon()
}

// InStep implements live.Landing.
func (t *text) InStep(_ context.Context, w *session.Wall, n live.News) (live.Step, error) {
	t.mu.Lock()
	state, fresh, adopts := t.state, slices.Clone(t.news), t.taken
	t.mu.Unlock()
	var next *landing.State
	var step landing.Step
	var onDisk []session.FileText
	switch {
	case adopts != nil && len(w.Notes) == 0 && len(w.Files) <= 1:
		path := t.file
		for _, f := range w.Files {
			path = f.Path
		}
		next, step = landing.Open(w, []storm.File{{Path: path, Text: []byte(adopts.text)}}, adopts.layout)
		fresh = nil
	case state == nil || n.Anew:
		contents, err := t.place.Read()
		if err != nil {
			return live.Step{}, err
		}
		for _, f := range t.fitting(contents) {
			base, ok := n.Landed[f.Path]
			fresh = append(fresh, news{path: f.Path, text: f.Text, base: base, known: ok, onDisk: true})
		}
		files, found := t.merge(w, fresh, n.Landed)
		next, step = landing.Open(w, files, contents.Layout, landing.Since(n.Was))
		onDisk = found
	case len(fresh) > 0:
		// What people did at the wall comes into the text first. Else the disk's text would
		// be merged with one that does not have it, and undo it without anybody being asked.
		if len(n.Dirty) > 0 && t.ahead < maxAhead {
			if state, step = state.FollowWall(w, n.Dirty); !step.IsEmpty() {
				t.ahead++
				next, fresh = state, nil
				break
			}
		}
		t.ahead = 0
		files, found := t.merge(w, fresh, n.Landed)
		next, step = state.FollowText(w, files...)
		onDisk = found
	default:
		next, step = state.FollowWall(w, n.Dirty)
	}
	taken := len(fresh)
	bring := step.Event(w)
	if err := t.tried(&bring, w, n); err != nil {
		return live.Step{}, err
	}
	return live.Step{Bring: bring, Landed: onDisk, Waits: next.Waiting(), Broken: next.Broken() != nil, Accept: func() {
		t.mu.Lock()
		t.state, t.tries = next, 0
		if t.taken == adopts {
			t.taken = nil
		}
		t.news = t.news[min(taken, len(t.news)):]
		t.mu.Unlock()
		t.first.Do(func() { close(t.ready) })
	}}, nil
}

// merge returns the files as they shall be, and what the disk is known to have that
// was not known before. What cannot be merged stays as the wall has it: whoever lands
// it is asked.
func (t *text) merge(w *session.Wall, fresh []news, landed map[string]string) ([]storm.File, []session.FileText) {
	texts := map[string]string{}
	for _, f := range w.Files {
		texts[f.Path] = f.Text
	}
	var found []session.FileText
	for _, n := range fresh {
		mine, there := texts[n.path]
		merged, ok := n.text, true
		if there && mine != n.text {
			if merged, ok = landing.Merge(n.base, mine, n.text); !ok || !n.known {
				t.logger.Info("a change on the disk cannot be merged; it is shown when the board lands", "file", n.path)
				t.clash(n.path, n.onDisk)
				continue
			}
		}
		t.clash(n.path, false)
		texts[n.path] = merged
		if base, known := landed[n.path]; n.onDisk && (!known || base != n.text) {
			found = append(found, session.FileText{Path: n.path, Text: n.text})
		}
	}
	if len(texts) == 0 {
		name := t.name
		if w.Board != nil { // it may have been renamed since
			name = w.Board.Name
		}
		texts[t.file] = "storm " + ast.QuoteText(name) + "\n"
	}
	var files []storm.File
	for _, path := range slices.Sorted(maps.Keys(texts)) {
		files = append(files, storm.File{Path: path, Text: []byte(texts[path])})
	}
	return files, found
}

// current returns how text and wall stood last, or nil before the first step.
func (t *text) current() *landing.State {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state
}

// adopt takes over a storm for a board that is empty.
func (t *text) adopt(ctx context.Context, text string, layout *landing.Layout) error {
	what := &adopted{text, layout}
	t.mu.Lock()
	t.taken = what
	t.mu.Unlock()
	err := t.board.InStep(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.taken == what { // it came to nothing, and is not to come later
		t.taken = nil
	}
	return err
}

// Problems implements live.Landing.
func (t *text) Problems(w *session.Wall) []wire.Problem {
	return append(t.onDisk(), t.current().Problems(w)...)
}

// Settled implements live.Landing.
func (t *text) Settled(w *session.Wall, landed map[string]string) {
	if !t.always {
		return
	}
	for _, f := range w.Files {
		if base, ok := landed[f.Path]; !ok || base != f.Text {
			select {
			case t.differ <- struct{}{}:
			default:
			}
			return
		}
	}
}

// landAlways writes the text to the disk whenever they differ.
func (t *text) landAlways() {
	for {
		select {
		case <-t.ctx.Done():
			return
		case <-t.differ:
		}
		timer := time.NewTimer(landAfter)
		select {
		case <-t.ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		landed, err := t.land(t.ctx, "", nil)
		switch {
		case t.ctx.Err() != nil:
		case err != nil:
			t.logger.Error("the board cannot land", "error", err)
		case len(landed.Conflicts) > 0:
			t.logger.Warn("the board did not land all of its files, because others changed the same lines; land it on the page", "file", landed.Conflicts[0].Path)
		}
	}
}

// land writes the text as it is now to the disk, in the name of a person.
func (t *text) land(ctx context.Context, by string, overwrite map[string]string) (*disk.Landed, error) {
	if err := t.board.InStep(ctx); err != nil {
		return nil, err
	}
	w, _ := t.board.Wall()
	known := t.board.OnDisk()
	mine := map[string]string{}
	var drafts []disk.Draft
	for _, f := range w.Files {
		mine[f.Path] = f.Text
		drafts = append(drafts, disk.Draft{Path: f.Path, Base: known[f.Path], Text: f.Text})
	}
	slices.SortFunc(drafts, func(a, b disk.Draft) int { return strings.Compare(a.Path, b.Path) })
	if err := t.landable(drafts); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Join(t.at)), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of the storm: %w", err)
	}
	landed, err := t.place.Land(drafts, landing.LayoutOf(w), overwrite)
	if err != nil {
		return nil, fmt.Errorf("land: %w", err)
	}
	var texts []session.FileText
	t.mu.Lock()
	t.layout = ""
	for _, f := range landed.Files {
		delete(t.misfit, f.Path)
		delete(t.clashes, f.Path)
		if base, is := known[f.Path]; !is || base != f.Text { // else the log has it already
			texts = append(texts, session.FileText{Path: f.Path, Text: f.Text})
		}
		if f.Text != mine[f.Path] { // it was merged, and the wall follows
			t.news = append(t.news, news{path: f.Path, text: f.Text, base: mine[f.Path], known: true})
		}
	}
	t.mu.Unlock()
	for _, c := range landed.Conflicts {
		t.clash(c.Path, true)
	}
	defer t.board.StepSoon() // there is something else to say of the disk
	if len(landed.Files) > 0 {
		if err := t.board.Landed(ctx, by, texts); err != nil {
			return nil, err
		}
	}
	if len(landed.Merged) > 0 {
		return landed, t.board.InStep(ctx)
	}
	return landed, nil
}
