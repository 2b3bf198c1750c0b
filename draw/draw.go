package draw

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// View says which picture of a storm is drawn.
type View string

// The views.
const (
	StormView     View = "storm"     // the board, as the session left it
	ModulesView   View = "modules"   // the messages that run between modules
	FlowView      View = "flow"      // one walk through the storm, step by step
	AggregateView View = "aggregate" // one aggregate with all that touches it, and the data
	TeamsView     View = "teams"     // the messages and flows that cross teams
)

// Views are all views, the first being the default.
var Views = []View{StormView, ModulesView, FlowView, AggregateView, TeamsView}

// Format is a kind of file.
type Format string

// The formats, which are also the endings of file names.
const (
	SVGFormat      Format = "svg"
	PNGFormat      Format = "png"
	MermaidFormat  Format = "mmd"
	DOTFormat      Format = "dot"
	MarkdownFormat Format = "md"
)

// Formats are all formats.
var Formats = []Format{SVGFormat, PNGFormat, MermaidFormat, DOTFormat, MarkdownFormat}

// Options say what is drawn and how. The zero Options draw the board, light.
type Options struct {
	View  View
	Name  string  // of the flow or the aggregate; may be empty where there is only one
	Theme Theme   // of SVG and PNG
	Scale float64 // pixels of a PNG for each of the scene; 0 means DefaultScale
}

var (
	// ErrUnknown says that there is no such view, theme or format.
	ErrUnknown = errors.New("unknown")
	// ErrNoName says that the storm has no flow or aggregate of that name, or
	// that it has several and none was named.
	ErrNoName = errors.New("no such name")
)

// FormatOf returns the format that the ending of a file's name asks for, in
// whatever case. The error is ErrUnknown.
func FormatOf(path string) (Format, error) {
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	if f := Format(ending); slices.Contains(Formats, f) {
		return f, nil
	}
	return "", fmt.Errorf("draw: %w format %q: name the file .%s", ErrUnknown, ending, list(Formats, " or ."))
}

// Render draws the storm into a file of that format. Errors are ErrUnknown for
// a format, view or theme that there is not, ErrNoName for a name that the
// storm has not, or that of encoding a PNG. Render is safe for concurrent use.
func Render(s *model.Storm, f Format, o Options) ([]byte, error) {
	switch f {
	case SVGFormat:
		return SVG(s, o)
	case PNGFormat:
		return PNG(s, o)
	case MermaidFormat:
		return Mermaid(s, o)
	case DOTFormat:
		return DOT(s, o)
	case MarkdownFormat:
		return Markdown(s, o)
	}
	return nil, fmt.Errorf("draw: %w format %q: there are %s", ErrUnknown, f, list(Formats, ", "))
}

// SVG draws the storm as an SVG file; see [Render] for the errors.
func SVG(s *model.Storm, o Options) ([]byte, error) {
	scene, err := Layout(s, o)
	if err != nil {
		return nil, err
	}
	return scene.SVG(o.Theme), nil
}

// PNG draws the storm as a PNG file; see [Render] for the errors.
func PNG(s *model.Storm, o Options) ([]byte, error) {
	scene, err := Layout(s, o)
	if err != nil {
		return nil, err
	}
	return scene.PNG(o.Theme, o.Scale)
}

// Layout decides where everything lies in the picture; see [Render] for the
// errors.
func Layout(s *model.Storm, o Options) (*Scene, error) {
	if err := o.Theme.check(); err != nil {
		return nil, err
	}
	switch o.View {
	case "", StormView:
		return boardScene(s, nil, s.Name, false), nil
	case ModulesView:
		return modulesScene(s), nil
	case TeamsView:
		return teamsScene(s), nil
	case FlowView:
		w, err := findWalk(s, o.Name)
		if err != nil {
			return nil, err
		}
		return walkScene(s, w), nil
	case AggregateView:
		e, err := findAggregate(s, o.Name)
		if err != nil {
			return nil, err
		}
		return boardScene(s, around(s, e), e.Label(), true), nil
	}
	return nil, unknownView(o.View)
}

func unknownView(v View) error {
	return fmt.Errorf("draw: %w view %q: there are %s", ErrUnknown, v, list(Views, ", "))
}

func list[T ~string](items []T, sep string) string {
	out := make([]string, len(items))
	for i, x := range items {
		out[i] = string(x)
	}
	return strings.Join(out, sep)
}

// findWalk returns the flow of that name, in whatever case.
func findWalk(s *model.Storm, name string) (*model.Walk, error) {
	var found []*model.Walk
	var names []string
	for m := range s.All() {
		for _, w := range m.Walks {
			names = append(names, ast.QuoteText(w.Name))
			if name == "" || strings.EqualFold(w.Name, name) {
				found = append(found, w)
			}
		}
	}
	return one(found, "flow", name, names, `write one: flow "happy path" : A -> B -> C`)
}

// findAggregate returns the aggregate, or the system, of that name or path.
func findAggregate(s *model.Storm, name string) (*model.Element, error) {
	var found []*model.Element
	var names []string
	for e := range s.Elements() {
		if e.Kind != ast.Aggregate && (e.Kind != ast.System || name == "") {
			continue
		}
		names = append(names, e.Path())
		if name == "" || strings.EqualFold(e.Name, name) || strings.EqualFold(e.Label(), name) || e.Path() == name {
			found = append(found, e)
		}
	}
	return one(found, "aggregate", name, names, "write one: aggregate Name { Command -> Event }")
}

func one[T any](found []T, what, name string, names []string, advice string) (T, error) {
	var none T
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(names) == 0:
		return none, fmt.Errorf("draw: %w: the storm has no %s; %s", ErrNoName, what, advice)
	case len(found) > 1 && name == "":
		return none, fmt.Errorf("draw: %w: say which %s to draw: %s", ErrNoName, what, strings.Join(names, ", "))
	case len(found) > 1:
		return none, fmt.Errorf("draw: %w: %d have the name %q; say which %s: %s", ErrNoName, len(found), name, what, strings.Join(names, ", "))
	}
	return none, fmt.Errorf("draw: %w: the storm has no %s %q, but %s", ErrNoName, what, name, strings.Join(names, ", "))
}

// around selects what touches an aggregate: its lines of flow, the policies
// before and after them, and what its events feed.
func around(s *model.Storm, center *model.Element) *selection {
	sel := &selection{elements: map[*model.Element]bool{center: true}, handler: center}
	own := map[*model.Element]bool{}
	for _, h := range center.Handles {
		for _, e := range slices.Concat(h.Commands, slices.Concat(h.Events...)) {
			own[e] = true
		}
		sel.add(h.Issuers...)
	}
	for e := range own {
		sel.elements[e] = true
	}
	touches := func(list []*model.Element) bool {
		return slices.ContainsFunc(list, func(e *model.Element) bool { return own[e] })
	}
	for e := range s.Elements() {
		if q := e.Policy; q != nil {
			on, invokes := slices.Concat(slices.Concat(q.On...), q.Unless), slices.Concat(q.Invokes...)
			before, after := touches(invokes), touches(on)
			if before || after {
				sel.add(e)
			}
			if before {
				sel.add(on...)
			}
			if after {
				sel.add(invokes...)
			}
		}
		if v := e.View; v != nil && touches(v.UpdatedBy) {
			sel.add(e)
		}
	}
	return sel
}

func (s *selection) add(list ...*model.Element) {
	for _, e := range list {
		s.elements[e] = true
	}
}
