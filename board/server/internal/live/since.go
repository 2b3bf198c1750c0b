package live

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/store"
)

// since keeps how items were when wall and text were in step last, of those that have
// changed after that. Whoever has to begin anew, because the server was killed or another
// made the steps, sees from it what people did that the text does not have yet. It needs
// the board's lock.
type since struct {
	items map[string][]touch
	known bool // wall and text were in step once
}

// touch is that operations changed an item, and how it was before them: nil for one that
// was not there.
type touch struct {
	first, last uint64
	before      session.Item
}

// mostTouches is how many touches of an item are told apart. Where there are more, while the
// text waits, the first of them are taken for one.
const mostTouches = 16

// hear takes up an operation, before the wall has it.
func (s *since) hear(r *store.Record, changes []session.Change, w *session.Wall) {
	if r.Type == brought {
		m := markOf(r)
		switch {
		case m.is == inStep || m.is == waits && !s.known:
			s.inStep(m.seen, func(string) bool { return true })
			s.bring(changes)
			return
		case m.is == waits:
			s.inStep(m.seen, isFile)
			s.bring(changes)
			return
		}
	}
	for i := range changes {
		s.touch(r.Version, changes[i].ID, w.Item(changes[i].ID))
	}
}

func (s *since) touch(seq uint64, id string, before session.Item) {
	if s.items == nil {
		s.items = map[string][]touch{}
	}
	list := s.items[id]
	if n := len(list); n > 0 && list[n-1].last == seq {
		return
	}
	if len(list) == mostTouches {
		list[0].last = list[mostTouches/2-1].last
		list = append(list[:1], list[mostTouches/2:]...)
	}
	s.items[id] = append(list, touch{seq, seq, before})
}

// inStep says that of some items text and wall said the same after an operation. It reports
// whether that was news.
func (s *since) inStep(seq uint64, of func(id string) bool) bool {
	s.known = true
	news := false
	for id, list := range s.items {
		n := 0
		for of(id) && n < len(list) && list[n].last <= seq {
			n++
		}
		news = news || n > 0
		if n == len(list) {
			delete(s.items, id)
			continue
		}
		s.items[id] = list[n:]
	}
	return news
}

func isFile(id string) bool { return strings.HasPrefix(id, session.FileID("")) }

// bring makes the changes of a step on the items as they were, for the text has them.
func (s *since) bring(changes []session.Change) {
	for i := range changes {
		if list := s.items[changes[i].ID]; len(list) > 0 {
			list[0].before = changed(list[0].before, changes[i])
		}
	}
}

// changed returns an item with a change.
func changed(before session.Item, c session.Change) session.Item {
	w := session.NewWall()
	if before != nil {
		var set session.Properties
		if json.Unmarshal(encode(before), &set) != nil {
			return before
		}
		w.Apply([]session.Change{{ID: c.ID, Set: set}})
	}
	w.Apply([]session.Change{c})
	return w.Item(c.ID)
}

// was returns how the items were that have changed since text and wall were in step; nil
// when that was never so.
func (s *since) was() map[string]session.Item {
	if !s.known {
		return nil
	}
	out := make(map[string]session.Item, len(s.items))
	for id, list := range s.items {
		out[id] = list[0].before
	}
	return out
}

// brought is the type of the events that are steps.
const brought = "BroughtInStep"

// mark is what a step says of itself in its metadata.
type mark struct {
	seen uint64 // the last operation on the wall that it was made for
	is   string
}

// What a step leaves.
const (
	inStep = "in step"
	waits  = "waits"  // the wall has the text, and the text not yet all of the wall
	broken = "broken" // the text cannot be read
)

// The names of a mark's parts in the metadata.
const (
	seenKey   = "seen"
	leavesKey = "leaves"
)

func (m mark) metadata() map[string]string {
	return map[string]string{seenKey: strconv.FormatUint(m.seen, 10), leavesKey: m.is}
}

// markOf returns the mark of a step. One without was made for the wall just before it.
func markOf(r *store.Record) mark {
	var extra map[string]string
	if len(r.Metadata) > 0 && json.Unmarshal(r.Metadata, &extra) == nil && extra[seenKey] != "" {
		if seen, err := strconv.ParseUint(extra[seenKey], 10, 64); err == nil && seen < r.Version {
			return mark{seen, extra[leavesKey]}
		}
	}
	return mark{r.Version - 1, inStep}
}
