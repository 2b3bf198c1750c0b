package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ChangeSet is a list of changes to a text, as CodeMirror writes it in JSON:
// [5, [2, "ab"], 10] keeps five units, puts "ab" in place of two, and keeps ten;
// [0, "a", "b"] puts in two lines. Lengths count units of UTF-16, and a line break
// is one. It may be empty, which says that there is none.
type ChangeSet []byte

// MarshalJSON returns the change set as it is.
func (c ChangeSet) MarshalJSON() ([]byte, error) {
	if len(c) == 0 {
		return []byte("null"), nil
	}
	return c, nil
}

// UnmarshalJSON takes the change set as it is; only Apply reads it.
func (c *ChangeSet) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*c = nil
		return nil
	}
	*c = append((*c)[:0], data...)
	return nil
}

// ErrChangeSet says that a change set is none, or does not fit its text.
var ErrChangeSet = errors.New("the change does not fit the text")

// Apply returns the text after the changes. A change set that is malformed, that
// covers another length than the text's, or that cuts a character in two is an
// error that wraps [ErrChangeSet].
func (c ChangeSet) Apply(text string) (string, error) {
	parts, err := c.parts()
	if err != nil {
		return "", err
	}
	var out strings.Builder
	rest := text
	for _, p := range parts {
		part, left, ok := cutUnits(rest, p.length)
		if !ok {
			return "", fmt.Errorf("%w: it goes on where the text ends, or within a character", ErrChangeSet)
		}
		if p.replaced {
			out.WriteString(p.text)
		} else {
			out.WriteString(part)
		}
		rest = left
	}
	if rest != "" {
		return "", fmt.Errorf("%w: it ends %d units before the text", ErrChangeSet, Units(rest))
	}
	return out.String(), nil
}

// part of a change set: so many units are kept, or replaced by a text.
type part struct {
	length   int
	replaced bool
	text     string
}

// maxLength bounds a length in a change set, far above that of any text.
const maxLength = 1 << 30

func (c ChangeSet) parts() ([]part, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(c, &raw); err != nil {
		return nil, fmt.Errorf("%w: it is no list: %v", ErrChangeSet, err)
	}
	parts := make([]part, 0, len(raw))
	for _, r := range raw {
		p, err := part{length: length(r)}, error(nil)
		if len(r) > 0 && r[0] == '[' {
			p, err = replacement(r)
		}
		if err != nil {
			return nil, err
		}
		if p.length < 0 {
			return nil, fmt.Errorf("%w: %.40s is neither a length nor a replacement", ErrChangeSet, r)
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// length returns a length in a change set, or -1 when it is none.
func length(r json.RawMessage) int {
	n := -1
	if string(r) == "null" || json.Unmarshal(r, &n) != nil || n > maxLength {
		return -1
	}
	return n
}

func replacement(r json.RawMessage) (part, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(r, &list); err != nil || len(list) == 0 {
		return part{}, fmt.Errorf("%w: %.40s replaces nothing", ErrChangeSet, r)
	}
	p := part{replaced: true, length: length(list[0])}
	lines := make([]string, len(list)-1)
	for i, l := range list[1:] {
		if len(l) == 0 || l[0] != '"' || json.Unmarshal(l, &lines[i]) != nil {
			return part{}, fmt.Errorf("%w: %.40s is no line of text", ErrChangeSet, l)
		}
		if strings.ContainsAny(lines[i], "\n\r") {
			return part{}, fmt.Errorf("%w: a line has a line break in it", ErrChangeSet)
		}
	}
	p.text = strings.Join(lines, "\n")
	return p, nil
}

// cutUnits cuts a text after so many units of UTF-16.
func cutUnits(text string, units int) (before, after string, ok bool) {
	at := 0
	for units > 0 && at < len(text) {
		if text[at] < utf8.RuneSelf {
			at, units = at+1, units-1
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		at += size
		units -= unitsOf(r)
	}
	return text[:at], text[at:], units == 0
}

// Units returns how long a text is in units of UTF-16, which is how browsers count.
func Units(text string) int {
	n := 0
	for _, r := range text {
		n += unitsOf(r)
	}
	return n
}

func unitsOf(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}
