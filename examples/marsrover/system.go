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

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/notification"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/store/sqlite"
)

// system is the two modules at work on a database.
type system struct {
	store   *sqlite.Store
	host    *landfall.Host
	trace   *trace
	console *console

	rovers    landfall.Repository[rover.MarsRover]
	starts    landfall.View[rover.Start]
	paths     landfall.View[rover.Path]
	obstacles landfall.View[rover.Obstacles]
}

// create opens the database in the file, and makes it when there is none.
func (m *Main) create(ctx context.Context, file string) (*system, error) {
	if file == "" {
		return nil, &badInput{errors.New("--db is empty: it names a file")}
	}
	database, err := sqlite.Open(ctx, file)
	if err != nil {
		return nil, err
	}
	s := &system{store: database, trace: &trace{out: m.Stdout}, console: &console{out: m.Stderr, most: 5}}
	if err := s.start(ctx, m.Stderr); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// open opens a database that must be there.
func (m *Main) open(ctx context.Context, file string) (*system, error) {
	if _, err := os.Stat(file); file != "" && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf(`there is no database %s: "marsrover run RMLMM" makes one, --db names another`, file)
	}
	return m.create(ctx, file)
}

// start runs the modules and answers what an earlier process was killed before
// it could answer, so that the projections show everything.
func (s *system) start(ctx context.Context, stderr io.Writer) (err error) {
	logger := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s.host, err = landfall.Open(ctx, landfall.Config{
		Store:   s.store,
		Modules: []landfall.Module{rover.Module(), notification.Module(notification.Console{Out: s.console})},
		Logger:  logger,
		Hooks:   landfall.Hooks{Command: s.trace.command, Events: s.trace.events},
	})
	if err != nil {
		return err
	}
	for _, letter := range s.host.DeadLetters() { // perhaps the console can print now
		if err := s.host.Retry(ctx, letter); err != nil {
			return err
		}
	}
	if err := s.host.Settle(ctx); err != nil {
		return err
	}
	s.console.sum()
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

func (s *system) close() error {
	var err error
	if s.host != nil {
		err = s.host.Close()
	}
	return errors.Join(err, s.store.Close())
}

// drive has a rover carry out commands in order, until it finds an obstacle.
func (s *system) drive(ctx context.Context, id landfall.AggregateID, commands []landfall.Command) (landfall.Report, error) {
	dispatcher := landfall.NewDispatcher(s.host)
	for _, c := range commands {
		dispatcher.Submit(landfall.Message{To: id, Command: c, Actor: "Operator"})
	}
	return dispatcher.Run(ctx, rover.ObstacleFound{})
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
