package server

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"

	"github.com/landfall-go/landfall/board/server/internal/catalog"
	"github.com/landfall-go/landfall/board/server/internal/live"
	"github.com/landfall-go/landfall/board/wire"
)

const (
	// readLimit is above what is allowed, so that what is somewhat too large can be
	// refused by its id; what is far too large ends the socket.
	readLimit = 2 * wire.MaxMessage
	// pingEvery and pingTime find out that a line is dead.
	pingEvery = 25 * time.Second
	pingTime  = 20 * time.Second
	// nonsense is how many malformed messages a socket may send.
	nonsense = 20
)

// socket is one browser on one board.
type socket struct {
	person string
	board  string
	role   wire.Role
	line   *live.Line
	out    atomic.Bool // nothing that comes is listened to any more
}

// dismiss ends a socket whose role is not what it was. The browser may take its time to
// go, but has no say.
func (k *socket) dismiss(reason wire.ByeReason, message string) {
	k.out.Store(true)
	k.line.Bye(reason, message)
}

// live answers GET /api/boards/{id}/live with a WebSocket.
func (s *Server) live(w http.ResponseWriter, r *http.Request) (any, error) {
	p, role, err := s.visitor(r)
	if err != nil {
		return nil, err
	}
	since, err := strconv.ParseUint(r.URL.Query().Get("since"), 10, 63)
	if err != nil && r.URL.Query().Get("since") != "" {
		return nil, invalid("since is the number of an operation")
	}
	if !isUpgrade(r) {
		return nil, &failure{http.StatusUpgradeRequired, wire.Invalid, "this is for a WebSocket"}
	}
	o, done, err := s.boards.use(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	defer done()
	k := &socket{person: p.ID, board: r.PathValue("id"), role: role, line: live.NewLine(s.limits.Behind)}
	seat, err := o.board.Sit(r.Context(), wire.Person{ID: p.ID, Name: p.Name, Color: p.Color}, role, since, k.line, s.limits.PerPerson, s.limits.Sockets)
	if err != nil {
		return nil, err
	}
	defer seat.Leave()
	if err := s.renew(w, r); err != nil {
		return nil, err
	}
	conn, err := websocket.Accept(roomy{w}, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // guard has looked at the origin, more strictly
	if err != nil {
		return nil, nil // Accept has answered
	}
	defer func() { _ = conn.CloseNow() }()
	if !s.sockets.add(k) {
		return nil, nil
	}
	defer s.sockets.remove(k)
	s.sockets.look() // the role may have been taken away since it was looked up
	s.hold(conn, seat, k)
	return nil, nil
}

// hold carries what is said over a socket, until one side ends it.
func (s *Server) hold(conn *websocket.Conn, seat *live.Seat, k *socket) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		defer cancel()
		write(ctx, conn, k.line, s.limits.Stalled)
	})
	all.Go(func() {
		defer cancel()
		ping(ctx, conn)
	})
	conn.SetReadLimit(readLimit)
	s.read(ctx, conn, seat, k)
	cancel()
	_ = conn.CloseNow()
	all.Wait()
}

// write writes what comes through the line, until its last frame. A browser that does
// not take in time what is written at once is given up.
func write(ctx context.Context, conn *websocket.Conn, line *live.Line, within time.Duration) {
	var frames [][]byte
	for {
		select {
		case <-ctx.Done():
			return
		case <-line.Wake():
		}
		var more bool
		frames, more = line.Take(frames[:0])
		if err := writeAll(ctx, conn, frames, within); err != nil {
			return
		}
		clear(frames)
		if !more {
			_ = conn.Close(websocket.StatusNormalClosure, "")
			return
		}
	}
}

func writeAll(ctx context.Context, conn *websocket.Conn, frames [][]byte, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for _, f := range frames {
		if err := conn.Write(ctx, websocket.MessageText, f); err != nil {
			return err
		}
	}
	return nil
}

// ping ends the socket when the other side does not answer.
func ping(ctx context.Context, conn *websocket.Conn) {
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		once, cancel := context.WithTimeout(ctx, pingTime)
		err := conn.Ping(once)
		cancel()
		if err != nil {
			return
		}
	}
}

var pong = []byte(`{"t":"pong"}`)

