// Marsrover drives rovers over a grid: the Mars Rover kata as a program on
// Landfall.
//
// The rover itself is in the package rover, told in the words of the storm;
// here is only what the command line needs.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/mattn/go-isatty"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	program := Main{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Colours: isatty.IsTerminal(os.Stdout.Fd()) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
		Bars:    isatty.IsTerminal(os.Stderr.Fd()) && os.Getenv("TERM") != "dumb",
	}
	os.Exit(program.Run(ctx, os.Args[1:]...))
}
