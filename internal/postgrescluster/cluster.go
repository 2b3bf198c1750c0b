// Package postgrescluster starts throw-away PostgreSQL servers from the
// binaries that are installed, for tests, benchmarks and the load of examples.
//
// A [Cluster] (PostgreSQL's word for a server with its data) lies in a folder
// of its own under the system's temporary one, listens on loopback only and
// lets every local user in. It ends with [Cluster.Stop]; on Linux it also ends
// with the process that started it, however that ends, and what it has left on
// disk is removed by the next Start.
//
// PostgreSQL refuses to run as root. Started by root, the cluster runs as the
// user postgres or, where there is none, nobody.
package postgrescluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Options change how a cluster runs. The zero value is PostgreSQL as installed,
// which is durable: what is committed survives kill -9 and a loss of power.
type Options struct {
	// Fast gives up durability (fsync, synchronous_commit and full_page_writes
	// are off), for tests that are about something else. A crash of the server
	// then may leave a database that cannot be used.
	Fast bool
	// Settings are further settings of postgresql.conf.
	Settings map[string]string
}

// startLimit bounds the start, the recovery and the end of a server.
const startLimit = 60 * time.Second

// Cluster is a running server. Its methods are safe for concurrent use, but
// for Restart, Kill, Pause and Stop, which one goroutine calls at a time.
type Cluster struct {
	folder  string
	port    int
	options Options
	owner   *owner
	binary  string

	mu     sync.Mutex
	server *server // nil when stopped
}

// Start makes a cluster and starts it. It takes a second or two. Its error says
// what to install when there is no PostgreSQL.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	initdb, err := find("initdb")
	if err != nil {
		return nil, err
	}
	binary, err := find("postgres")
	if err != nil {
		return nil, err
	}
	runs, err := findOwner()
	if err != nil {
		return nil, err
	}
	removeStale()
	folder, err := os.MkdirTemp("", fmt.Sprintf("%s%d-", folderPrefix, os.Getpid()))
	if err != nil {
		return nil, err
	}
	c := &Cluster{folder: folder, options: o, owner: runs, binary: binary}
	if err := c.create(ctx, initdb); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// create fills the folder.
func (c *Cluster) create(ctx context.Context, initdb string) (err error) {
	if err := c.owner.own(c.folder); err != nil {
		return err
	}
	if c.port, err = freePort(); err != nil {
		return err
	}
	cmd := c.owner.command(ctx, initdb, "--pgdata", c.data(), "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
	cmd.Dir = c.folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

func (c *Cluster) data() string { return filepath.Join(c.folder, "data") }

// arguments are the server's. Connections are many and short in tests.
func (c *Cluster) arguments() []string {
	settings := map[string]string{
		"listen_addresses": "127.0.0.1", "port": strconv.Itoa(c.port), "unix_socket_directories": c.folder,
		"max_connections": "200", "shared_buffers": "256MB", "max_wal_size": "4GB", "log_min_messages": "warning", "log_min_error_statement": "panic",
	}
	if c.options.Fast {
		settings["fsync"], settings["synchronous_commit"], settings["full_page_writes"] = "off", "off", "off"
	}
	for name, value := range c.options.Settings {
		settings[name] = value
	}
	args := []string{"-D", c.data()}
	for name, value := range settings {
		args = append(args, "-c", name+"="+value)
	}
	return args
}

// start runs the server and waits until it can be connected to.
func (c *Cluster) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		s, err := c.run()
		if err != nil {
			return err
		}
		err = c.await(ctx, s)
		if !errors.Is(err, errEnded) || ctx.Err() != nil || !strings.Contains(err.Error(), "is still in use") {
			return err
		}
		// The processes of one that was killed take a moment to go.
		time.Sleep(50 * time.Millisecond)
	}
}

// run runs the server.
func (c *Cluster) run() (*server, error) {
	// Each start has its own log, and the last one counts.
	log, err := os.Create(filepath.Join(c.folder, "log"))
	if err != nil {
		return nil, err
	}
	s, err := run(c.owner, c.folder, c.binary, c.arguments(), log)
	if err := errors.Join(err, log.Close()); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.server = s
	return s, nil
}

var errEnded = errors.New("PostgreSQL ended at its start")

// await waits until the server can be connected to.
func (c *Cluster) await(ctx context.Context, s *server) error {
	for {
		err := ping(ctx, c.SocketURL("postgres"))
		if err == nil {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("%w: %s", errEnded, c.lastLog())
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w: %s", err, c.lastLog())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func ping(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// lastLog returns the end of the server's log.
func (c *Cluster) lastLog() string {
	f, err := os.Open(filepath.Join(c.folder, "log"))
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > 4<<10 {
		_, _ = f.Seek(-4<<10, io.SeekEnd) // else the whole of it is shown
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// URL returns the URL of a database for user postgres, who may do everything,
// over TCP.
func (c *Cluster) URL(database string) string { return c.UserURL("postgres", database) }

// UserURL returns the URL of a database for a user, over TCP.
func (c *Cluster) UserURL(user, database string) string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d/%s?sslmode=disable", url.PathEscape(user), c.port, url.PathEscape(database))
}

// SocketURL returns the URL of a database for user postgres over the Unix
// socket, which can be reached from every network namespace.
func (c *Cluster) SocketURL(database string) string {
	return fmt.Sprintf("postgres://postgres@/%s?host=%s&port=%d", url.PathEscape(database), url.QueryEscape(c.folder), c.port)
}

// CreateDatabase makes an empty database.
func (c *Cluster) CreateDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, c.SocketURL("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	return errors.Join(err, conn.Close(ctx))
}

// Restart ends the server as an operator does (connections are cut, what is
// committed is kept) and starts it again.
func (c *Cluster) Restart(ctx context.Context) error {
	if err := c.end(fast); err != nil {
		return err
	}
	return c.start(ctx)
}

// Kill ends every process of the server by kill -9, and leaves it so.
func (c *Cluster) Kill() error { return c.end(killed) }

// Resume starts a server that was ended by Kill, which recovers, or lets one go on that
// was paused.
func (c *Cluster) Resume(ctx context.Context) error {
	if s := c.current(); s != nil {
		return s.signalAll(resume)
	}
	return c.start(ctx)
}

// Pause stops every process of the server (SIGSTOP): nothing answers, no
// connection ends.
func (c *Cluster) Pause() error {
	if s := c.current(); s != nil {
		return s.signalAll(pause)
	}
	return errors.New("the server does not run")
}

func (c *Cluster) current() *server {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.server
}

// Stop ends the server and removes all of it.
func (c *Cluster) Stop() error { return errors.Join(c.end(immediate), os.RemoveAll(c.folder)) }

// end ends the server in the given way and waits for it.
func (c *Cluster) end(how ending) error {
	s := c.current()
	if s == nil {
		return nil
	}
	if err := s.end(how); err != nil {
		return err
	}
	select {
	case <-s.ended:
	case <-time.After(startLimit):
		return errors.Join(fmt.Errorf("PostgreSQL does not end: %s", c.lastLog()), s.end(killed))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.server = nil
	return nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

const folderPrefix = "landfall-postgres-"

// removeStale removes the folders of processes that were killed.
func removeStale() {
	folders, _ := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*")) // the pattern is sound
	for _, folder := range folders {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(folder), folderPrefix), "-")
		if n, err := strconv.Atoi(pid); err == nil && !alive(n) {
			_ = os.RemoveAll(folder) // another user's may stay
		}
	}
}
