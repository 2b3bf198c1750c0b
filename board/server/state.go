package server

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"sync"

	"github.com/landfall-go/landfall/board/server/internal/live"
	"github.com/landfall-go/landfall/board/wire"
)

// state answers GET /api/boards/{id}/state.
func (s *Server) state(w http.ResponseWriter, r *http.Request) (any, error) {
	o, p, _, done, err := s.on(r, costState)
	if err != nil {
		return nil, err
	}
	defer done()
	packed := takesGzip(r)
	var data []byte
	if figured := s.figure(r.Context(), func() { data, err = o.board.State(p.ID, packed) }); figured != nil {
		return nil, figured
	}
	if err != nil {
		return nil, err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Vary", "Accept-Encoding")
	if packed {
		h.Set("Content-Encoding", "gzip")
	}
	_, _ = w.Write(data)
	return nil, nil
}

// history answers GET /api/boards/{id}/history?after=&max=.
func (s *Server) history(_ http.ResponseWriter, r *http.Request) (any, error) {
	p, _, err := s.visitor(r)
	if err != nil {
		return nil, err
	}
	after, err := number(r, "after")
	if err != nil {
		return nil, err
	}
	most, err := number(r, "max")
	if err != nil {
		return nil, err
	}
	o, done, err := s.boards.use(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	defer done()
	var h wire.History
	var read live.Read
	if figured := s.figure(r.Context(), func() { h, read, err = o.board.History(r.Context(), p.ID, after, int(min(most, 1<<20))) }); figured != nil {
		return nil, figured
	}
	s.work.spend(p.ID, read.Ops/perUnit+read.Bytes/bytesPerUnit)
	return h, err
}

// number returns a number of the query, zero when it is not there.
func number(r *http.Request, name string) (uint64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, invalid(name + " is a number")
	}
	return n, nil
}

// packed keeps the files of the page as they are sent.
type packed struct {
	mu    sync.Mutex
	files map[string][]byte
}

func (p *packed) of(name string, text []byte) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if done, ok := p.files[name]; ok {
		return done, nil
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if p.files == nil {
		p.files = map[string][]byte{}
	}
	p.files[name] = b.Bytes()
	return p.files[name], nil
}
