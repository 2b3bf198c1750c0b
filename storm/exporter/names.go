package exporter

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/landfall-go/landfall/storm/model"
)

// names gives out names that are unique, each the same for the same thing.
type names struct {
	used map[string]bool
	of   map[any]string
}

func newNames() *names { return &names{used: map[string]bool{}, of: map[any]string{}} }

// get returns the name of something: the first of the wishes that is free, or
// else the last with a number.
func (n *names) get(thing any, wishes ...string) string {
	if name, ok := n.of[thing]; ok {
		return name
	}
	name := ""
	for _, name = range wishes {
		if !n.used[name] {
			break
		}
	}
	for i := 2; n.used[name]; i++ {
		name = wishes[len(wishes)-1] + strconv.Itoa(i)
	}
	n.used[name] = true
	n.of[thing] = name
	return name
}

// plain makes an identifier of ASCII letters, digits and underscores of a name.
// Letters beyond ASCII become their numbers, so that no two of them are one.
func plain(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_'):
			b.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteString("u" + strconv.FormatInt(int64(r), 16))
		}
	}
	out := b.String()
	if out == "" || out[0] >= '0' && out[0] <= '9' {
		return "_" + out
	}
	return out
}

// ModuleName returns a module's name as an identifier; what is outside of all
// modules has that of the storm.
func ModuleName(s *model.Storm, m *model.Module) string {
	name := m.Name
	if m.IsFree() {
		name = s.Name
	}
	if name = model.GoName(0, name); name == "" {
		return "Storm"
	}
	return plain(name)
}

// title returns a module's name as people read it.
func title(s *model.Storm, m *model.Module) string {
	switch {
	case !m.IsFree():
		return model.Label(m.Name)
	case s.Name != "":
		return s.Name
	}
	return "Storm"
}

// firstLine returns the first paragraph of a text on one line.
func firstLine(text string) string {
	first, _, _ := strings.Cut(text, "\n\n")
	return strings.Join(strings.Fields(first), " ")
}
