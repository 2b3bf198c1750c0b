package session_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
)

// witness sees what everyone does to a wall, and knows nothing of how undo works.
type witness struct {
	now     int
	before  map[string]map[string]string // the properties of all items, as they were last
	born    map[string]touch             // who made an item, and when
	touches map[string][]touch           // who did anything to an item, or to what refers to it
	owners  map[string][]string          // who set a property, the last of them last
	undone  map[string]int               // when a step was undone
}

type touch struct {
	by  string
	at  int
	via string // what they worked on: the item, or what refers to it
}

func newWitness() *witness {
	return &witness{before: map[string]map[string]string{}, born: map[string]touch{}, touches: map[string][]touch{}, owners: map[string][]string{}, undone: map[string]int{}}
}

// properties returns those of all items.
func properties(w *session.Wall) map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, i := range w.Items() {
		data, err := json.Marshal(i)
		if err != nil {
			panic(err)
		}
		var raw map[string]json.RawMessage
		if err := json.Unmarshal(data, &raw); err != nil {
			panic(err)
		}
		all[i.ItemID()] = map[string]string{}
		for name, value := range raw {
			all[i.ItemID()][name] = string(value)
		}
	}
	return all
}

// refersTo returns the notes that an item belongs to.
func refersTo(properties map[string]string) (ids []string) {
	for _, name := range []string{"from", "to", "note", "a", "b", "module", "on"} {
		value := properties[name]
		if value == "" {
			continue
		}
		var list []string
		if json.Unmarshal([]byte(value), &list) != nil {
			list = make([]string, 1)
			_ = json.Unmarshal([]byte(value), &list[0])
		}
		ids = append(ids, list...)
	}
	return ids
}

// changed returns what is another between two states of an item.
func changed(before, after map[string]string) (names []string) {
	for _, m := range []map[string]string{before, after} {
		for name := range m {
			if before[name] != after[name] && !slices.Contains(names, name) && name != "verb" && name != "element" && name != "votes" {
				names = append(names, name)
			}
		}
	}
	return names
}

// sees looks at an event, and says what it took away of other people's work.
func (w *witness) sees(e landfall.Event, wall *session.Wall) error {
	w.now++
	after, by := properties(wall), session.By(e)
	defer func() { w.before = after }()
	switch e := e.(type) {
	case session.StepUndone:
		err := w.reversed(by, after, func(id string) int { return w.born[id].at }, true)
		w.undone[fmt.Sprint(by, e.Step)] = w.now
		w.forget(by, e.Step, after)
		return err
	case session.StepRedone:
		defer w.touch(by, after)
		return w.reversed(by, after, func(string) int { return w.undone[fmt.Sprint(by, e.Step)] }, false)
	case session.NotesRevealed, session.VotesAllowed, session.PhaseStarted:
		return nil
	}
	w.touch(by, after)
	for id, properties := range after {
		if w.before[id] == nil {
			w.born[id] = touch{by, w.now, id}
		}
		for _, name := range changed(w.before[id], properties) {
			w.owners[id+name] = append(w.owners[id+name], by)
		}
	}
	return nil
}

// touch notes who changed something about items, and those that they refer to.
func (w *witness) touch(by string, after map[string]map[string]string) {
	for id, properties := range after {
		if len(changed(w.before[id], properties)) == 0 && w.before[id]["votes"] == properties["votes"] {
			continue // what a link means follows from its notes
		}
		before := refersTo(w.before[id])
		for _, of := range append(refersTo(properties), id) {
			if of == id || !slices.Contains(before, of) {
				w.touches[of] = append(w.touches[of], touch{by, w.now, id})
			}
		}
	}
}

// forget forgets the work that somebody has taken back themselves.
func (w *witness) forget(by string, step int, after map[string]map[string]string) {
	for id, properties := range w.before {
		if reflect.DeepEqual(after[id], properties) {
			continue
		}
		for _, of := range append(refersTo(properties), id) {
			w.touches[of] = slices.DeleteFunc(w.touches[of], func(t touch) bool { return t.by == by && t.at+1 >= step })
		}
	}
}

// stands says whether there is still something of what somebody did: a reference to
// the item, or a property that nobody has set since.
func (w *witness) stands(t touch, id string) bool {
	if t.via != id {
		return slices.Contains(refersTo(w.before[t.via]), id)
	}
	for name := range w.before[id] {
		if n := len(w.owners[id+name]); n > 0 && w.owners[id+name][n-1] == t.by {
			return true
		}
	}
	return strings.Contains(w.before[id]["votes"], strconv.Quote(t.by))
}

// reversed looks at what an undo or a redo did. since says from when on somebody
// else's work on an item counts.
func (w *witness) reversed(by string, after map[string]map[string]string, since func(id string) int, undo bool) error {
	for id, before := range w.before {
		if after[id] == nil {
			if undo && w.born[id].by != by {
				return fmt.Errorf("an undo of %s takes %s away, which %s made", by, id, w.born[id].by)
			}
			for _, t := range w.touches[id] {
				if t.by != by && t.at > since(id) && w.stands(t, id) {
					return fmt.Errorf("%s takes %s away, which %s has worked on", by, id, t.by)
				}
			}
			continue
		}
		for _, name := range changed(before, after[id]) {
			key := id + name
			if !undo {
				w.owners[key] = append(w.owners[key], by)
				continue
			}
			n := len(w.owners[key])
			if n == 0 || w.owners[key][n-1] != by {
				return fmt.Errorf("an undo of %s sets the %s of %s, which was last set by %v", by, name, id, w.owners[key])
			}
			w.owners[key] = w.owners[key][:n-1]
		}
	}
	return nil
}

// Nobody's undo or redo takes away what somebody else has done since.
func TestUndoIsForOnesOwnWork(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := &people{table: newTable(r), r: r}
		w := newWitness()
		w.before = properties(p.board.Wall())
		for range rapid.IntRange(1, 50).Draw(r, "steps") {
			by := rapid.SampledFrom(names).Draw(r, "by")
			var c landfall.Command
			switch kind := p.int("kind", 9); {
			case kind < 5:
				c = p.command(by)
			case kind < 8:
				c = session.UndoStep{By: by, At: p.at}
			default:
				c = session.RedoStep{By: by, At: p.at}
			}
			events, _ := p.try(c)
			for _, e := range events {
				r.Logf("%T%+v", e, e)
				if err := w.sees(e, p.board.Wall()); err != nil {
					r.Fatal(err)
				}
			}
		}
	})
}
