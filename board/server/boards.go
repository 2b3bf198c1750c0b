package server

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/landfall-go/landfall/board/server/internal/catalog"
	"github.com/landfall-go/landfall/board/server/internal/live"
	"github.com/landfall-go/landfall/board/server/internal/place"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/storm"
)

// maxStoreName bounds the name of a board's store, in bytes: file systems take 255 for
// all of a name, and that of a store has endings.
const maxStoreName = 200

// ref says where the store of a board is.
func (s *Server) ref(b catalog.Board) place.Ref {
	at := filepath.Join(s.root, filepath.FromSlash(b.Path))
	name := filepath.Base(at)
	if strings.HasSuffix(at, storm.Extension) {
		at, name = filepath.Dir(at), strings.TrimSuffix(name, storm.Extension)
	}
	if len(name) > maxStoreName {
		name = strings.ToValidUTF8(name[:maxStoreName-len(b.ID)-1], "") + "-" + b.ID
	}
	return place.Ref{ID: b.ID, Dir: at, Name: name}
}

// boards are those that are open.
type boards struct {
	s      *Server
	mu     sync.Mutex
	open   map[string]*opened
	closed bool
}

// opened is a board that is being opened, open, or being closed.
type opened struct {
	ready  chan struct{} // closed when board or err is set
	gone   chan struct{} // closed when it is closed
	board  *live.Board
	text   *text
	err    error
	users  int
	ending bool
}

func newBoards(s *Server) *boards { return &boards{s: s, open: map[string]*opened{}} }

// use returns a board, which it opens if need be. The caller calls done when it
// does not need it any more.
func (b *boards) use(ctx context.Context, id string) (o *opened, done func(), err error) {
	for {
		b.mu.Lock()
		if b.closed {
			b.mu.Unlock()
			return nil, nil, errStopping
		}
		o = b.open[id]
		if o != nil && o.ending {
			b.mu.Unlock()
			select {
			case <-o.gone:
				continue
			case <-ctx.Done():
				return nil, nil, ctx.Err()
			}
		}
		opens := o == nil
		if opens {
			o = &opened{ready: make(chan struct{}), gone: make(chan struct{})}
			b.open[id] = o
		}
		o.users++
		b.mu.Unlock()
		if opens {
			b.start(context.WithoutCancel(ctx), id, o)
		}
		done = sync.OnceFunc(func() { b.release(o) })
		select {
		case <-o.ready:
		case <-ctx.Done():
			done()
			return nil, nil, ctx.Err()
		}
		if o.err != nil {
			done()
			return nil, nil, o.err
		}
		return o, done, nil
	}
}

func (b *boards) release(o *opened) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o.users--
}

// start opens a board.
func (b *boards) start(ctx context.Context, id string, o *opened) {
	o.err = b.s.openBoard(ctx, id, o)
	if o.err != nil {
		b.mu.Lock()
		if !o.ending { // whoever ends it takes it away
			delete(b.open, id)
			close(o.gone)
		}
		b.mu.Unlock()
		if !errors.Is(o.err, errNoBoard) {
			b.s.logger.Error("a board cannot be opened", "board", id, "error", o.err)
		}
	}
	close(o.ready)
}

func (s *Server) openBoard(ctx context.Context, id string, o *opened) error {
	known, err := s.catalog.Board(ctx, id)
	if notFound(err) {
		return errNoBoard
	}
	if err != nil {
		return err
	}
	kept, err := s.place.Open(ctx, s.ref(known))
	if err != nil {
		return failed(err)
	}
	c := live.Config{Store: kept, Name: known.Name, Shared: s.place.Shared(), Logger: s.logger.With("board", id)}
	if s.signals != nil {
		c.Signals = s.signals.of(id)
	}
	if o.text, err = s.textOf(known); err != nil {
		return errors.Join(err, kept.Close())
	}
	contents, err := o.text.place.Read()
	if err != nil {
		return errors.Join(s.misread(err), kept.Close())
	}
	c.Landing = o.text
	board, err := live.Open(ctx, c)
	if err != nil {
		return failed(err)
	}
	w, _ := board.Wall()
	if err := o.text.usable(contents, w); err != nil {
		o.text.cancel()
		return errors.Join(err, board.Close(wire.ByeStopping, ""))
	}
	o.board = board
	o.text.start(board)
	return nil
}

// shut closes a board, if it is open, and keeps others from opening it meanwhile.
func (b *boards) shut(id string, reason wire.ByeReason, message string, then func() error) error {
	for {
		b.mu.Lock()
		o := b.open[id]
		if o == nil { // nobody may open it until it is done
			o = &opened{ready: make(chan struct{}), gone: make(chan struct{}), ending: true}
			b.open[id] = o
			b.mu.Unlock()
			return b.end(id, o, nil, then)
		}
		if o.ending {
			b.mu.Unlock()
			<-o.gone
			continue
		}
		o.ending = true
		b.mu.Unlock()
		<-o.ready
		return b.end(id, o, func() error { return b.s.closeBoard(id, o, reason, message) }, then)
	}
}

func (b *boards) end(id string, o *opened, first, then func() error) error {
	var err error
	if first != nil {
		err = first()
	}
	if then != nil {
		err = errors.Join(err, then())
	}
	b.mu.Lock()
	delete(b.open, id)
	b.mu.Unlock()
	close(o.gone)
	return err
}

// closeBoard closes a board that is open, and keeps what the list shows of it.
func (s *Server) closeBoard(id string, o *opened, reason wire.ByeReason, message string) error {
	if o.board == nil {
		return nil
	}
	o.text.stop()
	if reason != wire.ByeDeleted {
		name, notes, changed := o.board.Glance()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_, err := s.catalog.Change(ctx, id, func(b *catalog.Board) { b.Name, b.Notes, b.Changed = name, notes, changed })
		if err != nil && !notFound(err) {
			s.logger.Warn("the list of boards was not brought up to date", "board", id, "error", err)
		}
	}
	return o.board.Close(reason, message)
}

// reap closes boards that nobody has looked at for a while.
func (b *boards) reap(ctx context.Context) {
	ticker := time.NewTicker(max(b.s.limits.Open/4, 10*time.Millisecond))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for _, id := range b.idle() {
			if err := b.retire(id); err != nil {
				b.s.logger.Warn("a board was not closed well", "board", id, "error", err)
			}
		}
	}
}

// retire closes a board, unless somebody has come in the meantime.
func (b *boards) retire(id string) error {
	b.mu.Lock()
	o := b.open[id]
	if o == nil || o.ending || o.users > 0 {
		b.mu.Unlock()
		return nil
	}
	o.ending = true
	b.mu.Unlock()
	return b.end(id, o, func() error { return b.s.closeBoard(id, o, wire.ByeStopping, "") }, nil)
}

func (b *boards) idle() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []string
	for id, o := range b.open {
		if o.users > 0 || o.ending || o.board == nil {
			continue
		}
		if since := o.board.Idle(); !since.IsZero() && time.Since(since) > b.s.limits.Open {
			ids = append(ids, id)
		}
	}
	return ids
}

// close closes all boards; none is opened any more.
func (b *boards) close() error {
	b.mu.Lock()
	b.closed = true
	var ids []string
	for id := range b.open {
		ids = append(ids, id)
	}
	b.mu.Unlock()
	errs := make([]error, len(ids))
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() { errs[i] = b.shut(id, wire.ByeStopping, "the server stops", nil) })
	}
	all.Wait()
	return errors.Join(errs...)
}
