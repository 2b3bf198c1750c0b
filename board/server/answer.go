package server

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/server/internal/live"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/store"
)

// failure is what a handler returns when it does not succeed.
type failure struct {
	status  int
	code    wire.Code
	message string
}

// Error is what the person is told.
func (f *failure) Error() string { return f.message }

var (
	errNotFound  = &failure{http.StatusNotFound, wire.NotFound, "there is no such thing here"}
	errNoBoard   = &failure{http.StatusNotFound, wire.NotFound, "there is no such board, or you were not invited to it"}
	errForbidden = &failure{http.StatusForbidden, wire.Forbidden, "only a facilitator can do that"}
	errViewer    = &failure{http.StatusForbidden, wire.Forbidden, "a viewer can only look"}
	errEnter     = &failure{http.StatusUnauthorized, wire.Forbidden, "enter first, with a name"}
)

func invalid(message string) error {
	return &failure{http.StatusBadRequest, wire.Invalid, message}
}

// handler answers a request with a value, which is written as JSON, or nil, when it
// has written the answer itself.
type handler func(w http.ResponseWriter, r *http.Request) (any, error)

// ServeHTTP implements http.Handler.
func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := h(w, r)
	if err != nil {
		if wait := (*later)(nil); errors.As(err, &wait) {
			w.Header().Set("Retry-After", strconv.Itoa(seconds(wait.after)))
		}
		status, code, message := explain(err)
		refuse(w, status, code, message)
		return
	}
	if answer == nil {
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

// logged is the handler, of whose failures that are nobody's mistake the log says more
// than a person is told.
func (s *Server) logged(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) (any, error) {
		answer, err := h(w, r)
		if err != nil && r.Context().Err() == nil {
			if status, _, _ := explain(err); status == http.StatusInternalServerError {
				s.logger.Error("a request failed", "method", r.Method, "path", clip(r.URL.Path), "error", err)
			}
		}
		return answer, err
	}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(data)
}

func refuse(w http.ResponseWriter, status int, code wire.Code, message string) {
	writeJSON(w, status, wire.Error{Code: code, Message: message})
}

// explain says what a person is told of an error. The cause of what is nobody's
// mistake stays in the log.
func explain(err error) (status int, code wire.Code, message string) {
	var f *failure
	var tooLarge *http.MaxBytesError
	if code, reason, refused := live.Reason(err); refused {
		return http.StatusConflict, code, reason
	}
	switch {
	case errors.As(err, &f):
		return f.status, f.code, f.message
	case errors.Is(err, wire.ErrTooLarge), errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge, wire.TooLarge, "this is larger than it may be"
	case errors.Is(err, wire.ErrMalformed):
		return http.StatusBadRequest, wire.Invalid, err.Error()
	case errors.Is(err, live.ErrFull):
		return http.StatusServiceUnavailable, wire.Closed, live.ErrFull.Error()
	case errors.Is(err, store.ErrInUse):
		return http.StatusServiceUnavailable, wire.Closed, "another server has this board open; servers share boards through --store postgres://…"
	case errors.Is(err, store.ErrFull):
		return http.StatusInsufficientStorage, wire.Closed, "the server's disk is full; nothing was changed: make room, then try again"
	case errors.Is(err, landfall.ErrClosed), errors.Is(err, context.Canceled):
		return http.StatusServiceUnavailable, wire.Closed, "the server is stopping"
	case errors.Is(err, store.ErrConflict), errors.Is(err, store.ErrUnavailable):
		return http.StatusServiceUnavailable, wire.Closed, "the server cannot store it now; try again in a moment"
	case errors.Is(err, store.ErrNotFound):
		return errNotFound.status, errNotFound.code, errNotFound.message
	}
	return http.StatusInternalServerError, wire.Closed, "the server could not do it; its log says more"
}

// failed says what a person is told of an error of the disk, and what to do; another
// error stays as it is.
func failed(err error) error {
	advice := ""
	switch {
	case errors.Is(err, store.ErrFull), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		advice = "the server's disk is full: make room, then try again"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		advice = "the server may not read or write there: change the permissions, or start it on another folder"
	case errors.Is(err, store.ErrCorrupt):
		advice = "the file of the session is damaged: restore it, or move it away to begin anew from the storm"
	default:
		return err
	}
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		advice = filepath.Base(path.Path) + ": " + advice
	}
	return &failure{http.StatusConflict, wire.Rejected, advice}
}

// local is what an error says, without where the server's folder is.
func (s *Server) local(err error) string {
	return strings.ReplaceAll(err.Error(), s.root+string(filepath.Separator), "")
}

// body reads the JSON body of a request.
func body(r *http.Request, into any) error {
	if kind := r.Header.Get("Content-Type"); kind != "application/json" && kind != "application/json; charset=utf-8" && kind != "application/json;charset=UTF-8" {
		return &failure{http.StatusUnsupportedMediaType, wire.Invalid, "the body is to be application/json"}
	}
	return wire.DecodeBody(r.Body, into)
}
