package live

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// played plays operations on a wall, as a board takes them up.
type played struct {
	t    *testing.T
	wall *session.Wall
	seq  uint64
	since
}

func (p *played) play(kind string, m *mark, changes ...session.Change) {
	p.seq++
	r := &store.Record{Version: p.seq, Type: kind}
	if m != nil {
		data, err := json.Marshal(m.metadata())
		if err != nil {
			p.t.Fatal(err)
		}
		r.Metadata = data
	}
	p.hear(r, changes, p.wall)
	p.wall.Apply(changes)
}

func text(id, text string) session.Change {
	value, _ := json.Marshal(text)
	return session.Change{ID: id, Set: session.Properties{{Name: "text", Value: value}}}
}

func made(id string) session.Change {
	return session.Change{ID: id, Set: session.Properties{{Name: "type", Value: json.RawMessage(`"note"`)}, {Name: "kind", Value: json.RawMessage(`"event"`)}, {Name: "text", Value: json.RawMessage(`"0"`)}}}
}

// expect compares how notes were when text and wall were in step; "-" is one that was
// not there.
func (p *played) expect(want map[string]string) {
	p.t.Helper()
	got := map[string]string{}
	for id, item := range p.was() {
		got[id] = "-"
		if n, ok := item.(*session.Note); ok {
			got[id] = n.Text
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		p.t.Errorf("after %d: %v, want %v", p.seq, got, want)
	}
}

func TestSince(t *testing.T) {
	p := &played{t: t, wall: session.NewWall()}
	p.play("NotesAdded", nil, made("a"), made("b"))
	if p.was() != nil {
		t.Error("something is known before text and wall were ever in step")
	}
	p.play(brought, &mark{1, inStep})
	p.expect(nil)
	p.play("NoteRewritten", nil, text("a", "1")) // 3
	p.play("NotesRemoved", nil, session.Change{ID: "b", Gone: true})
	p.expect(map[string]string{"a": "0", "b": "0"})

	// A step that was made before the second has not seen it.
	p.play(brought, &mark{3, inStep}, text("a", "1"))
	p.expect(map[string]string{"b": "0"})

	// What a step changes of what it has not seen is known of it.
	p.play("NotesMoved", nil, session.Change{ID: "a", Set: session.Properties{{Name: "x", Value: json.RawMessage("7")}}}) // 6
	p.play(brought, &mark{5, inStep}, text("a", "2"))
	p.expect(map[string]string{"a": "2"})

	// While the text cannot be read, or does not have the wall yet, all is kept.
	p.play("NotesAdded", nil, made("c")) // 8
	p.play(brought, &mark{8, broken}, text("a", "3"))
	p.expect(map[string]string{"a": "2", "c": "-"})
	p.play(brought, &mark{9, waits}, text("a", "4"), text("c", "4"))
	p.expect(map[string]string{"a": "4", "c": "-"})
	p.play(brought, &mark{10, inStep})
	p.expect(nil)

	// One that says nothing was made for the wall before it.
	p.play("NoteRewritten", nil, text("a", "5"))
	p.play(brought, nil)
	p.expect(nil)

	// Much is known by its beginning.
	for i := range 10 * mostTouches {
		p.play("NoteRewritten", nil, text("a", fmt.Sprint("x", i)))
	}
	p.expect(map[string]string{"a": "5"})
	if n := len(p.items["a"]); n > mostTouches {
		t.Errorf("%d touches are kept", n)
	}
	p.play(brought, &mark{p.seq - 2, inStep})
	p.expect(map[string]string{"a": fmt.Sprint("x", 10*mostTouches-3)})
}

// slow is a landing whose first step finds that the text has not all of the wall yet.
type slow struct {
	asked []News
	waits int
}

func (s *slow) InStep(_ context.Context, _ *session.Wall, n News) (Step, error) {
	s.asked = append(s.asked, n)
	s.waits--
	return Step{Waits: s.waits >= 0, Accept: func() {}}, nil
}
func (s *slow) Problems(*session.Wall) []wire.Problem    { return nil }
func (s *slow) Settled(*session.Wall, map[string]string) {}

// TestWhatWaitsIsBroughtAtOnce makes steps until nothing waits, though there was nothing to
// do in the first.
func TestWhatWaitsIsBroughtAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &slow{waits: 2}
		b, err := Open(t.Context(), Config{Store: memory.New(), Name: "B", Landing: l, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.InStep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := b.Close(wire.ByeStopping, ""); err != nil {
			t.Error(err)
		}
		if len(l.asked) < 3 || !l.asked[0].Anew || l.asked[1].Anew {
			t.Errorf("steps: %+v", l.asked)
		}
	})
}
