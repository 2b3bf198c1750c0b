package server

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/landfall-go/landfall/board/server/internal/catalog"
	"github.com/landfall-go/landfall/board/server/internal/place"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/storm"
)

var errStopping = &failure{http.StatusServiceUnavailable, wire.Closed, "the server is stopping"}

func conflict(err error) bool { return errors.Is(err, store.ErrConflict) }
func notFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

// list answers GET /api/boards with those that the person may see, the last changed
// first.
func (s *Server) list(_ http.ResponseWriter, r *http.Request) (any, error) {
	p, err := s.known(r)
	if err != nil {
		return nil, err
	}
	if err := s.charge(p.ID, 1); err != nil {
		return nil, err
	}
	all, err := s.catalog.Boards(r.Context())
	if err != nil {
		return nil, err
	}
	seen := []wire.Summary{}
	for _, b := range all {
		if role := s.roleOf(p, b.ID); role != "" {
			seen = append(seen, s.summary(b, role))
		}
	}
	slices.SortStableFunc(seen, func(a, b wire.Summary) int { return int(min(1, max(-1, b.Changed-a.Changed))) })
	return seen, nil
}

// summary is what the list shows of a board: as it is now, if it is open.
func (s *Server) summary(b catalog.Board, role wire.Role) wire.Summary {
	sum := wire.Summary{ID: b.ID, Name: b.Name, Path: b.Path, Archived: b.Archived, Notes: b.Notes, Changed: b.Changed, Role: role}
	s.boards.mu.Lock()
	o := s.boards.open[b.ID]
	s.boards.mu.Unlock()
	if o == nil {
		return sum
	}
	select {
	case <-o.ready:
		if o.board != nil {
			sum.Name, sum.Notes, sum.Changed = o.board.Glance()
		}
	default:
	}
	return sum
}

// leads refuses those who do not lead all boards.
func (s *Server) leads(r *http.Request) (*catalog.Person, error) {
	p, err := s.known(r)
	if err != nil {
		return nil, err
	}
	if s.roleOf(p, catalog.AllBoards) != wire.Facilitator {
		return nil, errForbidden
	}
	return p, s.charge(p.ID, costWrite)
}

// create answers POST /api/boards. The new board lands in a folder of its own.
func (s *Server) create(_ http.ResponseWriter, r *http.Request) (any, error) {
	if _, err := s.leads(r); err != nil {
		return nil, err
	}
	var n wire.NewBoard
	if err := body(r, &n); err != nil {
		return nil, err
	}
	name, err := checkName(n.Name)
	if err != nil {
		return nil, err
	}
	s.creating.Lock() // two of one name must not land in one folder
	defer s.creating.Unlock()
	all, err := s.catalog.Boards(r.Context())
	if err != nil {
		return nil, err
	}
	if len(all) >= s.limits.Boards {
		return nil, &failure{http.StatusConflict, wire.TooLarge, "there are too many boards; delete one first"}
	}
	b := catalog.Board{ID: catalog.NewID(), Name: name, Path: s.freePath(name, all), Made: time.Now().UTC(), Changed: time.Now().UnixMilli()}
	if err := s.catalog.Add(r.Context(), b); err != nil {
		return nil, err
	}
	return s.summary(b, wire.Facilitator), nil
}

// freePath returns where a new board lands: no other board and no file is there.
func (s *Server) freePath(name string, all []catalog.Board) string {
	taken := map[string]bool{}
	for _, b := range all {
		taken[b.Path], taken[filepath.ToSlash(filepath.Dir(b.Path))] = true, true
	}
	base := slug(name)
	for n := 1; ; n++ {
		folder := base
		if n > 1 {
			folder += "-" + strconv.Itoa(n)
		}
		if _, err := os.Lstat(filepath.Join(s.root, folder)); err != nil && !taken[folder] {
			return folder + "/" + folder + storm.Extension
		}
	}
}

// patch answers PATCH /api/boards/{id}.
func (s *Server) patch(_ http.ResponseWriter, r *http.Request) (any, error) {
	p, role, err := s.visitor(r)
	if err != nil {
		return nil, err
	}
	if role != wire.Facilitator {
		return nil, errForbidden
	}
	var change wire.PatchBoard
	if err := body(r, &change); err != nil {
		return nil, err
	}
	id := r.PathValue("id")
	if change.Name != nil {
		name, err := checkName(*change.Name)
		if err != nil {
			return nil, err
		}
		if err := s.rename(r.Context(), id, name, p.ID); err != nil {
			return nil, err
		}
		change.Name = &name
	}
	b, err := s.catalog.Change(r.Context(), id, func(b *catalog.Board) {
		if change.Name != nil {
			b.Name = *change.Name
		}
		if change.Archived != nil {
			b.Archived = *change.Archived
		}
	})
	if notFound(err) {
		return nil, errNoBoard
	}
	if err != nil {
		return nil, err
	}
	sum := s.summary(b, role)
	if change.Name != nil { // the wall may be told of it a moment later
		sum.Name = b.Name
	}
	return sum, nil
}

func (s *Server) rename(ctx context.Context, id, name, by string) error {
	o, done, err := s.boards.use(ctx, id)
	if err != nil {
		return err
	}
	defer done()
	return o.board.Rename(ctx, by, name)
}

// remove answers DELETE /api/boards/{id}: the session is gone for good. What has
// landed is a file of the user's, and stays.
func (s *Server) remove(w http.ResponseWriter, r *http.Request) (any, error) {
	_, role, err := s.visitor(r)
	if err != nil {
		return nil, err
	}
	if role != wire.Facilitator {
		return nil, errForbidden
	}
	ctx := context.WithoutCancel(r.Context())
	b, err := s.catalog.Board(ctx, r.PathValue("id"))
	if notFound(err) {
		return nil, errNoBoard
	}
	if err != nil {
		return nil, err
	}
	if err := s.catalog.Delete(ctx, b.ID); err != nil {
		return nil, err
	}
	err = s.boards.shut(b.ID, wire.ByeDeleted, "the board was deleted", func() error { return s.place.Delete(ctx, s.ref(b)) })
	if err != nil {
		return nil, err
	}
	s.tidy(b)
	w.WriteHeader(http.StatusNoContent)
	return nil, nil
}

// tidy removes the folders of a board that never landed, if they are empty.
func (s *Server) tidy(b catalog.Board) {
	r := s.ref(b)
	if !strings.Contains(b.Path, "/") {
		return
	}
	folder := filepath.Join(r.Dir, place.Folder)
	if left, err := os.ReadDir(folder); err == nil && len(left) == 1 && left[0].Name() == ".gitignore" {
		_ = os.Remove(filepath.Join(folder, ".gitignore"))
	}
	_ = os.Remove(folder)
	_ = os.Remove(r.Dir)
}
