package check

import (
	"strings"

	"github.com/landfall-go/landfall/storm/model"
)

// supply is the data that is at hand: names of fields, and values by their
// type, those within values and lists included.
type supply struct {
	names map[string]bool
	types map[*model.Element]bool
}

func newSupply() *supply {
	return &supply{names: map[string]bool{}, types: map[*model.Element]bool{}}
}

func (s *supply) add(fields []*model.Field) {
	for _, f := range fields {
		s.names[strings.ToLower(f.Name)] = true
		t := f.Type
		for t != nil && t.List != nil {
			t = t.List
		}
		if t != nil && t.Of != nil && !s.types[t.Of] {
			s.types[t.Of] = true
			s.add(t.Of.Fields)
		}
	}
}

// has reports whether a field can be filled: from one of its name, or from a
// value of its type.
func (s *supply) has(f *model.Field) bool {
	if s.names[strings.ToLower(f.Name)] {
		return true
	}
	t := f.Type
	for t != nil && t.List != nil {
		t = t.List
	}
	return t != nil && t.Of != nil && s.types[t.Of]
}
