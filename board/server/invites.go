package server

import (
	"net/http"

	"github.com/landfall-go/landfall/board/server/internal/catalog"
	"github.com/landfall-go/landfall/board/wire"
)

// inviter refuses those who may not invite to the board.
func (s *Server) inviter(r *http.Request) error {
	_, role, err := s.visitor(r)
	if err != nil {
		return err
	}
	if role != wire.Facilitator {
		return errForbidden
	}
	if _, err := s.catalog.Board(r.Context(), r.PathValue("id")); notFound(err) {
		return errNoBoard
	}
	return nil
}

// invites answers GET /api/boards/{id}/invites.
func (s *Server) invites(_ http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.inviter(r); err != nil {
		return nil, err
	}
	all, err := s.catalog.Invites(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	told := []wire.Invite{}
	for _, i := range all {
		told = append(told, tell(i))
	}
	return told, nil
}

func tell(i catalog.Invite) wire.Invite {
	return wire.Invite{ID: i.ID, Role: i.Role, Made: i.Made.UnixMilli(), Revoked: i.Revoked, Used: i.Used}
}

// maxInvites bounds how many links to a board there are.
const maxInvites = 200

// invite answers POST /api/boards/{id}/invites with the link, which is shown once.
func (s *Server) invite(_ http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.inviter(r); err != nil {
		return nil, err
	}
	var n wire.NewInvite
	if err := body(r, &n); err != nil {
		return nil, err
	}
	switch n.Role {
	case wire.Facilitator, wire.Participant, wire.Viewer:
	default:
		return nil, invalid("the role is facilitator, participant or viewer")
	}
	board := r.PathValue("id")
	all, err := s.catalog.Invites(r.Context(), board)
	if err != nil {
		return nil, err
	}
	if len(all) >= maxInvites {
		return nil, &failure{http.StatusConflict, wire.TooLarge, "there are too many links to this board"}
	}
	i, token, err := s.catalog.NewInvite(r.Context(), board, n.Role)
	if err != nil {
		return nil, err
	}
	told := tell(i)
	told.Link = s.URL() + "join#" + token
	return told, nil
}

// revoke answers DELETE /api/boards/{id}/invites/{invite}: whoever came in with it
// is out.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.inviter(r); err != nil {
		return nil, err
	}
	if err := s.catalog.Revoke(r.Context(), r.PathValue("id"), r.PathValue("invite")); err != nil {
		return nil, err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil, nil
}
