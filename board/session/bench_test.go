package session_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
)

// crowd returns a board of so many notes, each linked with the next.
func crowd(b *testing.B, notes int) *table {
	t := newTable(b)
	kinds := []session.Kind{session.KindCommand, session.KindEvent, session.KindPolicy}
	c := session.AddNotes{By: "ann", At: 2}
	for i := range notes {
		n := note(fmt.Sprintf("note-%05d", i), kinds[i%3], fmt.Sprintf("What happened as number %d", i))
		n.X, n.Y = i%100*130, i/100*130
		c.Notes = append(c.Notes, n)
		if i > 0 {
			c.Links = append(c.Links, session.LinkData{ID: fmt.Sprintf("link-%05d", i), From: c.Notes[i-1].ID, To: n.ID})
		}
	}
	t.must(c)
	return t
}

// move decides on a move, and applies it, as the runtime does.
func move(b *testing.B, t *table, c session.MoveNotes) landfall.Event {
	events, err := t.board.MoveNotes(c)
	if err != nil || len(events) != 1 {
		b.Fatal(err, len(events))
	}
	t.board.Apply(events[0])
	return events[0]
}

// BenchmarkMoveNotes is one note moved, and all notes, on a board of 5,000.
func BenchmarkMoveNotes(b *testing.B) {
	for _, moved := range []int{1, 100, 5000} {
		b.Run(fmt.Sprint(moved), func(b *testing.B) {
			t := crowd(b, 5000)
			c := session.MoveNotes{By: "bob", Places: make([]session.Place, moved)}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				for n := range c.Places {
					c.Places[n] = session.Place{ID: fmt.Sprintf("note-%05d", n), X: i + 1, Y: i + 2, W: 100, H: 60}
				}
				move(b, t, c)
			}
		})
	}
}

// BenchmarkUndo is a step undone and done again on a board of 5,000 notes.
func BenchmarkUndo(b *testing.B) {
	for _, moved := range []int{1, 5000} {
		b.Run(fmt.Sprint(moved), func(b *testing.B) {
			t := crowd(b, 5000)
			c := session.MoveNotes{By: "bob"}
			for n := range moved {
				c.Places = append(c.Places, session.Place{ID: fmt.Sprintf("note-%05d", n), X: -n - 1, Y: -1, W: 100, H: 60})
			}
			move(b, t, c)
			b.ReportAllocs()
			for b.Loop() {
				t.board.Apply(must(t.board.UndoStep(session.UndoStep{By: "bob"}))[0])
				t.board.Apply(must(t.board.RedoStep(session.RedoStep{By: "bob"}))[0])
			}
		})
	}
}

func must(events []landfall.Event, err error) []landfall.Event {
	if err != nil {
		panic(err)
	}
	return events
}

// BenchmarkSnapshot is a board as JSON, and back: what the runtime does every
// Config.SnapshotEvery events, and when it loads a board. Worked is one on which
// twenty people have moved every note.
func BenchmarkSnapshot(b *testing.B) {
	for _, worked := range []bool{false, true} {
		t := crowd(b, 5000)
		name := "fresh"
		if worked {
			name = "worked"
			for i := range 5000 {
				id := fmt.Sprintf("note-%05d", i)
				move(b, t, session.MoveNotes{By: fmt.Sprint("person", i%20), Places: []session.Place{{ID: id, X: i, Y: 1, W: 100, H: 60}}})
			}
		}
		data, err := json.Marshal(&t.board)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/write", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := json.Marshal(&t.board); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(data)), "bytes")
		})
		b.Run(name+"/read", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var back session.Board
				if err := json.Unmarshal(data, &back); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkWall is what a server does for somebody who opens a board of 5,000
// notes.
func BenchmarkWall(b *testing.B) {
	t := crowd(b, 5000)
	b.Run("clone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			t.wall.Clone()
		}
	})
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := t.wall.Encode(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
