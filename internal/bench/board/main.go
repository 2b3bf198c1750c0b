// Board measures a session on a board: so many browsers, each with some operations a
// second and a moving cursor, on a wall with many notes. The server is a process of
// its own, as landfall board is; the browsers are WebSockets in this one.
//
//	go run ./internal/bench/board -clients 100,200,400
//
// For each operation it takes the time from when it was sent to when the last of the
// browsers has been told of it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type options struct {
	clients []int
	notes   int
	ops     float64
	cursors float64
	lasts   time.Duration
	store   string
	profile string
}

func main() {
	var o options
	clients := flag.String("clients", "100", "how many browsers, several with commas between them")
	flag.IntVar(&o.notes, "notes", 2000, "how many notes are on the wall")
	flag.Float64Var(&o.ops, "ops", 5, "operations a second of each browser")
	flag.Float64Var(&o.cursors, "cursors", 10, "movements a second of each cursor")
	flag.DurationVar(&o.lasts, "for", 20*time.Second, "how long")
	flag.StringVar(&o.store, "store", "", "as of landfall board")
	flag.StringVar(&o.profile, "profile", "", "write a profile of the server's processor time to this file")
	serve := flag.String("serve", "", "be the server of this folder")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o, *clients, *serve); err != nil {
		fmt.Fprintln(os.Stderr, "board:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, clients, folder string) error {
	if folder != "" {
		return serveBoards(ctx, folder, o)
	}
	for _, text := range strings.Split(clients, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return fmt.Errorf("-clients: %q is no number of browsers", text)
		}
		o.clients = append(o.clients, n)
	}
	fmt.Printf("%d notes, each browser with %g operations and %g movements a second, for %v\n\n", o.notes, o.ops, o.cursors, o.lasts)
	fmt.Println("| browsers | operations/s | sent to seen by all, ms: 50 % | 90 % | 99 % | most | lost | server: MB | peak MB | CPUs |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	for _, n := range o.clients {
		r, err := measure(ctx, o, n)
		if err != nil {
			return err
		}
		fmt.Println(r)
	}
	return nil
}
