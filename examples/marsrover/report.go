package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
)

// report is what is to be said of a rover.
type report struct {
	ID         landfall.AggregateID `json:"id"`
	Coordinate string               `json:"coordinate"`
	Status     rover.Status         `json:"status"`
	Path       []string             `json:"path"`
	Obstacles  []rover.Point        `json:"-"`
	Found      []string             `json:"obstacles"`
	// Remaining is how many commands were left; nil when none were given.
	Remaining *int `json:"remaining,omitempty"`

	state rover.MarsRover
}

// report gathers what is known of a rover, from the projections and, for its
// status and its world, from the aggregate.
func (s *system) report(ctx context.Context, id landfall.AggregateID) (report, error) {
	loaded, err := s.known(ctx, id)
	if err != nil {
		return report{}, err
	}
	r := report{
		ID: id, Coordinate: loaded.State.Coordinate(), Status: loaded.State.Status,
		Found: []string{}, state: loaded.State,
	}
	if r.Path, err = s.path(ctx, id); err != nil {
		return report{}, err
	}
	found, err := s.obstacles.Get(ctx, string(id))
	if err != nil && !errors.Is(err, landfall.ErrNotFound) {
		return report{}, err
	}
	r.Obstacles = found.Points
	for _, p := range found.Points {
		r.Found = append(r.Found, p.String())
	}
	return r, nil
}

// known returns a rover that was started.
func (s *system) known(ctx context.Context, id landfall.AggregateID) (landfall.Loaded[rover.MarsRover], error) {
	loaded, err := s.rovers.Load(ctx, id)
	if err == nil && loaded.Version == 0 {
		err = fmt.Errorf(`there is no rover %q; "marsrover rovers" lists them`, id)
	}
	return loaded, err
}

func (s *system) path(ctx context.Context, id landfall.AggregateID) ([]string, error) {
	path := []string{}
	for page, err := range s.paths.All(ctx, rover.PagePrefix(id)) {
		if err != nil {
			return nil, err
		}
		path = append(path, page.Document.Coordinates...)
	}
	return path, nil
}

// view is how a report is to be shown.
type view struct {
	json, quiet bool
	svg         string
}

// present prints the report and draws the picture. The last line is the coordinate
// alone, or the whole report as JSON.
func (m *Main) present(r report, v view) error {
	err := m.print(r, v)
	if v.svg != "" {
		err = errors.Join(err, saveSVG(v.svg, r))
	}
	return err
}

func (m *Main) print(r report, v view) error {
	if v.json {
		return writeJSON(m.Stdout, r)
	}
	if !v.quiet {
		m.describe(r)
	}
	_, err := fmt.Fprintln(m.Stdout, r.Coordinate)
	return err
}

func (m *Main) describe(r report) {
	p := pictureOf(r, terminalWindow)
	fmt.Fprintf(m.Stdout, "\n%s\nRover %s is %s.\n", p.text(m.Colours), r.ID, r.Status)
	if r.Remaining == nil {
		return
	}
	switch left := *r.Remaining; left {
	case 0:
	case 1:
		fmt.Fprintln(m.Stdout, "1 command was left.")
	default:
		fmt.Fprintf(m.Stdout, "%d commands were left.\n", left)
	}
}

func saveSVG(file string, r report) error {
	p := pictureOf(r, svgWindow)
	if err := os.WriteFile(file, []byte(p.svg()), 0o644); err != nil {
		return fmt.Errorf("save the picture: %w", err)
	}
	return nil
}

// list prints lines, or the same as JSON.
func (m *Main) list(lines []string, asJSON bool) error {
	if asJSON {
		return writeJSON(m.Stdout, lines)
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(m.Stdout, line); err != nil {
			return err
		}
	}
	return nil
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// distinct sorts points and keeps each once.
func distinct(points []rover.Point) []string {
	slices.SortFunc(points, func(a, b rover.Point) int {
		if a.X != b.X {
			return a.X - b.X
		}
		return a.Y - b.Y
	})
	texts := []string{}
	for _, p := range slices.Compact(points) {
		texts = append(texts, p.String())
	}
	return texts
}

// pathLine writes a path as people do: 0:0:N 0:0:E 1:0:E.
func pathLine(path []string) string { return strings.Join(path, " ") }
