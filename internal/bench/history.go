package bench

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
)

// A filled log is of rovers that were driven side by side, a thousand at a time,
// each over a hundred events.
const (
	sideBySide = 1000
	lifetime   = 100
)

// fill lengthens a log from so many events that it was filled with to so many.
// Data must do for a rover's start and for its moves.
func fill(ctx context.Context, log store.Log, from, to int, data []byte) error {
	for n := from; n < to; {
		var appends []store.Append
		for ; n < to && len(appends) < sideBySide; n++ {
			r := postgresRecord()
			r.Data = data
			if n%(sideBySide*lifetime) < sideBySide {
				r.Type = "MarsRoverStarted"
			}
			appends = append(appends, store.Append{Stream: "MarsRover/" + string(roverID(filledRover(n))), Expected: store.AnyVersion, Records: []store.Record{r}})
		}
		if err := log.Commit(ctx, store.Changes{Appends: appends}); err != nil {
			return err
		}
	}
	return nil
}

// filledRover is the rover that an event of a filled log is of.
func filledRover(n int) int { return n/(sideBySide*lifetime)*sideBySide + n%sideBySide }

// shortEvent is a rover's event as it usually is.
var shortEvent = []byte(`{"point":{"x":12,"y":34},"direction":"N","world":{"width":1000,"height":1000}}`)

// ByHistory is what a module costs that has so many events behind it.
type ByHistory struct {
	Open     time.Duration // until the host is open
	Command  time.Duration // for one command, one after the other
	Callers  float64       // commands a second, from 64 callers
	Rebuild  float64       // of a projection, in events a second
	Took     time.Duration // the rebuild
	Resident float64       // megabytes of the process at most, while rebuilding
	Disk     float64       // megabytes, of a file of SQLite
}

// Lengthening is a log that is lengthened step by step.
type Lengthening struct {
	Store  string // a file of SQLite, or the URL of PostgreSQL
	filled int
}

// To lengthens the log to so many events, and measures the module on it. The
// commands are for the last thousand rovers.
func (l *Lengthening) To(events, commands int) (r ByHistory, err error) {
	ctx := context.Background()
	s, err := openStore(ctx, l.Store)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	log, err := s.Log(ctx, "Rover")
	if err != nil {
		return r, err
	}
	if err := fill(ctx, log, l.filled, events, shortEvent); err != nil {
		return r, err
	}
	l.filled = events
	begun := time.Now()
	host, err := landfall.Open(ctx, landfall.Config{Store: s, Modules: []landfall.Module{placed()}, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return r, err
	}
	r.Open = time.Since(begun)
	defer func() { err = errors.Join(err, host.Close()) }()
	host.Start()
	if err := host.Settle(ctx); err != nil {
		return r, err
	}
	if err := l.command(&Node{host: host}, &r, commands); err != nil {
		return r, err
	}
	if err := host.Settle(ctx); err != nil {
		return r, err
	}
	return r, l.rebuild(ctx, host, log, &r)
}

func (l *Lengthening) command(n *Node, r *ByHistory, commands int) error {
	var d Driven
	load := Load{Callers: hopCallers, Commands: sideBySide, From: filledRover(l.filled-1) + 1 - sideBySide, Rovers: sideBySide}
	if err := n.Drive(load, &d); err != nil { // they are in memory then
		return err
	}
	load.Commands = commands
	if err := n.Drive(load, &d); err != nil {
		return err
	}
	r.Callers = float64(commands) / d.Seconds
	load.Callers, load.Commands = 1, min(commands, 2000)
	err := n.Drive(load, &d)
	r.Command = time.Duration(d.Seconds / float64(load.Commands) * float64(time.Second))
	return err
}

func (l *Lengthening) rebuild(ctx context.Context, host *landfall.Host, log store.Log, r *ByHistory) error {
	head, err := log.Head(ctx)
	if err != nil {
		return err
	}
	peak := watchMemory()
	begun := time.Now()
	if err := host.Rebuild(ctx, "Places", nil); err != nil {
		return err
	}
	r.Took = time.Since(begun)
	r.Rebuild = float64(head) / r.Took.Seconds()
	r.Disk = diskMegabytes(l.Store)
	r.Resident, err = peak()
	return err
}

// Rebuild has the node build a projection anew, and tells how many megabytes its
// process has taken at most meanwhile.
func (n *Node) Rebuild(projection string, megabytes *float64) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := n.host.Settle(ctx); err != nil {
		return err
	}
	peak := watchMemory()
	if err := n.host.Rebuild(ctx, projection, nil); err != nil {
		return err
	}
	var err error
	*megabytes, err = peak()
	return err
}

// RebuildMemory says how many megabytes a process takes at most that builds the
// path of all rovers anew. It does nothing else, and has done nothing before but
// to open the module.
func RebuildMemory(h History) (megabytes float64, err error) {
	var all children
	defer func() { all.stop(&err) }()
	n, err := all.start(task{Node: &nodeTask{Module: marsRover, Store: h.Path}})
	if err != nil {
		return 0, err
	}
	err = n.ask("Node.Rebuild", "MarsRoverPath", &megabytes)
	return megabytes, err
}

// diskMegabytes is the size of a file of SQLite with what belongs to it, or zero
// for another store.
func diskMegabytes(store string) (megabytes float64) {
	if strings.HasPrefix(store, "postgres:") {
		return 0
	}
	files, err := filepath.Glob(store + "*")
	if err != nil {
		return 0
	}
	for _, file := range files {
		if info, err := os.Stat(file); err == nil {
			megabytes += float64(info.Size()) / (1 << 20)
		}
	}
	return megabytes
}
