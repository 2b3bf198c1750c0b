package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/notification"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/hosting"
)

// system is the two modules: at work on a database of this process, or running
// in other processes.
type system struct {
	running *hosting.System
	host    *landfall.Host
	remote  bool
	trace   *trace
	console *console

	rovers    landfall.Repository[rover.MarsRover]
	starts    landfall.View[rover.Start]
	paths     landfall.View[rover.Path]
	obstacles landfall.View[rover.Obstacles]
}

// where is the system that a command works with.
type where struct {
	db     string
	remote hosting.Options
	flags  *pflag.FlagSet
}

func (w *where) addFlags(flags *pflag.FlagSet) {
	w.flags = flags
	dbFlag(flags, &w.db)
	w.remote.AddClientFlags(flags)
}

// runs says whether it is a running system. A database that was named goes
// before a broker that only the environment names.
func (w *where) runs() (bool, error) {
	db, nats := w.flags.Changed("db"), w.flags.Changed("nats")
	if db && nats {
		return false, &badInput{errors.New("--db and --nats name two systems: a database that this command opens, and one that runs")}
	}
	return w.remote.NATS != "" && !db, nil
}

// create opens the database, and makes it when there is none; or it connects to
// the system that runs.
func (m *Main) create(ctx context.Context, w *where) (*system, error) {
	runs, err := w.runs()
	switch {
	case err != nil:
		return nil, err
	case runs:
		return m.connect(ctx, w.remote)
	}
	return m.createDB(ctx, w.db)
}

// open opens a database that must be there, or connects.
func (m *Main) open(ctx context.Context, w *where) (*system, error) {
	runs, err := w.runs()
	switch {
	case err != nil:
		return nil, err
	case runs:
		return m.connect(ctx, w.remote)
	}
	return m.openDB(ctx, w.db)
}

func (m *Main) openDB(ctx context.Context, file string) (*system, error) {
	if _, err := os.Stat(file); file != "" && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf(`there is no database %s: "marsrover run RMLMM" makes one, --db names another`, file)
	}
	return m.createDB(ctx, file)
}

