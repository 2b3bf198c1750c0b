package hosting_test

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/hosting"
)

// Ring asks a bell to ring; Rang says that it did. The tower hears of it in
// another module.
type (
	Ring struct{}
	Rang struct {
		Times int `json:"times"`
	}
	Bell struct {
		Times int `json:"times"`
	}
	Tell     struct{ Times int }
	Told     struct{ Times int }
	Listener struct {
		Heard int `json:"heard"`
	}
)

func (b Bell) Ring(Ring) ([]landfall.Event, error) {
	return []landfall.Event{Rang{b.Times + 1}}, nil
}

func (b *Bell) Apply(e landfall.Event) {
	if rang, ok := e.(Rang); ok {
		b.Times = rang.Times
	}
}

func (l *Listener) Hear(e Told, _ landfall.Metadata) { l.Heard = e.Times }

// ears are the external system that the module Village tells.
type ears struct {
	mu    sync.Mutex
	heard []int
}

func (o *ears) tell(_ context.Context, c Tell, _ landfall.ID) ([]landfall.Event, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.heard = append(o.heard, c.Times)
	return []landfall.Event{Told(c)}, nil
}

// modules are those of an application of two: Tower tells Village.
func modules(o *ears) []landfall.Module {
	return []landfall.Module{
		landfall.NewModule("Tower",
			landfall.Handle(Bell.Ring, landfall.Emits(Rang{})),
			landfall.When("TellPolicy", func(e Rang, _ landfall.Metadata) []landfall.Command {
				return []landfall.Command{Tell(e)}
			}, landfall.SendsTo("Village", Tell{})),
		),
		landfall.NewModule("Village",
			landfall.Perform("Ears", o.tell, landfall.Emits(Told{})),
			landfall.Project("Listeners", landfall.On((*Listener).Hear)),
		),
	}
}

func quiet() landfall.Config {
	return landfall.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// open opens a system that ends with the test.
func open(t *testing.T, o hosting.Options, modules ...landfall.Module) *hosting.System {
	t.Helper()
	if o.Config.Logger == nil {
		o.Config = quiet()
	}
	s, err := hosting.Open(t.Context(), o, modules...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func file(t *testing.T, name string) string { return filepath.Join(t.TempDir(), name) }

// eventually waits for something that other goroutines bring about.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for begun := time.Now(); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Since(begun) > 20*time.Second {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}
