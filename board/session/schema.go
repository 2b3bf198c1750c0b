package session

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
)

// schema knows the properties of a type of item by their names. A property has a
// number, by which it is read and set.
type schema interface {
	blank(id string) Item
	number(name string) (n int, ok bool)
	name(n int) string
	size() int
	// get returns the property as JSON, always written in the same way.
	get(i Item, n int) json.RawMessage
	// isZero says whether that is what the property has at first.
	isZero(n int, value json.RawMessage) bool
	// set sets a property of an item that nobody else has yet.
	set(i Item, n int, value json.RawMessage) error
	copied(i Item) Item
}

// property is how a property of T is reached.
type property[T any] struct {
	name string
	zero json.RawMessage
	get  func(*T) json.RawMessage
	set  func(*T, json.RawMessage) error
}

func of[T, V any](name string, field func(*T) *V) property[T] {
	zero := encode(*new(V))
	switch reflect.TypeFor[V]().Kind() {
	case reflect.Slice:
		zero = json.RawMessage("[]")
	case reflect.Map:
		zero = json.RawMessage("{}")
	}
	return property[T]{
		name: name,
		zero: zero,
		get: func(i *T) json.RawMessage {
			value := encode(*field(i))
			if string(value) == "null" {
				return zero
			}
			return value
		},
		set: func(i *T, value json.RawMessage) error {
			if setPlain(field(i), value) {
				return nil
			}
			var v V // a value of its own: an old item keeps its lists
			if err := json.Unmarshal(value, &v); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			*field(i) = v
			return nil
		},
	}
}

// setPlain sets a whole number, a truth value or a text without escapes, which most
// values are, without the general reader of JSON. The value is JSON.
func setPlain(field any, value json.RawMessage) bool {
	switch field := field.(type) {
	case *int:
		n, err := strconv.Atoi(string(value))
		if err == nil {
			*field = n
		}
		return err == nil
	case *bool:
		*field = string(value) == "true"
		return *field || string(value) == "false"
	case *string:
		n := len(value)
		if n < 2 || value[0] != '"' || !isPlain(string(value[1:n-1])) {
			return false
		}
		*field = string(value[1 : n-1])
		return true
	}
	return false
}

// table is the schema of T.
type table[T any, P interface {
	*T
	Item
}] struct {
	properties []property[T]
	numbers    map[string]int
	make       func(id string) T
}

func newTable[T any, P interface {
	*T
	Item
}](make func(id string) T, properties ...property[T]) *table[T, P] {
	t := &table[T, P]{properties: properties, numbers: map[string]int{}, make: make}
	for n, p := range properties {
		t.numbers[p.name] = n
	}
	return t
}

func (t *table[T, P]) blank(id string) Item {
	i := t.make(id)
	return P(&i)
}

func (t *table[T, P]) number(name string) (int, bool) {
	n, ok := t.numbers[name]
	return n, ok
}

func (t *table[T, P]) name(n int) string { return t.properties[n].name }

func (t *table[T, P]) size() int { return len(t.properties) }

func (t *table[T, P]) get(i Item, n int) json.RawMessage {
	return t.properties[n].get((*T)(i.(P)))
}

func (t *table[T, P]) isZero(n int, value json.RawMessage) bool {
	return bytes.Equal(value, t.properties[n].zero)
}

func (t *table[T, P]) set(i Item, n int, value json.RawMessage) error {
	return t.properties[n].set((*T)(i.(P)), value)
}

func (t *table[T, P]) copied(i Item) Item {
	c := *(*T)(i.(P))
	return P(&c)
}

