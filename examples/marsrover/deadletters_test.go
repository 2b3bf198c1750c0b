package main

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/notification"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/hosting"
)

// printer is a console that may be out of paper.
type printer struct {
	empty   atomic.Bool
	printed atomic.Int64
}

func (p *printer) Write(message []byte) (int, error) {
	if p.empty.Load() {
		return 0, errors.New("no paper")
	}
	p.printed.Add(1)
	return len(message), nil
}

// TestDeadLettersOfARunningSystem looks at them, retries and skips them from
// outside.
func TestDeadLettersOfARunningSystem(t *testing.T) {
	paper := &printer{}
	paper.empty.Store(true)
	s, err := hosting.Open(t.Context(), hosting.Options{Store: "memory:", NATS: hosting.Embedded, NATSAddr: "127.0.0.1:0", Config: landfall.Config{
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Retry: landfall.Retry{Attempts: 2, First: time.Millisecond},
	}}, rover.Module(), notification.Module(notification.Console{Out: paper}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Start()
	letters := func(args ...string) []string {
		t.Helper()
		return strings.Split(strings.TrimSuffix(want(t, append([]string{"deadletters", "--nats", s.NATS()}, args...)...), "\n"), "\n")
	}
	none := func() bool { return letters()[0] == "" }
	if !none() {
		t.Fatalf("at first there are %q", letters())
	}
	want(t, "run", "--nats", s.NATS(), "--obstacle", "0,1", "--quiet", "M")
	eventually(t, "a dead letter", func() bool { return !none() })
	if got := letters(); len(got) != 1 || !strings.HasPrefix(got[0], "Notification, received commands: NotifyObstacle of ") || !strings.Contains(got[0], "failed 2 times: ") || !strings.HasSuffix(got[0], "no paper") {
		t.Errorf("dead letters %q", got)
	}
	if got := letters("--json"); !strings.Contains(got[0], `"consumer":"received commands","type":"NotifyObstacle"`) {
		t.Errorf("as JSON %q", got)
	}
	paper.empty.Store(false)
	letters("--retry")
	eventually(t, "it is printed", func() bool { return paper.printed.Load() == 1 && none() })

	paper.empty.Store(true)
	want(t, "run", "--nats", s.NATS(), "--obstacle", "0,1", "--quiet", "M")
	eventually(t, "another dead letter", func() bool { return !none() })
	letters("--skip")
	eventually(t, "it is given up", none)
	if n := paper.printed.Load(); n != 1 {
		t.Errorf("%d messages were printed", n)
	}
	if code, _, stderr := call(t, "deadletters", "--nats", s.NATS(), "--skip", "--retry"); code != exitUsage || !strings.Contains(stderr, "do one or the other") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// TestDeadLettersOfADatabase shows what a later command could not answer either.
func TestDeadLettersOfADatabase(t *testing.T) {
	db := t.TempDir() + "/rovers.db"
	want(t, "run", "--db", db, "--quiet", "M")
	var out bytes.Buffer
	m := Main{Stdout: &out, Stderr: &out}
	if code := m.Run(t.Context(), "deadletters", "--db", db); code != exitDone || out.Len() != 0 {
		t.Errorf("exit code %d: %s", code, &out)
	}
}

// eventually waits for something that other goroutines bring about.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for begun := time.Now(); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begun) > soon {
			t.Fatalf("not within %v: %s", soon, what)
		}
	}
}
