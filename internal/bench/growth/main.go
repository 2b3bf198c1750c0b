// Command growth measures how cost grows with the instances of a module, with its
// aggregates and with its history, and prints tables in Markdown. It takes some
// minutes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/landfall-go/landfall/internal/bench"
)

// sizes say how far it goes.
type sizes struct {
	commands                            int
	aggregates, history                 int
	postgresAggregates, postgresHistory int
	only                                string
}

func main() {
	if child, err := bench.Child(); child {
		exit(err)
	}
	var s sizes
	flag.IntVar(&s.commands, "commands", 50_000, "commands that each figure is of")
	flag.IntVar(&s.aggregates, "aggregates", 1_000_000, "aggregates at most, on SQLite")
	flag.IntVar(&s.history, "history", 10_000_000, "events at most, on SQLite")
	flag.IntVar(&s.postgresAggregates, "postgres-aggregates", 1_000_000, "aggregates at most, on PostgreSQL")
	flag.IntVar(&s.postgresHistory, "postgres-history", 10_000_000, "events at most, on PostgreSQL")
	flag.StringVar(&s.only, "only", "", "measure only one of instances, sqlite, postgres")
	flag.Parse()
	if !slices.Contains([]string{"", "instances", "sqlite", "postgres"}, s.only) {
		exit(fmt.Errorf("-only %s: no such part; there are instances, sqlite and postgres", s.only))
	}
	exit(run(s))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "growth:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func run(s sizes) (err error) {
	folder, err := os.MkdirTemp("", "landfall-growth-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	server, err := bench.StartServer()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	fmt.Printf("Measured on %s.\n", bench.Machine())
	if s.wants("instances") {
		if err := instances(server, s); err != nil {
			return err
		}
	}
	file := func() (string, error) {
		own, err := os.MkdirTemp(folder, "store-")
		return filepath.Join(own, "growth.db"), err
	}
	if s.wants("sqlite") {
		if err := aggregates("SQLite", file, s.commands, s.aggregates); err != nil {
			return err
		}
		if err := history("SQLite", file, s.commands, s.history); err != nil {
			return err
		}
	}
	if s.wants("postgres") {
		if err := aggregates("PostgreSQL", server.Database, s.commands, s.postgresAggregates); err != nil {
			return err
		}
		return history("PostgreSQL", server.Database, s.commands, s.postgresHistory)
	}
	return nil
}

func (s sizes) wants(part string) bool { return s.only == "" || s.only == part }

// title begins a table.
func title(text string, columns ...string) {
	fmt.Printf("\n### %s\n\n| %s |\n|%s\n", text, strings.Join(columns, " | "), strings.Repeat("---:|", len(columns)))
}

func row(cells ...string) { fmt.Printf("| %s |\n", strings.Join(cells, " | ")) }

// count writes a number with commas: no more than three digits of it count.
func count(n float64) string {
	text := strconv.FormatFloat(n, 'f', 0, 64)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func instances(server *bench.Server, s sizes) error {
	title("Instances of a module, on one PostgreSQL", "instances", "commands accepted a second, 64 callers in all", "events a second, until answered and shown")
	for _, n := range []int{1, 2, 4} {
		url, err := server.Database()
		if err != nil {
			return err
		}
		r, err := bench.Instances(url, n, s.commands)
		if err != nil {
			return err
		}
		row(count(float64(n)), count(r.Accepted), count(r.Answered))
	}
	return nil
}

func aggregates(on string, open func() (string, error), commands, most int) error {
	title("Aggregates of a module, on "+on, "aggregates", "started a second, 64 callers", "commands a second to any, 64 callers", "one command to any, one caller", "memory of the process", "file")
	for n := 100; n <= most; n *= 10 {
		name, err := open()
		if err != nil {
			return err
		}
		r, err := bench.Aggregates(name, n, commands)
		if err != nil {
			return err
		}
		row(count(float64(n)), count(r.Started), count(r.Driven), fmt.Sprintf("%d µs", r.Alone.Microseconds()), count(r.Resident)+" MB", disk(r.Disk))
	}
	return nil
}

func history(on string, open func() (string, error), commands, most int) error {
	title("History of a module, on "+on, "events", "open", "one command, one caller", "commands a second, 64 callers", "rebuild, events a second", "rebuild", "memory at most", "file")
	name, err := open()
	if err != nil {
		return err
	}
	l := bench.Lengthening{Store: name}
	for n := 10_000; n <= most; n *= 10 {
		r, err := l.To(n, commands)
		if err != nil {
			return err
		}
		row(count(float64(n)), fmt.Sprintf("%.1f ms", r.Open.Seconds()*1000), fmt.Sprintf("%d µs", r.Command.Microseconds()), count(r.Callers),
			count(r.Rebuild), fmt.Sprintf("%.1f s", r.Took.Seconds()), count(r.Resident)+" MB", disk(r.Disk))
	}
	return nil
}

// disk is the size of a file; a server's is not known here.
func disk(megabytes float64) string {
	if megabytes == 0 {
		return "-"
	}
	return count(megabytes) + " MB"
}
