package server

import (
	"bytes"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/landfall-go/landfall/board/wire"
)

// nonceMark is what stands in index.html where the page's nonce belongs.
const nonceMark = "LANDFALL_NONCE"

// page answers with index.html, which shows what the address says.
func (s *Server) page(w http.ResponseWriter, _ *http.Request) (any, error) {
	text, err := fs.ReadFile(s.config.Pages, "index.html")
	if err != nil {
		return nil, err
	}
	mark := nonce()
	h := w.Header()
	h.Set("Content-Security-Policy", policy(mark))
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(bytes.ReplaceAll(text, []byte(nonceMark), []byte(mark)))
	return nil, nil
}

// kinds are the types of files that the page loads. Those of the system's tables
// differ from machine to machine.
var kinds = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
	".ico": "image/x-icon", ".woff2": "font/woff2", ".json": "application/json", ".webmanifest": "application/manifest+json",
	".txt": "text/plain; charset=utf-8", ".map": "application/json",
}

// file answers with a file of the page. Those in assets have the hash of their
// content in their names, and never change.
func (s *Server) file(w http.ResponseWriter, r *http.Request) (any, error) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	text, err := fs.ReadFile(s.config.Pages, name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) || strings.HasSuffix(name, ".html") {
		return nil, errNotFound
	}
	if err != nil {
		return nil, errNotFound // a folder
	}
	kind := kinds[path.Ext(name)]
	if kind == "" {
		kind = mime.TypeByExtension(path.Ext(name))
	}
	if kind == "" {
		kind = "application/octet-stream"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if takesGzip(r) && len(text) > 1024 && strings.HasPrefix(kind, "text/") {
		if packed, err := s.packed.of(name, text); err == nil {
			h.Set("Content-Encoding", "gzip")
			h.Set("Vary", "Accept-Encoding")
			text = packed
		}
	}
	_, _ = w.Write(text)
	return nil, nil
}

func takesGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

// routes are all that the server answers.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"GET /{$}": s.page, "GET /b/{id}": s.page, "GET /join": s.page,
		"GET /assets/{file...}": s.file, "GET /{file}": s.file,
		"GET /api/me": s.me, "POST /api/enter": s.enter,
		"GET /api/boards": s.list, "POST /api/boards": s.create,
		"PATCH /api/boards/{id}": s.patch, "DELETE /api/boards/{id}": s.remove,
		"GET /api/boards/{id}/live":  s.live,
		"GET /api/boards/{id}/state": s.state, "GET /api/boards/{id}/history": s.history,
		"GET /api/boards/{id}/duplicates": s.duplicates, "GET /api/boards/{id}/modules": s.modules,
		"POST /api/boards/{id}/land": s.land, "GET /api/boards/{id}/export": s.export,
		"POST /api/boards/{id}/import": s.imports, "GET /api/boards/{id}/minutes": s.minutes,
		"POST /api/boards/{id}/tidy":   s.tidyNotes,
		"GET /api/boards/{id}/invites": s.invites, "POST /api/boards/{id}/invites": s.invite,
		"DELETE /api/boards/{id}/invites/{invite}": s.revoke,
	} {
		mux.Handle(pattern, s.logged(h))
	}
	mux.Handle("/", handler(func(http.ResponseWriter, *http.Request) (any, error) { return nil, errNotFound }))
	return s.guard(limitBody(mux))
}

// limitBody bounds what is read of any body.
func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, wire.MaxImport)
		next.ServeHTTP(w, r)
	})
}