// read takes what a browser sends.
func (s *Server) read(ctx context.Context, conn *websocket.Conn, seat *live.Seat, k *socket) {
	all := rate.NewLimiter(rate.Limit(s.limits.Messages), int(4*s.limits.Messages))
	commands, size := s.commands.shared(k.person), s.bytes.shared(k.person)
	wrong := 0
	var buffer bytes.Buffer
	for {
		kind, r, err := conn.Reader(ctx)
		if err != nil {
			return
		}
		buffer.Reset()
		if _, err := buffer.ReadFrom(r); err != nil {
			return
		}
		if k.out.Load() {
			<-ctx.Done() // when the line has been written
			return
		}
		if !all.Allow() {
			k.line.Bye(wire.ByeFlood, "far too much was sent in too short a time")
			<-ctx.Done()
			return
		}
		m, id, err := wire.Decode(buffer.Bytes())
		if kind != websocket.MessageText {
			err = wire.ErrMalformed
		}
		if err != nil {
			k.line.Send(refusal(buffer.Bytes(), id, err))
			if wrong++; wrong >= nonsense {
				k.line.Bye(wire.ByeFlood, "too much of what was sent made no sense")
				<-ctx.Done()
				return
			}
			continue
		}
		switch m := m.(type) {
		case *wire.Do:
			if commands.Wait(ctx) != nil || size.WaitN(ctx, min(buffer.Len(), size.Burst())) != nil || k.out.Load() {
				return
			}
			seat.Do(context.WithoutCancel(ctx), m)
		case *wire.Here:
			if k.role == wire.Viewer { // who only looks is not seen to write or to drag
				m.Editing, m.Draft, m.Drag = nil, nil, nil
			}
			seat.Here(m.Presence)
		case *wire.Ping:
			k.line.Send(pong)
		}
	}
}

// idIn finds the id of a command that is too large to be read.
var idIn = regexp.MustCompile(`"id"\s*:\s*"([0-9a-fA-F-]{36})"`)

func refusal(message []byte, id string, err error) []byte {
	code := wire.Invalid
	if errors.Is(err, wire.ErrTooLarge) {
		code = wire.TooLarge
		if found := idIn.FindSubmatch(message[:min(len(message), 300)]); id == "" && found != nil {
			id = string(found[1])
		}
	}
	return live.No(id, code, err.Error())
}

// sockets are all that are open.
type sockets struct {
	mu     sync.Mutex
	all    map[*socket]struct{}
	closed bool
	open   sync.WaitGroup
	news   chan struct{}
	once   sync.Once
}

func (s *sockets) add(k *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.open.Add(1)
	s.all[k] = struct{}{}
	return true
}

func (s *sockets) remove(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, k)
	s.open.Done()
}

// wait returns when all sockets have ended; none is added after it.
func (s *sockets) wait() {
	s.mu.Lock()
	s.closed = true
	for k := range s.all {
		k.line.Bye(wire.ByeStopping, "the server stops")
	}
	s.mu.Unlock()
	s.open.Wait()
}

func (s *sockets) channel() chan struct{} {
	s.once.Do(func() { s.news = make(chan struct{}, 1) })
	return s.news
}

// look lets roles be looked up again.
func (s *sockets) look() {
	select {
	case s.channel() <- struct{}{}:
	default:
	}
}

// watch ends the sockets of those whose role has changed, and closes boards that
// another server has deleted, until the context ends.
func (s *sockets) watch(ctx context.Context, server *Server) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.channel():
		}
		for err := server.recheck(ctx); err != nil && ctx.Err() == nil; err = server.recheck(ctx) {
			server.logger.Warn("roles cannot be looked up, and it is tried again", "error", err)
			time.Sleep(200 * time.Millisecond)
		}
	}
}

func (s *Server) recheck(ctx context.Context) error {
	if err := s.closeDeleted(ctx); err != nil {
		return err
	}
	if s.open {
		return nil
	}
	s.sockets.mu.Lock()
	all := make([]*socket, 0, len(s.sockets.all))
	for k := range s.sockets.all {
		all = append(all, k)
	}
	s.sockets.mu.Unlock()
	known := map[string]*catalog.Person{}
	for _, k := range all {
		p := known[k.person]
		if p == nil {
			found, err := s.catalog.ByID(ctx, k.person)
			if err != nil && !notFound(err) {
				return err
			}
			p = &found
			known[k.person] = p
		}
		switch role := s.roleOf(p, k.board); role {
		case k.role:
		case "":
			if err := s.putOut(ctx, k); err != nil {
				return err
			}
		default:
			k.dismiss(wire.ByeStopping, "your role has changed")
		}
	}
	return nil
}

// putOut ends the socket of somebody who may not be on the board any more: with the
// board, all that it gave is gone, too.
func (s *Server) putOut(ctx context.Context, k *socket) error {
	_, err := s.catalog.Board(ctx, k.board)
	switch {
	case notFound(err):
		k.dismiss(wire.ByeDeleted, "the board was deleted")
	case err != nil:
		return err
	default:
		k.dismiss(wire.ByeRevoked, "your invite was revoked")
	}
	return nil
}

func (s *Server) closeDeleted(ctx context.Context) error {
	if !s.place.Shared() {
		return nil
	}
	s.boards.mu.Lock()
	var ids []string
	for id := range s.boards.open {
		ids = append(ids, id)
	}
	s.boards.mu.Unlock()
	for _, id := range ids {
		_, err := s.catalog.Board(ctx, id)
		switch {
		case notFound(err):
			if err := s.boards.shut(id, wire.ByeDeleted, "the board was deleted", nil); err != nil {
				s.logger.Warn("a deleted board was not closed well", "board", id, "error", err)
			}
		case err != nil:
			return err
		}
	}
	return nil
}
