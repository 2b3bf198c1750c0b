package edit

import (
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
	"github.com/landfall-go/landfall/storm/parse"
)

// Batch carries out gestures one after another and gives one [Change] for all of
// them. A gesture that is refused changes nothing, and the others still count.
// It reads the text once for each step of a gesture and not again in between.
// A Batch is not safe for concurrent use.
type Batch struct {
	before  *storm.Source
	src     *storm.Source
	own     bool // the trees of src belong to the batch and are as they were read
	renamed map[string]string
}

// Begin starts a batch on a source, which is not changed.
func Begin(src *storm.Source) *Batch {
	return &Batch{before: src, src: src, renamed: map[string]string{}}
}

// Model returns the model after the gestures so far. It is not changed by those
// that follow.
func (b *Batch) Model() *model.Storm { return b.src.Model }

// Source returns the storm after the gestures so far.
func (b *Batch) Source() *storm.Source { return b.src }

// Do carries out a gesture on what the ones before it left, and returns the new
// ids of the elements and modules whose ids it changed, by their old ids.
func (b *Batch) Do(g Gesture) (renamed map[string]string, err error) {
	s, lost, err := b.try(g, nil)
	if err != nil && lost != nil {
		s, _, err = b.try(g, lost)
	}
	if err != nil {
		return nil, err
	}
	b.own = s.src != b.src
	b.src = s.src
	b.follow(s.renamed, s.gone)
	return s.renamed, nil
}

// try carries out a gesture, with some elements declared before. Where it takes the last
// mention of an element, whose name then means another, lost is what has to be declared.
func (b *Batch) try(g Gesture, declared []*model.Element) (s *session, lost []*model.Element, err error) {
	b.takeTrees()
	s = &session{src: b.src, renamed: map[string]string{}, gone: map[string]bool{}}
	before := b.src
	b.own = false // until the gesture has read the text again
	for _, e := range declared {
		if err := s.put(e.Module, &ast.Decl{Kind: e.Kind, Name: ast.Name{Text: e.Name}}); err != nil {
			return nil, nil, err
		}
	}
	if err := g.do(s); err != nil {
		return nil, nil, err
	}
	lost = s.lost(before.Model)
	if err := s.keepAll(lost); err != nil {
		return nil, lost, err
	}
	return s, nil, sound(before, s.src)
}

// takeTrees gives the batch trees of its own: gestures change trees before they
// print them.
func (b *Batch) takeTrees() {
	if b.own {
		return
	}
	src := &storm.Source{Files: texts(b.src), Model: b.src.Model, Diagnostics: b.src.Diagnostics}
	for i := range src.Files {
		f := &src.Files[i]
		f.Tree, _ = parse.File(f.Path, f.Text)
	}
	b.src = src
}

// follow adds what a gesture renamed to what those before it did, and forgets
// what it removed.
func (b *Batch) follow(renamed map[string]string, gone map[string]bool) {
	targets := map[string]bool{}
	for from, to := range b.renamed {
		if targets[to] = true; gone[to] {
			delete(b.renamed, from)
			continue
		}
		if next, ok := renamed[to]; ok {
			b.renamed[from] = next
		}
	}
	for from, to := range renamed {
		if _, known := b.renamed[from]; !known && !targets[from] {
			b.renamed[from] = to
		}
	}
}

// Change returns what all the gestures so far did together.
func (b *Batch) Change() *Change {
	b.takeTrees()
	b.own = false // they are the caller's now
	return &Change{Source: b.src, Edits: differences(b.before, b.src), Renamed: b.renamed}
}
