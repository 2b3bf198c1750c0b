package server

import (
	"context"
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
	_, err = s.catalog.Board(r.Context(), r.PathValue("id"))
	if notFound(err) {
		return errNoBoard
	}
	return err
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

// maxInvites bounds how many links to a board there are, and maxRevoked how many that
// are revoked are still listed.
const (
	maxInvites = 200
	maxRevoked = 50
)

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
	if err := s.roomForInvite(r.Context(), board); err != nil {
		return nil, err
	}
	i, token, err := s.catalog.NewInvite(r.Context(), board, n.Role)
	if err != nil {
		return nil, err
	}
	told := tell(i)
	told.Link = s.URL() + "join#" + token
	return told, nil
}

// roomForInvite refuses one link too many, and forgets those that were revoked long
// ago.
func (s *Server) roomForInvite(ctx context.Context, board string) error {
	all, err := s.catalog.Invites(ctx, board)
	if err != nil {
		return err
	}
	var revoked []catalog.Invite // the oldest first
	for _, i := range all {
		if i.Revoked {
			revoked = append(revoked, i)
		}
	}
	if len(all)-len(revoked) >= maxInvites {
		return &failure{http.StatusConflict, wire.TooLarge, "there are too many links to this board; revoke one first"}
	}
	for _, i := range revoked[:max(0, len(revoked)-maxRevoked)] {
		if err := s.catalog.Forget(ctx, board, i.ID); err != nil && !notFound(err) {
			return err
		}
	}
	return nil
}

// revoke answers DELETE /api/boards/{id}/invites/{invite}: whoever came in with it
// is out.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.inviter(r); err != nil {
		return nil, err
	}
	if !isID(r.PathValue("invite")) {
		return nil, errNotFound
	}
	if err := s.catalog.Revoke(r.Context(), r.PathValue("id"), r.PathValue("invite")); err != nil {
		return nil, err
	}
	if err := s.recheck(r.Context()); err != nil { // other servers hear of it
		return nil, err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil, nil
}
