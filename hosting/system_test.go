package hosting_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/hosting"
	"github.com/landfall-go/landfall/internal/postgrescluster"
)

// ring rings the bell and wants the village to hear it.
func ring(t *testing.T, s *hosting.System, times int) {
	t.Helper()
	result, err := s.Host.Dispatch(t.Context(), landfall.To("1", Ring{}))
	if err != nil {
		t.Fatal(err)
	}
	if rang, ok := result.Events[0].Event.(Rang); !ok || rang.Times != times {
		t.Errorf("the bell says %+v, want %d", result.Events, times)
	}
	listeners, err := landfall.ViewOf[Listener](s.Host, "Listeners")
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the village hears the bell", func() bool {
		l, err := listeners.Get(t.Context(), "1")
		return err == nil && l.Heard == times
	})
}

func TestAllModulesInOneProcess(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	db := file(t, "bells.db")
	for times := 1; times <= 2; times++ {
		s := open(t, hosting.Options{Store: "sqlite:" + db}, modules(&ears{})...)
		s.Start()
		ring(t, s, times)
		if s.NATS() != "" || s.Health() != "" {
			t.Errorf("it listens on %q and %q", s.NATS(), s.Health())
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	names, err := os.ReadDir(filepath.Dir(db))
	if err != nil || slices.ContainsFunc(names, func(e os.DirEntry) bool { return strings.HasSuffix(e.Name(), ".nats") }) {
		t.Errorf("the folder has %v, %v", names, err)
	}
}

// systems opens Tower with a broker, Village, and a client of both.
func systems(t *testing.T, tower, village string, heard *ears) (all [3]*hosting.System) {
	t.Helper()
	all[0] = open(t, hosting.Options{Modules: []string{"Tower"}, Store: tower, NATS: hosting.Embedded, NATSAddr: "127.0.0.1:0", NATSDir: t.TempDir()}, modules(heard)...)
	all[1] = open(t, hosting.Options{Modules: []string{"Village"}, Store: village, NATS: all[0].NATS()}, modules(heard)...)
	client, err := hosting.Connect(t.Context(), hosting.Options{NATS: all[0].NATS(), Config: quiet()}, modules(heard)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	all[2] = client
	return all
}

func TestModulesInProcessesOfTheirOwn(t *testing.T) {
	for name, stores := range map[string][2]string{
		"memory": {"memory:", "memory:"}, "files": {file(t, "tower.db"), file(t, "village.db")},
	} {
		t.Run(name, func(t *testing.T) {
			heard := &ears{}
			all := systems(t, stores[0], stores[1], heard)
			all[0].Start()
			all[1].Start()
			for times := 1; times <= 3; times++ {
				ring(t, all[2], times)
			}
			ring(t, all[0], 4) // each process reaches the others
			ring(t, all[1], 5)
			if !slices.Equal(heard.heard, []int{1, 2, 3, 4, 5}) {
				t.Errorf("the village was told %v", heard.heard)
			}
		})
	}
}

func TestTwoInstancesOnPostgreSQL(t *testing.T) {
	cluster, err := postgrescluster.Start(t.Context(), postgrescluster.Options{Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := cluster.CreateDatabase(t.Context(), "bells"); err != nil {
		t.Fatal(err)
	}
	url := cluster.URL("bells")
	heard := &ears{}
	first := open(t, hosting.Options{Store: url, NATS: hosting.Embedded, NATSAddr: "127.0.0.1:0", NATSDir: t.TempDir()}, modules(heard)...)
	second := open(t, hosting.Options{Store: url, NATS: first.NATS()}, modules(heard)...)
	first.Start()
	second.Start()
	for times := 1; times <= 6; times += 2 {
		ring(t, first, times)
		ring(t, second, times+1)
	}
	// While instances do not know of each other yet, both may call the outside,
	// under the same id; what it has answered is recorded once.
	if !slices.Equal(slices.Compact(heard.heard), []int{1, 2, 3, 4, 5, 6}) {
		t.Errorf("the village was told %v", heard.heard)
	}
}

// lines is a log that a test reads while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.b.String(), text)
}

func TestRunEndsWithItsContext(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	log := &lines{}
	o := hosting.Options{Store: file(t, "bells.db"), Health: "127.0.0.1:0", NATS: hosting.Embedded, NATSAddr: "127.0.0.1:0", Config: landfall.Config{
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	}}
	s := open(t, o, modules(&ears{})...)
	if status, body := get(t, s, "/readyz"); status != http.StatusServiceUnavailable || body != "starting\n" {
		t.Errorf("before the start: %d %q", status, body)
	}
	ctx, stop := context.WithCancelCause(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- s.Run(ctx) }()
	eventually(t, "it is ready", func() bool { return log.has("msg=ready modules=\"Tower, Village\" store=") })
	ring(t, s, 1)
	for _, path := range []string{"/healthz", "/readyz"} {
		if status, body := get(t, s, path); status != http.StatusOK || body != "ok\n" {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	stop(errors.New("told by a test"))
	if err := <-ran; err != nil {
		t.Error(err)
	}
	if !log.has("told by a test") {
		t.Error("it does not say why it ends")
	}
	if _, err := s.Host.Dispatch(t.Context(), landfall.To("1", Ring{})); !errors.Is(err, landfall.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
}

func get(t *testing.T, s *hosting.System, path string) (status int, body string) {
	t.Helper()
	response, err := http.Get("http://" + s.Health() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(data)
}

// TestReadySaysWhatIsMissing takes the broker away.
func TestReadySaysWhatIsMissing(t *testing.T) {
	heard := &ears{}
	broker := open(t, hosting.Options{Modules: []string{"Tower"}, Store: "memory:", NATS: hosting.Embedded, NATSAddr: "127.0.0.1:0"}, modules(heard)...)
	s := open(t, hosting.Options{Modules: []string{"Village"}, Store: "memory:", NATS: broker.NATS(), Health: "127.0.0.1:0"}, modules(heard)...)
	s.Start()
	eventually(t, "it is ready", func() bool { status, _ := get(t, s, "/readyz"); return status == http.StatusOK })
	if err := broker.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it sees that the broker is gone", func() bool {
		status, body := get(t, s, "/readyz")
		return status == http.StatusServiceUnavailable && strings.HasPrefix(body, "nats: ")
	})
	if status, _ := get(t, s, "/healthz"); status != http.StatusOK {
		t.Errorf("it lives, but /healthz says %d", status)
	}
}

func TestAFailedOpenLeavesNothingBehind(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	twice := modules(&ears{})[0]
	o := hosting.Options{Store: file(t, "bells.db"), NATS: hosting.Embedded, NATSAddr: "127.0.0.1:0", Health: "127.0.0.1:0", Config: quiet()}
	if _, err := hosting.Open(t.Context(), o, twice, twice); !errors.Is(err, landfall.ErrWiring) {
		t.Errorf("two modules of one name: %v", err)
	}
	held := open(t, hosting.Options{Store: o.Store}, modules(&ears{})...)
	if _, err := hosting.Open(t.Context(), o, modules(&ears{})...); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("a file that is in use: %v", err)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestRunDoesNotWaitForever hangs an external system that ignores its context.
func TestRunDoesNotWaitForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, hang := make(chan struct{}), make(chan struct{})
		village := landfall.NewModule("Village", landfall.Perform("Ears", func(context.Context, Tell, landfall.ID) ([]landfall.Event, error) {
			close(asked)
			<-hang
			return []landfall.Event{Told{}}, nil
		}, landfall.Emits(Told{})))
		s, err := hosting.Open(t.Context(), hosting.Options{Store: "memory:", Config: quiet()}, village)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ran := make(chan error, 1)
		go func() { ran <- s.Run(ctx) }()
		dispatched := make(chan error, 1)
		go func() {
			_, err := s.Host.Dispatch(t.Context(), landfall.To("1", Tell{Times: 1}))
			dispatched <- err
		}()
		<-asked
		begun := time.Now()
		stop()
		if err := <-ran; err == nil || !strings.Contains(err.Error(), "did not end within 20s") || time.Since(begun) != 20*time.Second {
			t.Errorf("after %v it ends with %v", time.Since(begun), err)
		}
		close(hang)
		<-dispatched // whatever became of it
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