var noteTable = newTable[Note](
	func(id string) Note { return Note{Type: NoteItem, ID: id} },
	of("kind", func(n *Note) *Kind { return &n.Kind }),
	of("text", func(n *Note) *string { return &n.Text }),
	of("x", func(n *Note) *int { return &n.X }),
	of("y", func(n *Note) *int { return &n.Y }),
	of("w", func(n *Note) *int { return &n.W }),
	of("h", func(n *Note) *int { return &n.H }),
	of("module", func(n *Note) *string { return &n.Module }),
	of("by", func(n *Note) *string { return &n.By }),
	of("at", func(n *Note) *int { return &n.At }),
	of("private", func(n *Note) *bool { return &n.Private }),
	of("pivotal", func(n *Note) *bool { return &n.Pivotal }),
	of("votes", func(n *Note) *map[string]int { return &n.Votes }),
	of("answer", func(n *Note) *string { return &n.Answer }),
	of("doc", func(n *Note) *string { return &n.Doc }),
	of("on", func(n *Note) *[]string { return &n.On }),
	of("element", func(n *Note) *string { return &n.Element }),
	of("authors", func(n *Note) *[]string { return &n.Authors }),
	of("was", func(n *Note) *[]string { return &n.Was }),
	of("team", func(n *Note) *string { return &n.Team }),
)

var linkTable = newTable[Link](
	func(id string) Link { return Link{Type: LinkItem, ID: id} },
	of("from", func(l *Link) *string { return &l.From }),
	of("to", func(l *Link) *string { return &l.To }),
	of("verb", func(l *Link) *string { return &l.Verb }),
)

var commentTable = newTable[Comment](
	func(id string) Comment { return Comment{Type: CommentItem, ID: id} },
	of("note", func(c *Comment) *string { return &c.Note }),
	of("text", func(c *Comment) *string { return &c.Text }),
	of("by", func(c *Comment) *string { return &c.By }),
	of("at", func(c *Comment) *int { return &c.At }),
	of("settled", func(c *Comment) *bool { return &c.Settled }),
)

var apartTable = newTable[Apart](
	func(id string) Apart { return Apart{Type: ApartItem, ID: id} },
	of("a", func(a *Apart) *string { return &a.A }),
	of("b", func(a *Apart) *string { return &a.B }),
)

var personTable = newTable[Person](
	func(id string) Person { return Person{Type: PersonItem, ID: id} },
	of("name", func(p *Person) *string { return &p.Name }),
	of("color", func(p *Person) *string { return &p.Color }),
	of("role", func(p *Person) *Role { return &p.Role }),
)

var boardTable = newTable[BoardInfo](
	func(id string) BoardInfo { return BoardInfo{Type: BoardItem, ID: id} },
	of("name", func(b *BoardInfo) *string { return &b.Name }),
	of("goals", func(b *BoardInfo) *[]string { return &b.Goals }),
	of("phase", func(b *BoardInfo) *Phase { return &b.Phase }),
	of("phaseAt", func(b *BoardInfo) *int { return &b.PhaseAt }),
	of("timerEnds", func(b *BoardInfo) *int { return &b.TimerEnds }),
	of("writing", func(b *BoardInfo) *bool { return &b.Writing }),
	of("votesEach", func(b *BoardInfo) *int { return &b.VotesEach }),
	of("votingOpen", func(b *BoardInfo) *bool { return &b.VotingOpen }),
	of("landedAt", func(b *BoardInfo) *int { return &b.LandedAt }),
	of("landedBy", func(b *BoardInfo) *string { return &b.LandedBy }),
)

var fileTable = newTable[File](
	func(id string) File { return File{Type: FileItem, ID: id} },
	of("path", func(f *File) *string { return &f.Path }),
	of("text", func(f *File) *string { return &f.Text }),
	of("version", func(f *File) *int { return &f.Version }),
)

var schemas = map[ItemType]schema{
	NoteItem: noteTable, LinkItem: linkTable, CommentItem: commentTable, ApartItem: apartTable,
	PersonItem: personTable, BoardItem: boardTable, FileItem: fileTable,
}

func (n *Note) schema() schema      { return noteTable }
func (l *Link) schema() schema      { return linkTable }
func (c *Comment) schema() schema   { return commentTable }
func (a *Apart) schema() schema     { return apartTable }
func (p *Person) schema() schema    { return personTable }
func (b *BoardInfo) schema() schema { return boardTable }
func (f *File) schema() schema      { return fileTable }

// whole returns the properties that make an item as it is.
func whole(i Item) Properties {
	s := i.schema()
	p := Properties{{"type", encode(string(i.ItemType()))}}
	for n := range s.size() {
		if value := s.get(i, n); !s.isZero(n, value) {
			p = append(p, Property{s.name(n), value})
		}
	}
	return p
}