func (m *Main) createDB(ctx context.Context, file string) (*system, error) {
	if file == "" {
		return nil, &badInput{errors.New("--db is empty: it names a file")}
	}
	s := m.system()
	options := hosting.Options{Store: "sqlite:" + file, Config: s.config(m.Stderr)}
	var err error
	if s.running, err = hosting.Open(ctx, options, rover.Module(), notification.Module(notification.Console{Out: s.console})); err != nil {
		return nil, err
	}
	s.host = s.running.Host
	err = s.catchUp(ctx)
	if err == nil {
		err = s.look()
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// connect reaches the modules in other processes.
func (m *Main) connect(ctx context.Context, o hosting.Options) (*system, error) {
	s := m.system()
	s.remote = true
	o.Config = s.config(m.Stderr)
	var err error
	if s.running, err = hosting.Connect(ctx, o, rover.Module(), notification.Module(notification.Console{})); err != nil {
		return nil, asInput(err)
	}
	s.host = s.running.Host
	if err := s.look(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// asInput makes mistakes in options bad input.
func asInput(err error) error {
	if wrong := (*hosting.OptionError)(nil); errors.As(err, &wrong) {
		return &badInput{err}
	}
	return err
}

func (m *Main) system() *system {
	return &system{trace: &trace{out: m.Stdout}, console: &console{out: m.Stderr, most: 5}}
}

func (s *system) config(stderr io.Writer) landfall.Config {
	return landfall.Config{
		Logger: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Hooks:  landfall.Hooks{Command: s.trace.command, Events: s.trace.events},
	}
}

// catchUp answers what an earlier process was killed before it could answer, so
// that the projections show everything.
func (s *system) catchUp(ctx context.Context) error {
	if err := retryAll(ctx, s.host); err != nil {
		return err
	}
	if err := s.host.Settle(ctx); err != nil {
		return err
	}
	s.console.sum()
	return nil
}

// retryAll has dead letters answered again: perhaps the console can print now.
func retryAll(ctx context.Context, host *landfall.Host) error {
	for _, letter := range host.DeadLetters() {
		if err := host.Retry(ctx, letter); err != nil && !errors.Is(err, landfall.ErrNotFound) {
			return err
		}
	}
	return nil
}

// look opens what the commands read.
func (s *system) look() (err error) {
	if s.rovers, err = landfall.RepositoryOf[rover.MarsRover](s.host); err != nil {
		return err
	}
	if s.starts, err = landfall.ViewOf[rover.Start](s.host, "MarsRoverStart"); err != nil {
		return err
	}
	if s.paths, err = landfall.ViewOf[rover.Path](s.host, "MarsRoverPath"); err != nil {
		return err
	}
	s.obstacles, err = landfall.ViewOf[rover.Obstacles](s.host, "Obstacles")
	return err
}

func (s *system) close() error { return s.running.Close() }

// end closes the system after a command, and says what to do when nobody has
// answered.
func (s *system) end(err error) error {
	if s.remote && errors.Is(err, landfall.ErrUnavailable) {
		err = fmt.Errorf(`%w; does a system run at %s? "marsrover serve" starts one`, err, s.running.NATS())
	}
	return errors.Join(err, s.close())
}

// drive has a rover carry out commands in order, until it finds an obstacle.
func (s *system) drive(ctx context.Context, id landfall.AggregateID, commands []landfall.Command) (landfall.Report, error) {
	dispatcher := landfall.NewDispatcher(s.host)
	for _, c := range commands {
		dispatcher.Submit(landfall.Message{To: id, Command: c, Actor: "Operator"})
	}
	report, err := dispatcher.Run(ctx, rover.ObstacleFound{})
	if err == nil && s.remote {
		err = s.wait(ctx, id, report)
	}
	return report, err
}

// patience is how long a command waits for what others answer in their processes.
const patience = 15 * time.Second

// wait returns when a running system has taken up what was reported: its
// projections show it, and a rover that has found an obstacle is off.
func (s *system) wait(ctx context.Context, id landfall.AggregateID, report landfall.Report) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("the running system has not answered everything within %v", patience))
	defer cancel()
	var last uint64
	for _, r := range report.Results {
		last = max(last, r.Position())
	}
	for _, view := range []interface {
		WaitFor(context.Context, uint64) error
	}{s.paths, s.obstacles} {
		if err := view.WaitFor(ctx, last); err != nil {
			return reason(ctx, err)
		}
	}
	if report.StoppedBy == nil {
		return nil
	}
	return s.waitUntilOff(ctx, id)
}

// waitUntilOff asks for a rover until its policy has turned it off.
func (s *system) waitUntilOff(ctx context.Context, id landfall.AggregateID) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		loaded, err := s.rovers.Load(ctx, id)
		if err == nil && loaded.State.Status == rover.TurnedOff {
			return nil
		}
		if err != nil {
			return reason(ctx, err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// all of the console's messages are printed.
const all = math.MaxInt

// console is what the module Notification prints on.
type console struct {
	mu      sync.Mutex
	out     io.Writer
	most    int // printed; the others are only counted
	printed int
}

func (c *console) Write(message []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.printed >= c.most {
		c.printed++
		return len(message), nil
	}
	n, err := c.out.Write(message)
	if err == nil {
		c.printed++
	}
	return n, err
}

// sum says how many messages were not shown.
func (c *console) sum() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if more := c.printed - c.most; more > 0 {
		fmt.Fprintf(c.out, "… and %d notifications more\n", more)
	}
}

// to lets the next messages appear elsewhere, and counts them anew.
func (c *console) to(out io.Writer, most int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out, c.most, c.printed = out, most, 0
}

func (c *console) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.printed
}
