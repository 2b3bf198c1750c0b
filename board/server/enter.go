package server

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/landfall-go/landfall/board/server/internal/catalog"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/store"
)

// me answers GET /api/me.
func (s *Server) me(w http.ResponseWriter, r *http.Request) (any, error) {
	p, err := s.person(r)
	if err != nil && !errors.Is(err, errEnter) {
		return nil, err
	}
	if p != nil {
		if err := s.renew(w, r); err != nil {
			return nil, err
		}
	}
	return s.tellMe(p), nil
}

func (s *Server) tellMe(p *catalog.Person) wire.Me {
	m := wire.Me{Open: s.open}
	if s.open {
		m.Role = wire.Facilitator
	}
	if p == nil {
		return m
	}
	m.Person = &wire.Person{ID: p.ID, Name: p.Name, Color: p.Color}
	seen := map[string]bool{}
	for _, g := range p.Grants {
		switch {
		case g.Board == catalog.AllBoards:
			m.Role = g.Role
		case !seen[g.Board]:
			seen[g.Board] = true
			m.Boards = append(m.Boards, wire.Grant{Board: g.Board, Role: p.Role(g.Board)})
		}
	}
	return m
}

// enter answers POST /api/enter.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) (any, error) {
	var e wire.Enter
	if err := body(r, &e); err != nil {
		return nil, err
	}
	name, err := checkName(e.Name)
	if err != nil {
		return nil, err
	}
	known, err := s.person(r)
	if err != nil && !errors.Is(err, errEnter) {
		return nil, err
	}
	id := ""
	if known != nil {
		id = known.ID
		if err := s.charge(id, costWrite); err != nil {
			return nil, err
		}
	}
	var gives []catalog.Grant
	token := e.Invite
	if s.isOwner(token) {
		gives, token = []catalog.Grant{{Board: catalog.AllBoards, Role: wire.Facilitator, Invite: catalog.Owner}}, ""
	}
	if !s.open && token == "" && gives == nil && (known == nil || len(known.Grants) == 0) {
		return nil, s.wrong(r, "open the link that you were invited with")
	}
	p, invite, err := s.catalog.Enter(r.Context(), id, name, token, gives...)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, s.wrong(r, "this link is not valid, or not any more; ask for another")
	case errors.Is(err, catalog.ErrUsedUp):
		return nil, &failure{http.StatusForbidden, wire.Forbidden, "too many people have come by this link; ask for another"}
	case err != nil:
		return nil, err
	}
	if known == nil {
		if err := s.remember(w, r, p.ID); err != nil {
			return nil, err
		}
	}
	m := s.tellMe(&p)
	if m.Board = invite.Board; s.isOwner(e.Invite) {
		m.Board = s.first
	}
	return m, nil
}

// wrong refuses whoever has no link, or a wrong one. Only they are slowed down: a
// room full of people with one address comes in at once.
func (s *Server) wrong(r *http.Request, message string) error {
	if err := tooFast(s.attempts.take(from(r), 1), "too many tries; wait a little"); err != nil {
		return err
	}
	return &failure{http.StatusForbidden, wire.Forbidden, message}
}

// line makes one line of a text, without what cannot be seen. Joiners stay within
// words: scripts and emoji need them.
func line(text string) string {
	const joiners = "\u200c\u200d"
	words := strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && !strings.ContainsRune(joiners, r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text))
	for i := range words {
		words[i] = strings.Trim(words[i], joiners)
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

// checkName returns the name of a person or a board as it is kept.
func checkName(name string) (string, error) {
	name = line(name)
	switch {
	case name == "":
		return "", invalid("the name is empty")
	case utf8.RuneCountInString(name) > wire.MaxName:
		return "", &failure{http.StatusRequestEntityTooLarge, wire.TooLarge, "the name is too long"}
	}
	return name, nil
}

// asName makes a board's name of a text that nobody wrote as one: as much of it as
// fits. Of the name of a storm it makes the same as package landing.
func asName(text string) string {
	words := strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == '\u200b', r == '\ufeff', r == utf8.RuneError:
			return -1
		}
		return r
	}, text))
	runes := []rune(strings.Join(words, " "))
	return strings.TrimSpace(string(runes[:min(len(runes), session.MaxName)]))
}

// remember sets the cookie of somebody who has entered.
func (s *Server) remember(w http.ResponseWriter, r *http.Request, person string) error {
	token, err := s.catalog.NewCookie(r.Context(), person)
	if err != nil {
		return err
	}
	s.setCookie(w, token)
	return nil
}

func (s *Server) setCookie(w http.ResponseWriter, token string) {
	http.SetCookie(w, &http.Cookie{
		Name: s.cookie, Value: token, Path: "/", MaxAge: max(1, int(s.limits.Remembered.Seconds())),
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteStrictMode,
	})
}

// renew remembers for as long again who makes a request.
func (s *Server) renew(w http.ResponseWriter, r *http.Request) error {
	c, err := r.Cookie(s.cookie)
	if err != nil {
		return nil
	}
	if err := s.catalog.Renew(r.Context(), c.Value, s.limits.Remembered); err != nil {
		if notFound(err) {
			return nil
		}
		return err
	}
	s.setCookie(w, c.Value)
	return nil
}

// person returns who makes a request, or errEnter.
func (s *Server) person(r *http.Request) (*catalog.Person, error) {
	c, err := r.Cookie(s.cookie)
	if err != nil || len(c.Value) > 100 {
		return nil, errEnter
	}
	p, err := s.catalog.ByCookie(r.Context(), c.Value, s.limits.Remembered)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errEnter
	}
	if err != nil {
		return nil, err
	}
	return &p, nil
}

// known returns who makes a request that only those who have entered may make. Others
// are slowed down, by their address.
func (s *Server) known(r *http.Request) (*catalog.Person, error) {
	p, err := s.person(r)
	if errors.Is(err, errEnter) {
		if err := tooFast(s.strangers.take(from(r), 1), "enter first, with a name; and wait a little"); err != nil {
			return nil, err
		}
	}
	return p, err
}

// roleOf returns what a person may do on a board, or "".
func (s *Server) roleOf(p *catalog.Person, board string) wire.Role {
	if s.open {
		return wire.Facilitator
	}
	return p.Role(board)
}

// visitor returns who makes a request about a board, and what they may do there. What
// they ask for costs them a unit of work at least.
func (s *Server) visitor(r *http.Request) (*catalog.Person, wire.Role, error) {
	p, err := s.known(r)
	if err != nil {
		return nil, "", err
	}
	if err := s.charge(p.ID, 1); err != nil {
		return nil, "", err
	}
	role := s.roleOf(p, r.PathValue("id"))
	if role == "" || !isID(r.PathValue("id")) {
		return nil, "", errNoBoard
	}
	return p, role, nil
}

// isID says whether a board or an invite could have the id.
func isID(id string) bool {
	const longest = 40
	return id != "" && len(id) <= longest && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// from returns the address that a request comes from.
func from(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	at, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return at.Unmap()
}
