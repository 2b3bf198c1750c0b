// Landfall takes an Event Storming session to a running system: it checks,
// draws and exports storms, and makes Go of them. Run landfall help.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/landfall-go/landfall/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(cli.New().Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
