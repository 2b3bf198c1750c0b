// Package edit changes the text of a storm, one gesture at a time: a note that
// is added, renamed or moved on the board is a small change of a file.
//
// A gesture is a value ([Add], [Rename], [Move], [Order], [Merge], [Link],
// [Unlink], [Remove], [Assign], [Attach], [Resolve], [Describe], [Pivot],
// [SetTeam]); [Do] carries out one, a [Batch] many. It changes the statements
// that it is about and prints those in canonical form; every other byte of
// the files stays as it was, so that a file that people write by hand stays
// theirs.
//
// Elements are named by their ids (model.Element.ID), modules by "module:" and
// their name, stickies by model.Sticky.ID. No gesture but Remove and Merge takes
// a note from the board: where the last mention of an element goes, it gets a
// declaration.
package edit

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// Errors of gestures, wrapped with the detail. A gesture that fails changes
// nothing.
var (
	// ErrUnknown says that nothing has the id.
	ErrUnknown = errors.New("not in the storm")
	// ErrTaken says that another element has the name already: merge the two, or
	// choose another name.
	ErrTaken = errors.New("the name is taken")
	// ErrKind says that the gesture makes no sense for what it is about, such as a
	// link from an event to an actor.
	ErrKind = errors.New("not possible between these")
	// ErrInUse says that something cannot be removed because other parts are made
	// of it.
	ErrInUse = errors.New("still in use")
	// ErrBroken says that the text would have an error after the gesture that it
	// did not have before.
	ErrBroken = errors.New("the storm would not be sound")
)

// Gesture is a change of a storm.
type Gesture interface {
	do(*session) error
}

// Change is what a gesture did.
type Change struct {
	Source *storm.Source // the storm after it
	// Edits are the changes of text, at most one for each file, against the
	// storm before it. A file that is new is edited at its start.
	Edits []diag.Edit
	// Renamed holds the new ids of the elements, modules and stickies whose ids
	// changed, by their old ids. The id of a merged element leads to that of the other.
	Renamed map[string]string
}

// Do carries out a gesture. The source is not changed. A gesture that has
// nothing to do gives a Change without edits. To carry out many, see [Begin].
func Do(src *storm.Source, g Gesture) (*Change, error) {
	b := Begin(src)
	if _, err := b.Do(g); err != nil {
		return nil, err
	}
	return b.Change(), nil
}

// Text carries out gestures on a storm of one file and returns its new text.
func Text(text []byte, gestures ...Gesture) ([]byte, error) {
	b := Begin(storm.Parse(storm.File{Path: "storm" + storm.Extension, Text: text}))
	for _, g := range gestures {
		if _, err := b.Do(g); err != nil {
			return nil, err
		}
	}
	return b.Change().Source.Files[0].Text, nil
}

func texts(src *storm.Source) []storm.File {
	var files []storm.File
	for _, f := range src.Files {
		files = append(files, storm.File{Path: f.Path, Text: f.Text})
	}
	return files
}

// sound refuses a change that made errors.
func sound(before, after *storm.Source) error {
	had := map[string]int{}
	for _, d := range before.Diagnostics {
		had[string(d.Code)]++
	}
	for _, d := range after.Diagnostics {
		if had[string(d.Code)]--; had[string(d.Code)] < 0 {
			return fmt.Errorf("%w: %s", ErrBroken, d.Message)
		}
	}
	return nil
}

// differences returns one edit for each file that changed.
func differences(before, after *storm.Source) []diag.Edit {
	var edits []diag.Edit
	for _, f := range after.Files {
		var old []byte
		if was := before.File(f.Path); was != nil {
			old = was.Text
		}
		if !bytes.Equal(old, f.Text) {
			edits = append(edits, difference(f.Path, old, f.Text))
		}
	}
	return edits
}

func difference(path string, old, new []byte) diag.Edit {
	start := 0
	for start < len(old) && start < len(new) && old[start] == new[start] {
		start++
	}
	end := 0
	for end < len(old)-start && end < len(new)-start && old[len(old)-1-end] == new[len(new)-1-end] {
		end++
	}
	return diag.Edit{File: path, Start: start, End: len(old) - end, New: string(new[start : len(new)-end])}
}

// session is a gesture at work. Each step changes the text and reads it again,
// so that the next step sees what is there.
type session struct {
	src     *storm.Source
	renamed map[string]string
	gone    map[string]bool

	// see Batch.DoAll
	rehearsal bool
	last      bool        // nothing follows the next change of the text
	edits     []diag.Edit // what it would be
}

// errMore says that a gesture takes more than one change of the text.
var errMore = errors.New("the gesture has to read the text again")

func (s *session) read(files ...storm.File) { s.src = storm.Parse(files...) }

// apply changes the text.
func (s *session) apply(edits ...diag.Edit) error {
	if len(edits) == 0 {
		return nil
	}
	if s.rehearsal {
		if s.edits = append(s.edits, edits...); !s.last {
			return errMore
		}
		return nil
	}
	files := texts(s.src)
	for i, f := range files {
		text, err := diag.Apply(f.Path, f.Text, edits)
		if err != nil {
			return err
		}
		files[i].Text = text
	}
	s.read(files...)
	return nil
}

// applyLast changes the text when nothing follows that would have to read it again.
func (s *session) applyLast(edits ...diag.Edit) error {
	s.last = true
	return s.apply(edits...)
}

// element returns the element of an id.
func (s *session) element(id string) (*model.Element, error) {
	if e := s.src.Model.Element(id); e != nil {
		return e, nil
	}
	return nil, fmt.Errorf("%s: %w", id, ErrUnknown)
}

// module returns the module of a name, or what is outside of all for "".
func (s *session) module(name string) (*model.Module, error) {
	if m := s.src.Model.Module(name); m != nil {
		return m, nil
	}
	return nil, fmt.Errorf("module %s: %w", name, ErrUnknown)
}

// lost returns the elements that lost their last mention, as they were.
func (s *session) lost(before *model.Storm) []*model.Element {
	var out []*model.Element
	for e := range before.Elements() {
		if id := s.now(e); !s.gone[id] && s.src.Model.Element(id) == nil {
			out = append(out, e)
		}
	}
	return out
}

// now returns the id that an element has by now.
func (s *session) now(e *model.Element) string {
	if next, ok := s.renamed[e.ID()]; ok {
		return next
	}
	return e.ID()
}

// keepAll declares the elements that lost their last mention.
func (s *session) keepAll(lost []*model.Element) error {
	for _, e := range lost {
		kind, path, _ := strings.Cut(s.now(e), ":")
		module, name := ast.SplitPath(path)
		if err := (Add{Kind: ast.KindOf(kind), Module: module, Name: name}).do(s); err != nil {
			return err
		}
	}
	return nil
}
