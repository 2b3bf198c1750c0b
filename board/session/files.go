package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/landfall-go/landfall"
)

// EditText changes the text of a file, as CodeMirror writes changes down.
func (b Board) EditText(c EditText) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	if len(c.Client) > maxGesture {
		return nil, landfall.Reject("The name of a page has at most %d characters.", maxGesture)
	}
	if err := b.checkEdit(c.Path, c.Version, c.Changes); err != nil {
		return nil, err
	}
	return one(TextEdited(c))
}

// ErrStale says that an edit was made to a text that has been edited since. It is a
// rejection, and the only one that the same edit overcomes, once it is rebased.
var ErrStale = errors.New("stale")

func stale(has, wants int) error {
	return &staleEdit{landfall.Rejection{Reason: fmt.Sprintf("The text has changed in the meantime: it has version %d, not %d.", has, wants)}}
}

// staleEdit is a rejection that is ErrStale.
type staleEdit struct{ rejection landfall.Rejection }

// Error returns what people are told.
func (s *staleEdit) Error() string { return s.rejection.Reason }

// Unwrap returns both that it is.
func (s *staleEdit) Unwrap() []error { return []error{&s.rejection, ErrStale} }

// checkEdit refuses an edit that does not fit the text as it is now.
func (b *Board) checkEdit(path string, version int, changes ChangeSet) error {
	f := b.Wall().Files[FileID(path)]
	if f == nil {
		return landfall.Reject("There is no file %.100q.", path)
	}
	if version != f.Version {
		return stale(f.Version, version)
	}
	text, err := changes.Apply(f.Text)
	if err != nil {
		return landfall.Reject("%v", err)
	}
	return checkFile(text)
}

// LandStorm says that files were written to the disk, and as what.
func (b Board) LandStorm(c LandStorm) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	if len(c.Files) > MaxFiles {
		return nil, landfall.Reject("A storm has at most %d files.", MaxFiles)
	}
	for _, f := range c.Files {
		if err := errors.Join(checkPath(f.Path), checkFile(f.Text)); err != nil {
			return nil, err
		}
	}
	return one(StormLanded(c))
}

// BringInStep makes the wall follow the text of the storm, and the text the wall.
func (b Board) BringInStep(c BringInStep) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	if len(c.Files) == 0 && len(c.Changes) == 0 {
		return nil, nil
	}
	if err := b.checkFiles(c.Files); err != nil {
		return nil, err
	}
	changes, err := b.brought(c.Changes)
	if err != nil {
		return nil, err
	}
	return one(BroughtInStep{Files: c.Files, Changes: changes, By: c.By, At: c.At})
}

func (b *Board) checkFiles(files []FileChange) error {
	once := map[string]bool{}
	more := 0
	for _, f := range files {
		if err := checkPath(f.Path); err != nil {
			return err
		}
		if once[f.Path] {
			return landfall.Reject("The file %s comes twice.", f.Path)
		}
		once[f.Path] = true
		if len(f.Changes) > 0 {
			if err := b.checkEdit(f.Path, f.Version, f.Changes); err != nil {
				return err
			}
			continue
		}
		old := b.Wall().Files[FileID(f.Path)]
		if old == nil {
			old, more = &File{}, more+1
		}
		if f.Version != old.Version {
			return stale(old.Version, f.Version)
		}
		if err := checkFile(f.Text); err != nil {
			return err
		}
	}
	if len(b.Wall().Files)+more > MaxFiles {
		return landfall.Reject("A storm has at most %d files.", MaxFiles)
	}
	return nil
}

// brought returns the changes with what follows from them: what referred to a note
// that goes, goes too.
func (b *Board) brought(changes []Change) ([]Change, error) {
	after := draft{base: b.Wall(), items: make(map[string]Item, len(changes))}
	goes := map[string]bool{}
	for i := range changes {
		c := &changes[i]
		if err := b.checkChange(&after, c); err != nil {
			return nil, err
		}
		if c.Gone {
			goes[c.ID] = true
		}
		after.apply(c)
	}
	e := NotesRemoved{Links: b.linksOf(sorted(goes))}
	b.Wall().dependents(goes, &e)
	out := slices.Clone(changes)
	for _, c := range removed(e) {
		i := after.item(c.ID)
		if n, ok := i.(*Note); i == nil || ok && !n.refersTo(goes) {
			continue // the changes have seen to it themselves
		}
		after.apply(&c)
		out = append(out, c)
	}
	if err := after.checkNotes(); err != nil {
		return nil, err
	}
	return out, after.checkLinks()
}

// refersTo says whether a note lies in one of the frames, or is on one of the notes.
func (n *Note) refersTo(ids map[string]bool) bool {
	return ids[n.Module] || slices.ContainsFunc(n.On, func(on string) bool { return ids[on] })
}

// checkChange refuses a change that is none. Notes and links are brought in,
// changed and taken away; files, which are changed apart, are taken away only, and the
// board follows the name of its storm.
func (b *Board) checkChange(after *draft, c *Change) error {
	now, t := after.item(c.ID), c.Set.Type()
	if c.Edit != nil || c.Gone && len(c.Set) > 0 {
		return landfall.Reject("A change of %.50q is several at once.", c.ID)
	}
	if now == nil {
		switch {
		case c.Gone || t != NoteItem && t != LinkItem:
			return landfall.Reject("There is no item %.50q.", c.ID)
		case !itemID.MatchString(c.ID) || c.ID == BoardID:
			return landfall.Reject("%.50q is no id.", c.ID)
		}
		return checkProperties(schemas[t].blank(c.ID), c.Set)
	}
	switch is := now.ItemType(); {
	case c.Gone && is == FileItem:
		return nil
	case is == BoardItem && !c.Gone:
		return checkRenamed(c.Set)
	case is != NoteItem && is != LinkItem:
		return landfall.Reject("%s is neither a note nor a link.", c.ID)
	case t != "" && is != t:
		return landfall.Reject("The id %s is in use already.", c.ID)
	case b.Wall().authorOf(c.ID) != "":
		return landfall.Reject("The note %s is private.", c.ID)
	}
	return checkProperties(now, c.Set)
}

// checkProperties refuses what an item of the type does not have.
func checkProperties(i Item, p Properties) error {
	s := i.schema()
	scratch := s.copied(i)
	for _, x := range p {
		n, ok := s.number(x.Name)
		if !ok && x.Name != "type" {
			return landfall.Reject("A %s has no %s.", i.ItemType(), x.Name)
		}
		if !ok {
			continue
		}
		if !json.Valid(x.Value) {
			return landfall.Reject("%s is no JSON.", x.Name)
		}
		if err := s.set(scratch, n, x.Value); err != nil {
			return landfall.Reject("%v", err)
		}
	}
	return nil
}
