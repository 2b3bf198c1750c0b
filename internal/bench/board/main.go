// Board measures a session on a board: so many browsers, each with some operations a
// second and a moving cursor, on a wall with many notes.
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

	"github.com/landfall-go/landfall/internal/bench/board/crowd"
)

func main() {
	if child, err := crowd.Child(); child {
		exit(err)
	}
	var s crowd.Session
	clients := flag.String("clients", "100", "how many browsers, several with commas between them")
	flag.IntVar(&s.Notes, "notes", 2000, "how many notes are on the wall, at least 2")
	flag.Float64Var(&s.Operations, "ops", 5, "operations a second of each browser")
	flag.Float64Var(&s.Cursors, "cursors", 10, "movements a second of each cursor")
	flag.DurationVar(&s.Lasts, "for", 20*time.Second, "how long")
	flag.StringVar(&s.Store, "store", "", "as of landfall board")
	flag.StringVar(&s.Profile, "profile", "", "write a profile of the server's processor time to this file")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(run(ctx, s, *clients))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "board:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func run(ctx context.Context, s crowd.Session, clients string) error {
	if s.Notes < 2 || s.Operations <= 0 || s.Cursors <= 0 {
		return fmt.Errorf("there must be two notes, and something must be done")
	}
	fmt.Printf("%d notes, each browser with %g operations and %g movements a second, for %v\n\n", s.Notes, s.Operations, s.Cursors, s.Lasts)
	fmt.Println(crowd.Header)
	for _, text := range strings.Split(clients, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return fmt.Errorf("-clients: %q is no number of browsers", text)
		}
		s.Browsers = n
		r, err := s.Hold(ctx)
		if err != nil {
			return err
		}
		fmt.Println(r)
	}
	return nil
}
