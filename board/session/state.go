package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
)

// stateFormat is the version of what a board is written as. A snapshot of another
// is not read: the events tell it all again.
const stateFormat = 2

// state is a board as JSON. The items are in lists of their types, which are read
// much faster than a list of all.
type state struct {
	Format    int                 `json:"format"`
	Open      bool                `json:"open,omitempty"`
	Board     *BoardInfo          `json:"board,omitempty"`
	Notes     []*Note             `json:"notes,omitempty"`
	Links     []*Link             `json:"links,omitempty"`
	Comments  []*Comment          `json:"comments,omitempty"`
	Aparts    []*Apart            `json:"aparts,omitempty"`
	People    []*Person           `json:"people,omitempty"`
	Files     []*File             `json:"files,omitempty"`
	Landed    map[string]string   `json:"landed,omitempty"`
	Moment    int                 `json:"moment,omitempty"`
	Written   allWriters          `json:"written,omitempty"`
	Histories map[string]*history `json:"histories,omitempty"`
}

// MarshalJSON writes the whole state.
func (b *Board) MarshalJSON() ([]byte, error) {
	s := state{Format: stateFormat}
	if w := b.wall; w != nil {
		s.Open, s.Board, s.Landed = true, w.Board, b.landed
		s.Notes, s.Links, s.Comments = inOrder(w.Notes), inOrder(w.Links), inOrder(w.Comments)
		s.Aparts, s.People, s.Files = inOrder(w.Aparts), inOrder(w.People), inOrder(w.Files)
		s.Moment, s.Written, s.Histories = b.past.moment, b.past.written, b.past.histories
	}
	return json.Marshal(&s)
}

// inOrder returns items in the order of their ids.
func inOrder[I Item](items map[string]I) []I {
	out := make([]I, 0, len(items))
	for _, id := range sorted(items) {
		out = append(out, items[id])
	}
	return out
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (b *Board) UnmarshalJSON(data []byte) error {
	var s state
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	if s.Format != stateFormat {
		return errors.New("the board is written in another format")
	}
	*b = Board{}
	if !s.Open {
		return nil
	}
	b.wall, b.landed, b.past = s.wall(), s.Landed, newPast()
	if b.landed == nil {
		b.landed = map[string]string{}
	}
	b.past.moment = s.Moment
	if s.Written != nil {
		b.past.written = s.Written
	}
	if s.Histories != nil {
		b.past.histories = s.Histories
	}
	return nil
}

func (s *state) wall() *Wall {
	w := NewWall()
	if s.Board != nil {
		w.put(s.Board)
	}
	putAll(w, s.Notes)
	putAll(w, s.Links)
	putAll(w, s.Comments)
	putAll(w, s.Aparts)
	putAll(w, s.People)
	putAll(w, s.Files)
	return w
}

func putAll[I Item](w *Wall, items []I) {
	for _, i := range items {
		w.put(i)
	}
}

// allWriters are those of all items. They are most of a board on which much was done.
type allWriters map[string]*writers

// MarshalJSON writes them at once: with one call for each of them, all would wait for it.
func (a allWriters) MarshalJSON() ([]byte, error) {
	out := append(make([]byte, 0, 64*len(a)), '{')
	var names []string
	for i, id := range sorted(a) {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendText(out, id), ':')
		out, names = a[id].appendTo(out, names[:0])
	}
	return append(out, '}'), nil
}

func (w *writers) appendTo(out []byte, names []string) ([]byte, []string) {
	out = append(out, '{')
	first := len(out)
	field := func(name string) {
		if len(out) > first {
			out = append(out, ',')
		}
		out = append(append(append(out, '"'), name...), '"', ':')
	}
	if w.Born != (writer{}) {
		field("b")
		out = w.Born.appendTo(out)
	}
	if len(w.Properties) > 0 {
		field("p")
		for name := range w.Properties {
			names = append(names, name)
		}
		slices.Sort(names)
		sep := byte('{')
		for _, name := range names {
			out = append(appendText(append(out, sep), name), ':')
			out = w.Properties[name].appendTo(out)
			sep = ','
		}
		out = append(out, '}')
	}
	if w.Back != (writer{}) {
		field("back")
		out = w.Back.appendTo(out)
	}
	return append(out, '}'), names
}

// MarshalJSON writes the writer as a list, because there are many.
func (w writer) MarshalJSON() ([]byte, error) {
	return w.appendTo(make([]byte, 0, len(w.By)+16)), nil
}

func (w writer) appendTo(out []byte) []byte {
	out = append(appendText(append(out, '['), w.By), ',')
	return append(strconv.AppendInt(out, int64(w.At), 10), ']')
}

// appendText writes a text as encode does.
func appendText(out []byte, text string) []byte {
	if isPlain(text) {
		return append(append(append(out, '"'), text...), '"')
	}
	return append(out, encode(text)...)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (w *writer) UnmarshalJSON(data []byte) error {
	comma := bytes.LastIndexByte(data, ',')
	if comma > 2 && data[1] == '"' && data[comma-1] == '"' && isPlain(string(data[2:comma-1])) {
		at, err := strconv.Atoi(string(data[comma+1 : len(data)-1]))
		w.By, w.At = string(data[2:comma-1]), at
		return err
	}
	return json.Unmarshal(data, &[2]any{&w.By, &w.At})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *entry) UnmarshalJSON(data []byte) error {
	type plain entry
	read := struct {
		*plain
		Item json.RawMessage `json:"item"`
	}{plain: (*plain)(e)}
	if err := json.Unmarshal(data, &read); err != nil || string(read.Item) == "null" || read.Item == nil {
		return err
	}
	var err error
	e.Item, err = decodeItem(read.Item)
	return err
}
