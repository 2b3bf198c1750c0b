package draw

import (
	"fmt"
	"slices"

	"github.com/landfall-go/landfall/draw/internal/grid"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// station is a note on a walk: a step, or what leads from one step to the next.
type station struct {
	element *model.Element
	module  *model.Module // in whose lane it stands: an actor stands with the command
	step    int           // its number, 0 for what lies between two steps
	verb    string        // how the station before leads here; empty if nothing says how
}

// stationsOf returns the steps of a walk with all that leads from each to the
// next, as far as the storm says so.
func stationsOf(s *model.Storm, w *model.Walk) []station {
	next := map[*model.Element][]model.Link{}
	for _, l := range s.Links() {
		if l.Verb != model.HandedTo && l.Verb != model.Emits && l.Verb != model.Stops {
			next[l.From] = append(next[l.From], l)
		}
	}
	handlers := map[[2]*model.Element]*model.Element{}
	for h := range s.Handlings() {
		for _, c := range h.Commands {
			for e := range h.Events.All() {
				handlers[[2]*model.Element{c, e}] = h.Handler
			}
		}
	}
	var out []station
	for i, e := range w.Steps {
		if i > 0 {
			for _, l := range pathBetween(next, w.Steps[i-1], e) {
				if h := handlers[[2]*model.Element{l.From, l.To}]; l.Verb == model.LeadsTo && h != nil {
					out = append(out, station{element: h, verb: string(model.HandedTo)}, station{element: l.To, verb: string(model.Emits)})
					continue
				}
				out = append(out, station{element: l.To, verb: string(l.Verb)})
			}
			if n := len(out); out[n-1].element == e && out[n-1].step == 0 {
				out[n-1].step = i + 1
				continue
			}
		}
		out = append(out, station{element: e, step: i + 1})
	}
	return out
}

// pathBetween returns the shortest way from one element to another, or nil.
func pathBetween(next map[*model.Element][]model.Link, from, to *model.Element) []model.Link {
	came := map[*model.Element]model.Link{}
	seen := map[*model.Element]bool{from: true}
	queue := []*model.Element{from}
	for len(queue) > 0 && !seen[to] {
		e := queue[0]
		queue = queue[1:]
		for _, l := range next[e] {
			if !seen[l.To] {
				seen[l.To] = true
				came[l.To] = l
				queue = append(queue, l.To)
			}
		}
	}
	if from == to || !seen[to] {
		return nil
	}
	var path []model.Link
	for e := to; e != from; e = came[e].From {
		path = append(path, came[e])
	}
	slices.Reverse(path)
	return path
}

// walkScene draws a walk: time from left to right, each module a lane.
func walkScene(s *model.Storm, w *model.Walk) *Scene {
	stations := stationsOf(s, w)
	modules := lanesOf(stations)
	c := &chart{}
	row := grid.Row{Height: noteSize, Gap: 20, Above: frameHead + 14, Below: framePad}
	c.grow(len(stations), len(modules), grid.Col{Gap: 28}, row)
	for i, t := range stations {
		c.station(i, t, slices.Index(modules, t.module))
	}
	if n := len(c.board.Cols); n > 0 {
		c.board.Cols[0].Before = framePad
		c.board.Cols[n-1].After = framePad
	}
	c.laneFrames(modules, accentsOf(s))
	scene, width, height := c.scene(w.Name)
	for i, t := range stations {
		if t.step > 0 {
			box := scene.Notes[i].Box
			scene.Labels = append(scene.Labels, Label{Role: QuietLabel, At: Point{X: box.X, Y: box.Y - 6}, Text: fmt.Sprint(t.step), Size: 16, Bold: true})
		}
	}
	finish(scene, width, height)
	return scene
}

// lanesOf puts each station into the lane of its module, an actor into that of
// the command that follows, and returns the modules in the order of the walk.
func lanesOf(stations []station) []*model.Module {
	for i := len(stations) - 1; i >= 0; i-- {
		t := &stations[i]
		t.module = t.element.Module
		if t.element.Kind == ast.Actor && i+1 < len(stations) {
			t.module = stations[i+1].module
		}
	}
	var modules []*model.Module
	for _, t := range stations {
		if !slices.Contains(modules, t.module) {
			modules = append(modules, t.module)
		}
	}
	return modules
}

// station puts down a note of a walk and links it with the one before.
func (c *chart) station(i int, t station, lane int) {
	width, height := sizes{width: noteSize, height: noteSize}.of(t.element.Kind)
	n := elementNote(t.element, Rect{W: width, H: height}, false)
	n.ID += fmt.Sprintf("#%d", i)
	at := c.note(n, chartText{text: t.element.Label(), most: 19, least: 6}, i, lane, 1, width, height)
	if i > 0 {
		c.link(at-1, at, 0, 0, Link{Verb: verbOr(t.verb, "then"), Dashed: t.verb == ""})
	}
}

// laneFrames frames the lane of each module.
func (c *chart) laneFrames(modules []*model.Module, accents map[*model.Module]int) {
	for i, m := range modules {
		if m.IsFree() {
			continue
		}
		c.frames = append(c.frames, chartFrame{
			frame: Frame{ID: "module:" + ast.Quote(m.Name), Accent: accents[m]},
			from:  i, to: i,
			labels: func(box Rect) []Label { return frameHeading(m, box) },
		})
	}
}

func verbOr(verb, other string) string {
	if verb == "" {
		return other
	}
	return verb
}
