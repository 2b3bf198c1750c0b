package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/landfall-go/landfall/board/exchange"
	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/server/internal/catalog"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm"
)

// on returns a board that the visitor may see, and what they may do there. done is
// called when it is not needed any more. What is asked for costs so much on a small
// board, and more on a large one.
func (s *Server) on(r *http.Request, cost int) (o *opened, p *catalog.Person, role wire.Role, done func(), err error) {
	if p, role, err = s.visitor(r); err != nil {
		return nil, nil, "", nil, err
	}
	if o, done, err = s.boards.use(r.Context(), r.PathValue("id")); err != nil {
		return nil, nil, "", nil, err
	}
	s.work.spend(p.ID, int(float64(cost)*o.board.Scale())-1) // the visit has cost one
	return o, p, role, done, nil
}

// land answers POST /api/boards/{id}/land.
func (s *Server) land(_ http.ResponseWriter, r *http.Request) (any, error) {
	o, p, role, done, err := s.on(r, costLand)
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
		return nil, failed(err)
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

// storm returns the wall as all may see it and the storm that its text says, in step.
func (o *opened) storm(ctx context.Context) (*session.Wall, *landing.State, error) {
	if err := o.board.InStep(ctx); err != nil {
		return nil, nil, err
	}
	w, _ := o.board.Wall()
	state := o.text.current()
	if state == nil {
		return nil, nil, errStopping
	}
	return w, state, nil
}

// duplicates answers GET /api/boards/{id}/duplicates?least=0.7.
func (s *Server) duplicates(_ http.ResponseWriter, r *http.Request) (any, error) {
	o, _, _, done, err := s.on(r, costFigure)
	if err != nil {
		return nil, err
	}
	defer done()
	least := 0.7
	if text := r.URL.Query().Get("least"); text != "" {
		if least, err = strconv.ParseFloat(text, 64); err != nil || !(least >= 0.3 && least <= 1) {
			return nil, invalid("least is a number from 0.3 to 1")
		}
	}
	w, _ := o.board.Wall()
	var found []wire.Duplicate
	if err := s.figure(r.Context(), func() { found = landing.Duplicates(w, least) }); err != nil {
		return nil, err
	}
	if found == nil {
		found = []wire.Duplicate{}
	}
	return found, nil
}

// modules answers GET /api/boards/{id}/modules.
func (s *Server) modules(_ http.ResponseWriter, r *http.Request) (any, error) {
	o, _, _, done, err := s.on(r, costState)
	if err != nil {
		return nil, err
	}
	defer done()
	w, state, err := o.storm(r.Context())
	if err != nil {
		return nil, err
	}
	var modules wire.Modules
	err = s.figure(r.Context(), func() { modules = state.Modules(w) })
	return modules, err
}

// maxScale bounds the pixels of a picture for each of the wall.
const maxScale = 4

// export answers GET /api/boards/{id}/export with a file to be saved.
func (s *Server) export(w http.ResponseWriter, r *http.Request) (any, error) {
	o, p, _, done, err := s.on(r, costFigure)
	if err != nil {
		return nil, err
	}
	defer done()
	q := r.URL.Query()
	options := exchange.Options{Theme: draw.Light}
	if ids := q.Get("notes"); ids != "" {
		options.Notes = strings.Split(ids, ",")
	}
	switch theme := draw.Theme(q.Get("theme")); theme {
	case "", draw.Light:
	case draw.Dark:
		options.Theme = theme
	default:
		return nil, invalid("the theme is light or dark")
	}
	if text := q.Get("scale"); text != "" {
		if options.Scale, err = strconv.ParseFloat(text, 64); err != nil || !(options.Scale > 0 && options.Scale <= maxScale) {
			return nil, invalid("the scale is a number up to " + strconv.Itoa(maxScale))
		}
	}
	wall, state, err := o.storm(r.Context())
	if err != nil {
		return nil, err
	}
	file, err := s.draw(r.Context(), p.ID, exchange.Format(q.Get("to")), wall, state, options)
	switch {
	case errors.Is(err, exchange.ErrFormat):
		return nil, invalid(err.Error())
	case errors.Is(err, exchange.ErrUnsound), errors.Is(err, exchange.ErrNothing):
		return nil, &failure{http.StatusConflict, wire.Rejected, err.Error()}
	case errors.As(err, new(*later)):
		return nil, err
	case err != nil:
		s.logger.Warn("an export failed", "board", r.PathValue("id"), "error", err)
		return nil, &failure{http.StatusConflict, wire.Rejected, err.Error()}
	}
	save(w, file.Name, file.Type, file.Data)
	return nil, nil
}

// draw makes the file of an export.
func (s *Server) draw(ctx context.Context, person string, to exchange.Format, wall *session.Wall, state *landing.State, o exchange.Options) (*exchange.File, error) {
	done, err := s.turn(ctx, person)
	if err != nil {
		return nil, err
	}
	defer done()
	return exchange.Export(to, wall, state.Source(), o)
}

// save answers with a file that a browser saves and never shows.
func save(w http.ResponseWriter, name, kind string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = w.Write(data)
}

// minutes answers GET /api/boards/{id}/minutes.
func (s *Server) minutes(w http.ResponseWriter, r *http.Request) (any, error) {
	o, _, _, done, err := s.on(r, costFigure)
	if err != nil {
		return nil, err
	}
	defer done()
	wall, state, err := o.storm(r.Context())
	if err != nil {
		return nil, err
	}
	var text []byte
	if err := s.figure(r.Context(), func() {
		text = exchange.Minutes(wall, state.Model(), exchange.Course{Phases: o.board.Phases()})
	}); err != nil {
		return nil, err
	}
	save(w, "minutes.md", "text/markdown; charset=utf-8", text)
	return nil, nil
}

// maxMessages is how much is said about an import.
const maxMessages = 200

// importing reads a board of another tool, and refuses one that does not fit on the
// wall.
func (s *Server) importing(ctx context.Context, person string, wall *session.Wall, name string, data []byte) (*exchange.Imported, error) {
	if strings.EqualFold(filepath.Ext(name), storm.Extension) { // before it is parsed
		if why := whyUnfit(string(data)); why != "" {
			return nil, &failure{http.StatusRequestEntityTooLarge, wire.TooLarge, "the file " + why}
		}
	}
	done, err := s.turn(ctx, person)
	if err != nil {
		return nil, err
	}
	defer done()
	read, err := exchange.Import(wall, name, data)
	if errors.Is(err, exchange.ErrTooMuch) {
		return nil, &failure{http.StatusRequestEntityTooLarge, wire.TooLarge, err.Error()}
	}
	if err != nil {
		return nil, &failure{http.StatusUnprocessableEntity, wire.Invalid, err.Error()}
	}
	notes, links := len(wall.Notes)+len(read.Notes), len(wall.Links)+len(read.Links)
	why := whyUnfit(read.Text)
	switch {
	case notes >= session.MaxNotes: // what does not fit was left out when it was laid out
		why = fmt.Sprintf("has more notes than fit: a board holds %d", session.MaxNotes)
	case links > session.MaxLinks:
		why = fmt.Sprintf("would make %d arrows; a board holds %d", links, session.MaxLinks)
	}
	if why != "" {
		return nil, &failure{http.StatusRequestEntityTooLarge, wire.TooLarge, "the file " + why}
	}
	return read, nil
}

// imports answers POST /api/boards/{id}/import?name=FILE with a board of another tool
// in the body.
func (s *Server) imports(_ http.ResponseWriter, r *http.Request) (any, error) {
	o, p, role, done, err := s.on(r, costFigure)
	if err != nil {
		return nil, err
	}
	defer done()
	if role == wire.Viewer {
		return nil, errViewer
	}
	data, err := io.ReadAll(r.Body) // which is bounded
	if err != nil {
		return nil, err
	}
	name := filepath.Base(r.URL.Query().Get("name"))
	if !utf8.ValidString(name) || len(name) > 200 {
		return nil, invalid("the name is that of a file")
	}
	wall, _, err := o.storm(r.Context())
	if err != nil {
		return nil, err
	}
	read, err := s.importing(r.Context(), p.ID, wall, name, data)
	if err != nil {
		return nil, err
	}
	told := wire.Imported{Notes: len(read.Notes), Links: len(read.Links), Messages: read.Messages}
	if told.Messages == nil {
		told.Messages = []string{}
	}
	if more := len(told.Messages) - maxMessages; more > 0 {
		told.Messages = append(told.Messages[:maxMessages:maxMessages], fmt.Sprintf("and %d more of this kind", more))
	}
	ctx := context.WithoutCancel(r.Context())
	if len(wall.Notes) == 0 {
		err = o.text.adopt(ctx, read.Text, read.Layout)
	} else {
		err = o.board.AddNotes(ctx, p.ID, read.Notes, read.Links)
	}
	if err != nil {
		return nil, err
	}
	return told, nil
}
