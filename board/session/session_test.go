package session_test

import (
	"errors"
	"reflect"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
)

// decisions are the methods of the board that answer commands, by the command.
var decisions = func() map[reflect.Type]reflect.Method {
	found := map[reflect.Type]reflect.Method{}
	t := reflect.TypeFor[session.Board]()
	for m := range t.Methods() {
		if m.Type.NumIn() == 2 && m.Type.NumOut() == 2 {
			found[m.Type.In(1)] = m
		}
	}
	return found
}()

// table is a board that a test does things to, and a wall that follows its events.
type table struct {
	t     rapid.TB
	board session.Board
	wall  *session.Wall
	told  func(landfall.Event) // if anyone wants to know
}

func newTable(t rapid.TB) *table {
	b := &table{t: t, wall: session.NewWall()}
	b.must(session.OpenBoard{Name: "Ordering", By: "ann", At: 1})
	return b
}

// try gives the command and returns what happened.
func (b *table) try(c landfall.Command) ([]landfall.Event, error) {
	b.t.Helper()
	m, ok := decisions[reflect.TypeOf(c)]
	if !ok {
		b.t.Fatalf("nothing answers %T", c)
	}
	out := m.Func.Call([]reflect.Value{reflect.ValueOf(b.board), reflect.ValueOf(c)})
	events, _ := out[0].Interface().([]landfall.Event)
	if err, _ := out[1].Interface().(error); err != nil {
		if !errors.Is(err, landfall.ErrRejected) {
			b.t.Fatalf("%T fails: %v", c, err)
		}
		return nil, err
	}
	for _, e := range events {
		b.board.Apply(e)
		b.wall.Apply(session.Changes(e))
		if b.told != nil {
			b.told(e)
		}
	}
	return events, nil
}

// must gives commands that lead to something each, and returns the last event.
func (b *table) must(commands ...landfall.Command) (last landfall.Event) {
	b.t.Helper()
	for _, c := range commands {
		events, err := b.try(c)
		if err != nil || len(events) == 0 {
			b.t.Fatalf("%T leads to nothing: %v", c, err)
		}
		last = events[len(events)-1]
	}
	return last
}

// refused gives a command that is refused, and returns why.
func (b *table) refused(c landfall.Command) string {
	b.t.Helper()
	events, err := b.try(c)
	if err == nil {
		b.t.Fatalf("%T is not refused; it leads to %+v", c, events)
	}
	return err.Error()
}

// encoded returns the board's wall as JSON.
func (b *table) encoded() string { return encoded(b.t, b.board.Wall()) }

func encoded(t rapid.TB, w *session.Wall) string {
	t.Helper()
	data, err := w.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func same(t rapid.TB, what, want, got string) {
	t.Helper()
	if want != got {
		t.Fatalf("%s (-want +got):\n%s", what, cmp.Diff(want, got))
	}
}

func note(id string, kind session.Kind, text string) session.NoteData {
	return session.NoteData{ID: id, Kind: kind, Text: text, W: 100, H: 60}
}

// flow puts up place --leads to--> placed --triggers--> policy, by ann.
func (b *table) flow() {
	b.t.Helper()
	b.must(session.AddNotes{By: "ann", At: 2,
		Notes: []session.NoteData{note("place", session.KindCommand, "Place order"), note("placed", session.KindEvent, "Order placed"), note("policy", session.KindPolicy, "Send it")},
		Links: []session.LinkData{{ID: "l-one", From: "place", To: "placed"}, {ID: "l-two", From: "placed", To: "policy"}},
	})
}

// valid returns a command whose data are what they must be, and empty otherwise.
func valid(command reflect.Type) landfall.Command {
	c := reflect.New(command).Elem()
	for name, value := range map[string]any{"Kind": session.KindEvent, "Phase": session.PhaseExplore, "Person": session.PersonData{Role: session.RoleViewer}} {
		if f := c.FieldByName(name); f.IsValid() {
			f.Set(reflect.ValueOf(value))
		}
	}
	return c.Interface()
}
