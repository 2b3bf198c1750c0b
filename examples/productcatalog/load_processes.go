package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/postgres"
	"github.com/landfall-go/landfall/store/sqlite"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// patience is how long the load waits for processes at most.
const patience = 60 * time.Second

// cluster is the modules in their processes, with a broker and stores.
type cluster struct {
	dir    string
	prefix string // of the subjects, so that runs do not meet on a broker
	nats   string
	broker *embedded.Server
	store  string // URL of a database, or empty for files
	drop   func() error
	all    []*process
}

// process runs some of the modules.
type process struct {
	c       *cluster
	name    string // of its files
	modules []string
	cmd     *exec.Cmd
	guard   io.Closer // the process ends when this is closed
	over    chan struct{}
	err     error
	cpu     time.Duration // of those that have ended
}

// start starts the processes, and returns when they are ready.
func (l *load) start(ctx context.Context, dir string, processes int) (*cluster, error) {
	c := &cluster{dir: filepath.Join(dir, fmt.Sprintf("%d-processes", processes)), nats: l.nats, drop: func() error { return nil }}
	c.prefix = fmt.Sprintf("load-%d-%d", os.Getpid(), processes)
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return nil, err
	}
	if found, err := filepath.Glob(filepath.Join(c.dir, "*.db")); err != nil || len(found) > 0 {
		return nil, fmt.Errorf("%s holds databases of an earlier run; name another folder: %w", c.dir, errors.Join(err, os.ErrExist))
	}
	var err error
	if l.nats == "embedded" {
		if c.broker, err = embedded.Start(embedded.Options{Dir: filepath.Join(c.dir, "nats")}); err != nil {
			return nil, err
		}
		c.nats = c.broker.URL()
	}
	if l.store != "sqlite" {
		if err := c.createDatabase(ctx, l.store); err != nil {
			return nil, errors.Join(err, c.end())
		}
	}
	if processes == 1 {
		c.all = []*process{{c: c, name: "all", modules: moduleNames()}}
	} else {
		for _, name := range moduleNames() {
			c.all = append(c.all, &process{c: c, name: name, modules: []string{name}})
		}
	}
	for _, p := range c.all {
		if err := p.start(); err != nil {
			return nil, errors.Join(err, c.end())
		}
	}
	for _, p := range c.all {
		if err := p.ready(ctx, 1); err != nil {
			return nil, errors.Join(err, c.end())
		}
	}
	return c, nil
}

// createDatabase makes an empty database on the server.
func (c *cluster) createDatabase(ctx context.Context, server string) error {
	u, err := url.Parse(server)
	if err != nil {
		return errors.New("--store is no URL; one is postgres://postgres@localhost:5432")
	}
	admin := *u
	if strings.Trim(admin.Path, "/") == "" {
		admin.Path = "/postgres"
	}
	name := strings.ReplaceAll("productcatalog_"+c.prefix, "-", "_")
	execute := func(ctx context.Context, statement string) error {
		conn, err := pgx.Connect(ctx, admin.String())
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, statement)
		return errors.Join(err, conn.Close(ctx))
	}
	if err := execute(ctx, "CREATE DATABASE "+name); err != nil {
		return err
	}
	c.drop = func() error {
		return execute(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)")
	}
	u.Path = "/" + name
	c.store = u.String()
	return nil
}

// location returns the value of --store of a process.
func (p *process) location() string {
	if p.c.store != "" {
		return p.c.store
	}
	return "sqlite:" + filepath.Join(p.c.dir, p.name+".db")
}

func (p *process) file(kind string) string { return filepath.Join(p.c.dir, p.name+"."+kind) }

// start starts the process; its output goes to files.
func (p *process) start() error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	p.cmd = exec.Command(program, "serve", "--modules", strings.Join(p.modules, ","), "--store", p.location(),
		"--nats", p.c.nats, "--nats-prefix", p.c.prefix, "--while-stdin")
	for _, file := range []struct {
		name string
		to   *io.Writer
	}{{p.file("out"), &p.cmd.Stdout}, {p.file("err"), &p.cmd.Stderr}} {
		f, err := os.OpenFile(file.name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		defer f.Close()
		*file.to = f
	}
	if p.guard, err = p.cmd.StdinPipe(); err != nil {
		return err
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	cmd, over := p.cmd, make(chan struct{})
	p.over = over
	go func() {
		p.err = cmd.Wait()
		close(over)
	}()
	return nil
}

// ready waits until the process has said so for the given time.
func (p *process) ready(ctx context.Context, times int) error {
	for begun := time.Now(); ; {
		said, err := os.ReadFile(p.file("err"))
		if err != nil {
			return err
		}
		if strings.Count(string(said), "msg=ready") >= times {
			return nil
		}
		select {
		case <-p.over:
			return fmt.Errorf("the process of %s has ended (%v):\n%s", p.name, p.err, said)
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(5 * time.Millisecond):
		}
		if time.Since(begun) > patience {
			return fmt.Errorf("the process of %s was not ready within %v:\n%s", p.name, patience, said)
		}
	}
}

// kill ends the process without warning.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.over
	p.ended()
}

func (p *process) ended() {
	_ = p.guard.Close() // the other end is gone
	p.cpu += p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
	p.cmd = nil
}

// stop ends the process in order.
func (p *process) stop() error {
	if p.cmd == nil {
		return nil
	}
	defer p.ended()
	if err := p.guard.Close(); err != nil {
		return err
	}
	select {
	case <-p.over:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.over
		return fmt.Errorf("the process of %s did not end within %v", p.name, patience)
	}
	if p.err != nil {
		said, _ := os.ReadFile(p.file("err")) // it is only for the message
		return fmt.Errorf("the process of %s: %w:\n%s", p.name, p.err, said)
	}
	return nil
}

// stop ends all processes; the logs can be read then.
func (c *cluster) stop() error {
	var errs []error
	for _, p := range c.all {
		errs = append(errs, p.stop())
	}
	return errors.Join(errs...)
}

// end stops what still runs and releases the broker and the database.
func (c *cluster) end() error {
	err := c.stop()
	if c.broker != nil {
		c.broker.Shutdown()
	}
	return errors.Join(err, c.drop())
}

// running returns the process of a module.
func (c *cluster) running(module string) *process {
	for _, p := range c.all {
		for _, m := range p.modules {
			if m == module {
				return p
			}
		}
	}
	return nil
}

// logs are the records of all modules.
type logs map[string][]store.Record

// logs reads the logs of processes that have stopped.
func (c *cluster) logs(ctx context.Context) (logs, error) {
	all := logs{}
	for _, p := range c.all {
		if err := p.read(ctx, all); err != nil {
			return nil, fmt.Errorf("read the log of %s: %w", p.name, err)
		}
	}
	return all, nil
}

func (p *process) read(ctx context.Context, all logs) (err error) {
	var s store.Store
	if p.c.store != "" {
		s, err = postgres.Open(ctx, p.c.store)
	} else {
		s, err = sqlite.Open(ctx, filepath.Join(p.c.dir, p.name+".db"))
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for _, module := range p.modules {
		log, err := s.Log(ctx, module)
		if err != nil {
			return err
		}
		records, more := all[module], true
		for more {
			n := len(records)
			after := uint64(0)
			if n > 0 {
				after = records[n-1].Position
			}
			if records, err = log.Read(ctx, after, 4096, records); err != nil {
				return err
			}
			more = len(records) > n
		}
		all[module] = records
	}
	return nil
}

// told returns the lines that the external systems of a module were told.
func (c *cluster) told(module string) ([]string, error) {
	data, err := os.ReadFile(c.running(module).file("out"))
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n"), err
}
