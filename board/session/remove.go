package session

import (
	"slices"

	"github.com/landfall-go/landfall"
)

// RemoveNotes takes notes off the wall, with their links and comments. What lies in
// a frame stays.
func (b Board) RemoveNotes(c RemoveNotes) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	ids, err := b.seen(c.Ids, c.By)
	if err == errNotesGone {
		return nil, nil // they are, as they should be
	}
	if err != nil {
		return nil, err
	}
	goes := make(map[string]bool, len(ids))
	for _, id := range ids {
		goes[id] = true
	}
	e := NotesRemoved{Ids: ids, Links: b.linksOf(ids), By: c.By, At: c.At}
	b.Wall().dependents(goes, &e)
	return []landfall.Event{e}, b.checkWeight(&e)
}

// checkWeight refuses to take away what one event could not bring back.
func (b *Board) checkWeight(e *NotesRemoved) error {
	bytes := 0
	for _, ids := range [][]string{e.Ids, e.Links, e.Comments, e.Aparts} {
		for _, id := range ids {
			if i := b.Wall().Item(id); i != nil {
				bytes += weight([]Change{{ID: id, Set: whole(i)}})
			}
		}
	}
	if bytes > maxWeight {
		return landfall.Reject("That is too much to take away at once; take away some of it first.")
	}
	return nil
}

// dependents finds what goes with notes, or changes because they go, except for
// links.
func (w *Wall) dependents(goes map[string]bool, e *NotesRemoved) {
	for id, c := range w.Comments {
		if goes[c.Note] {
			e.Comments = append(e.Comments, id)
		}
	}
	for id, a := range w.Aparts {
		if goes[a.A] || goes[a.B] {
			e.Aparts = append(e.Aparts, id)
		}
	}
	for id, n := range w.Notes {
		if goes[id] {
			continue
		}
		if n.Module != "" && goes[n.Module] {
			e.Freed = append(e.Freed, id)
		}
		if slices.ContainsFunc(n.On, func(on string) bool { return goes[on] }) {
			on := slices.DeleteFunc(slices.Clone(n.On), func(on string) bool { return goes[on] })
			e.Attached = append(e.Attached, Attachment{id, on})
		}
	}
	slices.Sort(e.Comments)
	slices.Sort(e.Aparts)
	slices.Sort(e.Freed)
	sortAttached(e.Attached)
}
