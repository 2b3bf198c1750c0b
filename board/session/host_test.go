package session_test

import (
	"fmt"
	"testing"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

func open(t *testing.T, s store.Store) *landfall.Host {
	t.Helper()
	h, err := landfall.Open(t.Context(), landfall.Config{Store: s, Modules: []landfall.Module{session.Module()}, SnapshotEvery: 7})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func dispatch(t *testing.T, h *landfall.Host, commands ...landfall.Command) {
	t.Helper()
	for _, c := range commands {
		if _, err := h.Dispatch(t.Context(), landfall.To("b1", c)); err != nil {
			t.Fatal(err)
		}
	}
}

func load(t *testing.T, h *landfall.Host) *session.Board {
	t.Helper()
	boards, err := landfall.RepositoryOf[session.Board](h)
	if err != nil {
		t.Fatal(err)
	}
	b, err := boards.Load(t.Context(), "b1")
	if err != nil {
		t.Fatal(err)
	}
	return &b.State
}

// On the runtime a board outlives its host, with what everyone may undo, and what
// was written alone is revealed when the exploration ends.
func TestBoardOnTheRuntime(t *testing.T) {
	s := memory.New()
	h := open(t, s)
	private := note("n-own", session.KindEvent, "Alone")
	private.Private = true
	dispatch(t, h, session.OpenBoard{Name: "B", By: "ann", At: 1}, session.StartPhase{Phase: session.PhaseExplore, By: "ann", At: 2},
		session.AddNotes{Notes: []session.NoteData{private}, By: "bob", At: 3})
	for i := range 40 {
		dispatch(t, h, session.RewriteNote{ID: "n-own", Text: fmt.Sprint("Text ", i), By: "bob", At: 4 + i})
	}
	dispatch(t, h, session.LandStorm{Files: []session.FileText{{Path: "a.storm", Text: "storm \"A\"\n"}}, By: "ann", At: 50})
	if !load(t, h).Wall().Notes["n-own"].Private {
		t.Error("the note is revealed too soon")
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}

	h = open(t, s)
	defer h.Close()
	for range 40 {
		dispatch(t, h, session.UndoStep{By: "bob", At: 60})
	}
	dispatch(t, h, session.StartPhase{Phase: session.PhaseTimeline, By: "ann", At: 70})
	if err := h.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := load(t, h)
	if n := b.Wall().Notes["n-own"]; n == nil || n.Text != "Alone" || n.Private || b.Wall().Board.Phase != session.PhaseTimeline {
		t.Errorf("the note is %+v, the board %+v", n, b.Wall().Board)
	}
	if text, ok := b.Landed("a.storm"); !ok || text != "storm \"A\"\n" {
		t.Errorf("landed was %q", text)
	}
}
