package session

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
)

// Wall is all that lies on a board, as its changes make it. The maps are by id and
// may be read; only Apply changes them. A wall may be read by several at once, but
// not while Apply runs; [Wall.Clone] gives a reader one of its own.
type Wall struct {
	Notes    map[string]*Note
	Links    map[string]*Link
	Comments map[string]*Comment
	Aparts   map[string]*Apart
	People   map[string]*Person
	Files    map[string]*File
	// Board is nil until the board is opened.
	Board *BoardInfo

	ends map[string][]string // the links of a note
}

// NewWall returns an empty wall.
func NewWall() *Wall {
	return &Wall{
		Notes: map[string]*Note{}, Links: map[string]*Link{}, Comments: map[string]*Comment{},
		Aparts: map[string]*Apart{}, People: map[string]*Person{}, Files: map[string]*File{},
		ends: map[string][]string{},
	}
}

// Clone returns a wall that goes its own way. The items are shared, because they
// are never changed; it costs as much as copying the maps.
func (w *Wall) Clone() *Wall {
	ends := make(map[string][]string, len(w.ends))
	for id, links := range w.ends {
		ends[id] = slices.Clone(links)
	}
	return &Wall{
		Notes: maps.Clone(w.Notes), Links: maps.Clone(w.Links), Comments: maps.Clone(w.Comments),
		Aparts: maps.Clone(w.Aparts), People: maps.Clone(w.People), Files: maps.Clone(w.Files),
		Board: w.Board, ends: ends,
	}
}

// Item returns the item with the id, or nil.
func (w *Wall) Item(id string) Item {
	switch {
	case w.Notes[id] != nil:
		return w.Notes[id]
	case w.Links[id] != nil:
		return w.Links[id]
	case w.Comments[id] != nil:
		return w.Comments[id]
	case w.Aparts[id] != nil:
		return w.Aparts[id]
	case w.People[id] != nil:
		return w.People[id]
	case w.Files[id] != nil:
		return w.Files[id]
	case id == BoardID && w.Board != nil:
		return w.Board
	}
	return nil
}

// LinksOf returns the ids of the links from and to a note. The list is the wall's.
func (w *Wall) LinksOf(note string) []string { return w.ends[note] }

// Len returns how many items there are.
func (w *Wall) Len() int {
	n := len(w.Notes) + len(w.Links) + len(w.Comments) + len(w.Aparts) + len(w.People) + len(w.Files)
	if w.Board != nil {
		n++
	}
	return n
}

// Items returns all items: the board, its people and files, then notes in the
// order in which they were put up, links, comments and what is kept apart, each by
// their ids.
func (w *Wall) Items() []Item {
	items := make([]Item, 0, w.Len())
	if w.Board != nil {
		items = append(items, w.Board)
	}
	items = appendSorted(items, w.People)
	items = appendSorted(items, w.Files)
	notes := slices.SortedFunc(maps.Values(w.Notes), func(a, b *Note) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID))
	})
	for _, n := range notes {
		items = append(items, n)
	}
	items = appendSorted(items, w.Links)
	items = appendSorted(items, w.Comments)
	return appendSorted(items, w.Aparts)
}

func appendSorted[I Item](items []Item, from map[string]I) []Item {
	for _, id := range slices.Sorted(maps.Keys(from)) {
		items = append(items, from[id])
	}
	return items
}

// Encode returns the items as a JSON array, in the order of Items.
func (w *Wall) Encode() ([]byte, error) { return json.Marshal(w.Items()) }

// DecodeWall reads what Encode wrote.
func DecodeWall(data []byte) (*Wall, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	w := NewWall()
	for _, r := range raw {
		i, err := decodeItem(r)
		if err != nil {
			return nil, err
		}
		w.put(i)
	}
	return w, nil
}

func decodeItem(data []byte) (Item, error) {
	var head struct {
		Type ItemType `json:"type"`
		ID   string   `json:"id"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, err
	}
	s := schemas[head.Type]
	if s == nil {
		return nil, &json.UnsupportedValueError{Str: "an item of type " + string(head.Type)}
	}
	i := s.blank(head.ID)
	return i, json.Unmarshal(data, i)
}

// Apply makes the changes, one after the other. It never refuses: what is set of
// an item that is not there is lost, and so is an edit of another version than the
// next.
func (w *Wall) Apply(changes []Change) {
	for i := range changes {
		w.apply(&changes[i])
	}
}

// apply makes one change and returns the item before and after: nil where there is
// none.
func (w *Wall) apply(c *Change) (before, after Item) {
	before = w.Item(c.ID)
	switch {
	case c.Gone:
		if before != nil {
			w.remove(before)
		}
		return before, nil
	case c.Edit != nil:
		after = edited(before, c.Edit)
	default:
		after = patched(before, c)
	}
	if after == nil {
		return before, before
	}
	if before != nil {
		w.remove(before)
	}
	w.put(after)
	return before, after
}

// patched returns the item with what is set, or nil when there is nothing to be
// set.
func patched(before Item, c *Change) Item {
	var after Item
	t := c.Set.Type()
	switch {
	case t != "" && schemas[t] != nil && (before == nil || before.ItemType() != t):
		after = schemas[t].blank(c.ID)
	case before == nil || len(c.Set) == 0:
		return nil
	default:
		after = before.schema().copied(before)
	}
	s := after.schema()
	for _, p := range c.Set {
		if n, ok := s.number(p.Name); ok {
			_ = s.set(after, n, p.Value) // a decision has seen to it that it fits
		}
	}
	return after
}

// edited returns the file with the edit, or nil when it is not for its version.
func edited(before Item, e *Edit) Item {
	f, ok := before.(*File)
	if !ok || e.Version != f.Version+1 {
		return nil
	}
	text, err := e.Changes.Apply(f.Text)
	if err != nil {
		return nil
	}
	after := *f
	after.Text, after.Version = text, e.Version
	return &after
}

func (w *Wall) put(i Item) {
	switch i := i.(type) {
	case *Note:
		w.Notes[i.ID] = i
	case *Link:
		w.Links[i.ID] = i
		w.ends[i.From] = append(w.ends[i.From], i.ID)
		if i.To != i.From {
			w.ends[i.To] = append(w.ends[i.To], i.ID)
		}
	case *Comment:
		w.Comments[i.ID] = i
	case *Apart:
		w.Aparts[i.ID] = i
	case *Person:
		w.People[i.ID] = i
	case *File:
		w.Files[i.ID] = i
	case *BoardInfo:
		w.Board = i
	}
}

func (w *Wall) remove(i Item) {
	switch i := i.(type) {
	case *Note:
		delete(w.Notes, i.ID)
	case *Link:
		delete(w.Links, i.ID)
		w.unlink(i.From, i.ID)
		w.unlink(i.To, i.ID)
	case *Comment:
		delete(w.Comments, i.ID)
	case *Apart:
		delete(w.Aparts, i.ID)
	case *Person:
		delete(w.People, i.ID)
	case *File:
		delete(w.Files, i.ID)
	case *BoardInfo:
		w.Board = nil
	}
}

func (w *Wall) unlink(note, link string) {
	links := slices.DeleteFunc(w.ends[note], func(id string) bool { return id == link })
	if len(links) == 0 {
		delete(w.ends, note)
		return
	}
	w.ends[note] = links
}
