package server

import (
	"context"
	"net/http"

	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
)

// tidyNotes answers POST /api/boards/{id}/tidy: the notes with the ids, or all of them, are put
// into order, as one step of the person's. The change comes over the socket.
func (s *Server) tidyNotes(_ http.ResponseWriter, r *http.Request) (any, error) {
	o, p, role, done, err := s.on(r, costFigure)
	if err != nil {
		return nil, err
	}
	defer done()
	if role == wire.Viewer {
		return nil, errViewer
	}
	var t wire.Tidy
	if err := body(r, &t); err != nil {
		return nil, err
	}
	w, _ := o.board.Wall()
	var places []session.Place
	if err := s.figure(r.Context(), func() { places = landing.Tidy(w, t.IDs) }); err != nil {
		return nil, err
	}
	if len(places) > 0 {
		if err := o.board.Tidy(context.WithoutCancel(r.Context()), p.ID, places); err != nil {
			return nil, err
		}
	}
	return wire.Tidied{Moved: len(places)}, nil
}
