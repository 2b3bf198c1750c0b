package server

import (
	"net/http"

	"github.com/landfall-go/landfall/board/server/internal/catalog"
	"github.com/landfall-go/landfall/board/wire"
)

// on returns a board that the visitor may see, and what they may do there. done is
// called when it is not needed any more.
func (s *Server) on(r *http.Request) (o *opened, p *catalog.Person, role wire.Role, done func(), err error) {
	if p, role, err = s.visitor(r); err != nil {
		return nil, nil, "", nil, err
	}
	o, done, err = s.boards.use(r.Context(), r.PathValue("id"))
	return o, p, role, done, err
}

// land answers POST /api/boards/{id}/land.
func (s *Server) land(_ http.ResponseWriter, r *http.Request) (any, error) {
	o, p, role, done, err := s.on(r)
	if err != nil {
		return nil, err
	}
	defer done()
	if role == wire.Viewer {
		return nil, errViewer
	}
	var l wire.Land
	if err := body(r, &l); err != nil {
		return nil, err
	}
	landed, err := o.text.land(r.Context(), p.ID, l.Overwrite)
	if err != nil {
		s.logger.Error("a board cannot land", "board", r.PathValue("id"), "error", err)
		return nil, err
	}
	told := wire.Landed{Landed: []string{}, Conflicts: []wire.Conflict{}}
	for _, f := range landed.Files {
		told.Landed = append(told.Landed, f.Path)
	}
	for _, c := range landed.Conflicts {
		told.Conflicts = append(told.Conflicts, wire.Conflict{Path: c.Path, Base: c.Base, Mine: c.Mine, Theirs: c.Theirs, Digest: c.Digest})
	}
	return told, nil
}
