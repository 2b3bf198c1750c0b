package server_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// said is a log whose messages can be waited for.
type said struct {
	mu   sync.Mutex
	text []string
	more chan struct{}
}

func (s *said) Enabled(context.Context, slog.Level) bool { return true }
func (s *said) WithAttrs([]slog.Attr) slog.Handler       { return s }
func (s *said) WithGroup(string) slog.Handler            { return s }

func (s *said) Handle(_ context.Context, r slog.Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = append(s.text, r.Level.String()+" "+r.Message)
	select {
	case s.more <- struct{}{}:
	default:
	}
	return nil
}

func (s *said) await(t *testing.T, text string) {
	t.Helper()
	for late := time.After(20 * time.Second); ; {
		s.mu.Lock()
		all := strings.Join(s.text, "\n")
		s.mu.Unlock()
		if strings.Contains(all, text) {
			return
		}
		select {
		case <-s.more:
		case <-late:
			t.Fatalf("the log has no %q, but\n%s", text, all)
		}
	}
}

// TestNATSThatIsNotThere holds up nobody: the log says that cursors do not cross, and
// when they do.
func TestNATSThatIsNotThere(t *testing.T) {
	first, err := embedded.Start(embedded.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	url, port := first.URL(), first.Port()
	first.Shutdown()
	log := &said{more: make(chan struct{}, 1)}
	r := start(t, func(c *server.Config) { c.NATS, c.Logger = url, slog.New(log) })
	log.await(t, "WARN cursors of other servers are not seen")
	r.enter("Ada").board("Rover")
	second, err := embedded.Start(embedded.Options{Dir: t.TempDir(), Port: port})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Shutdown()
	log.await(t, "INFO cursors cross between servers")
}
