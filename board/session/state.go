package session

import (
	"encoding/json"
	"errors"
	"strconv"
)

// stateFormat is the version of what a board is written as. A snapshot of another
// is not read: the events tell it all again.
const stateFormat = 1

// state is a board as JSON.
type state struct {
	Format    int                 `json:"format"`
	Items     []Item              `json:"items,omitempty"`
	Landed    map[string]string   `json:"landed,omitempty"`
	Moment    int                 `json:"moment,omitempty"`
	Written   map[string]*writers `json:"written,omitempty"`
	Histories map[string]*history `json:"histories,omitempty"`
}

// MarshalJSON writes the whole state.
func (b *Board) MarshalJSON() ([]byte, error) {
	s := state{Format: stateFormat}
	if b.wall != nil {
		s.Items, s.Landed = b.wall.Items(), b.landed
		s.Moment, s.Written, s.Histories = b.past.moment, b.past.written, b.past.histories
	}
	return json.Marshal(&s)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (b *Board) UnmarshalJSON(data []byte) error {
	var s struct {
		state
		Items json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	if s.Format != stateFormat {
		return errors.New("the board is written in another format")
	}
	*b = Board{}
	if s.Items == nil {
		return nil
	}
	wall, err := DecodeWall(s.Items)
	if err != nil {
		return err
	}
	b.wall, b.landed, b.past = wall, s.Landed, newPast()
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

// MarshalJSON writes the writer as a list, because there are many.
func (w writer) MarshalJSON() ([]byte, error) {
	out := append(make([]byte, 0, len(w.By)+16), '[')
	out = append(append(out, encode(w.By)...), ',')
	return append(strconv.AppendInt(out, int64(w.At), 10), ']'), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (w *writer) UnmarshalJSON(data []byte) error {
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
