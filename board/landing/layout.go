package landing

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Layout is what the file beside a storm remembers of its wall: where each note lies,
// and what the text of the storm cannot say. Its notes are under the ids that they have
// on the wall, and under those of their elements, so that it outlives a rename of
// either.
type Layout struct {
	Notes  []*session.Note  // in the order of their ids
	Aparts []*session.Apart // in the order of their ids; a step does not bring them, KeepApart does
}

// LayoutPath returns the path of the layout of a storm: beside its file, or in its
// folder.
func LayoutPath(storm string, isDir bool) string {
	if isDir {
		return strings.TrimSuffix(storm, "/") + "/layout.json"
	}
	return strings.TrimSuffix(storm, ".storm") + ".layout.json"
}

// LayoutOf returns what there is to remember of a wall. What is written alone is not.
func LayoutOf(wall *session.Wall) *Layout {
	l := &Layout{}
	for _, n := range wall.Notes {
		if !n.Private {
			l.Notes = append(l.Notes, n)
		}
	}
	for _, a := range wall.Aparts {
		l.Aparts = append(l.Aparts, a)
	}
	l.sort()
	return l
}

func (l *Layout) sort() {
	slices.SortFunc(l.Notes, func(a, b *session.Note) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(l.Aparts, func(a, b *session.Apart) int { return cmp.Compare(a.ID, b.ID) })
}

// has reports whether the layout remembers a note of that id.
func (l *Layout) has(id string) bool {
	if l == nil {
		return false
	}
	_, found := slices.BinarySearchFunc(l.Notes, id, func(n *session.Note, id string) int { return cmp.Compare(n.ID, id) })
	return found
}

// layoutVersion is the version of the format.
const layoutVersion = 1

// layoutHead is the first line of a layout file.
const layoutHead = `{"version": 1, "items": [` + "\n"

// Encode returns the layout as a file: JSON with one note on each line, in the order of
// their ids, so that a change of one note is a change of one line, and git can merge
// what several people did.
func (l *Layout) Encode() []byte {
	var b bytes.Buffer
	b.WriteString(layoutHead)
	lines := make([][]byte, 0, len(l.Notes)+len(l.Aparts))
	for _, n := range l.Notes {
		lines = append(lines, encode(kept(n)))
	}
	for _, a := range l.Aparts {
		lines = append(lines, encode(a))
	}
	b.Write(bytes.Join(lines, []byte(",\n")))
	if len(lines) > 0 {
		b.WriteByte('\n')
	}
	b.WriteString("]}\n")
	return b.Bytes()
}

// kept returns what is remembered of a note: of one that stands for an element nothing
// that the text says.
func kept(n *session.Note) *session.Note {
	k := *n
	if k.Element != "" && k.Kind != session.KindLine && k.Kind != session.KindText {
		k.Doc, k.Answer, k.Team, k.Pivotal, k.On = "", "", "", false, nil
		k.Text = ""
	}
	return &k
}

// ErrLayout says that a layout file is none, or of a version that is not known.
var ErrLayout = errors.New("this is no layout of a wall")

// DecodeLayout reads a layout file. Notes with sizes or places that no wall has are
// left out. The error wraps ErrLayout.
func DecodeLayout(data []byte) (*Layout, error) {
	var file struct {
		Version int               `json:"version"`
		Items   []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("%w: %v; repair it, or remove it to have the wall laid out anew", ErrLayout, err)
	}
	if file.Version != layoutVersion {
		return nil, fmt.Errorf("%w: its version is %d, and only %d is known", ErrLayout, file.Version, layoutVersion)
	}
	l := &Layout{}
	for i, raw := range file.Items {
		var head struct {
			Type session.ItemType `json:"type"`
		}
		if err := json.Unmarshal(raw, &head); err != nil {
			return nil, fmt.Errorf("%w: item %d: %v", ErrLayout, i+1, err)
		}
		var err error
		switch head.Type {
		case session.NoteItem:
			var n session.Note
			if err = json.Unmarshal(raw, &n); err == nil && sensible(&n) {
				l.Notes = append(l.Notes, &n)
			}
		case session.ApartItem:
			var a session.Apart
			if err = json.Unmarshal(raw, &a); err == nil {
				l.Aparts = append(l.Aparts, &a)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%w: item %d: %v", ErrLayout, i+1, err)
		}
	}
	l.sort()
	return l, nil
}

// farthest is how far from the middle a note may lie, in pixels.
const farthest = 10_000_000

// sensible reports whether a note can be on a wall.
func sensible(n *session.Note) bool {
	size := func(x int) bool { return x > 0 && x <= farthest }
	place := func(x int) bool { return abs(x) <= farthest }
	return isID(n.ID) && n.Kind.Validate() == nil && size(n.W) && size(n.H) && place(n.X) && place(n.Y)
}

// isID reports whether a text is the id of an item: 4 to 40 letters, digits, _ and -.
func isID(id string) bool {
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return len(id) >= 4 && len(id) <= 40
}

// MergeLayouts puts two changes of a layout together, note by note. What both changed
// is as mine has it: a place is not worth a question.
func MergeLayouts(base, mine, theirs *Layout) *Layout {
	out := &Layout{}
	out.Notes = mergeItems(base.Notes, mine.Notes, theirs.Notes)
	out.Aparts = mergeItems(base.Aparts, mine.Aparts, theirs.Aparts)
	out.sort()
	return out
}

func mergeItems[I session.Item](base, mine, theirs []I) []I {
	index := func(list []I) map[string]I {
		m := map[string]I{}
		for _, i := range list {
			m[i.ItemID()] = i
		}
		return m
	}
	was, is := index(base), index(theirs)
	same := func(a, b I) bool { return bytes.Equal(encode(a), encode(b)) }
	var out []I
	seen := map[string]bool{}
	for _, m := range mine {
		id := m.ItemID()
		seen[id] = true
		b, known := was[id]
		t, there := is[id]
		switch {
		case known && same(b, m) && !there: // they took it away
		case known && there && same(b, m):
			out = append(out, t)
		default:
			out = append(out, m)
		}
	}
	for _, t := range theirs {
		if b, known := was[t.ItemID()]; !seen[t.ItemID()] && (!known || !same(b, t)) {
			out = append(out, t)
		}
	}
	return out
}

// takePlaces puts up what is missing where the layout remembers it.
func (r *reconciler) takePlaces() {
	if r.layout == nil {
		return
	}
	p := r.placeFinder()
	for _, m := range slices.Clone(r.frameless) {
		p.frame(m)
	}
	for _, e := range r.missing {
		for _, n := range p.of(e.ID(), e.Was, func(was string) string { return elementID(e.Kind, e.Module.Name, was) }) {
			if n.Kind != session.Kind(e.Kind.String()) {
				continue
			}
			r.make(r.remembered(n, &session.Note{Kind: n.Kind, Text: e.Label(), Module: r.frameOf(e.Module), Pivotal: e.Pivotal, Doc: saidOf(e), Element: e.ID()}))
		}
	}
	for _, st := range r.unhung {
		for _, n := range p.of(st.ID(), nil, nil) {
			r.occupied().take(rectOf(n)) // it comes to lie there yet
		}
	}
	if r.first {
		p.others()
	}
}

// placeFinder finds what a layout remembers.
type placeFinder struct {
	*reconciler
	byElement map[string][]*session.Note
}

func (r *reconciler) placeFinder() *placeFinder {
	p := &placeFinder{reconciler: r, byElement: map[string][]*session.Note{}}
	for _, n := range r.layout.Notes {
		if r.wall.Notes[n.ID] == nil && r.made[n.ID] == nil {
			p.byElement[n.Element] = append(p.byElement[n.Element], n)
		}
	}
	return p
}

// takeStickyPlaces puts up stickies where the layout remembers them.
func (r *reconciler) takeStickyPlaces() {
	if r.layout == nil {
		return
	}
	p := r.placeFinder()
	for _, st := range r.unhung {
		for _, n := range p.of(st.ID(), nil, nil) {
			s := &session.Note{Kind: n.Kind, Text: st.Text, Module: r.frameOf(st.Module), Answer: st.Resolved, Doc: st.Doc, Element: st.ID()}
			s = r.remembered(n, s)
			s.On = r.nearTargets(s, st)
			r.make(s)
		}
	}
}

// of returns the notes of an element, under its id or one that it had.
func (p *placeFinder) of(id string, was []string, former func(string) string) []*session.Note {
	list := p.byElement[id]
	for i := 0; i < len(was) && len(list) == 0; i++ {
		list = p.byElement[former(was[i])]
	}
	return list
}

func (p *placeFinder) frame(m *model.Module) {
	for _, n := range p.of(moduleID(m.Name), m.Was, moduleID) {
		if n.Kind == session.KindModule {
			p.make(p.remembered(n, &session.Note{Kind: n.Kind, Text: model.Label(m.Name), Team: m.Team, Doc: m.Doc, Element: moduleID(m.Name)}))
		}
	}
}

// remembered adds to a note what the layout remembers of it.
func (r *reconciler) remembered(n, now *session.Note) *session.Note {
	now.ID, now.X, now.Y, now.W, now.H = n.ID, n.X, n.Y, n.W, n.H
	now.By, now.At, now.Votes, now.Authors, now.Was = n.By, n.At, n.Votes, n.Authors, n.Was
	return now
}

// others puts up what is on the wall alone: labels, lines and lanes.
func (p *placeFinder) others() {
	for _, n := range p.layout.Notes {
		if kindOf(n) != ast.NoKind || p.made[n.ID] != nil {
			continue
		}
		alone := *n
		if n.Kind != session.KindLine || p.after.Element(n.Element) == nil {
			alone.Element = ""
		}
		p.make(&alone)
	}
}

// IsStorm reports whether a path is that of a file of a storm.
func IsStorm(path string) bool { return strings.HasSuffix(path, storm.Extension) }
