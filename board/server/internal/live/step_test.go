package live

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/store/memory"
)

// slowLanding takes a while for each step, and always has something to bring.
type slowLanding struct {
	took  time.Duration
	mu    sync.Mutex
	steps int
	notes int
}

func (l *slowLanding) InStep(_ context.Context, w *session.Wall, n News) (Step, error) {
	time.Sleep(l.took)
	l.mu.Lock()
	defer l.mu.Unlock()
	step := Step{Accept: func() {}}
	for _, id := range n.Dirty {
		if w.Notes[id] != nil && w.Notes[id].Element == "" {
			step.Bring.Changes = append(step.Bring.Changes, session.Change{ID: id, Set: session.Properties{{Name: "element", Value: fmt.Appendf(nil, "%q", "event:"+id)}}})
			l.notes++
		}
	}
	if len(step.Bring.Changes) > 0 {
		l.steps++
	}
	return step, nil
}

func (l *slowLanding) Problems(*session.Wall) []wire.Problem    { return nil }
func (l *slowLanding) Settled(*session.Wall, map[string]string) {}
func (l *slowLanding) counts() (steps, notes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.steps, l.notes
}

// TestABusyBoardIsStepped has a hundred people put up notes for ten seconds. The text
// follows about every two seconds, and not as fast as it can; all of it does in the end, and
// at once for who waits.
func TestABusyBoardIsStepped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		landing := &slowLanding{took: 100 * time.Millisecond}
		b, err := Open(t.Context(), Config{Store: memory.New(), Name: "Busy", Landing: landing, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		put := func(i int) {
			n := session.NoteData{ID: fmt.Sprintf("note-%d", i), Kind: session.KindEvent, Text: fmt.Sprintf("Note %d", i), W: 112, H: 112}
			if err := b.AddNotes(t.Context(), "someone", []session.NoteData{n}, nil); err != nil {
				t.Fatal(err)
			}
		}
		const many = 5000
		for i := range many {
			put(i)
			time.Sleep(2 * time.Millisecond)
		}
		if steps, notes := landing.counts(); steps < 4 || steps > 9 || notes < many/2 {
			t.Errorf("%d steps with %d notes in ten seconds, want about one in two seconds", steps, notes)
		}
		start := time.Now()
		put(many)
		if err := b.InStep(t.Context()); err != nil {
			t.Error(err)
		}
		if _, notes := landing.counts(); notes != many+1 || time.Since(start) > time.Second {
			t.Errorf("%d of %d notes are in the text after %v", notes, many+1, time.Since(start))
		}
		if err := b.Close(wire.ByeStopping, ""); err != nil {
			t.Error(err)
		}
	})
}
