package nats_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	natsio "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
	"github.com/landfall-go/landfall/transport/nats/embedded"
	"github.com/landfall-go/landfall/transport/transporttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t testing.TB, o embedded.Options) *embedded.Server {
	t.Helper()
	server, err := embedded.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Shutdown)
	return server
}

func connect(t testing.TB, url string, options ...nats.Option) *nats.Transport {
	t.Helper()
	conn, err := nats.Connect(context.Background(), url, append([]nats.Option{nats.WithLogger(slog.New(slog.NewTextHandler(t.Output(), nil)))}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// road is a server that can be stopped, and started again where it was.
type road struct {
	options embedded.Options
	server  *embedded.Server
	url     string
}

func newRoad(t testing.TB, o embedded.Options) *road {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	r := &road{options: o}
	r.start(t)
	t.Cleanup(func() { r.server.Shutdown() })
	r.url, r.options.Port = r.server.URL(), r.server.Port()
	return r
}

func (r *road) start(t testing.TB) {
	t.Helper()
	server, err := embedded.Start(r.options)
	if err != nil {
		t.Fatal(err)
	}
	r.server = server
}

func (r *road) restart(t *testing.T) {
	t.Helper()
	r.server.Shutdown()
	r.start(t)
}

// lose deletes all streams, and with them all consumers, behind the back of those
// who are connected.
func (r *road) lose(t *testing.T) {
	t.Helper()
	js := raw(t, r.url)
	ctx := context.Background()
	for name := range js.StreamNames(ctx).Name() {
		if err := js.DeleteStream(ctx, name); err != nil {
			t.Fatal(err)
		}
	}
}

// raw is a connection as a program has one that knows nothing of Landfall.
func raw(t testing.TB, url string, options ...natsio.Option) jetstream.JetStream {
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

func TestTransport(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]nats.Option{"": nil, "batches of events": {nats.WithEventBatches()}} {
		t.Run(name, func(t *testing.T) {
			transporttest.Run(t, transporttest.Features{Open: func(t *testing.T) transporttest.Road {
				r := newRoad(t, embedded.Options{})
				return transporttest.Road{
					Connect: func(t *testing.T) transport.Transport { return connect(t, r.url, options...) },
					Lose:    r.lose,
					Restart: r.restart,
				}
			}})
		})
	}
}

// TestAPlainRequest of a program that knows nothing of Landfall is answered by one
// message, however long that takes.
func TestAPlainRequest(t *testing.T) {
	server := start(t, embedded.Options{})
	conn := connect(t, server.URL())
	stop, err := conn.Answer("Rover", "get", func(_ context.Context, request []byte) []byte {
		time.Sleep(3 * time.Second / 2) // longer than until a sign of life
		return append([]byte("about "), request...)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	client := raw(t, server.URL()).Conn()
	answer, err := client.Request("landfall.Rover.calls.get", []byte("7"), 10*time.Second)
	if err != nil || string(answer.Data) != "about 7" {
		t.Errorf("%q, %v", answer.Data, err)
	}
}
