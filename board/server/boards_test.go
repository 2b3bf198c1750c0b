package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"testing/synctest"

	"github.com/landfall-go/landfall/board/server/internal/catalog"
	"github.com/landfall-go/landfall/board/server/internal/place"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// broken is a place whose stores cannot be opened, which takes until goOn to find out.
type broken struct {
	place.Place
	goOn chan struct{}
}

var errBroken = errors.New("broken")

func (b broken) Open(context.Context, place.Ref) (store.Store, error) {
	<-b.goOn
	return nil, errBroken
}

// TestShutWhileOpening deletes a board while somebody opens it in vain.
func TestShutWhileOpening(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		known, err := catalog.Open(ctx, memory.New())
		if err != nil {
			t.Fatal(err)
		}
		defer known.Close()
		if err := known.Add(ctx, catalog.Board{ID: "a", Name: "A", Path: "a.storm"}); err != nil {
			t.Fatal(err)
		}
		at := broken{goOn: make(chan struct{})}
		s := &Server{root: t.TempDir(), place: at, catalog: known, logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
		s.boards = newBoards(s)
		opened, gone := make(chan error, 1), make(chan error, 1)
		go func() {
			_, _, err := s.boards.use(ctx, "a")
			opened <- err
		}()
		synctest.Wait()
		go func() { gone <- s.boards.shut("a", wire.ByeDeleted, "", func() error { return nil }) }()
		synctest.Wait()
		close(at.goOn)
		if err := <-opened; !errors.Is(err, errBroken) {
			t.Errorf("opened: %v", err)
		}
		if err := <-gone; err != nil {
			t.Errorf("shut: %v", err)
		}
		if len(s.boards.open) != 0 {
			t.Errorf("open: %v", s.boards.open)
		}
	})
}
