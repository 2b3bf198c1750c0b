package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/internal/postgrescluster"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// pages stand in for the built page, of which these tests need nothing.
var pages = fs.FS(fstest.MapFS{
	"index.html":         {Data: []byte(`<!doctype html><script type="module" src="/assets/app-1.js"></script><style nonce="LANDFALL_NONCE"></style>`)},
	"favicon.svg":        {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
	"assets/app-1.js":    {Data: []byte(strings.Repeat("// nothing\n", 200))},
	"assets/style-1.css": {Data: []byte(`body{}`)},
})

// running is a server under test.
type running struct {
	*server.Server
	t    *testing.T
	stop func() error
}

// start runs a server until the test ends; its boards are kept in memory unless the
// change says otherwise.
func start(t *testing.T, change func(*server.Config)) *running {
	t.Helper()
	c := server.Config{Path: t.TempDir(), Pages: pages, Store: "memory:", Listen: "127.0.0.1:0", Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if os.Getenv("LANDFALL_LOG") != "" {
		c.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	if change != nil {
		change(&c)
	}
	s, err := server.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	r := &running{Server: s, t: t, stop: sync.OnceValue(func() error {
		cancel()
		return <-ended
	})}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return r
}

// behind starts what several servers share, and returns the URLs of the database and of the
// broker.
func behind(t *testing.T) (database, broker string) {
	t.Helper()
	cluster, err := postgrescluster.Start(t.Context(), postgrescluster.Options{Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := cluster.CreateDatabase(t.Context(), "boards"); err != nil {
		t.Fatal(err)
	}
	nats, err := embedded.Start(embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nats.Shutdown)
	return cluster.URL("boards"), nats.URL()
}

// person is somebody with a browser.
type person struct {
	t      *testing.T
	base   string
	http   *http.Client
	me     wire.Me
	origin string
}

func (r *running) visitor() *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	base := strings.TrimSuffix(r.URL(), "/")
	p := &person{t: r.t, base: base, origin: base, http: &http.Client{Jar: jar, Timeout: patience, Transport: &http.Transport{}}}
	r.t.Cleanup(p.http.CloseIdleConnections)
	return p
}

// enter lets somebody in, with the server's own link if it is shared.
func (r *running) enter(name string) *person {
	r.t.Helper()
	p := r.visitor()
	_, token, _ := strings.Cut(r.Link(), "#")
	p.must("POST", "/api/enter", wire.Enter{Name: name, Invite: token}, &p.me)
	return p
}

// call makes a request, and returns the status and the body.
func (p *person) call(method, path string, body any) (int, []byte) {
	p.t.Helper()
	var reader io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		reader = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, p.base+path, reader)
	if err != nil {
		p.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Origin", p.origin)
	res, err := p.http.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res.StatusCode, data
}

// must makes a request that succeeds.
func (p *person) must(method, path string, body, into any) {
	p.t.Helper()
	status, data := p.call(method, path, body)
	if status >= 300 {
		p.t.Fatalf("%s %s: %d %s", method, path, status, data)
	}
	if into != nil {
		if err := json.Unmarshal(data, into); err != nil {
			p.t.Fatalf("%s %s: %v in %s", method, path, err, data)
		}
	}
}

// refused makes a request that is refused with the status.
func (p *person) refused(status int, method, path string, body any) wire.Error {
	p.t.Helper()
	got, data := p.call(method, path, body)
	var e wire.Error
	if got != status || json.Unmarshal(data, &e) != nil || e.Code == "" || e.Message == "" {
		p.t.Fatalf("%s %s: %d %.300s; want %d with a code and a message", method, path, got, data, status)
	}
	return e
}

// board makes a board and returns its id.
func (p *person) board(name string) string {
	p.t.Helper()
	var b wire.Summary
	p.must("POST", "/api/boards", wire.NewBoard{Name: name}, &b)
	return b.ID
}

func mustURL(text string) *url.URL {
	u, err := url.Parse(text)
	must(err)
	return u
}
