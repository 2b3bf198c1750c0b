package embedded_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	natsio "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"github.com/landfall-go/landfall/transport/nats/embedded"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func ExampleStart() {
	server, err := embedded.Start(embedded.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Shutdown()
	conn, err := natsio.Connect(server.URL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	fmt.Println(conn.IsConnected())
	// Output: true
}

func client(t *testing.T, url string, options ...natsio.Option) jetstream.JetStream {
	t.Helper()
	conn, err := natsio.Connect(url, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// TestKeeps: what is published outlives the server if it has a directory.
func TestKeeps(t *testing.T) {
	o := embedded.Options{Dir: filepath.Join(t.TempDir(), "nats")}
	for round := range 2 {
		server, err := embedded.Start(o)
		if err != nil {
			t.Fatal(err)
		}
		js := client(t, server.URL())
		stream, err := js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s"}})
		if err != nil {
			t.Fatal(err)
		}
		if got := stream.CachedInfo().State.Msgs; got != uint64(round) {
			t.Errorf("round %d begins with %d messages", round, got)
		}
		if _, err := js.Publish(t.Context(), "s", nil); err != nil {
			t.Fatal(err)
		}
		url := server.URL()
		o.Port = server.Port()
		server.Shutdown()
		server.Shutdown()
		if server.URL() != url {
			t.Errorf("a server at %s says after its end that it was at %s", url, server.URL())
		}
	}
}

// TestTemporary: without a directory, nothing is left behind.
func TestTemporary(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	server, err := embedded.Start(embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(server.Dir()); err != nil {
		t.Error(err)
	}
	server.Shutdown()
	if _, err := os.Stat(server.Dir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after shutdown: %v", err)
	}
}

func TestPortTaken(t *testing.T) {
	server, err := embedded.Start(embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Shutdown()
	begun := time.Now()
	if other, err := embedded.Start(embedded.Options{Port: server.Port()}); err == nil {
		other.Shutdown()
		t.Error("two servers listen on one port")
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %s to find out that the port is taken", took)
	}
}

func TestDirIsFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if server, err := embedded.Start(embedded.Options{Dir: file}); err == nil {
		server.Shutdown()
		t.Error("a server keeps messages in a file")
	}
}

func TestCluster(t *testing.T) {
	cluster, err := embedded.StartCluster(3, embedded.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Shutdown()
	js := client(t, cluster.URL())
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s"}, Replicas: 3}); err != nil {
		t.Fatal(err)
	}
	if cluster.Leader("S") == nil {
		t.Error("the stream has no leader")
	}
	if cluster.Leader("other") != nil {
		t.Error("a stream that is not there has a leader")
	}
}
