package landing_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
)

type drawer struct {
	*rapid.T
	*bench
	n     int
	gone  []*session.Note   // what was removed
	back  bool              // some of it came back, whose declaration a server that stops forgets
	sound map[string]string // the texts as they had no error last
}

// mend takes back what was written into the text and left an error.
func (d *drawer) mend() {
	for _, path := range d.paths() {
		if len(d.state.Source().Diagnostics) > 0 {
			d.follow(path, d.sound[path])
		}
	}
}

func (d *drawer) notesOf(of func(*session.Note) bool) []string {
	var out []string
	for id, n := range d.wall.Notes {
		if of(n) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

func (d *drawer) pick(of func(*session.Note) bool) (string, bool) {
	list := d.notesOf(of)
	if len(list) == 0 {
		return "", false
	}
	return rapid.SampledFrom(list).Draw(d.T, "note"), true
}

func any_(*session.Note) bool       { return true }
func frames(n *session.Note) bool   { return n.Kind == session.KindModule }
func inside(n *session.Note) bool   { return n.Kind != session.KindModule }
func stickies(n *session.Note) bool { return ast.KindOf(string(n.Kind)).IsSticky() }
func (d *drawer) text() string {
	return rapid.SampledFrom([]string{"Fresh", "Brand new", "Rover moved", "Mars Rover Moved", "Rover", "A done", " a \"b\"\n c ", "event", "", "Move", "𝄞"}).Draw(d.T, "text")
}

var drawnKinds = []string{"event", "event", "event", "command", "actor", "aggregate", "system", "policy", "projection", "hotspot", "note", "value", "term", "text", "module", "line"}

func (d *drawer) gesture() {
	switch rapid.IntRange(0, 18).Draw(d.T, "gesture") {
	case 0, 1, 2:
		d.n++
		id := fmt.Sprintf("note%04d", d.n)
		kind := rapid.SampledFrom(drawnKinds).Draw(d.T, "kind")
		w, h := landing.Size(session.Kind(kind))
		frame := ""
		if f, ok := d.pick(frames); ok && kind != "module" && rapid.Bool().Draw(d.T, "in a frame") {
			frame = f
		}
		d.set(id, "type", "note", "kind", kind, "text", d.text(), "x", d.x(), "y", d.x(), "w", w, "h", h, "module", frame)
	case 3, 4:
		if id, ok := d.pick(any_); ok {
			d.set(id, "text", d.text())
		}
	case 5:
		if id, ok := d.pick(inside); ok {
			d.set(id, "x", d.x(), "y", d.x())
		}
	case 6:
		id, ok := d.pick(inside)
		frame, framed := d.pick(frames)
		if ok && (!framed || rapid.Bool().Draw(d.T, "out")) {
			d.set(id, "module", "")
		} else if ok {
			d.set(id, "module", frame)
		}
	case 7:
		if id, ok := d.pick(any_); ok {
			d.gone = append(d.gone, d.wall.Notes[id])
			d.remove(id)
		}
	case 8, 9:
		a, ok := d.pick(inside)
		b, _ := d.pick(inside)
		if !ok || a == b || edit.VerbOf(kind(d.wall.Notes[a]), kind(d.wall.Notes[b])) == "" {
			return
		}
		for _, l := range d.wall.LinksOf(a) {
			if d.wall.Links[l].From == a && d.wall.Links[l].To == b {
				return
			}
		}
		d.n++
		d.set(fmt.Sprintf("link%04d", d.n), "type", "link", "from", a, "to", b, "verb", edit.VerbOf(kind(d.wall.Notes[a]), kind(d.wall.Notes[b])))
	case 10:
		if links := slices.Sorted(maps.Keys(d.wall.Links)); len(links) > 0 {
			d.remove(rapid.SampledFrom(links).Draw(d.T, "link"))
		}
	case 11:
		if id, ok := d.pick(any_); ok {
			d.set(id, "doc", rapid.SampledFrom([]string{"", "Why.", "One\n\ntwo"}).Draw(d.T, "doc"))
		}
	case 12:
		if id, ok := d.pick(stickies); ok {
			on, _ := d.pick(any_)
			d.set(id, "on", []string{on}, "answer", rapid.SampledFrom([]string{"", "Yes"}).Draw(d.T, "answer"))
		}
	case 14:
		if id, ok := d.pick(inside); ok {
			for _, l := range slices.Clone(d.wall.LinksOf(id)) {
				d.remove(l)
			}
			d.set(id, "kind", rapid.SampledFrom(drawnKinds[:13]).Draw(d.T, "kind"))
		}
	case 15: // somebody undoes that a note was removed
		if len(d.gone) > 0 {
			n := d.gone[len(d.gone)-1]
			d.gone, d.back = d.gone[:len(d.gone)-1], true
			var set session.Properties
			if err := json.Unmarshal(encode(n), &set); err != nil {
				d.T.Fatal(err)
			}
			d.wall.Apply([]session.Change{{ID: n.ID, Set: set}})
			d.dirty = append(d.dirty, n.ID)
			if d.wall.Notes[n.Module] == nil {
				d.set(n.ID, "module", "")
			}
			d.set(n.ID, "on", slices.DeleteFunc(slices.Clone(n.On), func(id string) bool { return d.wall.Notes[id] == nil }))
		}
	case 16:
		into, ok := d.pick(inside)
		from, _ := d.pick(inside)
		if ok && into != from && d.wall.Notes[into].Kind == d.wall.Notes[from].Kind && !d.wall.Notes[from].Private {
			d.set(into, "was", append(slices.Clone(d.wall.Notes[into].Was), d.wall.Notes[from].Text))
			d.remove(from)
		}
	case 17:
		if id, ok := d.pick(frames); ok {
			d.set(id, "team", rapid.SampledFrom([]string{"", "Mobility", "Team \"A\""}).Draw(d.T, "team"))
		}
	case 18:
		d.set("board", "name", rapid.SampledFrom([]string{"Test", "Other storm", "A \"B\""}).Draw(d.T, "name"))
	case 13:
		if id, ok := d.pick(any_); ok {
			d.set(id, "pivotal", rapid.Bool().Draw(d.T, "pivotal"), "private", rapid.IntRange(0, 3).Draw(d.T, "private") == 0)
		}
	}
}

// editText changes a line of the text by hand. Where that leaves an error, people
// go on at the wall meanwhile, and then it is taken back.
func (d *drawer) editText() {
	d.settle()
	for _, path := range d.paths() {
		text := d.texts()[path]
		d.follow(path, d.edited(text))
		if len(d.state.Source().Diagnostics) > 0 {
			d.gesture()
			d.follow(path, text)
		}
	}
}

// edited returns a text with a line that is another.
func (d *drawer) edited(text string) string {
	lines := strings.SplitAfter(text, "\n")
	at := rapid.IntRange(0, len(lines)-1).Draw(d.T, "line")
	switch rapid.IntRange(0, 3).Draw(d.T, "edit") {
	case 0:
		lines = slices.Delete(lines, at, at+1)
	case 1:
		other := rapid.IntRange(0, len(lines)-1).Draw(d.T, "other")
		lines[at], lines[other] = lines[other], lines[at]
	case 2:
		lines[at] = strings.ReplaceAll(lines[at], rapid.SampledFrom([]string{"Rover", "Moved", "A ", "Operator"}).Draw(d.T, "word"), "Other")
	case 3:
		line := rapid.SampledFrom([]string{"\"Quite new\"\n", "Someone -> Act -> Acted\n", "policy Act : Acted -> Act\n", "module Act { Acted }\n", "}\n"}).Draw(d.T, "new line")
		lines = slices.Insert(lines, at, line)
	}
	return strings.Join(lines, "")
}

func kind(n *session.Note) ast.Kind { return ast.KindOf(string(n.Kind)) }

func (d *drawer) x() int { return 200 * rapid.IntRange(0, 20).Draw(d.T, "x") }

// meanwhile makes a step, while people go on at the wall and in the text. The board takes it
// if it fits what is there by then.
func (d *drawer) meanwhile() {
	seen, dirty := d.wall.Clone(), d.dirty
	state, step := d.state.FollowWall(seen, dirty)
	d.dirty = []string{}
	for range rapid.IntRange(1, 3).Draw(d.T, "gestures meanwhile") {
		d.gesture()
	}
	d.scribble()
	events, err := d.board().BringInStep(step.Event(seen))
	if err != nil {
		d.dirty = append(dirty, d.dirty...)
		return
	}
	for _, e := range events {
		changes := session.Changes(e)
		d.wall.Apply(changes)
		seen.Apply(changes)
		d.base.Apply(changes)
	}
	d.state = state
	switch {
	case state.Broken() != nil:
	case state.Waiting():
		d.base.Files = maps.Clone(seen.Files)
	default:
		d.base = seen
	}
}

// stops forgets all but the wall and its text before the two have followed each other, as
// when the server is killed. What comes of it is what would have come without.
func (d *drawer) stops() {
	before := d.scribble()
	first := len(d.wall.Notes) == 0
	other := d.copied()
	other.settle()
	d.crash()
	d.same(other, first)
	if len(d.state.Source().Diagnostics) > 0 {
		d.gesture()
		other = d.copied()
		if rapid.Bool().Draw(d.T, "it stops again") {
			other.settle()
			d.crash()
		}
		for path, text := range before {
			other.follow(path, text)
			d.follow(path, text)
		}
		d.same(other, first)
	}
}

// copied returns the same wall and text with people of its own.
func (b *bench) copied() *bench {
	return &bench{t: b.t, wall: b.wall.Clone(), base: b.base.Clone(), state: b.state, dirty: slices.Clone(b.dirty), ids: b.ids + 1000}
}

// same fails unless another wall and text say the same. A wall that was empty has as many notes
// of an event as the text notes it times.
func (d *drawer) same(other *bench, wasEmpty bool) {
	if d.problems() != "" || other.problems() != "" {
		return
	}
	got, want := d.notes(), other.notes()
	if wasEmpty {
		got, want = once(got), once(want)
	}
	if got != want {
		d.fail("the wall is another because the server stopped:\n%s", cmp.Diff(want, got))
	}
	if !d.back && !maps.Equal(d.texts(), other.texts()) {
		d.fail("the text is another because the server stopped:\n%s", cmp.Diff(other.texts(), d.texts()))
	}
}

// once returns sorted lines without those that repeat the one before.
func once(lines string) string {
	return strings.Join(slices.Compact(strings.SplitAfter(lines, "\n")), "")
}

// scribble edits the text on the wall, or not, and returns the texts as they were. Nobody
// has read it since.
func (d *drawer) scribble() map[string]string {
	before := maps.Clone(d.texts())
	for _, path := range d.paths() {
		if rapid.Bool().Draw(d.T, "somebody is in the text") {
			file := d.wall.Files[session.FileID(path)]
			edit := session.Edit{Version: file.Version + 1, Changes: landing.Between(file.Text, d.edited(file.Text))}
			if edit.Changes != nil {
				d.wall.Apply([]session.Change{{ID: file.ID, Edit: &edit}})
			}
		}
	}
	return before
}
