package landing

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/landfall-go/landfall/board/session"
)

// changes collects the changes of a wall, one for each item. Notes that somebody
// writes alone are left as they are.
type changes struct {
	wall *session.Wall
	list []session.Change
	at   map[string]int
}

func newChanges(wall *session.Wall) *changes { return &changes{wall: wall, at: map[string]int{}} }

func (c *changes) private(id string) bool {
	n := c.wall.Notes[id]
	return n != nil && n.Private
}

func (c *changes) of(id string) *session.Change {
	i, ok := c.at[id]
	if !ok {
		i = len(c.list)
		c.at[id] = i
		c.list = append(c.list, session.Change{ID: id})
	}
	return &c.list[i]
}

// set sets a property of an item; the last value counts.
func (c *changes) set(id, name string, value any) {
	if c.private(id) {
		return
	}
	change := c.of(id)
	if change.Gone {
		return
	}
	raw := encode(value)
	for i := range change.Set {
		if change.Set[i].Name == name {
			change.Set[i].Value = raw
			return
		}
	}
	change.Set = append(change.Set, session.Property{Name: name, Value: raw})
}

func (c *changes) gone(id string) {
	if c.private(id) {
		return
	}
	change := c.of(id)
	change.Set, change.Gone = nil, true
}

// note puts a note on the wall.
func (c *changes) note(n *session.Note) {
	c.set(n.ID, "type", session.NoteItem)
	c.set(n.ID, "kind", n.Kind)
	c.set(n.ID, "text", clip(n.Text, session.MaxText))
	c.set(n.ID, "x", n.X)
	c.set(n.ID, "y", n.Y)
	c.set(n.ID, "w", n.W)
	c.set(n.ID, "h", n.H)
	for _, p := range []struct {
		name  string
		value any
		zero  bool
	}{
		{"module", n.Module, n.Module == ""}, {"by", n.By, n.By == ""}, {"at", n.At, n.At == 0},
		{"pivotal", n.Pivotal, !n.Pivotal}, {"votes", n.Votes, len(n.Votes) == 0},
		{"answer", clip(n.Answer, session.MaxAnswer), n.Answer == ""},
		{"doc", clip(n.Doc, session.MaxDoc), n.Doc == ""}, {"on", n.On, len(n.On) == 0}, {"element", n.Element, n.Element == ""},
		{"authors", n.Authors, len(n.Authors) == 0}, {"was", n.Was, len(n.Was) == 0}, {"team", clip(n.Team, session.MaxName), n.Team == ""},
	} {
		if !p.zero {
			c.set(n.ID, p.name, p.value)
		}
	}
}

// link puts a link on the wall.
func (c *changes) link(l *session.Link) {
	c.set(l.ID, "type", session.LinkItem)
	c.set(l.ID, "from", l.From)
	c.set(l.ID, "to", l.To)
	c.set(l.ID, "verb", l.Verb)
}

// encode writes a value as JSON, without escapes for HTML.
func encode(value any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(fmt.Sprintf("landing: %T is not for JSON: %v", value, err)) // a mistake in this package
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func (c *changes) isGone(id string) bool {
	i, ok := c.at[id]
	return ok && c.list[i].Gone
}

// clip returns a text as a note can hold it: without characters that cannot be shown,
// and no longer than so many.
func clip(text string, most int) string {
	text = seen(text)
	if len(text) <= most {
		return text
	}
	n := 0
	for i := range text {
		if n == most {
			return text[:i]
		}
		n++
	}
	return text
}
